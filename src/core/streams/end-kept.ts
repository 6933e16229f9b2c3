/** The last bytes of a stream: what came before them is counted and let go. */
export class EndKept {
  readonly #maxBytes: number;
  #ring: Buffer | null = null;
  #chunks: Buffer[] = [];
  #at = 0;
  #totalBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that were let go. */
  get droppedBytes(): number {
    return Math.max(0, this.#totalBytes - this.#maxBytes);
  }

  push(chunk: Buffer): void {
    this.#totalBytes += chunk.length;
    if (this.#ring === null && this.#totalBytes <= this.#maxBytes) {
      this.#chunks.push(chunk);
      return;
    }
    if (this.#ring === null) {
      this.#ring = Buffer.alloc(this.#maxBytes);
      const before = this.#chunks;
      this.#chunks = [];
      for (const one of before) this.#write(this.#ring, one);
    }
    this.#write(this.#ring, chunk.subarray(-this.#maxBytes));
  }

  /** What is kept, in order. */
  bytes(): Buffer {
    if (this.#ring === null) return Buffer.concat(this.#chunks);
    return Buffer.concat([this.#ring.subarray(this.#at), this.#ring.subarray(0, this.#at)]);
  }

  #write(ring: Buffer, bytes: Buffer): void {
    const first = bytes.subarray(0, ring.length - this.#at);
    first.copy(ring, this.#at);
    bytes.copy(ring, 0, first.length);
    this.#at = (this.#at + bytes.length) % ring.length;
  }
}
