import type { JsonMap } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { AgentAdapter } from '../agent-port/index.ts';
import type { HttpClient } from '../http/index.ts';
import type { ProcessRunner } from '../processes/index.ts';
import {
  type CliAdapterOptions,
  createClaudeCodeAdapter,
  createOpenCodeAdapter,
  createProfileAdapter,
  readCliProfiles,
} from './cli-adapters/index.ts';
import { createDemoAdapter } from './demo/demo-adapter.ts';
import {
  createAnthropicAdapter,
  createOllamaAdapter,
  createOpenAiAdapter,
  type HttpAgentOptions,
} from './http-adapters/index.ts';
import { type ReadStoredKey, withStoredKey } from './stored-key.ts';

/** What the adapters of a project are made of. */
export interface AdapterSources {
  /** `agent.configs`. */
  readonly configs: Readonly<Record<string, JsonMap>>;
  /** Folder of the CLI profiles (SPEC §4.4); it need not exist. */
  readonly profilesDir: string;
  readonly projectPath: string;
  readonly http: HttpClient;
  readonly runner: ProcessRunner;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  /** Hears each key that an agent is about to use. */
  readonly onKey?: (key: string) => void;
  /** Secrets of the store that `api_key` names. Default: there are none. */
  readonly readKey?: ReadStoredKey;
}

/** The adapters that a project can use, and what is wrong with its profiles. */
export interface CreatedAdapters {
  readonly adapters: readonly AgentAdapter[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Makes them: ours, and one for each CLI profile of the project and each of `agent.configs` that names one of our providers
 * (`provider: openai` under another name reaches a second service). A profile never takes the place of one of ours. Starts nothing
 * and sends nothing. Error: `file.io`.
 */
export async function readAdapters(sources: AdapterSources): Promise<CreatedAdapters> {
  const { profiles, diagnostics } = await readCliProfiles(sources.profilesDir);
  const own = [
    keyed(sources, 'claude-code', (own) => createClaudeCodeAdapter(cliOptions(own, 'claude-code'))),
    keyed(sources, 'opencode', (own) => createOpenCodeAdapter(cliOptions(own, 'opencode'))),
    keyed(sources, 'ollama', (own) => createOllamaAdapter(httpOptions(own, 'ollama'))),
    keyed(sources, 'openai', (own) => createOpenAiAdapter(httpOptions(own, 'openai'))),
    keyed(sources, 'anthropic', (own) => createAnthropicAdapter(httpOptions(own, 'anthropic'))),
    createDemoAdapter(),
  ];
  const taken = new Set(own.map((one) => one.name));
  const services = furtherServices(sources, taken);
  for (const one of services) taken.add(one.name);
  const fromProfiles = profiles
    .filter((profile) => !taken.has(profile.name))
    .map((profile) =>
      keyed(sources, profile.name, (own) => createProfileAdapter({ ...cliOptions(own, profile.name), profile })),
    );
  const hidden = profiles.filter((profile) => taken.has(profile.name)).map(notUsed);
  return { adapters: [...own, ...services, ...fromProfiles], diagnostics: [...diagnostics, ...hidden] };
}

/** The adapters alone. */
export const createAdapters = async (sources: AdapterSources): Promise<readonly AgentAdapter[]> =>
  (await readAdapters(sources)).adapters;

/** Each agent with an environment of its own, where its key may come from the store. */
function keyed(sources: AdapterSources, name: string, create: (own: AdapterSources) => AgentAdapter): AgentAdapter {
  const { configs, hostEnv, readKey = () => null } = sources;
  const config = configs[name] ?? {};
  return withStoredKey(name, { config, hostEnv, readKey }, (env) => create({ ...sources, hostEnv: env }));
}

const cliOptions = (
  { configs, http, runner, hostEnv, projectPath, onKey }: AdapterSources,
  name: string,
): CliAdapterOptions => ({
  config: configs[name] ?? {},
  runner,
  hostEnv,
  projectPath,
  http,
  ...(onKey === undefined ? {} : { onKey }),
});

const httpOptions = ({ configs, http, hostEnv, onKey }: AdapterSources, name: string): HttpAgentOptions => ({
  name,
  config: configs[name] ?? {},
  http,
  hostEnv,
  ...(onKey === undefined ? {} : { onKey }),
});

const PROVIDERS: Readonly<Record<string, (options: HttpAgentOptions) => AgentAdapter>> = {
  ollama: createOllamaAdapter,
  openai: createOpenAiAdapter,
  anthropic: createAnthropicAdapter,
};

/** Whether an entry of `agent.configs` makes an agent of its own: it names one of our providers. */
export const isFurtherService = ({ provider }: JsonMap): boolean =>
  typeof provider === 'string' && Object.hasOwn(PROVIDERS, provider);

function furtherServices(sources: AdapterSources, taken: ReadonlySet<string>): readonly AgentAdapter[] {
  return Object.entries(sources.configs).flatMap(([name, config]) => {
    const create = isFurtherService(config) && !taken.has(name) ? PROVIDERS[String(config.provider)] : undefined;
    return create === undefined ? [] : [keyed(sources, name, (own) => create(httpOptions(own, name)))];
  });
}

const notUsed = ({ name }: { readonly name: string }): Diagnostic => ({
  severity: 'warning',
  code: 'config.invalid',
  message: `The profile ${name} is not used: there is an agent of that name already.`,
  file: `.aiworkflow/agents/profiles/${name}.yaml`,
});
