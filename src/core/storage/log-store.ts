import type { Statement } from 'better-sqlite3';
import { AppError } from '../../shared/errors.ts';
import type { LogLine } from '../../shared/model/run.ts';
import { type Connection, holdsText } from './database.ts';
import {
  checkedLine,
  isWithin,
  type LineRow,
  type LogFilter,
  merged,
  type Narrowed,
  narrowedBy,
  sumOfLine,
  tellsOfError,
  type Waiting,
} from './log-rows.ts';
import { damagedLogs, type LogsFile } from './logs-file.ts';

const FLUSH_MS = 100;
const FLUSH_LINES = 2_000;
const SCAN_LINES = 20_000;
/** While the file cannot be written: how soon it is tried again, and how many lines are held in memory meanwhile. */
const RETRY_MS = 500;
const MAX_WAITING_LINES = 50_000;

interface OpenLog {
  readonly runId: string;
  /** Null until its first lines are written. */
  logNo: number | null;
  total: number;
  /** The last line that is in the file; those behind it wait. */
  written: number;
  /** Lines that found no more room in memory while the file could not be written. */
  dropped: number;
  /** Numbers of the lines that go on. */
  readonly openLines: Set<number>;
  /** Counts the lines that were given another text. */
  revision: number;
  /** How many written lines meet a filter, as long as nothing is written: who reads a log page by page would count all of it each time. */
  counted: { readonly filter: string; readonly count: number } | null;
}

/** Told after lines were written: how many the log has now, and how many times a line was given another text. */
export type OnLogFlush = (runId: string, total: number, revision: number) => void;

/**
 * The log lines of runs, in their own file. Lines are numbered from 1 within a run when they arrive and written in batches; a
 * crash loses at most the lines of the last 100 ms, never a result (DESIGN decision 10). `onFlush` tells screens the new total.
 * A full disk or a lock of another program never reaches the runs: lines wait in order and are tried again, and where they become
 * too many the log says how many are missing.
 */
export class LogStore {
  readonly #file: LogsFile;
  readonly #db: Connection;
  readonly #open = new Map<string, OpenLog>();
  readonly #insert: Statement;
  readonly #newLog: Statement;
  readonly #lastLine: Statement;
  readonly #onFlush: OnLogFlush;
  /** Runs whose logs have changed since `takeGrown`. */
  #grown = new Set<string>();
  #buffer: { readonly log: OpenLog; readonly line: LogLine }[] = [];
  #timer: NodeJS.Timeout | null = null;
  #isStalled = false;
  #isClosed = false;

  constructor(file: LogsFile, onFlush: OnLogFlush) {
    this.#file = file;
    this.#db = file.db;
    this.#onFlush = onFlush;
    this.#insert = this.#db.prepare('INSERT OR REPLACE INTO lines VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#lastLine = this.#db
      .prepare('SELECT (SELECT max(line) FROM lines WHERE log_no = l.log_no) FROM logs l WHERE run_id = ?')
      .pluck();
    this.#newLog = this.#db
      .prepare('INSERT INTO logs(run_id) VALUES (?) ON CONFLICT(run_id) DO UPDATE SET run_id = run_id RETURNING log_no')
      .pluck();
  }

