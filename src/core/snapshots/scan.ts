import type { BigIntStats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { errnoOf } from '../files/index.ts';
import { type PathGlob, readPathGlob } from '../globs/index.ts';

/** A covered place, as it was found. */
export interface Found {
  /** Relative, with `/` between names. */
  readonly path: string;
  readonly absolute: string;
  readonly stats: BigIntStats;
}

/** More than this in one tree, and looking at it twice a step would be the work. */
const MOST_ENTRIES = 200_000;

/** What belongs to git or to this program: nobody's work of a run. */
const isKeptOut = (names: readonly string[]): boolean => names.at(-1) === '.git' || names[0] === '.aiworkflow';

/** Whether a path meets one of the patterns of a workspace, or lies in a folder that does. */
export function meetsWorkspace(path: string, patterns: readonly string[]): boolean {
  const names = path.split('/');
  return readWorkspace(patterns).some((glob) =>
    names.some(
      (_, at) => (at < names.length - 1 || !glob.isFolderOnly) && glob.test(names.slice(0, at + 1), { dots: true }),
    ),
  );
}

/** The literal names at the beginning of a pattern: nothing elsewhere can meet it. */
function firstNames(pattern: string): readonly string[] {
  const bare = pattern.replace(/\/$/, '');
  const segments = bare.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (!bare.includes('/')) return [];
  const magic = segments.findIndex((segment) => /[*?[{\\]/.test(segment));
  return magic < 0 ? segments.slice(0, -1) : segments.slice(0, magic);
}

/** `undo.not_taken` says which pattern is none. */
function readWorkspace(patterns: readonly string[]): readonly PathGlob[] {
  return patterns.map((pattern) => {
    const glob = readPathGlob(pattern);
    if ('problem' in glob) throw new AppError('undo.not_taken', `The workspace pattern '${pattern}' ${glob.problem}.`);
    return glob;
  });
}

/**
 * Files, links and folders below a folder that meet one of the patterns, or are in a folder that does; null = all of them. Links are not
 * followed. `undo.not_taken` where something of it cannot be read.
 */
export async function* scan(root: string, patterns: readonly string[] | null): AsyncGenerator<Found> {
  const globs = patterns === null ? null : readWorkspace(patterns);
  const starts = patterns === null ? [[]] : patterns.map(firstNames);
  const ways = starts.filter((names, at) => !starts.some((other, index) => isAbove(other, names, index < at)));
  let count = 0;
  const covers = (names: readonly string[], isFolder: boolean): boolean =>
    globs === null || globs.some((glob) => (isFolder || !glob.isFolderOnly) && glob.test(names, { dots: true }));
  async function* below(names: readonly string[], isCovered: boolean): AsyncGenerator<Found> {
    const folder = join(root, ...names);
    for (const name of await namesIn(folder)) {
      const inner = [...names, name];
      if (isKeptOut(inner)) continue;
      const absolute = join(folder, name);
      const stats = await statsOf(absolute);
      if (stats === null) continue;
      const isIn = isCovered || covers(inner, stats.isDirectory());
      if (isIn && (stats.isFile() || stats.isSymbolicLink() || stats.isDirectory())) {
        if (++count > MOST_ENTRIES)
          throw new AppError('undo.not_taken', `The workspace holds more than ${grouped(MOST_ENTRIES)} files.`, {
            hint: "Name fewer of them under 'workspace'.",
          });
        yield { path: inner.join('/'), absolute, stats };
      }
      if (stats.isDirectory()) yield* below(inner, isIn);
    }
  }
  for (const names of ways) {
    const above = names.map((_, at) => names.slice(0, at + 1));
    if (above.some(isKeptOut)) continue;
    const folders = await Promise.all(above.map((way) => statsOf(join(root, ...way))));
    // A link on the way leads out of what is looked at.
    if (folders.every((stats) => stats?.isDirectory() === true))
      yield* below(
        names,
        above.some((way) => covers(way, true)),
      );
  }
}

/** Whether a way leads into another one; two that are the same count once. */
const isAbove = (way: readonly string[], other: readonly string[], isEarlier: boolean): boolean =>
  way.every((name, at) => other[at] === name) &&
  (way.length < other.length || (way.length === other.length && isEarlier));

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (thrown) {
    if (isGone(thrown)) return [];
    throw unreadable(folder, thrown);
  }
}

/** What stands at a path, links not followed; null = nothing. `undo.not_taken` */
export async function statsOf(path: string): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true });
  } catch (thrown) {
    if (isGone(thrown)) return null;
    throw unreadable(path, thrown);
  }
}

/** What tells one state of a file from another, without reading it. */
export const stampOf = ({ dev, ino, size, mode, mtimeNs, ctimeNs }: BigIntStats): string =>
  [dev, ino, size, mode, mtimeNs, ctimeNs].join(' ');

/** Where a link leads. `undo.not_taken` */
export const targetOf = (path: string): Promise<string> =>
  readlink(path).catch((thrown: unknown) => Promise.reject(unreadable(path, thrown)));

const isGone = (thrown: unknown): boolean => errnoOf(thrown) === 'ENOENT' || errnoOf(thrown) === 'ENOTDIR';

/** Why a place could not be taken down. */
export function unreadable(path: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError('undo.not_taken', `${path} could not be read (${errnoOf(thrown) || String(thrown)}).`, {
    cause: thrown,
  });
}
