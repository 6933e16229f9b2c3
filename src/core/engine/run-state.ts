import type { ErrorRecord } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { FailoverEvent, TokenUsage } from '../../shared/model/agent.ts';
import type { ApprovalAsked, ApprovalGiven, ApprovalHandedOver, RejectionGiven } from '../../shared/model/approval.ts';
import type {
  ChildAsked,
  EffectClass,
  FrameFailure,
  RunCreated,
  WaitpointResolved,
} from '../../shared/model/events.ts';
import type {
  Outcome,
  Rest,
  RunStatus,
  SkipReason,
  StepStatus,
  StepWarning,
  SuccessConditionResult,
  WaitsFor,
} from '../../shared/model/run.ts';
import type { RollbackCause, StepUndo, UndoEnd } from '../../shared/model/undo.ts';
import type { StepKind } from '../../shared/model/workflow.ts';
import type { FrameList } from './frame-list.ts';
import { FrameTable, newFrame } from './frame-table.ts';
import { SettledOutputs } from './settled-outputs.ts';
import { StepTable } from './step-table.ts';

/** The frame of the run itself. */
export const ROOT = '';

/**
 * One pass through a list of steps: the run itself, a branch, an item or turn of a loop, `try`, a handler, `finally`. Frames and the
 * steps in them make the tree of a run.
 */
export interface FrameRecord {
  readonly path: string;
  /** Path of the block that opened it; null for the run itself. */
  readonly block: string | null;
  /** The frame that the block stands in; null for the run itself. */
  readonly outer: string | null;
  readonly group: string;
  readonly number: number | null;
  readonly itemKey: string | null;
  /** What is set in it stays in it; else it belongs to the frame around it. */
  readonly isIsolated: boolean;
  /** Variables that were set in it; null = none yet: most items of a loop set none. */
  variables: Map<string, Json> | null;
  status: 'open' | 'completed' | 'failed' | 'cancelled';
  /** Set as soon as a step has failed in a way that the frame does not go on from. */
  failure: FrameFailure | null;
  isHandled: boolean;
  output: Json;
  /** UTC ms. */
  endedAt: number | null;
}

/** Counts of frames by how they ended. */
export interface EndedFrames {
  completed: number;
  failed: number;
  cancelled: number;
}

/** What a block has decided and opened. */
export interface BlockRecord {
  readonly decision: JsonMap;
  /** Frames in the order of their opening. */
  readonly frames: FrameList;
  readonly open: Set<string>;
  /** How many of its frames have ended, and how. */
  ended: EndedFrames;
  /** The first frame whose failure the block does not take care of. */
  failed: string | null;
  /** How long this attempt may take; null = as long as it does. */
  readonly timeoutMs: number | null;
  /** UTC ms. A resume begins to count anew. */
  deadlineAt: number | null;
  /** Its deadline has passed: it closes. */
  isTimedOut: boolean;
}

/** A request and what was said about it. */
export interface ApprovalRecord {
  readonly asked: ApprovalAsked;
  readonly approvals: ApprovalGiven[];
  readonly rejections: RejectionGiven[];
  readonly handedOver: ApprovalHandedOver[];
  /** Taken back before it was decided. */
  isCancelled: boolean;
}

/** A rollback that has begun (SPEC §3.10). Instants UTC ms. */
export interface RollbackRecord {
  /** The transaction or step that it belongs to; ROOT = the run. */
  readonly owner: string;
  readonly by: RollbackCause;
  readonly to: string | null;
  /** Paths in the order in which they are undone. */
  readonly steps: readonly string[];
  readonly startedAt: number;
  /** How each of the first steps ended: as many are through. */
  readonly ends: UndoEnd[];
  endedAt: number | null;
  /** Of a run that had ended: a person has to decide about an undo. */
  isInDoubt: boolean;
  /** The run, or what it belongs to, has begun anew since. */
  isPast: boolean;
}

/** A time in which a run was at work. */
export interface Stretch {
  readonly fromAt: number;
  readonly untilAt: number;
  readonly why: Rest['why'];
}

/** What the newest attempt of a step waits for, or waited for. Instants UTC ms. */
export interface WaitpointRecord {
  readonly openedAt: number;
  readonly dueAt: number | null;
  readonly request: ApprovalRecord | null;
  readonly child: ChildAsked | null;
  /** The path of a webhook, of steps that wait for an event. */
  readonly awaits: string | null;
  resolved: {
    readonly by: WaitpointResolved['by'];
    readonly status: WaitpointResolved['status'];
    readonly child: WaitpointResolved['child'];
    readonly event: WaitpointResolved['event'];
    readonly at: number;
  } | null;
  /** The question is to be asked once more. */
  isReopened: boolean;
}

