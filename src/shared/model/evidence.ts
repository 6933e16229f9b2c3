import type { ApprovalDecision, ApprovalStatus } from './approval.ts';
import type { AuditHead, AuditState } from './audit.ts';
import type { RunStatus, StepStatus } from './run.ts';

/** What the first line of an evidence pack says that it is. */
export const EVIDENCE_FORMAT = 'aiworkflow-evidence/1';

/** Who did something and when, as the journal says, and the event of the audit that says the same; null = it was cut off there. */
export interface EvidenceAct {
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly event: number | null;
}

/** What an evidence pack says of itself. */
export interface EvidenceAbout {
  readonly part: 'about';
  readonly format: typeof EVIDENCE_FORMAT;
  readonly made_at: string;
  readonly made_by: string;
}

/** Which run it is, who started it and how it stands. */
export interface EvidenceRun {
  readonly part: 'run';
  readonly run_id: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly version: string;
  /** SHA-256 of what was run. */
  readonly version_hash: string;
  readonly trigger: string;
  readonly agent: string | null;
  readonly parent_run_id: string | null;
  readonly linked_run_id: string | null;
  readonly status: RunStatus;
  readonly outcome: string | null;
  readonly worked_seconds: number;
  readonly started: EvidenceAct;
  /** Null = it has not ended. */
  readonly ended: EvidenceAct | null;
}

/** A request for a decision and each word that was said about it: a question of the run, or one for its start. */
export interface EvidenceApproval {
  readonly part: 'approval';
  readonly id: string;
  /** The step that asked; null = a person asked for the run to be started. */
  readonly step: string | null;
  readonly title: string;
  readonly round: number;
  readonly status: ApprovalStatus;
  readonly requested_by: string;
  readonly requested: EvidenceAct;
  readonly min_approvals: number;
  /** What the decision is bound to. */
  readonly content_hash: string;
  readonly decisions: readonly (EvidenceAct & {
    readonly decision: ApprovalDecision;
    readonly comment: string;
    /** Of a delegation: who decides instead. */
    readonly to?: string;
  })[];
}

/** A step that was at least looked at. */
export interface EvidenceStep {
  readonly part: 'step';
  readonly path: string;
  readonly name: string;
  readonly action: string | null;
  readonly agent: string | null;
  readonly status: StepStatus;
  readonly attempts: number;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly error: string | null;
}

/** More room that somebody gave the run where a limit of spending had parked it. */
export interface EvidenceRaise {
  readonly part: 'raise';
  readonly limit: string;
  /** Decimal text. */
  readonly usd: string;
  /** For this run alone; else the limit itself was raised. */
  readonly once: boolean;
  readonly raised: EvidenceAct;
}

/** What the run cost. */
export interface EvidenceCost {
  readonly part: 'cost';
  /** Decimal text. */
  readonly usd: string;
  readonly calls: number;
  readonly unpriced_calls: number;
}

/** The chain of the audit as it was found when the pack was made. */
export interface EvidenceChain {
  readonly part: 'chain';
  readonly state: AuditState;
  readonly message: string;
  readonly checked: number;
  readonly head: AuditHead | null;
  readonly signed_head: (AuditHead & { readonly signed_at: string }) | null;
  readonly cut_through: number | null;
}

/** A sentence about what nobody can tell from the pack. */
export interface EvidenceLimit {
  readonly part: 'not_proven';
  readonly text: string;
}

/** A line of an evidence pack above the events of the audit. */
export type EvidenceLine =
  | EvidenceAbout
  | EvidenceRun
  | EvidenceApproval
  | EvidenceStep
  | EvidenceRaise
  | EvidenceCost
  | EvidenceChain
  | EvidenceLimit;

/** The last line: what the lines and the events above it come to, signed. */
export interface EvidenceSeal {
  readonly part: 'seal';
  /** SHA-256 of each line above the events, in their order. */
  readonly lines: readonly string[];
  readonly events: number;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  /** Of everything above this line. */
  readonly sha256: string;
  /** Ed25519, DER as base64. */
  readonly public_key: string;
  /** Covers the seal but for itself. */
  readonly signature: string;
}
