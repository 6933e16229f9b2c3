import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KnownFile, WatchCursor } from './watch-cursor.ts';
import type { SeenFile } from './watched-file.ts';

/** What was found to be otherwise than the cursor says. */
export interface TreeDifference {
  /** Files that are new, or of another size or time. */
  readonly differing: readonly SeenFile[];
  readonly missing: readonly KnownFile[];
}

const ROWS_AT_ONCE = 2_000;

/** Files of a tree, gathered while it is walked, to be held against the cursor. A file may be shown more than once. */
export class SeenTree {
  readonly #seen = new Map<string, SeenFile>();
  readonly #take: ((files: readonly SeenFile[]) => void) | null;
  #takesAt = ROWS_AT_ONCE;

  /**
   * `take`: for a cursor that knows nothing; it is given files as they come, many at a time, and what is left is the difference. Where it
   * throws it is given no more, and all of those are left.
   */
  constructor(take: ((files: readonly SeenFile[]) => void) | null = null) {
    this.#take = take;
  }

  show(file: SeenFile): void {
    this.#seen.set(file.path, file);
    if (this.#take === null || this.#seen.size < this.#takesAt) return;
    try {
      this.#take([...this.#seen.values()]);
      this.#seen.clear();
    } catch {
      // Whoever walks the tree can do nothing about it; what is left is tried again after the walk, and fails where that is told.
      this.#takesAt = Infinity;
    }
  }

  /** Holds all that was shown of a folder against the cursor. What lies below an unreadable folder is not missing. */
  compare(cursor: WatchCursor, from: string, unreadable: readonly string[]): TreeDifference {
    if (this.#take !== null) return { differing: [...this.#seen.values()], missing: [] };
    const missing: KnownFile[] = [];
    const isHidden = (path: string): boolean =>
      unreadable.some((folder) => folder === '' || path.slice(0, folder.length + 1) === `${folder}/`);
    for (const known of cursor.below(from)) {
      const seen = this.#seen.get(known.path);
      if (seen === undefined) {
        if (!isHidden(known.path)) missing.push(known);
      } else if (seen.size === known.size && seen.mtimeMs === known.mtimeMs) this.#seen.delete(known.path);
    }
    return { differing: [...this.#seen.values()], missing };
  }
}

/** Makes files known as they are, without a word to anybody. */
export async function takeIn(files: readonly SeenFile[], cursor: WatchCursor): Promise<void> {
  for (let at = 0; at < files.length; at += ROWS_AT_ONCE) {
    takeNow(files.slice(at, at + ROWS_AT_ONCE), cursor);
    await nextTurn();
  }
}

/** The same at once, for a few. */
export const takeNow = (files: readonly SeenFile[], cursor: WatchCursor): void =>
  cursor.write({ put: files.map((file) => ({ ...file, hash: null })), drop: [] });
