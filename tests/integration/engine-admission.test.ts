import { rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunState } from '../../src/core/engine/index.ts';
import { gates, type harness, opened, paths, ticks, tool } from '../support/block-runs.ts';
import { FakeClock, type HarnessOptions, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';
import { seeded } from '../support/seeded.ts';

const WORK = workflowText([['id: go', 'action: g.wait']]);

/** An engine whose runs end when the test says so; each run has a gate of its own. */
function world(options: HarnessOptions = {}) {
  const { gate, open, end } = gates();
  let most = 0;
  const counted: typeof gate = {
    ...gate,
    execute: (call) => {
      const working = gate.execute({ ...call, path: call.runId });
      most = Math.max(most, open.size);
      return working;
    },
  };
  const one = openHarness({ tools: [tool, counted], ...options });
  opened.push(one);
  const statuses = (ids: readonly string[]): readonly string[] =>
    ids.map((id) => {
      const { status, waitsFor } = one.engine.stateOf(id).state;
      return status === 'waiting' ? `waiting for ${waitsFor}` : status;
    });
  return { one, open, end, statuses, most: () => most };
}

async function startMany(one: ReturnType<typeof harness>, text: string, count: number): Promise<readonly string[]> {
  const version = one.versionOf(text);
  const starts = Array.from({ length: count }, () =>
    one.engine.start({ version, inputs: {}, trigger: { type: 'manual' }, actor: TESTER }),
  );
  return (await Promise.all(starts)).map(({ runId }) => runId);
}

describe('lanes', () => {
  it('so many runs are driven at once, the others wait for their turn and say so', async () => {
    const { one, end, statuses, most } = world({ maxRuns: 2 });
    const ids = await startMany(one, WORK, 4);
    await ticks();
    expect(statuses(ids)).toEqual(['running', 'running', 'waiting for queue', 'waiting for queue']);
    expect(one.store.runs.find(ids[2] ?? '')).toMatchObject({ status: 'waiting', waitsFor: 'queue', wakeAt: null });
    await end(ids[1] ?? '');
    await ticks();
    expect(statuses(ids)).toEqual(['running', 'completed', 'running', 'waiting for queue']);
    for (const id of [0, 2, 3]) {
      await end(ids[id] ?? '');
      await ticks();
    }
    await one.engine.allSettled();
    expect([statuses(ids), most()]).toEqual([Array.from({ length: 4 }, () => 'completed'), 2]);
    expect(one.bugs).toEqual([]);
  });

  it('resumes and retries of twenty runs at once never pass the limit', async () => {
    const { one, open, end, most } = world({ maxRuns: 2 });
    const ids = await startMany(one, WORK, 20);
    await Promise.all(ids.map((id) => one.engine.cancel(id, TESTER)));
    await one.engine.allSettled();
    await Promise.all(ids.map((id) => one.engine.resume(id, TESTER)));
    while (!one.engine.isIdle) {
      for (const id of [...open.keys()]) await end(id);
      await ticks();
    }
    expect([most(), new Set(ids.map((id) => one.engine.stateOf(id).state.status))]).toEqual([
      2,
      new Set(['completed']),
    ]);
  });

  it('a run that waits holds none', async () => {
    const { one, statuses } = world({ maxRuns: 1 });
    const [waits] = await startMany(one, workflowText([['wait: 1h']]), 1);
    const [other] = await startMany(one, workflowText([['id: say', 'action: t.say']]), 1);
    await ticks();
    expect(statuses([waits ?? '', other ?? ''])).toEqual(['waiting for time', 'completed']);
  });

  it('who is paused or called off before its turn does not take one', async () => {
    const { one, end, statuses } = world({ maxRuns: 1 });
    const ids = await startMany(one, WORK, 3);
    expect(await one.engine.pause(ids[1] ?? '', TESTER)).toBe('paused');
    await one.engine.cancel(ids[2] ?? '', TESTER);
    await ticks();
    await end(ids[0] ?? '');
    await one.engine.allSettled();
    expect(statuses(ids)).toEqual(['completed', 'paused', 'cancelled']);
  });

  it('the place is kept over a kill', async () => {
    const { gate, open, end } = gates();
    const killed = openHarness({ tools: [tool, gate], maxRuns: 1 });
    const version = killed.versionOf(
      workflowText([
        ['id: go', 'action: g.wait', 'idempotent: true'],
        ['id: say', 'action: t.say'],
      ]),
    );
    const start = { version, inputs: {}, trigger: { type: 'manual' }, actor: TESTER } as const;
    const ids = [await killed.engine.start(start), await killed.engine.start(start)].map(({ runId }) => runId);
    await ticks();
    open.clear();
    killed.store.close();
    const next = openHarness({ dir: killed.dir, clock: new FakeClock(), maxRuns: 1 });
    opened.push(next);
    onTestFinished(() => rmSync(killed.dir, { recursive: true, force: true }));
    for (const [hash, one] of killed.versions) next.versions.set(hash, one);
    await next.engine.recoverAll();
    while (!next.engine.isIdle) {
      await end('go');
      await ticks();
    }
    const states = ids.map((id): RunState => next.engine.stateOf(id).state);
    expect(states.map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(paths().filter((path) => path === 'say').length).toBeGreaterThanOrEqual(2);
  });
});

describe('limits of a workflow and of a tag', () => {
  const GPU = workflowText([['id: go', 'action: g.wait']], ['execution: {tags: [gpu]}']);
  const limits = { workflows: new Map(), tags: new Map([['gpu', 1]]) };

  it('a run beyond the limit of its tag waits, says so, and holds nobody up who needs no such place', async () => {
    const { one, end, statuses } = world({ maxRuns: 3, limits });
    const [first = '', second = '', third = ''] = await startMany(one, GPU, 3);
    const [plain = ''] = await startMany(one, WORK, 1);
    await ticks();
    expect(statuses([first, second, third, plain])).toEqual([
      'running',
      'waiting for queue',
      'waiting for queue',
      'running',
    ]);
    const why = { kind: 'tag', tag: 'gpu', busy: 1, of: 1 };
    expect([one.engine.places.waitOf(second), one.engine.places.waitOf(first)]).toEqual([why, null]);
    expect([one.engine.places.freeLanes, one.engine.places.fullTags]).toEqual([1, ['gpu']]);
    await end(first);
    await ticks();
    expect(statuses([second, third])).toEqual(['running', 'waiting for queue']);
    for (const id of [second, third, plain]) {
      await end(id);
      await ticks();
    }
    await one.engine.allSettled();
    expect([statuses([first, second, third, plain]), one.bugs]).toEqual([
      Array.from({ length: 4 }, () => 'completed'),
      [],
    ]);
  });

  it('a run beyond the limit of its workflow waits and says so', async () => {
    const { one, end, statuses } = world({ limits: { workflows: new Map([['test', 2]]), tags: new Map() } });
    const ids = await startMany(one, WORK, 3);
    await ticks();
    expect(statuses(ids)).toEqual(['running', 'running', 'waiting for queue']);
    expect(one.engine.places.waitOf(ids[2] ?? '')).toEqual({ kind: 'workflow', busy: 2, of: 2 });
    for (const run of ids) {
      await end(run);
      await ticks();
    }
    expect(statuses(ids)).toEqual(['completed', 'completed', 'completed']);
  });

  it('never more are at work than a tag allows, whatever ends, is called off or is started when', async () => {
    const random = seeded(20_260_301);
    const { one, open, end, most } = world({ limits: { workflows: new Map(), tags: new Map([['gpu', 3]]) } });
    const version = one.versionOf(GPU);
    const ids: string[] = [];
    for (let turn = 0; turn < 120; turn += 1) {
      const [live = ''] = open.keys();
      const act = random();
      if (act < 0.5) {
        const start = { version, inputs: {}, trigger: { type: 'manual' }, actor: TESTER } as const;
        ids.push((await one.engine.start(start)).runId);
      } else if (act < 0.85 && live !== '') await end(live);
      else if (live !== '') await one.engine.cancel(live, TESTER);
      if (random() < 0.4) await ticks();
    }
    while (!one.engine.isIdle) {
      for (const id of [...open.keys()]) await end(id);
      await ticks();
    }
    const ended = ids.map((id) => one.engine.stateOf(id).state.status);
    expect([most(), ended.every((status) => status === 'completed' || status === 'cancelled'), one.bugs]).toEqual([
      3,
      true,
      [],
    ]);
  });
});

describe('execution.concurrency', () => {
  const work = (word: string): string =>
    workflowText([['id: go', 'action: g.wait']], [`execution: {concurrency: ${word}}`]);

  it('skip refuses a second run while the first goes on', async () => {
    const { one, end } = world();
    const version = one.versionOf(work('skip'));
    const start = () => one.engine.start({ version, inputs: {}, trigger: { type: 'manual' }, actor: TESTER });
    const [first, second] = await Promise.allSettled([start(), start()]);
    expect(first?.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { code: 'run.already_running' } });
    expect(one.store.runs.list({ limit: 10 }).runs).toHaveLength(1);
    await ticks();
    await end(one.store.runs.list({ limit: 1 }).runs[0]?.runId ?? '');
    await one.engine.allSettled();
    const { runId } = await start();
    await one.engine.cancel(runId, TESTER);
    await one.engine.allSettled();
    expect(one.engine.stateOf(runId).state.status).toBe('cancelled');
  });

  it('queue runs one after the other', async () => {
    const { one, end, statuses, most } = world();
    const ids = await startMany(one, work('queue'), 3);
    await ticks();
    expect(statuses(ids)).toEqual(['running', 'waiting for queue', 'waiting for queue']);
    for (const id of ids) {
      await end(id);
      await ticks();
    }
    await one.engine.allSettled();
    expect([statuses(ids), most()]).toEqual([['completed', 'completed', 'completed'], 1]);
  });

  it('cancel_previous ends the one before and begins when it has ended', async () => {
    const { one, end, statuses } = world();
    const [first = ''] = await startMany(one, work('cancel_previous'), 1);
    await ticks();
    const { runId: second } = await one.engine.start({
      version: [...one.versions.values()][0] as never,
      inputs: {},
      trigger: { type: 'manual' },
      actor: TESTER,
    });
    await ticks();
    await ticks();
    expect(statuses([first, second])).toEqual(['cancelled', 'running']);
    await end(second);
    await one.engine.allSettled();
    expect(statuses([first, second])).toEqual(['cancelled', 'completed']);
  });
});
