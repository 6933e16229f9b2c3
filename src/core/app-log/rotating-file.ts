import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const NAME = 'aiworkflow.log';
const MOST_BYTES = 1024 * 1024;
/** The one that is written, and those before it. */
const FILES = 5;

/** The files of the log of a user, the newest first; the older ones end with a number. They need not be there. */
export const logFiles = (userDataDir: string): readonly string[] =>
  Array.from({ length: FILES }, (_, at) => join(userDataDir, 'logs', at === 0 ? NAME : `${NAME}.${at}`));

/**
 * A log file of at most a megabyte, with the four before it. Lines are appended one by one, so that several processes of this user can write
 * to it; a disk that is full, or a folder that cannot be written, costs lines and nothing else.
 */
export class RotatingFile {
  readonly #files: readonly string[];
  readonly #path: string;

  constructor(userDataDir: string) {
    this.#files = logFiles(userDataDir);
    this.#path = this.#files[0] ?? '';
  }

  append(text: string): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      if ((statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) + Buffer.byteLength(text) > MOST_BYTES)
        this.#rotate();
      appendFileSync(this.#path, text, { mode: 0o600 });
    } catch {
      // Nobody can be told: this is where one tells.
    }
  }

  #rotate(): void {
    const files = this.#files;
    rmSync(files.at(-1) as string, { force: true });
    for (let at = files.length - 2; at >= 0; at -= 1) {
      const from = files[at] as string;
      if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, files[at + 1] as string);
    }
  }
}
