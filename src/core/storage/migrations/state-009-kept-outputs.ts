import type { Migration } from './migration.ts';

/** Outputs of steps with `cache` (SPEC §1.5). Disposable: nothing refers to a row, and one goes with the run that made it. */
export const keptOutputs: Migration = {
  name: 'kept-outputs',
  up: (db) =>
    void db.exec(`
CREATE TABLE kept_outputs(
  key TEXT PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES runs(run_no) ON DELETE CASCADE,
  made_at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  value TEXT NOT NULL,
  sum TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX kept_outputs_of_run ON kept_outputs(run_no);
CREATE INDEX kept_outputs_by_age ON kept_outputs(made_at);
`),
};
