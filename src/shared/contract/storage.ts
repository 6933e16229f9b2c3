import { z } from 'zod';
import type { BackupDrill, BackupInfo, BackupReport, RestoredProject } from '../model/backup.ts';
import type { CleanupPlan, CleanupResult, PinnedRun, StorageReport } from '../model/storage.ts';
import { runIdField, systemTextField } from './fields.ts';
import { operation } from './operation.ts';

const daysField = z.number().int().min(0).max(36_500);

/** What can be done about the room that a project takes. */
export const storageOperations = {
  'storage.show': operation<StorageReport>()(z.strictObject({}), 'workflow:read'),
  /** What a cleanup would remove; changes nothing. Default: what the settings say. */
  'storage.plan': operation<CleanupPlan>()(z.strictObject({ days: daysField.optional() }), 'workflow:read'),
  /**
   * Removes ended runs of that age with all that only they use. The first one of a project is agreed to by `agrees`; what the settings say
   * is then kept to by itself, every day. Errors: `storage.not_agreed`, which says what would go; nothing is removed then.
   */
  'storage.cleanup': operation<CleanupResult>()(
    z.strictObject({ days: daysField.optional(), agrees: z.boolean().default(false) }),
    'config:manage',
    'custom',
  ),
  /**
   * Writes how long things stay into the settings, in days; it counts from now on. Runs go after a shorter time than a person has agreed to by
   * a cleanup only once somebody agrees to that. Errors: `config.invalid`, `file.*`.
   */
  'storage.setRetention': operation<null>()(
    z.strictObject({
      runs: daysField.optional(),
      deliveries: daysField.min(1).optional(),
      audit: daysField.min(1).optional(),
      queue: daysField.min(1).optional(),
    }),
    'config:manage',
    'config.changed',
  ),
  /** The runs that stay whatever their age, those that were pinned last first. */
  'storage.pins': operation<readonly PinnedRun[]>()(z.strictObject({}), 'workflow:read'),
  /** A pinned run stays whatever its age. Errors: `run.not_found`. */
  'storage.pin': operation<null>()(
    z.strictObject({ runId: runIdField, isPinned: z.boolean() }),
    'config:manage',
    'custom',
  ),
  'storage.backups': operation<BackupReport>()(z.strictObject({}), 'workflow:read'),
  /** Makes a backup now. Errors: `file.disk_full`, `file.io`, `store.corrupt`; earlier ones stay. */
  'storage.backUp': operation<BackupInfo>()(z.strictObject({}), 'config:manage', 'config.changed'),
  /** Brings the newest backup back into a temporary place, opens it there, counts, and removes it again. Errors: `file.not_found`. */
  'storage.drill': operation<BackupDrill>()(z.strictObject({}), 'config:manage', 'config.changed'),
  /**
   * Brings a backup back as a project of its own, into a folder that is new or empty; default: the newest. The open project stays as it is.
   * Errors: `file.not_found`, `project.exists`, `file.*`, `store.corrupt`.
   */
  'storage.restore': operation<RestoredProject>()(
    z.strictObject({ path: systemTextField(4096), backup: z.string().max(100).optional() }),
    'config:manage',
    'config.changed',
  ),
} as const;
