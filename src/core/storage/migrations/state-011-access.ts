import type { Migration } from './migration.ts';

/**
 * Who may do what (SPEC §12.1). Rows of removed users stay, so that an id never means somebody else. Of passwords, sessions and tokens
 * only hashes are stored. Roles that every project has stand in the code.
 */
export const access: Migration = {
  name: 'access',
  up: (db) =>
    void db.exec(`
CREATE TABLE users(
  user_id TEXT PRIMARY KEY,
  username TEXT NOT NULL,
  username_key TEXT NOT NULL,
  email TEXT,
  is_active INTEGER NOT NULL DEFAULT 1,
  metadata TEXT NOT NULL DEFAULT '{}',
  password TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  locked_until INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_login_at INTEGER,
  removed_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX users_by_name ON users(username_key) WHERE removed_at IS NULL;
CREATE TABLE roles(
  role_key TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  permissions TEXT NOT NULL,
  inherits TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE user_roles(
  user_id TEXT NOT NULL REFERENCES users(user_id),
  role_key TEXT NOT NULL,
  PRIMARY KEY(user_id, role_key)
) WITHOUT ROWID;
CREATE TABLE sessions(
  session_id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users(user_id),
  door TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE api_tokens(
  token_id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users(user_id),
  name TEXT NOT NULL,
  permissions TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) WITHOUT ROWID;
`),
};
