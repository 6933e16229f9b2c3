import type { Migration } from './migration.ts';

/**
 * What the calls of each quarter of an hour have cost by workflow, agent and model, so that limits and forecasts read thousands of rows
 * where there are a million (SPEC §11). Triggers keep it: it changes in the very transaction in which a record does. Every zone of today
 * begins its days on a quarter of an hour.
 */
export const costSums: Migration = {
  name: 'cost-sums',
  up: (db) =>
    void db.exec(`
CREATE TABLE cost_sums(
  slot INTEGER NOT NULL,
  workflow_id TEXT NOT NULL,
  agent TEXT NOT NULL,
  model TEXT NOT NULL,
  cost_e10 INTEGER NOT NULL,
  PRIMARY KEY(slot, workflow_id, agent, model)
) WITHOUT ROWID;
INSERT INTO cost_sums SELECT at / 900000, workflow_id, agent, coalesce(model, 'unknown'), sum(cost_e10)
  FROM cost_records WHERE cost_e10 IS NOT NULL GROUP BY 1, 2, 3, 4;
CREATE TRIGGER cost_sums_booked AFTER INSERT ON cost_records WHEN new.cost_e10 IS NOT NULL BEGIN
  INSERT INTO cost_sums VALUES (new.at / 900000, new.workflow_id, new.agent, coalesce(new.model, 'unknown'), new.cost_e10)
    ON CONFLICT DO UPDATE SET cost_e10 = cost_e10 + excluded.cost_e10;
END;
CREATE TRIGGER cost_sums_repriced AFTER UPDATE OF cost_e10 ON cost_records WHEN new.cost_e10 IS NOT old.cost_e10 BEGIN
  INSERT INTO cost_sums VALUES (new.at / 900000, new.workflow_id, new.agent, coalesce(new.model, 'unknown'),
      coalesce(new.cost_e10, 0) - coalesce(old.cost_e10, 0))
    ON CONFLICT DO UPDATE SET cost_e10 = cost_e10 + excluded.cost_e10;
END;
CREATE TRIGGER cost_sums_dropped AFTER DELETE ON cost_records WHEN old.cost_e10 IS NOT NULL BEGIN
  UPDATE cost_sums SET cost_e10 = cost_e10 - old.cost_e10 WHERE slot = old.at / 900000 AND workflow_id = old.workflow_id
    AND agent = old.agent AND model = coalesce(old.model, 'unknown');
END;
`),
};
