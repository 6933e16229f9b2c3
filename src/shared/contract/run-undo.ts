import { z } from 'zod';
import type { ErrorRecord } from '../errors.ts';
import type { FileChange, FilePlace, FileText, FileUndoGap } from '../model/file-undo.ts';
import { runIdField } from './fields.ts';
import { operation, showingRuns } from './operation.ts';

/** An undo of files, or the taking back of one. Instants UTC ms. */
export interface FileUndoView {
  readonly name: string;
  readonly at: number;
  readonly by: string;
  /** The undo that it takes back; null = what the run did. */
  readonly undoes: string | null;
  /** Null = it was cut short: the next one goes on with it. */
  readonly counts: FileUndoCounts | null;
}

export interface FileUndoCounts {
  readonly restored: number;
  /** Left as they are: somebody changed them meanwhile. */
  readonly kept: number;
  readonly failed: number;
}

/** What a run has done to files, and what can be taken back of it. */
export interface FileUndoPlan {
  /** Whether any step says what undo covers. */
  readonly isCovered: boolean;
  readonly changes: readonly FileChange[];
  /** Steps whose changes cannot be taken back. */
  readonly gaps: readonly FileUndoGap[];
  /** Oldest first. */
  readonly undos: readonly FileUndoView[];
}

/** What stands, stood and was left at one place. */
export interface FileUndoTexts {
  readonly before: FileText;
  /** As the run left it. */
  readonly after: FileText;
  readonly now: FileText;
}

/** A file that was not put back. */
export interface FileUndoProblem extends FilePlace {
  /** A sentence. */
  readonly reason: string;
}

/** What an undo of files has come to. */
export interface FileUndoResult extends FileUndoCounts {
  readonly name: string;
  readonly problems: readonly FileUndoProblem[];
}

/** Which files are put back. */
export interface FileUndoChoice {
  /** Absent = all that the run has left as they are. */
  readonly places?: readonly FilePlace[] | undefined;
  /** Files that are put back although somebody changed them meanwhile. */
  readonly overwrite?: readonly FilePlace[] | undefined;
  /** An undo that is taken back, instead of what the run did. */
  readonly undoes?: string | undefined;
}

/** How a file of the project stands against a change that was made in a copy. */
export type TakeState =
  /** As it was when it was copied: the change can be taken over. */
  | 'free'
  /** As it is in the copy. */
  | 'taken'
  /** Somebody changed it meanwhile: it stays as it is unless somebody says otherwise. */
  | 'changed_since';

/** A file that the steps of a run have changed in their copy. `before` = as it was copied, `after` = as it stands in the copy. */
export interface TakeChange extends Omit<FileChange, 'state'> {
  readonly state: TakeState;
}

/** What the steps of a run changed in a copy of the workspace, and what became of it. */
export interface TakePlan {
  /**
   * `none` = the run works in no copy; `working` = it has not ended; `offered` = to be decided about; `unchanged` = there was nothing to take;
   * `failed` = what stands in the copy could not be read (`problem`).
   */
  readonly status: 'none' | 'working' | 'offered' | 'taken' | 'declined' | 'unchanged' | 'failed';
  /** What a decision is bound to; null = nothing is offered. */
  readonly hash: string | null;
  /** The request in the inbox by which it is decided; null = nobody is asked. */
  readonly approvalId: string | null;
  readonly changes: readonly TakeChange[];
  /** Of the last time that something was taken over. */
  readonly counts: FileUndoCounts | null;
  readonly problem: ErrorRecord | null;
}

/** A place among files of the project or of the run's folder. */
export const placeField = z.strictObject({ root: z.enum(['project', 'run']), path: z.string().min(1).max(4_096) });

/** Undo of what runs did to files, and what they changed in a copy. */
export const runUndoOperations = showingRuns({
  /** What the run did to files as far as its steps say what undo covers, and what can be taken back now. */
  'runs.planUndo': operation<FileUndoPlan>()(z.strictObject({ runId: runIdField }), 'workflow:read'),
  /**
   * What a file that the run changed held before it, after it and holds now, to be compared. Errors: `undo.nothing`, `undo.gone`,
   * `file.outside`.
   */
  'runs.readUndo': operation<FileUndoTexts>()(
    z.strictObject({ runId: runIdField, place: placeField }),
    'workflow:execute',
  ),
  /** What the steps of the run changed in their copy of the workspace, against what stands in the project now. */
  'runs.planTake': operation<TakePlan>()(z.strictObject({ runId: runIdField }), 'workflow:read'),
  /** What a file held when it was copied, holds in the copy, and holds in the project now. Errors: `copy.nothing`, `undo.gone`, `file.outside`. */
  'runs.readTake': operation<FileUndoTexts>()(
    z.strictObject({ runId: runIdField, place: placeField }),
    'workflow:execute',
  ),
  /**
   * Puts files back as they were before a run that has ended, or takes such an undo back. What somebody changed meanwhile stays as it is unless
   * it is named. Errors: `run.illegal_state`, `undo.nothing`, `undo.changed_since`, `undo.gone`, `undo.not_taken`, `undo.no_room`.
   */
  'runs.undo': operation<FileUndoResult>()(
    z.strictObject({
      runId: runIdField,
      places: z.array(placeField).max(200_000).optional(),
      overwrite: z.array(placeField).max(10_000).optional(),
      undoes: z.string().max(100).optional(),
    }),
    'workflow:execute',
    'workflow.updated',
  ),
});
