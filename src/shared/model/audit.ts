import type { JsonMap } from '../json.ts';

/** What is written down of who did what (SPEC §12.3), in the order of the table there. */
export const AUDIT_TYPES = [
  'auth.login',
  'auth.logout',
  'auth.failed',
  'workflow.created',
  'workflow.updated',
  'workflow.deleted',
  'workflow.executed',
  'workflow.completed',
  'workflow.failed',
  'workflow.cancelled',
  'workflow.resumed',
  'tool.registered',
  'tool.configured',
  'tool.executed',
  'tool.failed',
  'approval.requested',
  'approval.approved',
  'approval.rejected',
  'approval.cancelled',
  'approval.expired',
  'security.user_created',
  'user.updated',
  'user.deleted',
  'security.role_changed',
  'security.permission_denied',
  'security.suspicious_activity',
  'security.trust_changed',
  'security.secret_accessed',
  'config.changed',
  'system.error',
  'custom',
] as const;

export type AuditType = (typeof AUDIT_TYPES)[number];

/** What a question for a type of event looks for. `change` narrows it to events whose details say so. */
export interface AuditTypeFilter {
  readonly type: AuditType;
  readonly change?: 'assigned' | 'revoked';
}

const ALIASES: Readonly<Record<string, AuditTypeFilter>> = {
  'auth.login_failed': { type: 'auth.failed' },
  'tool.used': { type: 'tool.executed' },
  'user.created': { type: 'security.user_created' },
  'user.role_assigned': { type: 'security.role_changed', change: 'assigned' },
  'user.role_revoked': { type: 'security.role_changed', change: 'revoked' },
};

/** Every spelling in capitals (`USER_ROLE_ASSIGNED`) and what it stands for. */
const CONSTANTS: ReadonlyMap<string, AuditTypeFilter> = new Map(
  [...AUDIT_TYPES.map((type) => [type, { type }] as const), ...Object.entries(ALIASES)].map(([name, filter]) => [
    name.replace('.', '_').toUpperCase(),
    filter,
  ]),
);

/** A type by its stored name, an accepted one or its constant form; null = there is no such type. */
export function readAuditType(text: string): AuditTypeFilter | null {
  const stored = AUDIT_TYPES.find((type) => type === text);
  if (stored !== undefined) return { type: stored };
  return (Object.hasOwn(ALIASES, text) ? ALIASES[text] : CONSTANTS.get(text)) ?? null;
}

/** One event of the audit, field by field as it is stored, hashed, shown and exported (SPEC §12.3). */
export interface AuditEvent {
  /** 32 hex digits. */
  readonly id: string;
  /** Counts from 1 without gaps; a number is never given again. */
  readonly seq: number;
  readonly event_type: AuditType;
  /** Who: a user's name, or `system:<what>`. */
  readonly user_id: string;
  /** `type:id`. */
  readonly resource: string;
  readonly resource_type: string;
  readonly resource_id: string;
  readonly action: string;
  readonly details: JsonMap;
  readonly source_ip: string | null;
  readonly user_agent: string | null;
  readonly door: string | null;
  /** ISO 8601, UTC, to the millisecond. */
  readonly timestamp: string;
  readonly success: boolean;
  readonly error_message: string | null;
  /** Hash of the event before; 64 zeros for the first. */
  readonly prev_hash: string;
  /** SHA-256 of `prev_hash` and the canonical JSON of the event without the two hashes. */
  readonly hash: string;
}

/** The end of the chain: how far it goes and what stands there. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** What a walk along the chain found. Only `ok` and `prune_pending` are whole. */
export type AuditState =
  | 'ok'
  /** A cut was begun and not finished: it goes on when the project is opened. */
  | 'prune_pending'
  /** An event is not what was written, or stands where none was written. */
  | 'changed'
  /** Events are missing. */
  | 'missing'
  /** The end is missing: there were later events. */
  | 'cut_off'
  /** All events are missing. */
  | 'emptied'
  /** All that is there fits, and is older than what was signed last: a backup was restored. */
  | 'older_than_head'
  /** What was signed outside the project says otherwise than the chain: it was written anew. */
  | 'rewritten';

/** What `audit verify` says. */
export interface AuditVerdict {
  readonly valid: boolean;
  readonly state: AuditState;
  /** In plain words. */
  readonly message: string;
  /** How many events were looked at. */
  readonly checked: number;
  /** The first number at which something is wrong; null = nothing is. */
  readonly first_bad_seq: number | null;
  /** The last event that was found; null = there is none. */
  readonly head: AuditHead | null;
  /** What was signed last outside the project; null = nothing was, or it cannot be read. */
  readonly signed_head: (AuditHead & { readonly signed_at: string }) | null;
  /** Up to which event the chain was cut on purpose; null = it begins with the first. */
  readonly cut_through: number | null;
}

/** A month of the audit, by UTC. */
export interface AuditMonth {
  /** `2026-11`. */
  readonly month: string;
  readonly events: number;
  readonly first_seq: number;
}

/** What goes with an exported file, and what `signature` covers but for itself. */
export interface AuditManifest {
  readonly format: 'jsonl' | 'csv';
  readonly exported_at: string;
  readonly events: number;
  /** False = filtered. */
  readonly complete: boolean;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  /** The end of the chain when the export began. */
  readonly head: AuditHead | null;
  readonly cut_through: number | null;
  /** Of the whole file. */
  readonly sha256: string;
  /** Ed25519, DER as base64. */
  readonly public_key: string;
  readonly signature: string;
}

/** What the check of an exported file says. */
export interface ExportVerdict {
  readonly valid: boolean;
  readonly message: string;
  readonly checked: number;
  readonly first_bad_seq: number | null;
  readonly last_seq: number | null;
  /** The key of the manifest; null = there is no manifest. */
  readonly signed_by: string | null;
}
