import type { JsonMap } from '../../shared/json.ts';
import { readCapabilityFile } from './capabilities/read-capability-file.ts';
import { SHIPPED_AGENTS } from './capabilities/shipped-agents.ts';
import { readCliProfiles } from './cli-adapters/index.ts';
import { isFurtherService } from './create-adapters.ts';

/** Where a project names agents. */
export interface AgentPlaces {
  /** `agent.configs`. */
  readonly configs: Readonly<Record<string, JsonMap>>;
  /** Folder of the CLI profiles. */
  readonly profilesDir: string;
  readonly capabilitiesFile: string;
}

/** The agents that `AgentDirectory` would list, for whoever only reads a project: makes no adapter. Error: `file.io`. */
export async function readAgentNames({
  configs,
  profilesDir,
  capabilitiesFile,
}: AgentPlaces): Promise<readonly string[]> {
  const [{ profiles }, file] = await Promise.all([readCliProfiles(profilesDir), readCapabilityFile(capabilitiesFile)]);
  const services = Object.keys(configs).filter((name) => isFurtherService(configs[name] ?? {}));
  const shipped = SHIPPED_AGENTS.map((one) => one.name);
  return [...new Set([...shipped, ...file.agents.keys(), ...services, ...profiles.map((one) => one.name)])];
}
