import { join } from 'node:path';
import type { BundleLocked } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { type BundleReading, LOCK_FILE, lockText, makeLock, type ReadBundleOptions } from '../bundles/index.ts';
import { isInside, writeFileAtomic } from '../files/index.ts';
import { type ProjectPaths, showPath } from '../projects/index.ts';

/** What locking needs: the bundle's place, and how it is read. */
export interface LockPlace {
  readonly paths: ProjectPaths;
  readonly read: () => Promise<BundleReading>;
  readonly madeOf: ReadBundleOptions['madeOf'];
}

/**
 * Writes the lock of a bundle, or looks whether it still is what its lock says (SPEC §6.5). Errors: `bundle.changed`, `bundle.invalid`,
 * `file.outside`, `file.*`.
 */
export async function lockBundle({ paths, read, madeOf }: LockPlace, update: boolean): Promise<BundleLocked> {
  const before = await read();
  if (before.kind === 'file')
    throw new AppError('bundle.invalid', 'A single file has no lock: its version is its content.', {
      hint: 'Name the folder of a bundle.',
    });
  if (!isInside(paths.project, before.path))
    throw new AppError('file.outside', 'The bundle is not in this project, so that nothing is written there.', {
      hint: 'Import the bundle, or name the project that it belongs to.',
    });
  const problems = before.diagnostics.filter(({ code }) => code === 'bundle.locked');
  const isLocked = before.sources.some(({ path }) => path === LOCK_FILE);
  if (isLocked && problems.length > 0 && !update)
    throw new AppError('bundle.changed', 'The bundle is not what its lock says.', {
      hint: 'Put back what was locked, or look at what changed and lock it anew.',
      details: { problems },
    });
  const lock = await makeLock(before, before.sources, madeOf);
  const isFine = isLocked && problems.length === 0;
  const file = join(before.path, LOCK_FILE);
  if (!isFine) await writeFileAtomic(file, lockText(lock));
  return {
    name: before.config.name,
    file: showPath(paths, file),
    outcome: isFine ? 'unchanged' : isLocked ? 'updated' : 'locked',
    hash: lock.hash,
    tools: Object.keys(lock.tools),
    contentHash: isFine ? before.contentHash : (await read()).contentHash,
  };
}
