import type { Statement } from 'better-sqlite3';
import type { LogLine } from '../../shared/model/run.ts';
import { type Connection, openDatabase } from './database.ts';
import { LOG_MIGRATIONS } from './migrations/index.ts';

const FLUSH_MS = 100;
const FLUSH_LINES = 2_000;
const SCAN_LINES = 20_000;

interface OpenLog {
  readonly logNo: number;
  total: number;
}
interface LineRow {
  line: number;
  at: number;
  path: string;
  stream: LogLine['stream'];
  level: LogLine['level'];
  text: string;
}
/** What `read` may be narrowed to; narrowed lines keep their own number. */
export interface LogFilter {
  readonly from: number;
  readonly limit: number;
  readonly path?: string | undefined;
  readonly level?: LogLine['level'] | undefined;
}

/**
 * The log lines of runs, in their own file. Lines are numbered from 1 within a run when they arrive and written in batches; a
 * crash loses at most the lines of the last 100 ms, never a result (DESIGN decision 10). `onFlush` tells screens the new total.
 */
export class LogStore {
  readonly #db: Connection;
  readonly #open = new Map<string, OpenLog>();
  readonly #insert: Statement;
  readonly #newLog: Statement;
  readonly #onFlush: (runId: string, total: number) => void;
  #buffer: { readonly runId: string; readonly logNo: number; readonly line: LogLine }[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(file: string, onFlush: (runId: string, total: number) => void) {
    this.#db = openDatabase(file, { sync: 'NORMAL', migrations: LOG_MIGRATIONS });
    this.#onFlush = onFlush;
    this.#insert = this.#db.prepare('INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#newLog = this.#db.prepare('INSERT INTO logs(run_id) VALUES (?)');
  }

  /** Takes a line; it is readable at once and durable within 100 ms. */
  append(runId: string, line: Omit<LogLine, 'line'>): void {
    const log = this.#openLog(runId, true);
    if (log === null) return;
    log.total += 1;
    this.#buffer.push({ runId, logNo: log.logNo, line: { ...line, line: log.total } });
    if (this.#buffer.length >= FLUSH_LINES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const buffer = this.#buffer;
    if (buffer.length === 0) return;
    this.#buffer = [];
    this.#db.transaction(() => {
      for (const { logNo, line } of buffer)
        this.#insert.run(logNo, line.line, line.at, line.path, line.stream, line.level, line.text);
    })();
    for (const runId of new Set(buffer.map((one) => one.runId)))
      this.#onFlush(runId, this.#open.get(runId)?.total ?? 0);
  }

  total(runId: string): number {
    return this.#openLog(runId, false)?.total ?? 0;
  }

  read(runId: string, filter: LogFilter): { readonly lines: readonly LogLine[]; readonly total: number } {
    this.flush();
    const log = this.#openLog(runId, false);
    if (log === null) return { lines: [], total: 0 };
    const narrowed = `${filter.path === undefined ? '' : ' AND path = ?'}${filter.level === undefined ? '' : ' AND level = ?'}`;
    const values = [filter.path, filter.level].filter((value) => value !== undefined);
    const rows = this.#db
      .prepare(
        `SELECT line, at, path, stream, level, text FROM lines WHERE log_no = ? AND line >= ?${narrowed} ORDER BY line LIMIT ?`,
      )
      .all(log.logNo, filter.from, ...values, filter.limit) as LineRow[];
    const total =
      values.length === 0
        ? log.total
        : (this.#db
            .prepare(`SELECT count(*) FROM lines WHERE log_no = ?${narrowed}`)
            .pluck()
            .get(log.logNo, ...values) as number);
    return { lines: rows, total };
  }

  /** How many lines a step has written. */
  countOf(runId: string, path: string): number {
    const log = this.#openLog(runId, false);
    if (log === null) return 0;
    return this.#db
      .prepare('SELECT count(*) FROM lines WHERE log_no = ? AND path = ?')
      .pluck()
      .get(log.logNo, path) as number;
  }

  /** Numbers of lines that hold the text, any case. Reads in slices so that the engine's thread is never held for long. */
  async search(
    runId: string,
    text: string,
    limit: number,
  ): Promise<{ readonly lines: readonly number[]; readonly total: number }> {
    this.flush();
    const log = this.#openLog(runId, false);
    if (log === null) return { lines: [], total: 0 };
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    const slice = this.#db
      .prepare(
        "SELECT line FROM lines WHERE log_no = ? AND line > ? AND line <= ? AND text LIKE ? ESCAPE '\\' ORDER BY line",
      )
      .pluck();
    const found: number[] = [];
    let total = 0;
    for (let start = 0; start < log.total; start += SCAN_LINES) {
      const hits = slice.all(log.logNo, start, start + SCAN_LINES, pattern) as number[];
      total += hits.length;
      for (const line of hits) if (found.length < limit) found.push(line);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { lines: found, total };
  }

  delete(runId: string): void {
    this.flush();
    const log = this.#openLog(runId, false);
    if (log === null) return;
    this.#open.delete(runId);
    this.#db.transaction(() => {
      this.#db.prepare('DELETE FROM lines WHERE log_no = ?').run(log.logNo);
      this.#db.prepare('DELETE FROM logs WHERE log_no = ?').run(log.logNo);
    })();
  }

  close(): void {
    this.flush();
    this.#db.close();
  }

  #openLog(runId: string, create: boolean): OpenLog | null {
    const known = this.#open.get(runId);
    if (known !== undefined) return known;
    let logNo = this.#db.prepare('SELECT log_no FROM logs WHERE run_id = ?').pluck().get(runId) as number | undefined;
    if (logNo === undefined) {
      if (!create) return null;
      logNo = Number(this.#newLog.run(runId).lastInsertRowid);
    }
    const total = this.#db.prepare('SELECT max(line) FROM lines WHERE log_no = ?').pluck().get(logNo) as number | null;
    const log = { logNo, total: total ?? 0 };
    this.#open.set(runId, log);
    return log;
  }
}
