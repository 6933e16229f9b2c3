import { rollbackOf } from '../fold-rollback.ts';
import { endOfBranch, frameOf, type KindRules, type Move } from './block-kind.ts';

/** `transaction`: its steps; at a failure what completed of them is undone, backwards, and then it has failed (SPEC §1.4, §3.10). */
export const TRANSACTION: KindRules<'transaction'> = {
  decide: () => ({}),
  next: (block): Move => {
    const move = endOfBranch(block, 'body');
    if (move.kind !== 'fail') return move;
    const first = block.record.frames.first;
    if (first !== undefined && frameOf(block, first)?.isHandled === true) return { kind: 'end', output: null };
    const { rollback: wanted, ...failure } = move.failure;
    if (wanted === undefined && block.step.detail.on_error !== 'rollback') return move;
    if (rollbackOf(block.state, block.path)?.endedAt == null)
      return { kind: 'undo', by: 'failure', to: wanted?.to ?? null };
    // Whoever asked for the rollback has had it: from here on it is a failure like any other.
    return { kind: 'fail', failure: wanted === undefined ? failure : { ...failure, isFinal: false } };
  },
  handles: (step, _group, failure) => step.detail.on_error === 'continue' && !failure.isFinal,
};
