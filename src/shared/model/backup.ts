import type { ErrorRecord } from '../errors.ts';

/** How much a backup holds. */
export interface BackupCounts {
  readonly runs: number;
  /** Of the journal. */
  readonly events: number;
  readonly auditEvents: number;
  /** Large values and versions that were started. */
  readonly files: number;
  /** How many of those were lost before the backup was made. */
  readonly missing: number;
}

/** A copy of the state of a project, which was opened, checked and counted when it was made. */
export interface BackupInfo extends BackupCounts {
  /** Of its folder. */
  readonly name: string;
  /** UTC ms. */
  readonly at: number;
  readonly bytes: number;
}

/** What came of bringing a backup back into a temporary place. */
export interface BackupDrill {
  readonly backup: string;
  /** UTC ms. */
  readonly at: number;
  readonly tookMs: number;
  /** What was counted there; null = it could not be brought back. */
  readonly counts: BackupCounts | null;
  readonly problem: ErrorRecord | null;
}

/** The backups of a project. */
export interface BackupReport {
  /** Absolute path. */
  readonly folder: string;
  /** The newest first. */
  readonly backups: readonly BackupInfo[];
  /** Null = none was tried yet. */
  readonly drill: BackupDrill | null;
  /** Why the last one could not be made, and when that was; null = it was made. */
  readonly failed: { readonly at: number; readonly error: ErrorRecord } | null;
  /** Backups are made by themselves by this process. */
  readonly isHosting: boolean;
}

/** What was brought back into a folder of its own. */
export interface RestoredProject extends BackupCounts {
  readonly backup: string;
  /** Absolute path of the project. */
  readonly path: string;
}

/** What was put in the place of a damaged store. */
export interface ReplacedStore extends BackupCounts {
  readonly backup: string;
  /** When that was made, UTC ms. */
  readonly at: number;
  /** Name of the file that was there, beside it; null = there was none. */
  readonly keptAs: string | null;
}
