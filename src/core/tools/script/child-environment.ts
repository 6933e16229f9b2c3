import type { ScriptTool } from '../../../shared/model/bundle.ts';

type EnvMap = Readonly<Record<string, string>>;
type HostEnv = Readonly<Record<string, string | undefined>>;

/** What a script may see of the host by itself (SPEC §5.2); everything else has to be declared. */
const ALLOWED = new Set(['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR']);
/** Without these nothing runs on Windows. Names count in any case there. */
const WINDOWS_ESSENTIALS = new Set(
  'PATH PATHEXT SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC TEMP TMP USERPROFILE HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86) NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE OS'.split(
    ' ',
  ),
);
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

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
}

/** The whole environment of a script, clean: later sources win, `AIWORKFLOW_*` always does. */
export function childEnvironment(request: EnvironmentRequest, host: HostEnv = process.env): Record<string, string> {
  const { tool, call } = request;
  const passed = tool.passEnv.flatMap((name) => (host[name] === undefined ? [] : [[name, host[name]]]));
  const secrets = Object.entries(request.secrets).map(([name, value]) => [secretVariable(name), value]);
  return {
    ...systemEnvironment(host),
    ...request.bundleEnv,
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

function systemEnvironment(host: HostEnv): Record<string, string> {
  const isWindows = process.platform === 'win32';
  const isAllowed = (name: string): boolean =>
    ALLOWED.has(name) || name.startsWith('LC_') || (isWindows && WINDOWS_ESSENTIALS.has(name.toUpperCase()));
  const kept = Object.entries(host).flatMap(([name, value]) =>
    value !== undefined && isAllowed(name) ? [[name, value]] : [],
  );
  return { ...(isWindows ? {} : { PATH: DEFAULT_PATH }), ...Object.fromEntries(kept) };
}
