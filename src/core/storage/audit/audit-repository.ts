import type { Statement } from 'better-sqlite3';
import type { JsonMap } from '../../../shared/json.ts';
import type { AuditEvent, AuditHead, AuditMonth, AuditType, AuditTypeFilter } from '../../../shared/model/audit.ts';
import type { Door } from '../../../shared/model/run.ts';
import { parseStored } from '../damage.ts';
import { type Connection, holdsText } from '../database.ts';
import { canonicalEvent, chainHash, type HashedEvent } from './audit-chain.ts';
import { AuditWriter, type AuditWriterOptions } from './audit-writer.ts';

/** Which events are looked for; all given fields must hold. Instants in UTC ms, `until` excluded. */
export interface AuditFilter {
  readonly eventType?: AuditTypeFilter | undefined;
  readonly userId?: string | undefined;
  readonly resourceType?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly door?: Door | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly success?: boolean | undefined;
  /** Anywhere in user, resource, action, details or error, in any case; or the id of an event, as a whole. */
  readonly text?: string | undefined;
}

/** Which of the events that were found are read. */
export interface AuditPage {
  readonly limit: number;
  readonly offset: number;
  /** Only those before this number. */
  readonly before?: number | undefined;
}

/** An event as a row holds it. */
export interface AuditRow {
  readonly seq: number;
  readonly id: string;
  readonly event_type: string;
  readonly user_id: string;
  readonly resource_type: string;
  readonly resource_id: string;
  readonly action: string;
  readonly details: string;
  readonly source_ip: string | null;
  readonly user_agent: string | null;
  readonly door: string | null;
  readonly at: number;
  readonly success: number;
  readonly error_message: string | null;
  readonly prev_hash: string;
  readonly hash: string;
}

/** A cut of the chain: everything up to an event goes. */
export interface AuditCut {
  readonly throughSeq: number;
  readonly throughHash: string;
  /** UTC ms. */
  readonly at: number;
  readonly by: string;
  readonly signature: string;
  readonly isDone: boolean;
}

const READ_AT_ONCE = 1000;

/** Reads and writes of the audit (SPEC §12.3). */
export class AuditRepository {
  readonly writer: AuditWriter;
  readonly #db: Connection;
  readonly #page: Statement;
  readonly #head: Statement;
  readonly #height: Statement;
  readonly #cuts: Statement;

  constructor(db: Connection, options: AuditWriterOptions) {
    this.#db = db;
    this.writer = new AuditWriter(db, options);
    this.#page = db.prepare('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?');
    this.#head = db.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
    this.#height = db.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'audit'`).pluck();
    this.#cuts = db.prepare('SELECT * FROM audit_cuts ORDER BY through_seq DESC');
  }

