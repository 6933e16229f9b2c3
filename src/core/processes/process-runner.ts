import type { ProcessLimits } from '../../shared/model/needs.ts';
import type { Containment } from './containment/index.ts';
import type { BrokenLimit } from './limit-watch.ts';

/** What the helper process is asked to start: arguments as an array, a complete environment, never a shell. */
export interface ProcessSpec {
  /** Unique per step attempt: `runId`, `path`, `attempt`. Marks are kept under it. */
  readonly runId: string;
  readonly path: string;
  readonly attempt: number;
  /** `AIWORKFLOW_STEP_KEY` of the child; on Linux left-over processes that carry it are swept at the end. */
  readonly stepKey: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Text for stdin; null = stdin closed. */
  readonly stdin: string | null;
  readonly timeoutMs: number;
  /** Bytes of stdout; above it the tree is killed. stderr above it is cut. */
  readonly outputLimitBytes: number;
  /** What it may reach, where the system has a sandbox; absent = it runs as the user does. */
  readonly containment?: Containment | undefined;
  /** Bounds over the whole tree, held on Linux. */
  readonly limits?: ProcessLimits | undefined;
}

/** How a child ended. Texts are decoded as UTF-8, at most `outputLimitBytes` long. */
export interface ProcessEnd {
  readonly reason: 'exited' | 'timed_out' | 'output_too_large' | 'cancelled' | 'spawn_failed' | BrokenLimit;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly stderrCut: boolean;
  /** Only for `spawn_failed`: the system's code, such as ENOENT or EACCES. */
  readonly spawnError?: string;
}

/** By what a process of a step is known to somebody outside. */
export interface StepTrace {
  /** It and its ancestors, as the kernel tells them; null = the system does not tell, and what it says of itself counts. */
  readonly pids: readonly number[] | null;
  /** `AIWORKFLOW_STEP_KEY` that it says it has. */
  readonly stepKey: string | null;
}

export type ProcessLookup =
  | { readonly kind: 'never_began' }
  | { readonly kind: 'ended'; readonly end: ProcessEnd }
  | { readonly kind: 'unknown' };

/**
 * Starts children through a small helper process that outlives the engine: it is a cheap place to spawn from and a witness
 * that writes, per attempt, a start mark before exec and an end record after (DESIGN §3, SPEC §3.8).
 */
export interface ProcessRunner {
  /**
   * Resolves when the child and its whole tree are gone; never rejects for what the child does. An attempt that an earlier engine began
   * is not begun again, whatever the journal says of it: its recorded end is the answer, else it rejects with `step.in_doubt`.
   */
  run(
    spec: ProcessSpec,
    hooks: {
      readonly signal: AbortSignal;
      readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
      /** The line of the stream that goes on reads so now; the next line of `onLine` takes its place. */
      readonly onOpen?: (stream: 'stdout' | 'stderr', text: string) => void;
    },
  ): Promise<ProcessEnd>;
  /** After a crash: what is known of an attempt that an earlier engine started. Waits while its helper still watches it. */
  lookup(key: {
    readonly runId: string;
    readonly path: string;
    readonly attempt: number;
    readonly stepKey: string;
  }): Promise<ProcessLookup>;
  /** Forgets the marks of a run that has ended. */
  forget(runId: string): Promise<void>;
  close(): Promise<void>;
}
