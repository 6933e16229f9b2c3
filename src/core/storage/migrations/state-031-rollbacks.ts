import type { Migration } from './migration.ts';

/** How the rollback of a run stands. The partial index is the table of those that go on although their run has ended. */
export const rollbacks: Migration = {
  name: 'rollbacks',
  up: (db) =>
    void db.exec(`
ALTER TABLE runs ADD COLUMN rollback TEXT;
CREATE INDEX runs_rolling_back ON runs(run_no) WHERE rollback = 'in_progress';
CREATE INDEX runs_undo_in_doubt ON runs(run_no) WHERE rollback = 'in_doubt';
`),
};
