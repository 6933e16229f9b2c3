import type { FileEntry, FilePlace } from '../../shared/model/file-undo.ts';
import { isSame, placeOf, type Tree } from './tree.ts';

/** What one attempt found and left. */
export interface Span {
  /** Path of the step. */
  readonly step: string;
  readonly before: Tree;
  readonly after: Tree;
}

/** What became of one place over all spans. */
export interface NetChange {
  readonly before: FileEntry | null;
  readonly after: FileEntry | null;
  readonly steps: readonly string[];
  /** Somebody else changed it between two of the steps: what was before is not only the run's to take back. */
  readonly isMixed: boolean;
}

/** What spans changed together, oldest span first, by key of the place; what was undone within them is no change. */
export function netChanges(spans: readonly Span[]): ReadonlyMap<string, NetChange> {
  const found = new Map<string, NetChange>();
  for (const { step, before, after } of spans)
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(key) ?? null, after.get(key) ?? null];
      if (isSame(was, is)) continue;
      const known = found.get(key);
      const isMixed = known !== undefined && (known.isMixed || !isSame(known.after, was));
      const steps = known === undefined ? [step] : [...new Set([...known.steps, step])];
      found.set(key, { before: known === undefined ? was : known.before, after: is, steps, isMixed });
    }
  for (const [key, { before, after, isMixed }] of found) if (!isMixed && isSame(before, after)) found.delete(key);
  return found;
}

/** Files that went from one name to another: the same content came as the only one and went as the only one. By both keys. */
export function renamesIn(changes: ReadonlyMap<string, NetChange>): ReadonlyMap<string, FilePlace> {
  const gone = new Map<string, string[]>();
  const come = new Map<string, string[]>();
  for (const [key, { before, after }] of changes) {
    const [entry, ends] = before === null ? [after, come] : [before, gone];
    if (entry?.kind !== 'file' || entry.size === 0 || (before !== null && after !== null)) continue;
    ends.set(entry.hash, [...(ends.get(entry.hash) ?? []), key]);
  }
  const found = new Map<string, FilePlace>();
  for (const [hash, [from = '', ...others]] of gone) {
    const [to, ...more] = come.get(hash) ?? [];
    if (to === undefined || others.length + more.length > 0) continue;
    found.set(from, placeOf(to));
    found.set(to, placeOf(from));
  }
  return found;
}
