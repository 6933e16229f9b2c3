import { mkdir, realpath, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { BundleReading } from '../bundles/index.ts';
import { isInside, toFileError } from '../files/index.ts';
import type { ProjectPaths } from '../projects/index.ts';

const TOKEN = /^([0-9]{13})-(file|bundle)-([A-Za-z0-9._ -]{1,200})$/;

/**
 * Takes a workflow out of the library; it waits under `state/removed` and the token brings it back. `now` in UTC ms. Errors:
 * `file.outside` (not of this library), `file.not_found`, `file.io`.
 */
export async function removeWorkflow(paths: ProjectPaths, reading: BundleReading, now: number): Promise<string> {
  const home = reading.kind === 'bundle' ? paths.bundlesDir : paths.workflowsDir;
  // A reading has its real path; the project may have been opened through a link.
  const realHome = await realpath(home).catch(() => home);
  if (dirname(reading.path) !== realHome) {
    throw new AppError('file.outside', 'Only workflows of this project can be removed.', {
      hint: 'Delete the folder in your file manager instead.',
    });
  }
  const token = `${now}-${reading.kind}-${basename(reading.path)}`;
  if (!TOKEN.test(token))
    throw new AppError('file.outside', 'This name cannot be removed by the app.', {
      hint: 'Delete it in your file manager.',
    });
  await move(reading.path, join(paths.removedDir, token), 0o700);
  return token;
}

/**
 * Brings a removed workflow back and gives its path. Errors: `bundle.conflict` (another stands in its place),
 * `workflow.not_found` (an unknown token), `file.io`.
 */
export async function restoreWorkflow(paths: ProjectPaths, token: string): Promise<string> {
  const match = TOKEN.exec(token);
  const kept = join(paths.removedDir, token);
  if (match === null || !isInside(paths.removedDir, kept) || (await stat(kept).catch(() => null)) === null) {
    throw new AppError('workflow.not_found', 'What was removed is no longer there.');
  }
  const target = join(match[2] === 'bundle' ? paths.bundlesDir : paths.workflowsDir, match[3] ?? '');
  if ((await stat(target).catch(() => null)) !== null) {
    throw new AppError('bundle.conflict', 'Another workflow of that name has taken its place.', {
      hint: 'Remove or rename it first.',
    });
  }
  await move(kept, target, 0o755);
  return target;
}

async function move(from: string, to: string, folderMode: number): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true, mode: folderMode });
    await rename(from, to);
  } catch (thrown) {
    throw toFileError(thrown, basename(from));
  }
}
