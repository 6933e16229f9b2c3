import type { Migration } from './migration.ts';

/**
 * What was counted of committed events (SPEC §10), with what is still under way and up to where the events of each run were counted: an
 * event is counted once, also when it becomes durable after a later one. What is counted stays when its run is deleted.
 */
export const metrics: Migration = {
  name: 'metrics',
  up: (db) =>
    void db.exec(`
CREATE TABLE metric_series(
  metric TEXT NOT NULL,
  labels TEXT NOT NULL,
  value REAL NOT NULL,
  buckets TEXT NOT NULL,
  count INTEGER NOT NULL,
  least REAL,
  greatest REAL,
  PRIMARY KEY(metric, labels)
) WITHOUT ROWID;
CREATE TABLE metric_starts(run_id TEXT NOT NULL, path TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(run_id, path)) WITHOUT ROWID;
CREATE TABLE metric_runs(run_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, position INTEGER NOT NULL) WITHOUT ROWID;
`),
};
