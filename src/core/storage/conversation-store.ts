import type { Statement } from 'better-sqlite3';
import { AppError } from '../../shared/errors.ts';
import type { ConversationEntry, ConversationItem } from '../../shared/model/agent.ts';
import { parseStored } from './damage.ts';
import type { Connection } from './database.ts';
import { damagedLogs, type LogsFile } from './logs-file.ts';
import { sumOf } from './row-sum.ts';

const FLUSH_MS = 100;
/** Streamed pieces of one kind are joined up to this length before they become an entry. */
const JOIN_CHARS = 4_000;
const RETRY_MS = 500;
/** While the file cannot be written: how many entries are held in memory; what comes then is dropped. */
const MAX_WAITING = 20_000;

/** What `read` gives. */
interface EntryPage {
  readonly entries: readonly ConversationEntry[];
  readonly total: number;
}

interface EntryFilter {
  readonly from: number;
  readonly limit: number;
  readonly path?: string | undefined;
}

type Draft = Omit<ConversationEntry, 'entry'>;

interface EntryRow {
  readonly entry: number;
  readonly at: number;
  readonly path: string;
  readonly attempt: number;
  readonly agent: string;
  readonly item: string;
  /** Null in rows of earlier schemas. */
  readonly sum: number | null;
}

function checkedEntry({ sum, ...row }: EntryRow): ConversationEntry {
  const { entry, at, path, attempt, agent, item } = row;
  if (sum !== null && sum !== sumOf([entry, at, path, attempt, agent, item]))
    throw damagedLogs(`entry ${entry} of a conversation is not what was written`);
  return { ...row, item: parseStored(item) as ConversationItem };
}

/**
 * What the agents of runs said and did, beside the log lines and with the same promise: entries are numbered from 1 within a run,
 * written in batches, a crash loses at most the last 100 ms, a full disk never reaches the run. `onFlush` tells screens the new total.
 */
