import type { Migration } from './migration.ts';
import { jsonValue } from './state-002-checked-rows.ts';
import { fallbackValue } from './state-005-kept-numbers.ts';

/** SQL: the position of the row that holds the event at a position of a run. */
const rowAt = (position: string): string =>
  `(SELECT position FROM journal WHERE stream = s.run_no AND +position >= ${position} ORDER BY seq LIMIT 1)`;

/** SQL: the event at a position in the row that holds it. */
const eventAt = (row: string, position: string): string => `CASE WHEN ${row}.data LIKE '[%'
    THEN (SELECT value FROM json_each(${row}.data) WHERE value ->> '$.position' = ${position}) ELSE ${row}.data END`;

/** SQL: an event that is told by its place in a row, the first (`$[0]`) or the last (`$[#-1]`). */
export const eventIn = (path: '$[0]' | '$[#-1]', data = 'data'): string =>
  `iif(${data} LIKE '[%', ${data} -> '${path}', ${data})`;

/**
 * A row of the journal may hold several events of one commit as a list, in which each says its position and instant: the row's own are
 * those of the last. Rows from before hold one each and stay. `stream` is the number of the run (0 = the project): runs that work at
 * once have numbers side by side, so that their commits write one page of the index where ids, which end at random, made it one for
 * each of them. An attempt of a step gets its row when it has settled, so `checkpoints` shows none that is under way.
 */
export const joinedEvents: Migration = {
  name: 'joined-events',
  up: (db) =>
    void db.exec(`
DROP VIEW executions;
DROP VIEW checkpoints;
DROP TRIGGER journal_positions_stay_given;
DROP TRIGGER journal_leaves_blobs;
ALTER TABLE journal RENAME TO journal_before;
CREATE TABLE journal(
  position INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  v INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  data TEXT NOT NULL,
  sum INTEGER,
  UNIQUE(stream, seq)
);
INSERT INTO journal SELECT j.position, coalesce(r.run_no, 0), j.seq, j.type, j.v, j.at, j.actor, j.data, j.sum
  FROM journal_before j LEFT JOIN runs r ON r.run_id = substr(j.stream, 5)
  WHERE j.stream = 'project' OR r.run_no IS NOT NULL ORDER BY j.position;
UPDATE heights SET value = max(value, coalesce((SELECT max(position) FROM journal_before), 0)) WHERE name = 'journal';
DROP TABLE journal_before;
CREATE TRIGGER journal_positions_stay_given AFTER DELETE ON journal
  WHEN OLD.position > (SELECT value FROM heights WHERE name = 'journal')
  BEGIN UPDATE heights SET value = OLD.position WHERE name = 'journal'; END;
CREATE TRIGGER journal_leaves_blobs AFTER DELETE ON journal
  WHEN EXISTS (SELECT 1 FROM blob_uses WHERE position = OLD.position)
  BEGIN
    INSERT OR IGNORE INTO leftovers SELECT 'blob', hash FROM blob_uses WHERE position = OLD.position;
    DELETE FROM blob_uses WHERE position = OLD.position;
  END;

DELETE FROM steps WHERE status = 'running';
CREATE VIEW executions AS
  SELECT r.run_id, r.workflow_id, r.workflow_path, r.status, r.started_at, r.completed_at, r.current_step,
         r.steps_total AS total_steps, r.agent,
         (SELECT ${jsonValue('j', 'inputs')} FROM (SELECT ${eventIn('$[0]')} AS data FROM journal
            WHERE stream = r.run_no ORDER BY seq LIMIT 1) j) AS inputs,
         (SELECT ${jsonValue('j', 'outputs')} FROM (SELECT ${eventIn('$[#-1]')} AS data FROM journal
            WHERE stream = r.run_no AND r.completed_at IS NOT NULL
            AND type IN ('run.completed', 'run.failed', 'run.cancelled') ORDER BY seq DESC LIMIT 1) j) AS outputs,
         r.error, json_object('outcome', r.outcome, 'version_hash', r.version_hash, 'trigger', r.trigger) AS metadata, r.created_at
  FROM runs r;
CREATE VIEW checkpoints AS
  SELECT id, run_id, step_index, step_name, status, started_at, completed_at,
         ${jsonValue('s', 'inputs', 'begun')} AS inputs,
         coalesce(${jsonValue('s', 'output', 'ended')}, ${fallbackValue('s', 'ended')}) AS outputs,
         json_extract(ended, '$.error') AS error, retry_count, created_at
  FROM (
    SELECT s.run_no * 1000000 + s.step_index AS id, r.run_id, s.step_index, s.name AS step_name, s.status, s.started_at,
           s.completed_at, s.started_at AS created_at,
           ${eventAt('a', 's.start_position')} AS begun,
           ${eventAt('b', 's.end_position')} AS ended,
           (SELECT max(0, max(x.attempt) - 1) FROM steps x WHERE x.run_no = s.run_no AND x.path = s.path) AS retry_count
    FROM steps s JOIN runs r USING (run_no)
    LEFT JOIN journal a ON a.position = ${rowAt('s.start_position')}
    LEFT JOIN journal b ON b.position = ${rowAt('s.end_position')}
    WHERE instr(s.path, '.') = 0 AND instr(s.path, '[') = 0
      AND s.attempt = (SELECT x.attempt FROM steps x WHERE x.run_no = s.run_no AND x.path = s.path
                       ORDER BY x.started_at DESC, x.attempt DESC LIMIT 1)
  ) s;
`),
};
