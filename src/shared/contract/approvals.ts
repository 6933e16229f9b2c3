import { z } from 'zod';
import type { Json } from '../json.ts';
import {
  APPROVAL_STATUSES,
  type ApprovalGiven,
  type ApprovalHandedOver,
  type ApprovalSummary,
  type ApprovedStep,
  type RejectionGiven,
} from '../model/approval.ts';
import type { RunCost } from '../model/cost.ts';
import type { RunStatus } from '../model/run.ts';
import { runIdField } from './fields.ts';
import { operation, showingRuns } from './operation.ts';
import type { Availability } from './runs.ts';

/** A request as lists show it. */
export interface ListedApproval extends ApprovalSummary {
  /** Why too few people are left who could approve it; null = enough are, or it waits no more. A sentence for operators. */
  readonly unmet: string | null;
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
  readonly onReject: 'fail' | 'continue';
  readonly onExpire: 'fail' | 'continue';
  /** What the decision is bound to: send it back with the decision. */
  readonly hash: string;
  /** Whoever asks this has started the run, and is the only user: shown as such. */
  readonly isOwn: boolean;
  readonly runStatus: RunStatus;
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
type Decided = { readonly runId: string; readonly runStatus: RunStatus };

export const approvalOperations = showingRuns({
  /** Newest first; `pending` counts those that wait for a decision, whatever the filter. */
  'approvals.list': operation<{ readonly approvals: readonly ListedApproval[]; readonly pending: number }>()(
    z.strictObject({
      status: z.array(z.enum(APPROVAL_STATUSES)).max(10).optional(),
      runId: runIdField.optional(),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    'workflow:read',
  ),
  'approvals.get': operation<ApprovalDetail>()(z.strictObject({ id: idField }), 'workflow:read'),
  'approvals.approve': operation<Decided>()(
    z.strictObject({ id: idField, hash: hashField, comment: commentField.default('') }),
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
