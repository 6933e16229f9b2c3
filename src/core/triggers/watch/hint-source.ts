import type { Stats } from 'node:fs';

/** What the hint layer says. Paths are absolute. */
export interface HintListener {
  /** Something may have happened at the path. */
  readonly onHint: (path: string) => void;
  /** Of this folder the system tells nothing (its limit is reached, or it failed): it has to be polled. `code` is the system's word. */
  readonly onLost: (folder: string, code: string) => void;
  /** A file, or a link, that was met while the tree was walked for the first time; perhaps more than once. */
  readonly onFile: (path: string, stats: Stats) => void;
}

/** Hints that are heard. */
export interface HeardTree {
  readonly close: () => Promise<void>;
  /** Whether every file of the tree was shown (`onFile`): then nobody needs to walk it once more at once. */
  readonly hasShownFiles: boolean;
}

/** Tells that something may have happened; what has happened is found out by looking. It may miss, repeat and lie. */
export interface HintSource {
  /** Begins; resolves when every folder is heard of. `enters` says which folders, by absolute path. */
  readonly start: (root: string, enters: (folder: string) => boolean, listener: HintListener) => Promise<HeardTree>;
}
