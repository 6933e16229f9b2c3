import type { Migration } from './migration.ts';

/** How long a run was at work without its waits; null in rows from before, which say the whole time. */
export const workedTime: Migration = {
  name: 'worked-time',
  up: (db) =>
    void db.exec(`
ALTER TABLE runs ADD COLUMN worked_ms INTEGER;
ALTER TABLE runs ADD COLUMN working_since INTEGER;
`),
};
