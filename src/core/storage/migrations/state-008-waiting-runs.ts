import type { Migration } from './migration.ts';

/**
 * What a waiting run rests for and when it goes on by itself: the one table of wake-ups is the partial index, so that a look at it costs
 * nothing however many runs have ended. `approvals` is a projection: what was asked and said stands in the journal.
 */
export const waitingRuns: Migration = {
  name: 'waiting-runs',
  up: (db) =>
    void db.exec(`
ALTER TABLE runs ADD COLUMN waits_for TEXT;
ALTER TABLE runs ADD COLUMN wake_at INTEGER;
CREATE INDEX runs_by_wake_up ON runs(wake_at) WHERE wake_at IS NOT NULL;
CREATE TABLE approvals(
  id TEXT PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES runs(run_no) ON DELETE CASCADE,
  path TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  round INTEGER NOT NULL,
  title TEXT NOT NULL,
  requester TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  resolved_at INTEGER
) WITHOUT ROWID;
CREATE INDEX approvals_of_run ON approvals(run_no, path);
CREATE INDEX approvals_pending ON approvals(created_at) WHERE status = 'pending';
`),
};
