import { AppError } from '../../../shared/errors.ts';
import { rollbackOf } from '../fold-rollback.ts';
import { rollbackResult, savepointAt } from '../rollbacks.ts';
import { type KindRules, type Move, ownFailure } from './block-kind.ts';

/** `savepoint`: a place to come back to. */
export const SAVEPOINT: KindRules<'savepoint'> = {
  decide: ({ detail: { name } }) => ({ name }),
  next: () => ({ kind: 'end', output: null }),
  handles: () => false,
};

/** `rollback_to`: undoes what completed since a savepoint of its transaction, and goes on (SPEC §1.4). */
export const ROLLBACK_TO: KindRules<'rollback_to'> = {
  decide: () => ({}),
  next: (block): Move => {
    const { state, path, step } = block;
    const rollback = rollbackOf(state, path);
    if (rollback?.endedAt != null) return { kind: 'end', output: rollbackResult(state, rollback) };
    const { name } = step.detail;
    if (rollback !== null || savepointAt(state, path, name) !== null) return { kind: 'undo', by: 'step', to: name };
    const error = new AppError('engine.savepoint_not_found', `Savepoint not found: ${name}`, {
      hint: 'The run has not come to it: look at the conditions of the step that sets it.',
      details: { savepoint: name },
    });
    return { kind: 'fail', failure: ownFailure(block, error) };
  },
  handles: () => false,
};
