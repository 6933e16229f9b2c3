import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { AppError } from '../../shared/errors.ts';
import { type Connection, findProblem, openDatabase, translateStoreError } from './database.ts';
import { HeightFile } from './height-file.ts';
import { LOG_MIGRATIONS } from './migrations/index.ts';
import { setAside } from './set-aside.ts';

/** Up to this size the whole file is read when it is opened: about 0.1 s. Larger ones are checked line by line as they are shown. */
const CHECKED_BYTES = 32 * 1024 * 1024;

/** `store.corrupt` about the log file, with what happens next. */
export const damagedLogs = (what: string, cause?: unknown): AppError =>
  new AppError('store.corrupt', `The file of log lines and conversations is damaged, ${what}: logs.db`, {
    hint: 'Close the project and open it again: the file is then set aside and a new one is made. Runs and their results are whole.',
    cause,
  });

interface LogsOptions {
  /** The project has been used: a file that is missing is a lost one. */
  readonly isExpected: boolean;
  /** UTC ms. */
  readonly now: () => number;
  /** Told what was damaged, set aside and made anew. */
  readonly onNotice: (notice: string) => void;
}

/**
 * The file of log lines and conversations. No run depends on it: one that is damaged is renamed and made anew, and `onNotice` hears so.
 * Errors of opening: `store.newer_version`, `store.busy`, `file.*`.
 */
export class LogsFile {
  readonly db: Connection;
  readonly #file: string;
  readonly #height: HeightFile;
  readonly #options: LogsOptions;

  constructor(file: string, options: LogsOptions) {
    this.#file = file;
    this.#options = options;
    this.#height = new HeightFile(`${file}-height`);
    this.db = this.#open();
    if (this.#height.read() > this.writes)
      options.onNotice(
        'The newest log lines are lost: the write-ahead log of logs.db was damaged. Runs and their results are whole.',
      );
  }

  /** Writes in one transaction, all or nothing. Errors as SQLite throws them. */
  write(write: () => void): void {
    let writes = 0;
    this.db.transaction(() => {
      write();
      writes = this.db
        .prepare("UPDATE heights SET value = value + 1 WHERE name = 'writes' RETURNING value")
        .pluck()
        .get() as number;
    })();
    this.#height.note(writes);
  }

  /** Asks the file; its errors come in the product's words. `store.corrupt`: it is set aside at the next opening. */
  ask<T>(question: () => T): T {
    try {
      return question();
    } catch (error) {
      throw this.toError(error);
    }
  }

  /** An error of the file in the product's words. One that is damage is remembered for the next opening. */
  toError(error: unknown): unknown {
    const told = translateStoreError(error, this.#file);
    if (!(told instanceof AppError) || told.code !== 'store.corrupt') return told;
    try {
      writeFileSync(this.#mark, '', { mode: 0o600 });
    } catch {
      // Without room for the mark the damage is found again.
    }
    return error instanceof AppError ? error : damagedLogs('it cannot be read', error);
  }

  /** How many of them there were. */
  get writes(): number {
    return (
      (this.db.prepare("SELECT value FROM heights WHERE name = 'writes'").pluck().get() as number | undefined) ?? 0
    );
  }

  close(): void {
    this.#height.close();
    this.db.close();
  }

  /** A file whose presence says that a damaged place was found while the logs were in use. */
  get #mark(): string {
    return `${this.#file}-damaged`;
  }

  #open(): Connection {
    const traces = { folders: [], files: [this.#height.file], isUsed: this.#options.isExpected };
    try {
      if (existsSync(this.#mark)) throw damagedLogs('as was found earlier');
      const db = openDatabase(this.#file, { sync: 'NORMAL', migrations: LOG_MIGRATIONS, traces });
      const problem = findProblem(db, CHECKED_BYTES);
      if (problem === null) return db;
      db.close();
      throw damagedLogs(problem);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'store.corrupt')) throw error;
      return this.#makeAnew();
    }
  }

  #makeAnew(): Connection {
    const kept = existsSync(this.#file) ? `It is kept as ${setAside(this.#file, this.#options.now())} and a` : 'A';
    for (const file of [this.#mark, this.#height.file]) rmSync(file, { force: true });
    this.#options.onNotice(
      `The file of log lines and conversations, logs.db, was damaged or lost. ${kept} new one was made: runs are whole, their earlier log lines are not shown.`,
    );
    return openDatabase(this.#file, { sync: 'NORMAL', migrations: LOG_MIGRATIONS });
  }
}
