import type { Migration } from './migration.ts';

/** When the pause of all triggers ends by itself; those that were there are ended by a person. */
export const pauseEnds: Migration = {
  name: 'pause_ends',
  up: (db) => void db.exec('ALTER TABLE pauses ADD COLUMN until INTEGER;'),
};
