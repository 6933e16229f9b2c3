import { expect, it } from 'vitest';
import type { StartRequest } from '../../src/core/engine/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import { opened, ticks } from '../support/block-runs.ts';
import {
  FakeClock,
  type HarnessOptions,
  inProcessTool,
  openHarness,
  TESTER,
  workflowText,
} from '../support/engine-harness.ts';

const SCHEDULER = { kind: 'system', id: 'schedule', door: 'engine' } as const;

/** SPEC §3.5: one breaker a workflow, 5 failures, 30 s, 3 trials; it holds back triggers only. */
function world(options: HarnessOptions = {}) {
  const works = { isBroken: true };
  const flaky = inProcessTool('t', {
    work: () => {
      if (works.isBroken) throw new AppError('tool.failed', 'It broke.');
      return null;
    },
    wait: ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new AppError('run.cancelled', 'Cut.')));
      }),
  });
  const one = openHarness({ tools: [flaky], ...options });
  opened.push(one);
  const version = [...one.versions.values()][0] ?? one.versionOf(workflowText([['action: t.work', 'max_retries: 0']]));
  const start = async (type: 'manual' | 'schedule', more: Partial<StartRequest> = {}): Promise<string> => {
    const actor = type === 'manual' ? TESTER : SCHEDULER;
    const { runId } = await one.engine.start({ version, inputs: {}, trigger: { type }, actor, ...more });
    await one.engine.settled(runId);
    await ticks();
    return one.engine.stateOf(runId).state.status;
  };
  const fail = async (count: number): Promise<void> => {
    for (let run = 0; run < count; run += 1) expect(await start('schedule')).toBe('failed');
  };
  return { one, works, version, start, fail };
}

const HELD_BACK = {
  code: 'workflow.breaker_open',
  message: 'Circuit breaker is open - too many recent failures',
};

it('no trigger starts a workflow that failed five times in a row, a person does', async () => {
  const { one, works, start, fail } = world();
  await fail(5);
  await expect(start('schedule', { startKey: 'schedule:x:1' })).rejects.toMatchObject(HELD_BACK);
  expect(one.store.runs.totals({}).runs).toBe(5);
  expect(await start('manual')).toBe('failed');
  expect(await start('schedule', { actor: TESTER })).toBe('failed');
  // After its pause three may try; once they have done well it is closed.
  one.clock.advance(30_000);
  works.isBroken = false;
  expect([await start('schedule'), await start('schedule'), await start('schedule')]).toEqual(
    Array.from({ length: 3 }, () => 'completed'),
  );
  works.isBroken = true;
  await fail(4);
  expect(one.bugs).toEqual([]);
});

it('a trial that fails opens it again; a person closes it by hand', async () => {
  const { one, works, start, fail } = world();
  await fail(5);
  one.clock.advance(30_000);
  await fail(1);
  await expect(start('schedule')).rejects.toMatchObject(HELD_BACK);
  one.engine.resetBreaker('test');
  works.isBroken = false;
  expect(await start('schedule')).toBe('completed');
});

it('one that went well lets the count begin anew, one that was called off says nothing', async () => {
  const { one, works, start, fail } = world();
  await fail(4);
  const waits = one.versionOf(workflowText([['action: t.wait']]));
  const { runId } = await one.engine.start({
    version: waits,
    inputs: {},
    trigger: { type: 'schedule' },
    actor: TESTER,
  });
  await one.engine.cancel(runId, TESTER);
  await one.engine.settled(runId);
  works.isBroken = false;
  expect(await start('manual')).toBe('completed');
  works.isBroken = true;
  await fail(5);
  await expect(start('schedule')).rejects.toMatchObject(HELD_BACK);
});

it('holds over a restart', async () => {
  const { one, fail } = world();
  await fail(5);
  one.store.close();
  opened.forget(one);
  const clock = new FakeClock();
  clock.advance(one.clock.ports.now() - clock.ports.now());
  const next = world({ dir: one.dir, clock });
  await expect(next.start('schedule')).rejects.toMatchObject(HELD_BACK);
});

it('a verdict that cannot be stored keeps no run from its end', async () => {
  const { one, start } = world();
  const load = one.store.breakers.load.bind(one.store.breakers);
  one.store.breakers.load = () => {
    throw new AppError('store.corrupt', 'Damaged.');
  };
  expect(await start('manual')).toBe('failed');
  expect(one.bugs).toMatchObject([{ code: 'store.corrupt' }]);
  one.store.breakers.load = load;
  expect(await start('schedule')).toBe('failed');
});
