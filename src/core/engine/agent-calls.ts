import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import { NO_USAGE, paidCalls, type TokenUsage } from '../../shared/model/agent.ts';
import type { StepStarted } from '../../shared/model/events.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';
import type { AgentCall, ModelCall, Tool, ToolCatalog, ToolResult } from '../tool-port/index.ts';
import { inferAnswer, splitAction } from '../workflow/index.ts';
import { leftPlanByCall } from './agent-plan-watch.ts';
import { type Attempt, type AttemptContext, carryOut } from './attempt.ts';
import type { ConversationWriter } from './conversation-writer.ts';
import type { CallPlace, CostHost } from './ports.ts';
import type { RunRecorder } from './run-recorder.ts';
import { ROOT, type RunState, type StepRecord } from './run-state.ts';

/** What a running agent step reaches of its run. */
export interface AgentCallOptions {
  readonly recorder: RunRecorder;
  readonly conversation: ConversationWriter;
  /** What an attempt of a tool call needs; its log lines stand under the call's own path. */
  readonly contextOf: (attempt: Attempt) => AttemptContext;
  readonly now: () => number;
}

/** The ways in which an agent attempt speaks to its run: conversation, spending, tool calls as child steps. */
export function agentCallOf(attempt: Attempt, context: AttemptContext, options: AgentCallOptions): AgentCall {
  const { agent, step } = attempt;
  if (agent === null) throw new Error(`the agent step ${attempt.path} has no agent`);
  const tools = grantedTools(context.version.workflow, context.version.tools, attempt.inputs);
  return {
    name: agent.name,
    model: agent.model,
    permissions: step.permissions ?? null,
    wanted: inferAnswer(context.version.workflow, step),
    tools,
    note: (item) => options.conversation.note(item),
    reserve: (call) => context.host.costs.reserve({ ...call, ...placeOf(attempt, context) }, context.signal),
    meter: (soFar) => meter(attempt, context, soFar),
    spent: (call) => spend(attempt, context, call, options),
    callTool: (action, inputs) => callTool(attempt, { action, inputs, tools }, options),
  };
}

/**
 * What an agent may call: the tools that the workflow says it requires, narrowed by the step's `tools` list of `tool` or
 * `tool.operation` where it has one. Whatever else a model asks for is refused.
 */
export function grantedTools(workflow: Workflow, catalog: ToolCatalog, inputs: JsonMap): ToolCatalog {
  const { tools: wanted } = inputs;
  const listed = Array.isArray(wanted) ? wanted.filter((one) => typeof one === 'string') : null;
  const named = listed === null ? null : new Set(listed.map((one) => splitAction(one).tool));
  const names = workflow.requirements.tools.filter(
    (name) => catalog.get(name) !== undefined && (named === null || named.has(name)),
  );
  return { get: (name) => (names.includes(name) ? catalog.get(name) : undefined), names: () => names };
}

async function spend(
  attempt: Attempt,
  context: AttemptContext,
  call: ModelCall,
  options: AgentCallOptions,
): Promise<string | null> {
  const place = placeOf(attempt, context);
  const { agent } = place;
  const { model, reportedCost, durationMs, error } = call;
  const usage = believableUsage(call.usage);
  const at = context.ports.now();
  const { warning, ...priced } = context.host.costs.price({ agent, model, usage, reportedCost, at });
  if (warning !== null) context.log('log', warning, 'warning');
  warnOfLimits({ ...place, model, cost: priced.cost }, context);
  options.conversation.note({ kind: 'call_end', model, usage, cost: priced.cost, durationMs });
  options.recorder.emit({
    type: 'agent.call_ended',
    path: attempt.path,
    attempt: attempt.attempt,
    agent,
    model,
    usage,
    ...priced,
    durationMs,
    error: error === null ? null : context.host.redact(error.toRecord()),
  });
  await options.recorder.commit();
  return priced.cost;
}

