import type { Migration } from './migration.ts';

/**
 * What one run may spend beyond a limit until that begins anew: somebody raised it for this run alone (SPEC §11 `pause`). `run_id` is the
 * run at the top of its tree, `period` the one of the limit as its warnings count them.
 */
export const costAllowances: Migration = {
  name: 'cost-allowances',
  up: (db) =>
    void db.exec(`
CREATE TABLE cost_allowances(
  limit_name TEXT NOT NULL,
  run_id TEXT NOT NULL,
  period TEXT NOT NULL,
  extra_e10 INTEGER NOT NULL,
  PRIMARY KEY(limit_name, run_id, period)
) WITHOUT ROWID;
`),
};
