/** SPEC §5.3 over stdio: one message may have this many bytes. */
export const MESSAGE_LIMIT_BYTES = 10 * 1024 * 1024;
/** A line that goes on and on is thrown away as it comes, up to here. */
const ENDLESS_BYTES = 10 * MESSAGE_LIMIT_BYTES;
/** What is kept of both ends of a line that is thrown away, to see which request it answers. */
const EDGE_BYTES = 256;
const NEWLINE = 10;

export interface MessageReaderPorts {
  /** A whole line without its end; never empty. */
  readonly onLine: (line: string) => void;
  /** A line above the limit has ended; `requestId` is the request that it answers, null = it cannot be told. */
  readonly onTooLarge: (requestId: number | null) => void;
  /** A line has passed ten times the limit and still goes on. */
  readonly onEndless: () => void;
}

/** Cuts a stream into lines and never holds more of it than one message may have. */
export class MessageReader {
  readonly #ports: MessageReaderPorts;
  #pieces: Buffer[] = [];
  /** Bytes of the line so far, those that were thrown away included. */
  #sizeBytes = 0;
  #head = Buffer.alloc(0);
  #tail = Buffer.alloc(0);

  constructor(ports: MessageReaderPorts) {
    this.#ports = ports;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#take(chunk.subarray(start, end));
      this.#endLine();
      start = end + 1;
    }
    if (start < chunk.length) this.#take(chunk.subarray(start));
  }

  #take(piece: Buffer): void {
    const before = this.#sizeBytes;
    this.#sizeBytes += piece.length;
    if (this.#sizeBytes <= MESSAGE_LIMIT_BYTES) {
      this.#pieces.push(piece);
      return;
    }
    if (this.#pieces.length > 0) this.#head = Buffer.concat(this.#pieces).subarray(0, EDGE_BYTES);
    else if (before === 0) this.#head = Buffer.from(piece.subarray(0, EDGE_BYTES));
    this.#pieces = [];
    this.#tail = Buffer.concat([this.#tail, piece.subarray(-EDGE_BYTES)]).subarray(-EDGE_BYTES);
    if (before <= ENDLESS_BYTES && this.#sizeBytes > ENDLESS_BYTES) this.#ports.onEndless();
  }

  #endLine(): void {
    if (this.#sizeBytes > MESSAGE_LIMIT_BYTES) this.#ports.onTooLarge(requestIdOf(this.#head, this.#tail));
    else {
      const line = Buffer.concat(this.#pieces).toString('utf8').trim();
      if (line !== '') this.#ports.onLine(line);
    }
    this.#pieces = [];
    this.#sizeBytes = 0;
    this.#head = Buffer.alloc(0);
    this.#tail = Buffer.alloc(0);
  }
}

/** The id stands first or last in what the known servers write; a server that lies here only hurts a request of its own. */
function requestIdOf(head: Buffer, tail: Buffer): number | null {
  const first = /^\s*\{\s*"jsonrpc"\s*:\s*"2\.0"\s*,\s*"id"\s*:\s*(\d{1,15})\s*,/.exec(head.toString('latin1'));
  const last = /,\s*"id"\s*:\s*(\d{1,15})\s*\}\s*$/.exec(tail.toString('latin1'));
  const found = first?.[1] ?? last?.[1];
  return found === undefined ? null : Number(found);
}
