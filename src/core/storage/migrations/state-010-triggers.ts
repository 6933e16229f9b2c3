import type { Migration } from './migration.ts';

/**
 * What starts by itself, and the proof of it (SPEC §7): `occurrences` has one row for each planned start, `deliveries` one for each thing
 * that came. Who armed a trigger stands outside the project. `cursors` are the places in the journal up to which readers have read.
 */
export const triggers: Migration = {
  name: 'triggers',
  up: (db) =>
    void db.exec(`
CREATE TABLE triggers(
  trigger_no INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  planned_until INTEGER,
  is_off INTEGER NOT NULL DEFAULT 0,
  pause TEXT,
  notice TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  run_count INTEGER NOT NULL DEFAULT 0,
  last_run_id TEXT,
  last_started_at INTEGER
);
CREATE TABLE occurrences(
  trigger_no INTEGER NOT NULL REFERENCES triggers(trigger_no),
  planned_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  evidence TEXT NOT NULL DEFAULT '{}',
  at INTEGER NOT NULL,
  run_id TEXT,
  PRIMARY KEY(trigger_no, planned_at)
) WITHOUT ROWID;
CREATE INDEX occurrences_open ON occurrences(due_at) WHERE state IN ('planned', 'claimed');
CREATE INDEX occurrences_by_time ON occurrences(planned_at);
CREATE TABLE deliveries(
  delivery_no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  trigger_no INTEGER REFERENCES triggers(trigger_no),
  endpoint TEXT NOT NULL,
  external_id TEXT,
  received_at INTEGER NOT NULL,
  source_ip TEXT,
  method TEXT,
  event TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  verdict TEXT NOT NULL,
  run_id TEXT,
  headers TEXT NOT NULL DEFAULT '[]',
  body BLOB,
  body_bytes INTEGER NOT NULL DEFAULT 0,
  body_hash TEXT,
  data TEXT NOT NULL DEFAULT '{}',
  chain TEXT NOT NULL DEFAULT '[]',
  checks TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX deliveries_by_time ON deliveries(received_at);
CREATE INDEX deliveries_by_sender ON deliveries(endpoint, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX deliveries_by_body ON deliveries(endpoint, body_hash) WHERE external_id IS NULL;
CREATE INDEX deliveries_open ON deliveries(delivery_no) WHERE state = 'received';
CREATE INDEX deliveries_with_body ON deliveries(received_at) WHERE body IS NOT NULL;
CREATE TABLE watched_files(
  trigger_no INTEGER NOT NULL REFERENCES triggers(trigger_no),
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  mtime_ms REAL NOT NULL,
  inode TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY(trigger_no, path)
) WITHOUT ROWID;
CREATE TABLE cursors(name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE host_periods(
  period_no INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  moved_ms INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE workflow_switches(workflow_id TEXT PRIMARY KEY, is_off INTEGER NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE pauses(name TEXT PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
`),
};
