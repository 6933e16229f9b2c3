import type { JsonMap } from '../../shared/json.ts';
import type { AgentCapabilities, AgentInfo } from '../../shared/model/agent.ts';
import type { AgentAdapter } from '../agent-port/index.ts';
import {
  DEFAULT_CAPABILITIES,
  mergeCapabilityWords,
  readCapabilityWords,
  toCapabilityWords,
} from './capabilities/capability-words.ts';
import type { AgentStatusWord, CapabilityFile } from './capabilities/read-capability-file.ts';
import { SHIPPED_AGENTS } from './capabilities/shipped-agents.ts';

/** All that is known of an agent without reaching it: its adapter, what the product and what the project say about it. */
export interface AgentRecord {
  readonly name: string;
  /** null = this version cannot reach it. */
  readonly adapter: AgentAdapter | null;
  readonly status: AgentStatusWord;
  /** Can be chosen: there is an adapter and nobody says that it is planned or not supported. */
  readonly isAvailable: boolean;
  readonly capabilities: AgentCapabilities;
  /** The same in the words of `capabilities.yaml`, as routing rules read it. */
  readonly words: JsonMap;
  readonly about: Pick<
    AgentInfo,
    | 'provider'
    | 'kind'
    | 'saysCostAtEnd'
    | 'description'
    | 'installHint'
    | 'baseUrl'
    | 'models'
    | 'strengths'
    | 'limitations'
  >;
  readonly keyNames: readonly string[];
}

/** Every agent of the project by name: the shipped ones first, then those that the project or an adapter adds. */
export function agentRecords(
  adapters: readonly AgentAdapter[],
  file: CapabilityFile,
  configs: Readonly<Record<string, JsonMap>>,
): ReadonlyMap<string, AgentRecord> {
  const names = new Set([
    ...SHIPPED_AGENTS.map((one) => one.name),
    ...file.agents.keys(),
    ...adapters.map((one) => one.name),
  ]);
  const byName = new Map(adapters.map((one) => [one.name, one]));
  return new Map([...names].map((name) => [name, agentRecord(name, byName.get(name) ?? null, { file, configs })]));
}

interface Sources {
  readonly file: CapabilityFile;
  readonly configs: Readonly<Record<string, JsonMap>>;
}

function agentRecord(name: string, adapter: AgentAdapter | null, { file, configs }: Sources): AgentRecord {
  const shipped = SHIPPED_AGENTS.find((one) => one.name === name);
  const written = file.agents.get(name);
  const config = configs[name] ?? {};
  const status = written?.status ?? (adapter === null ? 'planned' : 'supported');
  const own = toCapabilityWords(adapter?.capabilities ?? DEFAULT_CAPABILITIES);
  const words = mergeCapabilityWords(own, written?.capabilities ?? {});
  const { api_key: secret, api_base_url: baseUrl } = config;
  const limitations = written?.limitations ?? shipped?.limitations ?? [];
  return {
    name,
    adapter,
    status,
    isAvailable: adapter !== null && status !== 'planned' && status !== 'not_supported',
    capabilities: readCapabilityWords(words),
    words,
    about: {
      provider: written?.provider ?? adapter?.provider ?? shipped?.provider ?? 'custom',
      kind: adapter?.kind ?? shipped?.kind ?? 'cli',
      saysCostAtEnd: adapter?.kind === 'cli' && adapter.isMetered !== true,
      description: shipped?.description ?? `An agent of this project, reached by its profile.`,
      installHint: shipped?.installHint ?? null,
      baseUrl: typeof baseUrl === 'string' ? withoutUserInfo(baseUrl) : (shipped?.baseUrl ?? null),
      models: written?.models ?? [],
      strengths: written?.strengths ?? shipped?.strengths ?? [],
      limitations: adapter === null ? [...limitations, notReachable(name)] : limitations,
    },
    keyNames: typeof secret === 'string' && secret !== '' ? [secret] : (shipped?.keys ?? []),
  };
}

/** Why an agent that is only listed cannot be chosen. */
export const notReachable = (name: string): string =>
  `This version has not been run with ${name}; a CLI profile in .aiworkflow/agents/profiles/${name}.yaml makes it available.`;

/** An address as it may be shown: never with what logs in. */
function withoutUserInfo(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.username === '' && url.password === '' && url.search === '') return address;
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}
