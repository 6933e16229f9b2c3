import { afterEach, describe, expect, it } from 'vitest';
import type { StartFromTrigger } from '../../src/core/triggers/index.ts';
import { inProcessTool, workflowText } from '../support/engine-harness.ts';
import { type LabOptions, SchedulerLab } from '../support/scheduler-lab.ts';
import { settle } from '../support/virtual-machine.ts';

/** SPEC §7.1 "overlap", "lanes": what goes on already decides about what is due, and the row says so. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const labs: SchedulerLab[] = [];
let release: (() => void)[] = [];

/** `t.hold` goes on until the test lets go of it. */
const hold = inProcessTool('t', {
  do: () => 'done',
  hold: (call) =>
    new Promise((resolve, reject) => {
      release.push(() => resolve('held'));
      call.signal.addEventListener('abort', () => reject(new Error('cut')), { once: true });
    }),
});
const LONG = workflowText([['action: t.hold']]);

const lab = (options: LabOptions = {}): SchedulerLab => {
  const one = new SchedulerLab({ tools: [hold], ...options });
  labs.push(one);
  return one;
};
async function letGo(): Promise<void> {
  for (const free of release.splice(0)) free();
  await settle();
}
afterEach(async () => {
  for (const one of labs.splice(0)) {
    await letGo();
    expect(one.bugs).toEqual([]);
    await one.close();
  }
  release = [];
});

/** A job each 10 minutes whose runs go on until they are let go of, after three of its times. */
async function threeTimes(overlap: string, options: LabOptions = {}) {
  const one = lab(options);
  const key = await one.arm('a', { schedule: '*/10 * * * *', overlap }, { text: LONG });
  await one.machine.run(35 * MINUTE);
  return { one, key };
}

describe('a run that still goes on', () => {
  it('makes the next start skipped, and its row names the run', async () => {
    const { one, key } = await threeTimes('skip');
    expect(one.ends(key)).toEqual(['started: on_time', 'skipped_overlap: overlap', 'skipped_overlap: overlap']);
    const [first, second] = one.rows(key);
    expect(second?.evidence).toEqual({ runId: first?.runId, runStatus: 'running' });
  });

  it('lets one start wait for it, the rest is skipped', async () => {
    const { one, key } = await threeTimes('queue');
    expect(one.ends(key)).toEqual(['started: on_time', 'claimed: overlap_waits', 'skipped_overlap: overlap']);
    await letGo();
    await one.machine.run(MINUTE);
    expect(one.ends(key)[1]).toBe('started: overlap_waits');
    expect(one.runCount()).toBe(2);
  });

  it('lets every start wait for it, 100 at most', async () => {
    const { one, key } = await threeTimes('queue_all');
    expect(one.ends(key)).toEqual(['started: on_time', 'claimed: overlap_waits', 'claimed: overlap_waits']);
    await letGo();
    await one.machine.run(MINUTE);
    await letGo();
    await one.machine.run(MINUTE);
    const planned = one.rows(key).flatMap(({ state, plannedAt }) => (state === 'started' ? [plannedAt] : []));
    expect(planned).toEqual([...planned].sort((a, b) => a - b));
    expect(planned).toHaveLength(3);
  });

  it('lets no more than 100 wait for it', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '* * * * *', overlap: 'queue_all' }, { text: LONG });
    await one.machine.run(105 * MINUTE);
    expect(one.counts(key)).toEqual({
      'started: on_time': 1,
      'claimed: overlap_waits': 100,
      'skipped_overlap: cap_reached': 4,
    });
  });

  it('goes on beside the next ones', async () => {
    const { one, key } = await threeTimes('allow');
    expect(one.counts(key)).toEqual({ 'started: on_time': 3 });
    expect(one.engine.liveCount).toBe(3);
  });

  it('is ended for the next one', async () => {
    const { one, key } = await threeTimes('cancel_previous');
    expect(one.counts(key)).toEqual({ 'started: on_time': 1, 'started: overlap_waits': 2 });
    const [first, second, third] = one.rows(key).map(({ runId }) => one.store.runs.find(runId ?? '')?.status);
    expect([first, second, third]).toEqual(['cancelled', 'cancelled', 'running']);
  });

  it('counts when a person started it', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 * * * *' }, { text: LONG });
    const runId = await one.byHand('a');
    await one.machine.run(HOUR);
    expect(one.rows(key)).toMatchObject([{ state: 'skipped_overlap', evidence: { runId } }]);
    await letGo();
    await one.machine.run(HOUR);
    expect(one.ends(key)).toEqual(['skipped_overlap: overlap', 'started: on_time']);
  });

  it('counts while it waits for an approval, and the row says so', async () => {
    const one = lab();
    const text = workflowText([['id: ok', 'approval: {title: "Go on?"}']]);
    const key = await one.arm('a', { schedule: '0 * * * *' }, { text });
    await one.machine.run(2 * HOUR);
    const [first, second] = one.rows(key);
    expect(second).toMatchObject({
      state: 'skipped_overlap',
      evidence: {
        ...{ runId: first?.runId, runStatus: 'waiting' },
        ...{ note: 'waits_approval', text: 'The run before waits for a person.' },
      },
    });
  });

  it('counts no more when it is over, whatever was left of it', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 * * * *' }, { text: LONG });
    await one.machine.run(HOUR);
    await letGo();
    await one.killFor(0);
    await one.machine.run(HOUR);
    expect(one.ends(key)).toEqual(['started: on_time', 'started: on_time']);
  });
});

