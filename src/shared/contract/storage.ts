import { z } from 'zod';
import type { CleanupPlan, CleanupResult, StorageReport } from '../model/storage.ts';
import { runIdField } from './fields.ts';
import { operation } from './operation.ts';

const daysField = z.number().int().min(0).max(36_500);

export const storageOperations = {
  'storage.show': operation<StorageReport>()(z.strictObject({}), 'workflow:read'),
  /** What a cleanup would remove; changes nothing. Default: what the settings say. */
  'storage.plan': operation<CleanupPlan>()(z.strictObject({ days: daysField.optional() }), 'workflow:read'),
  /** Removes ended runs of that age with all that only they use; the same age is then kept to by itself, every day. */
  'storage.cleanup': operation<CleanupResult>()(
    z.strictObject({ days: daysField.optional() }),
    'config:manage',
    'custom',
  ),
  /** A pinned run stays whatever its age. Errors: `run.not_found`. */
  'storage.pin': operation<null>()(
    z.strictObject({ runId: runIdField, isPinned: z.boolean() }),
    'config:manage',
    'custom',
  ),
} as const;
