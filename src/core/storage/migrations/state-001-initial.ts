import type { Migration } from './migration.ts';

/**
 * The journal is the truth, `runs` and `steps` are projections written in its transaction (DESIGN §3). `run_no` is the short
 * key of a run inside this file. Values stand once, in the event: step rows name the events' positions.
 */
export const initialState: Migration = {
  name: 'initial',
  up: (db) =>
    void db.exec(`
CREATE TABLE journal(
  position INTEGER PRIMARY KEY,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  v INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  data TEXT NOT NULL,
  UNIQUE(stream, seq)
);
CREATE TABLE runs(
  run_no INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  start_key TEXT UNIQUE,
  workflow_id TEXT NOT NULL,
  workflow_name TEXT NOT NULL,
  workflow_path TEXT NOT NULL,
  version_hash TEXT NOT NULL,
  version_label TEXT NOT NULL,
  trigger TEXT NOT NULL,
  actor TEXT NOT NULL,
  agent TEXT,
  parent_run_id TEXT,
  linked_run_id TEXT,
  created_at INTEGER NOT NULL,
  steps_total INTEGER NOT NULL,
  status TEXT NOT NULL,
  outcome TEXT,
  started_at INTEGER,
  completed_at INTEGER,
  steps_succeeded INTEGER NOT NULL,
  steps_failed INTEGER NOT NULL,
  steps_skipped INTEGER NOT NULL,
  current_step TEXT,
  error TEXT,
  pause_requested INTEGER NOT NULL,
  cancel_requested INTEGER NOT NULL
);
CREATE INDEX runs_created ON runs(created_at DESC, run_no DESC);
CREATE INDEX runs_workflow ON runs(workflow_id, created_at DESC);
CREATE INDEX runs_status ON runs(status, created_at DESC);
CREATE TABLE steps(
  run_no INTEGER NOT NULL REFERENCES runs(run_no) ON DELETE CASCADE,
  path TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  step_index INTEGER NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at INTEGER,
  completed_at INTEGER,
  start_position INTEGER,
  end_position INTEGER,
  PRIMARY KEY(run_no, path, attempt)
) WITHOUT ROWID;
CREATE TABLE versions(
  hash TEXT PRIMARY KEY,
  workflow_id TEXT NOT NULL,
  label TEXT NOT NULL,
  source TEXT NOT NULL,
  source_name TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX versions_workflow ON versions(workflow_id, first_seen_at DESC);
CREATE VIEW executions AS
  SELECT r.run_id, r.workflow_id, r.workflow_path, r.status, r.started_at, r.completed_at, r.current_step,
         r.steps_total AS total_steps, r.agent,
         (SELECT json_extract(j.data, '$.inputs') FROM journal j WHERE j.stream = 'run:' || r.run_id AND j.seq = 1) AS inputs,
         (SELECT json_extract(j.data, '$.outputs') FROM journal j WHERE j.stream = 'run:' || r.run_id
            AND j.type IN ('run.completed', 'run.failed', 'run.cancelled') ORDER BY j.seq DESC LIMIT 1) AS outputs,
         r.error, json_object('outcome', r.outcome, 'version_hash', r.version_hash, 'trigger', r.trigger) AS metadata, r.created_at
  FROM runs r;
CREATE VIEW checkpoints AS
  SELECT s.run_no * 1000000 + s.step_index AS id, r.run_id, s.step_index, s.name AS step_name, s.status, s.started_at, s.completed_at,
         json_extract(a.data, '$.inputs') AS inputs, json_extract(b.data, '$.output') AS outputs,
         json_extract(b.data, '$.error') AS error, s.attempt - 1 AS retry_count, s.started_at AS created_at
  FROM steps s JOIN runs r USING (run_no)
  LEFT JOIN journal a ON a.position = s.start_position LEFT JOIN journal b ON b.position = s.end_position
  WHERE s.attempt = (SELECT max(attempt) FROM steps x WHERE x.run_no = s.run_no AND x.path = s.path);
`),
};
