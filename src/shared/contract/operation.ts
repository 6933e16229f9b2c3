import type { z } from 'zod';

/** SPEC §12.1, the permissions that an operation of the contract may name. */
export type Permission =
  | 'workflow:read'
  | 'workflow:execute'
  | 'workflow:create'
  | 'workflow:edit'
  | 'workflow:delete'
  | 'tool:use'
  | 'tool:read'
  | 'agent:read'
  | 'agent:write'
  | 'tool:configure'
  | 'config:manage'
  | 'approval:request'
  | 'approval:approve'
  | 'approval:reject';

/** SPEC §12.3 event type under which a change is audited; null = reading, nothing to audit. */
export type AuditName =
  | 'workflow.created'
  | 'workflow.updated'
  | 'workflow.deleted'
  | 'workflow.executed'
  | 'workflow.cancelled'
  | 'workflow.resumed'
  | 'config.changed'
  | 'tool.executed'
  | 'tool.configured'
  | 'approval.approved'
  | 'approval.rejected'
  | 'approval.requested'
  | 'approval.cancelled'
  | null;

/** One entry of the contract: what an operator can do, with the permission it needs. `output` is a phantom type. */
export interface Operation<I extends z.ZodType = z.ZodType, O = unknown> {
  readonly input: I;
  readonly permission: Permission;
  readonly audit: AuditName;
  readonly output?: O;
}

/** Makes an entry; call as `operation<Output>()(schema, permission, audit)`. */
export const operation =
  <O>() =>
  <I extends z.ZodType>(input: I, permission: Permission, audit: AuditName = null): Operation<I, O> => ({
    input,
    permission,
    audit,
  });
