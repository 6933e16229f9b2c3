import type { Migration } from './migration.ts';

/**
 * What people have asked others to let happen (SPEC §12.2), beside the questions of runs: what was asked, what was said about it, and what
 * became of it. `outcome` is empty while an approved one is not done yet: whoever opens the project next does it.
 */
export const requests: Migration = {
  name: 'requests',
  up: (db) =>
    void db.exec(`
CREATE TABLE requests(
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  workflow_id TEXT,
  workflow_name TEXT,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  hash TEXT NOT NULL,
  asked TEXT NOT NULL,
  fields TEXT NOT NULL,
  sealed TEXT NOT NULL,
  needs TEXT,
  requester TEXT NOT NULL,
  door TEXT NOT NULL,
  approvers TEXT NOT NULL,
  min_approvals INTEGER NOT NULL,
  allow_self INTEGER NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  resolved_at INTEGER,
  outcome TEXT,
  problem TEXT,
  run_id TEXT
) WITHOUT ROWID;
CREATE INDEX requests_pending ON requests(created_at) WHERE status = 'pending';
CREATE INDEX requests_of ON requests(kind, subject);
CREATE TABLE request_words(
  id INTEGER PRIMARY KEY,
  request_id TEXT NOT NULL REFERENCES requests(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  decision TEXT NOT NULL,
  comment TEXT NOT NULL,
  handed_to TEXT
);
CREATE INDEX request_words_of ON request_words(request_id);
`),
};
