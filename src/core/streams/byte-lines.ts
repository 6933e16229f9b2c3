const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** What is kept of both ends of a line that is too long, to see what it was. */
const EDGE_BYTES = 256;

/** What becomes of lines above a limit. */
export interface LineLimit {
  readonly maxBytes: number;
  /** A line has passed the limit and still goes on; told with every piece of it. May throw to end the reading. */
  readonly onPassed?: (sizeBytes: number) => void;
  /** A line above the limit has ended: at most 256 bytes of its beginning and of its end are left. */
  readonly onTooLong?: (head: Buffer, tail: Buffer) => void;
}

export interface ByteLinesOptions {
  /** A whole line without its end. Its bytes are valid during the call alone, unless they are copied. */
  readonly onLine: (line: Buffer) => void;
  readonly limit?: LineLimit;
  /** `newline`: `\n` alone ends a line (default). `any`: `\r\n` and a lone `\r` do too, as server-sent events have it. */
  readonly ends?: 'newline' | 'any';
}

/**
 * The one cutter of bytes into lines, whatever the borders of the chunks are. No byte of a character of UTF-8 looks like a line end,
 * so a whole line can be decoded by itself. Never holds more of a line than its limit.
 */
export class ByteLines {
  readonly #options: ByteLinesOptions;
  #pieces: Buffer[] = [];
  /** Bytes of the line so far, those that were thrown away included. */
  #sizeBytes = 0;
  #head: Buffer | null = null;
  #tail: Buffer = Buffer.alloc(0);
  #endedWithReturn = false;

  constructor(options: ByteLinesOptions) {
    this.#options = options;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    // The second half of a line end that two chunks share.
    let start = this.#endedWithReturn && bytes[0] === NEWLINE ? 1 : 0;
    if (bytes.length > 0) this.#endedWithReturn = false;
    for (let end = this.#findEnd(bytes, start); end !== -1; end = this.#findEnd(bytes, start)) {
      this.#endLine(bytes.subarray(start, end));
      const isPair = bytes[end] === RETURN && bytes[end + 1] === NEWLINE;
      this.#endedWithReturn = bytes[end] === RETURN && end + 1 === bytes.length;
      start = end + (isPair ? 2 : 1);
    }
    if (start < bytes.length) this.#hold(bytes.subarray(start));
  }

  /** What stands behind the last line end; empty = nothing. Nothing of a line that is too long. */
  rest(): Buffer {
    return this.#head === null ? Buffer.concat(this.#pieces) : Buffer.alloc(0);
  }

  /** Asked for with every piece: some readers raise it once they know the other side. */
  get #maxBytes(): number {
    return this.#options.limit?.maxBytes ?? Number.POSITIVE_INFINITY;
  }

  #findEnd(bytes: Buffer, start: number): number {
    if (this.#options.ends !== 'any') return bytes.indexOf(NEWLINE, start);
    for (let at = start; at < bytes.length; at += 1) if (bytes[at] === NEWLINE || bytes[at] === RETURN) return at;
    return -1;
  }

  #endLine(last: Buffer): void {
    const isWhole = this.#pieces.length === 0 && this.#head === null;
    if (isWhole && last.length <= this.#maxBytes) {
      this.#options.onLine(last);
      return;
    }
    if (last.length > 0) this.#hold(last);
    const [head, tail, pieces] = [this.#head, this.#tail, this.#pieces];
    this.#pieces = [];
    this.#sizeBytes = 0;
    this.#head = null;
    this.#tail = Buffer.alloc(0);
    if (head === null) this.#options.onLine(Buffer.concat(pieces));
    else this.#options.limit?.onTooLong?.(head, tail);
  }

  #hold(piece: Buffer): void {
    this.#sizeBytes += piece.length;
    if (this.#sizeBytes <= this.#maxBytes) {
      this.#pieces.push(Buffer.from(piece));
      return;
    }
    if (this.#head === null) {
      const before = Buffer.concat(this.#pieces);
      this.#head = Buffer.concat([before.subarray(0, EDGE_BYTES), piece.subarray(0, EDGE_BYTES)]).subarray(
        0,
        EDGE_BYTES,
      );
      this.#tail = before.subarray(-EDGE_BYTES);
      this.#pieces = [];
    }
    this.#tail = Buffer.from(Buffer.concat([this.#tail, piece.subarray(-EDGE_BYTES)]).subarray(-EDGE_BYTES));
    this.#options.limit?.onPassed?.(this.#sizeBytes);
  }
}
