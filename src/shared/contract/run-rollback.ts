import type { RollbackCause, RollbackStatus, UndoAction, UndoEnd, UndoGap, UndoStrategy } from '../model/undo.ts';

/** A step that a rollback would undo, or could not. */
export interface PlannedUndo {
  readonly path: string;
  readonly name: string;
  readonly strategy: UndoStrategy;
  /** What would be called, with what was worked out when the step completed. */
  readonly actions: readonly UndoAction[];
  /** Why it cannot be undone; null = it can, or there is nothing to undo. */
  readonly gap: UndoGap | null;
  /** An earlier rollback tried it in vain. */
  readonly hasFailed: boolean;
}

/** What a rollback would do, in its order. */
export interface RollbackPlan {
  readonly steps: readonly PlannedUndo[];
}

/** The newest rollback of a run itself. Instants UTC ms. */
export interface RollbackView {
  readonly status: RollbackStatus;
  readonly by: RollbackCause;
  readonly to: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** In the order in which they are undone; `end` null = it has not come to it. */
  readonly steps: readonly {
    readonly path: string;
    readonly name: string;
    readonly end: UndoEnd | null;
    readonly error: string | null;
  }[];
}
