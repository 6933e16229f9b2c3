import type { Statement } from 'better-sqlite3';
import { fromE10, toE10 } from '../../shared/decimal.ts';
import type { CostLimit } from '../../shared/model/cost-limit.ts';
import { type CostFilter, conditionsOf } from './cost-filter.ts';
import { summedCalls } from './cost-spans.ts';
import type { Connection } from './database.ts';

interface LimitRow extends Omit<CostLimit, 'max_cost' | 'action_on_limit' | 'allow_unpriced'> {
  readonly max_e10: number;
  readonly action: CostLimit['action_on_limit'];
  readonly allow_unpriced: number;
}

/** A call that is about to be made, and what it is held to cost at most, in 10^-10 USD. */
export interface Reservation {
  /** UTC ms. */
  readonly at: number;
  readonly workflowId: string;
  readonly runId: string;
  readonly path: string;
  readonly attempt: number;
  readonly agent: string;
  readonly model: string | null;
  readonly costE10: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What it is booked at when its end is never known; null = nobody knows its price. */
  readonly estimateE10: number | null;
}

/** A call that was under way when its engine died. */
export type LostReservation = Pick<Reservation, 'model' | 'inputTokens' | 'outputTokens' | 'estimateE10'>;

/** Which run is given more than a limit says, and until when; see `state-022-cost-allowances`. */
export interface Allowance {
  readonly limit: string;
  readonly root: string;
  readonly period: string;
}

/** Whose calls are added up; a run with the runs below it. */
export type UsedBy = Pick<CostFilter, 'since' | 'workflow' | 'agent' | 'model'> & { readonly runTree?: string };

/** What is used of a limit, in 10^-10 USD: booked, and held by calls that are under way or were lost. */
export interface Used {
  readonly booked: bigint;
  readonly reserved: bigint;
}

const TREE = `WITH RECURSIVE tree(id) AS (VALUES(@root) UNION ALL SELECT run_id FROM runs JOIN tree ON parent_run_id = id) `;

/** Limits of spending and what counts for them (SPEC §11). */
export class LimitRepository {
  readonly #db: Connection;
  readonly #list: Statement;
  readonly #save: Statement;
  readonly #remove: Statement;
  readonly #reserve: Statement;
  readonly #reserved: Statement;
  readonly #release: Statement;
  readonly #releaseAll: Statement;
  readonly #alert: Statement;
  readonly #forgetAlerts: Statement;
  readonly #allowed: Statement;
  readonly #allow: Statement;
  readonly #forgetAllowances: Statement;
  readonly #parent: Statement;
  readonly #dearest: Statement;
  readonly #statements = new Map<string, Statement>();
  #written: readonly CostLimit[] = [];

