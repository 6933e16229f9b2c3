import type { AgentRequest } from '../../agent-port/index.ts';
import { systemEnvironment } from '../../processes/index.ts';
import { isDeclaredKey, requireDeclaredKey } from '../declared-keys.ts';
import { type CliAdapterOptions, settingText, settingTexts } from './adapter-options.ts';
import type { StepLimits } from './step-limits.ts';

type EnvMap = Readonly<Record<string, string>>;

/** What an agent's process gets besides the system's essentials. */
export interface EnvironmentParts {
  /** Names of the host's variables that are the agent's own: keys, base URLs, where it keeps its settings. */
  readonly ownNames: readonly string[];
  /** Values that we set for it; they win over the host's. */
  readonly set: EnvMap;
}

type EnvironmentRequest = Pick<AgentRequest, 'runId' | 'stepKey' | 'operation' | 'runDir' | 'env'>;

/**
 * The whole environment of an agent's process (SPEC §4.4, rule of §5.2): clean, then the bundle's variables, then the agent's own
 * keys and base URLs. `AIWORKFLOW_*` always wins.
 */
export function agentEnvironment(
  options: Pick<CliAdapterOptions, 'hostEnv' | 'config' | 'onKey'>,
  parts: EnvironmentParts,
  call: { readonly request: EnvironmentRequest; readonly limits: StepLimits },
): Record<string, string> {
  const { request, limits } = call;
  return {
    ...checkEnvironment(options, parts),
    ...Object.fromEntries(Object.entries(request.env).filter(([name]) => limits.env?.includes(name) ?? true)),
    ...parts.set,
    AIWORKFLOW_TOOL: 'agent',
    AIWORKFLOW_OPERATION: request.operation,
    AIWORKFLOW_RUN_ID: request.runId,
    AIWORKFLOW_STEP_KEY: request.stepKey,
    AIWORKFLOW_RUN_DIR: request.runDir,
  };
}

/** The environment of a check, which belongs to no run. */
export function checkEnvironment(
  { hostEnv, config, onKey }: Pick<CliAdapterOptions, 'hostEnv' | 'config' | 'onKey'>,
  { ownNames, set }: EnvironmentParts,
): Record<string, string> {
  const names = [...ownNames, ...settingTexts(config, 'pass_env')];
  const own = names.flatMap((name): [string, string][] => {
    const value = hostEnv[name];
    if (value !== undefined && isDeclaredKey(name, hostEnv)) onKey?.(value);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...systemEnvironment(hostEnv), ...Object.fromEntries(own), ...set };
}

/** The variable that `api_key` of the settings names, where it is set and declared as a key of agents. */
export function namedKey({
  config,
  hostEnv,
  onKey,
}: Pick<CliAdapterOptions, 'hostEnv' | 'config' | 'onKey'>): { readonly name: string; readonly value: string } | null {
  const name = settingText(config, 'api_key');
  const value = name === null || !isDeclaredKey(name, hostEnv) ? undefined : hostEnv[name];
  if (name === null || value === undefined) return null;
  onKey?.(value);
  return { name, value };
}

/** `agent.not_configured` before a program is started whose settings name a key that nobody declared. */
export function checkNamedKey(agent: string, { config, hostEnv }: Pick<CliAdapterOptions, 'hostEnv' | 'config'>): void {
  const name = settingText(config, 'api_key');
  if (name !== null) requireDeclaredKey(agent, name, hostEnv);
}

/** PATH of the host. Windows writes the name in any case. */
export function pathOf(hostEnv: CliAdapterOptions['hostEnv']): string {
  return systemPath(systemEnvironment(hostEnv));
}

function systemPath(env: EnvMap): string {
  return env.PATH ?? Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
}
