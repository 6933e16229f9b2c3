import type { JsonMap } from '../json.ts';
import type { ApprovalDecision } from './approval.ts';
import type { RunResult } from './run.ts';

/** Version of the form of a report in JSON. */
export const REPORT_FORMAT = 1;

/** The forms in which a run leaves the app (SPEC §9 "Export of a run"); `zip` = the run itself, which another control center can show. */
export const EXPORT_FORMATS = ['zip', 'md', 'json', 'html'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** One entry of the execution log. */
export interface ReportEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly level: string;
  /** Path of the step; null = the run itself. */
  readonly step: string | null;
  readonly message: string;
}

/** A question of the run, and what people said. */
export interface ReportApproval {
  readonly step: string;
  readonly title: string;
  readonly status: string;
  readonly decisions: readonly {
    readonly by: string;
    readonly at: string;
    readonly decision: ApprovalDecision;
    readonly comment: string;
  }[];
}

/** What a report says of a run, without secrets: its result (SPEC §3.3) and what led to it. */
export interface RunReport extends RunResult {
  readonly format: 'aiworkflow-report';
  readonly format_version: typeof REPORT_FORMAT;
  readonly made_at: string;
  readonly made_by: string;
  readonly workflow_name: string;
  readonly version_label: string;
  readonly trigger: string;
  readonly started_by: string;
  readonly linked_run_id: string | null;
  readonly inputs: JsonMap;
  readonly outputs: JsonMap;
  readonly approvals: readonly ReportApproval[];
  readonly log: readonly ReportEntry[];
  /** How many entries in the middle of a long log are left out. */
  readonly log_left_out: number;
}
