import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { randomHex, sha256Hex } from '../crypto/index.ts';

/** SPEC §3.3: values above this many bytes of JSON leave the record; it holds their hash. */
export const BLOB_THRESHOLD_BYTES = 256 * 1024;

/** Content-addressed files for large values: temp file, fsync, rename, only then the commit that names them (DESIGN decision 6). */
export class BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Stores the text durably and returns its SHA-256. Storing the same text twice is one file. */
  put(text: string): string {
    const hash = sha256Hex(text);
    const file = this.fileOf(hash);
    if (existsSync(file)) return hash;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${randomHex(4)}`;
    const descriptor = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
    return hash;
  }

  /** The text of a hash; `store.corrupt` when the file is missing or its content is not what its name says. */
  get(hash: string): string {
    const file = this.fileOf(hash);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : null;
    if (text === null || sha256Hex(text) !== hash) {
      throw new AppError('store.corrupt', 'A stored value of this run is missing or damaged.', {
        hint: 'Restore the state folder from a backup.',
        details: { blob: hash },
      });
    }
    return text;
  }

  /** Removes the file of a hash; nothing happens when it is gone already. Nobody may hold the value any more. */
  remove(hash: string): void {
    rmSync(this.fileOf(hash), { force: true });
  }

  /** Where the value of a hash lies, or would. */
  fileOf(hash: string): string {
    return join(this.#folder, hash.slice(0, 2), hash);
  }
}
