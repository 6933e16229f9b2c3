import type { Migration } from './migration.ts';

/**
 * `sum` is the CRC-32 of an event's row, so that a damaged page can never pass for another value; null in rows from before.
 * `checkpoints` shows the newest row of a step (an end without an attempt may come after attempts), counts no retry below zero,
 * gives outputs as JSON text, and a value that stands in a file as `{"$blob": hash}` (SPEC §3.3, §9).
 */
export const checkedRows: Migration = {
  name: 'checked-rows',
  up: (db) =>
    void db.exec(`
ALTER TABLE journal ADD COLUMN sum INTEGER;
DROP VIEW executions;
CREATE VIEW executions AS
  SELECT r.run_id, r.workflow_id, r.workflow_path, r.status, r.started_at, r.completed_at, r.current_step,
         r.steps_total AS total_steps, r.agent,
         (SELECT ${jsonValue('j', 'inputs')} FROM journal j WHERE j.stream = 'run:' || r.run_id AND j.seq = 1) AS inputs,
         (SELECT ${jsonValue('j', 'outputs')} FROM journal j WHERE j.stream = 'run:' || r.run_id
            AND j.type IN ('run.completed', 'run.failed', 'run.cancelled') ORDER BY j.seq DESC LIMIT 1) AS outputs,
         r.error, json_object('outcome', r.outcome, 'version_hash', r.version_hash, 'trigger', r.trigger) AS metadata, r.created_at
  FROM runs r;
DROP VIEW checkpoints;
CREATE VIEW checkpoints AS
  SELECT s.run_no * 1000000 + s.step_index AS id, r.run_id, s.step_index, s.name AS step_name, s.status, s.started_at, s.completed_at,
         ${jsonValue('a', 'inputs')} AS inputs, ${jsonValue('b', 'output')} AS outputs, json_extract(b.data, '$.error') AS error,
         (SELECT max(0, max(x.attempt) - 1) FROM steps x WHERE x.run_no = s.run_no AND x.path = s.path) AS retry_count,
         s.started_at AS created_at
  FROM steps s JOIN runs r USING (run_no)
  LEFT JOIN journal a ON a.position = s.start_position LEFT JOIN journal b ON b.position = s.end_position
  WHERE s.attempt = (SELECT x.attempt FROM steps x WHERE x.run_no = s.run_no AND x.path = s.path
                     ORDER BY x.started_at DESC, x.attempt DESC LIMIT 1);
`),
};

/** SQL: a value of the event in a column as JSON text; null where there is none. */
export function jsonValue(row: string, field: string, column = 'data'): string {
  return `CASE WHEN json_extract(${row}.${column}, '$.blobs.${field}') IS NOT NULL
    THEN json_object('$blob', json_extract(${row}.${column}, '$.blobs.${field}'))
    ELSE nullif(${row}.${column} -> '$.${field}', 'null') END`;
}
