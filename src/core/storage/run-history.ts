import type { Statement } from 'better-sqlite3';
import { divideHalfUp, fromE10 } from '../../shared/decimal.ts';
import { NO_USAGE, type TokenUsage } from '../../shared/model/agent.ts';
import type { AgentRecord } from '../../shared/model/cost.ts';
import type { Connection } from './database.ts';

/** What one agent and model did in one completed run; what an agent said it cost counts where it did. */
export interface RunShare {
  readonly runId: string;
  readonly agent: string;
  readonly model: string | null;
  readonly calls: number;
  readonly usage: TokenUsage;
  /** In 10^-10 USD, of calls of which the agent said what they cost; null = not of all of them. */
  readonly reportedE10: number | null;
}

interface ShareRow {
  readonly run_id: string;
  readonly agent: string;
  readonly model: string | null;
  readonly calls: number;
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly written: number;
  readonly reasoning: number;
  readonly reported_e10: number | null;
}

interface AgentRow {
  readonly agent: string;
  readonly status: string;
  readonly cost_e10: number;
  readonly worked_ms: number;
}

const PART = 0.9;

/** What past runs of a workflow used: estimates are made of it. */
export class RunHistory {
  readonly #shares: Statement;
  readonly #ended: Statement;

  constructor(db: Connection) {
    this.#shares =
      db.prepare(`SELECT run_id, agent, model, count(*) AS calls, sum(input_tokens) AS input, sum(output_tokens) AS output,
      sum(cached_tokens) AS cached, sum(reasoning_tokens) AS reasoning,
      sum(coalesce(json_extract(metadata, '$.cache_write_tokens'), 0)) AS written,
      CASE WHEN sum(source <> 'reported') = 0 THEN sum(cost_e10) END AS reported_e10
      FROM cost_records WHERE run_id IN (SELECT run_id FROM runs WHERE workflow_id = @workflow AND status = 'completed' AND model_calls > 0
        ORDER BY created_at DESC LIMIT @max) AND workflow_id = @workflow GROUP BY run_id, agent, model`);
    this.#ended =
      db.prepare(`SELECT agent, status, cost_e10, worked_ms FROM runs WHERE workflow_id = @workflow AND agent IS NOT NULL
      AND model_calls > 0 AND status IN ('completed', 'failed', 'cancelled') ORDER BY created_at DESC LIMIT @max`);
  }

  /** Of the newest completed runs. */
  shares(workflow: string, max: number): readonly RunShare[] {
    return (this.#shares.all({ workflow, max }) as ShareRow[]).map((row) => ({
      ...{ runId: row.run_id, agent: row.agent, model: row.model, calls: row.calls, reportedE10: row.reported_e10 },
      usage: {
        ...NO_USAGE,
        inputTokens: row.input,
        outputTokens: row.output,
        cachedTokens: row.cached,
        cacheWriteTokens: row.written,
        reasoningTokens: row.reasoning,
      },
    }));
  }

  /** How the runs of each agent came out, of the newest ended ones; who did most of them first. */
  agents(workflow: string, max: number): readonly AgentRecord[] {
    const rows = this.#ended.all({ workflow, max }) as AgentRow[];
    return [...Map.groupBy(rows, ({ agent }) => agent)]
      .map(([agent, runs]) => recordOf(agent, runs))
      .toSorted((one, other) => other.runs - one.runs || (one.agent < other.agent ? -1 : 1));
  }
}

function recordOf(agent: string, runs: readonly AgentRow[]): AgentRecord {
  const completed = runs.filter(({ status }) => status === 'completed');
  const cost = runs.reduce((sum, run) => sum + BigInt(run.cost_e10), 0n);
  const times = completed.map((run) => run.worked_ms / 1000).toSorted((one, other) => one - other);
  const at = (part: number): number | null => times[Math.ceil(times.length * part) - 1] ?? null;
  return {
    ...{ agent, runs: runs.length, completed: completed.length, cost: fromE10(cost) },
    cost_per_completed: completed.length === 0 ? null : fromE10(divideHalfUp(cost, BigInt(completed.length))),
    ...{ median_seconds: at(0.5), p90_seconds: at(PART) },
  };
}