/** What a call has cost by now that is under way; limits that it fills warn at once. */
function meter(
  attempt: Attempt,
  context: AttemptContext,
  { model, ...used }: Pick<ModelCall, 'model' | 'usage' | 'reportedCost'>,
): string | null {
  const place = placeOf(attempt, context);
  const usage = believableUsage(used.usage);
  const cost = context.host.costs.priceSoFar({
    ...{ agent: place.agent, model, usage, reportedCost: used.reportedCost },
    at: context.ports.now(),
  });
  warnOfLimits({ ...place, model, cost }, context);
  return cost;
}

/** Limits that a call fills are told of in the log, once a level and period. */
function warnOfLimits(call: Parameters<CostHost['alerts']>[0], context: AttemptContext): void {
  const warn = (text: string): void => void context.log('log', text, 'warning');
  context.host.costs.alerts(call, warn).forEach(warn);
}

/**
 * Books the calls that an attempt had under way when its engine died, at what they were estimated: nobody knows what came of them, and the
 * money is spent (SPEC §11).
 */
export function bookLostCalls(
  attempt: Attempt,
  mayHaveCalled: boolean,
  options: Pick<AttemptContext, 'host'> & Pick<AgentCallOptions, 'recorder'>,
): void {
  const { recorder, host } = options;
  const { path, attempt: number, agent } = attempt;
  const place = { runId: recorder.state.runId, path, attempt: number };
  for (const { model, cost, inputTokens, outputTokens } of host.costs.lostCalls(place, mayHaveCalled)) {
    const error = new AppError(
      'agent.connection_lost',
      'The app ended while this call was under way: its cost is estimated.',
    );
    recorder.emit({
      ...{ type: 'agent.call_ended', path, attempt: number, agent: agent?.name ?? '', model, cost },
      ...{ source: 'estimated', durationMs: 0, error: error.toRecord() },
      usage: { ...NO_USAGE, inputTokens, outputTokens, isEstimated: true },
    });
  }
}

const placeOf = ({ agent, path, attempt }: Attempt, { runId, version }: AttemptContext): CallPlace => ({
  agent: agent?.name ?? '',
  workflowId: version.workflow.id,
  runId,
  path,
  attempt,
});

/** More tokens than any model takes or gives in one call. */
const MAX_TOKENS = 1_000_000_000;

/** Counts come from foreign servers: what is no count at all must not spoil the sums, and is marked as not theirs. */
function believableUsage(said: TokenUsage): TokenUsage {
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= MAX_TOKENS;
  const countOf = (value: number): number => (isCount(value) ? value : 0);
  const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens, isEstimated } = said;
  const counts = [inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens];
  return {
    inputTokens: countOf(inputTokens),
    outputTokens: countOf(outputTokens),
    cachedTokens: countOf(cachedTokens),
    cacheWriteTokens: countOf(cacheWriteTokens),
    reasoningTokens: countOf(reasoningTokens),
    isEstimated: isEstimated || !counts.every(isCount),
    ...paidCalls(countOf(said.paidToolCalls ?? 0)),
  };
}

interface WantedCall {
  readonly action: string;
  readonly inputs: JsonMap;
  readonly tools: ToolCatalog;
}

/** One tool call of an agent: started, carried out and ended like any step, under `<path>.call[n]` (DESIGN decision 4). */
async function callTool(parent: Attempt, wanted: WantedCall, options: AgentCallOptions): Promise<ToolResult> {
  const { recorder } = options;
  const { tool: name, operation } = splitAction(wanted.action);
  const tool = wanted.tools.get(name);
  if (tool === undefined) {
    throw new AppError('tool.denied', `The tool '${name}' is not granted to this step.`, {
      hint: "Name it under 'requirements.tools' of the workflow if the agent is to use it.",
      details: { tool: name },
    });
  }
  const left = leftPlanByCall({ path: parent.path, action: wanted.action, inputs: wanted.inputs }, recorder.state);
  if (left !== null) throw left;
  const attempt = callAttempt(parent, { tool, operation, inputs: wanted.inputs }, options);
  recorder.emit(startOf(attempt, parent, wanted.action, recorder));
  await recorder.commit();
  const context = options.contextOf(attempt);
  await context.host.untilTold(recorder.state.runId, context.signal);
  const outcome = await carryOut(attempt, context);
  // The agent step may have ended meanwhile: what comes late is dropped (SPEC §3.6).
  if (recorder.state.steps.get(attempt.path)?.status !== 'running')
    throw new AppError('run.cancelled', 'The agent step ended before this call did.');
  const end = { path: attempt.path, attempt: 1, warnings: outcome.warnings };
  if (outcome.kind === 'completed')
    recorder.emit({
      ...end,
      type: 'step.completed',
      output: outcome.output,
      outputs: null,
      variables: null,
      ...(outcome.metadata === undefined ? {} : { metadata: outcome.metadata }),
    });
  else if (context.signal.aborted) endOpenCalls(recorder, parent.path, context.signal.reason === 'cancel');
  else {
    const error = outcome.error.toRecord();
    recorder.emit({ ...end, type: 'step.failed', error, retryAt: null, fallback: null, policy: 'continue' });
  }
  await recorder.commit();
  if (outcome.kind === 'failed') throw outcome.error;
  return { output: outcome.output, warnings: outcome.warnings };
}

