import { AppError } from '../../shared/errors.ts';
import type { FileEntry } from '../../shared/model/file-undo.ts';
import { errnoOf, toFileError } from '../files/index.ts';
import { type Keeping, noRoom, ObjectStore } from './object-store.ts';
import { type Found, scan, stampOf, statsOf, targetOf } from './scan.ts';
import { keyOf, placeOf, readTree, type Tree, writeTree } from './tree.ts';
import { makeCopy } from './workspace-copy.ts';

/** What is taken down: the patterns below the project, and all of the run's own folder. */
export interface TakeRequest {
  readonly runId: string;
  readonly project: string;
  readonly patterns: readonly string[];
  readonly runFolder: string;
}

/** What a snapshot has come to. */
export interface Taken {
  /** Name of its tree. */
  readonly tree: string;
  /** Runs whose snapshots had to go for it. */
  readonly droppedRuns: number;
}

/** A copy in which a run works. `bytes` of its files. */
export interface CopyMade {
  /** Name of the tree of what was copied. */
  readonly tree: string;
  readonly files: number;
  readonly bytes: number;
}

/** Files that were written so lately may be written again without a new time stamp. */
const RACY_NS = 2_000_000_000n;
const CHECKS = 3;
/** How many files are copied at once. */
const AT_ONCE = 8;
const MOST_SEEN = 300_000;

/**
 * Contents of files before and after steps, each once, and the trees that name them. Invariants:
 * 1. A tree is named after all that it names was kept: what can be read of it can be put back.
 * 2. One thing at a time: whatever is removed is in nobody's hands.
 * 3. It never holds more than its quota: older runs go first, and where that is not enough nothing is taken.
 */
export class SnapshotStore {
  readonly #objects: ObjectStore;
  readonly #quota: number;
  /** Content of files as they were seen last, by absolute path. */
  readonly #seen = new Map<string, { readonly stamp: string; readonly hash: string }>();
  #last: Promise<unknown> = Promise.resolve();

  constructor({ folder, quota }: { readonly folder: string; readonly quota: number }) {
    this.#objects = new ObjectStore(folder, quota);
    this.#quota = quota;
  }

