// A day of 10,000 schedules in virtual time: every planned start has its row, and how late its start was asked for. Time passes from
// timer to timer; what the scheduler and the store need for themselves counts as lateness.
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { loadScheduleDay } from './load-engine.mjs';
import { collectGarbage, parseArgs, percentile, round } from './measure.mjs';

const DAY_MS = 86_400_000;
const args = parseArgs();
const count = Number(args.count ?? 10_000);
const { Scheduler, Store } = await loadScheduleDay();
const dir = args.dir;
const store = new Store({
  storeFile: path.join(dir, 'state.db'),
  logsFile: path.join(dir, 'logs.db'),
  blobsDir: path.join(dir, 'blobs'),
  onLog: () => undefined,
  onConversation: () => undefined,
});

const begun = Date.UTC(2026, 0, 22);
let virtual = begun;
let tickAt = performance.now();
let timer = null;
const now = () => virtual + (performance.now() - tickAt);
const clock = {
  now: () => Math.floor(now()),
  setTimer: (ms, callback) => {
    const mine = { at: now() + ms, callback };
    timer = mine;
    return () => {
      if (timer === mine) timer = null;
    };
  },
};

/** 1 in 100 each five minutes, 9 in 100 hourly, the rest daily, spread over all minutes. */
function textOf(number) {
  const minute = (number * 7) % 60;
  if (number % 100 === 0) return '*/5 * * * *';
  if (number % 100 < 10) return `${minute} * * * *`;
  return `${minute} ${Math.floor((number * 13) / 60) % 24} * * *`;
}

/** How many of its times lie after the midnight at which the day begins and before the next one. */
function startsOf(number) {
  if (number % 100 === 0) return 287;
  const isAtMidnight = (number * 7) % 60 === 0;
  if (number % 100 < 10) return isAtMidnight ? 23 : 24;
  return isAtMidnight && Math.floor((number * 13) / 60) % 24 === 0 ? 0 : 1;
}

const heapBefore = collectGarbage();
const triggers = Array.from({ length: count }, (_, number) => {
  const key = `flow-${number}/job`;
  const stored = store.triggers.ensure({ key, kind: 'schedule', workflowId: `flow-${number}` }, begun);
  return {
    ...{
      key,
      id: 'job',
      alias: `flow-${number}_1`,
      kind: 'schedule',
      workflowId: `flow-${number}`,
      pause: null,
      stored,
    },
    ...{ config: { schedule: textOf(number) }, definitionHash: String(number) },
  };
});

const lateness = [];
let starts = 0;
const scheduler = new Scheduler({
  clock,
  elapsed: () => now() - begun,
  triggers: store.triggers,
  occurrences: store.occurrences,
  periods: store.hostPeriods,
  defaults: { timezone: 'UTC', catchUp: 'last', catchUpWindowMs: DAY_MS, overlap: 'allow' },
  runs: { openOf: () => [], freeLanes: () => 1_000_000, findByStartKey: () => null, cancel: async () => undefined },
  start: async ({ plannedAt }) => {
    lateness.push(now() - plannedAt);
    starts += 1;
    return { runId: `run-${starts}` };
  },
  noteStart: () => undefined,
  notice: () => undefined,
  onChange: () => undefined,
  onBug: (error) => {
    throw error;
  },
});
const registeredAt = performance.now();
scheduler.update(triggers);
const registerMs = performance.now() - registeredAt;
const heapMb = (collectGarbage() - heapBefore) / 1024 / 1024;
const ranAt = performance.now();
while (timer !== null && timer.at < begun + DAY_MS) {
  const { at, callback } = timer;
  timer = null;
  virtual = Math.max(now(), at);
  tickAt = performance.now();
  callback();
  await scheduler.idle();
  await new Promise((resolve) => setImmediate(resolve));
}
const counts = store.occurrences.counts(null);
const expected = triggers.reduce((sum, _one, number) => sum + startsOf(number), 0);
await scheduler.close();
store.close();
console.log(
  JSON.stringify({
    starts,
    missed: counts.get('missed') ?? 0,
    states: Object.fromEntries(counts),
    expected,
    p50_ms: round(percentile(lateness, 50), 1),
    p99_ms: round(percentile(lateness, 99), 1),
    max_ms: round(Math.max(...lateness), 1),
    register_ms: round(registerMs, 0),
    heap_mb: round(heapMb, 1),
    day_s: round((performance.now() - ranAt) / 1000, 1),
  }),
);
