import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, isInside, openInside } from '../../files/index.ts';

/** A file as the disk shows it. `path` is relative to the root, with `/`; times are whole UTC ms. */
export interface SeenFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** Number of the file on its disk: a rename keeps it. */
  readonly inode: string;
}

/** What stands at a path. `unknown` = it could not be asked (no right, a network that is gone): nothing follows from that. */
export type Sight = SeenFile | 'folder' | 'absent' | 'unknown';

const GONE = new Set(['ENOENT', 'ENOTDIR']);

/** A file as a watch remembers it. */
export const toSeenFile = (path: string, found: Stats): SeenFile => ({
  path,
  size: found.size,
  mtimeMs: Math.floor(found.mtimeMs),
  inode: String(found.ino),
});

/** Looks at one path. A link to a file inside the root counts as that file; any other link, pipe or device is as good as absent. */
export async function lookAt(root: string, path: string): Promise<Sight> {
  const target = join(root, path);
  try {
    const found = await lstat(target);
    if (found.isDirectory()) return 'folder';
    if (found.isFile()) return toSeenFile(path, found);
    return found.isSymbolicLink() ? await lookThrough(root, path) : 'absent';
  } catch (thrown) {
    return GONE.has(errnoOf(thrown)) ? 'absent' : 'unknown';
  }
}

/** The file that a link leads to, if it leads to one inside the root. A link to a folder leads to what is watched in its own place. */
export async function lookThrough(root: string, path: string): Promise<SeenFile | 'absent'> {
  const real = await realpath(join(root, path)).catch(() => null);
  if (real === null || !isInside(root, real)) return 'absent';
  const found = await stat(real).catch(() => null);
  return found?.isFile() === true ? toSeenFile(path, found) : 'absent';
}

/** A content's name, or why there is none: the file changed while it was read, or may not be read. */
export type HashResult = { readonly hash: string } | 'changed' | 'unreadable';

/** SHA-256 (hex) of a file's content, read through the one path check; `changed` when it is not the file that was seen. */
export async function hashFile(root: string, seen: SeenFile): Promise<HashResult> {
  const handle = await openFile(root, seen.path);
  if (typeof handle === 'string') return handle;
  try {
    const hash = createHash('sha256');
    for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 }))
      hash.update(chunk);
    const after = toSeenFile(seen.path, await handle.stat());
    return after.size === seen.size && after.mtimeMs === seen.mtimeMs ? { hash: hash.digest('hex') } : 'changed';
  } catch {
    return 'unreadable';
  } finally {
    await handle.close();
  }
}

async function openFile(root: string, path: string) {
  try {
    return await openInside(root, path);
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.cause : null;
    return GONE.has(errnoOf(cause)) ? 'changed' : 'unreadable';
  }
}
