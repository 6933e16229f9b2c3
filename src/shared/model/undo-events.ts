import type { RollbackCause, UndoEnd } from './undo.ts';

/** A rollback begins: what is undone was decided, and nothing else of the run goes on inside of it meanwhile (SPEC §3.10). */
export interface RollbackStarted {
  readonly type: 'rollback.started';
  /** The transaction or step that it belongs to; '' = the run. */
  readonly owner: string;
  readonly by: RollbackCause;
  /** The savepoint or step behind which everything is undone; null = all. */
  readonly to: string | null;
  /** Paths of the steps in the order in which they are undone. */
  readonly steps: readonly string[];
}
/** One of its steps is undone, could not be, or was left as it is. The attempts before are events of `<path>.!undo`. */
export interface UndoEnded extends UndoEnd {
  readonly type: 'undo.ended';
  readonly owner: string;
  readonly path: string;
}
/** The rollback of a run that had ended cannot go on before a person decides about an undo; the status of the run stays. */
export interface RollbackInDoubt {
  readonly type: 'rollback.in_doubt';
}
export interface RollbackEnded {
  readonly type: 'rollback.ended';
  readonly owner: string;
}
