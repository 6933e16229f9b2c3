import type { Statement } from 'better-sqlite3';
import { divideHalfUp, fromE10 } from '../../shared/decimal.ts';
import type { CostSpend, SpendGroup, SpendPart } from '../../shared/model/cost.ts';
import type { CostLimit } from '../../shared/model/cost-limit.ts';
import type { CalendarPeriod } from '../time/index.ts';
import type { CostFilter } from './cost-filter.ts';
import { costOf } from './cost-repository.ts';
import { summedCalls } from './cost-spans.ts';
import type { Connection } from './database.ts';

/** Sums of one period. */
export type PeriodSpend = Omit<CostSpend['periods'][number], 'period' | 'starts_at' | 'ends_at'>;

/** Which calls of a period are looked at. */
export type SpendFilter = Omit<CostFilter, 'since' | 'until'>;

interface PartRow {
  readonly name: string;
  readonly requests: bigint;
  readonly unpriced: bigint;
  readonly input: bigint;
  readonly output: bigint;
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
  model: 'model',
};

/** Whose calls are added up: those of one workflow, agent or model, or all. */
export type SpentBy = Pick<CostLimit, 'scope' | 'scope_id'>;

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
  period({ startsAt, endsAt }: CalendarPeriod, by: SpendGroup, filter: SpendFilter): PeriodSpend {
    const { from, values } = summedCalls({ ...filter, since: startsAt, until: endsAt });
    const sql = `SELECT ${NAMES[by]} AS name, sum(requests) AS requests, sum(unpriced) AS unpriced, sum(input_tokens) AS input,
      sum(output_tokens) AS output, sum(cost_e10) AS cost FROM ${from} GROUP BY 1 ORDER BY 6 DESC, 1`;
    const rows = this.#prepare(sql).all(values) as PartRow[];
    return { ...sumOf(rows), parts: rows.map((row) => ({ name: row.name, ...sumOf([row]) })) };
  }

  /** What was spent in one period by several, in 10^-10 USD, in their order: all of them in one pass. */
  spentBy({ startsAt, endsAt }: CalendarPeriod, several: readonly SpentBy[]): readonly bigint[] {
    if (several.length === 0) return [];
    const { from, values } = summedCalls({ since: startsAt, until: endsAt });
    const sums = several.map(({ scope }, at) =>
      scope === 'workflow' || scope === 'agent' || scope === 'model'
        ? `coalesce(sum(CASE WHEN ${NAMES[scope]} = @name${at} THEN cost_e10 END), 0)`
        : 'coalesce(sum(cost_e10), 0)',
    );
    const names = Object.fromEntries(several.map(({ scope_id }, at) => [`name${at}`, scope_id]));
    const statement = this.#prepare(`SELECT ${sums.join(', ')} FROM ${from}`).raw();
    return statement.get({ ...values, ...names }) as readonly bigint[];
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
  return {
    ...{ cost: costOf(totals), requests: Number(totals.requests), unpriced_requests: Number(totals.unpriced) },
    ...{ input_tokens: Number(sum((row) => row.input)), output_tokens: Number(sum((row) => row.output)) },
  };
}
