/** A folder or file that a child sees, whatever else is hidden. */
export interface OwnPlace {
  readonly path: string;
  readonly mayWrite: boolean;
}

/** What a child may reach. */
export interface Containment {
  /** Absolute paths that it may read beside the system's own programs; null = everything. */
  readonly read: readonly string[] | null;
  /** Absolute paths that it may write, and read; null = everything. */
  readonly write: readonly string[] | null;
  /** A text: none, but for what is asked for at this socket (a proxy of ours); where no sandbox can hold that it is open. */
  readonly network: boolean | string;
  /** What of the run is its own, also where it lies in a hidden folder; later ones go before earlier ones. */
  readonly own: readonly OwnPlace[];
  /** Programs that are started inside, such as an interpreter outside of the system's folders, and files that they are given. */
  readonly programs: readonly string[];
}

/** What holds children on this system; `none` says in a sentence why there is nothing. */
export type Sandbox =
  | { readonly kind: 'bubblewrap' | 'seatbelt'; readonly program: string }
  | { readonly kind: 'none'; readonly reason: string };

/** All that the arguments of a sandbox are made of. */
export interface BoxPlan {
  readonly containment: Containment;
  readonly cwd: string;
  /** Home of the user, as the child hears it; null = it hears of none. */
  readonly home: string | null;
  readonly tmpDir: string;
  /** Folders of PATH. */
  readonly path: readonly string[];
  /** Folders that nothing inside may see, such as the project's state; what is the child's own in them it sees all the same. */
  readonly hidden: readonly string[];
}

/** What people call the sandboxes. */
export const SANDBOX_NAMES = { bubblewrap: 'bubblewrap', seatbelt: 'sandbox-exec' } as const;
