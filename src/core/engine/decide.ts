import { AppError } from '../../shared/errors.ts';
import type { ApprovalAsked } from '../../shared/model/approval.ts';
import type { RunEvent, WaitpointOpened } from '../../shared/model/events.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import { atAskingStep } from '../../shared/not-declared.ts';
import { evaluateCondition } from '../workflow/index.ts';
import { askFor } from './approval-request.ts';
import type { Attempt } from './attempt.ts';
import { pathIn } from './frame-paths.ts';
import { awaitedOf, createEvaluator, isBlock, isPause, pauseRulesOf, rulesOf } from './kinds/index.ts';
import type { PlacedStep } from './ports.ts';
import { type DecisionContext, placeOf, renderAttempt, type StartedEvent, startedEvent } from './render-attempt.ts';
import { framesFrom, type StepRecord } from './run-state.ts';
import { askForRun } from './sub-run-request.ts';

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
    if (record?.fallbackPending) return { kind: 'attempt', ...renderAttempt(one, record, context) };
    if (isBlock(one.step)) return openBlock(one, record, context);
    if (isPause(one.step)) return openPause(one, record, context);
    return { kind: 'attempt', ...renderAttempt(one, record, context) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      kind: 'refused',
      error: atAskingStep(error, one.step.id),
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
  const missing = planning.neededNames(one.step.id).filter((name) => !scope.has(name));
  if (missing.length === 0) return false;
  for (const frame of framesFrom(state, one.frame))
    for (const { step } of planning.stepsOf(frame)) {
      if (step.outputVariable === undefined || !missing.includes(step.outputVariable)) continue;
      const record = state.steps.get(pathIn(frame, step.id));
      if (record?.status === 'failed' || record?.skipReason === 'upstream_failed') return true;
    }
  return false;
}

/** What a block decides when it begins. */
function openBlock(one: PlacedStep, record: StepRecord | undefined, context: DecisionContext): StepDecision {
  const { step } = one;
  if (!isBlock(step)) throw new Error(`${one.path} is no block`);
  const warnings: StepWarning[] = [];
  const evaluate = createEvaluator(context.scope, record?.now ?? context.now, (warning) => warnings.push(warning));
  const decision = rulesOf(step).decide(step, evaluate);
  const event = startedEvent(one, record, context.now, { action: step.kind, inputs: {}, agent: null });
  const timeout = step.timeoutMs === undefined ? {} : { timeoutMs: step.timeoutMs };
  return { kind: 'block', event: { ...event, decision, ...timeout }, warnings };
}

/** What a step that rests waits for. */
function openPause(one: PlacedStep, record: StepRecord | undefined, context: DecisionContext): StepDecision {
  const { step, path } = one;
  if (!isPause(step)) throw new Error(`${path} does not rest`);
  const warnings: StepWarning[] = [];
  const evaluate = createEvaluator(context.scope, context.at, (warning) => warnings.push(warning));
  const event = startedEvent(one, record, context.now, { action: step.kind, inputs: {}, agent: null });
  const dueAt = pauseRulesOf(step).dueAt(step, evaluate);
  const asked =
    step.kind === 'approval'
      ? { approval: askForDecision({ ...one, step }, record, context) }
      : step.kind === 'workflow'
        ? { child: askForRun({ ...one, step }, context) }
        : awaitedOf(step, evaluate);
  return {
    kind: 'pause',
    event,
    opened: { type: 'waitpoint.opened', path, attempt: event.attempt, since: context.at, dueAt, ...asked },
    warnings,
  };
}

/** What is asked; nothing is asked that cannot be answered. */
function askForDecision(
  one: Parameters<typeof askFor>[0],
  record: StepRecord | undefined,
  context: DecisionContext,
): ApprovalAsked {
  const asked = askFor(one, record, context);
  context.host.requireDeciders(asked, one.step);
  return asked;
}
