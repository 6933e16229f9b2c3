import type { Statement } from 'better-sqlite3';
import type { Connection } from './database.ts';
import type { RunCommit } from './rows.ts';
import {
  BIRTH_COLUMNS,
  PROGRESS_COLUMNS,
  type RunRow,
  STATE_COLUMNS,
  sumOfBirth,
  sumOfRunRow,
  toRunRow,
} from './run-row.ts';

const INSERTED_COLUMNS = [...BIRTH_COLUMNS, ...STATE_COLUMNS] as const;

/** Writes the rows of runs with their sums, inside the transaction of a commit. */
export class RunRowWriter {
  readonly #insert: Statement;
  readonly #updateState: Statement;
  readonly #updateProgress: Statement;
  /** Of runs that have not ended, by number: the sum of what never changes, so that a step's end sums half of the row. */
  readonly #births = new Map<number, number>();

  constructor(db: Connection) {
    const marks = INSERTED_COLUMNS.map(() => '?').join(', ');
    const update = (names: readonly string[]): Statement =>
      db.prepare(`UPDATE runs SET ${names.map((name) => `${name} = ?`).join(', ')}, sum = ? WHERE run_no = ?`);
    this.#insert = db.prepare(
      `INSERT INTO runs(${INSERTED_COLUMNS.join(', ')}, sum, start_key) VALUES (${marks}, ?, ?)`,
    );
    this.#updateState = update(STATE_COLUMNS);
    this.#updateProgress = update(PROGRESS_COLUMNS);
  }

  write({ run, runNo, isNew, isProgressOnly, startKey }: RunCommit): void {
    const row = toRunRow(runNo, run);
    const sum = sumOfRunRow(row, this.#birthOf(row));
    if (isNew) this.#insert.run(valuesOf(row, INSERTED_COLUMNS), sum, startKey);
    else if (isProgressOnly) this.#updateProgress.run(valuesOf(row, PROGRESS_COLUMNS), sum, runNo);
    else this.#updateState.run(valuesOf(row, STATE_COLUMNS), sum, runNo);
  }

  #birthOf(row: RunRow): number {
    const birth = this.#births.get(row.run_no) ?? sumOfBirth(row);
    if (row.completed_at === null) this.#births.set(row.run_no, birth);
    else this.#births.delete(row.run_no);
    return birth;
  }
}

const valuesOf = (row: RunRow, names: readonly (keyof RunRow)[]): readonly RunRow[keyof RunRow][] =>
  names.map((name) => row[name]);
