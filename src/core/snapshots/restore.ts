import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, open, rename, rm, rmdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, type ErrorRecord, toErrorRecord } from '../../shared/errors.ts';
import type { FileEntry } from '../../shared/model/file-undo.ts';
import { sha256Hex, startSha256 } from '../crypto/index.ts';
import { errnoOf, toFileError } from '../files/index.ts';
import { statsOf, targetOf } from './scan.ts';
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

/** What stands at a path now; null = nothing, or something that no snapshot holds. */
export async function entryAt(absolute: string): Promise<FileEntry | null> {
  const stats = await statsOf(absolute);
  if (stats === null) return null;
  if (stats.isDirectory()) return { kind: 'folder' };
  if (stats.isSymbolicLink()) return { kind: 'link', target: await targetOf(absolute) };
  if (!stats.isFile()) return null;
  const hash = startSha256();
  const handle = await open(absolute, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    for await (const piece of handle.createReadStream({ autoClose: false, highWaterMark: 1 << 20 }))
      hash.update(piece as Buffer);
  } finally {
    await handle.close();
  }
  return { kind: 'file', mode: Number(stats.mode & 0o777n), size: Number(stats.size), hash: hash.digestHex() };
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
  readonly reach: (point: 'copied' | 'replaced') => void;
}

/**
 * Puts back what stood at places. Each file is the old or the new one and never a part; one that is not what was expected stays as it is; one
 * that cannot be written is said and the others go on. What is already as it is to be counts as restored, so it may be done twice.
 */
export async function restore({ roots, from, to, name, ...how }: RestoreRequest): Promise<readonly Restored[]> {
  const keys = [...new Set([...from.keys(), ...to.keys()])].sort();
  const results = new Map<string, Restored>();
  const suffix = `.${sha256Hex(name).slice(0, 16)}.tmp`;
  const settle = async (key: string, expected: FileEntry | null, target: FileEntry | null): Promise<void> => {
    const absolute = absoluteOf(key, roots);
    try {
      await refuseDetour(absolute, roots[placeOf(key).root]);
      const temporary = `${absolute}${suffix}`;
      await rm(temporary, { force: true });
      const now = await entryAt(absolute);
      const isWanted = isSame(now, target);
      const isDone =
        isWanted || (isSame(now, expected) && (await replace(absolute, { now, target, temporary, ...how })));
      if (isDone) how.reach('replaced');
      results.set(key, { key, as: isDone ? 'restored' : 'changed_since' });
    } catch (thrown) {
      results.set(key, { key, as: 'failed', error: toErrorRecord(toFileError(thrown, placeOf(key).path)) });
    }
  };
  const isFolder = (tree: Tree, key: string): boolean => tree.get(key)?.kind === 'folder';
  // What is in the way goes first, files before their folders; so a file may come where a folder stood, and the other way round.
  const isGoing = (key: string): boolean =>
    from.has(key) && (!to.has(key) || isFolder(from, key) !== isFolder(to, key));
  const going = keys.filter(isGoing);
  for (const key of going.filter((one) => !isFolder(from, one))) await settle(key, from.get(key) ?? null, null);
  for (const key of going.filter((one) => isFolder(from, one)).reverse())
    await settle(key, from.get(key) ?? null, null);
  for (const key of keys) {
    const target = to.get(key);
    if (target === undefined || (isGoing(key) && results.get(key)?.as !== 'restored')) continue;
    await settle(key, isGoing(key) ? null : (from.get(key) ?? null), target);
  }
  return keys.flatMap((key) => results.get(key) ?? []);
}

/** A link on the way would lead out of the folder. `file.outside` */
export async function refuseDetour(absolute: string, root: string): Promise<void> {
  for (let folder = dirname(absolute); folder !== root; folder = dirname(folder)) {
    const stats = await lstat(folder).catch(() => null);
    if (stats !== null && !stats.isDirectory())
      throw new AppError('file.outside', `Something other than a folder stands at ${folder}.`);
  }
}

interface Replacing extends Pick<RestoreRequest, 'contentOf' | 'reach'> {
  readonly now: FileEntry | null;
  readonly target: FileEntry | null;
  readonly temporary: string;
}

/** False = it stays as it is: a folder that holds something else. */
async function replace(absolute: string, { now, target, temporary, contentOf, reach }: Replacing): Promise<boolean> {
  if (target === null) return now?.kind === 'folder' ? removeFolder(absolute) : rm(absolute).then(() => true);
  await mkdir(target.kind === 'folder' ? absolute : dirname(absolute), { recursive: true });
  if (target.kind === 'folder') return true;
  if (target.kind === 'file' && now?.kind === 'file' && now.hash === target.hash) {
    await chmod(absolute, target.mode);
    return true;
  }
  try {
    if (target.kind === 'link') await symlink(target.target, temporary);
    else {
      await copyFile(contentOf(target.hash), temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      const kept = await entryAt(temporary);
      if (kept?.kind !== 'file' || kept.hash !== target.hash)
        throw new AppError('store.corrupt', 'What was kept of this file is damaged: it stays as it is.');
      const handle = await open(temporary, 'r+');
      await handle
        .chmod(target.mode)
        .then(() => handle.sync())
        .finally(() => handle.close());
    }
    reach('copied');
    await rename(temporary, absolute);
    return true;
  } finally {
    await rm(temporary, { force: true });
  }
}

const removeFolder = (absolute: string): Promise<boolean> =>
  rmdir(absolute).then(
    () => true,
    (thrown: unknown) => {
      if (errnoOf(thrown) === 'ENOTEMPTY' || errnoOf(thrown) === 'EEXIST') return false;
      throw thrown;
    },
  );
