import type { Migration } from './migration.ts';

/**
 * `heights`: how high the journal ever was, so that positions are not given again when the run that had the highest is deleted.
 * `runs.sum` is the CRC-32 of what a run's row says, so that a damaged page can never pass for another status; null in rows from before.
 */
export const witnessed: Migration = {
  name: 'witnessed',
  up: (db) =>
    void db.exec(`
CREATE TABLE heights(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
ALTER TABLE runs ADD COLUMN sum INTEGER;
`),
};
