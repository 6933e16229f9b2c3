import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { isInside, resolveInside } from '../files/index.ts';
import type { ProjectPaths } from '../projects/index.ts';

/** Where a workflow may write (SPEC §1.5): the run's folder, or elsewhere in the project but never where code or state lives. */
export async function resolveOutputFile(paths: ProjectPaths, runDir: string, path: string): Promise<string> {
  if (path.trim() === '' || path.includes('\0')) throw refuse(path, 'It is empty or holds a NUL byte.');
  if (!isAbsolute(path)) return resolveInside(runDir, path);
  if (!isInside(paths.project, path)) throw refuse(path, 'It is outside the project.');
  const target = await resolveInside(paths.project, relative(paths.project, path));
  if (isInside(paths.root, target) && !isInside(paths.executionLogsDir, target))
    throw refuse(path, 'It is inside .aiworkflow.');
  const segments = relative(paths.project, target).split(sep);
  if (segments.includes('.git')) throw refuse(path, 'It is inside .git.');
  if (basename(target).startsWith('.env')) throw refuse(path, 'It is an environment file.');
  if (await isInBundle(paths.project, target)) throw refuse(path, 'It is inside a bundle.');
  return target;
}

async function isInBundle(project: string, target: string): Promise<boolean> {
  for (let folder = dirname(target); folder !== project && isInside(project, folder); folder = dirname(folder)) {
    if (await stat(join(folder, 'workflow.md')).catch(() => null)) return true;
  }
  return false;
}

const refuse = (path: string, why: string): AppError =>
  new AppError('file.outside', `A workflow may not write to ${path.slice(0, 200)}. ${why}`, {
    hint: 'Name a file in the run folder (a relative path) or elsewhere in the project.',
  });
