import { mkdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { BundleReading } from '../bundles/index.ts';
import { isInside } from '../files/index.ts';
import type { ProjectPaths } from '../projects/index.ts';

const TOKEN = /^([0-9]{13})-(file|bundle)-([A-Za-z0-9._ -]{1,200})$/;

/** Takes a workflow out of the library; it waits under `state/removed` and the token brings it back. */
export async function removeWorkflow(paths: ProjectPaths, reading: BundleReading, now: number): Promise<string> {
  const home = reading.kind === 'bundle' ? paths.bundlesDir : paths.workflowsDir;
  if (!isInside(home, reading.path) || dirname(reading.path) !== home) {
    throw new AppError('file.outside', 'Only workflows of this project can be removed.', {
      hint: 'Delete the folder in your file manager instead.',
    });
  }
  const token = `${now}-${reading.kind}-${basename(reading.path)}`;
  if (!TOKEN.test(token))
    throw new AppError('file.outside', 'This name cannot be removed by the app.', {
      hint: 'Delete it in your file manager.',
    });
  await mkdir(paths.removedDir, { recursive: true, mode: 0o700 });
  await rename(reading.path, join(paths.removedDir, token));
  return token;
}

/** Brings a removed workflow back. `bundle.conflict` when another stands in its place, `workflow.not_found` for an unknown token. */
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
  await rename(kept, target);
  return target;
}
