import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { FrameFailure } from '../../shared/model/events.ts';
import type { ErrorRule, Step, Workflow } from '../../shared/model/workflow.ts';
import { isBlock, rulesOf } from './kinds/index.ts';
import type { RunPlanning } from './plan.ts';
import { matchesError } from './retry-policy.ts';
import { framesFrom, type RunState } from './run-state.ts';

/** What happens to the run when a step has failed for good. */
export interface FailureDecision {
  readonly policy: 'stop' | 'continue' | 'rollback' | 'fallback_action';
  /** The value that becomes the step's output, if the workflow names one. */
  readonly fallback: { readonly value: Json } | null;
  /** The step itself says `stop` or `rollback`: no block above takes care of it. */
  readonly isFinal?: true;
  /** Of a rollback: the savepoint to which. */
  readonly rollbackTo?: string;
}

/** The rule of `on_error` for an error: the first that matches, then the one without a match (SPEC §1.6 "Precedence"). */
export function findErrorRule(step: Step, error: AppError): ErrorRule | undefined {
  const matching = step.onError.find((rule) => rule.match?.some((word) => matchesError(word, error)) ?? false);
  return matching ?? step.onError.find((rule) => rule.match === undefined);
}

/**
 * Precedence: matching rule, default rule, the block above that takes care of it, then `execution.error_handling` (SPEC §1.6). A
 * fallback value or action lets the run go on.
 */
export function decideFailure(
  step: Step,
  workflow: Workflow,
  error: AppError,
  { hasRunFallback, isHandledAbove }: { readonly hasRunFallback: boolean; readonly isHandledAbove: boolean },
): FailureDecision {
  // No policy of a workflow makes good what is not what was recorded.
  if (error.code === 'cassette.drift') return { policy: 'stop', fallback: null, isFinal: true };
  const rule = findErrorRule(step, error);
  if (step.fallback !== undefined && !hasRunFallback) return { policy: 'fallback_action', fallback: null };
  if (rule?.fallback !== undefined) return { policy: 'continue', fallback: rule.fallback };
  const to = rule?.rollbackTo === undefined ? {} : { rollbackTo: rule.rollbackTo };
  if (rule?.action === 'rollback' || rule?.rollbackTo !== undefined)
    return { policy: 'rollback', fallback: null, isFinal: true, ...to };
  if (rule?.action === 'stop') return { policy: 'stop', fallback: null, isFinal: true };
  const isOver = isHandledAbove || workflow.execution.errorHandling !== 'continue';
  return { policy: rule?.action === 'continue' || !isOver ? 'continue' : 'stop', fallback: null };
}

/** Whether the step itself says that it is tried again after such a failure. */
export const triesAgain = (step: Step, rule: ErrorRule | undefined): boolean =>
  (rule?.retry ?? step.retry)?.maxRetries !== 0 &&
  (rule?.retry !== undefined || step.retry !== undefined || rule?.action === 'retry');

/** Words of a rule that say what becomes of a failure. */
const DECIDES: ReadonlySet<ErrorRule['action']> = new Set(['continue', 'stop', 'rollback'] as const);

/** Whether a block around this frame takes care of a failure in it, is tried again, or has a rule or a fallback of its own for it. */
export function isHandledAbove(state: RunState, planning: RunPlanning, frame: string, failure: FrameFailure): boolean {
  for (const { block, group } of framesFrom(state, frame)) {
    const step = block === null ? undefined : planning.at(block)?.step;
    if (step === undefined || !isBlock(step)) return false;
    // What a transaction does at a failure is its own word: `execution.error_handling` has none in it.
    if (step.kind === 'transaction' || rulesOf(step).handles(step, group, failure)) return true;
    const rule = findErrorRule(step, AppError.fromRecord(failure.error));
    if (step.fallback !== undefined || triesAgain(step, rule)) return true;
    if (rule?.fallback !== undefined || DECIDES.has(rule?.action)) return true;
  }
  return false;
}
