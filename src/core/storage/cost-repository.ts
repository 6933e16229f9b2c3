import type { Statement } from 'better-sqlite3';
import { fromE10 } from '../../shared/decimal.ts';
import type { JsonMap } from '../../shared/json.ts';
import { NO_USAGE, type TokenUsage } from '../../shared/model/agent.ts';
import type { CostGroup, CostRecord, CostSource, CostSummary } from '../../shared/model/cost.ts';
import { type CostFilter, conditionsOf } from './cost-filter.ts';
import { summedCalls } from './cost-spans.ts';
import { parseStored } from './damage.ts';
import type { Connection } from './database.ts';

/** The calls of one workflow, agent and model. Sums are exact and may be larger than a number holds. */
interface Totals {
  requests: bigint;
  unpriced: bigint;
  input: bigint;
  output: bigint;
  cost: bigint;
}

interface GroupRow extends Totals {
  workflow_id: string;
  agent: string;
  model: string;
}

interface RecordRow {
  position: number;
  at: number;
  workflow_id: string;
  run_id: string;
  step: string;
  agent: string;
  model: string | null;
  input_tokens: number;
  output_tokens: number;
  cached_tokens: number;
  reasoning_tokens: number;
  cost_e10: number | null;
  source: CostSource;
  metadata: string;
  actor: string | null;
  unpriced_part: string | null;
}

/** A call of which no agent said what it cost. */
export interface ComputedCall {
  /** Of its end in the journal. */
  readonly position: number;
  readonly at: number;
  readonly runId: string;
  readonly path: string;
  readonly agent: string;
  readonly model: string | null;
  readonly usage: TokenUsage;
  /** USD as decimal text; null = unpriced. */
  readonly cost: string | null;
  /** False = the run was deleted: only its costs stayed. */
  readonly hasRun: boolean;
}

const SUMS = `sum(requests) AS requests, sum(unpriced) AS unpriced, sum(input_tokens) AS input, sum(output_tokens) AS output,
  sum(cost_e10) AS cost`;

/** Reads of `cost_records` (SPEC §11): what the calls of models have cost. */
export class CostRepository {
  readonly #db: Connection;
  readonly #statements = new Map<string, Statement>();

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Exact sums over the records that meet the filter; groups come with the most expensive first. */
  summary(filter: CostFilter): CostSummary {
    const { from, values } = summedCalls(filter);
    const sql = `SELECT workflow_id, agent, model, ${SUMS} FROM ${from} GROUP BY workflow_id, agent, model`;
    const rows = this.#prepare(sql).safeIntegers(true).all(values) as GroupRow[];
    const total = rows.reduce(add, NOTHING);
    const { first, last } = this.#span(filter);
    return {
      start_time: isoOrNull(filter.since ?? first),
      end_time: isoOrNull(filter.until ?? last),
      total_cost: costOf(total),
      total_input_tokens: Number(total.input),
      total_output_tokens: Number(total.output),
      total_requests: Number(total.requests),
      unpriced_requests: Number(total.unpriced),
      partly_priced_requests: this.#partlyPriced(filter),
      by_workflow: groupBy(rows, (row) => row.workflow_id),
      by_agent: groupBy(rows, (row) => row.agent),
      by_model: groupBy(rows, (row) => row.model),
    };
  }

  /**
   * Records that meet the filter, newest first, at most `limit`; `nextCursor` asks for those behind them, null = there are none.
   * `contract.invalid_input` for a cursor that is none, `store.corrupt` for a damaged record.
   */
  records(
    filter: CostFilter,
    limit: number,
    cursor?: string,
  ): { readonly records: readonly CostRecord[]; readonly nextCursor: string | null } {
    const { where, values } = conditionsOf(filter, cursor);
    const sql = `SELECT * FROM cost_records ${where} ORDER BY at DESC, position DESC LIMIT @limit`;
    const rows = this.#prepare(sql).all({ ...values, limit: limit + 1 }) as RecordRow[];
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = rows.length > limit && last !== undefined ? `${last.at}.${last.position}` : null;
    return { records: page.map(toRecord), nextCursor };
  }

  /** Calls whose price follows from the price files, behind a position, in the order in which they ended. */
  computed(filter: CostFilter, behind: number, limit: number): readonly ComputedCall[] {
    const { where, values } = conditionsOf(filter);
    const and = where === '' ? 'WHERE' : `${where} AND`;
    const sql = `SELECT c.*, EXISTS (SELECT 1 FROM runs r WHERE r.run_id = c.run_id) AS has_run FROM cost_records c
      ${and} position > @behind AND source <> 'reported' ORDER BY position LIMIT @limit`;
    const rows = this.#prepare(sql).all({ ...values, behind, limit }) as (RecordRow & { has_run: 0 | 1 })[];
    return rows.map(toComputed);
  }

