import type { BundleConfig } from '../../shared/model/bundle.ts';
import type { RunCreated } from '../../shared/model/events.ts';
import type { RunStatus } from '../../shared/model/run.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';
import type { ToolCatalog } from '../tools/index.ts';

/** Time and chance as ports, so that tests can jump and repeat (DESIGN §7). */
export interface EnginePorts {
  /** UTC ms. */
  readonly now: () => number;
  /** 0 <= x < 1, for jitter. */
  readonly random: () => number;
  /** Calls back once after `ms`; returns the way to call it off. */
  readonly setTimer: (ms: number, callback: () => void) => () => void;
  /** `bytes` random bytes as lower-case hex. */
  readonly randomHex: (bytes: number) => string;
}

/** A workflow version, ready to run: what `startRun` pins and recovery loads again by its hash. */
export interface RunnableVersion {
  readonly hash: string;
  readonly workflow: Workflow;
  readonly workflowPath: string;
  readonly config: Pick<BundleConfig, 'timeoutMs' | 'maxRetries' | 'agent' | 'model'>;
  readonly tools: ToolCatalog;
  /** Bundle environment, for child processes only. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where a run works. Made before its first tool step, found again after a crash. */
export interface RunFolders {
  /** The run's own copy of the bundle (DESIGN decision 6). */
  readonly workDir: string;
  /** AIWORKFLOW_RUN_DIR. */
  readonly runDir: string;
}

/** What the engine needs from the project around it. */
export interface EngineHost {
  /** The pinned version of an open run. `workflow.version_not_found` when its archive is gone. */
  loadVersion(pinned: Pick<RunCreated, 'versionHash' | 'workflowPath'>): Promise<RunnableVersion>;
  prepareFolders(runId: string, versionHash: string): Promise<RunFolders>;
  /** Writes text to a place that a workflow names (SPEC §1.5 output_file); returns the path. `file.outside` when refused. */
  writeOutputFile(runId: string, path: string, text: string): Promise<string>;
  /** A run has ended: marks and captures of its children may go; its copy of the bundle too when nothing can resume it. */
  forgetRun(runId: string, status: RunStatus): Promise<void>;
  /** Only written keys of `tools.retry_policy` (SPEC §14). */
  readonly defaultRetries: number | undefined;
  /** Values of names in `expressions.env_allow`. */
  readonly allowedEnv: Readonly<Record<string, string>>;
}

/** A step of the tree with its store key. */
export interface PlannedStep {
  readonly step: Step;
  readonly path: string;
  readonly index: number;
}
