import { randomUUID } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { OutgoingPiece } from '../../shared/model/outgoing.ts';
import { toFileError } from '../files/index.ts';
import type { Clock } from '../time/index.ts';

const PIECE_BYTES = 1024 * 1024;
/** Whoever began to take a file and does not go on for so long has gone. */
const KEPT_MS = 600_000;

interface Outgoing extends Pick<OutgoingPiece, 'name' | 'mimeType' | 'sizeBytes'> {
  readonly path: string;
  stopTimer(): void;
}

/** Files that are made for somebody and handed out in pieces, over whatever door: they are gone when the last piece was taken. */
export class OutgoingFiles {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #files = new Map<string, Outgoing>();

  /** `folder` is one whose forgotten files go away anyway. */
  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Makes a file and gives its first piece. Errors: those of `make`, `file.*`. */
  async offer(
    { name, mimeType }: Pick<OutgoingPiece, 'name' | 'mimeType'>,
    make: (path: string) => Promise<void>,
  ): Promise<OutgoingPiece> {
    const id = randomUUID();
    const path = join(this.#folder, id);
    try {
      await make(path);
      const { size: sizeBytes } = await stat(path);
      this.#files.set(id, { name, mimeType, sizeBytes, path, stopTimer: this.#removeLater(id) });
    } catch (thrown) {
      await rm(path, { force: true });
      throw toFileError(thrown, path);
    }
    return this.#piece(id, 0);
  }

  /** The piece that a cursor stands for. Error: `contract.invalid_input` = nobody waits for it any more. */
  next(cursor: string): Promise<OutgoingPiece> {
    const [id = '', offset = ''] = cursor.split(':');
    return this.#piece(id, Number(offset));
  }

  /** All of them go. */
  async close(): Promise<void> {
    for (const id of [...this.#files.keys()]) await this.#remove(id);
  }

  async #piece(id: string, offset: number): Promise<OutgoingPiece> {
    const found = this.#files.get(id);
    if (found === undefined)
      throw new AppError('contract.invalid_input', 'This file is not there any more.', { hint: 'Begin anew.' });
    const { path, name, mimeType, sizeBytes } = found;
    const buffer = Buffer.alloc(Math.max(0, Math.min(PIECE_BYTES, sizeBytes - offset)));
    const handle = await open(path, 'r').catch((thrown: unknown) => Promise.reject(toFileError(thrown, path)));
    try {
      await handle.read(buffer, 0, buffer.length, offset);
    } finally {
      await handle.close();
    }
    const end = offset + buffer.length;
    found.stopTimer();
    if (end >= sizeBytes) await this.#remove(id);
    else found.stopTimer = this.#removeLater(id);
    const cursor = end >= sizeBytes ? null : `${id}:${end}`;
    return { name, mimeType, sizeBytes, base64: buffer.toString('base64'), cursor };
  }

  #removeLater(id: string): () => void {
    return this.#clock.setTimer(KEPT_MS, () => void this.#remove(id).catch(() => undefined));
  }

  async #remove(id: string): Promise<void> {
    const found = this.#files.get(id);
    if (found === undefined) return;
    this.#files.delete(id);
    found.stopTimer();
    await rm(found.path, { force: true });
  }
}
