import type { ErrorRecord } from '../errors.ts';
import type { JsonMap } from '../json.ts';
import type { ApprovalAsked, ApprovalDecision } from './approval.ts';
import type { ChildWork, Outcome } from './run.ts';

/** The run that a `workflow` step waits for. */
export interface ChildAsked {
  /** `step:{run}:{path}` (SPEC §3.1). */
  readonly startKey: string;
  readonly runId: string;
  readonly versionHash: string;
  readonly workflowPath: string;
  /** Rendered; checked against the inputs of the workflow when it is started. */
  readonly inputs: JsonMap;
  /** What the step keys of the child hang on: the origin of its parent and the place of the step (SPEC §3.8). */
  readonly originRunId: string;
}

/** How that run has ended. */
export interface ChildEnded {
  readonly runId: string;
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly outcome: Outcome | null;
  readonly outputs: JsonMap;
  readonly error: ErrorRecord | null;
  /** When it was at work. Absent: nobody wrote it down, or it never began. */
  readonly work?: ChildWork;
}

/** A step that has begun rests until something comes: an instant, a condition, a decision (SPEC §1.4 `wait`, `approval`). */
export interface WaitpointOpened {
  readonly type: 'waitpoint.opened';
  readonly path: string;
  readonly attempt: number;
  /** From when its time counts, UTC ms. */
  readonly since: number;
  /** When it ends by itself, UTC ms; null = never. */
  readonly dueAt: number | null;
  /** Steps that ask a person. */
  readonly approval?: ApprovalAsked;
  /** Steps that wait for a run of their own. */
  readonly child?: ChildAsked;
  /** Steps that wait for an event: the path of the webhook at which it comes. */
  readonly awaits?: string;
}

/** What a step waited for and has come: a delivery, and what the step gives of it. */
export interface EventCame {
  readonly id: string;
  readonly data: JsonMap;
}

/** What a step waited for has come; written before it is acted on. */
export interface WaitpointResolved {
  readonly type: 'waitpoint.resolved';
  readonly path: string;
  readonly attempt: number;
  readonly by: 'time' | 'condition' | 'decision' | 'child' | 'event';
  /** Decisions: what became of the request. */
  readonly status?: 'approved' | 'rejected' | 'expired' | 'cancelled';
  readonly child?: ChildEnded;
  readonly event?: EventCame;
}

/** A person's word about a request; whose it is says the event's actor. */
export interface ApprovalDecided {
  readonly type: 'approval.decided';
  readonly path: string;
  readonly attempt: number;
  readonly id: string;
  readonly decision: ApprovalDecision;
  readonly comment: string;
  /** Of a delegation: the id of the user who decides in the place of whoever says it. */
  readonly to?: string;
}

/**
 * The question is asked anew: a person sent the proposal back, so that the steps from `from` on are done again, or what was decided about
 * is not what would be done now.
 */
export interface ApprovalReopened {
  readonly type: 'approval.reopened';
  readonly path: string;
  readonly attempt: number;
  /** Steps of the same list from here to the question are open again, this one with the comment. */
  readonly from: string;
  readonly reason: 'revised' | 'changed';
  readonly comment: string;
}
