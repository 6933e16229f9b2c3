import { ByteLines } from './byte-lines.ts';
import type { EventLimit } from './event-readers.ts';

/** What becomes of server-sent events on their way. */
export interface EventRewriter {
  /** The bytes to hand on for this piece; empty while an event is not complete. */
  push(piece: Uint8Array): Buffer;
  /** Whether an event had an id: a stream with ids can be resumed. */
  hasIds(): boolean;
}

/**
 * Hands server-sent events on with other data: `rewrite` gives, for the data of an event, that of the events in its place. Ids, names
 * and waiting times stay where they were; comments and an event without its blank line are dropped.
 */
export function createEventRewriter(
  { maxBytes, tooLong }: EventLimit,
  rewrite: (data: Buffer) => readonly string[],
): EventRewriter {
  let fields: string[] = [];
  let data: Buffer[] = [];
  let sizeBytes = 0;
  let hasIds = false;
  let out: string[] = [];
  const onPassed = (): never => {
    throw tooLong();
  };
  const endEvent = (): void => {
    const [first = null, ...others] = data.length === 0 ? [] : rewrite(Buffer.concat(data).subarray(1));
    const head = fields.map((field) => `${field}\n`).join('');
    if (first !== null || head !== '') out.push(`${head}${first === null ? '' : `data: ${first}\n`}\n`);
    out.push(...others.map((one) => `data: ${one}\n\n`));
    fields = [];
    data = [];
    sizeBytes = 0;
  };
  const takeField = (line: Buffer): void => {
    const colon = line.indexOf(':');
    const name = line.toString('latin1', 0, colon < 0 ? line.length : colon).replace(/^\u00EF\u00BB\u00BF/, '');
    const value = colon < 0 ? line.subarray(0, 0) : line.subarray(line[colon + 1] === 0x20 ? colon + 2 : colon + 1);
    if (name === 'data') {
      sizeBytes += line.length;
      if (sizeBytes > maxBytes) throw tooLong();
      // With the line end before it; the first one is cut off where the event ends.
      data.push(NEWLINE, Buffer.from(value));
    } else if (name !== '') fields.push(`${name}: ${value.toString('utf8')}`);
    hasIds ||= name === 'id';
  };
  const onLine = (line: Buffer): void => (line.length === 0 ? endEvent() : takeField(line));
  const lines = new ByteLines({ ends: 'any', limit: { maxBytes, onPassed }, onLine });
  return {
    hasIds: () => hasIds,
    push: (piece) => {
      out = [];
      lines.push(piece);
      return Buffer.from(out.join(''));
    },
  };
}

const NEWLINE = Buffer.from('\n');
