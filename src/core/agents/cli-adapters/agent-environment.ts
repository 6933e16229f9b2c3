import type { AgentRequest } from '../../agent-port/index.ts';
import { systemEnvironment } from '../../processes/index.ts';
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
  options: Pick<CliAdapterOptions, 'hostEnv' | 'config'>,
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
  { hostEnv, config }: Pick<CliAdapterOptions, 'hostEnv' | 'config'>,
  { ownNames, set }: EnvironmentParts,
): Record<string, string> {
  const names = [...ownNames, ...settingTexts(config, 'pass_env')];
  const own = names.flatMap((name): [string, string][] => {
    const value = hostEnv[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...systemEnvironment(hostEnv), ...Object.fromEntries(own), ...set };
}

/** The variable that `api_key` of the settings names, where it is set. */
export function namedKey({
  config,
  hostEnv,
}: Pick<CliAdapterOptions, 'hostEnv' | 'config'>): { readonly name: string; readonly value: string } | null {
  const name = settingText(config, 'api_key');
  const value = name === null ? undefined : hostEnv[name];
  return name === null || value === undefined ? null : { name, value };
}

/** PATH of the host. Windows writes the name in any case. */
export function pathOf(hostEnv: CliAdapterOptions['hostEnv']): string {
  return systemPath(systemEnvironment(hostEnv));
}

function systemPath(env: EnvMap): string {
  return env.PATH ?? Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
}
