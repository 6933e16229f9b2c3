import type { Statement } from 'better-sqlite3';
import {
  OCCURRENCE_STATES,
  type Occurrence,
  type OccurrenceEvidence,
  type OccurrenceReason,
  type OccurrenceState,
} from '../../shared/model/trigger.ts';
import type { Connection } from './database.ts';

/** Which occurrences are looked at; all given fields must hold. Instants are UTC ms. */
export interface OccurrenceFilter {
  readonly triggerKey?: string | undefined;
  readonly states?: readonly OccurrenceState[] | undefined;
  /** In the key of the trigger, in the reason or in what is known of it; or any start of the triggers that are named by `keys`. */
  readonly search?: { readonly text: string; readonly keys: readonly string[] } | undefined;
  /** Planned at or after. */
  readonly from?: number | undefined;
  /** The last row of the page before. */
  readonly after?: Pick<Occurrence, 'triggerKey' | 'plannedAt'> | undefined;
  readonly limit: number;
}

interface OccurrenceRow {
  key: string;
  planned_at: number;
  due_at: number;
  state: OccurrenceState;
  reason: OccurrenceReason | null;
  evidence: string;
  at: number;
  run_id: string | null;
}

const COLUMNS = `t.key, o.planned_at, o.due_at, o.state, o.reason, o.evidence, o.at, o.run_id
  FROM occurrences o JOIN triggers t USING (trigger_no)`;

/**
 * The ledger of planned starts (SPEC §7.1): one row for each trigger and planned instant, which is written once and afterwards only
 * changes its state, from `planned` over `claimed` to one end. A row that has ended is changed by a person's wish alone: a start that came
 * to nothing is made after all.
 */
export class OccurrenceRepository {
  readonly #transaction: <T>(work: () => T) => T;
  readonly #insert: Statement;
  readonly #settle: Statement;
  readonly #find: Statement;
  readonly #open: Statement;
  readonly #counts: Statement;
  readonly #retract: Statement;
  readonly #reopen: Statement;
  readonly #db: Connection;
  readonly #lists = new Map<string, Statement>();

