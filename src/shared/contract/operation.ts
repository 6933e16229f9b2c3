import type { z } from 'zod';
import type { Permission } from '../model/access.ts';

export type { Permission } from '../model/access.ts';

/** SPEC §12.3 event type under which an operation is audited; `reads` = it changes nothing, so nothing is written. */
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
  | 'auth.login'
  | 'auth.logout'
  | 'security.user_created'
  | 'user.updated'
  | 'user.deleted'
  | 'security.role_changed'
  | 'security.secret_accessed'
  | 'security.trust_changed'
  | 'custom'
  | 'reads';

/** One entry of the contract: what an operator can do, with the permission it needs. `output` is a phantom type. */
export interface Operation<I extends z.ZodType = z.ZodType, O = unknown> {
  readonly input: I;
  /** Null = for whoever reaches a door: signing in alone. */
  readonly permission: Permission | null;
  readonly audit: AuditName;
  /** What it needs beside `permission`, by what is asked. */
  alsoNeeds?(input: z.output<I>): readonly Permission[];
  /** Fields of the input that are secrets: they are written down nowhere. */
  readonly hides?: readonly string[];
  /** It says what runs were given or made: secrets stand in its answer by their names, without the sign that a run knows them by. */
  readonly showsRuns?: true;
  readonly output?: O;
}

/** Makes an entry; call as `operation<Output>()(schema, permission, audit, alsoNeeds)`. */
export const operation =
  <O>() =>
  <I extends z.ZodType, P extends Permission | null>(
    input: I,
    permission: P,
    audit: AuditName = 'reads',
    alsoNeeds?: (input: z.output<I>) => readonly Permission[],
  ): Operation<I, O> & { readonly permission: P } => ({
    input,
    permission,
    audit,
    ...(alsoNeeds === undefined ? {} : { alsoNeeds }),
  });

/** The entry with fields of its input that are secrets whatever their names are. */
export const hiding = <E extends Operation>(hides: readonly (keyof z.input<E['input']> & string)[], entry: E): E => ({
  ...entry,
  hides,
});

/** The entries as such that say what runs were given or made. */
export const showingRuns = <E extends Record<string, Operation>>(entries: E): E =>
  Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, { ...entry, showsRuns: true }])) as E;
