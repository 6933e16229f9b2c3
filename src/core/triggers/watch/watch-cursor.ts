/** A file as the watch last took it in. Its hash is known once its content was looked at. */
export interface KnownFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly hash: string | null;
}

/** What changes in the cursor with one event. */
export interface CursorChange {
  readonly put: readonly KnownFile[];
  readonly drop: readonly string[];
}

/** What a watch has seen, kept in the store: 50,000 files need no memory. Every call is one transaction. */
export interface WatchCursor {
  /** The mark of the root at the last look; null = this watch has never looked. */
  readonly rootMark: () => string | null;
  readonly markRoot: (mark: string) => void;
  readonly find: (path: string) => KnownFile | null;
  /** What lies below a folder, at any depth; '' = everything. */
  readonly below: (folder: string) => readonly KnownFile[];
  readonly hasBelow: (folder: string) => boolean;
  readonly count: () => number;
  readonly write: (change: CursorChange) => void;
}

export const NO_CHANGE: CursorChange = { put: [], drop: [] };
