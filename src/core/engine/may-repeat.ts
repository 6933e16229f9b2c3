import type { ErrorKind } from '../../shared/errors.ts';
import { effectsInside } from './effects-inside.ts';
import { provesNoEffect } from './retry-policy.ts';
import type { RunState, StepRecord } from './run-state.ts';

/** What fails for such a reason may go well another time; anything else would fail the same way. */
const PASSING: ReadonlySet<ErrorKind> = new Set(['external', 'io']);

/**
 * Whether a run that has failed may be gone on with where it failed, without anybody being asked: nothing that would be done again may
 * have had an effect (SPEC §3.4), and it does not fail for a reason that stays.
 */
export function mayRepeat(state: RunState): boolean {
  const failed = [...state.steps.values()].filter(
    ({ status, isCall, block }) => status === 'failed' && !isCall && block === null,
  );
  return state.status === 'failed' && failed.length > 0 && failed.every((step) => mayRepeatStep(state, step));
}

function mayRepeatStep(state: RunState, { error, effect, path }: StepRecord): boolean {
  if (error === null || !PASSING.has(error.kind)) return false;
  return (effect !== 'effect' && effectsInside(state, path).done === null) || provesNoEffect(error);
}
