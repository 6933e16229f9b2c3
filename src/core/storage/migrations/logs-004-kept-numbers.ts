import type { Migration } from './migration.ts';

/** The number of a deleted log is never given again: lines of one run can never pass for those of another. */
export const keptLogNumbers: Migration = {
  name: 'kept-numbers',
  up: (db) =>
    void db.exec(`
ALTER TABLE logs RENAME TO logs_before;
CREATE TABLE logs(log_no INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE);
INSERT INTO logs SELECT log_no, run_id FROM logs_before;
DROP TABLE logs_before;
INSERT INTO sqlite_sequence(name, seq) SELECT 'logs', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'logs');
UPDATE sqlite_sequence SET seq = max(seq, coalesce((SELECT max(log_no) FROM lines), 0),
  coalesce((SELECT max(log_no) FROM conversation), 0)) WHERE name = 'logs';
`),
};
