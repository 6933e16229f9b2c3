import type { Statement } from 'better-sqlite3';
import { divideHalfUp, fromE10 } from '../../shared/decimal.ts';
import type { RunStatus } from '../../shared/model/run.ts';
import type { NamedRunFigures, RunFigures, RunPeriod, RunStatistics } from '../../shared/model/run-statistics.ts';
import type { CalendarPeriod } from '../time/index.ts';
import type { Connection } from './database.ts';
import { conditionsOf, joinConditions, type RunFilter } from './run-filter.ts';

/** Which runs are counted, besides those that were started within the periods. */
export type StatisticsFilter = Pick<RunFilter, 'workflow'>;

type Counted = Omit<RunStatistics, 'zone' | 'unit'>;

/** A run that has ended; in the order of the statement below. */
type EndedRow = readonly [
  createdAt: number,
  status: 'completed' | 'failed' | 'cancelled',
  workflow: string,
  agent: string | null,
  workedMs: number,
  costE10: number,
  calls: number,
];

/** How runs fared: read in one pass in the order of their starts. */
export class RunStatisticsReader {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Runs that were started within the periods, which follow each other without a gap. */
  read(periods: readonly CalendarPeriod[], filter: StatisticsFilter): Counted {
    const span = { since: periods[0]?.startsAt ?? 0, until: periods.at(-1)?.endsAt ?? 0 };
    const { sql, values } = joinConditions(conditionsOf({ ...filter, ...span, withoutReplays: true }));
    const counts = this.#db.prepare(`SELECT status, count(*) FROM runs ${sql} GROUP BY status`).raw();
    const byStatus: Partial<Record<RunStatus, number>> = Object.fromEntries(
      counts.all(values) as (readonly [RunStatus, number])[],
    );
    const figures = this.#figures(periods, this.#ended(sql).iterate(values) as IterableIterator<EndedRow>);
    const { completed = 0, failed = 0, running = 0 } = byStatus;
    return {
      total_executions: Object.values(byStatus).reduce((sum, count) => sum + count, 0),
      by_status: byStatus,
      success_rate: rateOf(completed, failed),
      ...{ completed, failed, running },
      ...figures,
    };
  }

  /** The instant of the first run of all, UTC ms; null = there is none. */
  firstAt(): number | null {
    return this.#db.prepare('SELECT min(created_at) FROM runs').pluck().get() as number | null;
  }

  #ended(where: string): Statement {
    return this.#db
      .prepare(`SELECT created_at, status, workflow_id, agent, worked_ms, cost_e10, model_calls FROM runs ${where}
        AND status IN ('completed', 'failed', 'cancelled') ORDER BY created_at`)
      .raw();
  }

  #figures(
    periods: readonly CalendarPeriod[],
    rows: Iterable<EndedRow>,
  ): Pick<RunStatistics, 'periods' | 'by_workflow' | 'by_agent'> {
    const byPeriod = periods.map(() => new Figures());
    const byWorkflow = new Map<string, Figures>();
    const byAgent = new Map<string, Figures>();
    let at = 0;
    for (const row of rows) {
      const [createdAt, , workflow, agent] = row;
      while (createdAt >= (periods[at]?.endsAt ?? Number.POSITIVE_INFINITY)) at += 1;
      byPeriod[at]?.add(row);
      figuresOf(byWorkflow, workflow).add(row);
      if (agent !== null) figuresOf(byAgent, agent).add(row);
    }
    return {
      periods: periods.map(
        ({ name, startsAt, endsAt }, index): RunPeriod => ({
          ...{ period: name, starts_at: new Date(startsAt).toISOString(), ends_at: new Date(endsAt).toISOString() },
          ...(byPeriod[index] as Figures).told(),
        }),
      ),
      by_workflow: named(byWorkflow),
      by_agent: named(byAgent),
    };
  }
}

function figuresOf(all: Map<string, Figures>, name: string): Figures {
  const known = all.get(name) ?? new Figures();
  all.set(name, known);
  return known;
}

const named = (all: ReadonlyMap<string, Figures>): readonly NamedRunFigures[] =>
  [...all]
    .toSorted(([name, one], [other, two]) => two.count - one.count || (name < other ? -1 : 1))
    .map(([name, figures]) => ({ name, ...figures.told() }));

const rateOf = (completed: number, failed: number): number =>
  completed + failed === 0 ? 0 : Math.round((completed / (completed + failed)) * 10_000) / 100;

/** Adds runs up. */
class Figures {
  readonly #count = { completed: 0, failed: 0, cancelled: 0 };
  readonly #workedMs: number[] = [];
  #cost = 0n;
  #calls = 0;

  get count(): number {
    return this.#count.completed + this.#count.failed + this.#count.cancelled;
  }

  add([, status, , , workedMs, costE10, calls]: EndedRow): void {
    this.#count[status] += 1;
    if (status === 'completed') this.#workedMs.push(workedMs);
    this.#cost += BigInt(costE10);
    this.#calls += calls;
  }

  told(): RunFigures {
    const { completed, failed } = this.#count;
    const times = Float64Array.from(this.#workedMs).sort();
    const at = (part: number): number | null => {
      const ms = times[Math.ceil(times.length * part) - 1];
      return ms === undefined ? null : ms / 1000;
    };
    const cost = this.#calls === 0 ? null : this.#cost;
    return {
      ...this.#count,
      ...{ success_rate: rateOf(completed, failed), p50_seconds: at(0.5), p95_seconds: at(0.95) },
      cost: cost === null ? null : fromE10(cost),
      cost_per_completed: cost === null || completed === 0 ? null : fromE10(divideHalfUp(cost, BigInt(completed))),
    };
  }
}
