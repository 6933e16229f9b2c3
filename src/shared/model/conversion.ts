import type { Diagnostic } from './diagnostic.ts';

/** What other programs keep their jobs in, as far as drafts can be made of it. */
export type ForeignFormat =
  | 'crontab'
  | 'launchd'
  | 'task_scheduler'
  | 'github_actions'
  | 'n8n'
  | 'goose_recipe'
  | 'claude_command';

/**
 * One thing that has no counterpart here (`warning`) or that is another here than there (`notice`), with its line in the foreign file where
 * that is known.
 */
export type ConversionNote = Pick<Diagnostic, 'severity' | 'code' | 'message' | 'line'>;

/** A workflow made of a foreign file: it waits among the uploads, as if somebody had sent it as a bundle. */
export interface ConvertedDraft {
  readonly uploadId: string;
  readonly contentHash: string;
  readonly format: ForeignFormat;
  /** The foreign file. */
  readonly file: string;
  /** The folder that it will have, and the title that it says. */
  readonly name: string;
  readonly title: string;
  readonly steps: number;
  /** In what way it would start by itself, once somebody arms it: type and schedule, path or events of each trigger. */
  readonly triggers: readonly { readonly type: string; readonly detail: string }[];
  readonly notes: readonly ConversionNote[];
}
