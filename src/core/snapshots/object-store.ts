import { constants, type Stats } from 'node:fs';
import {
  copyFile,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { randomHex, sha256Hex, startSha256 } from '../crypto/index.ts';
import { errnoOf, toFileError } from '../files/index.ts';
import { unreadable } from './scan.ts';
import { readTree } from './tree.ts';

/** What must stay although no run names it yet: contents that were kept for what is taken now. */
export interface Keeping {
  readonly runId: string;
  readonly hashes: Set<string>;
  /** Runs whose snapshots had to go. */
  dropped: number;
  /** The time that stamps of files have. */
  readonly now: bigint;
}

/** How far it is emptied when it is full: whoever comes next finds room without looking at everything again. */
const FILL_AFTER_CLEANING = 0.9;

/** Contents by their hash and, for each run, which trees are its own. A content is counted once, whoever names it. */
export class ObjectStore {
  readonly #folder: string;
  readonly #quota: number;
  #used: number | null = null;
  /** One makes room after the other. */
  #room: Promise<void> = Promise.resolve();

  constructor(folder: string, quota: number) {
    this.#folder = folder;
    this.#quota = quota;
  }

  /** Where a content lies, or would. */
  fileOf(hash: string): string {
    return join(this.#folder, 'objects', hash.slice(0, 2), hash);
  }

  /**
   * Keeps the content of a file and gives its hash. It is copied first and the copy is read: what is kept is what its name says. Null = the
   * file went away. `undo.not_taken`, `undo.no_room`, `file.disk_full`
   */
  async keepFile(path: string, keeping: Keeping): Promise<string | null> {
    return this.#keep(keeping, async (temporary) => {
      try {
        await copyFile(path, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
        return await open(temporary, 'r+').catch(async (thrown: unknown) => {
          // A copy has the mode of its file, which may be one that nobody may write.
          if (errnoOf(thrown) !== 'EACCES') throw thrown;
          return open(temporary, 'r');
        });
      } catch (thrown) {
        if (errnoOf(thrown) === 'ENOENT' && (await stat(dirname(temporary)).catch(() => null)) !== null) return null;
        throw errnoOf(thrown) === 'ENOSPC' ? toFileError(thrown, path) : unreadable(path, thrown);
      }
    });
  }

  /** Keeps a text and gives its hash. */
  async keepText(text: string, keeping: Keeping): Promise<string> {
    const hash = await this.#keep(keeping, async (temporary) => {
      await writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
      return open(temporary, 'r+');
    });
    return hash ?? sha256Hex(text);
  }

  /** Whether a content is kept; then it stays. */
  async hold(hash: string, keeping: Keeping): Promise<boolean> {
    if (keeping.hashes.has(hash)) return true;
    // Said before it is looked for, and looked for when nobody makes room: it cannot go in between.
    keeping.hashes.add(hash);
    await this.#room;
    if ((await stat(this.fileOf(hash)).catch(() => null)) !== null) return true;
    keeping.hashes.delete(hash);
    return false;
  }

  /** A text that was kept; null = it is not there, or damaged. */
  async readText(hash: string): Promise<string | null> {
    const text = await readFile(this.fileOf(hash), 'utf8').catch(() => null);
    return text !== null && sha256Hex(text) === hash ? text : null;
  }

  /** From now on the tree is one of the run's, under a name of its own where it is to be found again without its hash. */
  async name(runId: string, tree: string, name = tree): Promise<void> {
    await mkdir(this.#runFolder(runId), { recursive: true, mode: 0o700 });
    const path = join(this.#runFolder(runId), name);
    const before = diskBytes(await stat(path).catch(() => NOTHING));
    await writeFile(path, tree, { mode: 0o600, flush: true });
    if (this.#used !== null) this.#used += diskBytes(await stat(path)) - before;
  }

  /** The tree of a run that has a name; null = none has. */
  named(runId: string, name: string): Promise<string | null> {
    return readFile(join(this.#runFolder(runId), name), 'utf8').catch(() => null);
  }

  /** Runs that have trees. */
  runs(): Promise<readonly string[]> {
    return readdir(join(this.#folder, 'runs')).catch(() => []);
  }

  /** Names of trees of a run. */
  names(runId: string): Promise<readonly string[]> {
    return readdir(this.#runFolder(runId)).catch(() => []);
  }

  /** Where the copy of a run stands, or would. While it does, what was kept for the run goes for nobody else's. */
  copyOf(runId: string): string {
    return join(this.#folder, 'copies', runId);
  }

  /** Runs that have copies. */
  async copies(): Promise<readonly string[]> {
    const names: readonly string[] = await readdir(join(this.#folder, 'copies')).catch(() => []);
    return names.filter((name) => name.endsWith('.bytes')).map((name) => name.slice(0, -'.bytes'.length));
  }

  /** Makes room for a copy: it counts like what is kept. `undo.no_room` */
  async holdCopy(runId: string, bytes: number, keeping: Keeping): Promise<void> {
    this.#room = this.#room.then(() => this.#makeRoom(bytes, keeping));
    await this.#room;
    await mkdir(dirname(this.copyOf(runId)), { recursive: true, mode: 0o700 });
    await writeFile(`${this.copyOf(runId)}.bytes`, String(bytes), { mode: 0o600 });
  }

  /** Removes the copy of a run, and what a kill has left of making it. */
  async dropCopy(runId: string): Promise<void> {
    const copy = this.copyOf(runId);
    for (const path of [copy, `${copy}.making`, `${copy}.bytes`]) await rm(path, { recursive: true, force: true });
    this.#used = null;
  }

  async #copiesUse(): Promise<number> {
    let used = 0;
    for (const runId of await this.copies())
      used += Number(await readFile(`${this.copyOf(runId)}.bytes`, 'utf8').catch(() => '0'));
    return used;
  }

  /** Forgets the trees of a run, its copy, and what nobody else names. */
  async forget(runId: string): Promise<void> {
    await this.dropCopy(runId);
    if ((await this.names(runId)).length === 0) return;
    await rm(this.#runFolder(runId), { recursive: true, force: true });
    await this.#sweep(new Set());
  }

  /**
   * `work` keeps contents that only a name at its end saves: where it is killed, they are removed by the next one that works here. It is
   * given the time that stamps of files have now.
   */
  async marked<T>(work: (now: bigint) => Promise<T>): Promise<T> {
    const marker = join(this.#folder, 'open');
    if ((await stat(marker).catch(() => null)) !== null) await this.#sweep(new Set());
    await rm(join(this.#folder, 'tmp'), { recursive: true, force: true });
    await mkdir(join(this.#folder, 'tmp'), { recursive: true, mode: 0o700 });
    await writeFile(marker, '', { mode: 0o600 });
    try {
      return await work((await stat(marker, { bigint: true })).mtimeNs);
    } catch (thrown) {
      this.#room = Promise.resolve();
      await this.#sweep(new Set());
      throw thrown;
    } finally {
      await rm(marker, { force: true });
    }
  }

  /** Bytes of the disk that are taken by what is kept, the names of trees with it. */
  async used(): Promise<number> {
    if (this.#used !== null) return this.#used;
    let used = (await this.#namesUse()) + (await this.#copiesUse());
    for (const { onDisk } of await this.#objects()) used += onDisk;
    this.#used = used;
    return used;
  }

  async #namesUse(): Promise<number> {
    let used = 0;
    for (const runId of await this.runs())
      for (const name of await this.names(runId))
        used += diskBytes(await stat(join(this.#runFolder(runId), name)).catch(() => NOTHING));
    return used;
  }

  async #keep(keeping: Keeping, write: (temporary: string) => Promise<FileHandle | null>): Promise<string | null> {
    const temporary = join(this.#folder, 'tmp', randomHex(8));
    try {
      const handle = await write(temporary);
      if (handle === null) return null;
      try {
        await handle.chmod(0o600);
        const hash = await hashOf(handle);
        if (await this.hold(hash, keeping)) return hash;
        keeping.hashes.add(hash);
        await handle.sync();
        const onDisk = diskBytes(await handle.stat());
        this.#room = this.#room.then(() => this.#makeRoom(onDisk, keeping));
        await this.#room;
        await mkdir(dirname(this.fileOf(hash)), { recursive: true, mode: 0o700 });
        await rename(temporary, this.fileOf(hash));
        return hash;
      } finally {
        await handle.close();
      }
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Older runs go until there is room. `undo.no_room` */
  async #makeRoom(bytes: number, keeping: Keeping): Promise<void> {
    let used = (await this.used()) + bytes;
    const others = used > this.#quota ? await this.#runsByAge() : [];
    const undecided = new Set(await this.copies());
    for (const runId of others) {
      if (runId === keeping.runId || undecided.has(runId) || used <= this.#quota * FILL_AFTER_CLEANING) continue;
      await rm(this.#runFolder(runId), { recursive: true, force: true });
      keeping.dropped += 1;
      used = (await this.#sweep(keeping.hashes)) + bytes;
    }
    if (used > this.#quota) throw noRoom(this.#quota);
    this.#used = used;
  }

  #runFolder(runId: string): string {
    return join(this.#folder, 'runs', runId);
  }

  async #runsByAge(): Promise<readonly string[]> {
    const names = await this.runs();
    const ages = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(this.#runFolder(name)).catch(() => null))?.mtimeMs ?? 0 })),
    );
    return ages.sort((one, other) => one.at - other.at).map(({ name }) => name);
  }

  /** Removes what no tree names and nobody holds, and what was left lying; gives the bytes that stay. */
  async #sweep(held: ReadonlySet<string>): Promise<number> {
    const wanted = new Set<string>();
    for (const runId of await this.runs())
      for (const name of await this.names(runId)) {
        const hash = await this.named(runId, name);
        const text = hash === null ? null : await this.readText(hash);
        if (hash === null || text === null) continue;
        wanted.add(hash);
        for (const entry of readTree(text).values()) if (entry.kind === 'file') wanted.add(entry.hash);
      }
    let used = (await this.#namesUse()) + (await this.#copiesUse());
    for (const { path, name, onDisk } of await this.#objects())
      if (wanted.has(name) || held.has(name)) used += onDisk;
      else await rm(path, { force: true });
    this.#used = used;
    return used;
  }

  async #objects(): Promise<readonly { readonly path: string; readonly name: string; readonly onDisk: number }[]> {
    const folder = join(this.#folder, 'objects');
    const found = [];
    for (const part of await readdir(folder).catch(() => []))
      for (const name of await readdir(join(folder, part))) {
        const path = join(folder, part, name);
        found.push({ path, name, onDisk: diskBytes(await stat(path)) });
      }
    return found;
  }
}

/** Why something cannot be kept. */
export const noRoom = (quota: number): AppError =>
  new AppError(
    'undo.no_room',
    `More than the ${Math.round(quota / 1024 / 1024)} MiB that are kept for undoing would be needed.`,
    {
      hint: "Name fewer files under 'workspace'.",
    },
  );

async function hashOf(handle: FileHandle): Promise<string> {
  const hash = startSha256();
  for await (const piece of handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20 }))
    hash.update(piece as Buffer);
  return hash.digestHex();
}

const NOTHING = { blocks: 0, size: 0 };

/** What a file takes of the disk: small ones take more than they hold. One that lies in its entry of the folder has no blocks. */
export const diskBytes = ({ blocks, size }: Pick<Stats, 'blocks' | 'size'>): number =>
  blocks === 0 ? size : blocks * 512;
