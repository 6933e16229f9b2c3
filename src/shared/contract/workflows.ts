import { z } from 'zod';
import type { JsonMap } from '../json.ts';
import type { MissingTool } from '../missing-tools.ts';
import type { BundleFile, BundleInfo, ScriptTool } from '../model/bundle.ts';
import type { ConvertedDraft } from '../model/conversion.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RunSummary } from '../model/run.ts';
import type { TrustState } from '../model/trust.ts';
import type { Workflow } from '../model/workflow.ts';
import type { WorkflowChange } from '../workflow-changes.ts';
import { contentHashField, innerPathField, systemTextField, uploadIdField, workflowRefField } from './fields.ts';
import { operation } from './operation.ts';
import { consentField, type TrustSheet } from './trust.ts';

/** One row of the library: `workflows/*.md` and `bundles/*` of the project (DESIGN decision 3). */
export interface LibraryEntry {
  /** What `workflows.get` and `runs.start` take: the id, or the path where the id stands twice. */
  readonly ref: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly tags: readonly string[];
  readonly kind: 'file' | 'bundle';
  /** Path relative to the project. */
  readonly path: string;
  readonly steps: number;
  readonly riskLevel: Workflow['riskLevel'];
  readonly errors: number;
  readonly warnings: number;
  /** First error, when there is one: the entry is listed but cannot run. */
  readonly error: string | null;
  /** Not null: why it cannot run here yet, as a sentence: `engine.unsupported`, or a tool that is not set up (SPEC §1.10). */
  readonly unsupported: string | null;
  readonly lastRun: RunSummary | null;
  /** Newest first, at most 12, for the bars of the list. */
  readonly recentStatuses: readonly {
    readonly runId: string;
    readonly status: RunSummary['status'];
    readonly outcome: RunSummary['outcome'];
  }[];
  readonly averageMs: number | null;
  readonly runsTotal: number;
  /** Whether it may run: what was imported has to be accepted by a person. */
  readonly trust: TrustState;
}

export interface WorkflowDetail {
  readonly entry: LibraryEntry;
  readonly workflow: Workflow;
  readonly diagnostics: readonly Diagnostic[];
  /** The file's text and its path relative to the project. */
  readonly source: string;
  readonly sourcePath: string;
  /** SHA-256 of `source`. */
  readonly sourceHash: string;
  readonly contentHash: string;
  readonly requiredTools: readonly string[];
  readonly tools: readonly ScriptTool[];
  /** Inputs of the newest run by hand, for "Run again". */
  readonly lastInputs: JsonMap | null;
  readonly lastRuns: readonly RunSummary[];
  readonly versions: readonly WorkflowVersion[];
  readonly files: readonly BundleFile[];
}

export interface WorkflowVersion {
  readonly hash: string;
  readonly label: string;
  readonly firstSeenAt: number;
  readonly runs: number;
}

/** What an import will bring, shown before anybody consents (SPEC §6.6); bound to `contentHash`. */
export interface ImportSheet {
  readonly uploadId: string;
  readonly suggestedName: string;
  readonly contentHash: string;
  readonly info: BundleInfo;
  readonly files: readonly BundleFile[];
  readonly tools: readonly ScriptTool[];
  readonly permissions: readonly string[];
  readonly riskLevel: Workflow['riskLevel'];
  readonly diagnostics: readonly Diagnostic[];
  /** What it could do, against the bundle of that name which is accepted. */
  readonly trust: TrustSheet;
  /** The bundle of that name which is already there, if any. */
  readonly conflict: {
    readonly name: string;
    readonly version: string;
    readonly contentHash: string;
    readonly identical: boolean;
  } | null;
}

export interface StagedText {
  /** Null = it is no text. */
  readonly text: string | null;
  readonly sizeBytes: number;
  /** False = the end is missing. */
  readonly isWhole: boolean;
}

export interface ExampleEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly installed: boolean;
}

export interface CreatedWorkflow {
  readonly created: string;
  readonly type: 'workflow' | 'bundle';
  readonly files?: readonly string[];
}

export interface ValidationReport {
  readonly name: string;
  readonly valid: boolean;
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** What is not set up on this machine: it may be valid and still not start (SPEC §1.10). */
  readonly missing: readonly MissingTool[];
}

const noInput = z.strictObject({});
const refInput = z.strictObject({ ref: workflowRefField });

/** A bundle and its lock. */
export interface BundleLocked {
  readonly name: string;
  /** The lock, relative to the project. */
  readonly file: string;
  /** `locked` = it had no lock, `unchanged` = it is what its lock says. */
  readonly outcome: 'locked' | 'updated' | 'unchanged';
  /** Of all files but the lock. */
  readonly hash: string;
  /** Tools of the project that are locked with it. */
  readonly tools: readonly string[];
  /** The version that it is with its lock. */
  readonly contentHash: string;
}

