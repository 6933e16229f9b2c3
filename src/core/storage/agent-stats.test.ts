import { afterEach, expect, it } from 'vitest';
import { NO_USAGE } from '../../shared/model/agent.ts';
import type { RunEvent } from '../../shared/model/events.ts';
import { addRun, cleanUp, created, makeFolder, newRun, openStore, summary } from './store.test-support.ts';

afterEach(cleanUp);

const call = (cost: string): RunEvent => ({
  type: 'agent.call_ended',
  path: 'step_1',
  attempt: 1,
  agent: 'alpha',
  model: 'm',
  usage: NO_USAGE,
  cost,
  source: 'reported',
  durationMs: 5,
  error: null,
});

it('tells how the runs of each agent ended, what they cost and how long they took', async () => {
  const store = openStore(makeFolder());
  const alpha = { agent: 'alpha', startedAt: 1_000 } as const;
  const cost = { usd: '0.6', calls: 1, unpricedCalls: 0 };
  const run = summary('r1', { ...alpha, status: 'completed', completedAt: 3_000, cost });
  await store.journal.append(newRun(store, { run, events: [created(), call('0.6')] }));
  await addRun(store, 'r2', { ...alpha, status: 'completed', completedAt: 2_000 });
  await addRun(store, 'r3', { ...alpha, status: 'failed', completedAt: 1_000 });
  await addRun(store, 'r4', { ...alpha, status: 'running' });
  await addRun(store, 'r5', { status: 'completed', agent: null });
  expect(store.agentStats.read()).toEqual({ alpha: { success_rate: 66.67, avg_cost: 0.2, avg_duration: 1 } });
});
