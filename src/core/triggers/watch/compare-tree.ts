import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ScanReport, scanTree, type TreeToScan } from './scan-tree.ts';
import type { KnownFile, WatchCursor } from './watch-cursor.ts';
import type { SeenFile } from './watched-file.ts';

/** What a walk found to be otherwise than the cursor says. */
export interface TreeDifference {
  readonly report: ScanReport;
  /** Files that are new, or of another size or time. */
  readonly differing: readonly SeenFile[];
  readonly missing: readonly KnownFile[];
}

/** Walks a tree beside the cursor. What lies below a folder that could not be read is not missing (nor is anything of an aborted walk). */
export async function compareTree(tree: TreeToScan, cursor: WatchCursor, signal: AbortSignal): Promise<TreeDifference> {
  const known = new Map(cursor.below(tree.from).map((file) => [file.path, file]));
  const differing: SeenFile[] = [];
  const visit = (file: SeenFile): void => {
    const before = known.get(file.path);
    known.delete(file.path);
    if (before?.size !== file.size || before.mtimeMs !== file.mtimeMs) differing.push(file);
  };
  const report = await scanTree(tree, visit, signal);
  if (report.isAborted) return { report, differing: [], missing: [] };
  const isHidden = (path: string): boolean =>
    report.unreadable.some((folder) => folder === '' || path.slice(0, folder.length + 1) === `${folder}/`);
  return { report, differing, missing: [...known.values()].filter(({ path }) => !isHidden(path)) };
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
