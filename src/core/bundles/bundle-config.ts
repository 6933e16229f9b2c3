import type { BundleConfig } from '../../shared/model/bundle.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { unknownAgent } from '../workflow/index.ts';
import {
  openYaml,
  readDurationMs,
  readFlag,
  readNumber,
  readText,
  readTextMap,
  type YamlSection,
} from '../yaml/index.ts';

/** The settings of a bundle that writes none (SPEC §6.2). */
export function defaultBundleConfig(name: string): BundleConfig {
  return {
    name,
    version: '1.0.0',
    agent: null,
    fallbackAgent: null,
    toolsDir: 'tools',
    inheritGlobalTools: true,
    env: {},
  };
}

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function isInnerFolder(path: string): boolean {
  const segments = path.split(/[\\/]/);
  return (
    path !== '' && segments[0] !== '' && !/^[A-Za-z]:/.test(path) && !segments.includes('..') && !path.includes('\0')
  );
}

/**
 * Reads `config.yaml` (SPEC §6.2). Never throws: what is wrong is reported as `config.invalid` and has its default;
 * `toolsDir` is always a relative path without `..`. Names of agents are held against `agentNames` where they are given.
 */
export function readBundleConfig(
  text: string,
  folderName: string,
  agentNames?: readonly string[],
): { readonly config: BundleConfig; readonly diagnostics: readonly Diagnostic[] } {
  const { root, finish } = openYaml([{ file: 'config.yaml', text }], { code: 'config.invalid' });
  const basis = defaultBundleConfig(folderName);
  const model = readText(root, 'model', undefined);
  const timeoutMs = readDurationMs(root, 'timeout', undefined);
  const maxRetries = readNumber(root, 'max_retries', undefined, { min: 0, max: 20, isInteger: true });
  const written = readText(root, 'tools_dir', basis.toolsDir).replace(/^\.\//, '').replace(/\/+$/, '');
  const found = root.find('tools_dir');
  const isInner = isInnerFolder(written);
  if (!isInner && found !== undefined)
    root.report('error', found, '`tools_dir` must be a folder inside the bundle.', 'tools');
  if (agentNames !== undefined) warnOfAgents(root, agentNames);
  const env = readTextMap(root, 'env');
  const foundEnv = root.find('env');
  for (const name of Object.keys(env)) {
    if (!ENV_NAME.test(name) && foundEnv)
      root.report('error', foundEnv, `\`env.${name}\` is not a name of a variable.`);
  }
  const config: BundleConfig = {
    name: readText(root, 'name', basis.name),
    version: readText(root, 'version', basis.version),
    agent: readText(root, 'agent', basis.agent),
    fallbackAgent: readText(root, 'fallback_agent', basis.fallbackAgent),
    ...(model === undefined ? {} : { model }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(maxRetries === undefined ? {} : { maxRetries }),
    toolsDir: isInner ? written : basis.toolsDir,
    inheritGlobalTools: readFlag(root, 'inherit_global_tools', basis.inheritGlobalTools),
    env: Object.fromEntries(Object.entries(env).filter(([name]) => ENV_NAME.test(name))),
  };
  return { config, diagnostics: finish() };
}

/** As in workflows: no error, for the start may name another agent. */
function warnOfAgents(root: YamlSection, known: readonly string[]): void {
  for (const key of ['agent', 'fallback_agent']) {
    const found = root.find(key);
    const unknown = typeof found?.value === 'string' ? unknownAgent(found.value, known) : null;
    if (found !== undefined && unknown !== null)
      root.report('warning', found, `\`${key}\`: ${unknown.message}`, unknown.fix);
  }
}
