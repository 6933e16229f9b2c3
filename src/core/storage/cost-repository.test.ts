import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../shared/model/agent.ts';
import type { RunEvent } from '../../shared/model/events.ts';
import type { CostFilter } from './cost-filter.ts';
import { summedCalls } from './cost-spans.ts';
import { addRun, cleanUp, created, makeFolder, newRun, openStore, summary } from './store.test-support.ts';
import type { Store } from './store.ts';

afterEach(cleanUp);

type Call = Partial<Extract<RunEvent, { type: 'agent.call_ended' }>>;

const call = (more: Call = {}): RunEvent => ({
  type: 'agent.call_ended',
  path: 'step_1',
  attempt: 1,
  agent: 'openai',
  model: 'gpt-4o',
  usage: { ...NO_USAGE, inputTokens: 1000, outputTokens: 500, cachedTokens: 200, reasoningTokens: 50 },
  cost: '0.0075',
  source: 'computed',
  durationMs: 1200,
  error: null,
  ...more,
});

interface Calls {
  readonly runId: string;
  readonly workflowId?: string;
  readonly at?: number;
  readonly calls: readonly RunEvent[];
}

const spend = (store: Store, { runId, workflowId = 'flow', at = 1_000, calls }: Calls): Promise<void> =>
  store.journal.append(
    newRun(store, { run: summary(runId, { workflowId, createdAt: at }), events: [created(), ...calls] }),
  );

