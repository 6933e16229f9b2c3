import type { ErrorRecord } from '../errors.ts';
import type { Json, JsonMap } from '../json.ts';
import type { FailoverEvent, StepAgent } from './agent.ts';
import type { RunCost } from './cost.ts';
import type { RollbackStatus, UndoEnd } from './undo.ts';

/** SPEC §3.3. */
export const RUN_STATUSES = [
  'pending',
  'running',
  'paused',
  'completed',
  'failed',
  'cancelled',
  'waiting',
  'in_doubt',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
const STEP_STATUSES = [
  'pending',
  'running',
  'completed',
  'failed',
  'skipped',
  'waiting',
  'cancelled',
  'in_doubt',
] as const;
/** What a waiting run rests for: a person's decision before the end of another run before its turn before an event before an instant. */
/** Why a run waits for its turn; the words are the screen's. So many are driven, and so many may be. */
export type TurnWait =
  /** Its workflow runs one after the other. */
  | { readonly kind: 'alone' }
  | { readonly kind: 'lanes' | 'workflow'; readonly busy: number; readonly of: number }
  | { readonly kind: 'tag'; readonly tag: string; readonly busy: number; readonly of: number };

export type WaitsFor = 'approval' | 'child' | 'queue' | 'event' | 'time';
export type StepStatus = (typeof STEP_STATUSES)[number];
/** True for a step that has ended for good, as far as is known. */
export const isSettledStatus = (status: StepStatus): boolean =>
  status === 'completed' || status === 'failed' || status === 'skipped' || status === 'cancelled';
export type Outcome = 'success' | 'partial' | 'failed';
export type SkipReason = 'conditions_not_met' | 'upstream_failed' | 'disabled' | 'carried';

/** In the values of so many newest runs a text is looked for; in ids, names and reasons of all. */
export const SEARCHED_RUNS = 20_000;

/** Through what somebody acts; `engine` = nobody does. */
export const DOORS = ['cli', 'browser', 'desktop', 'socket', 'engine'] as const;
export type Door = (typeof DOORS)[number];

/** Who acts: made by the host, never by the caller (DESIGN decision 11). */
export interface Actor {
  readonly kind: 'user' | 'system';
  readonly id: string;
  readonly door: Door;
}

/** What caused a start: a run, and before it whatever caused that one. The newest is last; at most 8 (SPEC §7.1 "chain"). */
export interface ChainLink {
  readonly workflowId: string;
  readonly runId: string;
  readonly triggerKey: string | null;
  /** When that run was started; UTC ms. */
  readonly at: number;
}

export interface TriggerInfo {
  /** `replay` = a person, and nothing is called: it is answered from a recording. */
  readonly type: 'manual' | 'schedule' | 'webhook' | 'file' | 'event' | 'queue' | 'replay';
  readonly plannedAt?: number;
  readonly payload?: Json;
  /** Which trigger, `{workflow}/{id}`. */
  readonly key?: string;
  /** What else the run sees under `trigger`: `file`, `event`, `headers` and the like. */
  readonly data?: JsonMap;
  /** What led to the start, the newest last. */
  readonly chain?: readonly ChainLink[];
  /** Who armed the trigger and so answers for the run. */
  readonly by?: string;
}

export interface StepWarning {
  readonly code: string;
  readonly message: string;
}

/** A row of the run list: what every list and header needs, small. Instants are UTC ms. */
export interface RunSummary {
  readonly runId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly workflowPath: string;
  readonly versionHash: string;
  readonly versionLabel: string;
  readonly status: RunStatus;
  readonly outcome: Outcome | null;
  readonly trigger: TriggerInfo['type'];
  readonly actor: string;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** How long it was at work, without its waits, until it last began, stood or ended. */
  readonly workedMs: number;
  /** Since when it has been at work again; null while it stands or has ended. UTC ms. */
  readonly workingSince: number | null;
  readonly stepsTotal: number;
  readonly stepsSucceeded: number;
  readonly stepsFailed: number;
  readonly stepsSkipped: number;
  readonly currentStep: string | null;
  readonly agent: string | null;
  readonly error: ErrorRecord | null;
  readonly parentRunId: string | null;
  /** The run that this one retries or replays. */
  readonly linkedRunId: string | null;
  /** What it rests for; null while it does not wait. */
  readonly waitsFor: WaitsFor | null;
  /** When it goes on by itself at the latest, UTC ms; null = only when somebody does something. */
  readonly wakeAt: number | null;
  /** While it waits: what wakes it when it comes (paths of webhooks), behind one another with a space between; null = nothing does. */
  readonly hears: string | null;
  readonly pauseRequested: boolean;
  readonly cancelRequested: boolean;
  /** How the newest rollback of the run itself stands; absent = there was none. Its status is what it was. */
  readonly rollback?: RollbackStatus;
  readonly cost: RunCost;
}

/** Why a run is parked until a person has looked: a limit of spending is full, an agent got no further, a step leaves the plan. */
export const PARKED = ['cost.paused', 'agent.no_progress', 'run.left_plan'] as const;

/** Whether a run rests until a person says something; one that waits for a time goes on by itself. */
export const needsPerson = ({
  status,
  waitsFor,
  error,
  rollback,
}: Pick<RunSummary, 'status' | 'waitsFor' | 'error' | 'rollback'>): boolean =>
  status === 'in_doubt' ||
  rollback === 'in_doubt' ||
  (status === 'waiting' && waitsFor === 'approval') ||
  (status === 'paused' && PARKED.some((code) => code === error?.code));

/** How long a run has been at work until `nowAt`: every list and header tells this and nothing else. */
export const workedMs = (
  { workedMs: before, workingSince }: Pick<RunSummary, 'workedMs' | 'workingSince'>,
  nowAt: number,
): number => before + (workingSince === null ? 0 : Math.max(0, nowAt - workingSince));

/** One attempt of a finished or running step, for the timeline. */
export interface StepAttempt {
  readonly attempt: number;
  readonly startedAt: number;
  readonly completedAt: number | null;
  readonly status: 'running' | 'completed' | 'failed' | 'cancelled' | 'in_doubt';
  readonly error: ErrorRecord | null;
  /** Agent steps: who did this attempt. */
  readonly agent: string | null;
}

/** The state of a step as screens and results show it; `path` is the store key (DESIGN decision 4). */
export interface StepState {
  readonly path: string;
  readonly stepId: string;
  readonly index: number;
  readonly name: string;
  readonly status: StepStatus;
  readonly attempt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly skipReason: SkipReason | null;
  readonly error: ErrorRecord | null;
  readonly retryAt: number | null;
  /** Of a step that waits: when it ends by itself, UTC ms; null = never, or it does not wait. */
  readonly dueAt: number | null;
  /** Of a step that waits for an event: the path of the webhook. */
  readonly awaits: string | null;
  /** Of a `workflow` step: the run that it is. */
  readonly childRunId: string | null;
  /** When nobody was at work on that run. Absent while it has not ended, and where nobody wrote it down. */
  readonly childRests?: readonly Rest[];
  readonly fallbackUsed: boolean;
  /** How its undoing ended; absent: it was not undone. */
  readonly undone?: UndoEnd;
  /** The output was kept from an earlier run or step (`cache`): when it was made, UTC ms. Absent: it was made here. */
  readonly cachedAt?: number;
  readonly warnings: readonly StepWarning[];
  readonly attempts: readonly StepAttempt[];
  /** Agent steps: who did it; null for every other step. */
  readonly agent: StepAgent | null;
}

/** A loop of more turns is folded: screens get counts and ask for its turns in pages. */
export const FOLDED_FROM = 24;

/** What became of the turns of a loop. Turns that are open are `begun` and none of the others. */
export interface LoopState {
  /** The path of its step. */
  readonly path: string;
  /** How many there will be; null = nobody knows before it ends (`while`). */
  readonly total: number | null;
  readonly begun: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

/** True for a loop whose turns are not in a snapshot. */
export const isFolded = ({ total, begun }: LoopState): boolean => Math.max(total ?? 0, begun) > FOLDED_FROM;

/** One turn of a loop as a row of its page. Instants are UTC ms. */
export interface TurnState {
  /** Counts from 0. */
  readonly number: number;
  /** `<loop>[<number>]`, what the paths of its steps begin with. */
  readonly path: string;
  /** The item in a word: its text, or its name; '' where it has none. */
  readonly label: string;
  readonly status: StepStatus;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly error: ErrorRecord | null;
}

/** A time in which nobody was at work on a run that had begun and had not ended. UTC ms; `untilAt` null = it goes on. */
export interface Rest {
  readonly fromAt: number;
  readonly untilAt: number | null;
  /** `interrupted`: whoever drove the run was not there. `ended`: until somebody resumed it. */
  readonly why: 'paused' | 'in_doubt' | 'waiting' | 'interrupted' | 'ended';
}

/** When a run that a step waited for was at work: all the time from its start to its end but for its rests. UTC ms. */
export interface ChildWork {
  readonly startedAt: number;
  readonly completedAt: number;
  readonly rests: readonly Rest[];
}

export interface SuccessConditionResult {
  readonly condition: string;
  readonly result: 'met' | 'unmet' | 'unknown';
}

/** SPEC §3.3 "step result", as the command line and exports print it. Durations in seconds, instants ISO 8601. */
export interface StepResult {
  readonly step_id: string;
  readonly path: string;
  readonly status: StepStatus;
  readonly output: Json;
  readonly error: ErrorRecord | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  /** How long it worked, as its screen says; null until it has ended, or when nobody saw that. */
  readonly duration_seconds: number | null;
  readonly retries: number;
  readonly success: boolean;
  readonly metadata: JsonMap;
}

/** SPEC §3.3 "run result". */
export interface RunResult {
  readonly run_id: string;
  readonly workflow_id: string;
  readonly version_hash: string;
  readonly agent_name: string | null;
  readonly status: RunStatus;
  /** Nobody drives the run although its status says so: whoever drove it was killed. Absent for every other. */
  readonly interrupted?: true;
  readonly outcome: Outcome | null;
  readonly step_results: readonly StepResult[];
  readonly final_output: Json;
  readonly error: ErrorRecord | null;
  readonly warnings: readonly string[];
  readonly started_at: string | null;
  readonly completed_at: string | null;
  /** How long it was at work, without its waits; null until it has ended. */
  readonly duration_seconds: number | null;
  readonly steps_succeeded: number;
  readonly steps_failed: number;
  readonly steps_skipped: number;
  readonly success_conditions: readonly SuccessConditionResult[];
  /** What the calls that have a price cost; null = no call has one. */
  readonly cost: number | null;
  /** Calls without a price, which are not in `cost` (SPEC §11); absent where there are none. */
  readonly unpriced_requests?: number;
  readonly failovers: readonly FailoverEvent[];
  /** SPEC §3.10 "Result" of its newest rollback; absent = there was none. */
  readonly rollback?: JsonMap;
  readonly parent_run_id: string | null;
}

/** One line of a step's stdout or stderr, or of `workflow.log`. `line` counts from 1 within the run. */
export interface LogLine {
  readonly line: number;
  readonly at: number;
  readonly path: string;
  readonly stream: 'stdout' | 'stderr' | 'log';
  readonly level: 'debug' | 'info' | 'warning' | 'error';
  readonly text: string;
  /** The line goes on: it may read otherwise when it is asked for again. */
  readonly isOpen?: true;
}
