import type { Statement } from 'better-sqlite3';
import type { BlobStore } from './blobs.ts';
import type { Connection } from './database.ts';

/** What a deleted run has left outside the store: a value in a file, its folder, the version that it was pinned to. */
export interface Leftover {
  readonly kind: 'blob' | 'run' | 'version';
  /** A hash, or the id of the run. */
  readonly name: string;
}

/**
 * What is to be removed since runs were deleted. It is written in the transaction of the deletion, and struck off when it is gone or
 * somebody else needs it: a crash in between loses nothing that is referenced and leaves nothing for good.
 */
export class Leftovers {
  readonly #db: Connection;
  readonly #blobs: BlobStore;
  readonly #list: Statement;
  readonly #strike: Statement;
  readonly #usesOf: Readonly<Record<Leftover['kind'], Statement>>;
  readonly #dropVersion: Statement;

  constructor(db: Connection, blobs: BlobStore) {
    this.#db = db;
    this.#blobs = blobs;
    this.#list = db.prepare('SELECT kind, name FROM leftovers LIMIT ?');
    this.#strike = db.prepare('DELETE FROM leftovers WHERE kind = ? AND name = ?');
    this.#usesOf = {
      blob: db.prepare('SELECT 1 FROM blob_uses WHERE hash = @name LIMIT 1').pluck(),
      run: db.prepare('SELECT 1 FROM runs WHERE run_id = @name').pluck(),
      // Also one that a run has only pinned for those that it will start; pins stand in the first event of a run.
      version: db
        .prepare(
          `SELECT 1 FROM runs WHERE version_hash = @name UNION ALL SELECT 1 FROM runs r WHERE
             (SELECT instr(j.data, '"' || @name || '"') FROM journal j WHERE j.stream = r.run_no ORDER BY j.seq LIMIT 1) > 0
           LIMIT 1`,
        )
        .pluck(),
    };
    this.#dropVersion = db.prepare('DELETE FROM versions WHERE hash = ?');
  }

  /** What is still to be looked at; at most `limit`. */
  list(limit: number): readonly Leftover[] {
    return this.#list.all(limit) as Leftover[];
  }

  /** Whether a run that is stored needs it, or is it. */
  isUsed({ kind, name }: Leftover): boolean {
    return this.#usesOf[kind].get({ name }) !== undefined;
  }

  /** Removes a value's file unless an event holds it; in one go, so that no commit comes in between. Errors: `file.io`. */
  removeBlob(hash: string): void {
    const leftover: Leftover = { kind: 'blob', name: hash };
    if (!this.isUsed(leftover)) this.#blobs.remove(hash);
    this.strike(leftover);
  }

  /** Nobody knows the version any more; its folder is the caller's. */
  dropVersion(hash: string): void {
    this.#dropVersion.run(hash);
  }

  /** Nothing more is to be done about it. */
  strike({ kind, name }: Leftover): void {
    this.#strike.run(kind, name);
  }

  /** Strikes several off in one transaction. */
  strikeAll(leftovers: readonly Leftover[]): void {
    this.#db.transaction(() => {
      for (const one of leftovers) this.strike(one);
    })();
  }
}
