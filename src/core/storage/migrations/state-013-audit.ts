import type { Migration } from './migration.ts';

/**
 * Who did what (SPEC §12.3), as a chain of hashes. Rows are never changed, and removed only up to where an open cut goes: a row of
 * `audit_cuts` says up to which event, with the hash of the last one that goes and a signature whose key lies outside the project.
 * AUTOINCREMENT keeps the highest number that was ever given beside the table.
 */
export const audit: Migration = {
  name: 'audit',
  up: (db) =>
    void db.exec(`
CREATE TABLE audit(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  user_id TEXT NOT NULL,
  resource_type TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  action TEXT NOT NULL,
  details TEXT NOT NULL,
  source_ip TEXT,
  user_agent TEXT,
  door TEXT,
  at INTEGER NOT NULL,
  success INTEGER NOT NULL,
  error_message TEXT,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE TABLE audit_cuts(
  through_seq INTEGER PRIMARY KEY,
  through_hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  signature TEXT NOT NULL,
  is_done INTEGER NOT NULL DEFAULT 0
);
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
CREATE TRIGGER audit_goes_only_by_a_cut BEFORE DELETE ON audit
  WHEN NOT EXISTS (SELECT 1 FROM audit_cuts WHERE is_done = 0 AND through_seq >= OLD.seq)
  BEGIN SELECT RAISE(ABORT, 'the audit is removed only by a cut'); END;
`),
};
