import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import { inProcessTool } from '../support/engine-harness.ts';
import { type LabOptions, SchedulerLab } from '../support/scheduler-lab.ts';
import { settle } from '../support/virtual-machine.ts';

/** SPEC §7.1: each planned start has one row that ends in one state with its reason, whatever the clocks do. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const labs: SchedulerLab[] = [];
const lab = (options: LabOptions = {}): SchedulerLab => {
  const one = new SchedulerLab({ tools: [inProcessTool('t', { do: () => 'done' })], ...options });
  labs.push(one);
  return one;
};
afterEach(async () => {
  for (const one of labs.splice(0)) {
    expect(one.bugs).toEqual([]);
    await one.close();
  }
});

const time = (at: number): string => new Date(at).toISOString().slice(0, 16);

/** Every row that was written is one of the times, and every time has one row. */
function expectRows(one: SchedulerLab, key: string, { from, every }: { from: number; every: number }): void {
  const times = one.rows(key).map(({ plannedAt }) => plannedAt);
  expect(times).toEqual(times.map((_time, index) => from + index * every));
}

describe('in order', () => {
  it('starts at each planned time, once, under its key', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 * * * *' });
    await one.machine.run(3 * HOUR + MINUTE);
    expect(one.ends(key)).toEqual(['started: on_time', 'started: on_time', 'started: on_time']);
    const [first] = one.rows(key);
    expect(first).toMatchObject({
      plannedAt: Date.parse('2026-01-22T09:00:00Z'),
      at: Date.parse('2026-01-22T09:00:00Z'),
    });
    expect(first?.runId).toMatch(/^a-20260122-090000-[0-9a-f]{8}$/);
    expect(one.store.runs.findByStartKey('schedule:a/a:2026-01-22T09:00:00.000Z')).toBe(first?.runId);
    expect(one.runCount()).toBe(3);
  });

  it('has 288 rows with their reason after a day of a 5-minute job whose start always fails', async () => {
    const fails: LabOptions['start'] = () => async () => {
      throw new AppError('workflow.invalid', 'It cannot run.');
    };
    const one = lab({ start: fails });
    const key = await one.arm('a', { schedule: '*/5 * * * *' });
    await one.machine.run(DAY);
    expect(one.counts(key)).toEqual({ 'failed_to_start: start_failed': 288 });
    expect(one.rows(key)[0]?.evidence).toEqual({ error: { code: 'workflow.invalid', message: 'It cannot run.' } });
    expectRows(one, key, { from: Date.parse('2026-01-22T08:05:00Z'), every: 5 * MINUTE });
    expect(one.store.triggers.find(key)?.failures).toBe(288);
  });

  it('makes one run of two ticks in one millisecond', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 * * * *' });
    one.machine.sleep(HOUR);
    for (let tick = 0; tick < 3; tick += 1) one.scheduler.look();
    await settle();
    one.scheduler.look();
    await one.machine.run(0);
    expect(one.ends(key)).toEqual(['started: on_time']);
    expect(one.runCount()).toBe(1);
  });

  it('makes one run of each time where two schedulers work on one store', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '*/10 * * * *' });
    const rival = await one.rival();
    await one.machine.run(HOUR);
    // Both take up what is open, as after a change of the holder in the middle of a start.
    const gate = Promise.withResolvers<void>();
    one.starts((real) => async (start) => {
      await gate.promise;
      return real(start);
    });
    await one.machine.run(10 * MINUTE);
    const third = await one.rival();
    gate.resolve();
    await one.machine.run(10 * MINUTE);
    await Promise.all([rival.close(), third.close()]);
    expect(one.counts(key)).toEqual({ 'started: on_time': 8 });
    expect(one.runCount()).toBe(8);
    expect(new Set(one.rows(key).map(({ runId }) => runId)).size).toBe(8);
  });

  it('knows what a person starts from its own starts', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 * * * *' });
    await one.machine.run(30 * MINUTE);
    await one.byHand('a');
    await one.machine.run(30 * MINUTE);
    // In the same millisecond as the tick, and once more after it.
    await one.byHand('a');
    await one.machine.run(10 * MINUTE);
    await one.byHand('a');
    await one.machine.run(HOUR);
    expect(one.ends(key)).toEqual(['started: on_time', 'started: on_time']);
    expect(one.runCount()).toBe(5);
    expect(one.store.triggers.find(key)?.runCount).toBe(2);
  });

  it('spreads by jitter, always the same way, and never before its time', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 * * * *', jitter: '10m' });
    await one.machine.run(2 * HOUR + 15 * MINUTE);
    const rows = one.rows(key);
    expect(one.ends(key)).toEqual(['started: on_time', 'started: on_time']);
    for (const { plannedAt, dueAt, at } of rows) {
      expect(dueAt).toBeGreaterThanOrEqual(plannedAt);
      expect(dueAt - plannedAt).toBeLessThan(10 * MINUTE);
      expect(at).toBe(dueAt);
    }
  });

  it('keeps to its first and last day, and says which days its calendar left out', async () => {
    const one = lab();
    const config = {
      schedule: '0 12 * * *',
      starts_at: '2026-01-23',
      ends_at: '2026-01-27',
      exclude: ['2026-01-24..2026-01-25'],
    };
    const key = await one.arm('a', config);
    await one.machine.run(7 * DAY);
    expect(one.rows(key).map(({ plannedAt, state, reason }) => [time(plannedAt), state, reason])).toEqual([
      ['2026-01-23T12:00', 'started', 'on_time'],
      ['2026-01-24T12:00', 'skipped_paused', 'excluded'],
      ['2026-01-25T12:00', 'skipped_paused', 'excluded'],
      ['2026-01-26T12:00', 'started', 'on_time'],
    ]);
  });

  it('starts a one-off once', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '@at 2026-01-22T10:30' });
    await one.machine.run(3 * DAY);
    expect(one.rows(key).map(({ plannedAt, state }) => [time(plannedAt), state])).toEqual([
      ['2026-01-22T10:30', 'started'],
    ]);
  });

  it('writes a row for each time that a pause stands in the way of, with who and why', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 * * * *' });
    await one.machine.run(HOUR);
    const pause = { at: one.machine.now, until: null, by: 'tester', reason: 'ledger closed' };
    await one.update((trigger) => ({ ...trigger, pauses: [{ ...pause, isOfAll: true }] }));
    await one.machine.run(2 * HOUR);
    await one.update((trigger) => ({ ...trigger, pauses: [] }));
    await one.machine.run(HOUR);
    expect(one.ends(key)).toEqual([
      'started: on_time',
      'skipped_paused: all_paused',
      'skipped_paused: all_paused',
      'started: on_time',
    ]);
    expect(one.rows(key)[1]?.evidence).toEqual({ by: 'tester', from: pause.at, text: 'ledger closed' });
  });

  it('says once what is the matter with a schedule, and when nothing is any more', async () => {
    const one = lab();
    await one.arm('fine', { schedule: '0 * * * *' });
    const key = await one.arm('a', { schedule: '0 * * * *', timezone: 'Mars/Base' });
    await one.update();
    await one.update();
    expect(one.notices).toEqual([[key, "Unknown time zone 'Mars/Base'."]]);
    await one.update((trigger) =>
      trigger.key === key ? { ...trigger, config: { schedule: '0 * * * *' }, definitionHash: 'mended' } : trigger,
    );
    await one.update();
    expect(one.notices.slice(1)).toEqual([[key, null]]);
    await one.machine.run(HOUR);
    expect(one.ends(key)).toEqual(['started: on_time']);
  });

  it('plans nothing while it is not armed', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 * * * *' });
    await one.machine.run(HOUR);
    const kept: Parameters<SchedulerLab['update']>[0][] = [];
    await one.update(() => null);
    await one.machine.run(5 * HOUR);
    expect(kept).toEqual([]);
    expect(one.rows(key)).toHaveLength(1);
    expect(one.store.triggers.find(key)?.plannedUntil).toBeNull();
    await one.arm('a', { schedule: '0 * * * *' });
    await one.machine.run(HOUR);
    expect(one.ends(key)).toEqual(['started: on_time', 'started: on_time']);
  });
});

