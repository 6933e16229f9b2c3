import type { JsonMap } from '../../shared/json.ts';
import { settingText, settingTexts } from './cli-adapters/adapter-options.ts';
import { readCliProfiles } from './cli-adapters/index.ts';

/** An agent as the files of a project set it up: where it is asked, what is started for it, what it is handed. */
export interface AgentSetUp {
  readonly name: string;
  /** What counts of it: no model, no time. */
  readonly settings: JsonMap;
  readonly baseUrl: string | null;
  /** Names of variables of this computer. */
  readonly keys: readonly string[];
  /** Command line of a profile. */
  readonly command: string | null;
}

/** They change what is answered, not who is asked or what is started. */
const HARMLESS: ReadonlySet<string> = new Set(['name', 'version', 'model', 'timeout', 'max_retries', 'max_tokens']);

/** All agents that a project sets up by itself, from `agent.configs` and its profiles. Starts nothing and sends nothing. Error: `file.io`. */
export async function readAgentSetUps(places: {
  readonly configs: Readonly<Record<string, JsonMap>>;
  readonly profilesDir: string;
}): Promise<readonly AgentSetUp[]> {
  const { profiles } = await readCliProfiles(places.profilesDir);
  const fromConfigs = Object.entries(places.configs).flatMap(([name, config]): readonly AgentSetUp[] => {
    const settings = Object.fromEntries(Object.entries(config).filter(([key]) => !HARMLESS.has(key)));
    if (Object.keys(settings).length === 0) return [];
    const key = settingText(config, 'api_key');
    const keys = [...(key === null ? [] : [key]), ...settingTexts(config, 'pass_env')];
    const baseUrl = settingText(config, 'api_base_url') ?? settingText(config, 'server_url');
    return [{ name, settings, baseUrl, keys, command: null }];
  });
  return [
    ...fromConfigs,
    ...profiles.map((profile): AgentSetUp => {
      const { name, command, args, env } = profile;
      const settings = JSON.parse(JSON.stringify(profile)) as JsonMap;
      return { name, settings, baseUrl: null, keys: env, command: [command, ...args].join(' ') };
    }),
  ];
}
