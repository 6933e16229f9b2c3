import type { Statement } from 'better-sqlite3';
import type { HostPeriod } from '../../shared/model/trigger.ts';
import type { Connection } from './database.ts';

interface PeriodRow {
  period_no: number;
  kind: HostPeriod['kind'];
  from_at: number;
  until_at: number | null;
  moved_ms: number;
  quit_by: string | null;
}

/** A stored period with its number, by which it is lengthened. */
export interface StoredPeriod extends HostPeriod {
  readonly periodNo: number;
}

/** More periods than that are not told at once. */
const MOST_LISTED = 1000;

/** When whoever serves the triggers was there, and why it was not: the evidence of what was missed. Instants are UTC ms. */
export class HostPeriodRepository {
  readonly #insert: Statement;
  readonly #lengthen: Statement;
  readonly #quit: Statement;
  readonly #newest: Statement;
  readonly #list: Statement;

  constructor(db: Connection) {
    this.#insert = db.prepare(
      'INSERT INTO host_periods(kind, from_at, until_at, moved_ms, quit_by) VALUES (?, ?, ?, ?, ?)',
    );
    this.#lengthen = db.prepare('UPDATE host_periods SET until_at = ? WHERE period_no = ?');
    this.#quit = db.prepare('UPDATE host_periods SET quit_by = ? WHERE period_no = ?');
    this.#newest = db.prepare("SELECT * FROM host_periods WHERE kind = 'on' ORDER BY period_no DESC LIMIT 1");
    this.#list = db.prepare(`SELECT * FROM host_periods WHERE from_at < ? AND (until_at IS NULL OR until_at > ?)
      ORDER BY period_no DESC LIMIT ${MOST_LISTED}`);
  }

  /** Writes a period and gives its number. */
  add({ kind, from, until, movedMs, quitBy }: HostPeriod): number {
    return Number(this.#insert.run(kind, from, until, movedMs, quitBy).lastInsertRowid);
  }

  /** A period went on until then. */
  lengthen(periodNo: number, until: number): void {
    this.#lengthen.run(until, periodNo);
  }

  /** A period ended because somebody quit. */
  quit(periodNo: number, by: string): void {
    this.#quit.run(by, periodNo);
  }

  /** The newest time in which triggers were served, or null. */
  newestOn(): StoredPeriod | null {
    const row = this.#newest.get() as PeriodRow | undefined;
    return row === undefined ? null : toPeriod(row);
  }

  /** Those that have any instant from `from` to before `until`, oldest first; the newest 1,000 of them. */
  list(from: number, until: number): readonly HostPeriod[] {
    return (this.#list.all(until, from) as PeriodRow[])
      .map(toPeriod)
      .map(({ periodNo: _number, ...period }) => period)
      .reverse();
  }
}

const toPeriod = (row: PeriodRow): StoredPeriod => ({
  periodNo: row.period_no,
  kind: row.kind,
  from: row.from_at,
  until: row.until_at,
  movedMs: row.moved_ms,
  quitBy: row.quit_by,
});
