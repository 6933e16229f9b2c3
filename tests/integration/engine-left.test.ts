import { rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunState } from '../../src/core/engine/index.ts';
import type { WorkflowPin } from '../../src/shared/model/events.ts';
import { calls, gates, opened, paths, ticks, tool } from '../support/block-runs.ts';
import { FakeClock, type HarnessOptions, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';

type Harness = ReturnType<typeof openHarness>;
type Steps = readonly (readonly string[])[];

const { gate, open, end } = gates();
const SAY = ['id: say', 'action: t.say'];

function terminal(options: HarnessOptions = {}): Harness {
  const one = openHarness({ tools: [tool, gate], ...options });
  opened.push(one);
  calls.length = 0;
  open.clear();
  return one;
}

/** Another terminal after the first was killed: it takes over nothing by itself. */
function reopened(killed: Harness, options: HarnessOptions = {}): Harness {
  opened.forget(killed);
  killed.store.close();
  onTestFinished(() => rmSync(killed.dir, { recursive: true, force: true }));
  const now = killed.clock.ports.now();
  const clock = new FakeClock();
  clock.advance(now - clock.ports.now());
  const next = openHarness({ dir: killed.dir, clock, tools: [tool, gate], ...options });
  opened.push(next);
  for (const [hash, version] of killed.versions) next.versions.set(hash, version);
  return next;
}

const start = (one: Harness, steps: Steps, pins: readonly WorkflowPin[] = [], head: readonly string[] = []) =>
  one.engine.start({
    version: one.versionOf(workflowText(steps, head)),
    inputs: {},
    trigger: { type: 'manual' },
    actor: TESTER,
    pins,
  });

/** Starts `outer`, which calls `inner`. */
async function startParent(one: Harness, inner: Steps, outer: Steps, head: readonly string[] = []): Promise<string> {
  const called = one.versionOf(workflowText(inner));
  const from = `hash-${one.versions.size}`;
  const pin = { from, ref: 'inner', versionHash: called.hash, workflowPath: 'inner.md', workflowId: 'test' };
  return (await start(one, outer, [pin], head)).runId;
}

const stateOf = (one: Harness, runId: string): RunState => one.engine.stateOf(runId).state;
const childOf = (one: Harness, runId: string): RunState => {
  const found = one.store.runs.list({ limit: 100 }).runs.find(({ parentRunId }) => parentRunId === runId);
  return stateOf(one, found?.runId ?? '');
};

describe('a run that whoever was to wake it has left', () => {
  it('waits for its instant again once somebody resumes it, and goes on by itself', async () => {
    const killed = terminal();
    const { runId } = await start(killed, [['wait: 1h'], SAY]);
    await ticks();
    expect(killed.engine.needsPerson(stateOf(killed, runId))).toBe(false);
    const one = reopened(killed);
    one.clock.advance(600_000);
    await ticks();
    expect([stateOf(one, runId).status, one.engine.needsPerson(stateOf(one, runId))]).toEqual(['waiting', true]);
    await one.engine.resume(runId, TESTER);
    await ticks();
    expect([stateOf(one, runId).waitsFor, one.engine.needsPerson(stateOf(one, runId))]).toEqual(['time', false]);
    await expect(one.engine.resume(runId, TESTER)).rejects.toMatchObject({ code: 'run.illegal_state' });
    one.clock.advance(3_000_000);
    await one.engine.allSettled();
    expect([stateOf(one, runId).status, paths()]).toEqual(['completed', ['say']]);
    expect(one.bugs).toEqual([]);
  });

  it('takes its turn when it waited for one', async () => {
    const killed = terminal({ maxRuns: 1 });
    await start(killed, [['id: go', 'action: g.wait']]);
    const { runId } = await start(killed, [SAY]);
    await ticks();
    const one = reopened(killed, { maxRuns: 1 });
    expect([stateOf(one, runId).waitsFor, one.engine.needsPerson(stateOf(one, runId))]).toEqual(['queue', true]);
    await one.engine.resume(runId, TESTER);
    await one.engine.allSettled();
    expect([stateOf(one, runId).status, paths()]).toEqual(['completed', ['say']]);
  });

  it('goes on with the run that it waits for, which nobody drives', async () => {
    const killed = terminal();
    const runId = await startParent(
      killed,
      [['id: go', 'action: g.wait', 'idempotent: true'], ['wait: 1h'], SAY],
      [['id: call', 'workflow: inner'], SAY],
    );
    while (open.size === 0) await ticks();
    expect(killed.engine.needsPerson(stateOf(killed, runId))).toBe(false);
    open.clear();
    const one = reopened(killed);
    const ofParent = (): readonly unknown[] => [
      stateOf(one, runId).status,
      childOf(one, runId).status,
      one.engine.needsPerson(stateOf(one, runId)),
    ];
    expect(ofParent()).toEqual(['waiting', 'running', true]);
    await one.engine.resume(runId, TESTER);
    while (open.size === 0) await ticks();
    expect(ofParent()).toEqual(['waiting', 'running', false]);
    await end('go');
    await ticks();
    expect(ofParent()).toEqual(['waiting', 'waiting', false]);
    // Killed once more: now both of them wait.
    const again = reopened(one);
    expect([stateOf(again, runId).status, again.engine.needsPerson(stateOf(again, runId))]).toEqual(['waiting', true]);
    await again.engine.resume(runId, TESTER);
    await ticks();
    again.clock.advance(3_600_000);
    await again.engine.allSettled();
    expect([stateOf(again, runId).status, childOf(again, runId).status, paths()]).toEqual([
      'completed',
      'completed',
      ['say', 'say'],
    ]);
    expect([...one.bugs, ...again.bugs]).toEqual([]);
  });

  it('is followed until a person is needed: never given up while a child begins, works, waits or ends', async () => {
    const one = terminal();
    const runId = await startParent(
      one,
      [['id: go', 'action: g.wait'], ['wait: 1h']],
      [['id: call', 'workflow: inner'], ['id: again', 'workflow: inner'], SAY],
    );
    const given: string[] = [];
    const look = (): void => {
      const state = stateOf(one, runId);
      if (one.engine.needsPerson(state)) given.push(`${state.status} ${state.waitsFor} at ${state.seq}`);
    };
    const stop = setInterval(look, 0);
    onTestFinished(() => clearInterval(stop));
    while (stateOf(one, runId).status !== 'completed') {
      look();
      await Promise.resolve().then(look);
      await new Promise((resolve) => setImmediate(resolve));
      look();
      if (open.size > 0) await end([...open.keys()][0] ?? '');
      if (open.size === 0) one.clock.advance(3_600_000);
    }
    expect(given).toEqual([]);
    expect(one.engine.needsPerson(stateOf(one, runId))).toBe(false);
  });

  it('with a question whose time has run out meanwhile, follows on_expire when it is resumed', async () => {
    const killed = terminal();
    const { runId } = await start(killed, [
      ['id: ok', 'approval: {title: Go?, expires_in: 1h, on_expire: continue}'],
      SAY,
    ]);
    await ticks();
    const one = reopened(killed);
    await expect(one.engine.resume(runId, TESTER)).rejects.toMatchObject({ code: 'run.illegal_state' });
    one.clock.advance(3_600_000);
    await one.engine.resume(runId, TESTER);
    await one.engine.allSettled();
    expect([stateOf(one, runId).status, paths()]).toEqual(['completed', ['say']]);
  });
});

describe('a run of a terminal that waits for another and for an instant', () => {
  it('goes on when the instant comes, whatever the other does', async () => {
    const one = terminal();
    const runId = await startParent(
      one,
      [['id: go', 'action: g.wait']],
      [['id: both', 'parallel:', '  a: [{wait: 1m}, {id: say, action: t.say}]', '  b: [{id: call, workflow: inner}]']],
    );
    while (open.size === 0) await ticks();
    await ticks();
    expect([stateOf(one, runId).status, stateOf(one, runId).waitsFor]).toEqual(['waiting', 'child']);
    one.clock.advance(60_000);
    await ticks();
    expect([stateOf(one, runId).status, paths()]).toEqual(['waiting', ['both.say']]);
    await end('go');
    await one.engine.allSettled();
    expect(stateOf(one, runId).status).toBe('completed');
  });
});

describe('a run whose stored version was deleted', () => {
  const expectGone = (one: Harness, runId: string): void => {
    const { status, error } = stateOf(one, runId);
    expect([status, error?.code]).toEqual(['failed', 'workflow.version_not_found']);
    expect(one.bugs).toEqual([]);
  };

  it('fails when its instant has come', async () => {
    const one = terminal();
    const { runId } = await start(one, [['wait: 1h'], SAY]);
    await ticks();
    one.versions.clear();
    one.clock.advance(3_600_000);
    await one.engine.allSettled();
    expectGone(one, runId);
    one.clock.advance(60_000);
    await ticks();
    expectGone(one, runId);
  });

  it('fails when its turn has come, also after a restart, and the next one goes', async () => {
    const killed = terminal({ maxRuns: 1 });
    await start(killed, [['id: go', 'action: g.wait', 'idempotent: true']]);
    const { runId } = await start(killed, [SAY]);
    const { runId: next } = await start(killed, [SAY]);
    await ticks();
    killed.versions.delete(stateOf(killed, runId).created.versionHash);
    open.clear();
    const one = reopened(killed, { maxRuns: 1 });
    await one.engine.recoverAll();
    while (open.size === 0) await ticks();
    await end('go');
    await one.engine.allSettled();
    expectGone(one, runId);
    expect(stateOf(one, next).status).toBe('completed');
  });

  it('fails when the run that it waits for has ended, and can be called off before', async () => {
    const one = terminal();
    const begin = () => startParent(one, [['id: go', 'action: g.wait']], [['id: call', 'workflow: inner'], SAY]);
    const runId = await begin();
    const other = await begin();
    while (open.size === 0) await ticks();
    for (const id of [runId, other]) one.versions.delete(stateOf(one, id).created.versionHash);
    await end('go');
    await one.engine.cancel(other, TESTER);
    expect(stateOf(one, other).status).toBe('cancelled');
    for (const id of [...open.keys()]) await end(id);
    await ticks();
    expectGone(one, runId);
  });

  it('as a child fails its parent', async () => {
    const one = terminal();
    const runId = await startParent(one, [['wait: 1h']], [['id: call', 'workflow: inner'], SAY]);
    while (childOfOrNull(one, runId)?.status !== 'waiting') await ticks();
    one.versions.delete(childOf(one, runId).created.versionHash);
    one.clock.advance(3_600_000);
    await one.engine.allSettled();
    expectGone(one, childOf(one, runId).runId);
    expect([stateOf(one, runId).status, stateOf(one, runId).steps.get('call')?.error?.code]).toEqual([
      'failed',
      'run.child_failed',
    ]);
  });
});

const childOfOrNull = (one: Harness, runId: string): RunState | null => {
  const found = one.store.runs.list({ limit: 100 }).runs.find(({ parentRunId }) => parentRunId === runId);
  return found === undefined ? null : stateOf(one, found.runId);
};
