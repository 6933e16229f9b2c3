import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { RunEvent, WaitpointOpened } from '../../shared/model/events.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { Step } from '../../shared/model/workflow.ts';
import { evaluateCondition, renderText, renderValue, type Scope, spellInputs } from '../workflow/index.ts';
import { type AgentChoice, chooseAgent } from './agent-choice.ts';
import { renderAgentInputs } from './agent-inputs.ts';
import { askFor } from './approval-request.ts';
import { type Attempt, type EngineTools, resolveAction } from './attempt.ts';
import { keyPathOf } from './frame-paths.ts';
import { createEvaluator, isBlock, isPause, pauseRulesOf, rulesOf } from './kinds/index.ts';
import type { RunPlanning } from './plan.ts';
import type { AgentHost, PlacedStep, RunnableVersion } from './ports.ts';
import { framesFrom, ROOT, type RunState, type StepRecord } from './run-state.ts';
import { errorScope } from './scope.ts';

/** What is to be done with the next open step. */
export type StepDecision =
  | { readonly kind: 'skip'; readonly event: Extract<RunEvent, { type: 'step.skipped' }> }
  | {
      readonly kind: 'attempt';
      readonly attempt: Attempt;
      readonly event: StartedEvent;
      readonly warnings: readonly StepWarning[];
    }
  /** A step that holds others: its decision stands in the event. */
  | { readonly kind: 'block'; readonly event: StartedEvent; readonly warnings: readonly StepWarning[] }
  /** A step that rests until something comes. */
  | {
      readonly kind: 'pause';
      readonly event: StartedEvent;
      readonly opened: WaitpointOpened;
      readonly warnings: readonly StepWarning[];
    }
  /** Its condition, inputs or action could not be worked out: the attempt begins and fails without an effect. */
  | { readonly kind: 'refused'; readonly event: StartedEvent; readonly error: AppError };

type StartedEvent = Extract<RunEvent, { type: 'step.started' }>;

/** What a decision about a step looks at. */
export interface DecisionContext {
  readonly state: RunState;
  readonly version: RunnableVersion;
  readonly planning: RunPlanning;
  readonly tools: EngineTools;
  readonly agents: AgentHost;
  readonly scope: Scope;
  readonly now: number;
}

/** Evaluates conditions and renders inputs of a step: pure but for the scope it reads (SPEC §3.2). */
export function decideStep(one: PlacedStep, context: DecisionContext): StepDecision {
  const record = context.state.steps.get(one.path);
  const isFirstLook = record === undefined || (record.failures === 0 && !record.fallbackPending);
  if (isFirstLook && !one.step.enabled) return skip(one, 'disabled', []);
  try {
    if (isFirstLook) {
      const checked = checkConditions(one, { scope: context.scope, now: record?.now ?? context.now });
      if (!checked.met) return skip(one, 'conditions_not_met', checked.warnings);
      if (needsFailedStep(one, context)) return skip(one, 'upstream_failed', checked.warnings);
    }
    if (isBlock(one.step)) return openBlock(one, record, context);
    if (isPause(one.step)) return openPause(one, record, context);
    return { kind: 'attempt', ...renderAttempt(one, record, context) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      kind: 'refused',
      error,
      event: startedEvent(one, record, context.now, { action: one.step.action ?? '', inputs: {}, agent: null }),
    };
  }
}

function skip(
  one: PlacedStep,
  reason: 'disabled' | 'conditions_not_met' | 'upstream_failed',
  warnings: readonly StepWarning[],
): StepDecision {
  return {
    kind: 'skip',
    event: { type: 'step.skipped', ...placeOf(one), reason, warnings },
  };
}

function checkConditions(
  one: PlacedStep,
  { scope, now }: Pick<DecisionContext, 'scope' | 'now'>,
): { readonly met: boolean; readonly warnings: readonly StepWarning[] } {
  const warnings: StepWarning[] = [];
  for (const condition of one.step.conditions) {
    const result = evaluateCondition(condition, scope, { now });
    warnings.push(...result.warnings);
    if (!result.value) return { met: false, warnings };
  }
  return { met: true, warnings };
}

/** True when an input reads, unguarded, the variable of a step that failed without a fallback or was itself left out for one. */
function needsFailedStep(one: PlacedStep, { state, planning, scope }: DecisionContext): boolean {
  if (state.failed === 0 && !state.isPartial) return false;
  const near = new Set([...framesFrom(state, one.frame)].map((frame) => frame.path));
  const missing = new Set<string>();
  for (const record of state.steps.values()) {
    if (record.isCall || !near.has(record.frame)) continue;
    const variable = planning.at(record.path)?.step.outputVariable;
    if (variable === undefined || scope.has(variable)) continue;
    if (record.status === 'failed' || record.skipReason === 'upstream_failed') missing.add(variable);
  }
  return missing.size > 0 && planning.neededNames(one.step.id).some((name) => missing.has(name));
}

/** What a block decides when it begins. */
function openBlock(one: PlacedStep, record: StepRecord | undefined, context: DecisionContext): StepDecision {
  const { step } = one;
  if (!isBlock(step)) throw new Error(`${one.path} is no block`);
  const warnings: StepWarning[] = [];
  const evaluate = createEvaluator(context.scope, record?.now ?? context.now, (warning) => warnings.push(warning));
  const decision = rulesOf(step).decide(step, evaluate);
  const event = startedEvent(one, record, context.now, { action: step.kind, inputs: {}, agent: null });
  return { kind: 'block', event: { ...event, decision }, warnings };
}

