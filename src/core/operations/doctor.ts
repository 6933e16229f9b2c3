import { execFile } from 'node:child_process';
import { chmod, readdir, stat, statfs } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname } from 'node:path';
import type { DoctorCheck, DoctorReport } from '../../shared/contract/index.ts';
import type { AgentInfo } from '../../shared/model/agent.ts';
import type { AuditVerdict } from '../../shared/model/audit.ts';
import type { BackupReport } from '../../shared/model/backup.ts';
import { type Diagnostic, sentencesOf } from '../../shared/model/diagnostic.ts';
import type { MetricsServing } from '../../shared/model/metrics.ts';
import type { SecretInfo, SecretStoreInfo } from '../../shared/model/secret.ts';
import type { ToolSummary } from '../../shared/model/tool.ts';
import { findSandbox } from '../processes/index.ts';
import { initProject, type ProjectPaths, stateFolders } from '../projects/index.ts';
import type { IndexCheck } from '../storage/index.ts';
import { serverQueues } from './doctor-queues.ts';
import { sandboxCheck } from './doctor-sandbox.ts';
import type { ProjectSettings } from './project-settings.ts';
import { syncedBy } from './synced-folder.ts';

const LOW_DISK_BYTES = 1024 ** 3;

type Check = DoctorCheck | null;

/** What doctor looks at beside the project's folder. */
export interface DoctorContext {
  readonly paths: ProjectPaths;
  /** The settings as they are now. */
  readonly settings: () => Promise<Pick<ProjectSettings, 'config' | 'problems' | 'env'>>;
  /** `ok` or the first problem of the store; null = no store is open. */
  readonly integrity: (() => Promise<string>) | null;
  /** Looks at the index of the search; null = no store is open. */
  readonly searchIndex: (() => Promise<IndexCheck>) | null;
  /** Walks the audit; null = no store is open. */
  readonly audit: (() => Promise<AuditVerdict>) | null;
  /** How secrets are protected; null = no project is open. */
  readonly secrets: (() => Promise<SecretStoreInfo>) | null;
  /** How near the end of each secret is. */
  readonly secretEnds: () => readonly SecretInfo['expiry'][];
  /** What was found damaged when the project was opened, set aside and made anew. */
  readonly notices: readonly string[];
  readonly workflows: () => Promise<number>;
  /** What the open project knows of its tools and agents; null = no project is open. Starts nothing. */
  readonly tools: (() => Promise<readonly ToolSummary[]>) | null;
  readonly agents: (() => Promise<readonly AgentInfo[]>) | null;
  /** What is wrong with capabilities.yaml and the profiles. */
  readonly agentProblems: readonly Diagnostic[];
  /** What is wrong with the price files. */
  readonly priceProblems: readonly Diagnostic[];
  /** The backups and how they went; null = no project is open. */
  readonly backups: (() => Promise<BackupReport>) | null;
  /** Where metrics are served; null = no project is open. */
  readonly metrics: MetricsServing | null;
  /** Where the log of the app is. */
  readonly logFile: string;
}

/** SPEC §13 doctor: what exists in this version, in the order given there. `fix` only creates what is missing and mends modes. */
export async function runDoctor(context: DoctorContext, fix: boolean): Promise<DoctorReport> {
  if (fix) await repair(context.paths);
  const { config, problems, env } = await context.settings();
  const found: readonly Check[] = [
    runtimeVersion(),
    await pythonVersion(config.runtime.pythonVersion),
    await projectInitialized(context.paths),
    ...(await configFile(context.paths, problems)),
    prometheusMetrics(context),
    ...(await serverQueues(config.queue, env)),
    await gitVersion(),
    await workflowCount(context),
    await toolCount(context),
    await agentsFound(context),
    ...problemLines('Prices', context.priceProblems),
    await storeIntegrity(context),
    await searchIndex(context),
    await auditChain(context),
    await lastBackup(context),
    await keyStore(context),
    ...secretsThatEnd(context),
    ...context.notices.map(
      (message): DoctorCheck => ({ name: 'Set Aside', value: 'damaged file', status: 'warning', message }),
    ),
    sandboxCheck(findSandbox()),
    await diskSpace(context.paths),
    syncedFolder(context.paths),
    appLogFile(context),
    await stateModes(context.paths),
  ];
  const checks = found.filter((check) => check !== null);
  const issues = checks
    .filter((check) => check.status === 'error' || check.status === 'warning')
    .map((check) => `${check.name}: ${check.message}`);
  return { checks, issues, healthy: checks.every((check) => check.status !== 'error') };
}