describe('absence', () => {
  it('of 5 days: each of 16 daily jobs is caught up once, the rest is missed with the period as proof', async () => {
    const one = lab({ maxRuns: 5 });
    const keys: string[] = [];
    for (let job = 0; job < 16; job += 1) keys.push(await one.arm(`job-${job}`, { schedule: `${job} 9 * * *` }));
    await one.machine.run(DAY);
    const closedAt = one.machine.now;
    await one.closeFor(5 * DAY);
    await one.machine.run(10 * MINUTE);
    for (const key of keys) {
      expect(one.counts(key)).toEqual({ 'started: on_time': 1, 'missed: closed': 4, 'caught_up: late': 1 });
      const missed = one.rows(key).find(({ state }) => state === 'missed');
      expect(missed?.evidence).toMatchObject({ missed: 'closed', from: closedAt, until: closedAt + 5 * DAY });
    }
    const caughtUp = one.rows().filter(({ state }) => state === 'caught_up');
    expect(new Set(caughtUp.map(({ at }) => at)).size).toBe(16);
    expect(one.runCount()).toBe(32);
  });

  it('keeps the grid of @every 6h when the computer is on 4 h a day for 7 days', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '@every 6h' });
    const begun = one.machine.now;
    await one.machine.run(30 * MINUTE);
    for (let day = 0; day < 7; day += 1) {
      await one.machine.run(4 * HOUR);
      await one.closeFor(20 * HOUR);
    }
    expectRows(one, key, { from: begun + 6 * HOUR, every: 6 * HOUR });
    const { 'missed: closed': missed, 'caught_up: late': caughtUp, ...others } = one.counts(key);
    expect([missed, caughtUp, others]).toEqual([21, 7, {}]);
  });

  it('of somebody who quit: what was missed says who, until it is opened again', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 * * * *' });
    await one.machine.run(30 * MINUTE);
    const quitAt = one.machine.now;
    await one.closeFor(3 * HOUR, { quitBy: 'anna' });
    await one.machine.run(10 * MINUTE);
    const proof = { missed: 'closed', from: quitAt, until: quitAt + 3 * HOUR, quitBy: 'anna' };
    expect(one.rows(key).map(({ state, evidence }) => [state, evidence])).toEqual([
      ['missed', { ...proof, note: 'newer_one_ran', text: expect.any(String) }],
      ['missed', { ...proof, note: 'newer_one_ran', text: expect.any(String) }],
      ['caught_up', proof],
    ]);
    // The next absence has nobody behind it.
    await one.closeFor(2 * HOUR);
    await one.machine.run(10 * MINUTE);
    expect(one.rows(key).map(({ evidence }) => evidence.quitBy)).toEqual([
      'anna',
      'anna',
      'anna',
      undefined,
      undefined,
    ]);
  });

  it('of a sleep: what was due is missed with the sleep as proof, and caught up when awake', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 * * * *' });
    await one.machine.run(30 * MINUTE);
    const asleepAt = one.machine.now;
    one.machine.sleep(3 * HOUR);
    await one.machine.run(2 * MINUTE);
    expect(one.ends(key)).toEqual(['missed: asleep', 'missed: asleep', 'caught_up: late']);
    expect(one.rows(key)[0]?.evidence.from).toBeLessThanOrEqual(asleepAt);
    expect(one.store.hostPeriods.list(0, one.machine.now).map(({ kind }) => kind)).toEqual(['on', 'asleep', 'on']);
  });

  it('of less than a minute: of several starts the newest is in time, the rest is missed with the proof', async () => {
    const one = lab();
    const quick = await one.arm('quick', { schedule: '@every 10s' });
    const all = await one.arm('all', { schedule: '@every 10s', catch_up: 'all' });
    const once = await one.arm('once', { schedule: '@at 2026-01-22T08:01:20' });
    await one.machine.run(MINUTE);
    const closedAt = one.machine.now;
    await one.closeFor(45_000);
    await one.machine.run(1);
    expect(one.counts(quick)).toEqual({ 'started: on_time': 7, 'missed: closed': 3 });
    expect(one.ends(once)).toEqual(['started: on_time']);
    const missed = one.rows(quick).find(({ state }) => state === 'missed');
    expect(missed).toMatchObject({ plannedAt: closedAt + 10_000, evidence: { missed: 'closed', from: closedAt } });
    await one.machine.run(30_000);
    expect(one.counts(all)['caught_up: late']).toBe(3);
    await one.killFor(45_000);
    await one.machine.run(1);
    expect(one.counts(quick)['missed: closed']).toBeGreaterThanOrEqual(6);
    expect(one.counts(quick)['skipped_overlap: overlap']).toBeUndefined();
  });

  it('is caught up as the schedule says: never, all but at most 100, or when somebody says so', async () => {
    const one = lab();
    const never = await one.arm('never', { schedule: '0 * * * *', catch_up: 'none' });
    const all = await one.arm('all', { schedule: '*/10 * * * *', catch_up: 'all' });
    const ask = await one.arm('ask', { schedule: '0 */6 * * *', catch_up: 'ask' });
    await one.closeFor(23 * HOUR + 25 * MINUTE);
    await one.machine.run(30 * MINUTE);
    expect(one.counts(never)).toMatchObject({ 'missed: closed': 23 });
    expect(one.counts(all)).toMatchObject({ 'missed: closed': 40, 'caught_up: late': 100 });
    expect(one.ends(ask)).toEqual(['planned: asks', 'planned: asks', 'planned: asks', 'planned: asks']);
    const [first, second] = one.rows(ask);
    if (first === undefined || second === undefined) throw new Error('nothing asks');
    expect(one.scheduler.answer(first, { run: true, by: 'tester' })).toBe(true);
    expect(one.scheduler.answer(second, { run: false, by: 'tester' })).toBe(true);
    expect(one.scheduler.answer(second, { run: true, by: 'tester' })).toBe(false);
    await one.machine.run(MINUTE);
    expect(one.ends(ask)).toEqual(['caught_up: late', 'missed: person_said_no', 'planned: asks', 'planned: asks']);
    expect(one.rows(ask)[1]?.evidence.by).toBe('tester');
  });
});

