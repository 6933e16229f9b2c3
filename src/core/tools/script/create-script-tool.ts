import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import type { ScriptTool, ToolOperation } from '../../../shared/model/bundle.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { findSandbox, type ProcessRunner, type ProcessSpec, type Sandbox } from '../../processes/index.ts';
import {
  limitOf,
  type OperationTraits,
  type Recovery,
  type Tool,
  type ToolCall,
  type ToolLimit,
  type ToolResult,
} from '../../tool-port/index.ts';
import { unknownOperation } from '../check-call.ts';
import { holdProcess, sayContained, ToldRuns } from '../needs/contain-call.ts';
import { containmentOf, isContained, sandboxLimits } from '../needs/containment-of.ts';
import { buildArgv } from './build-argv.ts';
import { childEnvironment } from './child-environment.ts';
import { checkParameters, coerceParameters, moveSecrets } from './coerce-parameters.ts';
import { describeScript, functionsOf } from './describe-script.ts';
import { interpretEnd, OUTPUT_LIMIT_BYTES } from './interpret-end.ts';
import { interpreterFor, programsOf } from './interpreter-for.ts';

const SINGLE_OPERATION = 'run';

interface ChosenOperation {
  readonly declared: ToolOperation;
  /** What stands as first argument, if anything. */
  readonly argument: string | null;
}

/** What runs the scripts, and what holds them here: the system's own sandbox by default. */
interface ScriptToolParts {
  readonly runner: ProcessRunner;
  readonly sandbox?: () => Sandbox;
  /** Contained, it writes its working folder only where it declares that. Default: all of it. */
  readonly keepsWorkDir?: boolean;
}

/** A script as a tool of the engine (SPEC §5.2): checks, argv, clean environment, start through the runner, result. */
export function createScriptTool(tool: ScriptTool, parts: ScriptToolParts): Tool {
  const deps = { ...parts, told: new ToldRuns() };
  const self: Tool = {
    name: tool.name,
    category: 'script',
    operations: tool.operations.length === 0 ? [SINGLE_OPERATION] : tool.operations.map((operation) => operation.name),
    wantsText: (operation, input) => wantsText(tool, operation, input),
    traits: (operation) => traitsOf(tool, operation),
    check: (operation, inputs) => check(tool, operation, inputs),
    execute: (call) => execute(tool, deps, call),
    functions: async () => functionsOf(tool.name, describeScript(tool, self)),
    limits: (_operation, permissions) => limitsOf(permissions, deps),
    fingerprint: () => fingerprintOf(tool),
    recover: (call) => recover(tool, deps.runner, call),
  };
  return self;
}

/** Variables are ours to give; files and the network only where there is a sandbox. Looked for when somebody asks. */
function limitsOf(permissions: JsonMap | undefined, { sandbox = findSandbox }: ScriptToolParts): readonly ToolLimit[] {
  if (permissions === undefined || sandbox().kind === 'none') return ['env'];
  return ['env', ...sandboxLimits(permissions, sandbox().kind)];
}

/** Its code is part of the bundle's version; what else it depends on are its manifest and the variables that it is handed. */
const fingerprintOf = (tool: ScriptTool): string =>
  createHash('sha256')
    .update(JSON.stringify([tool, tool.passEnv.map((name) => process.env[name] ?? null)]))
    .digest('hex');

/** `tool.unknown_operation`. */
function chooseOperation(tool: ScriptTool, name: string): ChosenOperation {
  const declared = tool.operations.find((operation) => operation.name === name);
  if (declared !== undefined) return { declared, argument: name };
  if (tool.operations.length === 0) {
    const open = { name, description: '', parameters: null, idempotent: false, readOnly: false };
    if (name === SINGLE_OPERATION) return { declared: open, argument: null };
    // It becomes the script's first argument, so it must not read as an option.
    if (/^[^-\0][^\0]*$/.test(name) && name.isWellFormed()) return { declared: open, argument: name };
  }
  const known = tool.operations.length === 0 ? [SINGLE_OPERATION] : tool.operations.map((operation) => operation.name);
  throw unknownOperation(tool.name, name, known);
}

/** Parameters that are declared as texts, and all of an operation that declares none: an argument is a text (SPEC §5.2). */
function wantsText(tool: ScriptTool, operation: string, input: string): boolean {
  const { parameters } = chooseOperation(tool, operation).declared;
  return parameters === null || parameters.some(({ name, type }) => name === input && type === 'string');
}

function traitsOf(tool: ScriptTool, operation: string): OperationTraits {
  const { declared } = chooseOperation(tool, operation);
  const isRepeatable = declared.idempotent || declared.readOnly;
  return {
    effect: isRepeatable ? 'idempotent' : 'effect',
    repeatable: isRepeatable,
    ...(declared.readOnly ? { readOnly: true } : {}),
    timeoutMs: declared.timeoutMs ?? tool.timeoutMs,
  };
}

