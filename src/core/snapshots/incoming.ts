import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { chmod, copyFile, type FileHandle, mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { FileEntry } from '../../shared/model/file-undo.ts';
import { sha256Hex } from '../crypto/index.ts';
import { syncFolder } from '../files/index.ts';
import { entryAt } from './entry-at.ts';
import { stampOf, statsOf } from './scan.ts';
import { isSame } from './tree.ts';

/** Places at which crash tests kill: a file stands beside its place; a batch of them is durable; one is in its place. */
export type ReachPoint = 'copied' | 'synced' | 'replaced';

/** Something that is to stand at a place. */
export interface ComingFile {
  /** Its path, once nothing is in the way. Errors: `file.outside`. */
  readonly absolute: () => Promise<string>;
  /** What is to be found there; null = nothing. */
  readonly expected: FileEntry | null;
  readonly target: FileEntry;
  readonly settle: (as: 'restored' | 'changed_since') => void;
  readonly fail: (thrown: unknown) => void;
}

/** A file beside its place, written and not in it yet. */
interface Waiting {
  readonly one: ComingFile;
  readonly absolute: string;
  readonly temporary: string;
  /** Null = a link: it has nothing of its own to be made durable. */
  readonly handle: FileHandle | null;
  /** What stood there when it was looked at. */
  readonly stamp: string;
}

interface IncomingOptions {
  /** Whose work it is: what it leaves beside a file when it is killed goes away when the same one is gone on with. */
  readonly name: string;
  readonly contentOf: (hash: string) => string;
  readonly reach: (point: ReachPoint) => void;
}

/** How much lies beside its place at once, at most: this is the room that is needed beyond what is put there. */
const BATCH_FILES = 128;
const BATCH_BYTES = 32 * 1024 * 1024;
const AT_ONCE = 64;

/**
 * Brings files to their places, each whole. A disk writes what many wait for at once in one go: so a batch is written beside its places, made
 * durable together, and only then put in, one by one.
 */
export class Incoming {
  readonly #options: IncomingOptions;
  readonly #suffix: string;
  readonly #folders = new Set<string>();

  constructor(options: IncomingOptions) {
    this.#options = options;
    this.#suffix = `.${sha256Hex(options.name).slice(0, 16)}.tmp`;
  }

  /** Where a file lies before it is put in its place. */
  temporaryOf(absolute: string): string {
    return `${absolute}${this.#suffix}`;
  }

  /** A name in its folder has come or gone. */
  touched(absolute: string): void {
    this.#folders.add(dirname(absolute));
  }

  /** Brings all of them, in order; what becomes of each is said to it. */
  async bring(files: readonly ComingFile[]): Promise<void> {
    let batch: ComingFile[] = [];
    let bytes = 0;
    for (const one of files) {
      const size = one.target.kind === 'file' ? one.target.size : 0;
      if (batch.length > 0 && (batch.length === BATCH_FILES || bytes + size > BATCH_BYTES)) {
        await this.#bringBatch(batch);
        batch = [];
        bytes = 0;
      }
      batch.push(one);
      bytes += size;
    }
    await this.#bringBatch(batch);
  }

  /** Makes the names durable that have come and gone. */
  async syncFolders(): Promise<void> {
    await inLanes([...this.#folders], syncFolder);
    this.#folders.clear();
  }

  async #bringBatch(batch: readonly ComingFile[]): Promise<void> {
    const waiting: Waiting[] = [];
    try {
      for (const one of batch) {
        const written = await this.#write(one).catch((thrown: unknown) => void one.fail(thrown));
        if (written !== null && written !== undefined) waiting.push(written);
      }
      const failed = new Set<Waiting>();
      await inLanes(waiting, async (one) => {
        await one.handle?.sync().catch((thrown: unknown) => {
          failed.add(one);
          one.one.fail(thrown);
        });
      });
      if (waiting.length > 0) this.#options.reach('synced');
      for (const one of waiting)
        if (!failed.has(one)) await this.#putIn(one).catch((thrown: unknown) => one.one.fail(thrown));
    } finally {
      for (const { handle, temporary } of waiting) {
        await handle?.close();
        await rm(temporary, { force: true });
      }
    }
  }

  /** Null = it needs no file beside its place, or is not brought. */
  async #write(one: ComingFile): Promise<Waiting | null> {
    const { target, expected } = one;
    const absolute = await one.absolute();
    const stats = await statsOf(absolute);
    const now = stats === null ? null : await entryAt(absolute);
    if (isSame(now, target)) return this.#done(one);
    if (!isSame(now, expected)) {
      one.settle('changed_since');
      return null;
    }
    await mkdir(target.kind === 'folder' ? absolute : dirname(absolute), { recursive: true });
    this.touched(absolute);
    if (target.kind === 'folder') return this.#done(one);
    if (target.kind === 'file' && now?.kind === 'file' && now.hash === target.hash) {
      await chmod(absolute, target.mode);
      return this.#done(one);
    }
    const temporary = this.temporaryOf(absolute);
    try {
      const handle = target.kind === 'link' ? null : await this.#copy(target, temporary);
      if (target.kind === 'link') await symlink(target.target, temporary);
      this.#options.reach('copied');
      return { one, absolute, temporary, handle, stamp: stampAt(stats) };
    } catch (thrown) {
      await rm(temporary, { force: true });
      throw thrown;
    }
  }

  #done(one: ComingFile): null {
    this.#options.reach('replaced');
    one.settle('restored');
    return null;
  }

  async #copy(target: FileEntry & { readonly kind: 'file' }, temporary: string): Promise<FileHandle> {
    const { contentOf } = this.#options;
    await copyFile(contentOf(target.hash), temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    const kept = await entryAt(temporary);
    if (kept?.kind !== 'file' || kept.hash !== target.hash)
      throw new AppError('store.corrupt', 'What was kept of this file is damaged: it stays as it is.');
    const handle = await open(temporary, 'r+');
    await handle.chmod(target.mode).catch(async (thrown: unknown) => {
      await handle.close();
      throw thrown;
    });
    return handle;
  }

  /** Somebody may have written it while the batch was made durable: it is looked at once more. */
  async #putIn({ one, absolute, temporary, stamp }: Waiting): Promise<void> {
    const stats = await statsOf(absolute);
    if (stampAt(stats) !== stamp && !isSame(stats === null ? null : await entryAt(absolute), one.expected)) {
      one.settle('changed_since');
      return;
    }
    await rename(temporary, absolute);
    this.#done(one);
  }
}

const stampAt = (stats: BigIntStats | null): string => (stats === null ? '' : stampOf(stats));

/** Many at once; each does its own with what goes wrong. */
async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const lane = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
}