describe('clocks', () => {
  it('that go back 2 h and come by again start nothing twice and leave nothing out', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '*/30 * * * *' });
    await one.machine.run(3 * HOUR);
    expect(one.rows(key)).toHaveLength(6);
    one.machine.setClock(-2 * HOUR);
    await one.machine.run(2 * HOUR);
    expect(one.rows(key)).toHaveLength(6);
    one.machine.setClock(2 * HOUR);
    await one.machine.run(HOUR + MINUTE);
    expectRows(one, key, { from: Date.parse('2026-01-22T08:30:00Z'), every: 30 * MINUTE });
    expect(one.counts(key)['missed: clock_jumped']).toBe(3);
    expect(one.runCount()).toBe(one.rows(key).filter(({ runId }) => runId !== null).length);
    const jumps = one.store.hostPeriods.list(0, one.machine.now).filter(({ kind }) => kind === 'clock_jumped');
    expect(jumps.map(({ movedMs }) => movedMs)).toEqual([-2 * HOUR, 2 * HOUR]);
  });

  it('that go 30 days ahead cost one start, and what was given up comes after all when they are right again', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 * * * *' });
    await one.machine.run(2 * HOUR);
    one.machine.setClock(30 * DAY);
    await one.machine.run(2 * MINUTE);
    expect(one.counts(key)).toEqual({ 'started: on_time': 3, 'missed: clock_jumped': 719 });
    one.machine.setClock(-30 * DAY);
    await one.machine.run(3 * HOUR);
    expect(one.counts(key)).toEqual({ 'started: on_time': 6 });
    expect(one.runCount()).toBe(6);
  });
});