  /** Books another amount for a call whose run is gone; those of runs that are there follow from their journal. */
  reprice(position: number, costE10: number | null): void {
    this.#prepare('UPDATE cost_records SET cost_e10 = ? WHERE position = ?').run(costE10, position);
  }

  /** Calls of whose cost a part is in no amount. */
  #partlyPriced(filter: CostFilter): number {
    const { where, values } = conditionsOf(filter);
    const and = where === '' ? 'WHERE' : `${where} AND`;
    const sql = `SELECT count(*) FROM cost_records ${and} unpriced_part IS NOT NULL AND cost_e10 IS NOT NULL`;
    return this.#prepare(sql).pluck().get(values) as number;
  }

  /** The instants of the first and the last record that meet the filter; null = there is none. */
  #span(filter: CostFilter): { readonly first: number | null; readonly last: number | null } {
    const { where, values } = conditionsOf(filter);
    // Each alone is the first row of an index; together they are all rows.
    const end = (which: 'min' | 'max'): string => `(SELECT ${which}(at) FROM cost_records ${where})`;
    const row = this.#prepare(`SELECT ${end('min')} AS first, ${end('max')} AS last`).get(values);
    return row as { readonly first: number | null; readonly last: number | null };
  }

  /** There are few forms of a filter: each is prepared once. */
  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

const NOTHING: Totals = { requests: 0n, unpriced: 0n, input: 0n, output: 0n, cost: 0n };

const add = (one: Totals, other: Totals): Totals => ({
  requests: one.requests + other.requests,
  unpriced: one.unpriced + other.unpriced,
  input: one.input + other.input,
  output: one.output + other.output,
  cost: one.cost + other.cost,
});

function groupBy(rows: readonly GroupRow[], nameOf: (row: GroupRow) => string): readonly CostGroup[] {
  const groups = new Map<string, Totals>();
  for (const row of rows) groups.set(nameOf(row), add(groups.get(nameOf(row)) ?? NOTHING, row));
  return [...groups]
    .sort(([name, one], [otherName, other]) => {
      if (one.cost !== other.cost) return one.cost > other.cost ? -1 : 1;
      return name < otherName ? -1 : 1;
    })
    .map(([name, totals]) => ({
      name,
      cost: costOf(totals),
      input_tokens: Number(totals.input),
      output_tokens: Number(totals.output),
      requests: Number(totals.requests),
      unpriced_requests: Number(totals.unpriced),
    }));
}

/** What nobody can price is never 0 (SPEC §11). */
export const costOf = ({ cost, requests, unpriced }: Pick<Totals, 'cost' | 'requests' | 'unpriced'>): string | null =>
  requests > 0n && unpriced === requests ? null : fromE10(cost);

const isoOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

function toRecord(row: RecordRow): CostRecord {
  return {
    id: String(row.position),
    timestamp: new Date(row.at).toISOString(),
    workflow_id: row.workflow_id,
    run_id: row.run_id,
    step_name: row.step,
    agent_name: row.agent,
    model_name: row.model,
    token_usage: {
      input_tokens: row.input_tokens,
      output_tokens: row.output_tokens,
      cached_tokens: row.cached_tokens,
      reasoning_tokens: row.reasoning_tokens,
      total_tokens: row.input_tokens + row.output_tokens,
    },
    estimated_cost: row.cost_e10 === null ? null : fromE10(row.cost_e10),
    currency: 'USD',
    unit: 'tokens',
    source: row.source,
    actor: row.actor,
    unpriced_part: row.unpriced_part,
    metadata: parseStored(row.metadata) as JsonMap,
  };
}

function toComputed(row: RecordRow & { has_run: 0 | 1 }): ComputedCall {
  const { position, at, run_id: runId, step: path, agent, model } = row;
  const { cache_write_tokens: written } = parseStored(row.metadata) as JsonMap;
  return {
    ...{ position, at, runId, path, agent, model },
    usage: {
      ...NO_USAGE,
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      cachedTokens: row.cached_tokens,
      cacheWriteTokens: typeof written === 'number' ? written : 0,
      reasoningTokens: row.reasoning_tokens,
      isEstimated: row.source === 'estimated',
    },
    cost: row.cost_e10 === null ? null : fromE10(row.cost_e10),
    hasRun: row.has_run === 1,
  };
}
