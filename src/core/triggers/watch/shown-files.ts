import type { Stats } from 'node:fs';
import type { SeenTree } from './compare-tree.ts';
import type { FileFilter } from './file-filter.ts';
import { lookThrough, toSeenFile } from './watched-file.ts';

/** Gathers the files that the hint layer shows on its first walk, links to files of the tree too. */
export class ShownFiles {
  readonly #filter: FileFilter;
  readonly #links = new Set<string>();
  /** Null once the walk is over: the hint layer keeps its listener, and with it this, for as long as it lives. */
  #seen: SeenTree | null;

  constructor(filter: FileFilter, seen: SeenTree) {
    this.#filter = filter;
    this.#seen = seen;
  }

  show(path: string, stats: Stats): void {
    if (this.#seen === null || !this.#filter.wants(path)) return;
    if (stats.isFile()) this.#seen.show(toSeenFile(path, stats));
    else this.#links.add(path);
  }

  /** The walk is over. */
  async end(root: string): Promise<void> {
    for (const path of this.#links) {
      const led = await lookThrough(root, path);
      if (led !== 'absent') this.#seen?.show(led);
    }
    this.#links.clear();
    this.#seen = null;
  }
}
