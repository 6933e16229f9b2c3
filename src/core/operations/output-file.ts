import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { findWorkflowFile } from '../bundles/index.ts';
import { isInside, resolveInside } from '../files/index.ts';
import type { ProjectPaths } from '../projects/index.ts';
import { plainName, whoObeys } from './obeyed-files.ts';

/**
 * Where a workflow may write (SPEC §1.5): the run's folder by a relative path, or elsewhere in the project by an absolute one, but
 * never where code or state lives, nor a file that somebody obeys. Gives the real absolute path. `file.outside` says why it may not.
 */
export async function resolveOutputFile(paths: ProjectPaths, runDir: string, path: string): Promise<string> {
  if (path.trim() === '' || path.includes('\0')) throw refuse(path, 'It is empty or holds a NUL byte.');
  if (!isAbsolute(path)) {
    refuseObeyed(path, path);
    const target = await resolveInside(runDir, path);
    refuseObeyed(path, relative(runDir, target));
    return target;
  }
  if (!isInside(paths.project, path)) throw refuse(path, 'It is outside the project.');
  // The project may have been opened through a link: what is compared are real paths.
  const project = await realpath(paths.project);
  const written = relative(paths.project, path);
  const target = await resolveInside(project, written);
  const logs = join(project, relative(paths.project, paths.executionLogsDir));
  if (isInside(logs, target) && plainPath(written) === plainPath(relative(project, target))) {
    refuseObeyed(path, relative(logs, target));
    return target;
  }
  // What is written and what it leads to: a link may have a harmless name on either side.
  for (const place of [written, relative(project, target)]) {
    const first = plainName(place.split(sep)[0] ?? '');
    if (first === '.aiworkflow') throw refuse(path, 'It is inside .aiworkflow.');
    refuseObeyed(path, place);
  }
  if (isInLibrary(paths, project, target)) throw refuse(path, 'Workflows or tools of the project lie there.');
  if (await isInBundle(project, target)) throw refuse(path, 'It is inside a bundle.');
  return target;
}

/** Settings may have moved the workflows and the registry, beside which descriptions of tools lie, out of `.aiworkflow`. */
function isInLibrary(paths: ProjectPaths, project: string, target: string): boolean {
  const registryDir = dirname(paths.registryFile);
  const folders = [paths.workflowsDir, registryDir === paths.project ? paths.registryFile : registryDir];
  const within = (folder: string): boolean =>
    isInside(plainPath(join(project, relative(paths.project, folder))), plainPath(target));
  return folders.some((folder) => folder !== paths.project && within(folder));
}

const plainPath = (path: string): string => path.split(sep).map(plainName).join('/');

function refuseObeyed(path: string, place: string): void {
  const who = whoObeys(place);
  if (who === null) return;
  throw new AppError('file.outside', `A workflow may not write to ${path.slice(0, 200)}. ${who}`, {
    hint: "Give the file another name. 'permissions.write' would also need the consent of a person, which this version does not ask for yet.",
  });
}

/** A folder with `workflow.md`, or with another workflow file beside a tools folder: prose alone makes no bundle. */
const isBundle = async (folder: string): Promise<boolean> =>
  (await isThere(join(folder, 'workflow.md'))) ||
  ((await isThere(join(folder, 'tools'))) && (await findWorkflowFile(folder)) !== null);

/** What belongs to a bundle that is the project itself; the rest of such a project is not its bundle's. */
const BUNDLE_PARTS = /^(?:tools|prompts|config\.ya?ml|main\.md|index\.md)$/;

async function isInBundle(project: string, target: string): Promise<boolean> {
  for (let folder = dirname(target); folder !== project && isInside(project, folder); folder = dirname(folder))
    if (await isBundle(folder)) return true;
  const [first = ''] = relative(project, target).split(sep);
  return BUNDLE_PARTS.test(plainName(first)) && (await isBundle(project));
}

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

const refuse = (path: string, why: string): AppError =>
  new AppError('file.outside', `A workflow may not write to ${path.slice(0, 200)}. ${why}`, {
    hint: 'Name a file in the run folder (a relative path) or elsewhere in the project.',
  });
