import type { Migration } from './migration.ts';

/** What wakes a waiting run when it comes: paths of webhooks. The partial index is the table of those that wait for something to come. */
export const heardEvents: Migration = {
  name: 'heard-events',
  up: (db) =>
    void db.exec(`
ALTER TABLE runs ADD COLUMN hears TEXT;
CREATE INDEX runs_that_hear ON runs(run_no) WHERE hears IS NOT NULL;
`),
};