  constructor(db: Connection) {
    this.#db = db;
    this.#transaction = (work) => db.transaction(work).immediate();
    this.#insert =
      db.prepare(`INSERT OR IGNORE INTO occurrences(trigger_no, planned_at, due_at, state, reason, evidence, at, run_id)
      SELECT trigger_no, ?, ?, ?, ?, ?, ?, ? FROM triggers WHERE key = ?`);
    this.#settle = db.prepare(`UPDATE occurrences SET state = ?, reason = ?, evidence = ?, at = ?, run_id = ?
      WHERE trigger_no = (SELECT trigger_no FROM triggers WHERE key = ?) AND planned_at = ? AND state IN ('planned', 'claimed')`);
    this.#find = db.prepare(`SELECT ${COLUMNS} WHERE t.key = ? AND o.planned_at = ?`);
    this.#open = db.prepare(`SELECT ${COLUMNS} WHERE o.state IN ('planned', 'claimed') ORDER BY o.due_at, t.key`);
    this.#retract = db.prepare(
      "DELETE FROM occurrences WHERE planned_at > ? AND state IN ('missed', 'skipped_paused')",
    );
    this.#reopen =
      db.prepare(`UPDATE occurrences SET state = 'planned', reason = 'backfill', evidence = ?, at = ?, due_at = ?
      WHERE trigger_no = (SELECT trigger_no FROM triggers WHERE key = ?) AND planned_at = ?
      AND state IN ('missed', 'skipped_overlap', 'skipped_paused', 'failed_to_start')`);
    this.#counts = db.prepare(`SELECT c.state, sum(c.n) AS n FROM occurrence_counts c JOIN triggers t USING (trigger_no)
      WHERE (@key IS NULL OR t.key = @key) GROUP BY c.state HAVING sum(c.n) > 0`);
  }

  /** Does several writes of this repository and of `TriggerRepository` in one commit. */
  together<T>(work: () => T): T {
    return this.#transaction(work);
  }

  /** Writes the row, unless there is one: a double fire collapses. True when it was written. The trigger must be stored. */
  add(occurrence: Occurrence): boolean {
    const { triggerKey, plannedAt, dueAt, state, reason, evidence, at, runId } = occurrence;
    return (
      this.#insert.run(plannedAt, dueAt, state, reason, JSON.stringify(evidence), at, runId, triggerKey).changes === 1
    );
  }

  /** Moves an open row on. False when it has ended already: that end stays. */
  settle(
    { triggerKey, plannedAt }: Pick<Occurrence, 'triggerKey' | 'plannedAt'>,
    end: {
      readonly state: OccurrenceState;
      readonly reason: OccurrenceReason | null;
      readonly evidence?: OccurrenceEvidence;
      readonly at: number;
      readonly runId?: string | null;
    },
  ): boolean {
    const { state, reason, evidence = {}, at, runId = null } = end;
    return this.#settle.run(state, reason, JSON.stringify(evidence), at, runId, triggerKey, plannedAt).changes === 1;
  }

  find(triggerKey: string, plannedAt: number): Occurrence | null {
    const row = this.#find.get(triggerKey, plannedAt) as OccurrenceRow | undefined;
    return row === undefined ? null : toOccurrence(row);
  }

  /** Those that have not ended, by due time: what a new scheduler goes on with. */
  open(): readonly Occurrence[] {
    return (this.#open.all() as OccurrenceRow[]).map(toOccurrence);
  }

  /** Those that meet the filter, the latest planned first, those of one instant by key. */
  list(filter: OccurrenceFilter): readonly Occurrence[] {
    const { triggerKey, from, after, limit, search } = filter;
    const sql = listSql(filter);
    const list = this.#lists.get(sql) ?? this.#db.prepare(sql);
    this.#lists.set(sql, list);
    const place = { key: triggerKey, from, afterAt: after?.plannedAt, afterKey: after?.triggerKey, limit };
    const sought = { text: search?.text.toLowerCase(), keys: JSON.stringify(search?.keys ?? []) };
    return (list.all({ ...place, ...sought }) as OccurrenceRow[]).map(toOccurrence);
  }

  /** Forgets what was given up too early: a clock that went ahead is right again, and their times are still to come. UTC ms. */
  retract(after: number): void {
    this.#retract.run(after);
  }

  /** A person asks for a start that came to nothing: it is to be made after all, once. False when there is no such row. `now` in UTC ms. */
  reopen({ triggerKey, plannedAt }: Pick<Occurrence, 'triggerKey' | 'plannedAt'>, by: string, now: number): boolean {
    return this.#reopen.run(JSON.stringify({ by }), now, now, triggerKey, plannedAt).changes === 1;
  }

  /** How many starts of one trigger, or of all with null, are in which state. */
  counts(triggerKey: string | null): ReadonlyMap<OccurrenceState, number> {
    const rows = this.#counts.all({ key: triggerKey }) as { state: OccurrenceState; n: number }[];
    return new Map(rows.map(({ state, n }) => [state, n]));
  }
}

/** What a text is looked for in; the words of a reason as a person writes them. */
const SOUGHT = ["replace(o.reason, '_', ' ')", 't.key']
  .concat(['text', 'error.message', 'by', 'quitBy'].map((name) => `o.evidence ->> '$.${name}'`))
  .map((part) => `coalesce(${part}, '')`)
  .join(" || ' ' || ");
const NEWEST_FIRST = 'ORDER BY planned_at DESC, key LIMIT @limit';

/**
 * Only the conditions that are given, so that each has its index: of one trigger the rows of its key, else those of each state by
 * themselves. The states come from a fixed list and stand in the text.
 */
function listSql({ triggerKey, states, from, after, search }: OccurrenceFilter): string {
  const conditions = [
    triggerKey === undefined ? '' : 'o.trigger_no = (SELECT trigger_no FROM triggers WHERE key = @key)',
    from === undefined ? '' : 'o.planned_at >= @from',
    search === undefined
      ? ''
      : `(t.key IN (SELECT value FROM json_each(@keys)) OR instr(lower_any(${SOUGHT}), @text) > 0)`,
    after === undefined ? '' : 'o.planned_at <= @afterAt AND (o.planned_at < @afterAt OR t.key > @afterKey)',
  ].filter((condition) => condition !== '');
  const selectOf = (...more: readonly string[]): string =>
    `SELECT ${COLUMNS} ${['WHERE true', ...conditions, ...more].join(' AND ')} ${NEWEST_FIRST}`;
  if (states === undefined) return selectOf();
  const named = OCCURRENCE_STATES.filter((state) => states.includes(state)).map((state) => `'${state}'`);
  if (named.length === 0 || triggerKey !== undefined) return selectOf(`o.state IN (${named.join(', ')})`);
  const parts = named.map((state) => `SELECT * FROM (${selectOf(`o.state = ${state}`)})`);
  return `${parts.join(' UNION ALL ')} ${NEWEST_FIRST}`;
}

const toOccurrence = (row: OccurrenceRow): Occurrence => ({
  triggerKey: row.key,
  plannedAt: row.planned_at,
  dueAt: row.due_at,
  state: row.state,
  reason: row.reason,
  evidence: JSON.parse(row.evidence) as OccurrenceEvidence,
  at: row.at,
  runId: row.run_id,
});
