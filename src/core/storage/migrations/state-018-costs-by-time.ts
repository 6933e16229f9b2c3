import type { Migration } from './migration.ts';

/**
 * Sums by day read one index in the order of time; a record says for whom its run was made, and what of its call is in no amount
 * (SPEC §11).
 */
export const costsByTime: Migration = {
  name: 'costs-by-time',
  up: (db) =>
    void db.exec(`
ALTER TABLE cost_records ADD COLUMN actor TEXT;
ALTER TABLE cost_records ADD COLUMN unpriced_part TEXT;
UPDATE cost_records SET actor = (SELECT actor FROM runs WHERE runs.run_id = cost_records.run_id);
DROP INDEX cost_records_at;
CREATE INDEX cost_records_time ON cost_records(at, workflow_id, agent, model, cost_e10);
CREATE INDEX cost_records_parts ON cost_records(at) WHERE unpriced_part IS NOT NULL;
`),
};
