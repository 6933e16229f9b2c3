import type { ErrorRecord } from '../../shared/errors.ts';
import type { RunCreated } from '../../shared/model/events.ts';
import type {
  Outcome,
  RunStatus,
  SkipReason,
  StepStatus,
  StepWarning,
  SuccessConditionResult,
} from '../../shared/model/run.ts';
import type { Json } from '../../shared/model/workflow.ts';

/** One attempt of a step, with the positions of its events. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly role: 'main' | 'fallback';
  readonly startedAt: number;
  readonly startPosition: number;
  completedAt: number | null;
  endPosition: number | null;
  status: 'running' | 'completed' | 'failed' | 'cancelled' | 'in_doubt';
  error: ErrorRecord | null;
}

/** What is known of a step that was at least looked at. Steps that were not have no record and are pending. */
export interface StepRecord {
  readonly path: string;
  readonly index: number;
  readonly name: string;
  /** Output variable of the step. */
  variable: string | null;
  status: StepStatus;
  /** Number of the last attempt, 0 = none. */
  attempt: number;
  /** Failed attempts that count against the retries; a resume begins to count anew. */
  failures: number;
  readonly attempts: AttemptRecord[];
  /** Set when the step was skipped or carried over: an end without an attempt, kept as history. */
  endedWithoutAttempt: { readonly status: 'skipped' | 'completed' | 'failed'; readonly at: number } | null;
  /** `now` of the step: kept over retries, crash and resume. */
  now: number | null;
  output: Json;
  error: ErrorRecord | null;
  retryAt: number | null;
  fallbackUsed: boolean;
  /** True after the main action failed for good and `fallback.on_failure` is to run. */
  fallbackPending: boolean;
  skipReason: SkipReason | null;
  warnings: readonly StepWarning[];
  startedAt: number | null;
  completedAt: number | null;
}

/**
 * A run in memory: the fold of its events and nothing else. Only `applyEvent` writes to it; everything the engine decides, and
 * every projection, is computed from it.
 */
export interface RunState {
  readonly runId: string;
  readonly created: RunCreated;
  readonly createdAt: number;
  readonly actor: string;
  status: RunStatus;
  outcome: Outcome | null;
  seq: number;
  startedAt: number | null;
  /** From when the time limit counts: the start, or a person's resume or word on a doubt; a crash does not move it. UTC ms. */
  drivenSince: number | null;
  completedAt: number | null;
  readonly steps: Map<string, StepRecord>;
  /** Values of output variables and `workflow.set`, in the order of their first setting. */
  readonly variables: Map<string, Json>;
  /** What `workflow.set_outputs` gave; null = it never ran. */
  setOutputs: Map<string, Json> | null;
  outputs: { readonly [name: string]: Json };
  succeeded: number;
  failed: number;
  skipped: number;
  currentStep: string | null;
  pauseRequested: boolean;
  cancelRequested: boolean;
  /** The step whose failure ends the run under `stop` or `rollback`. */
  stoppedBy: string | null;
  error: ErrorRecord | null;
  successConditions: readonly SuccessConditionResult[];
  warnings: readonly string[];
}

/** The state right after `run.created`. */
export function newRunState(runId: string, created: RunCreated, createdAt: number, actor: string): RunState {
  return {
    runId,
    created,
    createdAt,
    actor,
    status: 'pending',
    outcome: null,
    seq: 0,
    startedAt: null,
    drivenSince: null,
    completedAt: null,
    steps: new Map(),
    variables: new Map(),
    setOutputs: null,
    outputs: {},
    succeeded: 0,
    failed: 0,
    skipped: 0,
    currentStep: null,
    pauseRequested: false,
    cancelRequested: false,
    stoppedBy: null,
    error: null,
    successConditions: [],
    warnings: [],
  };
}

/** True when the run takes no further event but a person's resume. */
export const isEnded = (status: RunStatus): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

/** True when the step needs nothing more from the engine. */
export const isSettled = (record: StepRecord | undefined): boolean =>
  record !== undefined &&
  (record.status === 'completed' ||
    record.status === 'skipped' ||
    (record.status === 'failed' && !record.fallbackPending));
