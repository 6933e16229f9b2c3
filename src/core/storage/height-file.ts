import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const sumOf = (digits: string): string => crc32(digits).toString(16).padStart(8, '0');

const LINE_BYTES = 26;

/**
 * How far a database was written, in a file of its own beside it: SQLite drops what stands behind a damaged place of its write-ahead
 * log without a word, and with the journal's end gone, steps that had ended would be done again. One line of fixed length is written
 * over after each transaction, which may hold the commits of many runs, and never synced: what a process wrote outlives the process,
 * and after a loss of power it tells of less than there is, never of more, for a transaction of the journal was synced before. Once for several
 * transactions would be too rarely: damage to the last ones would then go unnoticed, and their effects be done twice.
 */
export class HeightFile {
  readonly file: string;
  #descriptor: number | null = null;
  #noted = 0;
  readonly #line = Buffer.alloc(LINE_BYTES);

  constructor(file: string) {
    this.file = file;
  }

  /** The height that was noted last; 0 = none, or a line that was torn. */
  read(): number {
    const line = existsSync(this.file) ? readFileSync(this.file, 'latin1') : '';
    const [, digits = '', sum] = /^(\d{16}) ([0-9a-f]{8})\n$/.exec(line) ?? [];
    return sum === sumOf(digits) ? Number(digits) : 0;
  }

  /** Notes that it was written up to this number. Where the file cannot be written the older height goes on to count. */
  note(height: number): void {
    if (height <= this.#noted) return;
    this.#noted = height;
    const digits = String(height).padStart(16, '0');
    this.#line.write(`${digits} ${sumOf(digits)}\n`, 'latin1');
    try {
      this.#descriptor ??= openSync(this.file, existsSync(this.file) ? 'r+' : 'w', 0o600);
      writeSync(this.#descriptor, this.#line, 0, LINE_BYTES, 0);
    } catch {
      // A full disk, for one: the commit itself is safe.
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}