describe('CostRepository', () => {
  it('has nothing to say where nothing was spent', async () => {
    const store = openStore();
    await addRun(store, 'r1');
    expect(store.costs.records({}, 10)).toEqual({ records: [], nextCursor: null });
    expect(store.costs.summary({})).toEqual({
      start_time: null,
      end_time: null,
      total_cost: '0',
      total_input_tokens: 0,
      total_output_tokens: 0,
      total_requests: 0,
      unpriced_requests: 0,
      partly_priced_requests: 0,
      by_workflow: [],
      by_agent: [],
      by_model: [],
    });
  });

  it('gives a record in the words of SPEC §11', async () => {
    const store = openStore();
    await spend(store, { runId: 'r1', at: Date.parse('2026-01-22T08:00:00Z'), calls: [call()] });
    expect(store.costs.records({}, 10).records).toEqual([
      {
        id: '2',
        timestamp: '2026-01-22T08:00:00.000Z',
        workflow_id: 'flow',
        run_id: 'r1',
        step_name: 'step_1',
        agent_name: 'openai',
        model_name: 'gpt-4o',
        token_usage: {
          input_tokens: 1000,
          output_tokens: 500,
          cached_tokens: 200,
          reasoning_tokens: 50,
          total_tokens: 1500,
        },
        estimated_cost: '0.0075',
        currency: 'USD',
        unit: 'tokens',
        source: 'computed',
        actor: 'tester',
        unpriced_part: null,
        metadata: { attempt: 1, duration_seconds: 1.2, cache_write_tokens: 0, error: null },
      },
    ]);
  });

  it('adds up exactly, apart by workflow, agent and model, the most expensive first', async () => {
    const store = openStore();
    await spend(store, { runId: 'r1', calls: [call({ cost: '0.1' }), call({ cost: '0.2', agent: 'claude-code' })] });
    await spend(store, {
      runId: 'r2',
      workflowId: 'other',
      at: 9_000,
      calls: [call({ cost: null, model: null }), call({ cost: '0.0000000001', model: 'm' })],
    });
    const found = store.costs.summary({});
    expect(found).toMatchObject({
      start_time: '1970-01-01T00:00:01.000Z',
      end_time: '1970-01-01T00:00:09.000Z',
      total_cost: '0.3000000001',
      total_input_tokens: 4000,
      total_output_tokens: 2000,
      total_requests: 4,
      unpriced_requests: 1,
    });
    expect(found.by_workflow.map((group) => [group.name, group.cost, group.unpriced_requests])).toEqual([
      ['flow', '0.3', 0],
      ['other', '0.0000000001', 1],
    ]);
    expect(found.by_agent.map((group) => [group.name, group.cost, group.requests])).toEqual([
      ['claude-code', '0.2', 1],
      ['openai', '0.1000000001', 3],
    ]);
    expect(found.by_model.map((group) => group.name)).toEqual(['gpt-4o', 'm', 'unknown']);
  });

  it('is exact beyond what a number holds', async () => {
    const store = openStore();
    const large = Array.from({ length: 3 }, () => call({ cost: '900719.9254740991' }));
    for (const [at, one] of large.entries()) await spend(store, { runId: `r${at}`, calls: [one] });
    expect(store.costs.summary({}).total_cost).toBe('2702159.7764222973');
  });

  it('filters by every field, alone and together', async () => {
    const store = openStore();
    await spend(store, { runId: 'r1', at: 1_000, calls: [call()] });
    await spend(store, {
      runId: 'r2',
      at: 2_000,
      workflowId: 'other',
      calls: [call({ agent: 'ollama', model: null })],
    });
    const found = (filter: Parameters<typeof store.costs.summary>[0]): readonly string[] => {
      const { records } = store.costs.records(filter, 10);
      expect(store.costs.summary(filter).total_requests).toBe(records.length);
      return records.map((record) => record.run_id);
    };
    expect(found({})).toEqual(['r2', 'r1']);
    expect(found({ since: 2_000 })).toEqual(['r2']);
    expect(found({ until: 2_000 })).toEqual(['r1']);
    expect(found({ workflow: 'other' })).toEqual(['r2']);
    expect(found({ run: 'r1' })).toEqual(['r1']);
    expect(found({ agent: 'ollama' })).toEqual(['r2']);
    expect(found({ model: 'gpt-4o' })).toEqual(['r1']);
    expect(found({ model: 'unknown' })).toEqual(['r2']);
    expect(found({ agent: 'ollama', model: 'gpt-4o' })).toEqual([]);
    expect(found({ workflow: "x' OR 1=1 --" })).toEqual([]);
  });

  it('pages newest first without losing or repeating one, also while new ones come', async () => {
    const store = openStore();
    for (let run = 0; run < 4; run += 1) {
      await spend(store, { runId: `r${run}`, at: 1_000 + Math.floor(run / 2), calls: [call(), call(), call()] });
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = store.costs.records({}, 5, cursor);
      seen.push(...page.records.map((record) => record.id));
      cursor = page.nextCursor ?? undefined;
      await spend(store, { runId: `new${seen.length}`, at: 9_000, calls: [call()] });
    } while (cursor !== undefined);
    expect(seen).toHaveLength(12);
    expect([...seen].sort((one, other) => Number(other) - Number(one))).toEqual(seen);
    expect(() => store.costs.records({}, 5, 'x')).toThrow(expect.objectContaining({ code: 'contract.invalid_input' }));
  });

  it('keeps what was spent when its run is deleted, and says so when a record is damaged', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    await spend(store, { runId: 'r1', calls: [call()] });
    store.runs.delete('r1');
    expect(store.costs.summary({}).total_cost).toBe('0.0075');
    const db = new Database(join(folder, 'state.db'));
    db.exec("UPDATE cost_records SET metadata = '{'");
    db.close();
    expect(() => store.costs.records({}, 1)).toThrow(expect.objectContaining({ code: 'store.corrupt' }));
  });

  it('adds up without reading the calls themselves', () => {
    const folder = makeFolder();
    openStore(folder);
    const db = new Database(join(folder, 'state.db'));
    const plan = (filter: CostFilter): string => {
      const { from, values } = summedCalls(filter);
      const rows = db.prepare(`EXPLAIN QUERY PLAN SELECT sum(cost_e10) FROM ${from}`).all(values);
      return (rows as { readonly detail: string }[]).map((row) => row.detail).join('; ');
    };
    const month = { since: Date.parse('2026-10-31T23:00:00Z'), until: Date.parse('2026-11-30T23:00:00Z') };
    const [all, ofMonth] = [plan({}), plan(month)];
    db.close();
    expect(all).toBe('SCAN cost_days');
    expect(ofMonth).toContain('SEARCH cost_days USING PRIMARY KEY (slot>? AND slot<?)');
    expect(ofMonth).not.toContain('cost_records');
  });
});
