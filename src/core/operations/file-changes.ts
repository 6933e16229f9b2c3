import type { FileUndoCounts, FileUndoProblem } from '../../shared/contract/index.ts';
import { type NetChange, placeOf, type Restored, type Tree } from '../snapshots/index.ts';

/** One side of changes, as a tree. */
export const side = (changes: ReadonlyMap<string, NetChange>, end: 'before' | 'after'): Tree =>
  new Map([...changes].flatMap(([key, change]) => (change[end] === null ? [] : [[key, change[end]] as const])));

/** Whether it is about a folder. */
export const isFolder = ({ before, after }: NetChange): boolean => (before ?? after)?.kind === 'folder';

/** Keys of the folders around these places: a folder comes and goes with what is in it. */
export function foldersAround(keys: Iterable<string>): ReadonlySet<string> {
  const around = new Set<string>();
  for (const key of keys)
    for (let at = key.lastIndexOf('/'); at > 0 && !around.has(key.slice(0, at)); at = key.lastIndexOf('/', at - 1))
      around.add(key.slice(0, at));
  return around;
}

/** Paths of the places that came out so. */
export const pathsOf = (results: readonly Restored[], as: Restored['as']): readonly string[] =>
  results.flatMap((one) => (one.as === as ? [placeOf(one.key).path] : []));

/** How it came out, counted. */
export function countsOf(results: readonly Restored[]): FileUndoCounts {
  const count = (as: Restored['as']): number => results.filter((one) => one.as === as).length;
  return { restored: count('restored'), kept: count('changed_since'), failed: count('failed') };
}

/** Why a place is not as it was to be; nothing where it is. */
export function problemOf(one: Restored): readonly FileUndoProblem[] {
  if (one.as === 'restored') return [];
  const reason = one.as === 'failed' ? one.error.message : 'It was changed since, and stays as it is.';
  return [{ ...placeOf(one.key), reason }];
}
