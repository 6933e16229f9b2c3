import type { FileEntry, FilePlace } from '../../shared/model/file-undo.ts';

/** What stood in the covered places at one moment, by {@link keyOf}. */
export type Tree = ReadonlyMap<string, FileEntry>;

/** The name of a place in a tree. */
export const keyOf = ({ root, path }: FilePlace): string => `${root}:${path}`;

/** The way back. */
export function placeOf(key: string): FilePlace {
  const at = key.indexOf(':');
  return { root: key.slice(0, at) === 'run' ? 'run' : 'project', path: key.slice(at + 1) };
}

/** Whether two entries are the same thing; null = nothing is there. */
export function isSame(one: FileEntry | null, other: FileEntry | null): boolean {
  if (one === null || other === null) return one === other;
  if (one.kind === 'file')
    return other.kind === 'file' && one.hash === other.hash && one.mode === other.mode && one.size === other.size;
  if (one.kind === 'link') return other.kind === 'link' && one.target === other.target;
  return other.kind === 'folder';
}

/** A tree as text: the same tree has the same text. */
export const writeTree = (tree: Tree): string => JSON.stringify([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));

/** The way back. */
export const readTree = (text: string): Tree => new Map(JSON.parse(text) as [string, FileEntry][]);
