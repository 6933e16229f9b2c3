import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../../shared/json.ts';
import { NO_NEEDS, type ProcessLimits, type ToolNeeds } from '../../../shared/model/needs.ts';
import { isInside, writeFileAtomic } from '../../files/index.ts';
import type { ProcessEnd, ProcessRunner, ProcessSpec } from '../../processes/index.ts';
import { holdProcess } from '../needs/contain-call.ts';
import { containmentOf } from '../needs/containment-of.ts';
import { childEnvironment, type EnvironmentRequest } from '../script/child-environment.ts';
import { OUTPUT_LIMIT_BYTES } from '../script/interpret-end.ts';
import { interpreterFor } from '../script/interpreter-for.ts';
import { printedLines } from './printed-lines.ts';
import type { HostRequest } from './protocol.ts';
import { PYTHON_HOST } from './python-host.ts';

/** What the processes of one adapter share. */
export interface AdapterPlace {
  readonly tool: string;
  readonly adapterPath: string;
  /** The registry's folder. */
  readonly workDir: string;
  readonly stateDir: string;
  readonly runner: ProcessRunner;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  /** What it may reach; absent: it runs as the user does. */
  readonly needs?: ToolNeeds | undefined;
  readonly limits?: ProcessLimits | undefined;
}

/** One process: who asks it what, and for how long. */
export interface AdapterCall {
  readonly method: HostRequest['method'];
  /** Numbers in it may be of the kind that only `JSON.stringify` can read. */
  readonly parameters: Json;
  readonly key: Pick<ProcessSpec, 'runId' | 'path' | 'attempt' | 'stepKey'>;
  readonly env: Pick<EnvironmentRequest, 'bundleEnv' | 'call'>;
  /** What it logs in with. */
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly log: (stream: 'stdout' | 'stderr', line: string) => void;
  readonly logOpen?: ((stream: 'stdout' | 'stderr', text: string) => void) | undefined;
}

/** The id of the request of an attempt: the same after a crash, when its answer is looked for. */
export function requestId({ runId, path, attempt, stepKey }: AdapterCall['key']): string {
  return createHash('sha256')
    .update(JSON.stringify([runId, path, attempt, stepKey]))
    .digest('hex')
    .slice(0, 32);
}

/** Runs the adapter in a process of its own (SPEC §5.5): clean environment, caps and end as for scripts. `tool.interpreter_missing`. */
export async function runAdapter(place: AdapterPlace, call: AdapterCall): Promise<ProcessEnd> {
  const id = requestId(call.key);
  const tool = { name: place.tool, env: call.variables, passEnv: [] };
  const { bundleEnv, call: about } = call.env;
  const env = childEnvironment(
    { tool, bundleEnv, secrets: {}, call: about, readsStdin: false, only: null },
    place.hostEnv,
  );
  const start = await startOf(place, env.PATH ?? env.Path ?? '');
  const request: HostRequest = {
    ...{ jsonrpc: '2.0', id, method: call.method },
    params: { adapter: place.adapterPath, operation: about.operation, parameters: call.parameters },
  };
  const say = (line: string): void => call.log('stderr', line);
  const held = await holdProcess(containmentOfAdapter(place, start, call), say);
  const spec: ProcessSpec = {
    ...call.key,
    command: start.command,
    args: start.args,
    cwd: place.workDir,
    env: { ...env, ...start.env },
    stdin: `${JSON.stringify(request)}\n`,
    timeoutMs: call.timeoutMs,
    outputLimitBytes: OUTPUT_LIMIT_BYTES,
    containment: held.containment,
    limits: place.limits,
  };
  const { onLine, onOpen } = printedLines(id, call);
  return place.runner.run(spec, { signal: call.signal, onLine, onOpen }).finally(held.close);
}

/** Where the host's own code lies: beside this file when built, in all of `src` from source. */
const OWN_CODE = import.meta.url.endsWith('.ts')
  ? fileURLToPath(new URL('../../..', import.meta.url))
  : dirname(fileURLToPath(import.meta.url));

/** What the adapter declares nothing of is not its own: not the folder of the registry either. */
function containmentOfAdapter(
  { needs = NO_NEEDS, adapterPath, workDir, stateDir }: AdapterPlace,
  { command, args }: Pick<ProcessSpec, 'command' | 'args'>,
  { method, env }: AdapterCall,
): ReturnType<typeof containmentOf> {
  const host = args.at(-1) ?? '';
  const runDir = method === 'call' ? env.call.runDir : null;
  const place = {
    workDir,
    runDir,
    programs: [command, host, adapterPath],
    keepsWorkDir: true,
    isWide: isInside(workDir, stateDir),
    files: [OWN_CODE, host],
  };
  return containmentOf(needs, undefined, place);
}

async function startOf(
  { adapterPath, stateDir }: AdapterPlace,
  path: string,
): Promise<Awaited<ReturnType<typeof interpreterFor>>> {
  if (extname(adapterPath).toLowerCase() !== '.py') return interpreterFor(nodeHost(), path);
  const start = await interpreterFor(await pythonHost(stateDir), path);
  // Prints at once, in UTF-8, and leaves no compiled files in the project.
  return { ...start, args: ['-u', '-B', '-X', 'utf8', ...start.args] };
}

/** Beside this file, from source as well as built. */
function nodeHost(): string {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return join(dirname(fileURLToPath(import.meta.url)), `module-host${extension}`);
}

/** Python cannot look into an archive of the app, so its host is a file of the project's state. */
async function pythonHost(stateDir: string): Promise<string> {
  const file = join(stateDir, 'python-module-host.py');
  const found = await readFile(file, 'utf8').catch(() => null);
  if (found !== PYTHON_HOST) await writeFileAtomic(file, PYTHON_HOST, 0o600);
  return file;
}
