import type { ErrorRecord } from '../errors.ts';

/** A file, link or folder as a snapshot holds it. Folders have no content: what is in them has entries of its own. */
export type FileEntry =
  | {
      readonly kind: 'file';
      /** The nine bits of permission. */
      readonly mode: number;
      readonly size: number;
      /** SHA-256 of the content. */
      readonly hash: string;
    }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'folder' };

/** Where a file stands: in the project, or in the run's own folder. */
export interface FilePlace {
  readonly root: 'project' | 'run';
  /** Relative, with `/` between names. */
  readonly path: string;
}

/** What a run did to a file. */
export type FileChangeKind = 'added' | 'changed' | 'removed';

/** How a file that a run has changed stands now. */
export type FileChangeState =
  /** As the run left it: it can be taken back. */
  | 'undoable'
  /** As it was before the run. */
  | 'undone'
  /** Somebody changed it meanwhile: it is left as it is unless somebody says otherwise. */
  | 'changed_since';

/** A file that a run has changed, over all of its steps. */
export interface FileChange extends FilePlace {
  readonly change: FileChangeKind;
  readonly state: FileChangeState;
  /** Null = it was not there. */
  readonly before: FileEntry | null;
  readonly after: FileEntry | null;
  /** Paths of the steps that changed it, in order. */
  readonly steps: readonly string[];
  /** Where the same content went to, or came from: the file was renamed. Null = it was not. */
  readonly renamed: FilePlace | null;
}

/** What is in a file as far as it can be shown; `size` in bytes. */
export type FileText =
  | { readonly kind: 'none' | 'folder' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary' | 'large'; readonly size: number }
  | { readonly kind: 'link'; readonly target: string };

/** Attempts whose changes cannot be taken back. */
export interface FileUndoGap {
  /** Path of the step. */
  readonly step: string;
  readonly error: ErrorRecord;
}