  /** Takes down what stands there now. `undo.not_taken`, `undo.no_room` */
  take(request: TakeRequest): Promise<Taken> {
    return this.#keeping(request.runId, async (keeping) => {
      const { name } = await this.#take(request, keeping);
      return { tree: name, droppedRuns: keeping.dropped };
    });
  }

  /** Takes down what stands there now and makes a copy of it in which the run works. `copy.not_made`, `undo.not_taken`, `undo.no_room` */
  copy(request: TakeRequest, reach: (point: 'file' | 'git') => void): Promise<CopyMade> {
    const { runId, project } = request;
    return this.#keeping(runId, async (keeping) => {
      await this.#objects.dropCopy(runId);
      const { name, tree } = await this.#take(request, keeping);
      const files = [...tree].flatMap(([key, entry]) =>
        entry.kind === 'file' && placeOf(key).root === 'project' ? [entry] : [],
      );
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      try {
        await this.#objects.holdCopy(runId, bytes, keeping);
        const contentOf = (hash: string): string => this.fileOf(hash);
        await makeCopy({ project, copy: this.copyOf(runId), tree, contentOf, reach });
      } catch (thrown) {
        await this.#objects.dropCopy(runId);
        throw thrown;
      }
      return { tree: name, files: files.length, bytes };
    });
  }

  /** Where the copy of a run stands, or would. */
  copyOf(runId: string): string {
    return this.#objects.copyOf(runId);
  }

  /** Runs that have copies, also such as a kill has left half made. */
  copies(): Promise<readonly string[]> {
    return this.#objects.copies();
  }

  /** Removes the copy of a run. */
  dropCopy(runId: string): Promise<void> {
    return this.#inTurn(() => this.#objects.dropCopy(runId));
  }

  async #take(
    { runId, project, patterns, runFolder }: TakeRequest,
    keeping: Keeping,
  ): Promise<{ readonly name: string; readonly tree: Tree }> {
    const found: (readonly [string, Found])[] = [];
    let bytes = 0;
    for (const [root, files] of [
      ['project', scan(project, patterns)],
      ['run', scan(runFolder, null)],
    ] as const)
      for await (const one of files) {
        found.push([keyOf({ root, path: one.path }), one]);
        bytes += one.stats.isFile() ? Number(one.stats.blocks * 512n || one.stats.size) : 0;
        if (bytes > this.#quota) throw noRoom(this.#quota);
      }
    const tree = await this.#entriesOf(found, keeping);
    const name = await this.#objects.keepText(writeTree(tree), keeping);
    await this.#objects.name(runId, name);
    return { name, tree };
  }

  /** A tree of a run, by its hash or the name that it was given. `undo.gone` */
  async read(runId: string, name: string): Promise<Tree> {
    const hash = await this.#objects.named(runId, name);
    const text = hash === null ? null : await this.#objects.readText(hash);
    if (text === null)
      throw new AppError('undo.gone', 'What was kept to take this back is gone: newer runs needed the room.');
    return readTree(text);
  }

  /**
   * Keeps what stands at these places now, and names it and what is to come there: from then on what stands there can be put back. Gives
   * what stands there. `undo.not_taken`, `undo.no_room`
   */
  exchange(
    runId: string,
    name: string,
    { places, to }: { readonly places: ReadonlyMap<string, string>; readonly to: Tree },
  ): Promise<Tree> {
    return this.#keeping(runId, async (keeping) => {
      const found: (readonly [string, Found])[] = [];
      for (const [key, absolute] of places) {
        const stats = await statsOf(absolute);
        if (stats !== null) found.push([key, { path: absolute, absolute, stats }]);
      }
      const from = await this.#entriesOf(found, keeping);
      for (const [end, tree] of [
        ['from', from],
        ['to', to],
      ] as const)
        await this.#objects.name(runId, await this.#objects.keepText(writeTree(tree), keeping), `${name}.${end}`);
      return from;
    });
  }

  /** Runs with something from {@link exchange}. */
  async runsWithExchanges(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const runId of await this.#objects.runs())
      if ((await this.#objects.names(runId)).some((name) => name.endsWith('.to'))) found.push(runId);
    return found;
  }

  /** The file with a content, to be copied from. */
  fileOf(hash: string): string {
    return this.#objects.fileOf(hash);
  }

  /** Forgets all of a run. */
  forget(runId: string): Promise<void> {
    return this.#inTurn(() => this.#objects.forget(runId));
  }

  /** Bytes that are kept. */
  used(): Promise<number> {
    return this.#inTurn(() => this.#objects.used());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  #keeping<T>(runId: string, work: (keeping: Keeping) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      if (this.#seen.size > MOST_SEEN) this.#seen.clear();
      try {
        return await this.#objects.marked((now) => work({ runId, hashes: new Set(), dropped: 0, now }));
      } catch (thrown) {
        throw notTaken(thrown);
      }
    });
  }

  async #entriesOf(found: readonly (readonly [string, Found])[], keeping: Keeping): Promise<Tree> {
    const tree = new Map<string, FileEntry>();
    const left = found.values();
    const lane = async (): Promise<void> => {
      for (const [key, one] of left) {
        const entry = await this.#entryOf(one, keeping);
        if (entry !== null) tree.set(key, entry);
      }
    };
    const lanes = Array.from({ length: AT_ONCE }, lane);
    await Promise.allSettled(lanes);
    await Promise.all(lanes);
    return tree;
  }

  /** Null = it went away while it was looked at. */
  async #entryOf({ absolute, stats: first }: Found, keeping: Keeping): Promise<FileEntry | null> {
    let stats: Found['stats'] | null = first;
    for (let count = 0; count < CHECKS; count++) {
      if (stats === null) return null;
      if (stats.isDirectory()) return { kind: 'folder' };
      if (stats.isSymbolicLink()) return { kind: 'link', target: await targetOf(absolute) };
      if (!stats.isFile()) return null;
      const stamp = stampOf(stats);
      const known = this.#seen.get(absolute);
      const isKept = known?.stamp === stamp && (await this.#objects.hold(known.hash, keeping));
      const hash = isKept ? known.hash : await this.#objects.keepFile(absolute, keeping);
      const after = hash === null ? null : await statsOf(absolute);
      if (hash !== null && after !== null && stampOf(after) === stamp) {
        if (keeping.now - stats.ctimeNs > RACY_NS) this.#seen.set(absolute, { stamp, hash });
        return { kind: 'file', mode: Number(stats.mode & 0o777n), size: Number(stats.size), hash };
      }
      stats = await statsOf(absolute);
    }
    throw new AppError('undo.not_taken', `${absolute} was written again and again while it was read.`);
  }
}

const notTaken = (thrown: unknown): AppError => {
  if (thrown instanceof AppError && (thrown.code.startsWith('undo.') || thrown.code === 'copy.not_made')) return thrown;
  if (!(thrown instanceof AppError) && errnoOf(thrown) === '') throw thrown;
  const { message, hint } = toFileError(thrown, 'the store of snapshots');
  return new AppError('undo.not_taken', message, { hint, cause: thrown });
};