  /** Events that meet the filter, newest first. */
  query(filter: AuditFilter, { limit, offset, before }: AuditPage): AuditEvent[] {
    const { where, values } = conditionsOf(filter);
    const range = before === undefined ? where : `${where === '' ? 'WHERE' : `${where} AND`} seq < ?`;
    const sql = `SELECT * FROM audit ${range} ORDER BY seq DESC LIMIT ? OFFSET ?`;
    const given = before === undefined ? values : [...values, before];
    return (this.#db.prepare(sql).all(...given, limit, offset) as AuditRow[]).map(toAuditEvent);
  }

  /** How many events meet the filter. */
  count(filter: AuditFilter): number {
    const { where, values } = conditionsOf(filter);
    return this.#db
      .prepare(`SELECT count(*) FROM audit ${where}`)
      .pluck()
      .get(...values) as number;
  }

  /** The months that the chain goes over, in its order. */
  months(): readonly AuditMonth[] {
    const sql = `SELECT strftime('%Y-%m', at / 1000, 'unixepoch') AS month, count(*) AS events, min(seq) AS first_seq
      FROM audit GROUP BY month HAVING month IS NOT NULL ORDER BY first_seq`;
    return this.#db.prepare(sql).all() as AuditMonth[];
  }

  /** Rows between two numbers that meet the filter, in the order of the chain, at most a thousand. */
  matching(filter: AuditFilter, { after, through }: { readonly after: number; readonly through: number }): AuditRow[] {
    const { where, values } = conditionsOf(filter);
    const range = `${where === '' ? 'WHERE' : `${where} AND`} seq > ? AND seq <= ?`;
    const sql = `SELECT * FROM audit ${range} ORDER BY seq LIMIT ${READ_AT_ONCE}`;
    return this.#db.prepare(sql).all(...values, after, through) as AuditRow[];
  }

  /** Rows that say what was done in a run, in the order of the chain. */
  ofRun(runId: string): readonly AuditRow[] {
    const sql = `SELECT * FROM audit WHERE instr(details, @runId) > 0 AND json_valid(details) AND details ->> '$.run_id' = @runId ORDER BY seq`;
    return this.#db.prepare(sql).all({ runId }) as AuditRow[];
  }

  /** How many events there are up to a number. */
  countThrough(seq: number): number {
    return this.#db.prepare('SELECT count(*) FROM audit WHERE seq <= ?').pluck().get(seq) as number;
  }

  /** Rows that follow a number, in the order of the chain, at most a thousand. */
  after(seq: number): readonly AuditRow[] {
    return this.#page.all(seq, READ_AT_ONCE) as AuditRow[];
  }

  /** The row with a number; null = there is none. */
  find(seq: number): AuditRow | null {
    const [row] = this.#page.all(seq - 1, 1) as AuditRow[];
    return row?.seq === seq ? row : null;
  }

  /** The last event; null = there is none. */
  head(): AuditHead | null {
    return (this.#head.get() as AuditHead | undefined) ?? null;
  }

  /** The highest number that was ever given. */
  height(): number {
    return (this.#height.get() as number | undefined) ?? 0;
  }

  /** The number of the last event that is older than an instant, if all before it are too; 0 = none is. */
  lastBefore(at: number): number {
    const next = this.#db.prepare('SELECT min(seq) FROM audit WHERE at >= ?').pluck().get(at) as number | null;
    return next === null ? (this.head()?.seq ?? 0) : next - 1;
  }

  /** Cuts of the chain, the newest first. */
  cuts(): readonly AuditCut[] {
    const rows = this.#cuts.all() as {
      through_seq: number;
      through_hash: string;
      at: number;
      by: string;
      signature: string;
      is_done: number;
    }[];
    return rows.map((row) => ({
      throughSeq: row.through_seq,
      throughHash: row.through_hash,
      at: row.at,
      by: row.by,
      signature: row.signature,
      isDone: row.is_done === 1,
    }));
  }

  /** Begins a cut, together with what the audit says about it. */
  beginCut(cut: AuditCut, announce: () => void): void {
    this.#db
      .transaction(() => {
        this.#db
          .prepare('INSERT INTO audit_cuts(through_seq, through_hash, at, by, signature) VALUES (?, ?, ?, ?, ?)')
          .run(cut.throughSeq, cut.throughHash, cut.at, cut.by, cut.signature);
        announce();
      })
      .immediate();
  }

  /** Removes the oldest events of an open cut, at most a thousand; false = none is left. */
  removeSome({ throughSeq }: AuditCut): boolean {
    const sql = `DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE seq <= ? ORDER BY seq LIMIT ${READ_AT_ONCE})`;
    return this.#db.prepare(sql).run(throughSeq).changes > 0;
  }

  /** Nothing more is to be removed; the cut stays as the beginning of what is left, those before it go. */
  endCut({ throughSeq }: AuditCut): void {
    this.#db
      .transaction(() => {
        this.#db.prepare('UPDATE audit_cuts SET is_done = 1 WHERE through_seq = ?').run(throughSeq);
        this.#db.prepare('DELETE FROM audit_cuts WHERE through_seq < ?').run(throughSeq);
      })
      .immediate();
  }
}

/** A row as everybody sees it. `store.corrupt` when its details are no JSON. */
export function toAuditEvent(row: AuditRow): AuditEvent {
  const { hash, prev_hash } = row;
  return { ...fieldsOf(row), details: parseStored(row.details) as JsonMap, prev_hash, hash };
}

/** The hash that a row must have after the one before it. */
export const hashOfRow = (row: AuditRow): string => chainHash(row.prev_hash, canonicalEvent(fieldsOf(row)));

function fieldsOf(row: AuditRow): HashedEvent {
  const { seq, id, user_id, resource_type, resource_id, action, details, source_ip, user_agent, door } = row;
  return {
    id,
    seq,
    event_type: row.event_type as AuditType,
    user_id,
    resource: `${resource_type}:${resource_id}`,
    resource_type,
    resource_id,
    action,
    details,
    source_ip,
    user_agent,
    door,
    timestamp: isoOf(row.at),
    success: row.success === 1,
    error_message: row.error_message,
  };
}

/** A row that somebody has changed may hold an instant that is none. */
const isoOf = (at: number): string => {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
};

function conditionsOf(filter: AuditFilter): { readonly where: string; readonly values: readonly (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (sql: string, ...given: (string | number)[]): void => {
    conditions.push(sql);
    values.push(...given);
  };
  const { eventType, userId, resourceType, resourceId, door, since, until, success, text } = filter;
  if (eventType !== undefined) add('event_type = ?', eventType.type);
  if (eventType?.change !== undefined) add("details ->> '$.change' = ?", eventType.change);
  if (userId !== undefined) add('user_id = ?', userId);
  if (resourceType !== undefined) add('resource_type = ?', resourceType);
  if (resourceId !== undefined) add('resource_id = ?', resourceId);
  if (door !== undefined) add('door = ?', door);
  if (since !== undefined) add('at >= ?', since);
  if (until !== undefined) add('at < ?', until);
  if (success !== undefined) add('success = ?', success ? 1 : 0);
  if (text !== undefined && text !== '') {
    const { sql, pattern } = holdsText(
      `(user_id || ' ' || resource_type || ':' || resource_id || ' ' || action || ' ' || details || ' ' || coalesce(error_message, ''))`,
      text,
    );
    add(`(${sql} OR id = ?)`, pattern, text);
  }
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values };
}