async function repair(paths: ProjectPaths): Promise<void> {
  if (await isMissing(paths.configFile)) await initProject(paths.project, { force: true });
  if (platform() === 'win32') return;
  for (const folder of stateFolders(paths)) await chmod(folder, 0o700).catch(() => undefined);
}

function runtimeVersion(): DoctorCheck {
  const isOk = Number(process.versions.node.split('.')[0]) >= 24;
  return {
    name: 'Runtime Version',
    value: process.versions.node,
    status: isOk ? 'ok' : 'error',
    message: isOk ? 'Node.js is recent enough.' : 'Node.js 24 or newer is needed.',
  };
}

/** At least `runtime.python_version` of the settings, else what is advised. */
async function pythonVersion(wanted: string | null): Promise<DoctorCheck> {
  const name = 'Python Version';
  const [, major = '3', minor = '11'] = /^(\d+)(?:\.(\d+))?/.exec(wanted ?? '') ?? [];
  const needed = `${major}.${minor}`;
  const version = /(\d+)\.(\d+)\S*/.exec((await versionOf('python3')) ?? (await versionOf('python')) ?? '');
  if (version === null)
    return { name, value: 'not found', status: 'warning', message: 'Tools written in Python will not run.' };
  const [found, least] = [Number(version[1]) - Number(major), Number(version[2]) - Number(minor)];
  const isOk = found > 0 || (found === 0 && least >= 0);
  const advice = wanted === null ? 'is advised' : 'is asked for by runtime.python_version';
  return {
    name,
    value: version[0],
    status: isOk ? 'ok' : 'warning',
    message: isOk ? 'Python tools can run.' : `Python ${needed} or newer ${advice}.`,
  };
}

function prometheusMetrics({ metrics }: DoctorContext): Check {
  if (metrics === null) return null;
  const name = 'Prometheus metrics';
  const { listening, isEnabled, endpoint } = metrics;
  if (listening?.kind === 'listening')
    return { name, value: `${listening.url}/metrics`, status: 'ok', message: 'A monitoring system can read them.' };
  if (listening?.kind === 'failed') return { name, value: endpoint, status: 'warning', message: listening.message };
  return {
    name,
    value: isEnabled ? 'not served by this process' : 'off',
    status: 'info',
    message: "They are served by 'aiworkflow metrics start', and by the app with 'monitoring: {enabled: true}'.",
  };
}

const KEEPERS = {
  keychain: 'keychain of the system',
  desktop: 'sealed by the desktop app',
  vault: 'vault with a passphrase',
  file: 'UNPROTECTED: key in an open file',
} as const;

/** A vault that is locked is as it should be; one that cannot be opened at all is not. */
async function keyStore({ secrets }: DoctorContext): Promise<Check> {
  if (secrets === null) return null;
  const { keeper, state, problem, isUnprotected } = await secrets();
  const base = { name: 'Key Store', value: KEEPERS[keeper] } as const;
  if (isUnprotected) return { ...base, status: 'warning', message: UNPROTECTED };
  if (state === 'unreachable') return { ...base, status: 'error', message: problem ?? 'It cannot be reached.' };
  const message =
    problem ?? (state === 'none' ? 'No secret has been stored yet.' : 'Secrets are sealed and can be used.');
  return { ...base, status: state === 'locked' ? 'info' : 'ok', message };
}

/** How many have ended and how many end soon: which they are is for whoever may list them. */
function secretsThatEnd({ secretEnds }: DoctorContext): readonly DoctorCheck[] {
  const ends = secretEnds();
  const message = "Get new values and replace them: 'aiworkflow secrets list' and Admin → Secrets say which.";
  return (['over', 'soon'] as const).flatMap((due): readonly DoctorCheck[] => {
    const count = ends.filter((one) => one === due).length;
    const value = due === 'over' ? `${count} ended` : `${count} will end within two weeks`;
    return count === 0 ? [] : [{ name: 'Secrets', value, status: 'warning', message }];
  });
}

const UNPROTECTED =
  'security.credential_store is file: whoever reads the files of this user reads the secrets. Write keychain for a keychain or a vault.';

