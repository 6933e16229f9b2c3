import { lstat, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, type ErrorRecord, toErrorRecord } from '../../shared/errors.ts';
import type { FileEntry } from '../../shared/model/file-undo.ts';
import { errnoOf, toFileError } from '../files/index.ts';
import { entryAt } from './entry-at.ts';
import { type ComingFile, Incoming, type ReachPoint } from './incoming.ts';
import { isSame, placeOf, type Tree } from './tree.ts';

/** The folders that places are relative to; real paths. */
export interface Roots {
  readonly project: string;
  readonly run: string;
}

/** The absolute path of a place. */
export function absoluteOf(key: string, roots: Roots): string {
  const { root, path } = placeOf(key);
  return join(roots[root], ...path.split('/'));
}

/** What became of one place. */
export type Restored =
  | { readonly key: string; readonly as: 'restored' | 'changed_since' }
  | { readonly key: string; readonly as: 'failed'; readonly error: ErrorRecord };

interface RestoreRequest {
  readonly roots: Roots;
  /** What is expected to stand there. */
  readonly from: Tree;
  /** What is to stand there; a place that is in neither is no part of it. */
  readonly to: Tree;
  readonly contentOf: (hash: string) => string;
  /** Whose work it is: what it leaves beside a file when it is killed goes away when the same one is gone on with. */
  readonly name: string;
  /** Crash tests kill the process here. */
  readonly reach: (point: ReachPoint) => void;
}

/**
 * Puts back what stood at places. Each file is the old or the new one and never a part; one that is not what was expected stays as it is; one
 * that cannot be written is said and the others go on. What is already as it is to be counts as restored, so it may be done twice. When it
 * resolves, all of it is durable.
 */
export async function restore({
  roots,
  from,
  to,
  name,
  contentOf,
  reach,
}: RestoreRequest): Promise<readonly Restored[]> {
  const keys = [...new Set([...from.keys(), ...to.keys()])].sort();
  const results = new Map<string, Restored>();
  const settle = (key: string, as: 'restored' | 'changed_since'): void => void results.set(key, { key, as });
  const fail = (key: string, thrown: unknown): void =>
    void results.set(key, { key, as: 'failed', error: toErrorRecord(toFileError(thrown, placeOf(key).path)) });
  const isFolder = (tree: Tree, key: string): boolean => tree.get(key)?.kind === 'folder';
  // What is in the way goes first, files before their folders; so a file may come where a folder stood, and the other way round.
  const isGoing = (key: string): boolean =>
    from.has(key) && (!to.has(key) || isFolder(from, key) !== isFolder(to, key));
  const going = keys.filter(isGoing);
  const incoming = new Incoming({ name, contentOf, reach });
  const goes = async (key: string): Promise<void> => {
    try {
      const absolute = await freed(key, roots, incoming);
      const now = await entryAt(absolute);
      const isGone = now === null || (isSame(now, from.get(key) ?? null) && (await remove(absolute, now)));
      if (isGone) reach('replaced');
      if (isGone) incoming.touched(absolute);
      settle(key, isGone ? 'restored' : 'changed_since');
    } catch (thrown) {
      fail(key, thrown);
    }
  };
  for (const key of going.filter((one) => !isFolder(from, one))) await goes(key);
  for (const key of going.filter((one) => isFolder(from, one)).reverse()) await goes(key);
  const coming: ComingFile[] = [];
  for (const key of keys) {
    const target = to.get(key);
    if (target === undefined || (isGoing(key) && results.get(key)?.as !== 'restored')) continue;
    const expected = isGoing(key) ? null : (from.get(key) ?? null);
    const said = {
      settle: (as: 'restored' | 'changed_since') => settle(key, as),
      fail: (why: unknown) => fail(key, why),
    };
    coming.push({ absolute: () => freed(key, roots, incoming), expected, target, ...said });
  }
  await incoming.bring(coming);
  await incoming.syncFolders();
  return keys.flatMap((key) => results.get(key) ?? []);
}

/** The absolute path of a place, without what an attempt that was killed has left beside it. `file.outside` */
async function freed(key: string, roots: Roots, incoming: Incoming): Promise<string> {
  const absolute = absoluteOf(key, roots);
  await refuseDetour(absolute, roots[placeOf(key).root]);
  await rm(incoming.temporaryOf(absolute), { force: true });
  return absolute;
}

/** A link on the way would lead out of the folder. `file.outside` */
export async function refuseDetour(absolute: string, root: string): Promise<void> {
  for (let folder = dirname(absolute); folder !== root; folder = dirname(folder)) {
    const stats = await lstat(folder).catch(() => null);
    if (stats !== null && !stats.isDirectory())
      throw new AppError('file.outside', `Something other than a folder stands at ${folder}.`);
  }
}

/** False = it stays as it is: a folder that holds something else. */
const remove = (absolute: string, now: FileEntry): Promise<boolean> =>
  now.kind === 'folder' ? removeFolder(absolute) : rm(absolute).then(() => true);

const removeFolder = (absolute: string): Promise<boolean> =>
  rmdir(absolute).then(
    () => true,
    (thrown: unknown) => {
      if (errnoOf(thrown) === 'ENOTEMPTY' || errnoOf(thrown) === 'EEXIST') return false;
      throw thrown;
    },
  );
