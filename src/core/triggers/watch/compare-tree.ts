import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KnownFile, WatchCursor } from './watch-cursor.ts';
import type { SeenFile } from './watched-file.ts';

/** What was found to be otherwise than the cursor says. */
export interface TreeDifference {
  /** Files that are new, or of another size or time. */
  readonly differing: readonly SeenFile[];
  readonly missing: readonly KnownFile[];
}

/** Files of a tree, gathered while it is walked, to be held against the cursor. A file may be shown more than once. */
export class SeenTree {
  readonly #seen = new Map<string, SeenFile>();

  show(file: SeenFile): void {
    this.#seen.set(file.path, file);
  }

  /** Holds all that was shown of a folder against the cursor. What lies below an unreadable folder is not missing. */
  compare(cursor: WatchCursor, from: string, unreadable: readonly string[]): TreeDifference {
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

const ROWS_AT_ONCE = 2_000;

/** Makes files known as they are, without a word to anybody. */
export async function takeIn(files: readonly SeenFile[], cursor: WatchCursor): Promise<void> {
  for (let at = 0; at < files.length; at += ROWS_AT_ONCE) {
    const slice = files.slice(at, at + ROWS_AT_ONCE);
    cursor.write({ put: slice.map((file) => ({ ...file, hash: null })), drop: [] });
    await nextTurn();
  }
}
