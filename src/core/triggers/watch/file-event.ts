import type { CursorChange } from './watch-cursor.ts';

export type FileEventType = 'created' | 'modified' | 'deleted' | 'moved';

/** One thing that happened to one file, once per content (SPEC §7.2). Paths are relative to the root; instants UTC ms. */
export interface FileEvent {
  readonly type: FileEventType;
  readonly path: string;
  /** Where a moved file was. */
  readonly from: string | null;
  readonly size: number;
  readonly mtimeMs: number;
  /** SHA-256 of the content; null where it may not be read, or the file is gone and was never looked into. */
  readonly hash: string | null;
  readonly at: number;
  /** What the cursor must take in together with the event. */
  readonly cursor: CursorChange;
}

/** `held` = nothing was taken of it and of what follows: the watch keeps the rest until it is released. */
export type TakenWord = 'taken' | 'held';

/** Where events go. Takes the event and its cursor change, in one transaction where it can. With `batch` it gets several at once. */
export interface FileEventSink {
  readonly take: (events: readonly FileEvent[]) => Promise<TakenWord>;
}
