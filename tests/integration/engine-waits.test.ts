import { describe, expect, it } from 'vitest';
import { type RunState, resultOf } from '../../src/core/engine/index.ts';
import { calls, gates, harness, opened, paths, ticks, tool, variables } from '../support/block-runs.ts';
import { FakeClock, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';

const MINUTE = 60_000;
const say = (id: string, value = id): readonly string[] => [
  `id: ${id}`,
  'action: t.say',
  `inputs: {value: "${value}"}`,
];

/** A run that has come to rest. */
async function rest(
  one: ReturnType<typeof harness>,
  steps: readonly (readonly string[])[],
  head: readonly string[] = [],
) {
  const { runId } = await one.start(workflowText(steps, head));
  await one.engine.settled(runId);
  const state = (): RunState => one.engine.stateOf(runId).state;
  const settle = async (): Promise<RunState> => {
    await ticks();
    await one.engine.settled(runId);
    await ticks();
    return state();
  };
  return { runId, state, settle };
}

/** A run in which a step `go` is under way beside others, until the test ends it. */
async function lanes(steps: readonly (readonly string[])[], variable: string) {
  const { gate, end } = gates();
  calls.length = 0;
  const one = openHarness({ tools: [tool, gate] });
  opened.push(one);
  const { runId } = await one.start(
    workflowText([['id: go', 'action: g.wait', `output_variable: ${variable}`, 'needs: []'], ...steps]),
  );
  await ticks();
  const state = (): RunState => one.engine.stateOf(runId).state;
  const settle = async (): Promise<RunState> => {
    await one.engine.settled(runId);
    await ticks();
    return state();
  };
  return { clock: one.clock, state, settle, end };
}

describe('wait', () => {
  it('is not in how long the run took, in the terminal as little as on the screen; the step that waits took it', async () => {
    const one = harness();
    const { runId, state, settle } = await rest(one, [say('a'), ['id: w', 'wait: 66s']]);
    one.clock.advance(66_000);
    expect((await settle()).status).toBe('completed');
    const { workflow } = [...one.versions.values()][0] ?? one.versionOf('');
    const result = resultOf(state(), workflow);
    expect(result.duration_seconds).toBe((one.store.runs.find(runId)?.workedMs ?? Number.NaN) / 1000);
    expect([result.duration_seconds, ...result.step_results.map((step) => step.duration_seconds)]).toEqual([0, 0, 66]);
  });

  it('lets go of the run and wakes it when its time is over', async () => {
    const one = harness();
    const { runId, state, settle } = await rest(one, [
      say('a'),
      ['id: w', 'wait: 66s', 'output_variable: waited'],
      say('b'),
    ]);
    expect([state().status, state().waitsFor, state().steps.get('w')?.status]).toEqual(['waiting', 'time', 'waiting']);
    expect(one.engine.liveCount).toBe(0);
    expect(one.store.runs.find(runId)).toMatchObject({ status: 'waiting', wakeAt: state().wakeAt, workingSince: null });
    one.clock.advance(60_000);
    expect((await settle()).status).toBe('waiting');
    one.clock.advance(6_000);
    expect([(await settle()).status, variables(state())]).toEqual(['completed', { waited: { waited_seconds: 66 } }]);
    expect(paths()).toEqual(['a', 'b']);
    expect(state().workedMs).toBe(0);
    expect(one.bugs).toEqual([]);
  });

  it('that is killed in its midst repeats no earlier step', async () => {
    const one = harness();
    const { runId } = await rest(one, [say('a'), ['id: w', 'wait: 1h'], say('b')]);
    one.store.close();
    const clock = new FakeClock();
    clock.advance(2 * 60 * MINUTE);
    const next = openHarness({ dir: one.dir, tools: [tool], clock });
    opened.push(next);
    for (const [hash, version] of one.versions) next.versions.set(hash, version);
    expect(await next.engine.recoverAll()).toEqual([]);
    await ticks();
    await next.engine.settled(runId);
    expect(next.engine.stateOf(runId).state.status).toBe('completed');
    expect(paths()).toEqual(['a', 'b']);
  });

  it('whose time is over before the run has come to rest is woken at once', async () => {
    const one = harness();
    const { push } = one.live;
    // A commit that takes longer than the wait itself.
    one.live.push = (...events) => {
      one.live.push = push;
      one.clock.lag(66_000);
      return push.apply(one.live, events);
    };
    const { settle } = await rest(one, [['id: w', 'wait: 66s'], say('b')]);
    one.clock.advance(0);
    expect((await settle()).status).toBe('completed');
  });

  it('whose instant comes between a look and the timer of the next is looked at then', async () => {
    const one = harness();
    const { settle } = await rest(one, [['id: w', 'wait: 66s'], say('b')]);
    const { runs } = one.store;
    const { dueRunIds } = runs;
    runs.dueRunIds = (now) => {
      runs.dueRunIds = dueRunIds;
      const due = runs.dueRunIds(now);
      one.clock.lag(6_000);
      return due;
    };
    one.clock.advance(60_000);
    one.clock.advance(0);
    expect((await settle()).status).toBe('completed');
  });

  it('whose timer is late is not put off by another that comes to rest meanwhile', async () => {
    const one = harness();
    const { settle } = await rest(one, [['id: w', 'wait: 30s'], say('b')]);
    one.clock.lag(40_000);
    await rest(one, [['id: w', 'wait: 5m']]);
    one.clock.advance(0);
    expect((await settle()).status).toBe('completed');
  });

  it('is not held up by another that is due and cannot be woken', async () => {
    const one = harness();
    const stuck = await rest(one, [['id: w', 'wait: 1m']]);
    const { settle } = await rest(one, [['id: w', 'wait: 61s'], say('b')]);
    const broken = new Error('It cannot be read.');
    const { readRun } = one.store.journal;
    one.store.journal.readRun = (runId) => {
      if (runId === stuck.runId) throw broken;
      return readRun.call(one.store.journal, runId);
    };
    one.clock.advance(60_000);
    await ticks();
    expect(one.bugs.splice(0)).toEqual([broken]);
    one.clock.advance(1_000);
    expect((await settle()).status).toBe('completed');
  });

  it('goes until an instant, and not at all when it is past', async () => {
    const one = harness();
    const { state, settle } = await rest(one, [
      ['wait: {until: "2020-01-01T00:00:00Z"}'],
      ['id: w', 'wait: {until: "{{ now + timedelta(minutes=5) }}"}'],
    ]);
    expect(state().wakeAt).toBe(one.clock.ports.now() + 5 * MINUTE);
    one.clock.advance(5 * MINUTE);
    expect((await settle()).status).toBe('completed');
  });

  it('asks for its condition again and again, and gives up', async () => {
    const one = await lanes(
      [['id: w', 'wait: {condition: "done is defined", every: 30s, timeout: 2m}', 'output_variable: w', 'needs: []']],
      'done',
    );
    one.clock.advance(30_000);
    await ticks();
    expect(one.state().steps.get('w')?.status).toBe('waiting');
    await one.end('go', 1);
    one.clock.advance(15_000);
    expect(variables(await one.settle())).toEqual({ done: 1, w: { waited_seconds: 30 } });

    const other = harness();
    const never = await rest(other, [['id: w', 'wait: {condition: "false", every: 30s, timeout: 40s}']]);
    other.clock.advance(30_000);
    await never.settle();
    other.clock.advance(10_000);
    expect((await never.settle()).steps.get('w')?.error?.code).toBe('engine.wait_timed_out');
    expect(never.state().status).toBe('failed');
  });

  it('holds up no other lane', async () => {
    const one = await lanes(
      [
        ['id: w', 'wait: 5m', 'needs: []'],
        [...say('after'), 'needs: [w]'],
      ],
      'done',
    );
    expect([one.state().status, one.state().steps.get('w')?.status]).toEqual(['running', 'waiting']);
    one.clock.advance(5 * MINUTE);
    await ticks();
    expect(paths()).toEqual(['after']);
    await one.end('go', 1);
    expect((await one.settle()).status).toBe('completed');
  });

  it('is cancelled, and what comes afterwards changes nothing', async () => {
    const one = harness();
    const { runId, state, settle } = await rest(one, [['id: w', 'wait: 5m'], say('b')]);
    await one.engine.cancel(runId, TESTER);
    expect((await settle()).status).toBe('cancelled');
    expect([state().steps.get('w')?.status, state().wakeAt]).toEqual(['cancelled', null]);
    one.clock.advance(10 * MINUTE);
    expect((await settle()).status).toBe('cancelled');
    expect(paths()).toEqual([]);
  });

  it('that was cancelled and goes on counts anew', async () => {
    const one = harness();
    const { runId, state, settle } = await rest(one, [['id: w', 'wait: 5m'], say('b')]);
    await one.engine.cancel(runId, TESTER);
    await settle();
    one.clock.advance(60 * MINUTE);
    await one.engine.resume(runId, TESTER);
    expect([(await settle()).status, state().wakeAt]).toEqual(['waiting', one.clock.ports.now() + 5 * MINUTE]);
  });

  it('is paused: nothing wakes it before a person does', async () => {
    const one = harness();
    const { runId, settle } = await rest(one, [['id: w', 'wait: 5m'], say('b')]);
    expect(await one.engine.pause(runId, TESTER)).toBe('paused');
    one.clock.advance(10 * MINUTE);
    expect((await settle()).status).toBe('paused');
    await one.engine.resume(runId, TESTER);
    expect((await settle()).status).toBe('completed');
  });

  it('of a run with a time limit ends when the limit is reached', async () => {
    const one = harness();
    const { state, settle } = await rest(one, [['id: w', 'wait: 5m']], ['execution: {timeout: 2m}']);
    expect(state().wakeAt).toBe(one.clock.ports.now() + 2 * MINUTE);
    one.clock.advance(MINUTE);
    one.clock.advance(MINUTE);
    expect([(await settle()).status, state().error?.code]).toEqual(['failed', 'run.timed_out']);
  });

  it('of a loop turn that is over is void', async () => {
    const clock = new FakeClock();
    const one = harness({ clock });
    const { state, settle } = await rest(one, [
      [
        'id: l',
        'for_each: [1, 2]',
        'as: n',
        'steps: [{id: w, wait: 1m}, {id: s, action: t.say, inputs: {value: "{{ n }}"}}]',
        'output_variable: all',
      ],
    ]);
    clock.advance(MINUTE);
    expect((await settle()).steps.get('l[1].w')?.status).toBe('waiting');
    clock.advance(MINUTE);
    expect([(await settle()).status, variables(state())]).toEqual(['completed', { all: [1, 2] }]);
    expect(paths()).toEqual(['l[0].s', 'l[1].s']);
  });
});
