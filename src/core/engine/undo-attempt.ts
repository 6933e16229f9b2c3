import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import { type StepUndo, type UndoAction, undoPathOf } from '../../shared/model/undo.ts';
import type { Step } from '../../shared/model/workflow.ts';
import type { DecisionMark } from '../storage/index.ts';
import { actionsOf, childScope, renderText, renderValue, type StepAction, spellInputs } from '../workflow/index.ts';
import { hasCalledEffects } from './agent-calls.ts';
import { type Attempt, type EngineTools, resolveAction } from './attempt.ts';
import type { RunNames } from './block-context.ts';
import { keyPathOf } from './frame-paths.ts';
import type { RunPlanning } from './plan.ts';
import type { RunnableVersion } from './ports.ts';
import type { StartedEvent } from './render-attempt.ts';
import { ROOT, type RunState, type StepRecord } from './run-state.ts';

interface UndoContext {
  readonly state: RunState;
  readonly planning: RunPlanning;
  readonly version: RunnableVersion;
  readonly tools: EngineTools;
  readonly now: number;
}

/** An undo that may begin, with the event that says so; an error instead of it = what is to be called is not there. */
export function renderUndo(
  record: Readonly<StepRecord>,
  at: number,
  { state, planning, version, tools, now }: UndoContext,
): { readonly event: StartedEvent; readonly attempt: Attempt | AppError } {
  const path = undoPathOf(record.path, at);
  const step = planning.at(path)?.step;
  const wanted = record.undo?.actions[at];
  if (step === undefined || wanted === undefined) throw new Error(`no undo ${path}`);
  const { action, inputs } = wanted;
  const known = state.steps.get(path);
  const base: StartedEvent = {
    type: 'step.started',
    path,
    ...(record.frame === ROOT ? {} : { frame: record.frame }),
    index: record.index,
    name: action,
    variable: null,
    attempt: (known?.attempt ?? 0) + 1,
    now: known?.now ?? now,
    action,
    effect: 'pure',
    inputs,
    role: 'undo',
  };
  try {
    const { tool, operation } = resolveAction(action, version, tools);
    const traits = tool.traits(operation);
    const { effect, repeatable: isRepeatable, timeoutMs } = traits;
    const keyPath = keyPathOf(state, record.frame, path);
    const event = { ...base, effect };
    const what = { step, path, keyPath, attempt: event.attempt, role: event.role, now: event.now, agent: null, inputs };
    return { event, attempt: { ...what, tool, operation, effect, isRepeatable, renews: false, timeoutMs } };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { event: base, attempt: error };
  }
}

/** What is known of a step when it completes. */
export interface CompletedStep extends Pick<Attempt, 'step' | 'path' | 'now' | 'role'> {
  /** True when it surely changed nothing. */
  readonly isHarmless: boolean;
  /** True when that it has an effect follows from its start. */
  readonly isEffect: boolean;
  /** What its tool says that undoes it; see `Tool.undo`. */
  readonly undoOf?: (output: Json) => UndoAction | null | undefined;
}

/** What stands behind an attempt that completes. */
export function completedStep({ agent, effect, tool, operation, ...attempt }: Attempt, state: RunState): CompletedStep {
  const { readOnly = false } = tool.traits(operation);
  const isQuietAgent = agent !== null && effect !== 'effect' && !hasCalledEffects(state, attempt.path);
  const undoOf = (output: Json): ReturnType<NonNullable<CompletedStep['undoOf']>> => tool.undo?.(operation, output);
  return {
    ...attempt,
    isHarmless: effect === 'pure' || readOnly || isQuietAgent,
    isEffect: effect === 'effect',
    undoOf,
  };
}

/** A step of which a person says that it completed. */
export function resolvedStep(step: Step, record: Readonly<StepRecord>, now: number): CompletedStep {
  const { path, effect, attempts } = record;
  const role = attempts.at(-1)?.role ?? 'main';
  return { step, path, role, now: record.now ?? now, isHarmless: effect === 'pure', isEffect: effect === 'effect' };
}

/**
 * How a step that completes now is undone, worked out with what it sees (SPEC §3.10); absent where that follows from its effect. What its
 * `compensate` undoes is its own action: where its fallback stood in, nothing says what undoes that.
 */
export type UndoPlanner = (one: CompletedStep, output: Json) => { readonly undo?: StepUndo };

/** Plans undos for the steps of a run. */
export function createUndoPlanner({
  names,
  deciding,
  version,
  tools,
  state,
}: Pick<UndoContext, 'version' | 'tools'> & {
  readonly names: RunNames;
  readonly deciding: Pick<DecisionMark, 'during'>;
  readonly state: () => RunState;
}): UndoPlanner {
  const actionsFor = ({ step, path, now }: CompletedStep, output: Json): readonly UndoAction[] => {
    const scope = names.scopeIn(state().steps.get(path)?.frame ?? ROOT, now);
    const own = step.outputVariable === undefined ? {} : { [step.outputVariable]: output };
    const inner = childScope(scope, { ...own, output });
    return compensationsOf(step).map((one) => {
      const action = one.action.includes('{') ? renderText(one.action, inner, { now }).text.trim() : one.action;
      const { value, warnings } = renderValue(one.inputs, inner, { now });
      const missing = warnings.find(({ code }) => code === 'template.undefined');
      // Whoever undoes with a value that is not there may undo something else.
      if (missing !== undefined) throw new AppError('template.undefined', missing.message);
      const inputs = value as JsonMap;
      const { tool, operation } = resolveAction(action, version, tools);
      return { action, inputs: spellInputs(tool, { operation, inputs, spellings: one.spellings }) };
    });
  };
  return (one, output) => {
    const { step, role, isHarmless, isEffect } = one;
    if (role === 'undo') return {};
    const strategy = step.rollback ?? 'compensate';
    const isUnsaid = role === 'main' && strategy === 'compensate' && compensationsOf(step).length === 0;
    const handled = isUnsaid ? one.undoOf?.(output) : undefined;
    if (handled === null) return { undo: { strategy: 'idempotent', actions: [] } };
    if (handled !== undefined) return { undo: { strategy, actions: [handled] } };
    if (role !== 'main' || (step.rollback === undefined && compensationsOf(step).length === 0))
      return isHarmless || isEffect ? {} : { undo: { strategy: 'compensate', actions: [] } };
    if (strategy === 'restore')
      return { undo: { strategy, actions: [{ action: 'workflow.restore_files', inputs: {} }] } };
    if (strategy !== 'compensate') return { undo: { strategy, actions: [] } };
    try {
      return { undo: { strategy, actions: deciding.during(state().runId, () => actionsFor(one, output)) } };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { undo: { strategy, actions: [], problem: error.toRecord() } };
    }
  };
}

const compensationsOf = (step: Step): readonly StepAction[] =>
  actionsOf(step).filter(({ use }) => use === 'compensate');
