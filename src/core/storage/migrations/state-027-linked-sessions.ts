import type { Migration } from './migration.ts';

/**
 * From where somebody came by a session, and sessions that a one-time link has opened at a door (SPEC §12.1): the door holds their secret, here
 * stands that they are there. One that was ended stays until its time is over, for the door knows it until it comes again.
 */
export const linkedSessions: Migration = {
  name: 'linked-sessions',
  up: (db) =>
    void db.exec(`
ALTER TABLE sessions ADD COLUMN by_link INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN source_ip TEXT;
ALTER TABLE sessions ADD COLUMN user_agent TEXT;
ALTER TABLE sessions ADD COLUMN ended_at INTEGER;
`),
};
