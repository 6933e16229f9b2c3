import type { Statement } from 'better-sqlite3';
import type { UsualStep } from '../../shared/contract/index.ts';
import { fromE10 } from '../../shared/decimal.ts';
import { AppError } from '../../shared/errors.ts';
import type { RunCost } from '../../shared/model/cost.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import type { Connection } from './database.ts';
import { eventIn } from './migrations/state-007-joined-events.ts';
import { conditionsOf, joinConditions, type RunFilter } from './run-filter.ts';
import { type RunRow, readRunRow } from './run-row.ts';

/** A page of the runs that a filter means. */
export interface RunPageQuery extends RunFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

type StoredRunRow = RunRow & { readonly sum: number | null };

/** What a list reads of each row; the rest only of those that it does not know yet. */
type ListedRow = Pick<StoredRunRow, 'run_no' | 'created_at' | 'sum'>;

/** Summaries that are kept: some pages of a list. */
const MOST_KEPT = 1_000;

const MOST_AVERAGED = 20;
const LEAST_AVERAGED = 3;
const OPEN_STATUSES = "('pending', 'running')";
/** Not of those that go on elsewhere: nothing of them is done here. */
const IS_HERE = `run_id NOT IN (SELECT run_id FROM remote_runs WHERE (role = 'home' AND state = 'open')
  OR (role = 'worker' AND state = 'taken'))`;

/** The runs of a workflow that say how long its work takes: those that worked all the time, newest first. */
const COMPARABLE = `runs WHERE workflow_id = ? AND status = 'completed' AND worked_ms = completed_at - started_at
  AND trigger <> 'replay' AND run_id <> ? ORDER BY created_at DESC LIMIT ?`;

/** Reads of the `runs` projection. Lists come newest first and page by cursor. */
export class RunRepository {
  readonly #db: Connection;
  readonly #byId: Statement;
  readonly #numberOf: Statement;
  readonly #byNumbers: Statement;
  readonly #byStartKey: Statement;
  readonly #average: Statement;
  readonly #countOf: Statement;
  readonly #succeeded: Statement;
  readonly #due: Statement;
  readonly #waitingOf: Statement;
  readonly #nextWake: Statement;
  readonly #openOf: Statement;
  readonly #hearing: Statement;
  /** What rows said when they were read and checked last, by number: while its sum is the same, so is the row. */
  readonly #kept = new Map<number, { readonly sum: number | null; readonly summary: RunSummary }>();
  readonly #lists = new Map<string, Statement>();

