import { z } from 'zod';
import type { Json, JsonMap } from '../json.ts';
import {
  APPROVAL_STATUSES,
  type ApprovalGiven,
  type ApprovalHandedOver,
  type ApprovalSummary,
  type ApprovedStep,
  type RejectionGiven,
  type RequestKind,
} from '../model/approval.ts';
import type { RunCost } from '../model/cost.ts';
import type { RunStatus } from '../model/run.ts';
import type { Finding } from '../model/trust.ts';
import { contentHashField, runIdField, workflowRefField } from './fields.ts';
import { operation, showingRuns } from './operation.ts';
import { placeField } from './run-undo.ts';
import { type Availability, startInput } from './runs.ts';
import { toolNameField } from './tools.ts';
import { triggerNameField } from './triggers.ts';

/** A request as lists show it. */
export interface ListedApproval extends ApprovalSummary {
  /** Why too few people are left who could approve it; null = enough are, or it waits no more. A sentence for operators. */
  readonly unmet: string | null;
  /** How many have approved, of how many; null = it waits no more, one user is all there is, or nobody can tell. */
  readonly progress: { readonly given: number; readonly needed: number } | null;
  /** Whether whoever asks this may approve it now. */
  readonly isForReader: boolean;
}

/** What a person has asked for, and what became of it once it was approved. */
export interface RequestedAct {
  readonly kind: RequestKind;
  /** What would be done, by the names of its parts. */
  readonly fields: JsonMap;
  /** What reading the files of a bundle showed, while it is to be decided about: the serious ones are read one by one (`read` of an approval). */
  readonly findings: readonly Finding[];
  /** Null = it is not approved, or being done at this moment. */
  readonly outcome: 'done' | 'failed' | null;
  /** Why it could not be done. A sentence for operators. */
  readonly problem: string | null;
}

/** All that a person needs to decide (SPEC §12.2). */
export interface ApprovalDetail extends ListedApproval {
  readonly description: string;
  /** Users or `role:x` as the workflow names them; empty = whoever may approve. */
  readonly requiredApprovers: readonly string[];
  readonly minApprovals: number;
  readonly approvals: readonly ApprovalGiven[];
  readonly rejections: readonly RejectionGiven[];
  readonly handedOver: readonly ApprovalHandedOver[];
  /** Names of those who may approve it now and have not; empty where it waits no more, or one user is all there is. */
  readonly deciders: readonly string[];
  /** Names of the users to whom whoever asks this may hand it over; empty where he may not. */
  readonly delegates: readonly string[];
  /** The steps up to the next question, as they will be done. */
  readonly steps: readonly ApprovedStep[];
  /** The same of the round before; null in the first one. */
  readonly stepsBefore: readonly ApprovedStep[] | null;
  /** Why there is another round; null in the first one. */
  readonly reopened: { readonly reason: 'revised' | 'changed'; readonly comment: string } | null;
  /** What is proposed: the output of the step before as it was when this was asked; `before` = as it was in the round before. */
  readonly proposal: {
    readonly path: string;
    readonly name: string;
    readonly output: Json;
    /** Who made it; null = no agent. */
    readonly agent: string | null;
    readonly before?: Json;
  } | null;
  /** Null = it is a question of a run. */
  readonly act: RequestedAct | null;
  /** What follows for the run; `nothing` = no run waits for it. */
  readonly onReject: 'fail' | 'continue' | 'nothing';
  readonly onExpire: 'fail' | 'continue' | 'nothing';
  /** What the decision is bound to: send it back with the decision. */
  readonly hash: string;
  /** Whoever asks this has started the run, and is the only user: shown as such. */
  readonly isOwn: boolean;
  readonly runStatus: RunStatus | null;
  /** Of the run so far. */
  readonly cost: RunCost;
  /** Whether whoever asks this can approve it now, reject it, send the proposal back, and hand it over. */
  readonly actions: {
    readonly decide: Availability;
    readonly reject: Availability;
    readonly revise: Availability;
    readonly delegate: Availability;
  };
}

const idField = z.string().regex(/^[0-9a-f]{32}$/);
/** The hash that the decider was shown: another one is refused (`approval.changed`). */
const hashField = z.string().regex(/^[0-9a-f]{64}$/);
const commentField = z.string().max(4000);
/** The run that goes on, or was started; null = none. */
type Decided = { readonly runId: string | null; readonly runStatus: RunStatus | null };

