import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { refuseSystemFolder, toFileError, writeFileAtomic } from '../files/index.ts';
import { installExample } from './examples.ts';
import { CAPABILITIES_TEMPLATE, configTemplate, PROJECT_IGNORE_LINES, REGISTRY_TEMPLATE } from './init-templates.ts';
import { ensureStateDirs, type ProjectPaths, projectPaths, showPath } from './project-paths.ts';
import { ensureProjectId } from './user-data.ts';

export interface InitOptions {
  /** Writes over an existing project: state stays, edited files are kept as `.bak`. */
  readonly force: boolean;
  /** Name of an example bundle to install. */
  readonly example?: string | undefined;
  /** Where the examples are; needed with `example`. */
  readonly examplesDir?: string | undefined;
  /** Says what `agent.primary` becomes (SPEC §3.1), when the folders are there. Default `demo`. */
  readonly chooseAgent?: ((paths: ProjectPaths) => Promise<string>) | undefined;
}

export interface InitResult {
  /** Absolute real path of the project. */
  readonly path: string;
  /** Files that were written, relative to the project, `/` separated, in order. */
  readonly created: readonly string[];
  /** What was written as `agent.primary`. */
  readonly agent: string;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** The first free name of `x.bak`, `x.bak2`, …: an older backup is never written over. */
async function backupName(path: string): Promise<string> {
  for (let count = 1; ; count++) {
    const name = count === 1 ? `${path}.bak` : `${path}.bak${count}`;
    if (!(await exists(name))) return name;
  }
}

async function writeTemplate(paths: ProjectPaths, path: string, text: string): Promise<readonly string[]> {
  const current = await readFile(path, 'utf8').catch(() => null);
  if (current === text) return [];
  const created: string[] = [];
  if (current !== null) {
    const backup = await backupName(path);
    await copyFile(path, backup);
    created.push(showPath(paths, backup));
  }
  await writeFileAtomic(path, text);
  return [...created, showPath(paths, path)];
}

async function writeIgnoreLines(paths: ProjectPaths): Promise<readonly string[]> {
  const path = join(paths.project, '.gitignore');
  const current = await readFile(path, 'utf8').catch(() => '');
  const present = new Set(current.split(/\r?\n/).map((line) => line.trim()));
  const missing = PROJECT_IGNORE_LINES.filter((line) => !present.has(line));
  if (missing.length === 0) return [];
  const gap = current === '' || current.endsWith('\n') ? '' : '\n';
  await writeFileAtomic(path, `${current}${gap}${missing.join('\n')}\n`);
  return [showPath(paths, path)];
}

async function makeFolders(paths: ProjectPaths): Promise<void> {
  const tools = ['mcp', 'openapi', 'custom'].map((name) => join(paths.toolsDir, name));
  const folders = [paths.profilesDir, paths.workflowsDir, paths.bundlesDir, ...tools, paths.triggersDir];
  for (const folder of folders) await mkdir(folder, { recursive: true });
  await ensureStateDirs(paths);
}

/**
 * Makes a project (SPEC §13 `init`, tree of §14). Errors: `project.exists` (`Project already initialized. Use --force to
 * reinitialize.`), `bundle.not_found` (unknown example), `file.outside` (a folder of the system), `file.io`, `file.disk_full`.
 */
export async function initProject(path: string, options: InitOptions): Promise<InitResult> {
  const folder = resolve(path);
  await refuseSystemFolder(folder);
  const known = projectPaths(folder);
  if (!options.force && ((await exists(known.configFile)) || (await exists(known.root)))) {
    throw new AppError('project.exists', 'Project already initialized. Use --force to reinitialize.');
  }
  try {
    await mkdir(folder, { recursive: true });
    const paths = projectPaths(await realpath(folder));
    const isIgnoreNew = !(await exists(paths.stateIgnoreFile));
    await makeFolders(paths);
    const agent = (await options.chooseAgent?.(paths)) ?? 'demo';
    const created = [
      ...(await writeTemplate(paths, paths.configFile, configTemplate(agent))),
      ...(await writeTemplate(paths, paths.capabilitiesFile, CAPABILITIES_TEMPLATE)),
      ...(await writeTemplate(paths, paths.registryFile, REGISTRY_TEMPLATE)),
      ...(isIgnoreNew ? [showPath(paths, paths.stateIgnoreFile)] : []),
      ...(await writeIgnoreLines(paths)),
    ];
    await ensureProjectId(paths.project, randomUUID);
    if (options.example === undefined) return { path: paths.project, created, agent };
    const installed = await installExample(options.examplesDir ?? '', options.example, paths);
    return { path: paths.project, created: [...created, ...installed.files], agent };
  } catch (thrown) {
    throw toFileError(thrown, folder);
  }
}