  constructor(db: Connection) {
    this.#db = db;
    this.#list = db.prepare('SELECT * FROM cost_limits ORDER BY name');
    this.#save = db.prepare(`INSERT OR REPLACE INTO cost_limits(name, max_e10, period, timezone, scope, scope_id,
      alert_threshold, action, allow_unpriced) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#remove = db.prepare('DELETE FROM cost_limits WHERE name = ?');
    this.#reserve =
      db.prepare(`INSERT INTO cost_reservations(at, workflow_id, run_id, path, attempt, agent, model, cost_e10,
      input_tokens, output_tokens, estimate_e10) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#reserved = db.prepare(`SELECT model, input_tokens AS inputTokens, output_tokens AS outputTokens,
      estimate_e10 AS estimateE10 FROM cost_reservations WHERE run_id = ? AND path = ? AND attempt = ? ORDER BY id DESC`);
    this.#releaseAll = db.prepare('DELETE FROM cost_reservations WHERE run_id = ? AND path = ? AND attempt = ?');
    this.#release = db.prepare('DELETE FROM cost_reservations WHERE id = ?');
    this.#alert = db.prepare('INSERT OR IGNORE INTO cost_alerts(limit_name, level, period) VALUES (?, ?, ?)');
    this.#forgetAlerts = db.prepare('DELETE FROM cost_alerts WHERE limit_name = ?');
    this.#allowed = db
      .prepare('SELECT extra_e10 FROM cost_allowances WHERE limit_name = ? AND run_id = ? AND period = ?')
      .pluck();
    this.#allow = db.prepare(`INSERT INTO cost_allowances(limit_name, run_id, period, extra_e10) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET extra_e10 = extra_e10 + excluded.extra_e10`);
    this.#forgetAllowances = db.prepare('DELETE FROM cost_allowances WHERE limit_name = ?');
    this.#parent = db.prepare('SELECT parent_run_id FROM runs WHERE run_id = ?').pluck();
    this.#dearest = db
      .prepare(
        'SELECT coalesce(max(cost), 0) FROM (SELECT sum(cost_e10) AS cost FROM cost_records WHERE at >= ? GROUP BY run_id)',
      )
      .pluck()
      .safeIntegers(true);
  }

  /** Limits of the settings (`costs.limits`, SPEC §14): they hold as long as they stand there, and go before one of the same name. */
  setWritten(limits: readonly CostLimit[]): void {
    this.#written = limits;
  }

  /** The limit of that name stands in the settings. */
  isWritten(name: string): boolean {
    return this.#written.some((limit) => limit.name === name);
  }

  /** All limits, by name. */
  list(): readonly CostLimit[] {
    if (this.#written.length === 0) return this.#stored();
    const stored = this.#stored().filter(({ name }) => !this.isWritten(name));
    return [...stored, ...this.#written].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  #stored(): readonly CostLimit[] {
    return (this.#list.all() as LimitRow[]).map(({ max_e10, action, allow_unpriced, ...row }) => ({
      ...row,
      max_cost: fromE10(max_e10),
      action_on_limit: action,
      allow_unpriced: allow_unpriced !== 0,
    }));
  }

  /** Adds a limit, or replaces the one of that name. */
  save(limit: CostLimit): void {
    const { name, max_cost, period, timezone, scope, scope_id, alert_threshold, action_on_limit } = limit;
    const allows = limit.allow_unpriced ? 1 : 0;
    const e10 = toE10(max_cost);
    this.#save.run(name, e10, period, timezone, scope, scope_id, alert_threshold, action_on_limit, allows);
  }

  /** True when there was one of that name. Another limit of the name gives its warnings anew, and nobody more than it says. */
  remove(name: string): boolean {
    return this.#db.transaction(() => {
      this.#forgetAllowances.run(name);
      this.#forgetAlerts.run(name);
      return this.#remove.run(name).changes > 0;
    })();
  }

  /** Holds what a call may cost; returns the number by which it is released. */
  reserve(held: Reservation): number {
    const { at, workflowId, runId, path, attempt, agent, model, costE10 } = held;
    const more = [held.inputTokens, held.outputTokens, held.estimateE10];
    return Number(
      this.#reserve.run(at, workflowId, runId, path, attempt, agent, model, costE10, ...more).lastInsertRowid,
    );
  }

  /** What calls of an attempt hold whose end is not booked, the newest first: their bookings take them away one by one. */
  reserved({ runId, path, attempt }: Pick<Reservation, 'runId' | 'path' | 'attempt'>): readonly LostReservation[] {
    return this.#reserved.all(runId, path, attempt) as LostReservation[];
  }

  /** Nothing of an attempt was called. */
  releaseAll({ runId, path, attempt }: Pick<Reservation, 'runId' | 'path' | 'attempt'>): void {
    this.#releaseAll.run(runId, path, attempt);
  }

  /** The call was never made, or is booked: nothing is held any more. */
  release(id: number): void {
    this.#release.run(id);
  }

  /** True when this warning was not given yet in this period. */
  noteAlert(limit: string, level: 'warning' | 'critical', period: string): boolean {
    return this.#alert.run(limit, level, period).changes > 0;
  }

  /** By how much a run may go beyond a limit, in 10^-10 USD. */
  allowed({ limit, root, period }: Allowance): number {
    return (this.#allowed.get(limit, root, period) as number | undefined) ?? 0;
  }

  /** Gives a run so much more. */
  allow({ limit, root, period }: Allowance, extraE10: number): void {
    this.#allow.run(limit, root, period, extraE10);
  }

  /** The run at the top of the tree that a run belongs to. */
  rootOf(runId: string): string {
    let root = runId;
    for (let parent = this.#parent.get(root); typeof parent === 'string'; parent = this.#parent.get(root))
      root = parent;
    return root;
  }

  /** What the most expensive run since an instant has cost by itself. */
  dearestRun(since: number): bigint {
    return this.#dearest.get(since) as bigint;
  }

  used(by: UsedBy): Used {
    return { booked: this.#booked(by), reserved: this.#sumOf('cost_reservations', by) };
  }

  #booked({ runTree, ...of }: UsedBy): bigint {
    if (runTree !== undefined) return this.#sumOf('cost_records', { runTree, ...of });
    const { from, values } = summedCalls(of);
    return this.#prepare(`SELECT coalesce(sum(cost_e10), 0) FROM ${from}`).pluck().get(values) as bigint;
  }

  #sumOf(table: 'cost_records' | 'cost_reservations', by: UsedBy): bigint {
    const { tree, where, values } = callsOf(by);
    const sql = `${tree}SELECT coalesce(sum(cost_e10), 0) FROM ${table} ${where}`;
    return this.#prepare(sql).pluck().get(values) as bigint;
  }

  /** When the calls that were made first had cost so much together, in 10^-10 USD (UTC ms); null = all together have not. */
  spentAt(by: UsedBy, amount: bigint): number | null {
    const { tree, where, values } = callsOf(by);
    const calls = this.#prepare(`${tree}SELECT at, cost_e10 AS cost FROM cost_records ${where} ORDER BY at`).iterate(
      values,
    ) as IterableIterator<{ readonly at: bigint; readonly cost: bigint | null }>;
    let sum = 0n;
    for (const { at, cost } of calls) {
      sum += cost ?? 0n;
      if (sum >= amount) return Number(at);
    }
    return null;
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql).safeIntegers(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Whose calls are meant, as SQL with what stands for its names. */
function callsOf({ runTree, ...filter }: UsedBy): {
  readonly tree: string;
  readonly where: string;
  readonly values: Readonly<Record<string, string | number>>;
} {
  const { where, values } = conditionsOf(filter);
  if (runTree === undefined) return { tree: '', where, values };
  const inTree = `${where === '' ? 'WHERE' : `${where} AND`} run_id IN (SELECT id FROM tree)`;
  return { tree: TREE, where: inTree, values: { ...values, root: runTree } };
}
