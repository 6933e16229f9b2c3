import type { Migration } from './migration.ts';

/**
 * Limits of spending, what calls under way hold of them, and which warnings were given (SPEC §11). A reservation goes in the transaction
 * that books its call; one that its engine left behind stays, at what was estimated.
 */
export const costLimits: Migration = {
  name: 'cost-limits',
  up: (db) =>
    void db.exec(`
CREATE TABLE cost_limits(
  name TEXT PRIMARY KEY,
  max_e10 INTEGER NOT NULL,
  period TEXT,
  timezone TEXT NOT NULL,
  scope TEXT NOT NULL,
  scope_id TEXT,
  alert_threshold REAL,
  action TEXT NOT NULL,
  allow_unpriced INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE cost_reservations(
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  workflow_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  path TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  agent TEXT NOT NULL,
  model TEXT,
  cost_e10 INTEGER NOT NULL
);
CREATE INDEX cost_reservations_of ON cost_reservations(run_id, path, attempt);
CREATE TABLE cost_alerts(
  limit_name TEXT NOT NULL,
  level TEXT NOT NULL,
  period TEXT NOT NULL,
  PRIMARY KEY(limit_name, level, period)
) WITHOUT ROWID;
CREATE INDEX runs_by_parent ON runs(parent_run_id) WHERE parent_run_id IS NOT NULL;
`),
};
