/** Bounds over everything that a step starts together; null = none is set. */
export interface ProcessLimits {
  readonly memoryBytes: number | null;
  readonly cpuSeconds: number | null;
  /** Processes at a time, the script itself included. */
  readonly processes: number | null;
}

/**
 * What a tool says that it needs of the system (SPEC §5.1, §5.2). As soon as `read`, `write` or `network` is written, what is not
 * written is denied, where the system has a sandbox; a tool that says nothing runs as the user does.
 */
export interface ToolNeeds {
  /** Paths beside the working folder and the run's folder, relative to the working folder, `~/…` or absolute; null = not written. */
  readonly read: readonly string[] | null;
  /** The same of what it may write; it may read that, too. */
  readonly write: readonly string[] | null;
  /** A list names the hosts: in bubblewrap only these, through a proxy; null = not written. */
  readonly network: boolean | readonly string[] | null;
  readonly limits: ProcessLimits;
}

/** Nothing is declared. */
export const NO_NEEDS: ToolNeeds = {
  read: null,
  write: null,
  network: null,
  limits: { memoryBytes: null, cpuSeconds: null, processes: null },
};