  /**
   * Takes a line; it is readable at once, also while the file cannot be written, and else durable within 100 ms. Gives its number; null = it was dropped, as after `close`: a child may
   * still talk then.
   */
  append(runId: string, line: Omit<LogLine, 'line'>): number | null {
    if (this.#isClosed) return null;
    const log = this.#openLog(runId) ?? this.#newOpenLog(runId);
    if (this.#isStalled && this.#buffer.length >= MAX_WAITING_LINES) {
      log.dropped += 1;
      return null;
    }
    const number = this.#take(log, line);
    if (line.isOpen === true) log.openLines.add(number);
    this.#flushSoon();
    return number;
  }

  /** Gives a line that `append` took as open another text. */
  replace(runId: string, line: LogLine): void {
    const log = this.#openLog(runId);
    if (this.#isClosed || log === null) return;
    if (line.isOpen !== true) log.openLines.delete(line.line);
    log.revision += 1;
    this.#grown.add(runId);
    const waiting = this.#buffer.findLastIndex((one) => one.log === log && one.line.line === line.line);
    if (waiting === -1) this.#buffer.push({ log, line });
    else this.#buffer[waiting] = { log, line };
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#isStalled) return;
    if (this.#buffer.length >= FLUSH_LINES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Before a reading: writes what waits, but asks nobody to wait for a file that cannot be written. */
  #settle(): void {
    if (!this.#isStalled) this.flush();
  }

  #waiting(log: OpenLog): Waiting {
    const rows = this.#buffer.filter((one) => one.log === log).map(({ line }) => ({ ...line, sum: null }));
    return { rows, replaced: rows.map((row) => row.line).filter((line) => line <= log.written) };
  }

  /** Writes the lines that wait, in one transaction; where that cannot be done they wait on. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#buffer.length === 0) return;
    const logs = new Set(this.#buffer.map((one) => one.log));
    for (const log of logs) this.#noteDropped(log);
    const fresh = [...logs].filter((log) => log.logNo === null);
    try {
      this.#file.write(() => {
        for (const log of fresh) log.logNo = this.#newLog.get(log.runId) as number;
        for (const { log, line } of this.#buffer)
          this.#insert.run(
            log.logNo,
            line.line,
            line.at,
            line.path,
            line.stream,
            line.level,
            line.text,
            sumOfLine(line),
          );
      });
    } catch (error) {
      for (const log of fresh) log.logNo = null;
      if (!(this.#file.toError(error) instanceof AppError)) throw error;
      this.#isStalled = true;
      this.#timer = setTimeout(() => this.flush(), RETRY_MS);
      return;
    }
    this.#isStalled = false;
    this.#buffer = [];
    for (const log of logs) {
      log.counted = null;
      log.written = log.total;
      this.#onFlush(log.runId, log.total, log.revision);
    }
  }

  /** How many lines a run has. */
  total(runId: string): number {
    return this.#file.ask(() => this.#openLog(runId)?.total ?? 0);
  }

  /**
   * Lines from number `from` on, at most `limit`; `total` counts all lines that meet the filter. Empty for a run without a log.
   * `store.corrupt`: the file is damaged there, and is set aside when the project is opened next.
   */
  read(runId: string, filter: LogFilter): { readonly lines: readonly LogLine[]; readonly total: number } {
    return this.#file.ask(() => this.#read(runId, filter));
  }

  #read(runId: string, filter: LogFilter): ReturnType<LogStore['read']> {
    this.#settle();
    const log = this.#openLog(runId);
    if (log === null) return { lines: [], total: 0 };
    const { from, limit } = filter;
    const waiting = this.#waiting(log);
    const { sql, values, isMet } = narrowedBy(filter);
    const asked = limit + waiting.replaced.filter((line) => line >= from).length;
    const rows = this.#db
      .prepare(
        `SELECT line, at, path, stream, level, text, sum FROM lines WHERE log_no = ? AND line >= ?${sql} ORDER BY line LIMIT ?`,
      )
      .all(log.logNo, from, ...values, asked) as LineRow[];
    const isWhole = values.length > 0 || rows.length === Math.max(0, Math.min(asked, log.written - from + 1));
    if (!isWhole) throw damagedLogs('lines are missing in it');
    const total = values.length === 0 ? log.total : this.#count(log, filter);
    const { openLines } = log;
    const lines = merged(rows, waiting, (row) => row.line >= from && isMet(row))
      .slice(0, limit)
      .map((row) => (openLines.has(row.line) ? { ...checkedLine(row), isOpen: true as const } : checkedLine(row)));
    return { lines, total };
  }

  /** How many lines of a log meet a filter, written or waiting. */
  #count(log: OpenLog, narrowed: Narrowed): number {
    const { sql, values, isMet } = narrowedBy(narrowed);
    const filter = JSON.stringify([sql, values]);
    if (log.counted?.filter !== filter) {
      const count = this.#db.prepare(`SELECT count(*) FROM lines WHERE log_no = ?${sql}`).pluck();
      log.counted = { filter, count: count.get(log.logNo, ...values) as number };
    }
    const { rows, replaced } = this.#waiting(log);
    const written = this.#db.prepare('SELECT path, level FROM lines WHERE log_no = ? AND line = ?');
    const gone = replaced.filter((line) => (written.all(log.logNo, line) as LineRow[]).some(isMet));
    return log.counted.count + rows.filter(isMet).length - gone.length;
  }

  /** The runs whose logs have grown since this was asked last, written by now. */
  takeGrown(): ReadonlySet<string> {
    this.#settle();
    const grown = this.#grown;
    this.#grown = new Set();
    return grown;
  }

  /** The last line of a run that is written for good, with all before it: one that goes on may become another. */
  lastSettled(runId: string): number {
    const log = this.#open.get(runId);
    if (log === undefined) return (this.#lastLine.get(runId) as number | null | undefined) ?? 0;
    return Math.min(log.written, ...[...log.openLines].map((line) => line - 1));
  }

  /** Who has read many logs lets go of those that nobody writes: they would stay in memory. */
  letGo(runId: string): void {
    const log = this.#open.get(runId);
    if (log === undefined || log.total > log.written || log.openLines.size + log.revision + log.dropped > 0) return;
    if (!this.#buffer.some((one) => one.log === log)) this.#open.delete(runId);
  }

  /**
   * Lines behind `after` that were said by `workflow.log` or by the engine itself, of the next so many lines; `through` = the last one that
   * was looked at.
   */
  said(runId: string, after: number): { readonly lines: readonly LogLine[]; readonly through: number } {
    return this.#file.ask(() => {
      this.#settle();
      const through = Math.min(this.lastSettled(runId), after + SCAN_LINES);
      const log = through > after ? this.#openLog(runId) : null;
      if (log === null) return { lines: [], through: after };
      const rows = this.#db
        .prepare(
          `SELECT line, at, path, stream, level, text, sum FROM lines WHERE log_no = ? AND line > ? AND line <= ? AND stream = 'log' ORDER BY line`,
        )
        .all(log.logNo, after, through) as LineRow[];
      return { lines: rows.map(checkedLine), through };
    });
  }

  /** How many lines a step has written. */
  countOf(runId: string, path: string): number {
    return this.#file.ask(() => {
      const log = this.#openLog(runId);
      return log === null ? 0 : this.#count(log, { path });
    });
  }

  /** Numbers of lines behind `after` that hold the text, any case. Reads in slices so that the engine's thread is never held for long. */
  async search(
    runId: string,
    text: string,
    limit: number,
    after = 0,
  ): Promise<{ readonly lines: readonly number[]; readonly total: number }> {
    this.#settle();
    const log = this.#file.ask(() => this.#openLog(runId));
    if (log === null) return { lines: [], total: 0 };
    const { sql, pattern } = holdsText('text', text);
    const lowered = text.toLowerCase();
    const slice = this.#db.prepare(
      `SELECT line FROM lines WHERE log_no = ? AND line > ? AND line <= ? AND ${sql} ORDER BY line`,
    );
    const found: number[] = [];
    let total = 0;
    for (let start = after; start < log.total; start += SCAN_LINES) {
      const end = start + SCAN_LINES;
      const rows = this.#file.ask(() => slice.all(log.logNo, start, end, pattern) as Pick<LineRow, 'line'>[]);
      const holds = (row: LineRow) => isWithin(row, start, end) && row.text.toLowerCase().includes(lowered);
      const hits = merged(rows, this.#waiting(log), holds);
      total += hits.length;
      for (const { line } of hits) if (found.length < limit) found.push(line);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { lines: found, total };
  }

  /**
   * The number of the first line of a run, or of one of its steps, that tells of an error: one of level error, or one of stderr whose
   * words say so. For a step that never says so the first line of its stderr; null = there is none. Reads in slices like `search`.
   */
  async firstError(runId: string, path?: string): Promise<number | null> {
    this.#settle();
    const log = this.#file.ask(() => this.#openLog(runId));
    if (log === null) return null;
    const inStep = path === undefined ? '' : ' AND path = ?';
    const slice = this.#db.prepare(
      `SELECT line, level, text FROM lines WHERE log_no = ? AND line > ? AND line <= ?${inStep} AND (level = 'error' OR stream = 'stderr') ORDER BY line`,
    );
    const step = path === undefined ? [] : [path];
    let first: number | null = null;
    for (let start = 0; start < log.total; start += SCAN_LINES) {
      const end = start + SCAN_LINES;
      const written = this.#file.ask(() => slice.all(log.logNo, start, end, ...step)) as Pick<
        LineRow,
        'line' | 'level' | 'text'
      >[];
      const rows = merged(written, this.#waiting(log), (row) => {
        const mayTell = row.level === 'error' || row.stream === 'stderr';
        return mayTell && isWithin(row, start, end) && (path === undefined || row.path === path);
      });
      const hit = rows.find(({ level, text }) => level === 'error' || tellsOfError(text));
      if (hit !== undefined) return hit.line;
      if (path !== undefined) first ??= rows[0]?.line ?? null;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return first;
  }

  /** Removes the log of a run. `store.busy` and the like: nothing was removed. */
  delete(runId: string): void {
    this.#settle();
    const log = this.#file.ask(() => this.#openLog(runId));
    if (log === null) return;
    const remove = this.#db.transaction(() => {
      this.#db.prepare('DELETE FROM lines WHERE log_no = ?').run(log.logNo);
      this.#db.prepare('DELETE FROM logs WHERE log_no = ?').run(log.logNo);
    });
    this.#file.ask(() => remove.immediate());
    this.#open.delete(runId);
    this.#buffer = this.#buffer.filter((one) => one.log !== log);
  }

  /** Writes what waits; nothing is taken from now on. The connection is its owner's to close. */
  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #take(log: OpenLog, line: Omit<LogLine, 'line'>): number {
    log.total += 1;
    this.#grown.add(log.runId);
    this.#buffer.push({ log, line: { ...line, line: log.total } });
    return log.total;
  }

  /** Says once, behind the last line that was kept, how many could not be. */
  #noteDropped(log: OpenLog): void {
    if (log.dropped === 0) return;
    const last = this.#buffer.findLast((one) => one.log === log);
    const text = `[${log.dropped} lines are missing here: the log could not be written and they found no more room]`;
    log.dropped = 0;
    this.#take(log, { at: last?.line.at ?? 0, path: last?.line.path ?? '', stream: 'log', level: 'warning', text });
  }

  #openLog(runId: string): OpenLog | null {
    const known = this.#open.get(runId);
    if (known !== undefined) return known;
    const logNo = this.#db.prepare('SELECT log_no FROM logs WHERE run_id = ?').pluck().get(runId) as number | undefined;
    if (logNo === undefined) return null;
    const total = this.#db.prepare('SELECT max(line) FROM lines WHERE log_no = ?').pluck().get(logNo) as number | null;
    const log = {
      runId,
      logNo,
      total: total ?? 0,
      written: total ?? 0,
      dropped: 0,
      openLines: new Set<number>(),
      revision: 0,
      counted: null,
    };
    this.#open.set(runId, log);
    return log;
  }

  #newOpenLog(runId: string): OpenLog {
    const log = {
      runId,
      logNo: null,
      total: 0,
      written: 0,
      dropped: 0,
      openLines: new Set<number>(),
      revision: 0,
      counted: null,
    };
    this.#open.set(runId, log);
    return log;
  }
}
