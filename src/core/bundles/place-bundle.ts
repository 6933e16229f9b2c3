import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { errnoOf, toFileError } from '../files/index.ts';
import { checkInnerPath } from './inner-path.ts';

export type OnConflict = 'refuse' | 'replace' | 'keep_both';

/** Where a bundle ended up. */
export interface PlacedBundle {
  readonly name: string;
  readonly path: string;
  /** Where the one that was replaced is kept now, or null. */
  readonly backup: string | null;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const TAKEN = new Set(['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM']);
const MAX_COPIES = 1_000;

/** A name that a bundle's folder may have. Error: `bundle.invalid`. */
function checkBundleName(name: string): string {
  try {
    if (NAME.test(name)) return checkInnerPath(name);
  } catch {
    // Said below, in the words of a name.
  }
  throw new AppError('bundle.invalid', `Not a name for a bundle: ${JSON.stringify(name.slice(0, 100))}`, {
    hint: 'Use letters, digits, dots, dashes and underscores.',
  });
}

/** The folder that has the name already, also when only the case differs. */
export async function findTaken(bundlesDir: string, name: string): Promise<string | null> {
  const names = await readdir(bundlesDir).catch((): string[] => []);
  return names.find((known) => known.toLowerCase() === name.toLowerCase()) ?? null;
}

function conflict(name: string): AppError {
  return new AppError('bundle.conflict', `A bundle with this name is already there: ${name}`, {
    hint: 'Choose another name, replace it or keep both.',
    details: { name },
  });
}

/** Moves a folder to a free name; false = somebody has the name. */
async function moveTo(folder: string, target: string): Promise<boolean> {
  if ((await lstat(target).catch(() => null)) !== null) return false;
  try {
    await rename(folder, target);
    return true;
  } catch (thrown) {
    if (TAKEN.has(errnoOf(thrown))) return false;
    throw thrown;
  }
}

async function placeBeside(folder: string, bundlesDir: string, name: string): Promise<PlacedBundle> {
  for (let count = 1; count <= MAX_COPIES; count++) {
    const candidate = count === 1 ? name : `${name}-${count}`;
    if ((await findTaken(bundlesDir, candidate)) !== null) continue;
    const path = join(bundlesDir, candidate);
    if (await moveTo(folder, path)) return { name: candidate, path, backup: null };
  }
  throw conflict(name);
}

/** Keeps a bundle under a name that `workflows.restore` takes: instant in ms, kind, folder name. */
async function moveToBackup(path: string, removedDir: string, at: number): Promise<string> {
  for (let instant = at; instant < at + MAX_COPIES; instant++) {
    const backup = join(removedDir, `${instant}-bundle-${basename(path)}`);
    if (await moveTo(path, backup)) return backup;
  }
  throw conflict(basename(path));
}

async function placeOver(folder: string, dirs: PlaceDirs, { name, at }: PlaceWish): Promise<PlacedBundle> {
  const taken = await findTaken(dirs.bundlesDir, name);
  const path = join(dirs.bundlesDir, name);
  if (taken === null) {
    if (await moveTo(folder, path)) return { name, path, backup: null };
    throw conflict(name);
  }
  await mkdir(dirs.removedDir, { recursive: true, mode: 0o700 });
  const backup = await moveToBackup(join(dirs.bundlesDir, taken), dirs.removedDir, at);
  if (await moveTo(folder, path).catch(() => false)) return { name, path, backup };
  await rename(backup, join(dirs.bundlesDir, taken)).catch(() => undefined);
  throw conflict(name);
}

export interface PlaceWish {
  readonly name: string;
  readonly onConflict: OnConflict;
  /** Now, UTC ms: the name of a backup. */
  readonly at: number;
}

export interface PlaceDirs {
  readonly bundlesDir: string;
  /** Where a replaced bundle is kept. */
  readonly removedDir: string;
}

/**
 * Moves a finished folder (on the same file system) into the library under a name. Of several at once exactly one gets a
 * name. The folder is gone afterwards either way. Errors: `bundle.conflict`, `bundle.invalid`, `file.*`.
 */
export async function placeBundle(folder: string, dirs: PlaceDirs, wish: PlaceWish): Promise<PlacedBundle> {
  try {
    const name = checkBundleName(wish.name);
    if (wish.onConflict === 'keep_both') return await placeBeside(folder, dirs.bundlesDir, name);
    if (wish.onConflict === 'replace') return await placeOver(folder, dirs, { ...wish, name });
    const path = join(dirs.bundlesDir, name);
    if ((await findTaken(dirs.bundlesDir, name)) === null && (await moveTo(folder, path)))
      return { name, path, backup: null };
    throw conflict(name);
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw toFileError(thrown, dirs.bundlesDir);
  }
}
