import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { EffectClass, RunCreated, StepStarted } from '../../shared/model/events.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import { undoneBy } from '../../shared/model/undo.ts';
import type { Step } from '../../shared/model/workflow.ts';
import { atAskingStep, notDeclared } from '../../shared/not-declared.ts';
import { sha256Hex } from '../crypto/index.ts';
import { type DecisionMark, translateStoreError } from '../storage/index.ts';
import type { AgentCall, Tool, ToolCall, ToolResult } from '../tool-port/index.ts';
import { childScope, renderText, type Scope, splitAction } from '../workflow/index.ts';
import type { AgentChoice } from './agent-choice.ts';
import type { ConversationWriter } from './conversation-writer.ts';
import type { EngineHost, EnginePorts, RunFolders, RunnableVersion } from './ports.ts';
import { toJson } from './to-json.ts';

/** Why an attempt was cut short from outside. */
export type Interruption = 'cancel' | 'run_timeout' | 'host_stopped';

/** One attempt, ready to be carried out: its `step.started` names the same things. */
export interface Attempt {
  readonly step: Step;
  readonly path: string;
  /** What its step key is made of. */
  readonly keyPath: string;
  readonly attempt: number;
  readonly role: 'main' | 'fallback' | 'call' | 'undo';
  readonly now: number;
  /** Agent steps: who does it. */
  readonly agent: AgentChoice | null;
  readonly tool: Tool;
  readonly operation: string;
  readonly effect: EffectClass;
  readonly isRepeatable: boolean;
  /** What its tool is logged in with is read again first. */
  readonly renews: boolean;
  readonly timeoutMs: number;
  readonly inputs: JsonMap;
}

export type AttemptOutcome =
  | {
      readonly kind: 'completed';
      readonly output: Json;
      readonly warnings: readonly StepWarning[];
      readonly metadata?: JsonMap;
    }
  | { readonly kind: 'failed'; readonly error: AppError; readonly warnings: readonly StepWarning[] };

/** What carrying out needs from its run. */
export interface AttemptContext {
  readonly runId: string;
  readonly created: RunCreated;
  /** Who started the run: it goes on with his rights. */
  readonly starter: string;
  readonly version: RunnableVersion;
  readonly host: EngineHost;
  readonly ports: EnginePorts;
  readonly deciding: Pick<DecisionMark, 'during'>;
  readonly signal: AbortSignal;
  /** What the step's own texts see. */
  readonly scope: () => Scope;
  readonly log: ToolCall['log'];
  readonly logOpen: NonNullable<ToolCall['logOpen']>;
  /** Set for attempts of agent steps. */
  readonly agentCall?: AgentCall;
  readonly conversation?: ConversationWriter;
}

/** SPEC §3.8: the same over attempts, resume and `retry`, new for `replay`. */
export const stepKeyOf = (originRunId: string, keyPath: string): string => sha256Hex(`${originRunId}\0${keyPath}`);

/** What was undone and is done again is another thing to whoever is called: its key is another one, and that of its undo too. */
const keyOf = ({ keyPath }: Attempt, { originRunId, undone = [] }: RunCreated): string => {
  const of = undoneBy(keyPath) ?? keyPath;
  const rounds = undone.filter((path) => path === of).length;
  return stepKeyOf(originRunId, rounds === 0 ? keyPath : `${keyPath}\0${rounds}`);
};

/** Folders of a run whose tools never leave the engine's process. */
const NO_FOLDERS: RunFolders = { workDir: '', runDir: '' };

/** Carries an attempt out. Never throws: every way to fail is an outcome. Synchronous where the tool is. */
export function carryOut(attempt: Attempt, context: AttemptContext): AttemptOutcome | Promise<AttemptOutcome> {
  const asked = attempt.effect === 'effect' && attempt.role !== 'undo' ? askWhose(attempt, context) : null;
  return asked === null ? carryOutNow(attempt, context) : asked.then(() => carryOutNow(attempt, context), failed);
}

const askWhose = ({ step }: Attempt, { host, runId, created }: AttemptContext): Promise<void> | null =>
  host.keepsWork({ runId, created }, step.id);

function carryOutNow(attempt: Attempt, context: AttemptContext): AttemptOutcome | Promise<AttemptOutcome> {
  if (isOutside(attempt.tool)) return carryOutOutside(attempt, context);
  const limit = attempt.step.timeoutMs === undefined ? null : new AbortController();
  const limited = limit === null ? context : { ...context, signal: AbortSignal.any([context.signal, limit.signal]) };
  try {
    askBefore(attempt, context);
    const result = attempt.tool.execute(toolCall(attempt, limited, NO_FOLDERS));
    if (result instanceof Promise) return carryOutPromise(attempt, context, { result, limit });
    const outcome = completed(result);
    return attempt.step.outputFile === undefined ? outcome : writeStepFile(attempt, context, outcome);
  } catch (error) {
    return failed(error);
  }
}

