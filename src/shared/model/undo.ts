import type { ErrorRecord } from '../errors.ts';
import type { JsonMap } from '../json.ts';

/** How a step that completed is undone (SPEC §3.10). */
export type UndoStrategy = 'none' | 'compensate' | 'restore' | 'idempotent';

/** One call that undoes a step, with everything worked out as the step completed. */
export interface UndoAction {
  readonly action: string;
  readonly inputs: JsonMap;
}

/** What undoes one step. */
export interface StepUndo {
  readonly strategy: UndoStrategy;
  readonly actions: readonly UndoAction[];
  /** Why its actions could not be worked out. */
  readonly problem?: ErrorRecord;
}

/** Why a step is not undone although nobody said `rollback: none`. */
export type UndoGap =
  /** It names nothing that undoes it. */
  | 'no_action'
  /** What undoes it could not be worked out. */
  | 'not_worked_out'
  /** It is a run of its own. */
  | 'own_run'
  /** Nobody knows what it did: it was cut short. */
  | 'unknown_end';

/** How the undoing of one step ended; `completed` without an action = there was nothing to undo. */
export interface UndoEnd {
  readonly status: 'completed' | 'failed' | 'skipped';
  readonly strategy: UndoStrategy;
  readonly gap?: UndoGap;
}

/** What caused a rollback. */
export type RollbackCause = 'failure' | 'timeout' | 'cancel' | 'step' | 'person';

/** How a rollback stands; `partial` = something of it was not undone. */
export type RollbackStatus = 'in_progress' | 'in_doubt' | 'completed' | 'partial';

const UNDO = /\.\d*!undo$/;

/** The path of what undoes a step: `<path>.!undo`, of its second action `<path>.2!undo` (DESIGN decision 4). */
export const undoPathOf = (path: string, action: number): string => `${path}.${action === 0 ? '' : action + 1}!undo`;

/** The step that a path undoes; null = it undoes none. */
export const undoneBy = (path: string): string | null => {
  const tail = UNDO.exec(path);
  return tail === null ? null : path.slice(0, tail.index);
};
