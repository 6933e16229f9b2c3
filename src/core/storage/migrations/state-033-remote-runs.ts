import type { Migration } from './migration.ts';

/**
 * Runs of messages whose control center is not where they are worked on. `role` = what this project is to it: its `home`, or the `worker`
 * that has it. `seq`, `line` and `entry`: up to where the server of the queue has confirmed what
 * a worker told of it. `lost_at`: the position of the journal up to which it was begun at a worker that was lost.
 */
export const remoteRuns: Migration = {
  name: 'remote-runs',
  up: (db) =>
    db.exec(`
CREATE TABLE remote_home(id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE remote_runs(
  message_id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  queue TEXT NOT NULL,
  home TEXT NOT NULL,
  worker TEXT,
  worker_name TEXT,
  workflow_path TEXT,
  version_hash TEXT NOT NULL,
  seq INTEGER NOT NULL DEFAULT 0,
  line INTEGER NOT NULL DEFAULT 0,
  entry INTEGER NOT NULL DEFAULT 0,
  lost_at INTEGER NOT NULL DEFAULT 0,
  note TEXT
) WITHOUT ROWID;
CREATE INDEX remote_runs_by_run ON remote_runs(run_id);
CREATE INDEX remote_runs_open ON remote_runs(role, run_id) WHERE state IN ('open', 'taken');
CREATE INDEX remote_runs_versions ON remote_runs(version_hash) WHERE state IN ('sent', 'open');
`),
};
