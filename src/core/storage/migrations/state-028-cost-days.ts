import type { Migration } from './migration.ts';

const COLUMNS = 'requests, unpriced, input_tokens, output_tokens, cost_e10';

/** SQL: one call of a row of `cost_records` as one of a roll-up. */
const callOf = (row: string): string => `${row}.workflow_id, ${row}.agent, coalesce(${row}.model, 'unknown')`;

/** A roll-up by spans of so many ms, filled from the records. */
const tableOf = (name: string, ms: number): string => `
CREATE TABLE ${name}(
  slot INTEGER NOT NULL,
  workflow_id TEXT NOT NULL,
  agent TEXT NOT NULL,
  model TEXT NOT NULL,
  requests INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cost_e10 INTEGER NOT NULL,
  PRIMARY KEY(slot, workflow_id, agent, model)
) WITHOUT ROWID;
INSERT INTO ${name} SELECT c.at / ${ms}, ${callOf('c')}, count(*), count(*) - count(cost_e10), sum(input_tokens), sum(output_tokens),
  coalesce(sum(cost_e10), 0) FROM cost_records c GROUP BY 1, 2, 3, 4;`;

const booked = (name: string, ms: number): string => `
  INSERT INTO ${name} VALUES (new.at / ${ms}, ${callOf('new')}, 1, new.cost_e10 IS NULL, new.input_tokens, new.output_tokens,
      coalesce(new.cost_e10, 0))
    ON CONFLICT DO UPDATE SET ${COLUMNS.split(', ')
      .map((column) => `${column} = ${column} + excluded.${column}`)
      .join(', ')};`;

const ofOld = (ms: number): string =>
  `slot = old.at / ${ms} AND workflow_id = old.workflow_id AND agent = old.agent AND model = coalesce(old.model, 'unknown')`;

const repriced = (name: string, ms: number): string => `
  UPDATE ${name} SET unpriced = unpriced + (new.cost_e10 IS NULL) - (old.cost_e10 IS NULL),
    cost_e10 = cost_e10 + coalesce(new.cost_e10, 0) - coalesce(old.cost_e10, 0) WHERE ${ofOld(ms)};`;

const dropped = (name: string, ms: number): string => `
  UPDATE ${name} SET requests = requests - 1, unpriced = unpriced - (old.cost_e10 IS NULL), input_tokens = input_tokens - old.input_tokens,
    output_tokens = output_tokens - old.output_tokens, cost_e10 = cost_e10 - coalesce(old.cost_e10, 0) WHERE ${ofOld(ms)};
  DELETE FROM ${name} WHERE requests = 0 AND ${ofOld(ms)};`;

const TABLES = [
  ['cost_sums', 900_000],
  ['cost_days', 86_400_000],
] as const;
const all = (statement: (name: string, ms: number) => string): string =>
  TABLES.map(([name, ms]) => statement(name, ms)).join('');

/**
 * Calls and tokens beside the money, and a second roll-up by days of UTC: a month, a year or all of the time is some thousand rows where
 * there are a million calls, and what a zone's day begins and ends with is taken from the quarters of an hour. Triggers keep both: they change
 * in the very transaction in which a record does (SPEC §11). The index that all calls were added up from has nobody who asks it any more.
 */
export const costDays: Migration = {
  name: 'cost-days',
  up: (db) =>
    void db.exec(`
DROP TRIGGER cost_sums_booked;
DROP TRIGGER cost_sums_repriced;
DROP TRIGGER cost_sums_dropped;
DROP TABLE cost_sums;
DROP INDEX cost_records_groups;
${all(tableOf)}
CREATE TRIGGER cost_sums_booked AFTER INSERT ON cost_records BEGIN ${all(booked)}
END;
CREATE TRIGGER cost_sums_repriced AFTER UPDATE OF cost_e10 ON cost_records WHEN new.cost_e10 IS NOT old.cost_e10 BEGIN ${all(repriced)}
END;
CREATE TRIGGER cost_sums_dropped AFTER DELETE ON cost_records BEGIN ${all(dropped)}
END;
`),
};
