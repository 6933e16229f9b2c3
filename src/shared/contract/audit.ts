import { z } from 'zod';
import {
  type AuditEvent,
  type AuditManifest,
  type AuditMonth,
  type AuditVerdict,
  readAuditType,
} from '../model/audit.ts';
import { DOORS } from '../model/run.ts';
import { runIdField, systemTextField } from './fields.ts';
import { operation } from './operation.ts';

const instantField = z.number().int().min(0);

/** All given fields must hold. Instants in UTC ms, `endTime` excluded; types also by their accepted and constant names. */
const auditFilter = {
  eventType: z
    .string()
    .max(60)
    .refine((text) => readAuditType(text) !== null, 'there is no such type of event')
    .optional(),
  userId: z.string().max(200).optional(),
  resourceType: z.string().max(60).optional(),
  resourceId: systemTextField(4096).optional(),
  door: z.enum(DOORS).optional(),
  startTime: instantField.optional(),
  endTime: instantField.optional(),
  /** False = only what was refused or failed. */
  success: z.boolean().optional(),
  /** Anywhere in user, resource, action, details or error; or the id of an event, as a whole. */
  text: z.string().max(200).optional(),
};

/** A piece of an exported file; the one without a cursor is the last. An evidence pack seals itself and has no manifest. */
export interface AuditExportPiece {
  readonly text: string;
  readonly cursor: string | null;
  readonly manifest: AuditManifest | null;
}

/** What can be done about the audit. */
export const auditOperations = {
  /** Newest first; `total` counts all that meet the filter. With `before`, only events before that number: pages that do not slip. */
  'audit.query': operation<{ readonly events: readonly AuditEvent[]; readonly total: number }>()(
    z.strictObject({
      ...auditFilter,
      limit: z.number().int().min(1).max(1000).default(100),
      offset: z.number().int().min(0).max(1_000_000_000).default(0),
      before: z.number().int().min(1).optional(),
    }),
    'audit:read',
    'custom',
  ),
  /** Walks the whole chain, and says over which months it goes. A broken chain is an answer, not an error. */
  'audit.verify': operation<AuditVerdict & { readonly months: readonly AuditMonth[] }>()(
    z.strictObject({}),
    'audit:read',
    'custom',
  ),
  /** The first piece of a file; with `cursor` the one after it. */
  'audit.export': operation<AuditExportPiece>()(
    z.union([
      z.strictObject({ ...auditFilter, format: z.enum(['jsonl', 'csv']).default('jsonl') }),
      z.strictObject({ cursor: z.string().regex(/^[0-9a-f]{32}$/) }),
    ]),
    'audit:read',
    'custom',
  ),
  /**
   * The first piece of the evidence pack of a run; `audit.export` gives the others. Errors: `run.not_found`, `audit.broken` (a chain that is
   * not whole proves nothing).
   */
  'audit.evidence': operation<AuditExportPiece>()(z.strictObject({ runId: runIdField }), 'audit:read', 'custom', () => [
    'workflow:read',
  ]),
  /** Removes what is older than an instant, as a signed cut. */
  'audit.deleteBefore': operation<{ readonly removed: number; readonly throughSeq: number | null }>()(
    z.strictObject({ before: instantField }),
    'config:manage',
    'config.changed',
  ),
} as const;
