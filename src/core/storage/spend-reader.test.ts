import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { fromE10, toE10 } from '../../shared/decimal.ts';
import { NO_USAGE } from '../../shared/model/agent.ts';
import type { RunEvent } from '../../shared/model/events.ts';
import { findTimeZone, periodsBetween } from '../time/index.ts';
import { openReadOnly } from './database.ts';
import { SpendReader } from './spend-reader.ts';
import { cleanUp, created, makeFolder, newRun, openStore, summary } from './store.test-support.ts';
import type { Store } from './store.ts';

afterEach(cleanUp);

interface Call {
  readonly at: number;
  readonly workflow: string;
  readonly agent: string;
  readonly model: string | null;
  readonly cost: string | null;
  readonly paidToolCalls?: number;
}

const ended = ({ agent, model, cost, paidToolCalls = 0 }: Call): RunEvent => ({
  type: 'agent.call_ended',
  path: 'step_1',
  attempt: 1,
  agent,
  model,
  usage: { ...NO_USAGE, inputTokens: 7, outputTokens: 3, ...(paidToolCalls === 0 ? {} : { paidToolCalls }) },
  cost,
  source: 'computed',
  durationMs: 1,
  error: null,
});

async function spend(store: Store, calls: readonly Call[]): Promise<void> {
  const commits = calls.map((call, at) => {
    const run = summary(`r${at}`, { workflowId: call.workflow, createdAt: call.at, actor: 'mia' });
    return store.journal.append(newRun(store, { run, events: [created(), ended(call)] }));
  });
  await Promise.all(commits);
}

/** What the reader of the store answers, without its thread. */
function withSpend<T>(folder: string, work: (spend: SpendReader) => T): T {
  const db = openReadOnly(join(folder, 'state.db'));
  try {
    return work(new SpendReader(db));
  } finally {
    db.close();
  }
}

const CALL: Call = { at: 0, workflow: 'flow', agent: 'openai', model: 'gpt-4o', cost: '1' };
const zoneOf = (name: string) => {
  const zone = findTimeZone(name);
  if (zone === null) throw new Error(name);
  return zone;
};
const monthsOf = (folder: string, name: string) =>
  periodsBetween(zoneOf(name), 'month', {
    since: Date.parse('2026-10-15T00:00:00Z'),
    until: Date.parse('2026-11-15T00:00:00Z'),
    max: 12,
  }).map((period) => [period.name, withSpend(folder, (spend) => spend.period(period, 'workflow', {}).cost)]);

