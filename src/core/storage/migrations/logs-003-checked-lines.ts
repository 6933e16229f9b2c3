import type { Migration } from './migration.ts';

/**
 * `sum` is the CRC-32 of what was written, so that a damaged page never passes for another text; null in rows from before. `heights`
 * counts the writes, so that lines which a damaged write-ahead log took along are missed.
 */
export const checkedLines: Migration = {
  name: 'checked-lines',
  up: (db) =>
    void db.exec(`
ALTER TABLE lines ADD COLUMN sum INTEGER;
ALTER TABLE conversation ADD COLUMN sum INTEGER;
CREATE TABLE heights(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO heights VALUES ('writes', 0);
`),
};
