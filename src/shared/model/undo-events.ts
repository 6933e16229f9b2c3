import type { ErrorRecord } from '../errors.ts';
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
/** The files that an attempt may change were taken down, or could not be (SPEC §3.10 `workspace`). */
export interface FilesTaken {
  readonly type: 'files.taken';
  readonly path: string;
  readonly attempt: number;
  readonly when: 'before' | 'after';
  /** Name of the snapshot; null = there is none. */
  readonly tree: string | null;
  /** Why not. */
  readonly problem?: ErrorRecord;
}
/** The steps of the run work in a copy of what stood there; made before the first of them begins. */
export interface FilesCopied {
  readonly type: 'files.copied';
  /** Name of the snapshot of what was copied. */
  readonly tree: string;
  readonly files: number;
  readonly bytes: number;
}
/** What the steps changed in the copy may be taken over into the project. */
export interface FilesOffered {
  readonly type: 'files.offered';
  /** Name of the snapshot of the copy. */
  readonly tree: string;
  /** SHA-256 of the change from what was copied to what stands in the copy: what a decision is bound to. */
  readonly hash: string;
  readonly files: number;
}
/** Nothing of what was offered is taken over, or the steps changed nothing. */
export interface FilesDeclined {
  readonly type: 'files.declined';
  /** Null = the steps changed nothing. */
  readonly hash: string | null;
}
/** Somebody takes back what the run has done to files, or takes such an undo back. The status of the run stays. */
export interface FilesUndoStarted {
  readonly type: 'files.undo_started';
  readonly name: string;
  /** The undo that is taken back; null = what the run did. */
  readonly undoes: string | null;
  /** What was changed in a copy is taken over: the hash of the change. Absent = something is taken back. */
  readonly takes?: string;
  readonly files: number;
}
export interface FilesUndoEnded {
  readonly type: 'files.undo_ended';
  readonly name: string;
  readonly restored: number;
  /** Left as they are: somebody changed them meanwhile. */
  readonly kept: number;
  readonly failed: number;
}
