import type { z } from 'zod';
import type { Permission } from '../model/access.ts';

export type { Permission } from '../model/access.ts';

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