/** Tools that work outside the engine need folders and end their work at its time themselves. */
const isOutside = (tool: Tool): boolean => tool.category !== 'built_in' && tool.category !== 'in_process';

/** The one place before an effect. Errors: `access.denied`. */
function askBefore({ tool }: Attempt, { host, starter }: AttemptContext): void {
  if (tool.category !== 'built_in') host.beforeEffect(starter, tool.category === 'agent' ? 'agent' : 'tool');
}

async function carryOutOutside(attempt: Attempt, context: AttemptContext): Promise<AttemptOutcome> {
  try {
    askBefore(attempt, context);
    const folders = await context.host.prepareFolders(context.runId, context.version.hash);
    if (attempt.renews) await attempt.tool.renew?.();
    const result = await attempt.tool.execute(await withSecrets(attempt, context, toolCall(attempt, context, folders)));
    return context.host.redact(await writeStepFile(attempt, context, completed(result)));
  } catch (error) {
    return redactFailure(failed(atAskingStep(error, attempt.step.id)), context);
  }
}

/**
 * Secrets are put in at the last moment and stand in no event (SPEC §12.4). What a model asks for by a tool call is filled with none, and
 * none is said to a model where the step does not allow it.
 */
async function withSecrets({ step, role, agent }: Attempt, context: AttemptContext, call: ToolCall): Promise<ToolCall> {
  const { host } = context;
  if (role === 'call') return call;
  if (
    agent !== null &&
    !(step.kind === 'action' && step.detail.allow_secrets === true) &&
    host.holdsSecret(call.inputs, context)
  )
    throw new AppError('secret.misplaced', `A secret would be said to the agent '${agent.name}'.`, {
      hint: "Write 'allow_secrets: true' on the step if a model is to read it.",
      details: { step: step.id },
    });
  const filled = await host.fillSecrets(call, context);
  return filled === null ? call : { ...call, ...filled };
}

/** What a foreign tool or server says may hold a key that it was given: it ends here (SPEC §12.4). */
function redactFailure(outcome: AttemptOutcome, { host }: AttemptContext): AttemptOutcome {
  if (outcome.kind === 'completed') return outcome;
  const record = outcome.error.toRecord();
  const clean = host.redact(record);
  return clean === record ? outcome : { ...outcome, error: AppError.fromRecord(clean) };
}

/** In-process work: a written timeout ends it for real and drops what it may still give (SPEC §3.6). */
async function carryOutPromise(
  attempt: Attempt,
  context: AttemptContext,
  work: { readonly result: Promise<ToolResult>; readonly limit: AbortController | null },
): Promise<AttemptOutcome> {
  const timeout = Promise.withResolvers<never>();
  const stopTimer =
    work.limit === null
      ? null
      : context.ports.setTimer(attempt.timeoutMs, () => {
          const text = `Step '${attempt.step.id}' timed out after ${attempt.timeoutMs / 1000} seconds`;
          timeout.reject(new AppError('tool.timed_out', text));
          work.limit?.abort();
        });
  try {
    return await writeStepFile(attempt, context, completed(await Promise.race([work.result, timeout.promise])));
  } catch (error) {
    return failed(error);
  } finally {
    stopTimer?.();
  }
}

/** The attempt that an earlier engine has started. */
export function attemptOf(
  { path, attempt, role, now, agent, effect, inputs }: StepStarted,
  { step, keyPath }: Pick<Attempt, 'step' | 'keyPath'>,
  { tool, operation }: { readonly tool: Tool; readonly operation: string },
): Attempt {
  const traits = tool.traits(operation);
  const isRepeatable = traits.repeatable || step.idempotent === true;
  const timeoutMs = step.timeoutMs ?? traits.timeoutMs;
  return {
    step,
    path,
    keyPath,
    attempt,
    role,
    now,
    agent: agent ?? null,
    tool,
    operation,
    effect,
    isRepeatable,
    renews: false,
    timeoutMs,
    inputs,
  };
}

