import type { BundleConfig } from '../../shared/model/bundle.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { unknownAgent } from '../workflow/index.ts';
import { openSettings, type Settings } from '../yaml/index.ts';

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
  const { root, finish } = openSettings([{ file: 'config.yaml', text }], { code: 'config.invalid' });
  const basis = defaultBundleConfig(folderName);
  const model = root.text('model');
  const timeoutMs = root.duration('timeout');
  const maxRetries = root.integer('max_retries', { min: 0, max: 20 });
  const written = (root.text('tools_dir') ?? basis.toolsDir).replace(/^\.\//, '').replace(/\/+$/, '');
  const isInner = isInnerFolder(written);
  if (!isInner)
    root.report.add('error', "'tools_dir' must be a folder inside the bundle.", root.spot('tools_dir'), 'tools');
  if (agentNames !== undefined) warnOfAgents(root, agentNames);
  const env = root.textMap('env');
  for (const { key, ...at } of root.section('env').entries())
    if (!ENV_NAME.test(key)) root.report.add('error', `'env.${key}' is not a name of a variable.`, at);
  const config: BundleConfig = {
    name: root.text('name') ?? basis.name,
    version: root.text('version') ?? basis.version,
    agent: root.text('agent') ?? basis.agent,
    fallbackAgent: root.text('fallback_agent') ?? basis.fallbackAgent,
    ...(model === undefined ? {} : { model }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(maxRetries === undefined ? {} : { maxRetries }),
    toolsDir: isInner ? written : basis.toolsDir,
    inheritGlobalTools: root.flag('inherit_global_tools') ?? basis.inheritGlobalTools,
    env: Object.fromEntries(Object.entries(env).filter(([name]) => ENV_NAME.test(name))),
  };
  return { config, diagnostics: finish() };
}

/** As in workflows: no error, for the start may name another agent. */
function warnOfAgents(root: Settings, known: readonly string[]): void {
  for (const key of ['agent', 'fallback_agent']) {
    const name = root.get(key)?.node.value;
    const unknown = typeof name === 'string' ? unknownAgent(name, known) : null;
    if (unknown !== null) root.report.add('warning', `'${key}': ${unknown.message}`, root.spot(key), unknown.fix);
  }
}
