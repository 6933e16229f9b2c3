import type { Migration } from './migration.ts';

/**
 * What agents cost and how they are (SPEC §11, §3.5). Amounts are integers of 10^-10 USD, so that SQL sums are exact; null = no
 * price is known; `cost_records_groups` holds all that a summary adds up, so that it reads a million records in 0.15 s. A record is the projection of one `agent.call_ended` and stays when its run is deleted (SPEC §9 "costs stay").
 */
export const agentsAndCosts: Migration = {
  name: 'agents-and-costs',
  up: (db) =>
    void db.exec(`
ALTER TABLE runs ADD COLUMN cost_e10 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN model_calls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN unpriced_calls INTEGER NOT NULL DEFAULT 0;
CREATE TABLE cost_records(
  position INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  workflow_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  step TEXT NOT NULL,
  agent TEXT NOT NULL,
  model TEXT,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cached_tokens INTEGER NOT NULL,
  reasoning_tokens INTEGER NOT NULL,
  cost_e10 INTEGER,
  source TEXT NOT NULL,
  metadata TEXT NOT NULL
);
CREATE INDEX cost_records_at ON cost_records(at);
CREATE INDEX cost_records_run ON cost_records(run_id);
CREATE INDEX cost_records_workflow ON cost_records(workflow_id, at);
CREATE INDEX cost_records_groups ON cost_records(workflow_id, agent, model, at, input_tokens, output_tokens, cost_e10);
CREATE TABLE breakers(
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  failures INTEGER NOT NULL,
  opened_at INTEGER,
  calls INTEGER NOT NULL,
  successes INTEGER NOT NULL,
  PRIMARY KEY(kind, name)
) WITHOUT ROWID;
`),
};