/** SPEC §3.8: asks the tool what became of an attempt that an earlier engine started. */
export async function lookUp(
  attempt: Attempt,
  context: AttemptContext,
): Promise<AttemptOutcome | 'never_began' | 'unknown'> {
  if (attempt.tool.recover === undefined) return 'unknown';
  const folders = await context.host.prepareFolders(context.runId, context.version.hash);
  const { signal: _signal, log: _log, logOpen: _logOpen, ...call } = toolCall(attempt, context, folders);
  const found = await attempt.tool.recover(call);
  if (found.kind === 'completed')
    return context.host.redact(await writeStepFile(attempt, context, completed(found.result)));
  if (found.kind === 'failed') return redactFailure({ kind: 'failed', error: found.error, warnings: [] }, context);
  return found.kind;
}

function toolCall(attempt: Attempt, context: AttemptContext, folders: RunFolders): ToolCall {
  return {
    operation: attempt.operation,
    inputs: attempt.inputs,
    runId: context.runId,
    stepId: attempt.step.id,
    path: attempt.path,
    attempt: attempt.attempt,
    stepNow: attempt.now,
    // Most built-ins never ask for it.
    get stepKey() {
      return keyOf(attempt, context.created);
    },
    timeoutMs: attempt.timeoutMs,
    workDir: folders.workDir,
    runDir: folders.runDir,
    ...(folders.copyDir === undefined ? {} : { copyDir: folders.copyDir }),
    env: context.version.env,
    signal: context.signal,
    log: context.log,
    logOpen: context.logOpen,
    ...(attempt.agent !== null || attempt.step.permissions === undefined
      ? {}
      : { permissions: attempt.step.permissions }),
    ...(context.version.declared === undefined ? {} : { declaredHosts: context.version.declared.hosts }),
    ...(context.agentCall === undefined ? {} : { agent: context.agentCall }),
  };
}

function completed(result: ToolResult): AttemptOutcome {
  const warnings: StepWarning[] = result.warnings === undefined ? [] : [...result.warnings];
  const metadata = result.metadata === undefined ? {} : { metadata: result.metadata };
  return { kind: 'completed', output: toJson(result.output, warnings), warnings, ...metadata };
}

function failed(thrown: unknown): AttemptOutcome {
  const error = translateStoreError(thrown);
  if (error instanceof AppError) return { kind: 'failed', error, warnings: [] };
  const bug = new AppError('internal.bug', 'The step failed inside the app.', {
    cause: error,
    hint: 'Look at the log of the app and report the problem.',
  });
  return { kind: 'failed', error: bug, warnings: [] };
}

/** `output_file` and `format` of a step (SPEC §1.5): the output is written before the step counts as completed. */
export async function writeStepFile(
  attempt: Pick<Attempt, 'step' | 'now'>,
  context: Pick<AttemptContext, 'scope' | 'host' | 'runId' | 'deciding'>,
  outcome: AttemptOutcome,
): Promise<AttemptOutcome> {
  const { outputFile, format } = attempt.step;
  if (outputFile === undefined || outcome.kind === 'failed') return outcome;
  try {
    const scope = childScope(context.scope(), { output: outcome.output });
    const render = (): string => renderText(outputFile, scope, { now: attempt.now }).text;
    const path = outputFile.includes('{') ? context.deciding.during(context.runId, render) : outputFile;
    await context.host.writeOutputFile(context.runId, path, formatOutput(outcome.output, format));
    return outcome;
  } catch (error) {
    return failed(error);
  }
}

function formatOutput(output: Json, format: Step['format']): string {
  if (format !== 'json' && typeof output === 'string') return output.endsWith('\n') ? output : `${output}\n`;
  const text = JSON.stringify(output, null, 2);
  return format === 'markdown' ? `\`\`\`json\n${text}\n\`\`\`\n` : `${text}\n`;
}

/** What an action may be resolved to besides the version's own tools. */
export interface EngineTools {
  readonly builtIns: Tool;
  /** The tool `agent`. */
  readonly agent: Tool;
}

/** Finds the tool of a rendered action. `tool.not_found`, `tool.unknown_operation`, `trust.not_declared`. */
export function resolveAction(
  action: string,
  version: RunnableVersion,
  own: EngineTools,
): { readonly tool: Tool; readonly operation: string } {
  const { tool: name, operation } = splitAction(action);
  const tool = name === 'workflow' ? own.builtIns : name === 'agent' ? own.agent : version.tools.get(name);
  if (tool === undefined && version.isWithheld?.(name) === true) throw notDeclared({ kind: 'tools', name });
  if (tool === undefined) {
    throw new AppError('tool.not_found', `Tool not found: ${name}`, {
      hint: `Available: ${version.tools.names().join(', ') || 'none'}.`,
      details: { tool: name },
    });
  }
  return { tool, operation };
}