export class ConversationStore {
  readonly #file: LogsFile;
  readonly #db: Connection;
  readonly #onFlush: (runId: string, total: number) => void;
  readonly #insert: Statement;
  readonly #logNo: Statement;
  readonly #newLog: Statement;
  readonly #waiting = new Map<string, Draft[]>();
  /** Drafts that were read while they waited: nothing is joined to them any more. */
  readonly #shown = new WeakSet<Draft>();
  #waitingCount = 0;
  #isStalled = false;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(file: LogsFile, onFlush: (runId: string, total: number) => void) {
    const { db } = file;
    this.#file = file;
    this.#db = db;
    this.#onFlush = onFlush;
    this.#insert = db.prepare('INSERT INTO conversation VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#logNo = db.prepare('SELECT log_no FROM logs WHERE run_id = ?').pluck();
    this.#newLog = db.prepare('INSERT INTO logs(run_id) VALUES (?)');
  }

  /** Takes an entry; pieces of one text are joined. */
  append(runId: string, draft: Draft): void {
    if (this.#isClosed || this.#waitingCount >= MAX_WAITING) return;
    const drafts = this.#waiting.get(runId) ?? [];
    this.#waiting.set(runId, drafts);
    const last = drafts.at(-1);
    const joined = last === undefined || this.#shown.has(last) ? null : join(last, draft);
    if (joined === null) {
      drafts.push(draft);
      this.#waitingCount += 1;
    } else drafts[drafts.length - 1] = joined;
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Writes what waits, in one transaction; where that cannot be done it waits on. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.size === 0) return;
    const totals = new Map<string, number>();
    try {
      this.#file.write(() => {
        for (const [runId, drafts] of this.#waiting) totals.set(runId, this.#write(runId, drafts));
      });
    } catch (error) {
      if (!(this.#file.toError(error) instanceof AppError)) throw error;
      this.#isStalled = true;
      this.#timer = setTimeout(() => this.flush(), RETRY_MS);
      return;
    }
    this.#isStalled = false;
    this.#waiting.clear();
    this.#waitingCount = 0;
    for (const [runId, total] of totals) this.#onFlush(runId, total);
  }

  /** How many entries a run has. */
  total(runId: string): number {
    this.#settle();
    return this.#file.ask(() => this.#written(runId).last + this.#draftsOf(runId).length);
  }

  /**
   * Entries from number `from` on, at most `limit`, of one step or of all. `total` counts all entries of the run. `store.corrupt`: the
   * file is damaged there, and is set aside when the project is opened next.
   */
  read(runId: string, filter: EntryFilter): EntryPage {
    this.#settle();
    return this.#file.ask(() => this.#read(runId, filter));
  }

  #read(runId: string, filter: EntryFilter): EntryPage {
    const { from, limit, path } = filter;
    const { logNo, last } = this.#written(runId);
    const narrowed = path === undefined ? '' : ' AND path = ?';
    const values = path === undefined ? [] : [path];
    const rows = this.#db
      .prepare(
        `SELECT entry, at, path, attempt, agent, item, sum FROM conversation WHERE log_no = ? AND entry >= ?${narrowed} ORDER BY entry LIMIT ?`,
      )
      .all(logNo, from, ...values, limit) as EntryRow[];
    const isWhole = path !== undefined || rows.length === Math.max(0, Math.min(limit, last - from + 1));
    if (!isWhole) throw damagedLogs('entries of a conversation are missing in it');
    const drafts = this.#draftsOf(runId);
    const waiting = drafts
      .map((draft, at): ConversationEntry => ({ ...draft, entry: last + at + 1 }))
      .filter((entry) => entry.entry >= from && (path === undefined || entry.path === path));
    for (const draft of drafts) this.#shown.add(draft);
    return { entries: [...rows.map(checkedEntry), ...waiting].slice(0, limit), total: last + drafts.length };
  }

  /** Removes the conversation of a run, what waits of it too. `store.busy` and the like: nothing was removed. */
  delete(runId: string): void {
    this.#settle();
    this.#file.ask(() => {
      const { logNo } = this.#written(runId);
      if (logNo !== null) this.#db.prepare('DELETE FROM conversation WHERE log_no = ?').run(logNo);
    });
    this.#waitingCount -= this.#draftsOf(runId).length;
    this.#waiting.delete(runId);
  }

  /** Writes what waits; nothing is taken from now on. The connection is its owner's to close. */
  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Before a reading: writes what waits, but asks nobody to wait for a file that cannot be written. */
  #settle(): void {
    if (!this.#isStalled) this.flush();
  }

  #draftsOf(runId: string): readonly Draft[] {
    return this.#waiting.get(runId) ?? [];
  }

  #written(runId: string): { readonly logNo: number | null; readonly last: number } {
    const logNo = (this.#logNo.get(runId) as number | undefined) ?? null;
    return { logNo, last: logNo === null ? 0 : this.#last(logNo) };
  }

  #write(runId: string, drafts: readonly Draft[]): number {
    const known = this.#logNo.get(runId) as number | undefined;
    const logNo = known ?? Number(this.#newLog.run(runId).lastInsertRowid);
    let entry = this.#last(logNo);
    for (const { at, path, attempt, agent, item } of drafts) {
      entry += 1;
      const values = [entry, at, path, attempt, agent, JSON.stringify(item)] as const;
      this.#insert.run(logNo, ...values, sumOf(values));
    }
    return entry;
  }

  #last(logNo: number): number {
    const last = this.#db.prepare('SELECT max(entry) FROM conversation WHERE log_no = ?').pluck().get(logNo);
    return (last as number | null) ?? 0;
  }
}

/** Two pieces of one text as one; null where they do not belong together. */
function join(last: Draft, next: Draft): Draft | null {
  const [one, other] = [last.item, next.item];
  if ((one.kind !== 'text' && one.kind !== 'thinking') || one.kind !== other.kind) return null;
  if (last.path !== next.path || last.attempt !== next.attempt || last.agent !== next.agent) return null;
  if (one.text.length + other.text.length > JOIN_CHARS) return null;
  return { ...last, item: { kind: one.kind, text: one.text + other.text } };
}
