/** What takes room, in bytes. */
export interface StorageParts {
  /** Folders of runs, and their execution logs. */
  readonly files: number;
  /** Log lines and conversations. */
  readonly logs: number;
  /** Values that are too large for the journal. */
  readonly outputs: number;
  /** Copies of the versions that were started. */
  readonly versions: number;
}

/** What the runs of a workflow take. */
export interface WorkflowStorage extends StorageParts {
  readonly workflowId: string;
  readonly workflowName: string;
  readonly runs: number;
  /** When its oldest run was made, UTC ms. */
  readonly oldestAt: number;
}

/** How long things stay, in days (SPEC §9). */
export interface Retention {
  /** `logging.retention_days`: runs and their logs. */
  readonly runs: number;
  /** `retention.deliveries_days`. */
  readonly deliveries: number;
  /** `retention.audit_days`. */
  readonly audit: number;
  /** `retention.queue_days`: messages of queues that have ended. */
  readonly queue: number;
}

/** What a project takes on this disk. Database and free room are shared by all workflows. */
export interface StorageReport extends StorageParts {
  readonly database: number;
  readonly total: number;
  /** Of the runs that were made in the last 30 days. */
  readonly lastMonth: number;
  /** Null = the system does not say. */
  readonly freeOnDisk: number | null;
  /** The largest first. */
  readonly workflows: readonly WorkflowStorage[];
  readonly retention: Retention;
  /** Whether a person has agreed to that by a first cleanup; until then nothing is removed by itself. */
  readonly isAgreed: boolean;
  /** UTC ms; null = never. */
  readonly cleanedAt: number | null;
  /** What syncs the folder with other computers, by its name; null = nothing that is known. */
  readonly syncedBy: string | null;
}

/** What a cleanup removes, and what that frees once the files are compacted. */
export interface CleanupPlan {
  readonly days: number;
  /** Runs that had ended before this instant go, UTC ms. */
  readonly before: number;
  readonly runs: number;
  readonly deliveries: number;
  /** Events of the audit that are too old by the settings. */
  readonly auditEvents: number;
  readonly bytes: number;
  /** Those of the two database files. */
  readonly databaseBytes: number;
  readonly workflows: readonly {
    readonly workflowId: string;
    readonly workflowName: string;
    readonly runs: number;
    readonly bytes: number;
  }[];
  /** What stays whatever its age. */
  readonly pinned: number;
  readonly open: number;
}

/** What a cleanup has removed. */
export interface CleanupResult {
  readonly runs: number;
  readonly deliveries: number;
  readonly auditEvents: number;
  /** By how much the project is smaller. */
  readonly bytes: number;
  /** The files were compacted; else that follows when nothing runs. */
  readonly isCompacted: boolean;
}

/** A run that stays whatever its age. */
export interface PinnedRun {
  readonly runId: string;
  readonly workflowName: string;
  /** When it was made, UTC ms. */
  readonly createdAt: number;
  /** Who pinned it, and when. */
  readonly by: string;
  readonly at: number;
}
