import type { RunSummary } from './run.ts';

/** Version of the form of a portable run. */
export const PORTABLE_FORMAT = 1;

/** `run.json` of a portable run: what the file is, and what each of its parts must be. */
export interface PortableManifest {
  readonly format: 'aiworkflow-run';
  readonly format_version: number;
  readonly app_version: string;
  readonly made_at: string;
  readonly made_by: string;
  readonly run_id: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly version_hash: string;
  /** Files of the version that are no text, and so could hold what nobody sees. */
  readonly left_out: readonly string[];
  /** Lines at the beginning of a long log that are not in it. */
  readonly log_lines_left_out: number;
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
  /** SHA-256 of the canonical JSON of everything above. */
  readonly hash: string;
}

/** A run of another control center that was opened here: it can be looked at, and nothing can be done with it. */
export interface ForeignRun {
  readonly run: RunSummary;
  /** UTC ms. */
  readonly openedAt: number;
  readonly openedBy: string;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly madeBy: string;
  readonly appVersion: string;
}
