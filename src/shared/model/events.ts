import type { ErrorRecord } from '../errors.ts';
import type { Json, JsonMap } from '../json.ts';
import type { FailoverReason, TokenUsage } from './agent.ts';
import type { RunReplay } from './cassette.ts';
import type { CostSource } from './cost.ts';
import type { FollowedPlan } from './plan.ts';
import type { Actor, Outcome, SkipReason, StepWarning, SuccessConditionResult, TriggerInfo, WaitsFor } from './run.ts';
import type { StepUndo } from './undo.ts';
import type {
  FilesCopied,
  FilesDeclined,
  FilesOffered,
  FilesTaken,
  FilesUndoEnded,
  FilesUndoStarted,
  RollbackEnded,
  RollbackInDoubt,
  RollbackStarted,
  UndoEnded,
} from './undo-events.ts';
import type { ApprovalDecided, ApprovalReopened, WaitpointOpened, WaitpointResolved } from './waitpoint-events.ts';
import type { StepKind } from './workflow.ts';

export type * from './undo-events.ts';
export type {
  ApprovalDecided,
  ApprovalReopened,
  ChildAsked,
  ChildEnded,
  EventCame,
  WaitpointOpened,
  WaitpointResolved,
} from './waitpoint-events.ts';

/**
 * The closed list of journal events (DESIGN decision 5). `fold` of a run's events in `seq` order is the truth; rows are
 * projections. Values above 256 KiB are `{ $blob: sha256 }` references, see `storage/blobs`.
 */

/** How an effect may be repeated (SPEC §3.8): pure and idempotent may run again by themselves, an effect may not. */
export type EffectClass = 'pure' | 'idempotent' | 'effect';

