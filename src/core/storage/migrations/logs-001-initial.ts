import type { Migration } from './migration.ts';

/** Log lines are not journal events: own file, own writer, `synchronous = NORMAL` (DESIGN decision 10). */
export const initialLogs: Migration = {
  name: 'initial',
  up: (db) =>
    void db.exec(`
CREATE TABLE logs(log_no INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE);
CREATE TABLE lines(
  log_no INTEGER NOT NULL,
  line INTEGER NOT NULL,
  at INTEGER NOT NULL,
  path TEXT NOT NULL,
  stream TEXT NOT NULL,
  level TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY(log_no, line)
) WITHOUT ROWID;
`),
};
