import { lstat, readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { isJsonMap, type Json } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { errnoOf, isInside } from '../files/index.ts';
import {
  type MapEntry,
  type Override,
  openSettings,
  type Settings,
  YAML_LIMITS,
  type YamlFile,
} from '../yaml/index.ts';
import * as sections from './config-sections.ts';
import type { ProjectConfig } from './project-config.ts';
import { projectPaths } from './project-paths.ts';

/** What the caller adds: variables `AIWORKFLOW_<KEY_PATH>` go before the files (SPEC §14). */
export interface ReadConfigOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Read in the place of what `aiworkflow.yaml` says: what it is about to say. */
  readonly configText?: string;
}

export interface ReadConfig {
  readonly config: ProjectConfig;
  /** All `config.invalid`; what is wrong has its default. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every key with the place where it is written. */
  readonly root: Settings;
}

type Source = { readonly files: readonly YamlFile[]; readonly diagnostics: readonly Diagnostic[] };

/** The text of a settings file. One that is not there says nothing; one that cannot be read is an error, never a default. */
async function readSource(path: string): Promise<Source> {
  const file = basename(path);
  const refused = (why: string): Source => {
    const message = `The settings in ${file} cannot be read: ${why}.`;
    const fix = 'Mend the file, or remove it to work with the defaults.';
    return { files: [], diagnostics: [{ severity: 'error', code: 'config.invalid', message, file, fix }] };
  };
  try {
    const found = await stat(path);
    if (!found.isFile()) return refused(found.isDirectory() ? 'it is a folder' : 'it is no file');
    if (found.size > YAML_LIMITS.fileBytes) return refused('it is larger than 1 MiB');
    return { files: [{ file, text: await readFile(path, 'utf8') }], diagnostics: [] };
  } catch (thrown) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(errnoOf(thrown) ?? '');
    if (!isMissing)
      return refused(
        errnoOf(thrown) === 'EACCES' ? 'you have no permission' : `the system says ${errnoOf(thrown) ?? 'no'}`,
      );
    const isLink = await lstat(path).then(
      () => true,
      () => false,
    );
    return isLink ? refused('it is a link that leads nowhere') : { files: [], diagnostics: [] };
  }
}

/** Keys of SPEC §14 that nothing obeys in this version; a section without keys is unused as a whole. */
const NOT_USED: Readonly<Record<string, readonly string[]>> = {
  security: ['vault_path', 'auth_strategies'],
  tools: ['discovery'],
  workflows: ['state_persistence'],
  queue: ['artifact_url'],
};

/** What happens whatever is written there: whoever writes just that is told nothing, for it is so. */
const SO_ANYWAY: Readonly<Record<string, readonly Json[]>> = {
  'security.vault_path': ['.aiworkflow/state/credentials/', '.aiworkflow/state/credentials'],
  'tools.discovery': ['auto'],
  'workflows.state_persistence': [true, 'enabled'],
};

/** A setting that is written and changes nothing must not look as if it did. */
function warnOfUnused(root: Settings): void {
  const warn = (names: readonly string[], { node }: MapEntry): void =>
    root.report.add('warning', `${names.map((name) => `'${name}'`).join(', ')}: not used yet by this version.`, node);
  for (const [name, keys] of Object.entries(NOT_USED)) {
    const written = keys.flatMap((key) => {
      const found = root.section(name).get(key);
      const isSo = found !== undefined && SO_ANYWAY[`${name}.${key}`]?.includes(found.node.value) === true;
      return found === undefined || isSo ? [] : [{ name: `${name}.${key}`, found }];
    });
    const [first] = written;
    if (first !== undefined)
      warn(
        written.map((one) => one.name),
        first.found,
      );
  }
  const channels = root.section('monitoring').get('alert_channels');
  const isUsed = (channel: Json): boolean => {
    const address = isJsonMap(channel) ? channel.webhook : channel;
    return address === 'log' || address === 'desktop' || (typeof address === 'string' && /^https?:/i.test(address));
  };
  if (channels !== undefined && Array.isArray(channels.node.value) && !channels.node.value.every(isUsed))
    root.report.add(
      'warning',
      "'monitoring.alert_channels': only webhooks, 'desktop' and 'log' are used yet by this version.",
      channels.node,
    );
}

const INNER_PATHS = [
  ['security', 'vault_path'],
  ['logging', 'log_path'],
  ['tools', 'registry_path'],
  ['workflows', 'path'],
] as const;

