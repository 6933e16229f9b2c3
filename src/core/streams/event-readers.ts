import { ByteLines } from './byte-lines.ts';

/** Reads the data of a stream's events, whatever the borders of its pieces are. */
export interface EventReader {
  /** The data of the events that this piece completes. */
  push(piece: Uint8Array): readonly string[];
  /** The stream has ended: the data of what was still open and counts all the same. */
  end(): readonly string[];
}

/** What one event may hold at most; what `tooLong` gives is thrown by `push`. */
export interface EventLimit {
  readonly maxBytes: number;
  readonly tooLong: () => Error;
}

/**
 * Server-sent events: their `data` lines joined; comments, ids and events without data are dropped. The last one needs no blank line,
 * for servers leave it out; whoever reads it sees whether it is whole. A byte order mark at the beginning is dropped and bytes that are no UTF-8 become U+FFFD.
 */
export function createSseReader({ maxBytes, tooLong }: EventLimit): EventReader {
  let isFirst = true;
  let data: string[] = [];
  let sizeBytes = 0;
  const { push } = createLineReader({ maxBytes, tooLong }, (bytes, give) => {
    const text = bytes.toString('utf8');
    const line = isFirst ? text.replace(/^\uFEFF/, '') : text;
    isFirst = false;
    if (line === '') {
      if (data.length > 0) give(data.join('\n'));
      data = [];
      sizeBytes = 0;
      return;
    }
    const [found, value = ''] = /^data(?:$|: ?(.*)$)/s.exec(line) ?? [];
    if (found === undefined) return;
    data.push(value);
    sizeBytes += bytes.length;
    if (sizeBytes > maxBytes) throw tooLong();
  });
  return { push, end: () => push(Buffer.from('\n\n')) };
}

/** One JSON text a line; empty lines are dropped, the last line needs no end. */
export function createNdjsonReader(limit: EventLimit): EventReader {
  const isText = (line: string): boolean => line.trim() !== '';
  const { push, rest } = createLineReader(limit, (line, give) => give(line.toString('utf8')));
  return { push: (piece) => push(piece).filter(isText), end: () => [rest()].filter(isText) };
}

type TakeLine = (line: Buffer, give: (data: string) => void) => void;

/** Both formats know all three line ends. */
function createLineReader(
  { maxBytes, tooLong }: EventLimit,
  takeLine: TakeLine,
): { readonly push: EventReader['push']; readonly rest: () => string } {
  let found: string[] = [];
  const onPassed = (): never => {
    throw tooLong();
  };
  const lines = new ByteLines({
    ends: 'any',
    limit: { maxBytes, onPassed },
    onLine: (line) => takeLine(line, (data) => found.push(data)),
  });
  return {
    push: (piece) => {
      found = [];
      lines.push(piece);
      return found;
    },
    rest: () => lines.rest().toString('utf8'),
  };
}