  constructor(db: Connection) {
    this.#db = db;
    this.#byId = db.prepare('SELECT * FROM runs WHERE run_id = ?');
    this.#numberOf = db.prepare('SELECT run_no FROM runs WHERE run_id = ?').pluck();
    this.#byNumbers = db.prepare('SELECT * FROM runs WHERE run_no IN (SELECT value FROM json_each(?))');
    this.#byStartKey = db.prepare('SELECT run_id FROM runs WHERE start_key = ?').pluck();
    this.#average = db.prepare(`SELECT CAST(round(avg(worked_ms)) AS INTEGER) AS durationMs, count(*) AS runs FROM (
      SELECT worked_ms FROM ${COMPARABLE})`);
    this.#due = db.prepare(`SELECT run_id FROM runs WHERE wake_at <= ? AND ${IS_HERE} ORDER BY wake_at`).pluck();
    this.#waitingOf = db
      .prepare("SELECT run_id FROM runs WHERE workflow_id = ? AND status = 'waiting' AND waits_for <> 'queue'")
      .pluck();
    // The plus keeps SQLite at the few that are open, however many runs the workflow had.
    this.#openOf = db.prepare(`SELECT run_id AS runId, status, waits_for AS waitsFor FROM runs WHERE +workflow_id = ?
      AND status IN ('pending', 'running', 'waiting', 'paused', 'in_doubt') ORDER BY created_at, run_no`);
    this.#nextWake = db.prepare(`SELECT min(wake_at) FROM runs WHERE wake_at > ? AND ${IS_HERE}`).pluck();
    this.#hearing = db.prepare(
      `SELECT run_id AS runId, workflow_id AS workflowId, hears FROM runs WHERE hears IS NOT NULL AND ${IS_HERE} ORDER BY run_no`,
    );
    this.#succeeded = db
      .prepare(
        "SELECT 1 FROM runs WHERE workflow_id = ? AND version_hash = ? AND status = 'completed' AND start_key IS NULL AND trigger <> 'replay' LIMIT 1",
      )
      .pluck();
    this.#countOf = db.prepare("SELECT count(*) FROM runs WHERE workflow_id = ? AND trigger <> 'replay'").pluck();
  }

  /** The run's row, or null when there is no such run. */
  find(runId: string): RunSummary | null {
    const row = this.#byId.get(runId) as StoredRunRow | undefined;
    return row === undefined ? null : readRunRow(row);
  }

  /** The run with this short key, or null. */
  byNumber(runNo: number): RunSummary | null {
    const [row] = this.#readWhole([{ run_no: runNo, created_at: 0, sum: null }]);
    return row === undefined ? null : readRunRow(row);
  }

  /** The short key of a run inside this file. */
  runNo(runId: string): number | null {
    return (this.#numberOf.get(runId) as number | undefined) ?? null;
  }

  /** The id of the run that was started with this key (SPEC §3.1). */
  findByStartKey(startKey: string): string | null {
    return (this.#byStartKey.get(startKey) as string | undefined) ?? null;
  }

  /**
   * Runs that meet the filter, newest first, at most `limit`; `nextCursor` asks for those behind them, null = there are none. A run
   * that is made or deleted meanwhile moves no other in or out of a page. `contract.invalid_input` for a cursor that is none.
   */
  list(query: RunPageQuery): { readonly runs: readonly RunSummary[]; readonly nextCursor: string | null } {
    const { sql, values } = buildListQuery(query);
    let statement = this.#lists.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#lists.set(sql, statement);
    }
    const rows = statement.all(...values, query.limit + 1) as ListedRow[];
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const nextCursor = rows.length > query.limit && last !== undefined ? `${last.created_at}.${last.run_no}` : null;
    return { runs: this.#summariesOf(page), nextCursor };
  }

  /** Rows that are not known are read whole, and checked, in one query. */
  #summariesOf(page: readonly ListedRow[]): readonly RunSummary[] {
    const unknown = page.filter(({ run_no, sum }) => sum === null || this.#kept.get(run_no)?.sum !== sum);
    const read = new Map(
      this.#readWhole(unknown).map((row) => [row.run_no, { sum: row.sum, summary: readRunRow(row) }]),
    );
    const summaries = page.flatMap(({ run_no }) => (read.get(run_no) ?? this.#kept.get(run_no))?.summary ?? []);
    if (this.#kept.size + read.size > MOST_KEPT) this.#kept.clear();
    for (const [runNo, one] of read) if (this.#kept.size < MOST_KEPT) this.#kept.set(runNo, one);
    return summaries;
  }

  #readWhole(rows: readonly ListedRow[]): readonly StoredRunRow[] {
    if (rows.length === 0) return [];
    return this.#byNumbers.all(JSON.stringify(rows.map(({ run_no }) => run_no))) as StoredRunRow[];
  }

  /** How many runs meet the filter and what they cost together, by their rows. */
  totals(filter: RunFilter): { readonly runs: number; readonly cost: RunCost } {
    const { sql, values } = joinConditions(conditionsOf(filter));
    const columns = 'count(*) AS runs, total(model_calls) AS calls, total(unpriced_calls) AS unpriced';
    const statement = this.#db.prepare(
      `SELECT ${columns}, CAST(coalesce(sum(cost_e10), 0) AS TEXT) AS cost FROM runs ${sql}`,
    );
    const row = statement.get(...values) as { runs: number; calls: number; unpriced: number; cost: string };
    const cost = { usd: fromE10(BigInt(row.cost)), calls: row.calls, unpricedCalls: row.unpriced };
    return { runs: row.runs, cost };
  }

  /** Ids of runs that a new engine takes over. */
  openRunIds(): readonly string[] {
    return this.#db
      .prepare(
        `SELECT run_id FROM runs WHERE (status IN ${OPEN_STATUSES} OR rollback = 'in_progress') AND ${IS_HERE} ORDER BY run_no`,
      )
      .pluck()
      .all() as string[];
  }

  /** Ids of the waiting runs whose instant has come, the longest overdue first. */
  dueRunIds(now: number): readonly string[] {
    return this.#due.all(now) as string[];
  }

  /** Ids of the runs that wait for others, oldest first. */
  idsWaitingForRuns(): readonly string[] {
    return this.#db
      .prepare(
        `SELECT run_id FROM runs WHERE status = 'waiting' AND waits_for = 'child' AND ${IS_HERE} ORDER BY run_no`,
      )
      .pluck()
      .all() as string[];
  }

  /** The runs that wait for something to come at a webhook, oldest first, with its path or paths. */
  hearing(): readonly { readonly runId: string; readonly workflowId: string; readonly hears: string }[] {
    return this.#hearing.all() as { runId: string; workflowId: string; hears: string }[];
  }

  /** The runs that wait for their turn, in the order of their beginning. */
  queued(): readonly { readonly runId: string; readonly workflowId: string }[] {
    return this.#db
      .prepare(
        `SELECT run_id AS runId, workflow_id AS workflowId FROM runs WHERE status = 'waiting' AND waits_for = 'queue' AND ${IS_HERE}
         ORDER BY run_no`,
      )
      .all() as { runId: string; workflowId: string }[];
  }

  /** Ids of the runs of a workflow that wait for something else than their turn. */
  waitingOf(workflowId: string): readonly string[] {
    return this.#waitingOf.all(workflowId) as string[];
  }

  /** The runs of a workflow that have not ended, oldest first. */
  openOf(workflowId: string): readonly Pick<RunSummary, 'runId' | 'status' | 'waitsFor'>[] {
    return this.#openOf.all(workflowId) as Pick<RunSummary, 'runId' | 'status' | 'waitsFor'>[];
  }

  /** The first instant after another at which a waiting run goes on by itself, UTC ms; null = none does. */
  nextWakeAt(after: number): number | null {
    return this.#nextWake.get(after) as number | null;
  }

  /** Status -> number of runs; a status without runs is absent. */
  countByStatus(): Readonly<Record<string, number>> {
    const rows = this.#db.prepare('SELECT status, count(*) AS n FROM runs GROUP BY status').all() as {
      status: string;
      n: number;
    }[];
    return Object.fromEntries(rows.map((row) => [row.status, row.n]));
  }

  /**
   * Mean duration of the last 20 completed runs of a workflow that worked all the time: one that waited, for a person or while nobody
   * drove it, says nothing about how long the work takes. Null with fewer than 3; `except` is a run that is compared with them.
   */
  average(workflowId: string, except = ''): { readonly durationMs: number; readonly runs: number } | null {
    const row = this.#average.get(workflowId, except, MOST_AVERAGED) as { durationMs: number; runs: number };
    return row.runs < LEAST_AVERAGED ? null : row;
  }

  /**
   * When after the start each step of the runs of `average` began, and how long it took, by path; turns of loops are not told apart, so
   * not told.
   */
  usualSteps(workflowId: string, except = ''): Readonly<Record<string, UsualStep>> {
    const rows = this.#db
      .prepare(
        `SELECT s.path, avg(s.started_at - r.started_at) AS after_ms, avg(s.completed_at - s.started_at) AS took_ms
         FROM steps s JOIN (SELECT run_no, started_at FROM ${COMPARABLE}) r USING (run_no)
         WHERE s.status = 'completed' AND s.started_at IS NOT NULL AND instr(s.path, '[') = 0 GROUP BY s.path`,
      )
      .all(workflowId, except, MOST_AVERAGED) as { path: string; after_ms: number; took_ms: number }[];
    return Object.fromEntries(
      rows.map(({ path, after_ms, took_ms }) => [
        path,
        { afterMs: Math.max(0, Math.round(after_ms)), durationMs: Math.round(took_ms) },
      ]),
    );
  }

  /** The newest run of a workflow, but one, in which a step completed. */
  findCompletedStep(
    workflowId: string,
    path: string,
    except: string,
  ): { readonly runId: string; readonly completedAt: number } | null {
    const row = this.#db
      .prepare(
        `SELECT r.run_id, s.completed_at FROM runs r JOIN steps s USING (run_no)
         WHERE r.workflow_id = ? AND r.run_id <> ? AND s.path = ? AND s.status = 'completed' AND r.trigger <> 'replay'
         ORDER BY r.created_at DESC LIMIT 1`,
      )
      .get(workflowId, except, path) as { run_id: string; completed_at: number } | undefined;
    return row === undefined ? null : { runId: row.run_id, completedAt: row.completed_at };
  }

  /** Whether a run of the version that a person started has completed. */
  hasSucceededByHand(workflowId: string, versionHash: string): boolean {
    return this.#succeeded.get(workflowId, versionHash) !== undefined;
  }

  /** How many runs of a workflow there are that did their work. */
  countOf(workflowId: string): number {
    return this.#countOf.get(workflowId) as number;
  }

  /** Removes a finished run with its steps and its part of the journal, whose positions are not given again. */
  delete(runId: string): void {
    this.#db
      .transaction(() => {
        const runNo = this.runNo(runId);
        // The versions that it pinned for the runs that its steps start may be needed by nobody any more.
        this.#db
          .prepare(
            `INSERT OR IGNORE INTO leftovers SELECT 'version', pin.value ->> '$.versionHash'
             FROM (SELECT ${eventIn('$[0]')} AS created FROM journal WHERE stream = ? ORDER BY seq LIMIT 1),
               json_each(created, '$.pins') pin`,
          )
          .run(runNo);
        this.#db.prepare('DELETE FROM remote_runs WHERE run_id = ?').run(runId);
        this.#db.prepare('DELETE FROM runs WHERE run_no = ?').run(runNo);
        this.#db.prepare('DELETE FROM journal WHERE stream = ?').run(runNo);
      })
      .immediate();
  }
}

function buildListQuery(query: RunPageQuery): { readonly sql: string; readonly values: readonly (string | number)[] } {
  const conditions = [...conditionsOf(query)];
  const cursor = /^(\d{1,15})\.(\d{1,15})$/.exec(query.cursor ?? '');
  if (cursor === null && query.cursor !== undefined)
    throw new AppError('contract.invalid_input', 'The cursor is not one that a list of runs gave.');
  if (cursor !== null)
    conditions.push({ sql: '(created_at, run_no) < (?, ?)', values: [Number(cursor[1]), Number(cursor[2])] });
  const where = joinConditions(conditions);
  return {
    ...where,
    sql: `SELECT run_no, created_at, sum FROM runs ${where.sql} ORDER BY created_at DESC, run_no DESC LIMIT ?`,
  };
}