/** Paths of the settings must stay in the project: a shared folder must not make the app write elsewhere. */
function checkInnerPaths(root: Settings, project: string): ReadonlySet<string> {
  const refused = new Set<string>();
  for (const [name, key] of INNER_PATHS) {
    const section = root.section(name);
    const found = section.get(key)?.node;
    if (typeof found?.value !== 'string' || isInside(project, resolve(project, found.value))) continue;
    section.report.add('error', `'${name}.${key}' must be inside the project.`, found);
    refused.add(`${name}.${key}`);
  }
  const logs = root.section('logging').get('log_path')?.node;
  if (typeof logs?.value === 'string' && isLibrary(root, project, resolve(project, logs.value))) {
    root.report.add('error', "'logging.log_path' must not be where workflows and tools lie.", logs);
    refused.add('logging.log_path');
  }
  return refused;
}

/** What is written there would be read as a workflow, or as what belongs to one. */
function isLibrary(root: Settings, project: string, folder: string): boolean {
  const paths = projectPaths(project);
  const workflows = root.section('workflows').get('path')?.node.value;
  const workflowsDir = typeof workflows === 'string' ? resolve(project, workflows) : paths.workflowsDir;
  return isInside(workflowsDir, folder) || (isInside(paths.root, folder) && !isInside(paths.stateDir, folder));
}

function readAll(root: Settings): ProjectConfig {
  const monitoring = sections.readMonitoring(root.section('monitoring'));
  return {
    version: root.text('version') ?? '1.0',
    framework: root.text('framework') ?? 'aiworkflow',
    agent: sections.readAgent(root.section('agent')),
    runtime: sections.readRuntime(root.section('runtime')),
    security: sections.readSecurity(root.section('security')),
    logging: sections.readLogging(root.section('logging')),
    tools: sections.readTools(root.section('tools')),
    workflows: sections.readWorkflows(root.section('workflows')),
    monitoring,
    features: sections.readFeatures(root.section('features')),
    expressions: { envAllow: root.section('expressions').texts('env_allow') ?? [] },
    scheduler: sections.readScheduler(root.section('scheduler')),
    webhooks: sections.readWebhooks(root.section('webhooks')),
    queue: sections.readQueue(root.section('queue')),
    costs: sections.readCosts(root.section('costs')),
    governance: sections.readGovernance(root.section('governance')),
    retention: sections.readRetention(root.section('retention')),
  };
}

/** The settings of a project that writes none. */
export function defaultProjectConfig(): ProjectConfig {
  return readAll(openSettings([], { code: 'config.invalid' }).root);
}

function withDefaultPaths(config: ProjectConfig, refused: ReadonlySet<string>): ProjectConfig {
  if (refused.size === 0) return config;
  const basis = defaultProjectConfig();
  const pick = (key: string, written: string, fallback: string): string => (refused.has(key) ? fallback : written);
  return {
    ...config,
    security: {
      ...config.security,
      vaultPath: pick('security.vault_path', config.security.vaultPath, basis.security.vaultPath),
    },
    logging: { ...config.logging, logPath: pick('logging.log_path', config.logging.logPath, basis.logging.logPath) },
    tools: {
      ...config.tools,
      registryPath: pick('tools.registry_path', config.tools.registryPath, basis.tools.registryPath),
    },
    workflows: { ...config.workflows, path: pick('workflows.path', config.workflows.path, basis.workflows.path) },
  };
}

/** The variable that sets a key of the settings: `AIWORKFLOW_TOOLS_TIMEOUT` for `tools.timeout` (SPEC §14). */
export const variableOf = (path: readonly string[]): string =>
  `AIWORKFLOW_${path
    .join('_')
    .replace(/[^A-Za-z0-9]/g, '_')
    .toUpperCase()}`;

/**
 * Reads `aiworkflow.yaml` with `aiworkflow.local.yaml` over it and `AIWORKFLOW_*` over both (SPEC §14). Missing files and
 * keys have their defaults; what is wrong, unknown or not used is reported, with its file and line. Never throws.
 */
export async function readProjectConfig(project: string, options: ReadConfigOptions = {}): Promise<ReadConfig> {
  const paths = projectPaths(project);
  const { env = {}, configText } = options;
  const given =
    configText === undefined ? null : { files: [{ file: 'aiworkflow.yaml', text: configText }], diagnostics: [] };
  const sources = await Promise.all([given ?? readSource(paths.configFile), readSource(paths.localConfigFile)]);
  const override: Override = (path) => {
    const name = variableOf(path);
    const text = path.length < 2 ? undefined : env[name];
    return text === undefined || text === '' ? undefined : { name, text };
  };
  const files = sources.flatMap((source) => source.files);
  const { root, finish } = openSettings(files, { code: 'config.invalid', override });
  const refused = checkInnerPaths(root, project);
  const config = withDefaultPaths(readAll(root), refused);
  warnOfUnused(root);
  return { config, diagnostics: [...sources.flatMap((source) => source.diagnostics), ...finish()], root };
}
