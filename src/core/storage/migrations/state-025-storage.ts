import type { Migration } from './migration.ts';

/** Runs that stay whatever their age, and what was done for the room that the project takes: last cleanup, what a person agreed to. */
export const storage: Migration = {
  name: 'storage',
  up: (db) =>
    void db.exec(`
CREATE TABLE run_pins(run_id TEXT PRIMARY KEY, by TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE storage_marks(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER pins_go_with_runs AFTER DELETE ON runs BEGIN DELETE FROM run_pins WHERE run_id = OLD.run_id; END;
`),
};