async function projectInitialized(paths: ProjectPaths): Promise<DoctorCheck> {
  const name = 'Project Initialized';
  if (await isMissing(paths.agentsDir))
    return { name, value: 'no', status: 'error', message: "Run 'aiworkflow init' to initialize" };
  return { name, value: 'yes', status: 'ok', message: 'The project folder is complete.' };
}

async function configFile(paths: ProjectPaths, problems: readonly Diagnostic[]): Promise<readonly DoctorCheck[]> {
  const name = 'Config File';
  const lines = problemLines(name, problems);
  if (lines.length > 0) return lines;
  if (await isMissing(paths.configFile))
    return [{ name, value: 'missing', status: 'warning', message: 'No config file found' }];
  return [{ name, value: 'aiworkflow.yaml', status: 'ok', message: 'The config file was found.' }];
}

async function gitVersion(): Promise<DoctorCheck> {
  const version = /\d+\.\d+\S*/.exec((await versionOf('git')) ?? '');
  if (version === null)
    return { name: 'Git', value: 'not found', status: 'warning', message: 'Workflows that use git will fail.' };
  return { name: 'Git', value: version[0], status: 'ok', message: 'Git was found.' };
}

async function workflowCount(context: DoctorContext): Promise<DoctorCheck> {
  const count = await context.workflows();
  return { name: 'Workflows', value: `${count} found`, status: 'ok', message: `${count} found` };
}

async function toolCount({ tools }: DoctorContext): Promise<Check> {
  if (tools === null) return null;
  const all = await tools();
  const mcp = all.filter((tool) => tool.types[0] === 'mcp').length;
  const value = `${mcp} MCP, ${all.length - mcp} custom`;
  const broken = all.filter((tool) => tool.error !== null);
  const names = broken.map((tool) => tool.name).join(', ');
  return broken.length === 0
    ? { name: 'Tools', value, status: 'ok', message: value }
    : { name: 'Tools', value, status: 'warning', message: `Cannot be used: ${names}. Open Agents & tools to see why.` };
}

/** The primary must be there; whether it can log in is for `agent check` to find out. */
async function agentsFound({ agents, agentProblems }: DoctorContext): Promise<Check> {
  if (agents === null) return null;
  const all = await agents();
  const installed = all.filter((agent) => agent.isAvailable && agent.isInstalled).map((agent) => agent.name);
  const primary = all.find((agent) => agent.isPrimary);
  const base = { name: 'Agents', value: installed.join(', ') };
  const [problem] = agentProblems;
  if (problem !== undefined) {
    const at = problem.line === undefined ? '' : `${problem.file ?? ''}:${problem.line} `;
    return { ...base, status: 'warning', message: `${at}${sentencesOf(problem)}` };
  }
  if (primary === undefined)
    return { ...base, status: 'warning', message: 'No primary agent is chosen: aiworkflow agent set-primary NAME' };
  if (!installed.includes(primary.name))
    return { ...base, status: 'warning', message: `The primary agent '${primary.name}' is not installed.` };
  return { ...base, status: 'ok', message: `The primary agent is '${primary.name}'.` };
}

const MAX_LINES = 10;

/** A line for each thing that is wrong with files of a kind, and none where nothing is. */
function problemLines(name: string, problems: readonly Diagnostic[]): readonly DoctorCheck[] {
  const worst = problems.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  const lines = worst.slice(0, MAX_LINES).map((problem): DoctorCheck => {
    const { severity, file = '', line } = problem;
    return {
      name,
      value: line === undefined ? file : `${file}:${line}`,
      status: severity === 'error' && name !== 'Prices' ? 'error' : 'warning',
      message: sentencesOf(problem),
    };
  });
  const more = problems.length - lines.length;
  if (more === 0) return lines;
  const message = `and ${more} more: mend these first, then look again.`;
  return [...lines, { name, value: problems[0]?.file ?? '', status: 'warning', message }];
}

async function storeIntegrity(context: DoctorContext): Promise<Check> {
  if (context.integrity === null) return null;
  const result = await context.integrity();
  const isOk = result === 'ok';
  return {
    name: 'Store Integrity',
    value: isOk ? 'ok' : 'damaged',
    status: isOk ? 'ok' : 'error',
    message: isOk ? 'The store passed its check.' : `The store is damaged: ${result}`,
  };
}

