import type { KnownFile } from './watch-cursor.ts';

/** A file that is new at its place. */
export type Arrival = KnownFile;

/**
 * Which new files are files that are gone from elsewhere: the same file on the disk, unchanged, or the same content. Of several with that
 * content the one of the same name, else the first. Gives arrival -> what it was.
 */
export function findMoves(arrivals: readonly Arrival[], gone: readonly KnownFile[]): ReadonlyMap<string, KnownFile> {
  const byMark = new Map<string, KnownFile[]>();
  for (const file of gone) {
    for (const mark of marksOf(file)) {
      const list = byMark.get(mark);
      if (list === undefined) byMark.set(mark, [file]);
      else list.push(file);
    }
  }
  const used = new Set<KnownFile>();
  const moves = new Map<string, KnownFile>();
  for (const arrival of arrivals) {
    for (const mark of marksOf(arrival)) {
      const left = byMark.get(mark)?.filter((file) => !used.has(file)) ?? [];
      const file = left.find(({ path }) => nameOf(path) === nameOf(arrival.path)) ?? left[0];
      if (file === undefined) continue;
      used.add(file);
      moves.set(arrival.path, file);
      break;
    }
  }
  return moves;
}

/** A number alone may be that of a file that was deleted before; an empty content says nothing of who had it. */
function marksOf({ inode, size, mtimeMs, hash }: KnownFile): readonly string[] {
  const file = `${inode} ${size} ${mtimeMs}`;
  return hash !== null && size > 0 ? [file, hash] : [file];
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
