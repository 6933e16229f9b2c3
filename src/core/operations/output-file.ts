import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { findWorkflowFile } from '../bundles/index.ts';
import { isInside, resolveInside } from '../files/index.ts';
import type { ProjectPaths } from '../projects/index.ts';

/**
 * Where a workflow may write (SPEC §1.5): the run's folder by a relative path, or elsewhere in the project by an absolute one, but
 * never where code or state lives. Gives the real absolute path. `file.outside` says why it may not.
 */
export async function resolveOutputFile(paths: ProjectPaths, runDir: string, path: string): Promise<string> {
  if (path.trim() === '' || path.includes('\0')) throw refuse(path, 'It is empty or holds a NUL byte.');
  if (!isAbsolute(path)) return resolveInside(runDir, path);
  if (!isInside(paths.project, path)) throw refuse(path, 'It is outside the project.');
  // The project may have been opened through a link: what is compared are real paths.
  const project = await realpath(paths.project);
  const target = await resolveInside(project, relative(paths.project, path));
  const logs = join(project, relative(paths.project, paths.executionLogsDir));
  const folders = relative(project, target).split(sep).map(plainName);
  if (folders[0] === '.aiworkflow' && !isInside(logs, target)) throw refuse(path, 'It is inside .aiworkflow.');
  if (folders.includes('.git')) throw refuse(path, 'It is inside .git.');
  if (folders.some((name) => name.startsWith('.env'))) throw refuse(path, 'It is an environment file.');
  if (await isInBundle(project, target)) throw refuse(path, 'It is inside a bundle.');
  return target;
}

/** A name as file systems compare it that ignore case, or dots and blanks at its end. */
const plainName = (name: string): string => name.toLowerCase().replace(/[. ]+$/, '');

/** A folder with `workflow.md`, or with another workflow file beside a tools folder: prose alone makes no bundle. */
async function isInBundle(project: string, target: string): Promise<boolean> {
  for (let folder = dirname(target); folder !== project && isInside(project, folder); folder = dirname(folder)) {
    if (await isThere(join(folder, 'workflow.md'))) return true;
    if ((await isThere(join(folder, 'tools'))) && (await findWorkflowFile(folder)) !== null) return true;
  }
  return false;
}

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

const refuse = (path: string, why: string): AppError =>
  new AppError('file.outside', `A workflow may not write to ${path.slice(0, 200)}. ${why}`, {
    hint: 'Name a file in the run folder (a relative path) or elsewhere in the project.',
  });
