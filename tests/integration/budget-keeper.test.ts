import { afterEach, describe, expect, it } from 'vitest';
import { type BudgetedCall, BudgetKeeper } from '../../src/core/operations/budget-keeper.ts';
import { cleanUp, created, newRun, openStore, summary } from '../../src/core/storage/store.test-support.ts';
import type { Store } from '../../src/core/storage/store.ts';
import { NO_USAGE } from '../../src/shared/model/agent.ts';
import type { CostLimit } from '../../src/shared/model/cost-limit.ts';

afterEach(cleanUp);

const LIMIT: CostLimit = {
  name: 'x',
  max_cost: '0.5',
  period: null,
  timezone: 'Europe/Berlin',
  scope: 'global',
  scope_id: null,
  alert_threshold: null,
  action_on_limit: 'block',
  allow_unpriced: false,
};
const CALL: BudgetedCall = {
  agent: 'openai',
  model: 'gpt-4o',
  inputTokens: 10,
  outputTokens: 5,
  isManyCalls: false,
  takesBudget: false,
  workflowId: 'flow',
  runId: 'r0',
  path: 'step_1',
  attempt: 1,
};
const NEVER = new AbortController().signal;
let now = Date.parse('2026-10-31T12:00:00Z');

const openKeeper = (store: Store, price: string | null = '0.03'): BudgetKeeper =>
  new BudgetKeeper({ limits: store.limits, price: ({ model }) => (model === 'free' ? '0' : price), now: () => now });

/** Books a call as the engine does: the reservation goes with it. */
async function book(store: Store, call: BudgetedCall, cost: string, parent: string | null = null): Promise<void> {
  const run = summary(call.runId, { workflowId: call.workflowId, createdAt: now, parentRunId: parent });
  const { agent, model, path, attempt } = call;
  const ended = { type: 'agent.call_ended', path, attempt, agent, model, cost } as const;
  const more = { usage: NO_USAGE, source: 'computed', durationMs: 1, error: null } as const;
  await store.journal.append(newRun(store, { run, events: [created(), { ...ended, ...more }] }));
}

const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'went through',
    (thrown: { readonly code: string }) => thrown.code,
  );

