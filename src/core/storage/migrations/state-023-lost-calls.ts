import type { Migration } from './migration.ts';

/**
 * What a call that is under way is estimated at stands with what it holds: when its engine dies, and nobody knows its end, it is booked at
 * that (SPEC §11). `estimate_e10` null = nobody knows its price.
 */
export const lostCalls: Migration = {
  name: 'lost-calls',
  up: (db) =>
    void db.exec(`
ALTER TABLE cost_reservations ADD COLUMN input_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cost_reservations ADD COLUMN output_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cost_reservations ADD COLUMN estimate_e10 INTEGER;
UPDATE cost_reservations SET estimate_e10 = cost_e10;
`),
};
