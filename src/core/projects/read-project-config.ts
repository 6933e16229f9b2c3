import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { isInside, toFileError } from '../files/index.ts';
import {
  openYaml,
  readMap,
  readMaps,
  readText,
  readTexts,
  YAML_LIMITS,
  type YamlFile,
  type YamlSection,
} from '../yaml/index.ts';
import * as sections from './config-sections.ts';
import type { ProjectConfig } from './project-config.ts';
import { projectPaths } from './project-paths.ts';

/** What the caller adds: variables `AIWORKFLOW_<KEY_PATH>` go before the files (SPEC §14). */
export interface ReadConfigOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface ReadConfig {
  readonly config: ProjectConfig;
  /** All `config.invalid`; what is wrong has its default. */
  readonly diagnostics: readonly Diagnostic[];
}

async function readSource(path: string): Promise<readonly YamlFile[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) return [];
  const file = basename(path);
  // A text that cannot be YAML at all gives one clear error with the file's name.
  if (!found.isFile() || found.size > YAML_LIMITS.fileBytes)
    return [{ file, text: '"not a settings file, or larger than 1 MiB"' }];
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => Promise.reject(toFileError(thrown, file)));
  return [{ file, text }];
}

const INNER_PATHS = [
  ['security', 'vault_path'],
  ['logging', 'log_path'],
  ['tools', 'registry_path'],
  ['workflows', 'path'],
] as const;

/** Paths of the settings must stay in the project: a shared folder must not make the app write elsewhere. */
function checkInnerPaths(root: YamlSection, project: string): ReadonlySet<string> {
  const refused = new Set<string>();
  for (const [name, key] of INNER_PATHS) {
    const section = root.section(name);
    const found = section.find(key);
    if (found === undefined || typeof found.value !== 'string') continue;
    if (isInside(project, resolve(project, found.value))) continue;
    section.report('error', found, `\`${name}.${key}\` must be inside the project.`);
    refused.add(`${name}.${key}`);
  }
  return refused;
}

function readAll(root: YamlSection): ProjectConfig {
  const monitoring = sections.readMonitoring(root.section('monitoring'));
  return {
    version: readText(root, 'version', '1.0'),
    framework: readText(root, 'framework', 'aiworkflow'),
    agent: sections.readAgent(root.section('agent')),
    runtime: sections.readRuntime(root.section('runtime')),
    security: sections.readSecurity(root.section('security')),
    logging: sections.readLogging(root.section('logging')),
    tools: sections.readTools(root.section('tools')),
    workflows: sections.readWorkflows(root.section('workflows')),
    monitoring,
    features: sections.readFeatures(root.section('features')),
    expressions: { envAllow: readTexts(root.section('expressions'), 'env_allow', []) },
    scheduler: sections.readScheduler(root.section('scheduler')),
    webhooks: sections.readWebhooks(root.section('webhooks')),
    queue: sections.readQueue(root.section('queue')),
    costs: { limits: readMaps(root.section('costs'), 'limits') },
    governance: sections.readGovernance(root.section('governance')),
    retention: readMap(root, 'retention'),
  };
}

/** The settings of a project that writes none. */
export function defaultProjectConfig(): ProjectConfig {
  return readAll(openYaml([], { code: 'config.invalid' }).root);
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

/**
 * Reads `aiworkflow.yaml` with `aiworkflow.local.yaml` over it and `AIWORKFLOW_*` over both (SPEC §14). Missing files and
 * keys have their defaults; what is wrong or unknown is reported, with its file and line. Error: `file.io`.
 */
export async function readProjectConfig(project: string, options: ReadConfigOptions = {}): Promise<ReadConfig> {
  const paths = projectPaths(project);
  const sources = [...(await readSource(paths.localConfigFile)), ...(await readSource(paths.configFile))];
  const env = options.env ?? {};
  const override = (path: readonly string[]): string | undefined =>
    path.length < 2
      ? undefined
      : env[
          `AIWORKFLOW_${path
            .join('_')
            .replace(/[^A-Za-z0-9]/g, '_')
            .toUpperCase()}`
        ];
  const { root, finish } = openYaml(sources, { code: 'config.invalid', override });
  const refused = checkInnerPaths(root, project);
  const config = withDefaultPaths(readAll(root), refused);
  return { config, diagnostics: finish() };
}
