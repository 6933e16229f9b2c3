import { z } from 'zod';
import type { Setting } from '../model/setting.ts';
import { hiding, operation } from './operation.ts';

const keyField = z.string().min(1).max(400);

/** A setting that was written. */
export interface WrittenSetting extends Setting {
  /** What has the project open goes by it; else it counts from the next time that it is opened. */
  readonly countsNow: boolean;
}

/** What can be done about the settings of a project. */
export const configOperations = {
  /** What holds for a setting, or for those of a section, and where that is written; default: for all. Errors: `config.invalid`. */
  'config.get': operation<{ readonly settings: readonly Setting[] }>()(
    z.strictObject({ key: keyField.optional() }),
    'config:manage',
  ),
  /**
   * Writes a setting into aiworkflow.yaml, where everything else stays as it is. `value` is what would stand there; `null` = the default
   * again. Errors: `config.invalid` with what is wrong and where, and nothing is written; `file.*`.
   */
  'config.set': hiding(
    ['value'],
    operation<WrittenSetting>()(
      z.strictObject({ key: keyField, value: z.string().max(65_536) }),
      'config:manage',
      'config.changed',
    ),
  ),
} as const;
