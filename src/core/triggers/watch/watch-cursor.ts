import type { WatchedChange, WatchedFile, WatchedFileRepository } from '../../storage/index.ts';

/** A file as the watch last took it in. */
export type KnownFile = WatchedFile;

/** What changes in the cursor with one event. */
export type CursorChange = WatchedChange;

/** What one watch has seen, kept in the store: 50,000 files need no memory. Every call is one transaction. */
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

/** The cursor of the watch of one trigger. What was seen by another definition is forgotten: that watch has never looked. */
export function cursorOf(
  files: WatchedFileRepository,
  { key, definitionHash }: { readonly key: string; readonly definitionHash: string },
): WatchCursor {
  const own = `${definitionHash} `;
  if (files.rootMark(key)?.slice(0, own.length) !== own) files.forget(key);
  return {
    rootMark: () => files.rootMark(key)?.slice(own.length) ?? null,
    markRoot: (mark) => files.markRoot(key, `${own}${mark}`),
    find: (path) => files.find(key, path),
    below: (folder) => files.below(key, folder),
    hasBelow: (folder) => files.hasBelow(key, folder),
    count: () => files.count(key),
    write: (change) => files.write(key, change),
  };
}
