import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { CrashProject, type RunEnd } from '../support/crash-project.ts';
import { seeded } from '../support/seeded.ts';

const STEPS = 12;
const RUNS = 20;
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000);

let project: CrashProject | null = null;
afterEach(() => {
  project?.killHelpers();
  project?.remove();
  project = null;
});

function expectNothingTwice(traces: ReturnType<CrashProject['traces']>): void {
  const doubled = [...traces].filter(([, [begins, ends]]) => begins > 1 || ends > 1);
  expect(doubled).toEqual([]);
}

function expectNothingLost(ends: readonly RunEnd[], traces: ReturnType<CrashProject['traces']>, runs: number): void {
  expect(ends).toHaveLength(runs);
  for (const end of ends) {
    expect(['completed', 'in_doubt']).toContain(end.status);
    if (end.status !== 'completed') continue;
    const steps = Array.from({ length: STEPS }, (_, i) => traces.get(`${end.runId} step_${i + 1}`));
    expect(steps).toEqual(steps.map(() => [1, 1]));
  }
}

describe('kill -9 of the engine', () => {
  it(`at 100 random moments, ${RUNS} runs at once: nothing lost, nothing twice (seed ${SEED})`, {
    timeout: 400_000,
  }, async () => {
    project = new CrashProject(STEPS);
    const random = seeded(SEED);
    const first = project.launch(RUNS);
    await first.started;
    first.child.kill('SIGKILL');
    await first.ends;
    for (let kills = 1; kills < 100; kills += 1) {
      const host = project.launch(0);
      await host.ready;
      await Promise.race([delay(random() * 400), host.ends]);
      host.child.kill('SIGKILL');
      const ended = await host.ends;
      if (ended !== null) {
        const more = project.launch(RUNS);
        await more.started;
        more.child.kill('SIGKILL');
        await more.ends;
        kills += 1;
      }
    }
    const last = project.launch(0);
    const ends = await last.ends;
    expect(last.errors()).toBe('');
    const traces = project.traces();
    expectNothingTwice(traces);
    expectNothingLost(ends ?? [], traces, ends?.length ?? -1);
    expect((ends ?? []).length % RUNS).toBe(0);
    expect((ends ?? []).filter((end) => end.status !== 'completed')).toEqual([]);
  });

  it.each(['journal.beforeCommit', 'journal.afterCommit', 'step.afterSpawn', 'step.afterExit'])(
    'at %s',
    { timeout: 120_000 },
    async (name) => {
      for (const hit of [1, 2, 5, 9]) {
        project = new CrashProject(STEPS);
        const host = project.launch(3, { AIWORKFLOW_FAILPOINT: `${name}:${hit}` });
        expect(await host.ends).toBeNull();
        const again = project.launch(0);
        const ends = await again.ends;
        expect(again.errors()).toBe('');
        const traces = project.traces();
        expectNothingTwice(traces);
        expectNothingLost(ends ?? [], traces, ends?.length ?? -1);
        expect((ends ?? []).filter((end) => end.status !== 'completed')).toEqual([]);
        project.remove();
      }
    },
  );

  it('together with its helper: what nobody can know stands in doubt, nothing is done twice', {
    timeout: 120_000,
  }, async () => {
    const random = seeded(SEED + 1);
    let doubts = 0;
    for (let round = 0; round < 8; round += 1) {
      project = new CrashProject(STEPS);
      const host = project.launch(RUNS);
      await host.started;
      // From the first start of a script on: before it nothing can be in doubt.
      while (project.traces().size === 0) await delay(5);
      await delay(random() * 300);
      host.child.kill('SIGKILL');
      project.killHelpers();
      await host.ends;
      const again = project.launch(0);
      const ends = await again.ends;
      expect(again.errors()).toBe('');
      const traces = project.traces();
      expectNothingTwice(traces);
      expectNothingLost(ends ?? [], traces, RUNS);
      doubts += (ends ?? []).filter((end) => end.status === 'in_doubt').length;
      project.remove();
    }
    expect(doubts).toBeGreaterThan(0);
  });
});
