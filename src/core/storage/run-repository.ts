import type { Statement } from 'better-sqlite3';
import { fromE10 } from '../../shared/decimal.ts';
import { AppError, type ErrorRecord } from '../../shared/errors.ts';
import type { RunCost } from '../../shared/model/cost.ts';
import type { Outcome, RunStatus, RunSummary, TriggerInfo } from '../../shared/model/run.ts';
import { damaged, parseStored } from './damage.ts';
import type { Connection } from './database.ts';
import { keepHeight } from './journal.ts';
import { sumOfRun } from './row-sum.ts';
import { conditionsOf, joinConditions, type RunFilter } from './run-filter.ts';

/** A page of the runs that a filter means. */
export interface RunPageQuery extends RunFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface RunRow {
  run_no: number;
  run_id: string;
  workflow_id: string;
  workflow_name: string;
  workflow_path: string;
  version_hash: string;
  version_label: string;
  trigger: TriggerInfo['type'];
  actor: string;
  agent: string | null;
  parent_run_id: string | null;
  linked_run_id: string | null;
  created_at: number;
  steps_total: number;
  status: RunStatus;
  outcome: Outcome | null;
  started_at: number | null;
  completed_at: number | null;
  steps_succeeded: number;
  steps_failed: number;
  steps_skipped: number;
  current_step: string | null;
  error: string | null;
  pause_requested: number;
  cancel_requested: number;
  cost_e10: number;
  model_calls: number;
  unpriced_calls: number;
  /** These three are null in rows of earlier schemas. */
  worked_ms: number | null;
  working_since: number | null;
  sum: number | null;
}

/** Events of a run that did not work all the time. */
const WAITED_TYPES = "('run.paused', 'run.in_doubt', 'step.in_doubt', 'run.recovered')";
const MOST_AVERAGED = 20;
const LEAST_AVERAGED = 3;
/** Runs of which it is remembered whether they waited. */
const MOST_KNOWN = 20_000;

const OPEN_STATUSES = "('pending', 'running')";

/** Reads of the `runs` projection. Lists come newest first and page by cursor. */
export class RunRepository {
  readonly #db: Connection;
  readonly #byId: Statement;
  readonly #byStartKey: Statement;
  #findWait: Statement | null = null;
  readonly #waited = new Map<string, boolean>();
  readonly #lists = new Map<string, Statement>();

  constructor(db: Connection) {
    this.#db = db;
    this.#byId = db.prepare('SELECT * FROM runs WHERE run_id = ?');
    this.#byStartKey = db.prepare('SELECT run_id FROM runs WHERE start_key = ?').pluck();
  }

  /** The run's row, or null when there is no such run. */
  find(runId: string): RunSummary | null {
    const row = this.#byId.get(runId) as RunRow | undefined;
    return row === undefined ? null : toSummary(row);
  }

  /** The short key of a run inside this file. */
  runNo(runId: string): number | null {
    return (this.#byId.get(runId) as RunRow | undefined)?.run_no ?? null;
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
    const rows = statement.all(...values, query.limit + 1) as RunRow[];
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const nextCursor = rows.length > query.limit && last !== undefined ? `${last.created_at}.${last.run_no}` : null;
    return { runs: page.map(toSummary), nextCursor };
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
      .prepare(`SELECT run_id FROM runs WHERE status IN ${OPEN_STATUSES} ORDER BY run_no`)
      .pluck()
      .all() as string[];
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
   * Mean duration of the last 20 completed runs of a workflow that worked all the time: one that was paused, in doubt or taken over
   * after a restart says nothing about how long the work takes. Null with fewer than 3; `except` is a run that is compared with them.
   */
  average(workflowId: string, except = ''): { readonly durationMs: number; readonly runs: number } | null {
    const rows = this.#db
      .prepare(
        `SELECT run_id, completed_at - started_at AS took FROM runs
         WHERE workflow_id = ? AND status = 'completed' AND run_id <> ? ORDER BY created_at DESC LIMIT 40`,
      )
      .all(workflowId, except) as { run_id: string; took: number }[];
    const worked = rows.filter((row) => !this.#hasWaited(row.run_id)).slice(0, MOST_AVERAGED);
    if (worked.length < LEAST_AVERAGED) return null;
    const sum = worked.reduce((total, { took }) => total + took, 0);
    return { durationMs: Math.round(sum / worked.length), runs: worked.length };
  }

  /** A run that has ended changes no more: it is looked up once. */
  #hasWaited(runId: string): boolean {
    const known = this.#waited.get(runId);
    if (known !== undefined) return known;
    this.#findWait ??= this.#db
      .prepare(`SELECT EXISTS (SELECT 1 FROM journal WHERE stream = ? AND type IN ${WAITED_TYPES})`)
      .pluck();
    const found = this.#findWait.get(`run:${runId}`);
    if (this.#waited.size >= MOST_KNOWN) this.#waited.clear();
    this.#waited.set(runId, found === 1);
    return found === 1;
  }

  /** How many runs of a workflow there are. */
  countOf(workflowId: string): number {
    return this.#db.prepare('SELECT count(*) FROM runs WHERE workflow_id = ?').pluck().get(workflowId) as number;
  }

  /** Removes a finished run with its steps and its part of the journal, whose positions are not given again. */
  delete(runId: string): void {
    this.#db
      .transaction(() => {
        keepHeight(this.#db);
        this.#db.prepare('DELETE FROM runs WHERE run_id = ?').run(runId);
        this.#db.prepare('DELETE FROM journal WHERE stream = ?').run(`run:${runId}`);
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
  return { ...where, sql: `SELECT * FROM runs ${where.sql} ORDER BY created_at DESC, run_no DESC LIMIT ?` };
}

/** `store.corrupt` when the row does not say what was written. */
function toSummary(row: RunRow): RunSummary {
  try {
    const summary = readSummary(row);
    if (row.sum === null || row.sum === sumOfRun(row.run_no, summary, row.worked_ms !== null)) return summary;
  } catch {
    // An amount or an error that is none: the same damage.
  }
  throw damaged(`The row of run ${row.run_id} is damaged: state.db`);
}

/** A row from before the time at work was kept says its whole time. */
function readWork(row: RunRow): Pick<RunSummary, 'workedMs' | 'workingSince'> {
  if (row.worked_ms !== null) return { workedMs: row.worked_ms, workingSince: row.working_since };
  if (row.started_at === null || row.completed_at === null)
    return { workedMs: 0, workingSince: row.status === 'running' ? row.started_at : null };
  return { workedMs: row.completed_at - row.started_at, workingSince: null };
}

function readSummary(row: RunRow): RunSummary {
  return {
    runId: row.run_id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    workflowPath: row.workflow_path,
    versionHash: row.version_hash,
    versionLabel: row.version_label,
    status: row.status,
    outcome: row.outcome,
    trigger: row.trigger,
    actor: row.actor,
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    ...readWork(row),
    stepsTotal: row.steps_total,
    stepsSucceeded: row.steps_succeeded,
    stepsFailed: row.steps_failed,
    stepsSkipped: row.steps_skipped,
    currentStep: row.current_step,
    agent: row.agent,
    error: row.error === null ? null : (parseStored(row.error) as ErrorRecord),
    parentRunId: row.parent_run_id,
    linkedRunId: row.linked_run_id,
    pauseRequested: row.pause_requested === 1,
    cancelRequested: row.cancel_requested === 1,
    cost: { usd: fromE10(row.cost_e10), calls: row.model_calls, unpricedCalls: row.unpriced_calls },
  };
}
