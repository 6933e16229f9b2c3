import type { FileChange, FilePlace, FileUndoGap } from '../model/file-undo.ts';

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
