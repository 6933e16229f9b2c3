import type { KnownFile } from './watch-cursor.ts';

/** A file that is new at its place. */
export interface Arrival {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly hash: string | null;
}

/**
 * Which new files are files that are gone from elsewhere: by their content, or where that was never looked at by size and time to the
 * millisecond (a rename keeps both). Of several alike the one of the same name, else the first. Gives arrival -> what it was.
 */
export function findMoves(arrivals: readonly Arrival[], gone: readonly KnownFile[]): ReadonlyMap<string, KnownFile> {
  const byMark = new Map<string, KnownFile[]>();
  for (const file of gone) {
    const mark = markOf(file);
    byMark.set(mark, [...(byMark.get(mark) ?? []), file]);
  }
  const moves = new Map<string, KnownFile>();
  for (const arrival of arrivals) {
    for (const mark of [markOf(arrival), markOf({ ...arrival, hash: null })]) {
      const found = byMark.get(mark);
      const file = found?.find(({ path }) => nameOf(path) === nameOf(arrival.path)) ?? found?.[0];
      if (found === undefined || file === undefined) continue;
      found.splice(found.indexOf(file), 1);
      moves.set(arrival.path, file);
      break;
    }
  }
  return moves;
}

/** An empty content says nothing of who had it. */
const markOf = (file: Arrival | KnownFile): string =>
  file.hash !== null && file.size > 0 ? file.hash : `${file.size} ${file.mtimeMs}`;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
