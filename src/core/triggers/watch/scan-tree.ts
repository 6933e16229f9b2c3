import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errnoOf } from '../../files/index.ts';
import type { FileFilter } from './file-filter.ts';
import { lookThrough, type SeenFile, toSeenFile } from './watched-file.ts';

/** What is walked, and how. */
export interface TreeToScan {
  /** The real absolute path of the root. */
  readonly root: string;
  /** The folder to begin at, relative to it; '' = the root. */
  readonly from: string;
  readonly filter: FileFilter;
  /** Whether a folder lies on a network file system; asked once for each device. */
  readonly isNetwork: (path: string) => Promise<boolean>;
}

/** What a walk has met besides files. Paths are relative to the root. */
export interface ScanReport {
  readonly files: number;
  readonly folders: number;
  /** Folders that could not be read: nothing is known of what lies below. */
  readonly unreadable: readonly string[];
  /** The uppermost folders that lie on a network. */
  readonly network: readonly string[];
  readonly isAborted: boolean;
}

/** So many entries are read in one go: about two milliseconds. */
const ENTRIES_A_TURN = 250;

/**
 * Walks a tree and shows each file that is meant. Folders of a local disk are read without a detour over threads, which takes a third of
 * the time, in short turns; those of a network, which may stand still for minutes, never hold the thread.
 */
export async function scanTree(
  tree: TreeToScan,
  visit: (file: SeenFile) => void,
  signal: AbortSignal,
): Promise<ScanReport> {
  const walk = new Walk(tree, visit);
  await walk.run(signal);
  return walk.report(signal.aborted);
}

interface Folder {
  readonly path: string;
  readonly isNetwork: boolean;
  readonly device: number;
}

class Walk {
  readonly #tree: TreeToScan;
  readonly #visit: (file: SeenFile) => void;
  readonly #devices = new Map<number, boolean>();
  readonly #unreadable: string[] = [];
  readonly #network: string[] = [];
  #open: Folder[] = [];
  #files = 0;
  #folders = 0;
  #sinceTurn = 0;

  constructor(tree: TreeToScan, visit: (file: SeenFile) => void) {
    this.#tree = tree;
    this.#visit = visit;
  }

  report(isAborted: boolean): ScanReport {
    return {
      files: this.#files,
      folders: this.#folders,
      unreadable: this.#unreadable,
      network: this.#network,
      isAborted,
    };
  }

  async run(signal: AbortSignal): Promise<void> {
    const first = await lstat(this.#absolute(this.#tree.from)).catch(() => null);
    if (first === null) this.#unreadable.push(this.#tree.from);
    else await this.#enter(this.#tree.from, first, false);
    for (let folder = this.#open.pop(); folder !== undefined && !signal.aborted; folder = this.#open.pop()) {
      await this.#read(folder);
    }
  }

  async #enter(path: string, found: Stats, isNetworkAbove: boolean): Promise<void> {
    const isNetwork = await this.#isNetwork(path, found.dev);
    if (isNetwork && !isNetworkAbove) this.#network.push(path);
    this.#open.push({ path, isNetwork, device: found.dev });
  }

  async #read(folder: Folder): Promise<void> {
    this.#folders++;
    const path = this.#absolute(folder.path);
    let entries: readonly Dirent[];
    try {
      entries = folder.isNetwork
        ? await readdir(path, { withFileTypes: true })
        : readdirSync(path, { withFileTypes: true });
    } catch (thrown) {
      // What went away while it was walked is no secret: that its files are gone will be seen.
      if (errnoOf(thrown) !== 'ENOENT' && errnoOf(thrown) !== 'ENOTDIR') this.#unreadable.push(folder.path);
      return;
    }
    for (const entry of entries) {
      await this.#meet(folder, entry);
      if (++this.#sinceTurn < ENTRIES_A_TURN) continue;
      this.#sinceTurn = 0;
      await nextTurn();
    }
  }

  #meet(folder: Folder, entry: Dirent): Promise<void> | void {
    const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
    const { filter } = this.#tree;
    if (entry.isDirectory()) return filter.enters(path) ? this.#meetFolder(folder, path) : undefined;
    if (!(entry.isFile() || entry.isSymbolicLink()) || !filter.wants(path)) return;
    if (folder.isNetwork || !entry.isFile()) return this.#meetSlowly(path);
    // Undefined = it went away since the folder was read.
    const found = lstatSync(this.#absolute(path), { throwIfNoEntry: false });
    if (found?.isFile() === true) this.#show(toSeenFile(path, found));
  }

  async #meetFolder(above: Folder, path: string): Promise<void> {
    const target = this.#absolute(path);
    const found = above.isNetwork
      ? await lstat(target).catch(() => null)
      : lstatSync(target, { throwIfNoEntry: false });
    if (found?.isDirectory() !== true) return;
    if (found.dev === above.device) this.#open.push({ ...above, path });
    else await this.#enter(path, found, above.isNetwork);
  }

  async #meetSlowly(path: string): Promise<void> {
    const found = await lstat(this.#absolute(path)).catch(() => null);
    if (found?.isFile() === true) return this.#show(toSeenFile(path, found));
    if (found?.isSymbolicLink() !== true) return;
    const led = await lookThrough(this.#tree.root, path);
    if (led !== 'absent') this.#show(led);
  }

  #show(file: SeenFile): void {
    this.#files++;
    this.#visit(file);
  }

  async #isNetwork(path: string, device: number): Promise<boolean> {
    const known = this.#devices.get(device);
    if (known !== undefined) return known;
    const isNetwork = await this.#tree.isNetwork(this.#absolute(path));
    this.#devices.set(device, isNetwork);
    return isNetwork;
  }

  #absolute(path: string): string {
    return path === '' ? this.#tree.root : join(this.#tree.root, path);
  }
}
