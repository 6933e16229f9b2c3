import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const sumOf = (digits: string): string => crc32(digits).toString(16).padStart(8, '0');

/**
 * How far a database was written, in a file of its own beside it: SQLite drops what stands behind a damaged place of its write-ahead
 * log without a word, and with the journal's end gone, steps that had ended would be done again. One line of fixed length is written
 * over after each commit and never synced, so it may tell of less than there is, never of more.
 */
export class HeightFile {
  readonly file: string;
  #descriptor: number | null = null;
  #noted = 0;

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
    try {
      this.#descriptor ??= openSync(this.file, existsSync(this.file) ? 'r+' : 'w', 0o600);
      writeSync(this.#descriptor, `${digits} ${sumOf(digits)}\n`, 0, 'latin1');
    } catch {
      // A full disk, for one: the commit itself is safe.
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}
