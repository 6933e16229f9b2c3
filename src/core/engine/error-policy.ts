import type { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { ErrorRule, Step, Workflow } from '../../shared/model/workflow.ts';
import { matchesError } from './retry-policy.ts';

/** What happens to the run when a step has failed for good. */
export interface FailureDecision {
  readonly policy: 'stop' | 'continue' | 'fallback_action';
  /** The value that becomes the step's output, if the workflow names one. */
  readonly fallback: { readonly value: Json } | null;
}

/** The rule of `on_error` for an error: the first that matches, then the one without a match (SPEC §1.6 "Precedence"). */
export function findErrorRule(step: Step, error: AppError): ErrorRule | undefined {
  const matching = step.onError.find((rule) => rule.match?.some((word) => matchesError(word, error)) ?? false);
  return matching ?? step.onError.find((rule) => rule.match === undefined);
}

/** Precedence: matching rule, default rule, then `execution.error_handling`. A fallback value or action lets the run go on. */
export function decideFailure(
  step: Step,
  workflow: Workflow,
  error: AppError,
  hasRunFallback: boolean,
): FailureDecision {
  const rule = findErrorRule(step, error);
  if (step.fallback !== undefined && !hasRunFallback) return { policy: 'fallback_action', fallback: null };
  if (rule?.fallback !== undefined) return { policy: 'continue', fallback: rule.fallback };
  const written = rule?.action === 'continue' || rule?.action === 'stop' ? rule.action : undefined;
  const policy = written ?? (workflow.execution.errorHandling === 'continue' ? 'continue' : 'stop');
  return { policy, fallback: null };
}
