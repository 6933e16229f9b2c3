import type Database from 'better-sqlite3';

/** One forward step of a schema; its place in the list is its version. */
export interface Migration {
  readonly name: string;
  up(db: Database.Database): void;
}