export interface RunCreated {
  readonly type: 'run.created';
  readonly workflowId: string;
  readonly workflowName: string;
  readonly workflowPath: string;
  readonly versionHash: string;
  readonly versionLabel: string;
  readonly inputs: JsonMap;
  /** Ids of the sealed values that stand behind markers in `inputs`: its secret inputs. Absent = none. */
  readonly sealed?: readonly string[];
  readonly trigger: TriggerInfo;
  readonly startKey: string | null;
  readonly stepsTotal: number;
  readonly agent: string | null;
  /** Whose word the agent is: `start` wins over a step's own (SPEC §3.1). Absent in events of the first version. */
  readonly agentFrom?: 'start' | 'workflow' | 'bundle' | 'project';
  readonly model: string | null;
  readonly timeoutMs: number | null;
  readonly parentRunId: string | null;
  /** The step of the parent that waits for this run. Absent = it has none. */
  readonly parentPath?: string;
  /** Everything that `workflow` steps of this run and of its children name. Absent = nothing. */
  readonly pins?: readonly WorkflowPin[];
  /** The plan that it follows, and what it is answered from. Absent = none, and it does its work. */
  readonly plan?: FollowedPlan;
  readonly replay?: RunReplay;
  readonly linkedRunId: string | null;
  /** How many times the work was begun before: the attempts of the run that this one retries. Absent = none. */
  readonly attemptsBefore?: number;
  /** The first run of a chain of `retry`; AIWORKFLOW_STEP_KEY hangs on it (SPEC §3.8). */
  readonly originRunId: string;
  /** What the keys of steps that were undone in that chain are made of, each as often as it was: when they are done again they have other keys. Absent = none was. */
  readonly undone?: readonly string[];
  /** Step ends taken over from the linked run (`retry --from`). */
  readonly carried: readonly CarriedStep[];
  /** Ends of steps inside of blocks that are taken over when they are come to (`retry --from` inside of one). Absent = none. */
  readonly kept?: readonly KeptStep[];
}
/** A step inside of a block: what its step key is made of, and what it gave. */
export interface KeptStep {
  readonly keyPath: string;
  readonly output: Json;
}
export interface CarriedStep {
  readonly path: string;
  readonly index: number;
  readonly name: string;
  readonly variable: string | null;
  readonly status: 'completed' | 'failed' | 'skipped';
  readonly fallbackUsed: boolean;
  readonly output: Json;
  readonly outputs: JsonMap | null;
  readonly variables: JsonMap | null;
}
export interface StepStarted {
  readonly type: 'step.started';
  readonly path: string;
  /** The frame that the step stands in; absent = the run itself. */
  readonly frame?: string;
  /** Absent = `action`. */
  readonly kind?: StepKind;
  readonly index: number;
  readonly name: string;
  /** The output variable, so that a fold needs no workflow file. */
  readonly variable: string | null;
  readonly attempt: number;
  /** Set at the first attempt of the step, kept over retries and resume: the value of `now` (SPEC §2.2). */
  readonly now: number;
  readonly action: string;
  readonly effect: EffectClass;
  readonly inputs: JsonMap;
  /** `fallback` when this is the one run of `fallback.on_failure`; `call` when an agent asked for this tool call; `undo` of `<step>.!undo`. */
  readonly role: 'main' | 'fallback' | 'call' | 'undo';
  /** Agent steps: who does this attempt, with which model (null = the agent's default). Absent for every other step. */
  readonly agent?: { readonly name: string; readonly model: string | null };
  /** Blocks: what was decided when it began, such as the branch or the items; never worked out again (SPEC §3.8). */
  readonly decision?: JsonMap;
  /** Blocks with a `timeout`: their deadline is this long after the event. */
  readonly timeoutMs?: number;
}
/** The deadline of a block has passed: what it holds is called off, from the inside out. Written before anything is. */
export interface BlockTimedOut {
  readonly type: 'block.timed_out';
  readonly path: string;
  readonly attempt: number;
}
/** A block begins a list of its steps: a branch, an item or turn of a loop, `try`, a handler, `finally`. */
export interface FrameOpened {
  readonly type: 'frame.opened';
  /** Its place in the tree: `loop[3]`, `choice:then`. */
  readonly frame: string;
  /** Path of the block. */
  readonly path: string;
  readonly group: string;
  /** Item or turn, from 0; null for every other. */
  readonly number: number | null;
  /** Items: what stands for the number in `AIWORKFLOW_STEP_KEY`, the hash of the item and its repetition (SPEC §3.8). */
  readonly itemKey?: string;
  /** True when variables set in it stay in it (items and parallel branches, SPEC §1.4 "Scope of names"). */
  readonly isolated: boolean;
}
/** All steps of a frame have ended, one of them has ended it by its failure, or it was called off. */
export interface FrameEnded {
  readonly type: 'frame.ended';
  readonly frame: string;
  /** Path of the block. */
  readonly path: string;
  readonly status: 'completed' | 'failed' | 'cancelled';
  /** Of an item: its `output` expression; else that of its last step. */
  readonly output: Json;
  readonly failure: FrameFailure | null;
  /** The block takes care of the failure: it goes on, or a handler of it begins. */
  readonly isHandled: boolean;
}
/** Why a frame cannot go on. */
export interface FrameFailure {
  readonly error: ErrorRecord;
  /** The innermost step that failed. */
  readonly path: string;
  /** The step itself says `stop`: no block above takes care of it (SPEC §1.6 "Precedence"). */
  readonly isFinal: boolean;
  /** The step itself says `rollback`: the nearest transaction around it, or else the run, is rolled back; `to` = to a savepoint. */
  readonly rollback?: { readonly to: string | null };
}
/** A call of a model has ended, well or not (SPEC §11: failed and repaired calls count too). Costs are its projection. */
export interface AgentCallEnded {
  readonly type: 'agent.call_ended';
  readonly path: string;
  readonly attempt: number;
  readonly agent: string;
  readonly model: string | null;
  readonly usage: TokenUsage;
  /** USD as decimal text; null = unpriced. */
  readonly cost: string | null;
  readonly source: CostSource;
  readonly durationMs: number;
  readonly error: ErrorRecord | null;
}
/** The price of a call that has ended was mended (SPEC §11): its record, and what its run has cost, follow. */
export interface AgentCallRepriced {
  readonly type: 'agent.call_repriced';
  readonly path: string;
  /** Position of the end of the call. */
  readonly call: number;
  /** USD as decimal text; null = unpriced. */
  readonly was: string | null;
  readonly cost: string | null;
}
/** Another agent takes a step over, and the later steps of this run (SPEC §3.7). */
export interface AgentFailedOver {
  readonly type: 'agent.failed_over';
  readonly path: string;
  readonly attempt: number;
  readonly stepIndex: number;
  readonly fromAgent: string;
  readonly toAgent: string;
  readonly reason: FailoverReason;
  readonly error: ErrorRecord | null;
  /** Another step of the run had lost the same agent meanwhile: this one follows it and is no failover of its own. */
  readonly isShared?: true;
}
export interface StepCompleted {
  readonly type: 'step.completed';
  readonly path: string;
  readonly attempt: number;
  readonly output: Json;
  /** What `workflow.set_outputs` gave the run; null for every other action. */
  readonly outputs: JsonMap | null;
  /** What `workflow.set` gave the scope; null for every other action. */
  readonly variables: JsonMap | null;
  readonly warnings: readonly StepWarning[];
  /** What the tool says about how it came to the output, such as `{tool, server}` (SPEC §5.3). */
  readonly metadata?: JsonMap;
  /** How it is undone, where that does not follow from its effect: what has one is not undoable, everything else has nothing to undo. */
  readonly undo?: StepUndo;
}
export interface StepFailed {
  readonly type: 'step.failed';
  readonly path: string;
  readonly attempt: number;
  readonly error: ErrorRecord;
  /** Not null: the attempt failed, the step tries again at this instant. Null: failed for good. */
  readonly retryAt: number | null;
  /** With `retryAt`: how many attempts there may be in all. Absent: nobody counts them, or an earlier version wrote it. */
  readonly maxAttempts?: number;
  /** What the tool is logged in with is read again before the next attempt (SPEC §1.6 `refresh_credentials`). */
  readonly renew?: true;
  /** With `retryAt` null: the fallback value that became the output, or null. */
  readonly fallback: { readonly value: Json } | null;
  /** With `retryAt` null: what the policy says about the run. */
  readonly policy: 'stop' | 'continue' | 'rollback' | 'fallback_action';
  readonly warnings: readonly StepWarning[];
  /** Blocks: the innermost step whose failure this is. Absent = the step itself. */
  readonly cause?: string;
  /** The step itself says `stop` or `rollback` (SPEC §1.6 "Precedence"). */
  readonly isFinal?: true;
  /** With the policy `rollback`: the savepoint to which; absent = all of the transaction, or of the run. */
  readonly rollbackTo?: string;
}
export interface StepSkipped {
  readonly type: 'step.skipped';
  readonly path: string;
  /** As in `step.started`. */
  readonly frame?: string;
  readonly kind?: StepKind;
  readonly index: number;
  readonly name: string;
  readonly reason: SkipReason;
  readonly warnings: readonly StepWarning[];
}
export interface StepCancelled {
  readonly type: 'step.cancelled';
  readonly path: string;
  readonly attempt: number;
  /** The host was closed before the attempt began: it begins when the run goes on. */
  readonly isPostponed?: true;
}
export interface StepInDoubt {
  readonly type: 'step.in_doubt';
  readonly path: string;
  readonly attempt: number;
  readonly reason: 'engine_died' | 'host_stopped' | 'result_unreadable';
}
/** A person's decision about a step in doubt. `rerun` makes it pending again with the same step key. */
export interface StepResolved {
  readonly type: 'step.resolved';
  readonly path: string;
  readonly as: 'completed' | 'failed' | 'rerun';
  readonly output: Json;
  /** As in `step.completed`. */
  readonly undo?: StepUndo;
}
/** A workflow that a step of a run names, pinned when the run was started (SPEC §1.4 `workflow`). */
export interface WorkflowPin {
  /** Hash of the version whose step names it, as written there. */
  readonly from: string;
  readonly ref: string;
  readonly versionHash: string;
  readonly workflowPath: string;
  readonly workflowId: string;
}
export interface RunStarted {
  readonly type: 'run.started';
}
export interface RunPauseRequested {
  readonly type: 'run.pause_requested';
}
export interface RunPaused {
  readonly type: 'run.paused';
  /** Why, where no person asked for it (SPEC §3.8). */
  readonly reason?: ErrorRecord;
}
export interface RunResumed {
  readonly type: 'run.resumed';
}
/** A new engine took an open run over; no status change for screens, evidence for people. */
export interface RunRecovered {
  readonly type: 'run.recovered';
  /** The engine before died while it decided about this run or acted on it, as far as anybody can tell. */
  readonly suspect?: true;
}
/** The engine was closed properly while the run was going on; the next one takes it over. */
export interface RunStopped {
  readonly type: 'run.stopped';
}
export interface RunCancelRequested {
  readonly type: 'run.cancel_requested';
}
export interface RunInDoubt {
  readonly type: 'run.in_doubt';
  /** When something else in the run goes on by itself, UTC ms. */
  readonly until?: number;
}
/** Nothing is to be done now: nobody drives the run until what it waits for comes. */
export interface RunWaiting {
  readonly type: 'run.waiting';
  readonly for: WaitsFor;
  /** When it goes on by itself at the latest, UTC ms; null = only when somebody does something. */
  readonly until: number | null;
  /** Paths of webhooks: a delivery at one of them may wake it. */
  readonly hears?: readonly string[];
}
/** A waiting run is driven again. */
export interface RunWoken {
  readonly type: 'run.woken';
}
export interface RunEnded {
  readonly type: 'run.completed' | 'run.failed' | 'run.cancelled';
  readonly outcome: Outcome;
  readonly outputs: JsonMap;
  readonly error: ErrorRecord | null;
  readonly successConditions: readonly SuccessConditionResult[];
  readonly warnings: readonly string[];
}

