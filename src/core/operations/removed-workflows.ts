import { mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { BundleReading, Move } from '../bundles/index.ts';
import { isInside, toFileError } from '../files/index.ts';
import type { ProjectPaths } from '../projects/index.ts';

const TOKEN = /^([0-9]{13})-(file|bundle)-([A-Za-z0-9._ -]{1,200})$/;

/** What takes a workflow out of the library, and the token that brings it back. */
export interface Removal {
  readonly token: string;
  readonly move: Move;
}

/**
 * How a workflow is taken out of the library: it waits under `state/removed`. `now` in UTC ms. Errors: `file.outside` (not of this library),
 * `file.io`.
 */
export async function planRemoval(paths: ProjectPaths, reading: BundleReading, now: number): Promise<Removal> {
  await requireOfLibrary(paths, reading, 'Delete the folder in your file manager instead.');
  const token = `${now}-${reading.kind}-${basename(reading.path)}`;
  if (!TOKEN.test(token))
    throw new AppError('file.outside', 'This name cannot be removed by the app.', {
      hint: 'Delete it in your file manager.',
    });
  await makeFolder(paths.removedDir, 0o700);
  return { token, move: { from: reading.path, to: join(paths.removedDir, token) } };
}

/** What is changed by the app stands in the library of this project, or `hint` says what to do. Throws `file.outside`. */
export async function requireOfLibrary(
  paths: ProjectPaths,
  { kind, path }: Pick<BundleReading, 'kind' | 'path'>,
  hint: string,
): Promise<void> {
  const home = kind === 'bundle' ? paths.bundlesDir : paths.workflowsDir;
  // A reading has its real path; the project may have been opened through a link.
  if (dirname(path) === (await realpath(home).catch(() => home))) return;
  throw new AppError('file.outside', 'Only workflows of this project can be changed here.', { hint });
}

/** How what was removed gets its place back. Errors: `workflow.not_found` (an unknown token), `file.io`. */
export async function planRestore(paths: ProjectPaths, token: string): Promise<Move> {
  const match = TOKEN.exec(token);
  const kept = join(paths.removedDir, token);
  if (match === null || !isInside(paths.removedDir, kept) || (await stat(kept).catch(() => null)) === null) {
    throw new AppError('workflow.not_found', 'What was removed is no longer there.');
  }
  const home = match[2] === 'bundle' ? paths.bundlesDir : paths.workflowsDir;
  await makeFolder(home, 0o755);
  return { from: kept, to: join(await realpath(home), match[3] ?? '') };
}

async function makeFolder(folder: string, mode: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode }).catch((thrown: unknown) =>
    Promise.reject(toFileError(thrown, basename(folder))),
  );
}
