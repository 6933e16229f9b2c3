import { ByteLines } from '../../streams/index.ts';

/** SPEC §5.3 over stdio: one message may have this many bytes. */
export const MESSAGE_LIMIT_BYTES = 10 * 1024 * 1024;
/** A line that goes on and on is thrown away as it comes, up to here. */
const ENDLESS_BYTES = 10 * MESSAGE_LIMIT_BYTES;

export interface MessageReaderPorts {
  /** A whole line without its end; never empty. */
  readonly onLine: (line: Buffer) => void;
  /** A line above the limit has ended; `requestId` is the request that it answers, null = it cannot be told. */
  readonly onTooLarge: (requestId: number | null) => void;
  /** A line has passed ten times the limit and still goes on. */
  readonly onEndless: () => void;
}

/** Cuts what a server writes into messages and never holds more of it than one message may have. */
export function createMessageReader({ onLine, onTooLarge, onEndless }: MessageReaderPorts): ByteLines {
  let isEndless = false;
  return new ByteLines({
    onLine: (line) => {
      if (line.some((byte) => !SPACES.has(byte))) onLine(line);
    },
    limit: {
      maxBytes: MESSAGE_LIMIT_BYTES,
      onPassed: (sizeBytes) => {
        if (sizeBytes > ENDLESS_BYTES && !isEndless) onEndless();
        isEndless ||= sizeBytes > ENDLESS_BYTES;
      },
      onTooLong: (head, tail) => {
        isEndless = false;
        onTooLarge(requestIdOf(head, tail));
      },
    },
  });
}

const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d]);

/** The id stands first or last in what the known servers write; a server that lies here only hurts a request of its own. */
function requestIdOf(head: Buffer, tail: Buffer): number | null {
  const first = /^\s*\{\s*"jsonrpc"\s*:\s*"2\.0"\s*,\s*"id"\s*:\s*(\d{1,15})\s*,/.exec(head.toString('latin1'));
  const last = /,\s*"id"\s*:\s*(\d{1,15})\s*\}\s*$/.exec(tail.toString('latin1'));
  const found = first?.[1] ?? last?.[1];
  return found === undefined ? null : Number(found);
}
