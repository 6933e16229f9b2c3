import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { EffectClass } from '../../shared/model/events.ts';
import { undoneBy } from '../../shared/model/undo.ts';
import { parseDuration } from '../../shared/parse-duration.ts';
import { type Clock, wait } from '../time/index.ts';
import type { ToolLimit } from '../tool-port/index.ts';
import type { OperationTraits, Tool, ToolCall, ToolResult } from '../tools/index.ts';
import { GIT_OPERATIONS, type GitActs, runGit, undoOfGit } from './git-built-ins.ts';

/** What the built-ins need from the engine's surroundings. */
export interface BuiltInPorts {
  readonly clock: Clock;
  readonly host: {
    /** See `EngineHost.writeOutputFile`. */
    writeOutputFile(runId: string, path: string, text: string): Promise<string>;
    /** See `EngineHost.restoreFiles`. */
    restoreFiles(runId: string, step: string, patterns: readonly string[] | null): Promise<readonly string[]>;
    readonly git: GitActs;
  };
}

type Operation = (call: ToolCall, ports: BuiltInPorts) => ToolResult | Promise<ToolResult>;

/** SPEC §1.6; effect classes of §3.8. `set_outputs` and `set` give their inputs, the engine publishes them. */
const OPERATIONS: Readonly<Record<string, { readonly effect: EffectClass; readonly run: Operation }>> = {
  set_outputs: { effect: 'pure', run: (call) => ({ output: call.inputs }) },
  set: { effect: 'pure', run: (call) => ({ output: call.inputs }) },
  noop: { effect: 'pure', run: () => ({ output: null }) },
  fail: { effect: 'pure', run: fail },
  log: { effect: 'pure', run: log },
  timestamp: { effect: 'pure', run: (call) => ({ output: new Date(call.stepNow).toISOString() }) },
  sleep: { effect: 'pure', run: sleep },
  write_file: { effect: 'idempotent', run: writeFile },
  restore_files: { effect: 'idempotent', run: restoreFiles },
  ...Object.fromEntries(
    Object.keys(GIT_OPERATIONS).map((name) => [
      name,
      { effect: 'idempotent', run: (call, { host }) => runGit(call, host.git) },
    ]),
  ),
};

/** What is a text whatever stands there; `set` and `set_outputs` take values. */
const TEXT_INPUTS: Readonly<Record<string, readonly string[]>> = {
  fail: ['message'],
  log: ['message'],
  write_file: ['path', 'content'],
  ...Object.fromEntries(
    Object.entries(GIT_OPERATIONS).map(([name, { texts, optional }]) => [name, [...texts, ...optional]]),
  ),
};

/** What none of them ever does. */
const HARMLESS: readonly ToolLimit[] = ['read', 'commands', 'hosts', 'env'];

const WRITES: ReadonlySet<string> = new Set(['write_file', 'restore_files']);

/** What an operation can be held to because it does nothing else. */
const limitsOf = (operation: string): readonly ToolLimit[] => {
  // Git has hooks and settings of its own.
  if (Object.hasOwn(GIT_OPERATIONS, operation)) return [];
  return WRITES.has(operation) ? HARMLESS : [...HARMLESS, 'write'];
};

const NO_LIMIT_MS = 366 * 24 * 3_600_000;

/** The `workflow.*` actions as a tool, so that the engine has one way to act. */
export function createBuiltIns(ports: BuiltInPorts): Tool {
  const find = (operation: string): (typeof OPERATIONS)[string] => {
    const found = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
    if (found !== undefined) return found;
    const available = Object.keys(OPERATIONS).join(', ');
    throw new AppError('tool.unknown_operation', `Unknown operation: ${operation}. Available: [${available}]`);
  };
  const traits = (effect: EffectClass): OperationTraits => ({ effect, repeatable: true, timeoutMs: NO_LIMIT_MS });
  return {
    name: 'workflow',
    category: 'built_in',
    operations: Object.keys(OPERATIONS),
    wantsText: (operation, input) => TEXT_INPUTS[operation]?.includes(input) ?? false,
    limits: limitsOf,
    traits: (operation) => traits(find(operation).effect),
    check: () => [],
    undo: undoOfGit,
    execute: (call) => find(call.operation).run(call, ports),
  };
}

function fail(call: ToolCall): ToolResult {
  throw new AppError('workflow.failed_by_author', textOf(call.inputs.message, 'The workflow stopped itself.'), {
    hint: 'The workflow decided to fail here: read its message and its inputs.',
  });
}

const LEVELS = ['debug', 'info', 'warning', 'error'] as const;

function log(call: ToolCall): ToolResult {
  const level = LEVELS.find((one) => one === call.inputs.level) ?? 'info';
  const message = textOf(call.inputs.message, '');
  for (const line of message.split('\n')) call.log('log', line, level);
  return { output: { level, message } };
}

/** Sleeps until `now` of the step plus the duration, so that a crash in between does not make it longer. */
async function sleep(call: ToolCall, ports: BuiltInPorts): Promise<ToolResult> {
  const given = call.inputs.duration ?? call.inputs.seconds ?? call.inputs.for ?? 0;
  const { ms, problem } = parseDuration(typeof given === 'number' ? given : textOf(given, ''));
  if (ms === null || problem !== undefined) {
    throw new AppError('tool.invalid_params', `workflow.sleep: ${problem ?? 'no duration'}`, {
      hint: 'Write a duration such as 30s or 2m.',
    });
  }
  await waitUntil(call, ports, call.stepNow + ms);
  return { output: { slept_seconds: ms / 1000 } };
}

/** Whatever reason the signal gives: the step was cut short. */
function waitUntil({ signal }: ToolCall, { clock }: BuiltInPorts, until: number): Promise<void> {
  return wait(Math.max(0, until - clock.now()), clock, signal).catch(() =>
    Promise.reject(new AppError('run.cancelled', 'The wait was cut short.')),
  );
}

async function writeFile(call: ToolCall, ports: BuiltInPorts): Promise<ToolResult> {
  const path = call.inputs.path;
  if (typeof path !== 'string' || path.trim() === '') {
    throw new AppError('tool.invalid_params', "workflow.write_file needs 'path', the name of the file to write.");
  }
  const content = contentOf(call.inputs);
  const written = await ports.host.writeOutputFile(call.runId, path, content);
  return { output: { path: written, size_bytes: Buffer.byteLength(content) } };
}

/** Puts files back as the step found them that it undoes, or that `step` names; `paths` = only these. */
async function restoreFiles({ inputs, path, runId }: ToolCall, ports: BuiltInPorts): Promise<ToolResult> {
  const { step = undoneBy(path), paths = null } = inputs;
  if (typeof step !== 'string')
    throw new AppError(
      'tool.invalid_params',
      "workflow.restore_files needs 'step', the step whose changes are taken back.",
      {
        hint: 'As compensate of a step it takes back what that step did.',
      },
    );
  if (paths !== null && !isTexts(paths))
    throw new AppError('tool.invalid_params', "'paths' of workflow.restore_files is a list of patterns.");
  return { output: { restored: [...(await ports.host.restoreFiles(runId, step, paths))] } };
}

const isTexts = (value: Json): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

function contentOf(inputs: JsonMap): string {
  const { content } = inputs;
  if (content === undefined || content === null) return '';
  return typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
}

const textOf = (value: Json | undefined, otherwise: string): string =>
  value === undefined || value === null ? otherwise : typeof value === 'string' ? value : JSON.stringify(value);
