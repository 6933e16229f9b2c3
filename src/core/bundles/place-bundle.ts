import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { errnoOf, toFileError } from '../files/index.ts';
import { checkInnerPath } from './inner-path.ts';

/** A folder or file of the library that gets another place on the same file system. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

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

const isThere = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null)) !== null;

/** Moves to a free name; false = somebody has the name. */
async function moveTo({ from, to }: Move): Promise<boolean> {
  if (await isThere(to)) return false;
  try {
    await rename(from, to);
    return true;
  } catch (thrown) {
    if (TAKEN.has(errnoOf(thrown))) return false;
    throw toFileError(thrown, basename(from));
  }
}

/** How many of the moves were made before, the last one that was made among them. */
async function countMade(moves: readonly Move[]): Promise<number> {
  for (let count = moves.length; count > 0; count -= 1) {
    const { from, to } = moves[count - 1] ?? { from: '', to: '' };
    if (!(await isThere(from)) && (await isThere(to))) return count;
  }
  return 0;
}

/**
 * Makes moves one after the other, or none: where one cannot be made, those before it are undone. False = a place is taken. What was cut
 * short is ended by making the same moves again: those that were made stay made.
 */
export async function makeMoves(moves: readonly Move[], onMoved: () => void = () => undefined): Promise<boolean> {
  for (let index = await countMade(moves); index < moves.length; index += 1) {
    const isMade = await moveTo(moves[index] ?? { from: '', to: '' }).catch(async (thrown: unknown) => {
      await undoMoves(moves.slice(0, index));
      throw thrown;
    });
    if (!isMade) {
      await undoMoves(moves.slice(0, index));
      return false;
    }
    onMoved();
  }
  return true;
}

/** Takes moves back as far as they were made. */
export async function undoMoves(moves: readonly Move[]): Promise<void> {
  for (const { from, to } of moves.toReversed())
    if (!(await isThere(from))) await rename(to, from).catch(() => undefined);
}

/** A free place for what is replaced, under a name that `workflows.restore` takes: instant in ms, kind, folder name. */
async function freeBackup(path: string, { removedDir }: PlaceDirs, at: number): Promise<string> {
  await mkdir(removedDir, { recursive: true, mode: 0o700 });
  for (let instant = at; instant < at + MAX_COPIES; instant++) {
    const backup = join(removedDir, `${instant}-bundle-${basename(path)}`);
    if (!(await isThere(backup))) return backup;
  }
  throw conflict(basename(path));
}

async function placeBeside(folder: string, { bundlesDir }: PlaceDirs, wish: PlaceWish): Promise<PlacedBundle> {
  for (let count = 1; count <= MAX_COPIES; count++) {
    const candidate = count === 1 ? wish.name : `${wish.name}-${count}`;
    if ((await findTaken(bundlesDir, candidate)) !== null) continue;
    const placed = { name: candidate, path: join(bundlesDir, candidate), backup: null };
    if (await carryOut(wish, placed, [{ from: folder, to: placed.path }])) return placed;
  }
  throw conflict(wish.name);
}

async function placeOver(folder: string, dirs: PlaceDirs, wish: PlaceWish): Promise<PlacedBundle> {
  const { name } = wish;
  const found = await findTaken(dirs.bundlesDir, name);
  const path = join(dirs.bundlesDir, name);
  const taken = found === null ? null : join(dirs.bundlesDir, found);
  const backup = taken === null ? null : await freeBackup(taken, dirs, wish.at);
  const aside = taken === null || backup === null ? [] : [{ from: taken, to: backup }];
  if (await carryOut(wish, { name, path, backup }, [...aside, { from: folder, to: path }]))
    return { name, path, backup };
  throw conflict(name);
}

const carryOut = (wish: PlaceWish, placed: PlacedBundle, moves: readonly Move[]): Promise<boolean> =>
  wish.carryOut === undefined ? makeMoves(moves) : wish.carryOut(placed, moves);

export interface PlaceWish {
  readonly name: string;
  readonly onConflict: OnConflict;
  /** Now, UTC ms: the name of a backup. */
  readonly at: number;
  /** Makes the moves by `makeMoves`, for whoever writes them down first. */
  readonly carryOut?: ((placed: PlacedBundle, moves: readonly Move[]) => Promise<boolean>) | undefined;
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
    const named = { ...wish, name };
    if (wish.onConflict === 'keep_both') return await placeBeside(folder, dirs, named);
    if (wish.onConflict === 'replace') return await placeOver(folder, dirs, named);
    const placed = { name, path: join(dirs.bundlesDir, name), backup: null };
    const isFree = (await findTaken(dirs.bundlesDir, name)) === null;
    if (isFree && (await carryOut(named, placed, [{ from: folder, to: placed.path }]))) return placed;
    throw conflict(name);
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw toFileError(thrown, dirs.bundlesDir);
  }
}
