import { existsSync } from 'node:fs';
import type { Statement } from 'better-sqlite3';
import { AppError } from '../../../shared/errors.ts';
import { type Connection, openDatabase, translateStoreError } from '../database.ts';
import type { Migration } from '../migrations/index.ts';
import { setAside } from '../set-aside.ts';

/**
 * `words` holds which three characters stand in which block, never a text; a block is a stretch of the events and lines of one run, and its
 * id begins with the number of the run, which is never given again. `indexed` is the cursor of each run.
 */
const initial: Migration = {
  name: 'initial',
  up: (db) =>
    void db.exec(`
CREATE TABLE indexed(
  run_no INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  seq INTEGER NOT NULL,
  line INTEGER NOT NULL,
  next_block INTEGER NOT NULL
);
CREATE TABLE blocks(
  id INTEGER PRIMARY KEY,
  after_seq INTEGER NOT NULL,
  to_seq INTEGER NOT NULL,
  after_line INTEGER NOT NULL,
  to_line INTEGER NOT NULL,
  is_cut INTEGER NOT NULL
);
CREATE INDEX blocks_cut ON blocks(is_cut) WHERE is_cut = 1;
CREATE VIRTUAL TABLE words USING fts5(text, content='', contentless_delete=1, detail='none', tokenize='trigram');
INSERT INTO words(words, rank) VALUES ('deletemerge', 5);
INSERT INTO words(words, rank) VALUES ('automerge', 0);
INSERT INTO words(words, rank) VALUES ('crisismerge', 1999);
`),
};

/**
 * `reached` has at most one row: of which store, by its newest row, the number of its runs and of the writes of its lines, everything is in the
 * index but what is waiting, runs as `[[number, id]]`.
 */
const reached: Migration = {
  name: 'reached',
  up: (db) =>
    void db.exec(
      'CREATE TABLE reached(only INTEGER PRIMARY KEY CHECK (only = 1), store TEXT NOT NULL, waiting TEXT NOT NULL)',
    ),
};

/** The schema of `search.db`. */
const SEARCH_MIGRATIONS: readonly Migration[] = [initial, reached];

/** A statement of the file, made once. */
export type Prepare = (sql: string) => Statement;

/** What a look at the index has found. */
export interface IndexCheck {
  /** Null = nothing is wrong. */
  readonly problem: string | null;
  /** What was wrong is set aside; false = it could not be looked at now, such as while another program has it. */
  readonly isMadeAnew: boolean;
}

interface SearchFileOptions {
  /** UTC ms. */
  readonly now: () => number;
  /** Told that it was damaged, set aside and made anew. */
  readonly onNotice: (notice: string) => void;
}

/**
 * The file of the search over all runs. It holds nothing that does not stand elsewhere: one that is damaged is set aside and made anew on
 * the spot, whoever asks, and is filled again. It is opened with the first question.
 */
export class SearchFile {
  readonly #file: string;
  readonly #options: SearchFileOptions;
  readonly #statements = new Map<string, Statement>();
  readonly #prepare: Prepare = (sql) => {
    const known = this.#statements.get(sql) ?? this.#open().prepare(sql);
    this.#statements.set(sql, known);
    return known;
  };
  #db: Connection | null = null;
  #generation = 0;

  constructor(file: string, options: SearchFileOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** Another number = another file, which holds nothing yet. */
  get generation(): number {
    return this.#generation;
  }

  /** Asks the file, or the new one where it is damaged. Errors: `store.busy`, `file.*`. */
  ask<T>(question: (prepare: Prepare, db: Connection) => T): T {
    try {
      return question(this.#prepare, this.#open());
    } catch (error) {
      if (!isIndexDamage(translateStoreError(error, this.#file))) throw translateStoreError(error, this.#file);
      this.makeAnew();
      return question(this.#prepare, this.#open());
    }
  }

  /** Sets the file aside; the next question makes a new one. */
  makeAnew(): void {
    this.close();
    if (existsSync(this.#file)) {
      const kept = setAside(this.#file, this.#options.now());
      this.#options.onNotice(
        `The index of the search, search.db, was damaged. It is kept as ${kept} and a new one is being made: until it is whole a search takes longer.`,
      );
    }
    this.#generation += 1;
  }

  get bytes(): number {
    return this.ask((_, db) => {
      const [pages, size] = ['page_count', 'page_size'].map((name) => db.pragma(name, { simple: true }) as number);
      return (pages ?? 0) * (size ?? 0);
    });
  }

  close(): void {
    this.#statements.clear();
    this.#db?.close();
    this.#db = null;
  }

  #open(): Connection {
    this.#db ??= openDatabase(this.#file, { sync: 'NORMAL', migrations: SEARCH_MIGRATIONS, shrinksInPieces: true });
    return this.#db;
  }
}

/** What the index cannot be used with: damage, tables that are not there, a newer version's. */
export const isIndexDamage = (error: unknown): boolean =>
  error instanceof AppError
    ? error.code === 'store.corrupt' || error.code === 'store.newer_version'
    : error instanceof Error && /^(no such table|no such column|vtable constructor failed)/.test(error.message);

/** Whether each block has its words; null = it has. What FTS5's own check says is part of SQLite's. Never throws. */
export function findWordProblem(db: Connection): string | null {
  try {
    const lost = db.prepare('SELECT count(*) FROM blocks WHERE id NOT IN (SELECT rowid FROM words)').pluck().get();
    const left = db.prepare('SELECT count(*) FROM words WHERE rowid NOT IN (SELECT id FROM blocks)').pluck().get();
    return lost === 0 && left === 0 ? null : 'the words of some runs are missing or left over';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
