import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { RunSummary } from '../../shared/model/run.ts';
import { findTimeZone, periodsBetween } from '../time/index.ts';
import { openReadOnly } from './database.ts';
import { RunStatisticsReader } from './run-statistics.ts';
import { cleanUp, created, makeFolder, newRun, openStore, summary } from './store.test-support.ts';

afterEach(cleanUp);

const cost = (usd: string): RunSummary['cost'] => ({ usd, calls: 1, unpricedCalls: 0 });
const at = (text: string): Pick<RunSummary, 'createdAt'> => ({ createdAt: Date.parse(text) });

it('says how runs fared by day, workflow and agent: what failed is paid by those that completed', async () => {
  const folder = makeFolder();
  const store = openStore(folder);
  const runs: readonly Partial<RunSummary>[] = [
    ...[1, 2, 3].map((n) => ({
      ...at('2026-10-31T12:00:00Z'),
      ...{ agent: 'a', workedMs: n * 1000, cost: cost('0.1') },
    })),
    // Already November in Berlin.
    { ...at('2026-10-31T23:30:00Z'), agent: 'a', status: 'failed', workedMs: 9000, cost: cost('0.3') },
    { ...at('2026-11-02T08:00:00Z'), workflowId: 'other', status: 'cancelled', workedMs: 1 },
    { ...at('2026-11-02T09:00:00Z'), workflowId: 'other', status: 'running', workedMs: 1 },
    { ...at('2026-09-01T09:00:00Z'), workflowId: 'older' },
  ];
  for (const [index, run] of runs.entries()) {
    await store.journal.append(newRun(store, { run: summary(`run-${index}`, run), events: [created()] }));
  }
  const zone = findTimeZone('Europe/Berlin');
  if (zone === null) throw new Error('no zone');
  const span = { since: Date.parse('2026-10-31T12:00:00Z'), until: Date.parse('2026-11-02T12:00:00Z'), max: 31 };
  const db = openReadOnly(join(folder, 'state.db'));
  const found = new RunStatisticsReader(db).read(periodsBetween(zone, 'day', span), {});
  const other = new RunStatisticsReader(db).read(periodsBetween(zone, 'month', span), { workflow: 'other' });
  db.close();
  expect(found).toMatchObject({
    ...{ total_executions: 6, by_status: { completed: 3, failed: 1, cancelled: 1, running: 1 } },
    ...{ success_rate: 75, completed: 3, failed: 1, running: 1 },
    by_agent: [
      { name: 'a', completed: 3, failed: 1, cost: '0.6', cost_per_completed: '0.2', p50_seconds: 2, p95_seconds: 3 },
    ],
  });
  expect(found.by_workflow.map(({ name, cancelled, cost: usd }) => [name, cancelled, usd])).toEqual([
    ['flow', 0, '0.6'],
    ['other', 1, null],
  ]);
  expect(
    found.periods.map((one) => [one.period, one.completed, one.failed, one.success_rate, one.p50_seconds]),
  ).toEqual([
    ['2026-10-31', 3, 0, 100, 2],
    ['2026-11-01', 0, 1, 0, null],
    ['2026-11-02', 0, 0, 0, null],
  ]);
  expect(other).toMatchObject({
    total_executions: 2,
    success_rate: 0,
    periods: [{ period: '2026-10' }, { period: '2026-11' }],
  });
});
