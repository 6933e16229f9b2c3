import type { Migration } from './migration.ts';

/** Who ended a time in which triggers were served: starts that were missed afterwards say that somebody quit, and who. */
export const quitBy: Migration = {
  name: 'quit-by',
  up: (db) => void db.exec('ALTER TABLE host_periods ADD COLUMN quit_by TEXT'),
};
