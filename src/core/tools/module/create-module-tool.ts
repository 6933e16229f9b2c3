import { createHash, randomUUID } from 'node:crypto';
import { AppError } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import type { ProcessRunner } from '../../processes/index.ts';
import type { OperationTraits, Recovery, ToolCall, ToolResult } from '../../tool-port/index.ts';
import { unknownOperation } from '../check-call.ts';
import { withDigits } from '../exact-integers.ts';
import { sayContained, ToldRuns } from '../needs/contain-call.ts';
import type { RegistryTool, ToolCommons } from '../registry-port.ts';
import { holdsTemplate } from '../script/create-script-tool.ts';
import { createDescriptionCache, type Description, type DescriptionCache } from './description-cache.ts';
import { checkModuleParameters, prepareParameters } from './module-parameters.ts';
import { type AdapterPlace, requestId, runAdapter } from './module-process.ts';
import type { ModuleOperation } from './read-description.ts';
import { readReply } from './read-reply.ts';

/** As for scripts (SPEC §1.5, §5.5). */
const DEFAULT_TIMEOUT_MS = 300_000;

export interface ModuleToolOptions {
  readonly commons: ToolCommons;
  /** `adapter.js`, `.mjs`, `.ts` or `.py`, absolute. */
  readonly adapterPath: string;
  /** The registry's folder: adapters work there. */
  readonly workDir: string;
  readonly stateDir: string;
  readonly runner: ProcessRunner;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  /** Variables that it logs in with. `tool.not_configured`. */
  readonly variables: () => Promise<Readonly<Record<string, string>>>;
}

interface Module extends AdapterPlace {
  readonly commons: ToolCommons;
  readonly cache: DescriptionCache;
  readonly variables: ModuleToolOptions['variables'];
  readonly told: ToldRuns;
}

/**
 * An adapter of the project as a tool (SPEC §5.5): every call runs in a process of its own, started as scripts are. What an adapter can
 * do is found out by running it, so making the tool and asking what is known of it reads files alone.
 */
export function createModuleTool(options: ModuleToolOptions): RegistryTool {
  const { commons, adapterPath, stateDir } = options;
  const cache = createDescriptionCache(adapterPath, stateDir);
  const module: Module = {
    ...options,
    tool: commons.name,
    cache,
    needs: commons.needs,
    limits: commons.limits,
    told: new ToldRuns(),
  };
  return {
    name: commons.name,
    category: 'service',
    get operations() {
      return cache.known()?.operations.map(({ info }) => info.name) ?? null;
    },
    known: () => cache.known()?.definitions ?? null,
    traits: (operation) => traitsOf(module, operation),
    check: (operation, inputs) => check(module, operation, inputs),
    describe: async (signal) => (await describe(module, signal)).definitions,
    functions: async (signal) => {
      const { definitions } = cache.known() ?? (await describe(module, signal));
      return definitions.operations.map(({ name, description, parameters }) => ({
        name: `${commons.name}.${name}`,
        description,
        parameters,
      }));
    },
    execute: (call) => execute(module, call),
    recover: (call) => recover(module, call),
    close: () => Promise.resolve(),
  };
}

/** As long as nothing is known of it, an operation is taken for one that must not be repeated. */
function traitsOf(module: Module, operation: string): OperationTraits {
  const known = module.cache.known();
  if (known === null) return { effect: 'effect', repeatable: false, timeoutMs: DEFAULT_TIMEOUT_MS };
  const { info, timeoutMs } = find(module, known, operation);
  const base = {
    effect: info.effect,
    repeatable: info.effect !== 'effect',
    timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
  };
  return info.isReadOnly === true ? { ...base, readOnly: true } : base;
}

function find({ tool }: Module, { operations }: Description, name: string): ModuleOperation {
  const found = operations.find(({ info }) => info.name === name);
  if (found !== undefined) return found;
  const names = operations.map(({ info }) => info.name);
  throw unknownOperation(tool, name, names);
}

function check(module: Module, operation: string, inputs: JsonMap): readonly Diagnostic[] {
  const known = module.cache.known();
  if (known === null) return [];
  try {
    const { info } = find(module, known, operation);
    return checkModuleParameters(info, inputs, holdsTemplate).map(({ severity, message, fix }) => ({
      ...{ severity, code: 'tool.invalid_params', message },
      ...(fix === undefined ? {} : { fix }),
    }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, hint } = error;
    return [{ severity: 'error', code, message, ...(hint === undefined ? {} : { fix: hint }) }];
  }
}

async function describe(module: Module, signal: AbortSignal): Promise<Description> {
  const { tool, cache, runner, stateDir, commons } = module;
  const contentHash = cache.contentHash() ?? '';
  const runId = `describe-${randomUUID()}`;
  const stepKey = createHash('sha256').update(runId).digest('hex');
  const key = { runId, path: 'describe', attempt: 1, stepKey };
  const about = { operation: 'describe', runId, stepId: 'describe', stepKey, runDir: stateDir };
  const { timeoutMs } = commons;
  const ask = {
    method: 'describe',
    parameters: {},
    key,
    env: { bundleEnv: {}, call: about },
    timeoutMs,
    signal,
  } as const;
  try {
    // Without its login an adapter can still say what it could do.
    const end = await runAdapter(module, { ...ask, variables: await loginOrNothing(module), log: () => undefined });
    const told = readReply(end, { tool, operation: 'describe', id: requestId(key), timeoutMs });
    return await cache.keep(told.output, contentHash);
  } finally {
    await runner.forget(runId);
  }
}

async function loginOrNothing({ variables }: Module): Promise<Readonly<Record<string, string>>> {
  try {
    return await variables();
  } catch (error) {
    if (error instanceof AppError && /^(?:tool\.not_configured|secret\..*)$/.test(error.code)) return {};
    throw error;
  }
}

async function execute(module: Module, call: ToolCall): Promise<ToolResult> {
  const variables = await module.variables();
  const { info } = find(module, module.cache.known() ?? (await describe(module, call.signal)), call.operation);
  const { values, warnings } = await prepareParameters(info, call.inputs);
  const { runId, path, attempt, stepKey, timeoutMs, signal } = call;
  const key = { runId, path, attempt, stepKey };
  const env = { bundleEnv: call.env, call };
  const notices = sayContained(module.needs ?? null, call, module);
  const parameters = withDigits(values, info.parameters);
  const ask = {
    method: 'call',
    parameters,
    key,
    env,
    variables,
    timeoutMs,
    signal,
    log: call.log,
    logOpen: call.logOpen,
  } as const;
  const end = await runAdapter(module, ask);
  const reply = readReply(end, askedBy(module, call));
  return { output: reply.output, warnings: [...notices, ...warnings, ...reply.warnings] };
}

async function recover(module: Module, call: Omit<ToolCall, 'signal' | 'log'>): Promise<Recovery> {
  const found = await module.runner.lookup(call);
  if (found.kind !== 'ended') return found;
  try {
    return { kind: 'completed', result: readReply(found.end, askedBy(module, call)) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { kind: 'failed', error };
  }
}

const askedBy = ({ tool }: Module, call: Omit<ToolCall, 'signal' | 'log'>): Parameters<typeof readReply>[1] => ({
  tool,
  operation: call.operation,
  id: requestId(call),
  timeoutMs: call.timeoutMs,
});