/** What is asked for, as whoever asks has seen it: what is another by now is refused. */
const askedField = z.union([
  startInput.extend({ kind: z.literal('run') }),
  z.strictObject({
    kind: z.literal('schedule'),
    trigger: triggerNameField,
    definitionHash: contentHashField,
    contentHash: contentHashField,
  }),
  z.strictObject({ kind: z.literal('bundle_trust'), ref: workflowRefField, contentHash: contentHashField }),
  z.strictObject({ kind: z.literal('tool_definition'), tool: toolNameField, currentHash: z.string().min(1).max(64) }),
  /** What a run changed in a copy of the workspace, to be taken over; a run asks for it by itself when it ends. */
  z.strictObject({ kind: z.literal('changes'), runId: runIdField, hash: hashField }),
]);
const MOST_HOURS = 24 * 365 * 10;

/** What can be done about approvals and requests. */
export const approvalOperations = showingRuns({
  /** How many requests wait for a decision, and how many of them whoever asks this may approve now. */
  'approvals.counts': operation<{ readonly pending: number; readonly forReader: number }>()(
    z.strictObject({}),
    'workflow:read',
  ),
  /** Newest first; `pending` counts those that wait for a decision, whatever the filter. */
  'approvals.list': operation<{ readonly approvals: readonly ListedApproval[]; readonly pending: number }>()(
    z.strictObject({
      status: z.array(z.enum(APPROVAL_STATUSES)).max(10).optional(),
      runId: runIdField.optional(),
      /** Only what whoever asks this has asked for himself, or a run that he started. */
      isOwn: z.boolean().default(false),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    'workflow:read',
  ),
  'approvals.get': operation<ApprovalDetail>()(z.strictObject({ id: idField }), 'workflow:read'),
  /**
   * Asks others to let something happen that a policy of the project, or a missing permission, keeps whoever asks from doing alone. Once it
   * is approved it is done, with the rights of whoever asked, or of whoever approved where his own do not reach. Errors:
   * `approval.unsatisfiable`, and those of the act itself.
   */
  'approvals.request': operation<{ readonly id: string; readonly title: string }>()(
    z.strictObject({
      asked: askedField,
      /** Why; shown to those who decide. */
      comment: commentField.default(''),
      /** Users or `role:x`; none = whoever may approve. */
      approvers: z.array(z.string().min(1).max(200)).max(50).default([]),
      minApprovals: z.number().int().min(1).max(1000).default(1),
      /** Absent = never. */
      expiresInHours: z.number().positive().max(MOST_HOURS).optional(),
      allowSelfApproval: z.boolean().default(false),
    }),
    'approval:request',
    'approval.requested',
    ({ asked }) => (asked.kind === 'run' ? ['workflow:execute'] : []),
  ),
  'approvals.approve': operation<Decided>()(
    z.strictObject({
      id: idField,
      hash: hashField,
      comment: commentField.default(''),
      /** The serious findings of a bundle that were read (`trust.give`). */
      read: z.array(z.string().max(2000)).max(5000).default([]),
      /** Of changes that a run made in a copy: only these files. Absent = all of them, and none that somebody changed meanwhile. */
      places: z.array(placeField).max(200_000).optional(),
      /** Files that are overwritten although somebody changed them meanwhile. Errors: `copy.changed` where neither is said of one. */
      overwrite: z.array(placeField).max(10_000).optional(),
    }),
    'approval:approve',
    'approval.approved',
  ),
  'approvals.reject': operation<Decided>()(
    z.strictObject({ id: idField, hash: hashField, reason: commentField.min(1) }),
    'approval:reject',
    'approval.rejected',
  ),
  /** Sends the proposal back to the agent that made it; a new round is asked about what it makes of the comment. */
  'approvals.revise': operation<Decided>()(
    z.strictObject({ id: idField, hash: hashField, comment: commentField.min(1) }),
    'approval:approve',
    'approval.requested',
  ),
  /** Hands the request to another user, by name, who decides in one's place and cannot hand it on. Errors: `approval.no_delegation`. */
  'approvals.delegate': operation<Decided>()(
    z.strictObject({ id: idField, hash: hashField, to: z.string().min(1).max(200), comment: commentField.default('') }),
    'approval:approve',
    'approval.requested',
  ),
  /** Takes the request back. */
  'approvals.cancel': operation<Decided>()(z.strictObject({ id: idField }), 'approval:request', 'approval.cancelled'),
} as const);
