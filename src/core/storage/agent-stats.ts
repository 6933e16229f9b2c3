import type { Statement } from 'better-sqlite3';
import type { Connection } from './database.ts';

/** What the runs of an agent came to so far (SPEC §4.3, §9). */
export interface StoredAgentStats {
  /** Percent of its ended runs, 2 decimals: completed / (completed + failed). */
  readonly success_rate: number;
  /** USD a run, of priced calls. */
  readonly avg_cost: number;
  /** Seconds a run; null = none has begun. */
  readonly avg_duration: number | null;
}

interface StatsRow {
  agent: string;
  completed: number;
  ended: number;
  cost: number;
  duration: number | null;
}

/** Runs by the agent that they were given to. */
export class AgentStatsReader {
  readonly #select: Statement;

  constructor(db: Connection) {
    this.#select = db.prepare(`SELECT agent, sum(status = 'completed') AS completed, count(*) AS ended,
      avg(cost_e10) AS cost, avg(completed_at - started_at) AS duration
      FROM runs WHERE agent IS NOT NULL AND status IN ('completed', 'failed') AND trigger <> 'replay' GROUP BY agent`);
  }

  /** By agent; one without an ended run is absent. */
  read(): Readonly<Record<string, StoredAgentStats>> {
    const rows = this.#select.all() as StatsRow[];
    return Object.fromEntries(
      rows.map((row) => [
        row.agent,
        {
          success_rate: Math.round((row.completed / row.ended) * 10_000) / 100,
          avg_cost: row.cost / 1e10,
          avg_duration: row.duration === null ? null : row.duration / 1000,
        },
      ]),
    );
  }
}
