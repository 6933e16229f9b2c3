import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, open, rename, rm, statfs, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import type { FileEntry } from '../../shared/model/file-undo.ts';
import { errnoOf, toFileError } from '../files/index.ts';
import { copyGit } from './copy-git.ts';
import { placeOf, type Tree } from './tree.ts';

/** What a copy is made of. */
export interface CopyRequest {
  /** The project; a real path. */
  readonly project: string;
  /** Where the copy is to stand; what stands there goes first. */
  readonly copy: string;
  /** What was taken down of the project. */
  readonly tree: Tree;
  readonly contentOf: (hash: string) => string;
  /** Crash tests kill the process here. */
  readonly reach: (point: 'file' | 'git') => void;
}

const AT_ONCE = 8;

/**
 * Makes the folder in which the steps of a run work: the files of a snapshot, and a repository of its own where the project has one. It is
 * there whole or not at all. `copy.not_made` says why it could not be made.
 */
export async function makeCopy({ project, copy, tree, contentOf, reach }: CopyRequest): Promise<void> {
  const making = `${copy}.making`;
  try {
    await rm(copy, { recursive: true, force: true });
    await rm(making, { recursive: true, force: true });
    const entries = [...tree].filter(([key]) => placeOf(key).root === 'project');
    await refuseNested(project, entries);
    await mkdir(making, { recursive: true, mode: 0o700 });
    await refuseFull(making, entries);
    for (const [key, entry] of entries)
      if (entry.kind === 'folder') await mkdir(join(making, placeOf(key).path), { recursive: true });
    const left = entries.values();
    const lane = async (): Promise<void> => {
      for (const [key, entry] of left) {
        await place(entry, join(making, placeOf(key).path), contentOf);
        reach('file');
      }
    };
    const lanes = Array.from({ length: AT_ONCE }, lane);
    await Promise.allSettled(lanes);
    await Promise.all(lanes);
    // Its place is named in its settings: it is given them before it stands there.
    await copyGit(project, making, copy);
    reach('git');
    await rename(making, copy);
  } catch (thrown) {
    await rm(making, { recursive: true, force: true });
    throw notMade(thrown);
  }
}

async function place(entry: FileEntry, path: string, contentOf: (hash: string) => string): Promise<void> {
  if (entry.kind === 'folder') return;
  await mkdir(dirname(path), { recursive: true });
  if (entry.kind === 'link') {
    await symlink(entry.target, path);
    return;
  }
  await copyFile(contentOf(entry.hash), path, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  await chmod(path, entry.mode);
}

/** A repository within has a history of its own, which nobody would take over. */
async function refuseNested(project: string, entries: readonly (readonly [string, FileEntry])[]): Promise<void> {
  for (const [key, entry] of entries) {
    const { path } = placeOf(key);
    if (entry.kind === 'folder' && (await isThere(join(project, path, '.git'))))
      throw new AppError(
        'copy.not_made',
        `A repository of its own lies in ${path}: it cannot be copied with the rest.`,
        {
          hint: "Leave it out of the 'paths' of the workspace, or let the run work in the project.",
        },
      );
  }
}

/** It is said before anything is written. */
async function refuseFull(folder: string, entries: readonly (readonly [string, FileEntry])[]): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const needed = entries.reduce((sum, [, entry]) => sum + (entry.kind === 'file' ? entry.size : 0), 0);
  // A disk that shares blocks needs less; it is not refused for what it will not need.
  if (needed <= bavail * bsize || (await sharesBlocks(folder))) return;
  throw new AppError(
    'copy.not_made',
    `The copy of the workspace needs ${mib(needed)} MiB; the disk has ${mib(bavail * bsize)} MiB left.`,
    {
      hint: "Name fewer files under 'workspace', or make room.",
    },
  );
}

const mib = (bytes: number): string => grouped(Math.ceil(bytes / 1024 / 1024));

async function sharesBlocks(folder: string): Promise<boolean> {
  const [one, other] = [join(folder, '.one'), join(folder, '.other')];
  try {
    const handle = await open(one, 'wx');
    await handle.writeFile('x').finally(() => handle.close());
    await copyFile(one, other, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  } finally {
    await rm(one, { force: true });
    await rm(other, { force: true });
  }
}

const isThere = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null)) !== null;

function notMade(thrown: unknown): AppError {
  if (thrown instanceof AppError && thrown.code === 'copy.not_made') return thrown;
  if (!(thrown instanceof AppError) && errnoOf(thrown) === '') throw thrown;
  const { message, hint } = toFileError(thrown, 'the copy of the workspace');
  return new AppError('copy.not_made', `The workspace could not be copied: ${message}`, { hint, cause: thrown });
}
