import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { errnoOf, isInside, refuseSystemFolder, toFileError } from '../files/index.ts';

/** Every path of a project's tree (SPEC §14, DESIGN decisions 1, 6, 7, 10), absolute. Nobody else joins these names. */
export interface ProjectPaths {
  readonly project: string;
  /** `aiworkflow.yaml` and what overrides it on this machine. */
  readonly configFile: string;
  readonly localConfigFile: string;
  /** `.aiworkflow`. */
  readonly root: string;
  readonly agentsDir: string;
  readonly capabilitiesFile: string;
  readonly profilesDir: string;
  readonly workflowsDir: string;
  readonly bundlesDir: string;
  readonly toolsDir: string;
  readonly registryFile: string;
  readonly triggersDir: string;
  readonly pricesFile: string;
  readonly stateDir: string;
  readonly stateIgnoreFile: string;
  readonly credentialsDir: string;
  readonly executionLogsDir: string;
  readonly workflowStateDir: string;
  readonly storeFile: string;
  readonly logsFile: string;
  readonly metricsFile: string;
  readonly archivesDir: string;
  readonly blobsDir: string;
  /** What undo keeps of files before and after steps. */
  readonly snapshotsDir: string;
  readonly runsDir: string;
  readonly leaseFile: string;
  /** Who holds the project now: address and token of its socket. */
  readonly holderFile: string;
  readonly stagingDir: string;
  /** Replaced and removed bundles and workflows, until they are restored or cleaned up. */
  readonly removedDir: string;
  readonly draftsDir: string;
  readonly backupsDir: string;
  readonly projectIdFile: string;
}

/** The paths of a project's tree; `project` is an absolute path. Touches nothing. */
export function projectPaths(project: string): ProjectPaths {
  const root = join(project, '.aiworkflow');
  const stateDir = join(root, 'state');
  const workflowStateDir = join(stateDir, 'workflow-state');
  return {
    project,
    configFile: join(project, 'aiworkflow.yaml'),
    localConfigFile: join(project, 'aiworkflow.local.yaml'),
    root,
    agentsDir: join(root, 'agents'),
    capabilitiesFile: join(root, 'agents', 'capabilities.yaml'),
    profilesDir: join(root, 'agents', 'profiles'),
    workflowsDir: join(root, 'workflows'),
    bundlesDir: join(root, 'bundles'),
    toolsDir: join(root, 'tools'),
    registryFile: join(root, 'tools', 'registry.yaml'),
    triggersDir: join(root, 'triggers'),
    pricesFile: join(root, 'prices.yaml'),
    stateDir,
    stateIgnoreFile: join(stateDir, '.gitignore'),
    credentialsDir: join(stateDir, 'credentials'),
    executionLogsDir: join(stateDir, 'execution-logs'),
    workflowStateDir,
    storeFile: join(workflowStateDir, 'state.db'),
    logsFile: join(workflowStateDir, 'logs.db'),
    metricsFile: join(workflowStateDir, 'metrics.json'),
    archivesDir: join(stateDir, 'archives'),
    blobsDir: join(stateDir, 'blobs'),
    snapshotsDir: join(stateDir, 'snapshots'),
    runsDir: join(stateDir, 'runs'),
    leaseFile: join(stateDir, 'lease.db'),
    holderFile: join(stateDir, 'holder.json'),
    stagingDir: join(stateDir, 'staging'),
    removedDir: join(stateDir, 'removed'),
    draftsDir: join(stateDir, 'drafts'),
    backupsDir: join(stateDir, 'backups'),
    projectIdFile: join(stateDir, 'project-id'),
  };
}

/** The paths of a project as its settings move them: where workflows lie and the tool registry (SPEC §14). */
export function withConfiguredPaths(
  paths: ProjectPaths,
  {
    workflows,
    tools,
  }: { readonly workflows: { readonly path: string }; readonly tools: { readonly registryPath: string } },
): ProjectPaths {
  const at = (written: string): string => resolve(paths.project, written);
  return { ...paths, workflowsDir: at(workflows.path), registryFile: at(tools.registryPath) };
}

/** A path of the project as screens show it: relative, `/` separated; one outside stays absolute. */
export function showPath(paths: ProjectPaths, path: string): string {
  const shown = relative(paths.project, path);
  return shown === '' || !isInside(paths.project, path) ? path : shown.split(sep).join('/');
}

/** The folders below `state/`, which belong to this user alone. */
export function stateFolders(paths: ProjectPaths): readonly string[] {
  return [
    paths.stateDir,
    paths.credentialsDir,
    paths.executionLogsDir,
    paths.workflowStateDir,
    paths.archivesDir,
    paths.blobsDir,
    paths.snapshotsDir,
    paths.runsDir,
    paths.stagingDir,
    paths.removedDir,
    paths.draftsDir,
    paths.backupsDir,
  ];
}

/** Makes the state folders (0700, also where they were wider) and `state/.gitignore`. Errors: `file.io`, `file.disk_full`. */
export async function ensureStateDirs(paths: ProjectPaths): Promise<void> {
  // Making a folder there never returns.
  await refuseSystemFolder(paths.project);
  try {
    for (const folder of stateFolders(paths)) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (process.platform !== 'win32') await chmod(folder, 0o700);
    }
    await writeFile(paths.stateIgnoreFile, STATE_IGNORE, { flag: 'wx', mode: 0o600 }).catch((thrown: unknown) => {
      if (errnoOf(thrown) !== 'EEXIST') throw thrown;
    });
  } catch (thrown) {
    throw toFileError(thrown, pathOf(thrown) ?? paths.stateDir);
  }
}

/** The path that a system error names. */
const pathOf = (thrown: unknown): string | null =>
  typeof thrown === 'object' && thrown !== null && 'path' in thrown && typeof thrown.path === 'string'
    ? thrown.path
    : null;

/** `state/.gitignore`: everything except itself (SPEC §14). */
const STATE_IGNORE: string = '*\n!.gitignore\n';
