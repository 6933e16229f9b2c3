import type { Migration } from './migration.ts';

/**
 * Secret inputs of runs (SPEC §1.8): sealed like secrets, each until the last run that was started with it is deleted. A row that no run
 * uses is of a start that was refused.
 */
export const sealedInputs: Migration = {
  name: 'sealed inputs',
  up: (db) =>
    void db.exec(`
CREATE TABLE sealed_inputs(
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  sealed_key TEXT NOT NULL,
  sealed_value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE sealed_uses(
  id TEXT NOT NULL,
  run_no INTEGER NOT NULL REFERENCES runs(run_no) ON DELETE CASCADE,
  PRIMARY KEY (id, run_no)
) WITHOUT ROWID;
CREATE INDEX sealed_uses_of_run ON sealed_uses(run_no);
CREATE TRIGGER sealed_input_forgotten AFTER DELETE ON sealed_uses BEGIN
  DELETE FROM sealed_inputs WHERE id = OLD.id AND NOT EXISTS (SELECT 1 FROM sealed_uses WHERE id = OLD.id);
END;
`),
};
