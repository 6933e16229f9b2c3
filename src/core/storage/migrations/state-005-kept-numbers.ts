import type { Migration } from './migration.ts';
import { jsonValue } from './state-002-checked-rows.ts';

/**
 * Numbers that were given once are never given again (SPEC §12.3): `heights` keeps the highest position and run number of what
 * was deleted, whoever deletes it, and begins above the cost records of runs that are gone. `blob_uses` says which events hold a value in a file. What a deleted run leaves outside the store stands
 * in `leftovers` from the same transaction on, until it is removed. `checkpoints` has top-level steps only: their paths hold no dot and
 * no index; outputs are those of the fallback value too, and a step that a person marked as completed has ended. `executions` has the
 * outputs of a run that has ended, not those of an end before its resume (SPEC §9).
 */
export const keptNumbers: Migration = {
  name: 'kept-numbers',
  up: (db) =>
    void db.exec(`
INSERT INTO heights VALUES
  ('journal', max(coalesce((SELECT max(position) FROM journal), 0), coalesce((SELECT max(position) FROM cost_records), 0))),
  ('run_no', coalesce((SELECT max(run_no) FROM runs), 0))
  ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value);
CREATE TRIGGER journal_positions_stay_given AFTER DELETE ON journal
  WHEN OLD.position > (SELECT value FROM heights WHERE name = 'journal')
  BEGIN UPDATE heights SET value = OLD.position WHERE name = 'journal'; END;
CREATE TRIGGER run_numbers_stay_given AFTER DELETE ON runs
  WHEN OLD.run_no > (SELECT value FROM heights WHERE name = 'run_no')
  BEGIN UPDATE heights SET value = OLD.run_no WHERE name = 'run_no'; END;

CREATE TABLE blob_uses(position INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY(position, hash)) WITHOUT ROWID;
CREATE INDEX blob_uses_hash ON blob_uses(hash);
INSERT OR IGNORE INTO blob_uses SELECT j.position, b.value FROM journal j, json_each(j.data, '$.blobs') b
  WHERE instr(j.data, '"blobs":{') > 0;
CREATE TABLE leftovers(kind TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY(kind, name)) WITHOUT ROWID;
CREATE TRIGGER journal_leaves_blobs AFTER DELETE ON journal
  WHEN EXISTS (SELECT 1 FROM blob_uses WHERE position = OLD.position)
  BEGIN
    INSERT OR IGNORE INTO leftovers SELECT 'blob', hash FROM blob_uses WHERE position = OLD.position;
    DELETE FROM blob_uses WHERE position = OLD.position;
  END;
CREATE TRIGGER runs_leave_files AFTER DELETE ON runs
  BEGIN INSERT OR IGNORE INTO leftovers VALUES ('run', OLD.run_id), ('version', OLD.version_hash); END;

DROP VIEW executions;
CREATE VIEW executions AS
  SELECT r.run_id, r.workflow_id, r.workflow_path, r.status, r.started_at, r.completed_at, r.current_step,
         r.steps_total AS total_steps, r.agent,
         (SELECT ${jsonValue('j', 'inputs')} FROM journal j WHERE j.stream = 'run:' || r.run_id AND j.seq = 1) AS inputs,
         (SELECT ${jsonValue('j', 'outputs')} FROM journal j WHERE j.stream = 'run:' || r.run_id AND r.completed_at IS NOT NULL
            AND j.type IN ('run.completed', 'run.failed', 'run.cancelled') ORDER BY j.seq DESC LIMIT 1) AS outputs,
         r.error, json_object('outcome', r.outcome, 'version_hash', r.version_hash, 'trigger', r.trigger) AS metadata, r.created_at
  FROM runs r;
DROP VIEW checkpoints;
CREATE VIEW checkpoints AS
  SELECT s.run_no * 1000000 + s.step_index AS id, r.run_id, s.step_index, s.name AS step_name, s.status, s.started_at, s.completed_at,
         ${jsonValue('a', 'inputs')} AS inputs, coalesce(${jsonValue('b', 'output')}, ${fallbackValue('b')}) AS outputs,
         json_extract(b.data, '$.error') AS error,
         (SELECT max(0, max(x.attempt) - 1) FROM steps x WHERE x.run_no = s.run_no AND x.path = s.path) AS retry_count,
         s.started_at AS created_at
  FROM steps s JOIN runs r USING (run_no)
  LEFT JOIN journal a ON a.position = s.start_position LEFT JOIN journal b ON b.position = s.end_position
  WHERE instr(s.path, '.') = 0 AND instr(s.path, '[') = 0
    AND s.attempt = (SELECT x.attempt FROM steps x WHERE x.run_no = s.run_no AND x.path = s.path
                     ORDER BY x.started_at DESC, x.attempt DESC LIMIT 1);
`),
};

/** SQL: the value that stands in for the output of a step that failed, as JSON text; null where there is none. */
export function fallbackValue(row: string, column = 'data'): string {
  return `CASE WHEN json_extract(${row}.${column}, '$.blobs.fallback') IS NOT NULL
    THEN json_object('$blob', json_extract(${row}.${column}, '$.blobs.fallback'))
    ELSE nullif(${row}.${column} -> '$.fallback.value', 'null') END`;
}