describe('SpendReader', () => {
  it('puts a call of 23:30Z on 31 October into November in Berlin, and into October in London', async () => {
    const folder = makeFolder();
    await spend(openStore(folder), [{ ...CALL, at: Date.parse('2026-10-31T23:30:00Z') }]);
    expect(monthsOf(folder, 'Europe/Berlin')).toEqual([
      ['2026-10', '0'],
      ['2026-11', '1'],
    ]);
    expect(monthsOf(folder, 'Europe/London')).toEqual([
      ['2026-10', '1'],
      ['2026-11', '0'],
    ]);
  });

  it('has a day of 25 hours where the clocks go back, and no hour twice', () => {
    const days = periodsBetween(zoneOf('Europe/Berlin'), 'day', {
      since: Date.parse('2026-10-24T12:00:00Z'),
      until: Date.parse('2026-10-26T12:00:00Z'),
      max: 9,
    });
    expect(days.map(({ name, startsAt, endsAt }) => [name, (endsAt - startsAt) / 3_600_000])).toEqual([
      ['2026-10-24', 24],
      ['2026-10-25', 25],
      ['2026-10-26', 24],
    ]);
    expect(days.slice(1).map(({ startsAt }) => startsAt)).toEqual(days.slice(0, -1).map(({ endsAt }) => endsAt));
  });

  it('says who started the run, and of what a part is in no sum', async () => {
    const store = openStore();
    await spend(store, [{ ...CALL, paidToolCalls: 3 }, CALL]);
    const { records } = store.costs.records({ actor: 'mia' }, 10);
    expect(records.map(({ actor, unpriced_part }) => [actor, unpriced_part])).toEqual([
      ['mia', null],
      ['mia', "3 calls of the provider's own tools"],
    ]);
    expect(store.costs.summary({})).toMatchObject({ partly_priced_requests: 1, unpriced_requests: 0 });
    expect(store.costs.records({ actor: 'ben' }, 10).records).toEqual([]);
  });

  const DAY_MS = 86_400_000;
  const FROM = Date.parse('2026-10-20T00:00:00Z');
  const call = fc.record({
    at: fc.integer({ min: FROM, max: FROM + 20 * DAY_MS }),
    workflow: fc.constantFrom('a', 'b', 'c'),
    agent: fc.constantFrom('openai', 'claude-code'),
    model: fc.constantFrom('m', 'gpt-4o', null),
    cost: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 9e12 }).map(fromE10)),
  });

  it('adds the same records up to the same amount, whichever way they are told apart', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 12 }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata'),
        fc.integer({ min: FROM, max: FROM + 20 * DAY_MS }),
        async (calls, zone, since) => {
          const folder = makeFolder();
          const store = openStore(folder);
          await spend(store, calls);
          const { records } = store.costs.records({}, 1000);
          const sum = (costs: readonly (string | null)[]): number =>
            costs.reduce((total, cost) => total + toE10(cost ?? '0'), 0);
          const whole = sum(records.map((one) => one.estimated_cost));
          expect(whole).toBe(sum(calls.map((one) => one.cost)));
          const all = store.costs.summary({});
          // What limits look at is the same money.
          expect(store.limits.used({ since: FROM })).toEqual({ booked: BigInt(whole), reserved: 0n });
          const several = ['a', 'b', 'c'].map((scope_id) => ({ scope: 'workflow' as const, scope_id }));
          const period = { name: '', startsAt: FROM, endsAt: FROM + 21 * DAY_MS };
          const [everything, ...each] = withSpend(folder, (read) =>
            read.spentBy(period, [{ scope: 'global', scope_id: null }, ...several]),
          );
          expect(everything).toBe(BigInt(whole));
          expect(each.reduce((total, cost) => total + cost, 0n)).toBe(BigInt(whole));
          expect(toE10(all.total_cost ?? '0')).toBe(whole);
          for (const groups of [all.by_workflow, all.by_agent, all.by_model]) {
            expect(sum(groups.map((one) => one.cost))).toBe(whole);
            expect(groups.reduce((total, one) => total + one.requests, 0)).toBe(calls.length);
          }
          for (const unit of ['day', 'month'] as const)
            for (const by of ['workflow', 'agent', 'model'] as const) {
              const span = { since: FROM, until: FROM + 21 * DAY_MS, max: 60 };
              const periods = withSpend(folder, (read) =>
                periodsBetween(zoneOf(zone), unit, span).map((one) => read.period(one, by, {})),
              );
              expect(periods.reduce((total, one) => total + one.input_tokens, 0)).toBe(7 * calls.length);
              expect(periods.flatMap(({ parts }) => parts).reduce((total, one) => total + one.output_tokens, 0)).toBe(
                3 * calls.length,
              );
              expect(sum(periods.map((one) => one.cost))).toBe(whole);
              expect(sum(periods.flatMap((one) => one.parts.map((part) => part.cost)))).toBe(whole);
              expect(periods.reduce((total, one) => total + one.requests, 0)).toBe(calls.length);
              expect(periods.reduce((total, one) => total + one.unpriced_requests, 0)).toBe(all.unpriced_requests);
            }
          const isSameMoney = (): void => {
            const ofAgent = store.costs.records({ since, agent: 'openai' }, 1000).records;
            for (const filter of [
              { since },
              { until: since },
              { since, model: 'unknown' },
              { since: FROM, until: since, workflow: 'a' },
            ]) {
              const meant = store.costs.records(filter, 1000).records;
              const told = store.costs.summary(filter);
              expect(toE10(told.total_cost ?? '0')).toBe(sum(meant.map((one) => one.estimated_cost)));
              expect([told.total_requests, told.unpriced_requests, told.total_output_tokens]).toEqual([
                meant.length,
                meant.filter((one) => one.estimated_cost === null).length,
                3 * meant.length,
              ]);
            }
            const { booked } = store.limits.used({ since, agent: 'openai' });
            expect(booked).toBe(BigInt(sum(ofAgent.map((one) => one.estimated_cost))));
            const now = store.costs.summary({}).total_cost;
            expect(store.limits.used({}).booked).toBe(BigInt(toE10(now ?? '0')));
          };
          isSameMoney();
          for (const [at, { id }] of records.entries()) store.costs.reprice(Number(id), at % 3 === 0 ? null : at * 7);
          isSameMoney();
          store.close();
        },
      ),
      { numRuns: 15 },
    );
  });
});
