import { lstat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { scanTree, type TreeToScan } from './scan-tree.ts';
import type { WatchCursor } from './watch-cursor.ts';

/** The name of the folder that stands at the root: device and number. Null = there is none. */
export async function readRootMark(root: string): Promise<string | null> {
  const found = await lstat(root).catch(() => null);
  return found?.isDirectory() === true ? `${found.dev}:${found.ino}` : null;
}

/**
 * Why the root cannot be trusted to show what there is; null = it can. Missing, or another folder than before and empty (the place
 * where a disk was mounted): then nothing may be forgotten. Another folder that holds something is taken for the root from now on.
 */
export async function findRootProblem(tree: TreeToScan, cursor: WatchCursor): Promise<string | null> {
  const mark = await readRootMark(tree.root);
  if (mark === null) return `The folder is not there: ${tree.root}`;
  const before = cursor.rootMark();
  if (before === null || before === mark) return null;
  if (cursor.count() > 0 && (await isEmpty(tree))) {
    return `The folder came back empty: ${tree.root}. Is a disk not connected?`;
  }
  cursor.markRoot(mark);
  return null;
}

async function isEmpty(tree: TreeToScan): Promise<boolean> {
  const found = new AbortController();
  await scanTree(tree, () => found.abort(), found.signal);
  return !found.signal.aborted;
}

/** An absolute path as the watch names it: from its root, with `/`. */
export function relativeTo(root: string, path: string): string {
  const way = relative(root, path);
  return sep === '\\' ? way.replaceAll('\\', '/') : way;
}
