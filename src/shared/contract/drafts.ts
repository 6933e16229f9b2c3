import { z } from 'zod';
import type { Diagnostic } from '../model/diagnostic.ts';
import { contentHashField, systemTextField, workflowRefField } from './fields.ts';
import { hiding, operation } from './operation.ts';

/** The text of a workflow that somebody edits, beside the published one: it starts nothing before it is published. */
export interface WorkflowDraft {
  readonly source: string;
  /** SHA-256 of the published text that it was made from. */
  readonly baseHash: string;
  /** Counts up by one with each save. */
  readonly revision: number;
  readonly savedAt: number;
}

/** Somebody has a draft; what it says is his own until he publishes it. */
export interface DraftMark {
  /** The entry of the library, as `LibraryEntry.path`. */
  readonly path: string;
  readonly by: string;
  readonly savedAt: number;
  /** It belongs to whoever asks. */
  readonly isOwn: boolean;
}

/** What may be written at a place of a text. */
export interface Completions {
  /** The column of its line, 1-based, where the word begins that they take the place of. */
  readonly from: number;
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** A step as it stands in a text. */
export interface OutlineStep {
  readonly id: string;
  readonly name: string;
  /** Its action, else what kind of step it is. */
  readonly kind: string;
  /** 1-based. */
  readonly line: number;
  /** How many blocks it stands in. */
  readonly depth: number;
}

/** A name that a text may use at a place. */
export interface NameInText {
  readonly kind: 'input' | 'variable' | 'local' | 'step';
  readonly name: string;
  /** A type of inputs, or of JSON; null = only a run can tell. */
  readonly type: string | null;
  /** The step that gives it; null = none does. */
  readonly from: string | null;
}

/** What may be used at a place of a text, with what it was in the last run. */
export interface NamesHere {
  /** The step that the place belongs to; null = it stands above all of them. */
  readonly step: Pick<OutlineStep, 'id' | 'name'> | null;
  /** `value` is JSON on one line, without secrets, cut short; null = the last run has none of it. */
  readonly names: readonly (NameInText & { readonly value: string | null })[];
  readonly lastRun: { readonly runId: string; readonly startedAt: number } | null;
}

/** The file's own cap is one of bytes, and is said as a diagnostic. */
const sourceField = z.string().max(1_100_000);

const refInput = z.strictObject({ ref: workflowRefField });

/** What can be done about drafts of workflows. */
export const draftOperations = {
  /** What would be wrong with a text in the place of a workflow's, and its steps: nothing is written. Errors: `workflow.not_found`. */
  'workflows.check': operation<{
    readonly diagnostics: readonly Diagnostic[];
    readonly outline: readonly OutlineStep[];
  }>()(z.strictObject({ ref: workflowRefField, source: sourceField }), 'workflow:read'),
  /** What may be written at a place of such a text, 1-based: keys, actions, variables, inputs, words. Errors: `workflow.not_found`. */
  'workflows.complete': operation<Completions>()(
    z.strictObject({
      ref: workflowRefField,
      source: sourceField,
      line: z.number().int().min(1).max(1_100_000),
      column: z.number().int().min(1).max(1_100_000),
    }),
    'workflow:read',
  ),
  /** Which names such a text may use at a line, 1-based, and what they were in the last run. Errors: `workflow.not_found`. */
  'workflows.names': operation<NamesHere>()(
    z.strictObject({ ref: workflowRefField, source: sourceField, line: z.number().int().min(1).max(1_100_000) }),
    'workflow:read',
  ),
  /**
   * Makes a new workflow of a text beside the one that it comes from, with the rest of that one's bundle, under another name; it has no runs, and
   * nothing starts it. Errors: `workflow.invalid` (the text cannot be read, or has no place for a name), `bundle.conflict` (there is one of that
   * name), `workflow.not_found`, `file.*`.
   */
  'workflows.saveAs': hiding(
    ['source'],
    operation<{ readonly ref: string }>()(
      z.strictObject({ ref: workflowRefField, source: sourceField, name: systemTextField(200) }),
      'workflow:create',
      'workflow.created',
    ),
  ),
  /**
   * Puts a text in the place of the published one, and ends the own draft. `baseHash` is the SHA-256 of the text that it replaces. Errors:
   * `workflow.changed` (the file holds another text by now), `workflow.invalid` (it has an error), `file.outside` (not of this library), `file.*`.
   */
  'workflows.publish': hiding(
    ['source'],
    operation<{ readonly sourceHash: string }>()(
      z.strictObject({ ref: workflowRefField, source: sourceField, baseHash: contentHashField }),
      'workflow:edit',
      'workflow.updated',
    ),
  ),
  'drafts.list': operation<{ readonly drafts: readonly DraftMark[] }>()(z.strictObject({}), 'workflow:read'),
  /** One's own draft of a workflow; `damaged` = where files are kept that were drafts of it and cannot be read, relative to the project. */
  'drafts.get': operation<{ readonly draft: WorkflowDraft | null; readonly damaged: readonly string[] }>()(
    refInput,
    'workflow:edit',
  ),
  /**
   * Keeps one's own draft: it is on disk when this answers. `revision` is the one it follows, 0 for a new draft. Errors: `draft.changed`
   * (another window has saved meanwhile), `file.outside`, `file.*`.
   */
  'drafts.save': operation<{ readonly revision: number; readonly savedAt: number }>()(
    z.strictObject({
      ref: workflowRefField,
      source: sourceField,
      baseHash: contentHashField,
      revision: z.number().int().min(0),
    }),
    'workflow:edit',
  ),
  'drafts.discard': operation<null>()(refInput, 'workflow:edit'),
} as const;