/** What a step that rests waits for. */
function openPause(one: PlacedStep, record: StepRecord | undefined, context: DecisionContext): StepDecision {
  const { step, path } = one;
  if (!isPause(step)) throw new Error(`${path} does not rest`);
  const warnings: StepWarning[] = [];
  const evaluate = createEvaluator(context.scope, context.now, (warning) => warnings.push(warning));
  const event = startedEvent(one, record, context.now, { action: step.kind, inputs: {}, agent: null });
  const dueAt = pauseRulesOf(step).dueAt(step, evaluate);
  const approval = step.kind === 'approval' ? { approval: askFor({ ...one, step }, record, context) } : {};
  return {
    kind: 'pause',
    event,
    opened: { type: 'waitpoint.opened', path, attempt: event.attempt, dueAt, ...approval },
    warnings,
  };
}

/** Renders what an action step is to do. Errors: `template.*`, `tool.*`, `agent.not_configured`. */
export function renderAttempt(
  one: PlacedStep,
  record: StepRecord | undefined,
  context: DecisionContext,
): Pick<Extract<StepDecision, { kind: 'attempt' }>, 'attempt' | 'event' | 'warnings'> {
  const { step } = one;
  const now = record?.now ?? context.now;
  const isFallback = record?.fallbackPending ?? false;
  const failed = record?.error == null ? null : { error: record.error, path: one.path };
  const scope = isFallback ? errorScope(context.scope, failed) : context.scope;
  const template = isFallback ? (step.fallback?.action ?? '') : (step.action ?? '');
  const action = template.includes('{') ? renderText(template, scope, { now }).text.trim() : template;
  const { tool, operation } = resolveAction(action, context.version, context.tools);
  const traits = tool.traits(operation);
  const agent = tool.category === 'agent' ? requireAgent(step, context) : null;
  const written = isFallback ? (step.fallback?.inputs ?? {}) : step.inputs;
  const rendered = renderInputs(written, step, { agent, scope, now });
  const spellings = isFallback ? step.fallback?.spellings : step.spellings;
  const inputs = spellInputs(tool, { operation, inputs: rendered.inputs, spellings });
  const event = startedEvent(one, record, context.now, { action, inputs, agent });
  const declared = agent !== null && mayChangeThings(step) ? 'effect' : traits.effect;
  const isIdempotent = step.idempotent === true && declared === 'effect';
  const attempt: Attempt = {
    step,
    path: one.path,
    keyPath: keyPathOf(context.state, one.frame, one.path),
    attempt: event.attempt,
    role: event.role,
    now,
    agent,
    tool,
    operation,
    effect: isIdempotent ? 'idempotent' : declared,
    isRepeatable: (traits.repeatable && declared !== 'effect') || step.idempotent === true,
    timeoutMs: step.timeoutMs ?? (agent === null ? traits.timeoutMs : context.agents.timeoutMs(agent.name)),
    inputs,
  };
  return { attempt, event: { ...event, effect: attempt.effect }, warnings: rendered.warnings };
}

function requireAgent(step: Step, context: DecisionContext): AgentChoice {
  const agent = chooseAgent(step, context);
  if (agent !== null) return agent;
  throw new AppError('agent.not_configured', 'No agent adapter configured', {
    hint: 'Choose an agent: aiworkflow agent set-primary NAME, or agent: in the workflow.',
  });
}

/** An agent with leave to write files or run commands may have had its effect; any other only answers (SPEC §3.8). */
export function mayChangeThings({ permissions }: Step): boolean {
  const { write, commands } = permissions ?? {};
  return (Array.isArray(write) && write.length > 0) || (Array.isArray(commands) && commands.length > 0);
}

interface RenderedInputs {
  readonly inputs: JsonMap;
  readonly warnings: readonly StepWarning[];
}

function renderInputs(
  written: JsonMap,
  step: Step,
  { agent, scope, now }: { readonly agent: AgentChoice | null; readonly scope: Scope; readonly now: number },
): RenderedInputs {
  if (agent !== null) return renderAgentInputs(written, step.agentHints, { agent: agent.name, scope, now });
  const { value, warnings } = renderValue(written, scope, { now });
  return { inputs: value as JsonMap, warnings };
}

/** Where a step stands, for its first event. */
const placeOf = ({
  path,
  frame,
  index,
  step,
}: PlacedStep): Pick<StartedEvent, 'path' | 'frame' | 'kind' | 'index' | 'name'> => ({
  path,
  ...(frame === ROOT ? {} : { frame }),
  ...(step.kind === 'action' ? {} : { kind: step.kind }),
  index,
  name: step.name,
});

function startedEvent(
  one: PlacedStep,
  record: StepRecord | undefined,
  now: number,
  what: { readonly action: string; readonly inputs: JsonMap; readonly agent: AgentChoice | null },
): StartedEvent {
  return {
    type: 'step.started',
    ...placeOf(one),
    variable: one.step.outputVariable ?? null,
    attempt: (record?.attempt ?? 0) + 1,
    now: record?.now ?? now,
    action: what.action,
    effect: 'pure',
    inputs: what.inputs,
    role: record?.fallbackPending ? 'fallback' : 'main',
    ...(what.agent === null ? {} : { agent: what.agent }),
  };
}
