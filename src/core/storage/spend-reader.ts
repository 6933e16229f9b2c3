import type { Statement } from 'better-sqlite3';
import { divideHalfUp, fromE10 } from '../../shared/decimal.ts';
import type { CostSpend, SpendGroup, SpendPart } from '../../shared/model/cost.ts';
import type { CalendarPeriod } from '../time/index.ts';
import { type CostFilter, conditionsOf, SLOT_MS, UNKNOWN_MODEL } from './cost-filter.ts';
import { costOf } from './cost-repository.ts';
import type { Connection } from './database.ts';

/** Sums of one period. */
export type PeriodSpend = Pick<CostSpend['periods'][number], 'cost' | 'requests' | 'unpriced_requests' | 'parts'>;

interface PartRow {
  readonly name: string;
  readonly requests: bigint;
  readonly unpriced: bigint;
  readonly cost: bigint;
}

interface RunSums {
  readonly ended: bigint;
  readonly completed: bigint;
  readonly cost: bigint;
}

const NAMES: Readonly<Record<SpendGroup, string>> = {
  workflow: 'workflow_id',
  agent: 'agent',
  model: `coalesce(model, '${UNKNOWN_MODEL}')`,
};

/** What calls of one workflow, agent and model cost together, in 10^-10 USD. */
export interface NamedSpend {
  readonly workflow: string;
  readonly agent: string;
  readonly model: string;
  readonly cost: bigint;
}

/** What was spent in periods of the calendar (SPEC §11): exact, read in the order of time from one index. */
export class SpendReader {
  readonly #db: Connection;
  readonly #statements = new Map<string, Statement>();
  readonly #runs: Statement;

  constructor(db: Connection) {
    this.#db = db;
    this.#runs = db
      .prepare(`SELECT count(*) AS ended, coalesce(sum(status = 'completed'), 0) AS completed, coalesce(sum(cost_e10), 0) AS cost
        FROM runs WHERE created_at >= ? AND created_at < ? AND model_calls > 0 AND status IN ('completed', 'failed', 'cancelled')`)
      .safeIntegers(true);
  }

  /** What was spent in one period by calls that meet the filter; the most expensive part first. */
  period(
    { startsAt, endsAt }: CalendarPeriod,
    by: SpendGroup,
    filter: Omit<CostFilter, 'since' | 'until'>,
  ): PeriodSpend {
    const { where, values } = conditionsOf({ ...filter, since: startsAt, until: endsAt });
    // Without the word SQLite reads the index of groups from end to end for each period.
    const sql = `SELECT ${NAMES[by]} AS name, count(*) AS requests, count(*) - count(cost_e10) AS unpriced,
      coalesce(sum(cost_e10), 0) AS cost FROM cost_records INDEXED BY cost_records_time ${where} GROUP BY 1 ORDER BY 4 DESC, 1`;
    const rows = this.#prepare(sql).all(values) as PartRow[];
    return { ...sumOf(rows), parts: rows.map((row) => ({ name: row.name, ...sumOf([row]) })) };
  }

  /** What was spent in one period by each workflow with each agent and model. */
  named({ startsAt, endsAt }: CalendarPeriod): readonly NamedSpend[] {
    if (startsAt % SLOT_MS === 0 && endsAt % SLOT_MS === 0)
      return this.#prepare(`SELECT workflow_id AS workflow, agent, model, sum(cost_e10) AS cost
        FROM cost_sums WHERE slot >= ? AND slot < ? GROUP BY 1, 2, 3`).all(
        startsAt / SLOT_MS,
        endsAt / SLOT_MS,
      ) as NamedSpend[];
    return this.#prepare(`SELECT workflow_id AS workflow, agent, ${NAMES.model} AS model, coalesce(sum(cost_e10), 0) AS cost
      FROM cost_records INDEXED BY cost_records_time WHERE at >= ? AND at < ? GROUP BY 1, 2, 3`).all(
      startsAt,
      endsAt,
    ) as NamedSpend[];
  }

  /** The instant of the first record of all; null = there is none. */
  firstAt(): number | null {
    const at = this.#prepare('SELECT min(at) AS at FROM cost_records').get() as { readonly at: bigint | null };
    return at.at === null ? null : Number(at.at);
  }

  /** Runs that asked models and were started within the span, as far as they have ended. */
  runs(since: number, until: number): CostSpend['runs'] {
    const { ended, completed, cost } = this.#runs.get(since, until) as RunSums;
    const perRun = completed === 0n ? null : fromE10(divideHalfUp(cost, completed));
    return { ended: Number(ended), completed: Number(completed), cost_per_completed: perRun };
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

function sumOf(rows: readonly PartRow[]): Omit<SpendPart, 'name'> {
  const sum = (read: (row: PartRow) => bigint): bigint => rows.reduce((total, row) => total + read(row), 0n);
  const totals = {
    cost: sum((row) => row.cost),
    requests: sum((row) => row.requests),
    unpriced: sum((row) => row.unpriced),
  };
  return { cost: costOf(totals), requests: Number(totals.requests), unpriced_requests: Number(totals.unpriced) };
}