function check(tool: ScriptTool, operation: string, inputs: JsonMap): readonly Diagnostic[] {
  try {
    const { declared } = chooseOperation(tool, operation);
    return checkParameters(declared, inputs, holdsTemplate).map(({ severity, message, fix }) => ({
      severity,
      code: 'tool.invalid_params',
      message,
      ...(fix === undefined ? {} : { fix }),
    }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const fix = error.hint === undefined ? {} : { fix: error.hint };
    return [{ severity: 'error', code: error.code, message: error.message, ...fix }];
  }
}

/** Both dialects (SPEC §2.1): anything in braces may turn out to be any value. */
export function holdsTemplate(value: Json): boolean {
  if (typeof value === 'string') return /\{\{|\{%|\{[^{}]+\}/.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(holdsTemplate);
}

async function execute(
  tool: ScriptTool,
  { runner, sandbox = findSandbox, keepsWorkDir, told }: ScriptToolParts & { readonly told: ToldRuns },
  call: ToolCall,
): Promise<ToolResult> {
  const { declared, argument } = chooseOperation(tool, call.operation);
  const { values, secrets, warnings } = moveSecrets(coerceParameters(declared, call.inputs), call.secretInputs);
  const { args, stdin } = buildArgv({ argument, declared }, values);
  const env = childEnvironment({
    tool,
    bundleEnv: call.env,
    secrets,
    call,
    only: limitOf(call.permissions, 'env'),
    readsStdin: stdin !== null,
  });
  checkEnvironment(env);
  const script = join(call.workDir, tool.scriptPath);
  const start = await interpreterFor(script, pathOf(env));
  const programs = isContained(tool.needs, call.permissions) ? await programsOf(start, script, pathOf(env)) : [];
  const place = {
    ...{ workDir: call.copyDir ?? call.workDir, runDir: call.runDir, programs: [script, ...programs] },
    // The bundle is read there, and stays as it is.
    ...(call.copyDir === undefined ? {} : { files: [call.workDir] }),
  };
  const planned = containmentOf(tool.needs, call.permissions, {
    ...place,
    ...(keepsWorkDir && call.copyDir === undefined && { keepsWorkDir }),
  });
  const notices = sayContained(planned, call, { told, sandbox });
  const held = await holdProcess(planned, (line) => call.log('log', line, 'warning'), sandbox);
  const spec: ProcessSpec = {
    ...{ runId: call.runId, path: call.path, attempt: call.attempt, stepKey: call.stepKey },
    command: start.command,
    args: [...start.args, ...args],
    cwd: call.copyDir ?? call.workDir,
    env: { ...env, ...start.env },
    stdin,
    timeoutMs: call.timeoutMs,
    outputLimitBytes: OUTPUT_LIMIT_BYTES,
    containment: held.containment,
    limits: tool.needs.limits,
  };
  const hooks = {
    signal: call.signal,
    onLine: (stream: 'stdout' | 'stderr', line: string) => call.log(stream, line),
    onOpen: (stream: 'stdout' | 'stderr', text: string) => call.logOpen?.(stream, text),
  };
  const end = await runner.run(spec, hooks).finally(held.close);
  const result = interpretEnd(end, call.timeoutMs);
  return { ...result, warnings: [...notices, ...held.refused(), ...warnings, ...(result.warnings ?? [])] };
}

async function recover(
  tool: ScriptTool,
  runner: ProcessRunner,
  call: Omit<ToolCall, 'signal' | 'log'>,
): Promise<Recovery> {
  const found = await runner.lookup(call);
  if (found.kind !== 'ended') return found;
  try {
    const { warnings } = coerceParameters(chooseOperation(tool, call.operation).declared, call.inputs);
    const result = interpretEnd(found.end, call.timeoutMs);
    return { kind: 'completed', result: { ...result, warnings: [...warnings, ...(result.warnings ?? [])] } };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { kind: 'failed', error };
  }
}

/** Windows writes the name in any case. */
function pathOf(env: Readonly<Record<string, string>>): string {
  return env.PATH ?? Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
}

function checkEnvironment(env: Readonly<Record<string, string>>): void {
  const bad = Object.entries(env).find(([name, value]) => name === '' || /[=\0]/.test(name) || value.includes('\0'));
  if (bad === undefined) return;
  throw new AppError('tool.invalid_params', `The variable ${JSON.stringify(bad[0])} cannot be passed to a script.`, {
    hint: 'Variable names must not be empty or hold "=", and neither names nor values may hold a NUL character.',
  });
}
