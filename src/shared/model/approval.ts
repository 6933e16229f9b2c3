import type { JsonMap } from '../json.ts';
import type { EffectClass } from './events.ts';

/** SPEC §12.2. */
export const APPROVAL_STATUSES = ['pending', 'approved', 'rejected', 'expired', 'cancelled'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

/** What a request is about (SPEC §12.2). */
export const APPROVAL_TYPES = ['workflow_start', 'step', 'bundle_trust', 'custom'] as const;
export type ApprovalType = (typeof APPROVAL_TYPES)[number];

/** What a person can ask others to let happen, beside the questions that runs ask. */
export const REQUEST_KINDS = ['run', 'schedule', 'bundle_trust', 'tool_definition', 'changes'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** What somebody says about a request. */
export type ApprovalDecision = 'approve' | 'reject' | 'revise' | 'cancel' | 'delegate';

/** How often a proposal is sent back before nobody asks any more (SPEC §12.2). */
export const MOST_ROUNDS = 5;

/** A step that follows a decision, as it was when the question was asked. */
export interface ApprovedStep {
  readonly path: string;
  readonly name: string;
  /** When it is done, as the workflow says; null = always. */
  readonly condition: string | null;
  /** `tool.operation`, rendered where it could be. */
  readonly action: string;
  /** Rendered where they could be, else as written. */
  readonly inputs: JsonMap;
  readonly effect: EffectClass | 'unknown';
  /** Stands for what its tool said of the operation; absent where that cannot change, or is not known. */
  readonly tool?: string;
  /** True when this, to the letter, is what will be done: it is part of the hash and looked at again before it begins. */
  readonly isExact: boolean;
}

/** What a person decides about: what follows, and what lies before him. */
export interface ApprovalSubject {
  readonly steps: readonly ApprovedStep[];
  /** The step before whose output is what is proposed; null = none gave anything. */
  readonly proposalPath: string | null;
  /** The value of `now` in everything that is exact. UTC ms. */
  readonly now: number;
}

/** What stands in the journal when a decision is asked for. */
export interface ApprovalAsked {
  /** 32 hex digits. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Users or `role:x` as the workflow names them; empty = whoever may approve. */
  readonly approvers: readonly string[];
  readonly minApprovals: number;
  readonly requester: string;
  /** From 1; one more each time that the question is asked anew. */
  readonly round: number;
  readonly subject: ApprovalSubject;
  /** SHA-256 of the version and of what is exact in the subject: what an approval is bound to. */
  readonly hash: string;
}

/** One word of one person. Instants ISO 8601, as results and templates show it (SPEC §12.2). */
export interface ApprovalGiven {
  readonly approver_id: string;
  readonly comment: string;
  readonly timestamp: string;
}
export interface RejectionGiven {
  readonly rejector_id: string;
  readonly reason: string;
  readonly timestamp: string;
}

/** An approver has handed the request to another, who decides in his place and cannot hand it on (SPEC §12.2). */
export interface ApprovalHandedOver {
  readonly delegator_id: string;
  readonly delegate_id: string;
  readonly comment: string;
  readonly timestamp: string;
}

/** A row of the inbox. Instants are UTC ms. */
export interface ApprovalSummary {
  readonly id: string;
  readonly type: ApprovalType;
  /** What a person has asked for; null = it is a question of a run. */
  readonly kind: RequestKind | null;
  /** The run that asks, or that was started because it was approved. */
  readonly runId: string | null;
  /** Null = it is about no workflow. */
  readonly workflowId: string | null;
  readonly workflowName: string | null;
  /** The step that asks. */
  readonly stepPath: string | null;
  readonly requesterId: string;
  readonly title: string;
  readonly status: ApprovalStatus;
  readonly round: number;
  readonly createdAt: number;
  /** When it ends by itself; null = never. */
  readonly expiresAt: number | null;
  readonly resolvedAt: number | null;
  /** It was closed because the same question was asked once more, in a later round. */
  readonly isAskedAgain: boolean;
}