/** The attempt of a tool call: no retry and no policy of its own, and never longer than its agent step may last. */
function callAttempt(
  parent: Attempt,
  call: { readonly tool: Tool; readonly operation: string; readonly inputs: JsonMap },
  { recorder, now }: AgentCallOptions,
): Attempt {
  const traits = call.tool.traits(call.operation);
  const { steps } = recorder.state;
  const number = callsOf(recorder.state, parent.path).length;
  const startedAt = steps.get(parent.path)?.attempts.at(-1)?.startedAt ?? now();
  const { outputFile: _file, format: _format, fallback: _fallback, retry: _retry, ...step } = parent.step;
  return {
    ...parent,
    ...call,
    step: { ...step, id: `call[${number}]`, onError: [] } as Step,
    path: `${parent.path}.call[${number}]`,
    keyPath: `${parent.keyPath}.call[${number}]`,
    attempt: 1,
    role: 'call',
    agent: null,
    effect: traits.effect,
    isRepeatable: traits.repeatable,
    renews: false,
    timeoutMs: Math.max(1, Math.min(traits.timeoutMs, startedAt + parent.timeoutMs - now())),
  };
}

/**
 * Ends the tool calls of an agent step that are still open when it ends: what had an effect cannot be known, the rest is over.
 * `isCancelled` = a person ended the run, who needs no doubt to decide about.
 */
export function endOpenCalls(recorder: RunRecorder, path: string, isCancelled: boolean): void {
  for (const call of callsOf(recorder.state, path)) {
    if (call.status !== 'running') continue;
    const end = { path: call.path, attempt: call.attempt };
    if (call.effect === 'effect' && !isCancelled)
      recorder.emit({ ...end, type: 'step.in_doubt', reason: 'engine_died' });
    else recorder.emit({ ...end, type: 'step.cancelled' });
  }
}

/** True when the newest attempt of an agent step has called a tool with an effect: doing it again would repeat the effect. */
export function hasCalledEffects(state: RunState, path: string): boolean {
  const since = state.steps.get(path)?.attempts.at(-1)?.startPosition ?? 0;
  return callsOf(state, path).some(
    (call) => call.effect === 'effect' && call.attempts.some((one) => one.startPosition > since),
  );
}

/** The tool calls that an agent step asked for, over all its attempts: they are numbered from 0 without a gap. */
function callsOf(state: RunState, path: string): readonly StepRecord[] {
  const calls: StepRecord[] = [];
  for (;;) {
    const call = state.steps.get(`${path}.call[${calls.length}]`);
    if (call === undefined) return calls;
    calls.push(call);
  }
}

function startOf(attempt: Attempt, parent: Attempt, action: string, recorder: RunRecorder): StepStarted {
  const frame = recorder.state.steps.get(parent.path)?.frame;
  return {
    type: 'step.started',
    path: attempt.path,
    ...(frame === undefined || frame === ROOT ? {} : { frame }),
    index: recorder.state.steps.get(parent.path)?.index ?? 0,
    name: action,
    variable: null,
    attempt: 1,
    now: parent.now,
    action,
    effect: attempt.effect,
    inputs: attempt.inputs,
    role: 'call',
  };
}
