import { existsSync, type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createTurns } from '../../shared/turns.ts';
import { createLibraryCache } from './library-cache.ts';
import { type LibraryItem, listLibrary } from './list-library.ts';
import type { ProjectPaths } from './project-paths.ts';

/**
 * What stands in a library, for whoever starts many runs: a start must not look at every file. What was read holds until the system
 * says that a file changed, or a folder's own time says that one came or went. Where the system cannot watch, each call looks at
 * the files again. Its items were checked against no tools and no agents: names are to be had of them, not problems.
 */
export class LibraryIndex {
  readonly #paths: ProjectPaths;
  readonly #cache = createLibraryCache();
  #watchers: readonly FSWatcher[] = [];
  /** Times of the two folders when they were read; null = they have to be read. */
  #folders: string | null = null;
  #items: readonly LibraryItem[] = [];
  /** One look at a time: who asks while one is under way may have changed what it has read already. */
  readonly #inTurn = createTurns();

  constructor(paths: ProjectPaths) {
    this.#paths = paths;
  }

  /** As `listLibrary`, without diagnostics of tools and agents. Never throws on content. */
  items(): Promise<readonly LibraryItem[]> {
    return this.#inTurn(() => this.#current());
  }

  async #current(): Promise<readonly LibraryItem[]> {
    const folders = await this.#stampFolders();
    if (this.#folders !== null && this.#folders === folders) return this.#items;
    this.forget();
    // Watched before it is read: a change in between is seen.
    const watchers = await this.#watch();
    this.#folders = watchers === null ? null : folders;
    this.#watchers = watchers ?? [];
    const items = await listLibrary(this.#paths, { cache: this.#cache });
    if (this.#watchers === watchers) this.#items = items;
    return items;
  }

  /** The next call reads again. Nothing is watched until then. */
  forget(): void {
    this.#folders = null;
    this.#items = [];
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  async #stampFolders(): Promise<string> {
    const { workflowsDir, bundlesDir } = this.#paths;
    const times = [workflowsDir, bundlesDir].map((folder) =>
      stat(folder, { bigint: true }).then(
        (found) => `${found.ino}:${found.mtimeNs}`,
        () => 'none',
      ),
    );
    return (await Promise.all(times)).join();
  }

  /** Watches the workflow files and each bundle's own files; null where that cannot be. */
  async #watch(): Promise<readonly FSWatcher[] | null> {
    const { workflowsDir, bundlesDir } = this.#paths;
    const entries = await readdir(bundlesDir, { withFileTypes: true }).catch(() => []);
    const bundles = entries.filter((entry) => entry.isDirectory()).map((entry) => join(bundlesDir, entry.name));
    const watchers: FSWatcher[] = [];
    try {
      for (const folder of [workflowsDir, ...bundles].filter(existsSync)) {
        const watcher = watch(folder, { persistent: false }, () => this.forget());
        watchers.push(watcher.on('error', () => this.forget()));
      }
      return watchers;
    } catch {
      // The system's limit of watches, a file system without them, a folder that went.
      for (const watcher of watchers) watcher.close();
      return null;
    }
  }
}
