import type { Migration } from './migration.ts';

/**
 * Secrets, sealed (SPEC §12.4): each with a key of its own, which is sealed with the one key of `secret_key`. What opens that key does not
 * lie here: a keychain, a passphrase or a file outside the project does.
 */
export const secrets: Migration = {
  name: 'secrets',
  up: (db) =>
    void db.exec(`
CREATE TABLE secret_key(
  only INTEGER PRIMARY KEY CHECK (only = 1),
  key_id TEXT NOT NULL,
  keeper TEXT NOT NULL,
  header TEXT NOT NULL
);
CREATE TABLE secrets(
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  sealed_key TEXT NOT NULL,
  sealed_value TEXT NOT NULL,
  description TEXT NOT NULL,
  tags TEXT NOT NULL,
  allowed TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  rotated_at INTEGER,
  last_used_at INTEGER,
  expires_at INTEGER
) WITHOUT ROWID;
`),
};
