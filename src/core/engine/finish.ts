import { fromE10 } from '../../shared/decimal.ts';
import { AppError, type ErrorRecord } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { FrameFailure, RunEnded } from '../../shared/model/events.ts';
import type { SuccessConditionResult } from '../../shared/model/run.ts';
import type { OutputDefinition, Workflow } from '../../shared/model/workflow.ts';
import { childScope, evaluateCondition, type Scope } from '../workflow/index.ts';
import { conditionText } from './plan.ts';
import type { RunState } from './run-state.ts';

/** What the run gives: `set_outputs`, or without it all variables (SPEC §1.9). */
export const outputsOf = (state: RunState): JsonMap => Object.fromEntries(state.setOutputs ?? state.variables);

const recordOf = (error: AppError): ErrorRecord => error.toRecord();

/** The end of a run whose last step is settled: outputs, success conditions, status (SPEC §3.3). */
export function finishRun(state: RunState, workflow: Workflow, scope: Scope, now: number): RunEnded {
  const outputs = outputsOf(state);
  const checked = checkOutputs(workflow.outputs, state, outputs);
  const successConditions = evaluateSuccess(state, workflow, scope, outputs, now);
  const unmet = workflow.execution.enforceSuccess ? successConditions.filter(({ result }) => result !== 'met') : [];
  const error =
    state.failed > 0 && state.succeeded === 0
      ? new AppError('run.no_step_completed', 'No step of this run completed.', {
          hint: 'Open the first failed step and read why.',
        })
      : (checked.error ?? (unmet.length > 0 ? unmetError(unmet) : null));
  const outcome = error !== null ? 'failed' : state.failed > 0 || state.isPartial ? 'partial' : 'success';
  return {
    type: error === null ? 'run.completed' : 'run.failed',
    outcome,
    outputs,
    error: error === null ? null : recordOf(error),
    successConditions,
    warnings: checked.warnings,
  };
}

function unmetError(unmet: readonly SuccessConditionResult[]): AppError {
  const named = unmet.map(({ condition, result }) => `'${condition}'${result === 'unknown' ? ' (unknown)' : ''}`);
  const [subject, verb] = unmet.length === 1 ? ['The success condition', 'was'] : ['The success conditions', 'were'];
  return new AppError('run.success_conditions_unmet', `${subject} ${named.join(', ')} ${verb} not met.`, {
    hint: 'Compare them with the outputs of the run.',
  });
}

/** The end of a run that a step or its time limit has stopped. */
export function failRun(state: RunState, error: AppError): RunEnded {
  return {
    type: 'run.failed',
    outcome: 'failed',
    outputs: outputsOf(state),
    error: recordOf(error),
    successConditions: [],
    warnings: [],
  };
}

/** Why a run ends that a step has stopped (SPEC §3.3): a run that was rolled back says that, the step itself what was wrong. */
export function stepFailed({ error, path }: FrameFailure, isRolledBack: boolean): AppError {
  // A replay that is not what was recorded says just that.
  if (error.code === 'cassette.drift')
    return new AppError(error.code, error.message, { hint: error.hint, details: { step: path } });
  const text = isRolledBack ? ', rollback triggered' : `: ${error.message}`;
  const details = { step: path, code: error.code, ...(isRolledBack ? { message: error.message } : {}) };
  return new AppError('step.failed', `Step '${path}' failed${text}`, { hint: error.hint, details });
}

/** Why a run ends whose time limit has passed. */
export function outOfTime({ created }: RunState): AppError {
  const text = `The run took longer than its limit of ${(created.timeoutMs ?? 0) / 1000} seconds.`;
  const hint = 'Raise execution.timeout, or look for the step that hangs.';
  return new AppError('run.timed_out', text, { hint });
}

/** The end of a run that was cancelled. */
export function cancelRun(state: RunState): RunEnded {
  const error = new AppError('run.cancelled', 'The run was cancelled.');
  return {
    type: 'run.cancelled',
    outcome: 'failed',
    outputs: outputsOf(state),
    error: recordOf(error),
    successConditions: [],
    warnings: [],
  };
}

function checkOutputs(
  definitions: readonly OutputDefinition[],
  state: RunState,
  outputs: JsonMap,
): { readonly error: AppError | null; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const missing: string[] = [];
  for (const definition of definitions) {
    if (!Object.hasOwn(outputs, definition.name)) {
      if (definition.required) missing.push(definition.name);
      else if (state.setOutputs !== null) warnings.push(`Output '${definition.name}' was declared but never set.`);
    } else if (definition.type !== undefined && !hasType(outputs[definition.name] ?? null, definition.type)) {
      warnings.push(`Output '${definition.name}' is not of type ${definition.type}.`);
    }
  }
  const error =
    missing.length === 0
      ? null
      : new AppError('run.output_missing', `Required output not set: ${missing.join(', ')}`, {
          hint: 'Set it with workflow.set_outputs in a step that always runs.',
          details: { outputs: missing },
        });
  return { error, warnings };
}

function hasType(value: Json, type: NonNullable<OutputDefinition['type']>): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return value !== null && typeof value === 'object' && !Array.isArray(value);
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  if (type === 'number' || type === 'float') return typeof value === 'number';
  return typeof value === type;
}

function evaluateSuccess(
  state: RunState,
  workflow: Workflow,
  scope: Scope,
  outputs: JsonMap,
  now: number,
): readonly SuccessConditionResult[] {
  if (workflow.successConditions.length === 0) return [];
  const names: Record<string, Json> = {
    ...state.created.inputs,
    ...outputs,
    ...Object.fromEntries(state.variables),
    outputs,
    execution_time: state.startedAt === null ? 0 : (now - state.startedAt) / 1000,
    timeout: state.created.timeoutMs === null ? null : state.created.timeoutMs / 1000,
    steps_total: state.created.stepsTotal,
    steps_succeeded: state.succeeded,
    steps_failed: state.failed,
    steps_skipped: state.skipped,
    errors_critical: [...state.steps.notPutAway()].filter(
      ({ status, fallbackUsed, isCall, frame }) =>
        status === 'failed' && !fallbackUsed && !isCall && state.frames.get(frame)?.isHandled !== true,
    ).length,
    cost: Number(fromE10(state.costE10)),
  };
  const inner = childScope(scope, names);
  return workflow.successConditions.map((condition) => ({
    condition: conditionText(condition),
    result: evaluateOne(condition, inner, now),
  }));
}

function evaluateOne(condition: string | boolean, scope: Scope, now: number): SuccessConditionResult['result'] {
  try {
    const { value, unknown } = evaluateCondition(condition, scope, { now });
    return unknown ? 'unknown' : value ? 'met' : 'unmet';
  } catch (error) {
    if (error instanceof AppError) return 'unknown';
    throw error;
  }
}
