import type { ScriptTool } from '../../../shared/model/bundle.ts';
import { systemEnvironment } from '../../processes/index.ts';

type EnvMap = Readonly<Record<string, string>>;
type HostEnv = Readonly<Record<string, string | undefined>>;

export interface EnvironmentRequest {
  readonly tool: Pick<ScriptTool, 'name' | 'env' | 'passEnv'>;
  /** Bundle environment of the run. */
  readonly bundleEnv: EnvMap;
  /** Values of secret parameters, by parameter name. */
  readonly secrets: EnvMap;
  readonly call: {
    readonly operation: string;
    readonly runId: string;
    readonly stepId: string;
    readonly stepKey: string;
    readonly runDir: string;
  };
  readonly readsStdin: boolean;
  /** Names that may be handed on (`permissions.env` of the step); null = all. */
  readonly only: readonly string[] | null;
}

/** The whole environment of a script, clean: later sources win, `AIWORKFLOW_*` always does. */
export function childEnvironment(request: EnvironmentRequest, host: HostEnv = process.env): Record<string, string> {
  const { tool, call } = request;
  const mayPass = (name: string): boolean => request.only === null || request.only.includes(name);
  const passed = tool.passEnv.filter(mayPass).flatMap((name) => (host[name] === undefined ? [] : [[name, host[name]]]));
  const secrets = Object.entries(request.secrets).map(([name, value]) => [secretVariable(name), value]);
  return {
    ...systemEnvironment(host),
    // What a script prints is seen while it works, and not lost when it is ended (SPEC §5.2).
    PYTHONUNBUFFERED: '1',
    ...Object.fromEntries(Object.entries(request.bundleEnv).filter(([name]) => mayPass(name))),
    ...tool.env,
    ...Object.fromEntries(passed),
    ...Object.fromEntries(secrets),
    AIWORKFLOW_TOOL: tool.name,
    AIWORKFLOW_OPERATION: call.operation,
    AIWORKFLOW_RUN_ID: call.runId,
    AIWORKFLOW_STEP_ID: call.stepId,
    AIWORKFLOW_STEP_KEY: call.stepKey,
    AIWORKFLOW_RUN_DIR: call.runDir,
    ...(request.readsStdin ? { AIWORKFLOW_INPUT: 'stdin' } : {}),
  };
}

/** `AIWORKFLOW_PARAM_<NAME>` of a secret parameter. */
function secretVariable(name: string): string {
  return `AIWORKFLOW_PARAM_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`;
}
