import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { errnoOf, syncFolder, toFileError } from '../files/index.ts';
import { comparePaths, type FoundFile } from './bundle-files.ts';
import type { BundleReading } from './bundle-reading.ts';
import { hashFiles } from './content-hash.ts';

const HASH = /^[0-9a-f]{64}$/;
const LOST_RACE = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'EBUSY']);

function versionFolder(archiveDir: string, hash: string): string {
  if (!HASH.test(hash)) throw new AppError('workflow.version_not_found', `Not a version: ${hash}`);
  return join(archiveDir, hash);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/**
 * Copies files into a new folder beside their final place, so that it appears whole or not at all, and checks that what
 * was written has `contentHash`. Gives the folder, which the caller renames. Errors: `bundle.changed`, `file.*`.
 */
export async function copyVerified(files: readonly FoundFile[], contentHash: string, besides: string): Promise<string> {
  await mkdir(besides, { recursive: true, mode: 0o700 });
  const folder = join(besides, `.new-${randomUUID()}`);
  try {
    await mkdir(folder, { mode: 0o700 });
    const copied = await hashFiles(files, folder);
    if (copied.contentHash !== contentHash) {
      throw new AppError('bundle.changed', 'The bundle changed after it was read.', { hint: 'Read it again.' });
    }
    const folders = new Set(files.map((file) => dirname(join(folder, file.path))));
    for (const inner of [...folders, folder]) await syncFolder(inner);
    return folder;
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw toFileError(thrown, folder);
  }
}

/**
 * Keeps the version of a reading under `<archiveDir>/<hash>/`, once per hash, however many ask at a time. What is stored
 * was hashed on its way in. Errors: `bundle.changed` (the source no longer is what was read), `file.io`, `file.disk_full`.
 */
export async function snapshotBundle(reading: BundleReading, archiveDir: string): Promise<void> {
  const target = versionFolder(archiveDir, reading.contentHash);
  if (await isFolder(target)) return;
  const folder = await copyVerified(reading.sources, reading.contentHash, archiveDir);
  try {
    await rename(folder, target);
    await syncFolder(archiveDir);
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    if (LOST_RACE.has(errnoOf(thrown)) && (await isFolder(target))) return;
    throw toFileError(thrown, target);
  }
}

/** All files below a folder as they stand: nothing in a kept version is ignored. */
async function listAll(root: string, folder = ''): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await listAll(root, path)));
    else found.push({ path: path.normalize('NFC'), absolutePath: join(root, path) });
  }
  return found.sort((a, b) => comparePaths(a.path, b.path));
}

async function copyInto(source: string, target: string): Promise<string> {
  await mkdir(target, { mode: 0o700 });
  const files = await listAll(source);
  for (const file of files) {
    const path = join(target, file.path);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await copyFile(file.absolutePath, path, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  }
  const copies = files.map((file) => ({ path: file.path, absolutePath: join(target, file.path) }));
  return (await hashFiles(copies)).contentHash;
}

/**
 * Makes a run's own copy of a kept version at `targetDir` (which must not exist or be empty), by reflink where the file
 * system can. It appears whole or not at all; exec bits are kept, and the copy is hashed again, so that nothing runs that
 * differs from its version. Errors: `workflow.version_not_found`, `store.corrupt` (the kept version was changed), `file.*`.
 */
export async function materializeBundle(archiveDir: string, hash: string, targetDir: string): Promise<void> {
  const source = versionFolder(archiveDir, hash);
  if (!(await isFolder(source))) throw new AppError('workflow.version_not_found', `Version not found: ${hash}`);
  const folder = `${targetDir}.new-${randomUUID()}`;
  try {
    await mkdir(dirname(targetDir), { recursive: true, mode: 0o700 });
    if ((await copyInto(source, folder)) !== hash) {
      throw new AppError('store.corrupt', `The kept version was changed on disk: ${hash}`, {
        hint: 'Start the workflow from its source again; the old version cannot be used.',
      });
    }
    await rmdir(targetDir).catch(() => undefined);
    await rename(folder, targetDir);
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw toFileError(thrown, targetDir);
  }
}
