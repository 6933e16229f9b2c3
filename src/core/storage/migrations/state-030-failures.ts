import type { ErrorRecord } from '../../../shared/errors.ts';
import type { Connection } from '../database.ts';
import { fingerprintOf } from '../failure-repository.ts';
import type { Migration } from './migration.ts';

/**
 * Why a run failed, as a fingerprint that runs of one cause share, and up to which failure of a cause somebody has taken note of it. A run
 * that is begun again and fails anew has its newest failure. Old failures get theirs from their rows.
 */
export const failures: Migration = {
  name: 'failures',
  up: (db) => {
    db.exec(`
CREATE TABLE failures(
  run_no INTEGER PRIMARY KEY REFERENCES runs(run_no) ON DELETE CASCADE,
  fingerprint TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX failures_newest ON failures(at DESC);
CREATE TABLE acknowledged_failures(fingerprint TEXT PRIMARY KEY, until INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX runs_linked ON runs(linked_run_id) WHERE linked_run_id IS NOT NULL;
`);
    fillFailures(db);
  },
};

interface FailedRow {
  readonly run_no: number;
  readonly error: string | null;
  readonly at: number;
}

function fillFailures(db: Connection): void {
  const rows = db
    .prepare("SELECT run_no, error, coalesce(completed_at, created_at) AS at FROM runs WHERE status = 'failed'")
    .all() as FailedRow[];
  const insert = db.prepare('INSERT INTO failures(run_no, fingerprint, at) VALUES (?, ?, ?)');
  for (const { run_no, error, at } of rows) insert.run(run_no, fingerprintOf(errorOf(error)), at);
}

/** An error that cannot be read is found with its row, by whoever reads that. */
function errorOf(text: string | null): ErrorRecord | null {
  try {
    const error = text === null ? null : (JSON.parse(text) as Partial<ErrorRecord> | null);
    return typeof error?.message === 'string' && typeof error.code === 'string' ? (error as ErrorRecord) : null;
  } catch {
    return null;
  }
}
