import { readFile } from 'node:fs/promises';
import type { Json, JsonMap } from '../../../shared/json.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import type { AgentSupport } from '../../../shared/model/workflow.ts';
import { errnoOf, toFileError } from '../../files/index.ts';
import { AGENT_SUPPORT_WORDS } from '../../workflow/index.ts';
import { openSettings, type Settings, YAML_LIMITS } from '../../yaml/index.ts';

/** `planned` and `not_supported` ones are listed but cannot be chosen. */
export type AgentStatusWord = AgentSupport | 'planned';
/** Words that a file of capabilities may write as the status of an agent. */
export const AGENT_STATUS_WORDS: readonly AgentStatusWord[] = [...AGENT_SUPPORT_WORDS, 'planned'];

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

/** What counts where there is no file of capabilities. */
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
  const { root, finish } = openSettings([{ file: SHOWN_NAME, text }], { code: 'config.invalid' });
  const list = root.section('agents');
  const agents = new Map(list.entries().map(({ key }) => [key, readAgent(list.section(key))]));
  const routingRules = root.maps('routing_rules').flatMap(readRule);
  return { hasFile: true, agents, routingRules, diagnostics: finish() };
}

function readRule({ node, report }: Settings): readonly RoutingRule[] {
  const { if: condition, prefer } = node.value;
  const isCondition = typeof condition === 'string' || typeof condition === 'boolean';
  if (isCondition && typeof prefer === 'string') return [{ condition, agent: prefer }];
  report.add('error', "A routing rule is a map of 'if', a condition, and 'prefer', the name of an agent.", node);
  return [];
}

function readAgent(agent: Settings): WrittenAgent {
  const { words, models } = readCapabilities(agent.section('capabilities'));
  return {
    version: agent.text('version') ?? null,
    provider: agent.text('provider') ?? null,
    status: agent.word('status', AGENT_STATUS_WORDS) ?? (agent.get('status') === undefined ? null : 'planned'),
    capabilities: words,
    models,
    strengths: agent.texts('strengths') ?? null,
    limitations: agent.texts('limitations') ?? null,
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

function readCapabilities(section: Settings): { readonly words: JsonMap; readonly models: readonly string[] } {
  const words: Record<string, Json> = {};
  for (const [key, allowed] of Object.entries(WORDS)) {
    const found = section.get(key)?.node;
    if (found === undefined) continue;
    if (typeof found.value === 'boolean' && WORD_OR_FLAG.has(key)) words[key] = found.value;
    else words[key] = section.word(key, allowed) ?? allowed.at(-1) ?? '';
  }
  for (const key of FLAGS) if (section.get(key) !== undefined) words[key] = section.flag(key) ?? false;
  const flows = section.texts('oauth_flows');
  if (flows !== undefined) words.oauth_flows = flows;
  const window = section.get('context_window')?.node.value;
  if (typeof window === 'number' || window === 'model_dependent') words.context_window = window;
  else section.wrong('context_window', 'a number of tokens or model_dependent');
  const mcp = section.section('mcp');
  const mcpWords: Record<string, Json> = {};
  if (mcp.get('native_support') !== undefined) mcpWords.native_support = mcp.flag('native_support') ?? false;
  if (mcp.get('mcp_servers') !== undefined)
    mcpWords.mcp_servers = mcp.word('mcp_servers', MCP_SERVERS) ?? 'not_supported';
  if (Object.keys(mcpWords).length > 0) words.mcp = mcpWords;
  return { words, models: readModels(section) };
}

/** `supported_models: [{provider, models[]}]`; of several providers each model is named `provider/model`. */
function readModels(section: Settings): readonly string[] {
  const groups = section.maps('supported_models').map((group) => ({
    provider: group.text('provider') ?? '',
    // `4.10` is a name like any other: it keeps its spelling and is not left out.
    models: group.texts('models') ?? [],
  }));
  const isMixed = groups.length > 1;
  return groups.flatMap((group) =>
    group.models.map((model) => (isMixed && group.provider !== '' ? `${group.provider}/${model}` : model)),
  );
}