/** One attempt of a step, with the positions of its events. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly role: 'main' | 'fallback' | 'call' | 'undo';
  readonly startedAt: number;
  readonly startPosition: number;
  completedAt: number | null;
  endPosition: number | null;
  status: 'running' | 'completed' | 'failed' | 'cancelled' | 'in_doubt';
  error: ErrorRecord | null;
  /** Agent steps: who did it. */
  readonly agent: string | null;
}

/** What the calls of models of one step came to, over all its attempts. */
export interface StepSpending {
  model: string | null;
  usage: TokenUsage;
  /** 10^-10 USD. */
  costE10: number;
  calls: number;
  unpricedCalls: number;
}

/** What is known of a step that was at least looked at. Steps that were not have no record and are pending. */
export interface StepRecord {
  readonly path: string;
  /** The frame that it stands in. */
  readonly frame: string;
  /** How many steps were looked at before it. */
  readonly order: number;
  readonly kind: StepKind;
  readonly index: number;
  readonly name: string;
  /** Blocks that have begun. */
  block: BlockRecord | null;
  /** Steps that rest until something comes. */
  waitpoint: WaitpointRecord | null;
  /** What a person said when the proposal of this step was sent back; null = it was not. */
  revision: { readonly answer: Json; readonly comment: string; readonly round: number } | null;
  /** True for a tool call that an agent asked for (`<path>.call[n]`) and for what undoes a step (`<path>.!undo`): it counts for nobody but its step. */
  readonly isCall: boolean;
  /** Its effect class as of its newest start. */
  effect: EffectClass;
  /** What its newest start called; null = nothing, or an agent. */
  calls: string | null;
  /** Output variable of the step. */
  variable: string | null;
  status: StepStatus;
  /** Number of the last attempt, 0 = none. */
  attempt: number;
  /** Failed attempts that count against the retries; a resume begins to count anew. */
  failures: number;
  attempts: readonly AttemptRecord[];
  /** Set when the step was skipped, carried over or marked as completed by a person: an end without an attempt, kept as history. */
  endedWithoutAttempt: {
    readonly status: 'skipped' | 'completed' | 'failed';
    readonly at: number;
    /** The event that holds its output, if one does. */
    readonly position: number | null;
  } | null;
  /** `now` of the step: kept over retries, crash and resume. */
  now: number | null;
  output: Json;
  /** Number of the event that gave its output as it completed; 0 = none did. */
  endedBy: number;
  error: ErrorRecord | null;
  retryAt: number | null;
  /** Whether what its tool is logged in with is to be read again before its next attempt, or was: that happens once. */
  renewal: 'none' | 'due' | 'done';
  fallbackUsed: boolean;
  /** True after the main action failed for good and `fallback.on_failure` is to run. */
  fallbackPending: boolean;
  skipReason: SkipReason | null;
  warnings: readonly StepWarning[];
  startedAt: number | null;
  completedAt: number | null;
  /** What its tool said about the output. */
  metadata: JsonMap | null;
  /** How it is undone, where its end says so; null = that follows from its effect. */
  undo: StepUndo | null;
  /** How its newest undoing ended; null = it was not undone. */
  undone: UndoEnd | null;
  /** Agent steps: null until a model was called. */
  spending: StepSpending | null;
}

