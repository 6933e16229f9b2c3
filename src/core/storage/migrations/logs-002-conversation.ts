import type { Migration } from './migration.ts';

/** What the agents of a run said and did; like log lines it is no part of the journal. `item` is JSON. */
export const conversation: Migration = {
  name: 'conversation',
  up: (db) =>
    void db.exec(`
CREATE TABLE conversation(
  log_no INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  at INTEGER NOT NULL,
  path TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  agent TEXT NOT NULL,
  item TEXT NOT NULL,
  PRIMARY KEY(log_no, entry)
) WITHOUT ROWID;
`),
};