export type RunEvent =
  | RunCreated
  | RunStarted
  | StepStarted
  | StepCompleted
  | StepFailed
  | StepSkipped
  | StepCancelled
  | StepInDoubt
  | StepResolved
  | BlockTimedOut
  | FrameOpened
  | FrameEnded
  | WaitpointOpened
  | WaitpointResolved
  | ApprovalDecided
  | ApprovalReopened
  | AgentCallEnded
  | AgentCallRepriced
  | AgentFailedOver
  | RollbackStarted
  | UndoEnded
  | RollbackInDoubt
  | RollbackEnded
  | FilesCopied
  | FilesDeclined
  | FilesOffered
  | FilesTaken
  | FilesUndoStarted
  | FilesUndoEnded
  | RunPauseRequested
  | RunPaused
  | RunResumed
  | RunRecovered
  | RunStopped
  | RunCancelRequested
  | RunInDoubt
  | RunWaiting
  | RunWoken
  | RunEnded;

/** Events of the stream `project`: changes of the library. `change` = the change that it belongs to, where that could be cut short. */
export interface ProjectEvent {
  readonly type: 'bundle.imported' | 'bundle.removed';
  readonly name: string;
  readonly contentHash: string;
  readonly change?: string;
}

export type JournalEvent = RunEvent | ProjectEvent;

/** An event as it stands in the journal. `position` is global, `seq` counts from 1 within the stream without gaps. */
export interface StoredEvent<E extends JournalEvent = JournalEvent> {
  readonly position: number;
  readonly stream: string;
  readonly seq: number;
  readonly v: number;
  readonly at: number;
  readonly actor: Actor;
  readonly event: E;
}
