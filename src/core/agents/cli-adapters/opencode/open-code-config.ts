import { AppError } from '../../../../shared/errors.ts';
import type { JsonMap } from '../../../../shared/json.ts';
import type { McpServerSpec } from '../../../agent-port/index.ts';
import { type CliAdapterOptions, settingText } from '../adapter-options.ts';
import { namedKey } from '../agent-environment.ts';
import { openCodeMcpConfig, openCodeMcpTools } from '../mcp-servers.ts';
import type { StepLimits } from '../step-limits.ts';
import type { StepPlace } from './step-place.ts';

/** The name of our own agent in its settings: rules that stand with an agent win over all others. */
export const OUR_AGENT = 'aiworkflow';
/** Providers that it knows by itself, with their own way of speaking; any other base URL is an OpenAI-compatible one. */
const KNOWN_PROVIDERS = new Set(['anthropic', 'openai', 'google', 'openrouter', 'groq', 'mistral', 'xai', 'deepseek']);
const OWN_PROVIDER = 'custom';

/** `provider/model`, taken apart; null = OpenCode decides. */
export interface ChosenModel {
  readonly providerId: string;
  readonly modelId: string;
}

type Settings = Pick<CliAdapterOptions, 'config' | 'hostEnv'>;

/** A model without a provider belongs to `provider` of the settings, else to the base URL that they name. */
export function chooseModel(model: string | null, { config }: Settings): ChosenModel | null {
  const written = model ?? settingText(config, 'model');
  const baseUrl = settingText(config, 'api_base_url');
  if (written === null) {
    if (baseUrl === null) return null;
    throw new AppError('agent.not_configured', 'OpenCode has a base URL but no model to ask for there.', {
      hint: "Write 'model' next to 'api_base_url' under 'agent.configs.opencode'.",
    });
  }
  const at = written.indexOf('/');
  if (at > 0) return { providerId: written.slice(0, at), modelId: written.slice(at + 1) };
  const provider = settingText(config, 'provider') ?? (baseUrl === null ? null : OWN_PROVIDER);
  if (provider !== null) return { providerId: provider, modelId: written };
  throw new AppError('agent.not_configured', `OpenCode does not know whose model '${written}' is.`, {
    hint: `Write it as provider/model, for example openai/${written}.`,
  });
}

/** A step's rules and where it stands. */
export interface StepRules {
  readonly limits: StepLimits;
  readonly place: StepPlace;
}

/** The settings file of one question: our agent with the step's rules, the base URL, the MCP servers. May hold secrets. */
export function openCodeConfig(
  settings: Settings,
  model: ChosenModel | null,
  { rules, mcpServers }: { readonly rules: StepRules; readonly mcpServers: readonly McpServerSpec[] },
): JsonMap {
  return {
    $schema: 'https://opencode.ai/config.json',
    autoupdate: false,
    share: 'disabled',
    snapshot: false,
    ...(model === null ? {} : { provider: providerConfig(settings, model) }),
    agent: {
      [OUR_AGENT]: {
        mode: 'primary',
        description: 'A step of a workflow',
        permission: permissionConfig(rules, openCodeMcpTools(mcpServers)),
      },
    },
    mcp: openCodeMcpConfig(mcpServers),
  };
}

function providerConfig(settings: Settings, { providerId, modelId }: ChosenModel): JsonMap {
  const baseURL = settingText(settings.config, 'api_base_url');
  const key = namedKey(settings)?.name ?? (KNOWN_PROVIDERS.has(providerId) ? null : 'OPENAI_API_KEY');
  if (baseURL === null) return {};
  const isKnown = KNOWN_PROVIDERS.has(providerId);
  const hasKey = key !== null && settings.hostEnv[key] !== undefined;
  return {
    [providerId]: {
      ...(isKnown ? {} : { npm: '@ai-sdk/openai-compatible', name: providerId }),
      options: { baseURL, ...(hasKey ? { apiKey: `{env:${key}}` } : {}) },
      models: { [modelId]: {} },
    },
  };
}

/** The last rule that fits decides, so what is refused stands first. */
function permissionConfig({ limits, place }: StepRules, mcpTools: readonly string[]): JsonMap {
  const canSearch = limits.read === null && place.canSearch;
  return {
    '*': 'deny',
    read: { ...globRules(limits.read ?? ['*'], place), '*.env': 'deny', '*.env.*': 'deny' },
    // They search the whole folder, whatever the rules for reading say.
    ...Object.fromEntries(['glob', 'grep', 'list'].map((tool) => [tool, canSearch ? 'allow' : 'deny'])),
    edit: globRules(limits.write, place),
    bash: commandRules(limits.commands),
    // All hosts or none: `hosts` is not a limit that it can hold.
    webfetch: limits.hosts.length === 0 ? 'deny' : 'allow',
    ...Object.fromEntries(
      ['external_directory', 'list_mcp_resources', 'list_mcp_resource_templates', 'read_mcp_resource'].map((tool) => [
        tool,
        'deny',
      ]),
    ),
    ...Object.fromEntries(mcpTools.map((tool) => [tool, 'allow'])),
  };
}

function globRules(globs: readonly string[], { prefixes }: StepPlace): JsonMap {
  const allowed = globs.flatMap((glob) => prefixes.map((prefix) => `${prefix}${glob.replace(/^\.\//, '')}`));
  return Object.fromEntries([['*', 'deny'], ...allowed.map((rule) => [rule, 'allow'])]);
}

const commandRules = (commands: readonly string[]): JsonMap =>
  Object.fromEntries([
    ['*', 'deny'],
    ...commands
      .flatMap((command) => (command === '*' ? ['*'] : [command, `${command} *`]))
      .map((rule) => [rule, 'allow']),
  ]);

/** The same rules as the server takes them with a session. */
export function permissionRules(rules: StepRules): readonly JsonMap[] {
  return Object.entries(permissionConfig(rules, [])).flatMap(([permission, rule]): JsonMap[] => {
    if (typeof rule === 'string') return [{ permission, pattern: '*', action: rule }];
    return Object.entries(rule ?? {}).map(([pattern, action]) => ({ permission, pattern, action }));
  });
}