describe('a hard limit', () => {
  it.each([
    ['block', 'cost.blocked'],
    ['pause', 'cost.paused'],
  ] as const)('holds 32 calls at once within it, with what they are known to cost: %s', async (action, code) => {
    const store = openStore();
    store.limits.save({ ...LIMIT, action_on_limit: action });
    const keeper = openKeeper(store);
    const calls = Array.from({ length: 32 }, (_, at) => ({ ...CALL, runId: `r${at}` }));
    const ends = await Promise.all(
      calls.map((call) =>
        codeOf(
          keeper.reserve(call, NEVER).then(async (held) => {
            await book(store, call, '0.02');
            held.release();
          }),
        ),
      ),
    );
    const { spent, reserved } = keeper.statusOf({ ...LIMIT, action_on_limit: action });
    // 24 calls are 0.48: one more may cost 0.03, for which there is no room; what was held too much came free meanwhile.
    expect([spent, reserved]).toEqual(['0.48', '0']);
    expect(ends.filter((end) => end === code)).toHaveLength(8);
    expect(await codeOf(keeper.reserve({ ...CALL, model: 'free' }, NEVER))).toBe('went through');
  });

  it.each(['warn', 'notify'] as const)('that only says so holds nobody back: %s', async (action) => {
    const store = openStore();
    store.limits.save({ ...LIMIT, max_cost: '0.01', action_on_limit: action });
    expect(await codeOf(openKeeper(store).reserve(CALL, NEVER))).toBe('went through');
  });

  it('lets calls wait while there is only no room because of others, also for a raise', async () => {
    const store = openStore();
    store.limits.save({ ...LIMIT, max_cost: '0.04' });
    const keeper = openKeeper(store);
    const first = await keeper.reserve(CALL, NEVER);
    const second = keeper.reserve({ ...CALL, runId: 'r1' }, NEVER);
    first.release();
    (await second).release();
    const third = await keeper.reserve(CALL, NEVER);
    const waiting = keeper.reserve({ ...CALL, runId: 'r1' }, NEVER);
    store.limits.save({ ...LIMIT, max_cost: '0.06' });
    keeper.look();
    (await waiting).release();
    third.release();
    const stop = new AbortController();
    await keeper.reserve(CALL, NEVER);
    await keeper.reserve({ ...CALL, runId: 'r1' }, NEVER);
    const given = keeper.reserve({ ...CALL, runId: 'r2' }, stop.signal);
    stop.abort('cancel');
    await expect(given).rejects.toBe('cancel');
  });

  it('counts calls that an engine left behind at what they were held to cost, until their end is known', async () => {
    const store = openStore();
    store.limits.save({ ...LIMIT, max_cost: '0.04' });
    await openKeeper(store).reserve(CALL, NEVER);
    const next = openKeeper(store);
    expect(await codeOf(next.reserve({ ...CALL, runId: 'r1' }, NEVER))).toBe('cost.blocked');
    await book(store, CALL, '0.001');
    expect(await codeOf(next.reserve({ ...CALL, runId: 'r1' }, NEVER))).toBe('went through');
  });

  it('refuses a model without a price before the call, unless the limit allows it or the agent keeps to a budget', async () => {
    const store = openStore();
    store.limits.save(LIMIT);
    const keeper = openKeeper(store, null);
    await expect(keeper.reserve(CALL, NEVER)).rejects.toMatchObject({
      code: 'cost.blocked',
      message: "No price is known for gpt-4o, so the cost limit 'x' could not hold: nothing was asked.",
    });
    const own = await keeper.reserve({ ...CALL, isManyCalls: true, takesBudget: true }, NEVER);
    expect([own.leftUsd, keeper.statusOf(LIMIT).reserved]).toEqual(['0.5', '0.5']);
    own.release();
    store.limits.save({ ...LIMIT, allow_unpriced: true });
    expect(await codeOf(keeper.reserve(CALL, NEVER))).toBe('went through');
  });

  it('that a command-line agent has spent says so, with what it took beyond it', async () => {
    const store = openStore();
    store.limits.save({ ...LIMIT, action_on_limit: 'pause' });
    const keeper = openKeeper(store);
    const call = { ...CALL, agent: 'claude-code', isManyCalls: true, takesBudget: true };
    const held = await keeper.reserve(call, NEVER);
    await book(store, call, '0.52');
    held.release();
    expect(held.whenSpent?.().toRecord()).toMatchObject({
      code: 'cost.paused',
      message: expect.stringContaining('$0.5200 of $0.5000 are spent or held.'),
      details: { limit: 'x', agent: 'claude-code', asked: '0' },
    });
    expect(await codeOf(keeper.reserve(call, NEVER))).toBe('cost.paused');
  });

  it('of one workflow, agent or model holds nobody else; of a run it counts the runs below it', async () => {
    const store = openStore();
    const keeper = openKeeper(store);
    await book(store, { ...CALL, runId: 'top' }, '0.3');
    await book(store, { ...CALL, runId: 'below' }, '0.2', 'top');
    const ofCall = (limit: Partial<CostLimit>, call: Partial<BudgetedCall> = {}): Promise<string> => {
      store.limits.save({ ...LIMIT, ...limit });
      return codeOf(keeper.reserve({ ...CALL, ...call }, NEVER).then((held) => held.release()));
    };
    expect(await ofCall({ scope: 'workflow', scope_id: 'flow' })).toBe('cost.blocked');
    expect(await ofCall({ scope: 'workflow', scope_id: 'other' })).toBe('went through');
    expect(await ofCall({ scope: 'agent', scope_id: 'openai' })).toBe('cost.blocked');
    expect(await ofCall({ scope: 'agent', scope_id: 'openai' }, { agent: 'claude-code' })).toBe('went through');
    expect(await ofCall({ scope: 'model', scope_id: 'gpt-4o' })).toBe('cost.blocked');
    expect(await ofCall({ scope: 'run' }, { runId: 'below' })).toBe('cost.blocked');
    expect(await ofCall({ scope: 'run' }, { runId: 'fresh' })).toBe('went through');
  });

  it('lets a run alone, with the runs below it, go beyond it by what it was given', async () => {
    const store = openStore();
    store.limits.save(LIMIT);
    const keeper = openKeeper(store);
    await book(store, { ...CALL, runId: 'top' }, '0.5');
    await book(store, { ...CALL, runId: 'below' }, '0', 'top');
    keeper.allow(LIMIT, { ...CALL, runId: 'top' }, '0.04');
    expect(await codeOf(keeper.reserve({ ...CALL, runId: 'other' }, NEVER))).toBe('cost.blocked');
    expect(await codeOf(keeper.reserve({ ...CALL, runId: 'below' }, NEVER).then((held) => held.release()))).toBe(
      'went through',
    );
    expect(keeper.missing(LIMIT, { ...CALL, runId: 'top' }, '0.05')).toBe('0.01');
    await book(store, { ...CALL, runId: 'below too' }, '0.02', 'top');
    expect(await codeOf(keeper.reserve({ ...CALL, runId: 'top' }, NEVER))).toBe('cost.blocked');
  });

  it('of a month begins anew with the month of its zone', async () => {
    const store = openStore();
    const monthly: CostLimit = { ...LIMIT, period: 'month' };
    store.limits.save(monthly);
    const keeper = openKeeper(store);
    now = Date.parse('2026-10-31T22:30:00Z');
    await book(store, CALL, '0.5');
    expect(await codeOf(keeper.reserve(CALL, NEVER))).toBe('cost.blocked');
    expect(keeper.statusOf(monthly)).toMatchObject({ percent: 100, resets_at: '2026-10-31T23:00:00.000Z' });
    now = Date.parse('2026-10-31T23:30:00Z');
    expect(await codeOf(keeper.reserve(CALL, NEVER))).toBe('went through');
  });
});

describe('alerts', () => {
  it('are given once a level and period, in the words of SPEC §16', async () => {
    const store = openStore();
    store.limits.save({ ...LIMIT, max_cost: '0.02', alert_threshold: 80, action_on_limit: 'warn' });
    const keeper = openKeeper(store);
    const afterCall = async (cost: string): Promise<readonly string[]> => {
      const said = keeper.alerts({ ...CALL, cost }).map(({ text }) => text);
      await book(store, { ...CALL, runId: `r${cost}` }, cost);
      return said;
    };
    expect(await afterCall('0.01')).toEqual([]);
    expect(await afterCall('0.007')).toEqual(["Cost limit 'x' at 85.0%: $0.0170 / $0.0200"]);
    expect(await afterCall('0.008')).toEqual(["Cost limit 'x' at 125.0%: $0.0250 / $0.0200"]);
    expect(await afterCall('0.009')).toEqual([]);
    // Another limit that has its name has warned nobody yet.
    store.limits.remove('x');
    store.limits.save({ ...LIMIT, max_cost: '0.02', action_on_limit: 'warn' });
    expect(await afterCall('0.001')).toHaveLength(1);
  });
});
