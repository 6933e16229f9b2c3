/**
 * `costs.limits` and what a call asks of the limits, over a seeded store: node tests/bench/cost-limits.ts [rows] [days]. Prints medians of
 * seven in ms, a line of JSON.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { BudgetKeeper } from '../../src/core/operations/budget-keeper.ts';
import { limitForecasts } from '../../src/core/operations/limit-forecasts.ts';
import { Store } from '../../src/core/storage/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import type { CostLimit } from '../../src/shared/model/cost-limit.ts';

const [rows = 1_000_000, days = 365] = process.argv.slice(2).map(Number);
const REPEATS = 7;
const DAY_MS = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'aiw-limits-'));
const storeFile = join(folder, 'state.db');
const now = systemClock.now();

const LIMIT: CostLimit = {
  ...{ name: 'month', max_cost: '100000', period: 'month', timezone: 'Europe/Berlin', scope: 'global', scope_id: null },
  ...{ alert_threshold: 80, action_on_limit: 'pause', allow_unpriced: false },
};
const LIMITS: readonly CostLimit[] = [
  LIMIT,
  { ...LIMIT, name: 'ever', period: null },
  { ...LIMIT, name: 'flow', scope: 'workflow', scope_id: 'flow-2' },
  { ...LIMIT, name: 'agent', scope: 'agent', scope_id: 'agent-1', period: 'week', timezone: 'America/New_York' },
  { ...LIMIT, name: 'model', scope: 'model', scope_id: 'model-3', period: 'day' },
  { ...LIMIT, name: 'slides', period: '12h' },
];
const CALL = { agent: 'agent-1', model: 'model-3', workflowId: 'flow-2', runId: 'run-5', path: 'step_1', attempt: 1 };

const median = async (work: () => unknown): Promise<number> => {
  const times: number[] = [];
  for (let rep = 0; rep < REPEATS; rep += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.round((times.toSorted((a, b) => a - b)[Math.floor(REPEATS / 2)] ?? 0) * 10) / 10;
};

const store = new Store({
  ...{ storeFile, logsFile: join(folder, 'logs.db'), blobsDir: join(folder, 'blobs'), usedFolders: [], sync: 'NORMAL' },
  ...{ onLog: () => undefined, onConversation: () => undefined, onNotice: () => undefined },
});
try {
  const db = new Database(storeFile);
  const seededAt = performance.now();
  db.prepare(`INSERT INTO cost_records(position, at, workflow_id, run_id, step, agent, model, input_tokens, output_tokens,
    cached_tokens, reasoning_tokens, cost_e10, source, metadata)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    SELECT i, ? + CAST(i * ? AS INTEGER), 'flow-' || (i % 5), 'run-' || (i / 10), 'step_1', 'agent-' || (i % 3), 'model-' || (i % 4),
      1000, 500, 0, 0, 75000000 + i % 1000, 'computed', '{}' FROM n`).run(
    rows,
    now - days * DAY_MS,
    (days * DAY_MS) / (rows + 1),
  );
  const seedMs = Math.round(performance.now() - seededAt);
  db.close();
  for (const limit of LIMITS) store.limits.save(limit);
  const budget = new BudgetKeeper({ limits: store.limits, price: () => '0.01', now: () => now });
  const session = { store, budget, clock: { ...systemClock, now: () => now } };
  const call = { ...CALL, inputTokens: 1000, outputTokens: 500, isManyCalls: false, takesBudget: false };
  const result: Record<string, number> = { rows, days, seedMs };
  result.all = await median(() => limitForecasts(session, budget.status()));
  for (const limit of LIMITS) result[limit.name] = await median(() => budget.statusOf(limit));
  result.days28 = await median(() => limitForecasts(session, [budget.statusOf(LIMIT)]));
  result.eachRun = await median(() => budget.statusOf({ ...LIMIT, scope: 'run' }));
  const held = await budget.reserve(call, new AbortController().signal);
  held.release();
  result.missing = await median(() => budget.missing(LIMIT, call, '0.01'));
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  store.close();
  rmSync(folder, { recursive: true, force: true });
}
