import type { JsonMap } from '../../shared/json.ts';
import type { RequestKind } from '../../shared/model/approval.ts';
import type { AuditType } from '../../shared/model/audit.ts';
import type { Actor } from '../../shared/model/run.ts';
import { type AuditDraft, actorText, type StoredRequest } from '../storage/index.ts';
import type { TakeChoice } from './run-copies.ts';

const AUDIT_TYPES = {
  approve: 'approval.approved',
  reject: 'approval.rejected',
  cancel: 'approval.cancelled',
  delegate: 'approval.requested',
  void: 'approval.cancelled',
  expire: 'approval.expired',
  request: 'approval.requested',
} as const satisfies Readonly<Record<string, AuditType>>;

/** As what the audit knows an act that was done because it was approved. */
export function performedAs(kind: RequestKind): AuditType {
  if (kind === 'bundle_trust') return 'security.trust_changed';
  if (kind === 'tool_definition') return 'tool.configured';
  return kind === 'changes' ? 'workflow.updated' : 'config.changed';
}

/** What is done of an approved request where only a part of it was approved; null = all of it. */
export const narrowed = ({ kind, asked }: StoredRequest, { places, overwrite }: TakeChoice = {}): JsonMap | null =>
  kind !== 'changes'
    ? null
    : ({
        ...asked,
        ...(places === undefined ? {} : { places }),
        ...(overwrite === undefined ? {} : { overwrite }),
      } as JsonMap);

/** The line of the audit about a word on a request. */
export function auditOf(
  { id, kind, subject, hash, requester, workflowId }: StoredRequest,
  action: keyof typeof AUDIT_TYPES,
  actor: Actor,
  more: JsonMap,
): AuditDraft {
  const workflow = workflowId === null ? {} : { workflow_id: workflowId };
  return {
    type: AUDIT_TYPES[action],
    userId: actorText(actor),
    resourceType: 'approval',
    resourceId: id,
    action,
    details: { kind, subject, hash, requester, ...workflow, ...more },
    door: actor.door,
  };
}