/** An agent that gave a step up in this run, and who took over. */
export interface Replacement {
  readonly by: string;
  /** UTC ms. */
  readonly at: number;
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
  /** How often the work was begun: 1, one more with each resume, and a retry goes on counting (SPEC §2.2 `run.attempt`). */
  attempt: number;
  /** From when the time limit counts: the start, or a person's resume or word on a doubt; a crash does not move it. UTC ms. */
  drivenSince: number | null;
  completedAt: number | null;
  /** As in the run's row. */
  workedMs: number;
  workingSince: number | null;
  /** When it was at work until it last began, in order; `why` is why nobody was at work on it afterwards. UTC ms. */
  readonly stretches: Stretch[];
  waitsFor: WaitsFor | null;
  wakeAt: number | null;
  /** As in the run's row. */
  hears: string | null;
  /** Ids of the deliveries that its waits have taken: each of them is taken once. */
  readonly taken: Set<string>;
  /** Since when it waits, UTC ms. */
  waitingSince: number | null;
  readonly steps: StepTable;
  /** Those that stand in no loop and are no calls: every step of the run sees them. */
  readonly outsideLoops: StepRecord[];
  readonly frames: FrameTable;
  /** What `steps` and `frames` leave to the journal. */
  readonly settled: SettledOutputs;
  /** Values of output variables and `workflow.set` of the run itself, in the order of their first setting. */
  readonly variables: Map<string, Json>;
  /** What `workflow.set_outputs` gave; null = it never ran. */
  setOutputs: Map<string, Json> | null;
  outputs: { readonly [name: string]: Json };
  succeeded: number;
  failed: number;
  skipped: number;
  /** A nested step, item or branch has failed and the run went on without it. */
  isPartial: boolean;
  currentStep: string | null;
  pauseRequested: boolean;
  cancelRequested: boolean;
  /** Paths of steps that left the plan of the run, and that a person let go on. */
  readonly allowedSteps: Set<string>;
  /** Agents that failed in this run -> who does their work since (SPEC §3.7: it stays for later steps of this run). */
  readonly replaced: Map<string, Replacement>;
  readonly failovers: FailoverEvent[];
  /** In the order of their beginning. */
  readonly rollbacks: RollbackRecord[];
  /** 10^-10 USD. */
  costE10: number;
  modelCalls: number;
  unpricedCalls: number;
  /** The step whose failure ends the run under `stop` or `rollback`. */
  stoppedBy: string | null;
  error: ErrorRecord | null;
  successConditions: readonly SuccessConditionResult[];
  warnings: readonly string[];
}

const ROOT_PLACE = { path: ROOT, block: null, outer: null, group: '', number: null, itemKey: null, isIsolated: true };

/** The frame and those around it, the innermost first, the run itself last. */
export function* framesFrom(state: RunState, path: string): Generator<FrameRecord> {
  for (let at: string | null = path; at !== null; ) {
    const frame = state.frames.get(at);
    if (frame === undefined) return;
    yield frame;
    at = frame.outer;
  }
}

/** The state right after `run.created`. */
export function newRunState(runId: string, created: RunCreated, createdAt: number, actor: string): RunState {
  const variables = new Map<string, Json>();
  const settled = new SettledOutputs();
  const frames = new FrameTable(settled);
  frames.add(newFrame(ROOT_PLACE, variables));
  return {
    runId,
    created,
    createdAt,
    actor,
    status: 'pending',
    outcome: null,
    seq: 0,
    startedAt: null,
    attempt: (created.attemptsBefore ?? 0) + 1,
    drivenSince: null,
    completedAt: null,
    workedMs: 0,
    workingSince: null,
    stretches: [],
    waitsFor: null,
    wakeAt: null,
    hears: null,
    taken: new Set(),
    waitingSince: null,
    steps: new StepTable(settled),
    outsideLoops: [],
    frames,
    settled,
    variables,
    setOutputs: null,
    outputs: {},
    succeeded: 0,
    failed: 0,
    skipped: 0,
    isPartial: false,
    currentStep: null,
    pauseRequested: false,
    cancelRequested: false,
    allowedSteps: new Set(),
    replaced: new Map(),
    failovers: [],
    rollbacks: [],
    costE10: 0,
    modelCalls: 0,
    unpricedCalls: 0,
    stoppedBy: null,
    error: null,
    successConditions: [],
    warnings: [],
  };
}

/** True when the run takes no further event but a person's resume. */
export const isEnded = (status: RunStatus): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

/** True when nobody drives the run, or is about to let go of it: it waits for a person or an instant, or has ended. */
export const isResting = (status: RunStatus): boolean =>
  status === 'paused' || status === 'in_doubt' || status === 'waiting' || isEnded(status);

/** True when the step needs nothing more from the engine. */
export const isSettled = (record: StepRecord | undefined): boolean =>
  record !== undefined &&
  (record.status === 'completed' ||
    record.status === 'skipped' ||
    (record.status === 'failed' && !record.fallbackPending));

/** How often the step itself was tried: its fallback action, and calls of an agent, are no tries. */
export const timesTried = ({ attempt, attempts }: Pick<StepRecord, 'attempt' | 'attempts'>): number =>
  attempts.length === 0 ? attempt : attempts.filter(({ role }) => role === 'main').length;
