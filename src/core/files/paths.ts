import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep, win32 } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { toFileError } from './file-errors.ts';

/**
 * Whether `child` is `parent` itself or lies below it, by text alone (`/a/bc` is not inside `/a/b`). Links are not
 * followed: give real paths, or use `resolveInside`, which does.
 */
export function isInside(parent: string, child: string): boolean {
  const way = relative(resolve(parent), resolve(child));
  return way === '' || (!isAbsolute(way) && way.split(sep)[0] !== '..');
}

function refuse(path: string): AppError {
  return new AppError('file.outside', `The path leaves its folder: ${path}`, {
    hint: 'Name a path inside the folder, without "..", links or an absolute path.',
  });
}

function segmentsOf(path: string): readonly string[] {
  if (path.includes('\0') || isAbsolute(path) || win32.isAbsolute(path) || /^[A-Za-z]:/.test(path)) throw refuse(path);
  const segments = path.split(sep === '\\' ? /[\\/]/ : '/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) throw refuse(path);
  return segments;
}

/**
 * The real absolute path of `path` below `root`, following links only while they stay inside. What does not exist yet is
 * allowed (its nearest existing folder decides); a dangling link is not. Errors: `file.outside`, `file.not_found` (root).
 */
export async function resolveInside(root: string, path: string): Promise<string> {
  const realRoot = await realpath(root).catch((thrown: unknown) => Promise.reject(toFileError(thrown, root)));
  const segments = segmentsOf(path);
  let current = realRoot;
  for (const [index, segment] of segments.entries()) {
    const next = join(current, segment);
    const found = await lstat(next).catch(() => null);
    if (found === null) return join(current, ...segments.slice(index));
    current = found.isSymbolicLink() ? await realpath(next).catch(() => Promise.reject(refuse(path))) : next;
    if (!isInside(realRoot, current)) throw refuse(path);
  }
  return current;
}

const CHECKS = 3;

/**
 * Whether an open handle really is the file at `target`. Linux tells the path of a handle; elsewhere the names are compared
 * with the handle several times over, because a folder can be swapped for a link and back between any two calls.
 */
async function isStillAt(handle: FileHandle, target: string): Promise<boolean> {
  const told = process.platform === 'linux' ? await readlink(`/proc/self/fd/${handle.fd}`).catch(() => null) : null;
  if (told !== null) return told === target;
  const opened = await handle.stat({ bigint: true });
  for (let count = 0; count < CHECKS; count++) {
    const named = await stat(target, { bigint: true });
    if (opened.ino !== named.ino || opened.dev !== named.dev || (await realpath(target)) !== target) return false;
  }
  return true;
}

/**
 * Opens a regular file below `root` for reading. What was opened is compared with what was checked, so a link swapped in
 * between is refused. Errors: `file.outside`, `file.not_found`, `file.io`. The caller closes the handle.
 */
export async function openInside(root: string, path: string): Promise<FileHandle> {
  const target = await resolveInside(root, path);
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(target, flags).catch((thrown: unknown) => Promise.reject(toFileError(thrown, path)));
  try {
    if (!(await isStillAt(handle, target))) throw refuse(path);
    if (!(await handle.stat()).isFile()) throw new AppError('file.not_found', `Not a file: ${path}`);
    return handle;
  } catch (thrown) {
    await handle.close();
    throw toFileError(thrown, path);
  }
}
