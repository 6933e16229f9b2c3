import type { Migration } from './migration.ts';

/** What the inbox is narrowed to and counted by stands in one index: deliveries are large, and are read only where they are shown. */
export const foundDeliveries: Migration = {
  name: 'found-deliveries',
  up: (db) =>
    void db.exec(`
DROP INDEX deliveries_by_time;
CREATE INDEX deliveries_by_time ON deliveries(received_at, state, kind, trigger_no);
`),
};
