import { z } from 'zod';
import { contentHashField } from './fields.ts';
import { operation } from './operation.ts';

/** The timer of the system that starts what is due while nobody has the project open (docs/adr/0031). */
export interface WakeState {
  /** Null = this system has none that is known, or the app has no lasting place that a timer could name; `problem` says which. */
  readonly system: 'systemd' | 'launchd' | 'task_scheduler' | null;
  readonly problem: 'no_system' | 'no_place' | null;
  /** `changed` = there are files, but not those that would be written now: another version of the app made them, or a hand did. */
  readonly state: 'off' | 'on' | 'changed';
  /** All that is written, as it stands there or would. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** All that is run to have the system take it, as a terminal has it. */
  readonly commands: readonly string[];
  /** Over files and commands: who switches it on has seen these. */
  readonly hash: string;
  /** When the timer looked last, UTC ms; null = never. */
  readonly lookedAt: number | null;
}

/** What can be done about the timer of the system. */
export const wakeOperations = {
  'wake.show': operation<WakeState>()(z.strictObject({}), 'workflow:read'),
  /** Switches it on with what was shown: the hash is that of `wake.show`. Errors: `wake.changed`, `wake.unsupported`, `wake.refused`, `file.*`. */
  'wake.install': operation<WakeState>()(z.strictObject({ hash: contentHashField }), 'config:manage', 'config.changed'),
  /** Takes it away, with all that it left. Errors: `file.*`. */
  'wake.remove': operation<WakeState>()(z.strictObject({}), 'config:manage', 'config.changed'),
} as const;

/** The names of these operations. */
export type WakeOperationName = keyof typeof wakeOperations;