describe('lanes', () => {
  it('that are all busy make a start wait, with its reason, until one is free', async () => {
    const one = lab({ maxRuns: 1 });
    await one.arm('long', { schedule: '@at 2027-01-01' }, { text: LONG });
    const key = await one.arm('a', { schedule: '@at 2026-01-22T09:00' });
    const other = await one.arm('b', { schedule: '@at 2026-01-22T09:00' });
    await one.byHand('long');
    await one.machine.run(5 * HOUR);
    expect([...one.ends(key), ...one.ends(other)]).toEqual(['claimed: lanes_busy', 'claimed: lanes_busy']);
    expect(one.runCount()).toBe(1);
    await letGo();
    await one.machine.run(MINUTE);
    expect([...one.ends(key), ...one.ends(other)]).toEqual(['started: lanes_busy', 'started: lanes_busy']);
  });

  it('are given back by a run that only waits', async () => {
    const one = lab({ maxRuns: 1 });
    await one.arm('asks', { schedule: '@at 2027-01-01' }, { text: workflowText([['approval: {title: "Go on?"}']]) });
    const key = await one.arm('a', { schedule: '0 * * * *' });
    await one.byHand('asks');
    await one.machine.run(HOUR);
    expect(one.ends(key)).toEqual(['started: on_time']);
  });
});

describe('a sleep of 40 minutes inside an agent step', () => {
  it('neither cuts the step nor starts a second run, and what was due is told', async () => {
    const answer = Promise.withResolvers<string>();
    const one = lab({ agents: { agents: { slow: () => answer.promise } } });
    const text = workflowText([
      ['id: think', 'action: agent.ask', 'agent: slow', 'timeout: 30m', 'inputs: {prompt: hello}'],
    ]);
    const key = await one.arm('a', { schedule: '*/15 * * * *' }, { text });
    await one.machine.run(16 * MINUTE);
    one.machine.sleep(40 * MINUTE);
    await one.machine.run(MINUTE);
    expect(one.ends(key)).toEqual(['started: on_time', 'missed: asleep', 'skipped_overlap: overlap']);
    const runId = one.rows(key)[0]?.runId ?? '';
    expect(one.store.runs.find(runId)?.status).toBe('running');
    answer.resolve('done');
    await one.machine.run(MINUTE);
    expect(one.store.runs.find(runId)?.status).toBe('completed');
  });
});

describe('a process that is killed', () => {
  const never = new Promise<never>(() => undefined);

  async function killedAt(start: (start: StartFromTrigger) => StartFromTrigger, awayMs: number) {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 9 * * *' });
    one.starts(start);
    await one.machine.run(HOUR + MINUTE);
    expect(one.ends(key)).toEqual(['claimed: null']);
    one.starts((real) => real);
    await one.killFor(awayMs);
    await one.machine.run(MINUTE);
    return { one, key };
  }

  it('between claim and start has its start made, late and said so', async () => {
    const { one, key } = await killedAt(() => () => never, HOUR);
    expect(one.ends(key)).toEqual(['caught_up: late']);
    expect(one.runCount()).toBe(1);
  });

  it('between claim and start, for longer than is caught up, has a row that says so', async () => {
    const { one, key } = await killedAt(() => () => never, 30 * HOUR);
    expect(one.counts(key)).toEqual({ 'missed: closed': 1, 'caught_up: late': 1 });
    expect(one.runCount()).toBe(1);
  });

  it('between claim and start has no start of its own when a newer one is caught up', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 * * * *' });
    one.starts(() => () => never);
    await one.machine.run(HOUR + MINUTE);
    one.starts((real) => real);
    await one.killFor(3 * HOUR + 20 * MINUTE);
    await one.machine.run(MINUTE);
    expect(one.counts(key)).toEqual({ 'missed: closed': 3, 'caught_up: late': 1 });
    expect(one.runCount()).toBe(1);
  });

  it('between start and its record has the run found under its key, not a second one', async () => {
    const { one, key } = await killedAt(
      (real) => async (start) => {
        await real(start);
        return never;
      },
      HOUR,
    );
    expect(one.ends(key)).toEqual(['started: on_time']);
    expect(one.runCount()).toBe(1);
    expect(one.rows(key)[0]?.runId).toMatch(/^a-/);
  });

  it('before the claim has the time missed with the proof, and caught up', async () => {
    const one = lab();
    const key = await one.arm('a', { schedule: '0 9 * * *' });
    await one.machine.run(59 * MINUTE);
    await one.killFor(2 * HOUR);
    await one.machine.run(MINUTE);
    expect(one.rows(key)).toMatchObject([{ state: 'caught_up', reason: 'late', evidence: { missed: 'closed' } }]);
  });
});

describe('two schedules of one workflow that are due together', () => {
  it('start one run where they skip', async () => {
    const one = lab();
    const hourly = await one.arm('hourly', { schedule: '0 * * * *' }, { flow: 'w', text: LONG });
    const daily = await one.arm('daily', { schedule: '0 9 * * *' }, { flow: 'w', text: LONG });
    await one.machine.run(HOUR + MINUTE);
    expect([...one.ends(daily), ...one.ends(hourly)]).toEqual(['started: on_time', 'skipped_overlap: overlap']);
    expect(one.runCount()).toBe(1);
  });
});
