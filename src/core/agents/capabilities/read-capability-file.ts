import { readFile } from 'node:fs/promises';
import type { Json, JsonMap } from '../../../shared/json.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { errnoOf, toFileError } from '../../files/index.ts';
import {
  openYaml,
  readFlag,
  readMaps,
  readText,
  readTexts,
  readWord,
  scalarText,
  YAML_LIMITS,
  type YamlSection,
} from '../../yaml/index.ts';

/** `planned` and `not_supported` ones are listed but cannot be chosen. */
export const AGENT_STATUS_WORDS = [
  'recommended',
  'supported',
  'partial',
  'limited',
  'experimental',
  'not_supported',
  'planned',
] as const;
export type AgentStatusWord = (typeof AGENT_STATUS_WORDS)[number];

/** What `capabilities.yaml` says about one agent (SPEC §4.3); null = not written. */
export interface WrittenAgent {
  readonly version: string | null;
  readonly provider: string | null;
  readonly status: AgentStatusWord | null;
  /** Only written keys, in the words of the file. */
  readonly capabilities: JsonMap;
  readonly models: readonly string[];
  readonly strengths: readonly string[] | null;
  readonly limitations: readonly string[] | null;
}

/** `routing_rules`: the first whose condition holds names the agent. */
export interface RoutingRule {
  readonly condition: string | boolean;
  readonly agent: string;
}

export interface CapabilityFile {
  /** False where there is no file. */
  readonly hasFile: boolean;
  readonly agents: ReadonlyMap<string, WrittenAgent>;
  readonly routingRules: readonly RoutingRule[];
  readonly diagnostics: readonly Diagnostic[];
}

export const NO_CAPABILITY_FILE: CapabilityFile = {
  hasFile: false,
  agents: new Map(),
  routingRules: [],
  diagnostics: [],
};

const SHOWN_NAME = '.aiworkflow/agents/capabilities.yaml';

/** Reads the file at `path`; what is wrong or unknown is reported and has its default. Error: `file.io`. */
export async function readCapabilityFile(path: string): Promise<CapabilityFile> {
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT' || errnoOf(thrown) === 'ENOTDIR') return null;
    throw toFileError(thrown, SHOWN_NAME);
  });
  if (text === null) return NO_CAPABILITY_FILE;
  return parseCapabilityFile(text.length > YAML_LIMITS.fileBytes ? '"larger than 1 MiB"' : text);
}

/** The same for a text. Never throws. */
export function parseCapabilityFile(text: string): CapabilityFile {
  const { root, finish } = openYaml([{ file: SHOWN_NAME, text }], { code: 'config.invalid' });
  const list = root.section('agents');
  const agents = new Map(list.keys().map((name) => [name, readAgent(list.section(name))]));
  const routingRules = readMaps(root, 'routing_rules').flatMap((rule) => readRule(root, rule));
  return { hasFile: true, agents, routingRules, diagnostics: finish() };
}

function readRule(root: YamlSection, rule: JsonMap): readonly RoutingRule[] {
  const { if: condition, prefer } = rule;
  const isCondition = typeof condition === 'string' || typeof condition === 'boolean';
  if (isCondition && typeof prefer === 'string') return [{ condition, agent: prefer }];
  const found = root.find('routing_rules');
  if (found !== undefined)
    root.report('error', found, 'A routing rule is a map of `if`, a condition, and `prefer`, the name of an agent.');
  return [];
}

function readAgent(agent: YamlSection): WrittenAgent {
  const status = agent.find('status');
  const { words, models } = readCapabilities(agent.section('capabilities'));
  return {
    version: readText(agent, 'version', null),
    provider: readText(agent, 'provider', null),
    status:
      status === undefined || status.value === null ? null : readWord(agent, 'status', AGENT_STATUS_WORDS, 'planned'),
    capabilities: words,
    models,
    strengths: isWritten(agent, 'strengths') ? readTexts(agent, 'strengths', []) : null,
    limitations: isWritten(agent, 'limitations') ? readTexts(agent, 'limitations', []) : null,
  };
}

/** Words that a key takes beside true and false. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  tool_calling: ['native', 'supported', 'limited', 'none'],
  reasoning: ['advanced', 'basic'],
  code_execution: ['supported', 'sandboxed', 'not_supported'],
  extended_reasoning: ['model_dependent'],
  web_search: ['native', 'via_tools', 'not_supported'],
  auth_method: ['anthropic_managed', 'local_vault', 'api_keys_only'],
};
const FLAGS = ['streaming', 'file_creation', 'multi_turn', 'artifacts'] as const;
/** Keys of `WORDS` that true and false are words of, too. */
const WORD_OR_FLAG: ReadonlySet<string> = new Set(['code_execution', 'extended_reasoning', 'web_search']);
const MCP_SERVERS = ['auto_discovered', 'via_config', 'via_bridge', 'not_supported'] as const;

function readCapabilities(section: YamlSection): { readonly words: JsonMap; readonly models: readonly string[] } {
  const words: Record<string, Json> = {};
  for (const [key, allowed] of Object.entries(WORDS)) {
    const found = section.find(key);
    if (found === undefined || found.value === null) continue;
    if (typeof found.value === 'boolean' && WORD_OR_FLAG.has(key)) words[key] = found.value;
    else words[key] = readWord(section, key, allowed, allowed.at(-1) ?? '');
  }
  for (const key of FLAGS) if (isWritten(section, key)) words[key] = readFlag(section, key, false);
  if (isWritten(section, 'oauth_flows')) words.oauth_flows = readTexts(section, 'oauth_flows', []);
  const window = section.find('context_window');
  if (window !== undefined && window.value !== null) {
    if (typeof window.value === 'number' || window.value === 'model_dependent') words.context_window = window.value;
    else section.report('error', window, '`context_window` must be a number of tokens or model_dependent.');
  }
  const mcp = section.section('mcp');
  const mcpWords: Record<string, Json> = {};
  if (isWritten(mcp, 'native_support')) mcpWords.native_support = readFlag(mcp, 'native_support', false);
  if (isWritten(mcp, 'mcp_servers')) mcpWords.mcp_servers = readWord(mcp, 'mcp_servers', MCP_SERVERS, 'not_supported');
  if (Object.keys(mcpWords).length > 0) words.mcp = mcpWords;
  return { words, models: readModels(section) };
}

/** `supported_models: [{provider, models[]}]`; of several providers each model is named `provider/model`. */
function readModels(section: YamlSection): readonly string[] {
  readMaps(section, 'supported_models');
  const list = section.find('supported_models')?.node;
  const maps = list?.kind === 'list' ? list.items.filter((item) => item.kind === 'map') : [];
  const groups = maps.map(({ entries }) => {
    const [provider, models] = [entries.get('provider')?.node, entries.get('models')?.node];
    return {
      provider: provider === undefined ? '' : (scalarText(provider) ?? ''),
      // `4.10` is a name like any other: it keeps its spelling and is not left out.
      models: models?.kind === 'list' ? models.items.flatMap((item) => scalarText(item) ?? []) : [],
    };
  });
  const isMixed = groups.length > 1;
  return groups.flatMap((group) =>
    group.models.map((model) => (isMixed && group.provider !== '' ? `${group.provider}/${model}` : model)),
  );
}

function isWritten(section: YamlSection, key: string): boolean {
  const found = section.find(key);
  return found !== undefined && found.value !== null;
}