/** It holds nothing that does not stand elsewhere: what is wrong with it is mended by the look. */
async function searchIndex(context: DoctorContext): Promise<Check> {
  if (context.searchIndex === null) return null;
  const name = 'Search Index';
  const { problem, isMadeAnew } = await context.searchIndex();
  if (problem === null)
    return { name, value: 'ok', status: 'ok', message: 'The index of the search passed its check.' };
  if (!isMadeAnew) return { name, value: 'not checked', status: 'warning', message: problem };
  const message = `It was damaged (${problem}), is set aside and is made anew: until it is whole a search takes longer.`;
  return { name, value: 'made anew', status: 'warning', message };
}

async function auditChain({ audit }: DoctorContext): Promise<Check> {
  if (audit === null) return null;
  const { valid, state, message } = await audit();
  return { name: 'Audit Chain', value: state, status: valid ? 'ok' : 'error', message };
}

/** None, or none lately, is no fault of the machine; one that could not be made or brought back is. */
async function lastBackup({ backups }: DoctorContext): Promise<Check> {
  if (backups === null) return null;
  const name = 'Backup';
  const { backups: kept, drill, failed } = await backups();
  const [newest] = kept;
  const value = newest === undefined ? 'none' : new Date(newest.at).toISOString();
  if (failed !== null) return { name, value, status: 'warning', message: failed.error.message };
  if (newest === undefined)
    return { name, value, status: 'info', message: "There is none yet: 'aiworkflow backup' makes one." };
  if (drill?.problem != null)
    return { name, value, status: 'warning', message: `It could not be brought back: ${drill.problem.message}` };
  const tried = drill === null ? 'never' : new Date(drill.at).toISOString();
  return { name, value, status: 'ok', message: `Checked when it was made; brought back for a trial: ${tried}.` };
}

async function diskSpace(paths: ProjectPaths): Promise<DoctorCheck> {
  const { bavail, bsize } = await statfs(await nearestFolder(paths.project));
  const freeBytes = bavail * bsize;
  const value = `${(freeBytes / 1024 ** 3).toFixed(1)} GiB free`;
  const isOk = freeBytes >= LOW_DISK_BYTES;
  return {
    name: 'Disk',
    value,
    status: isOk ? 'ok' : 'warning',
    message: isOk ? 'There is enough space.' : 'Little space is left: runs may stall.',
  };
}

/** Where to look when something is wrong with the app itself. */
const appLogFile = ({ logFile }: DoctorContext): DoctorCheck => ({
  name: 'App Log',
  value: logFile,
  status: 'info',
  message: "What the app says about itself; 'aiworkflow diagnostics' packs it for whoever helps you.",
});

/** Nothing is said of a folder that nothing syncs. */
function syncedFolder({ project }: ProjectPaths): Check {
  const value = syncedBy(project);
  if (value === null) return null;
  const message = `${value} copies the database while it is written, which can damage it: move the project to a folder that is not synced.`;
  return { name: 'Synced Folder', value, status: 'warning', message };
}

/** The folder itself, or the nearest one above it that exists: a project that is not made yet will lie on the same disk. */
async function nearestFolder(folder: string): Promise<string> {
  return (await isMissing(folder)) && dirname(folder) !== folder ? nearestFolder(dirname(folder)) : folder;
}

async function stateModes(paths: ProjectPaths): Promise<Check> {
  if (platform() === 'win32' || (await isMissing(paths.stateDir))) return null;
  const name = 'State Permissions';
  const { mode } = await stat(paths.stateDir);
  if ((mode & 0o077) === 0)
    return { name, value: '0700', status: 'ok', message: 'Only you can read the state folder.' };
  return {
    name,
    value: `0${(mode & 0o777).toString(8)}`,
    status: 'warning',
    message: 'Others can read the state folder; doctor --fix repairs it.',
  };
}

const isMissing = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) === null;

/** What `command --version` prints, or null when it cannot be started within 5 s. */
function versionOf(command: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(command, ['--version'], (error, stdout, stderr) => resolve(error === null ? `${stdout}${stderr}` : null));
  });
}

/** Files that end in `.md` in the workflows folder and folders among the bundles: a count without reading them. */
export async function countLibrary(paths: ProjectPaths): Promise<number> {
  const files = await readdir(paths.workflowsDir).catch(() => []);
  const bundles = await readdir(paths.bundlesDir, { withFileTypes: true }).catch(() => []);
  return files.filter((name) => name.endsWith('.md')).length + bundles.filter((entry) => entry.isDirectory()).length;
}