/** What can be done about workflows and bundles. */
export const workflowOperations = {
  'workflows.list': operation<{ readonly workflows: readonly LibraryEntry[] }>()(
    z.strictObject({
      search: z.string().max(200).optional(),
      tag: z.string().max(100).optional(),
      /** Only what came from outside and does not run before somebody trusts it. */
      needsTrust: z.literal(true).optional(),
    }),
    'workflow:read',
  ),
  'workflows.get': operation<WorkflowDetail>()(refInput, 'workflow:read'),
  'workflows.validate': operation<ValidationReport>()(refInput, 'workflow:read'),
  'workflows.create': operation<CreatedWorkflow>()(
    z.strictObject({
      name: systemTextField(200),
      output: systemTextField(4096).optional(),
      bundle: z.boolean().default(false),
      template: z.enum(['basic', 'multi-step', 'with-tools', 'loop', 'approval', 'webhook']).default('basic'),
      force: z.boolean().default(false),
    }),
    'workflow:create',
    'workflow.created',
  ),
  /** Takes a workflow out of the library; it is kept under the state folder and `workflows.restore` brings it back. */
  'workflows.remove': operation<{ readonly restoreToken: string }>()(refInput, 'workflow:delete', 'workflow.deleted'),
  'workflows.restore': operation<{ readonly ref: string }>()(
    z.strictObject({ restoreToken: systemTextField(300) }),
    'workflow:create',
    'workflow.created',
  ),
  /** Closes the workflow's breaker by hand: triggers may start it again (SPEC §3.5). */
  'workflows.resetBreaker': operation<{ readonly id: string }>()(refInput, 'workflow:execute', 'config.changed'),
  /** A stored version's workflow text: old versions stay readable. */
  'versions.source': operation<{ readonly source: string; readonly label: string }>()(
    z.strictObject({ hash: contentHashField }),
    'workflow:read',
  ),
  /**
   * What is different in one text of a workflow against another, step by step and key by key; null = the published one. Errors:
   * `workflow.version_not_found`, `workflow.not_found`.
   */
  'versions.compare': operation<{ readonly changes: readonly WorkflowChange[] }>()(
    z.strictObject({
      ref: workflowRefField,
      before: contentHashField.nullable().default(null),
      after: contentHashField.nullable().default(null),
    }),
    'workflow:read',
  ),
  'bundles.info': operation<BundleInfo>()(z.strictObject({ path: workflowRefField }), 'workflow:read'),
  'bundles.validate': operation<ValidationReport>()(z.strictObject({ path: workflowRefField }), 'workflow:read'),
  /**
   * Writes what a bundle of the project is now into its `aiworkflow.lock`: from then on it is an error where its files, or the tools of the
   * project that it uses, are others. One that is locked is only checked, unless `update`. Errors: `bundle.changed` with what differs,
   * `bundle.invalid` where there is nothing to lock, `file.outside`, `file.*`.
   */
  'bundles.lock': operation<BundleLocked>()(
    z.strictObject({ path: workflowRefField, update: z.boolean().default(false) }),
    'workflow:edit',
    'workflow.updated',
  ),
  'bundles.list': operation<{
    readonly bundles: readonly {
      readonly name: string;
      readonly workflow: string | null;
      readonly tools: number;
      readonly status: string;
      readonly path: string;
    }[];
  }>()(z.strictObject({ path: systemTextField(4096).optional() }), 'workflow:read'),
  /**
   * The one way in for files: the first call has no uploadId and gets one; further calls add files; `path` is inside the
   * bundle, `/` separated. A single `.awb`/`.zip` is unpacked at `bundles.inspect`.
   */
  'bundles.upload': operation<{ readonly uploadId: string }>()(
    z.strictObject({
      uploadId: uploadIdField.optional(),
      name: systemTextField(200),
      files: z
        .array(
          z.strictObject({
            path: innerPathField,
            base64: z.string().max(12_000_000),
            offset: z.number().int().min(0).default(0),
          }),
        )
        .max(500),
    }),
    'workflow:create',
  ),
  'bundles.inspect': operation<ImportSheet>()(z.strictObject({ uploadId: uploadIdField }), 'workflow:create'),
  /**
   * Makes drafts of an upload that holds jobs of another program (crontab, launchd, Task Scheduler, GitHub Actions, n8n, Goose, Claude Code):
   * each is an upload of its own for `bundles.import`, and the first one is gone. No draft = it holds none, or something else beside them; it
   * stays as it is. Error: `conversion.unreadable`.
   */
  'bundles.convert': operation<{ readonly drafts: readonly ConvertedDraft[] }>()(
    z.strictObject({ uploadId: uploadIdField }),
    'workflow:create',
  ),
  /** A file of an upload as text, at most 256 KiB of it: what its scripts say can be read before anybody consents. */
  'bundles.readStaged': operation<StagedText>()(
    z.strictObject({ uploadId: uploadIdField, path: innerPathField }),
    'workflow:create',
  ),
  /** Imports exactly the content that the sheet showed; `bundle.changed` when the hash differs. */
  'bundles.import': operation<{ readonly ref: string; readonly name: string }>()(
    z.strictObject({
      uploadId: uploadIdField,
      contentHash: contentHashField,
      name: systemTextField(100),
      onConflict: z.enum(['refuse', 'replace', 'keep_both']).default('refuse'),
      /** It may run from now on. Without it the bundle can be read, checked and planned, and runs nothing. */
      consent: consentField.optional(),
    }),
    'workflow:create',
    'workflow.created',
    ({ consent }) => (consent === undefined ? [] : ['config:manage']),
  ),
  /**
   * Takes an import back: what it brought waits among the removed (`workflows.restore`), and what it took the place of stands there again.
   * `bundle.not_imported` where something was made here.
   */
  'bundles.undoImport': operation<{ readonly restoreToken: string; readonly broughtBack: boolean }>()(
    refInput,
    'workflow:delete',
    'workflow.deleted',
  ),
  /** Whether a bundle may leave this machine: `bundle.holds_secret` where a file of it holds one. `looked` = the stored ones were looked for. */
  'bundles.checkExport': operation<{ readonly contentHash: string; readonly looked: boolean }>()(
    refInput,
    'workflow:read',
  ),
  'bundles.discard': operation<null>()(z.strictObject({ uploadId: uploadIdField }), 'workflow:create'),
  'examples.list': operation<{ readonly examples: readonly ExampleEntry[] }>()(noInput, 'workflow:read'),
  'examples.install': operation<{ readonly refs: readonly string[] }>()(
    z.strictObject({ names: z.array(systemTextField(100)).max(50) }),
    'workflow:create',
    'workflow.created',
  ),
} as const;
