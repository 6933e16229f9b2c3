/** What the hint layer says. Paths are absolute. */
export interface HintListener {
  /** Something may have happened at the path. */
  readonly onHint: (path: string) => void;
  /** Of this folder the system tells nothing (its limit is reached, or it failed): it has to be polled. `code` is the system's word. */
  readonly onLost: (folder: string, code: string) => void;
}

/** Tells that something may have happened; what has happened is found out by looking. It may miss, repeat and lie. */
export interface HintSource {
  /** Begins; resolves when every folder is heard of. `enters` says which folders, by absolute path. */
  readonly start: (
    root: string,
    enters: (folder: string) => boolean,
    listener: HintListener,
  ) => Promise<{ readonly close: () => Promise<void> }>;
}
