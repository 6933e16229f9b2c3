import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CostLimit } from '../../shared/model/cost-limit.ts';
import { Store } from '../storage/index.ts';
import { systemClock } from '../time/index.ts';
import { BudgetKeeper } from './budget-keeper.ts';
import { burnDown } from './burn-down.ts';
import { limitForecasts } from './limit-forecasts.ts';

// A Thursday, 14:00 in Berlin.
const NOW = Date.parse('2026-11-05T13:00:00Z');
const LIMIT: CostLimit = {
  ...{
    name: 'office',
    max_cost: '20',
    period: 'month',
    timezone: 'Europe/Berlin',
    scope: 'workflow',
    scope_id: 'mail',
  },
  ...{ alert_threshold: null, action_on_limit: 'pause', allow_unpriced: false },
};

let folder: string;
let store: Store;
let session: Parameters<typeof burnDown>[0];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aiw-burn-'));
  const [storeFile, logsFile, blobsDir] = ['state.db', 'logs.db', 'blobs'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  store = new Store({
    ...{ storeFile, logsFile, blobsDir, sync: 'NORMAL', onLog: () => undefined, onConversation: () => undefined },
  });
  const db = new Database(storeFile);
  const add =
    db.prepare(`INSERT INTO cost_records(at, workflow_id, run_id, step, agent, model, input_tokens, output_tokens,
    cached_tokens, reasoning_tokens, cost_e10, source, metadata) VALUES (?, ?, 'r', 's', 'a', 'm', 1, 1, 0, 0, ?, 'computed', '{}')`);
  // $1 at noon on each weekday since Monday 19 October, and today; another workflow's are none of its own.
  for (let day = Date.parse('2026-10-19T11:00:00Z'); day <= NOW; day += 86_400_000) {
    if ([0, 6].includes(new Date(day).getUTCDay())) continue;
    add.run(day, 'mail', 1e10);
    add.run(day, 'other', 5e10);
  }
  db.close();
  const budget = new BudgetKeeper({ limits: store.limits, price: () => '0.01', now: () => NOW });
  session = { store, budget, clock: { ...systemClock, now: () => NOW } } as typeof session;
  store.limits.save(LIMIT);
});
afterAll(async () => {
  await store.reader.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

it('says what was left of a limit at the end of each day, and what will be when the days to come are usual ones', async () => {
  const { limit, days, coming } = await burnDown(session, 'office');
  expect(days).toEqual([
    { day: '2026-11-01', spent: '0', left: '20' },
    { day: '2026-11-02', spent: '1', left: '19' },
    { day: '2026-11-03', spent: '1', left: '18' },
    { day: '2026-11-04', spent: '1', left: '17' },
    { day: '2026-11-05', spent: '1', left: '16' },
  ]);
  // Seventeen weekdays follow in November, and days of the weekend cost nothing.
  expect(coming.slice(0, 5).map(({ left }) => left)).toEqual(['16', '15', '15', '15', '14']);
  expect(coming.at(-1)).toEqual({ day: '2026-11-30', left: '-1' });
  expect(limit.forecast).toEqual({ cost: '21', until: '2026-11-30', full_on: '2026-11-27' });
});

it('begins with what was spent before, where a limit has no end', async () => {
  store.limits.save({ ...LIMIT, name: 'ever', period: null, max_cost: '30' });
  const { days, coming } = await burnDown(session, 'ever');
  expect([days[0], days.at(-1)]).toEqual([
    { day: '2026-10-19', spent: '1', left: '29' },
    { day: '2026-11-05', spent: '1', left: '16' },
  ]);
  expect(coming.at(-1)?.left).toBe('0');
});

it('refuses what has no days, and a limit that is not there', async () => {
  store.limits.save({ ...LIMIT, name: 'slides', period: '12h' });
  await expect(burnDown(session, 'slides')).rejects.toMatchObject({ code: 'contract.invalid_input' });
  await expect(burnDown(session, 'none')).rejects.toMatchObject({ code: 'cost.limit_not_found' });
});

it('gives limits of several zones one forecast each, in the order of the limits', async () => {
  store.limits.save({ ...LIMIT, name: 'utc', timezone: 'UTC' });
  const uses = session.budget.status();
  const told = await limitForecasts(session, uses);
  expect(told.map(({ name }) => name)).toEqual(uses.map(({ name }) => name));
  expect(told.map(({ forecast }) => forecast?.cost ?? null)).toEqual([null, '21', null, '21']);
});
