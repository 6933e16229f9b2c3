import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CrashProject, type RunEnd } from '../support/crash-project.ts';
import { seeded } from '../support/seeded.ts';

const STEPS = 12;
const RUNS = 20;
/** Ends what hangs: several of these go on at once, perhaps on a machine with other work. */
const GUARD_MS = 600_000;
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000);

/** A project of one's own, gone with its processes whatever comes. */
async function inProject(use: (project: CrashProject) => Promise<void>): Promise<void> {
  const project = new CrashProject(STEPS);
  try {
    await use(project);
  } finally {
    project.killHelpers();
    project.remove();
  }
}

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

/** Takes over what a killed engine left; gives how its runs ended, with nothing lost and nothing done twice. */
async function takeOver(project: CrashProject, runs: number | null): Promise<readonly RunEnd[]> {
  const host = project.launch(0);
  const ends = await host.ends;
  expect(host.errors()).toBe('');
  if (ends === null) throw new Error('the engine that took over died');
  const traces = project.traces();
  expectNothingTwice(traces);
  expectNothingLost(ends, traces, runs ?? ends.length);
  return ends;
}

const notCompleted = (ends: readonly RunEnd[]): readonly RunEnd[] =>
  ends.filter(({ status }) => status !== 'completed');

// Half of their time is waiting, and each has a project of its own.
describe.concurrent('kill -9 of the engine', () => {
  it(
    `at 100 random moments, ${RUNS} runs at once: nothing lost, nothing twice (seed ${SEED})`,
    { timeout: GUARD_MS },
    () =>
      inProject(async (project) => {
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
        const ends = await takeOver(project, null);
        expect(ends.length % RUNS).toBe(0);
        expect(notCompleted(ends)).toEqual([]);
      }),
  );

  it.each(['journal.beforeCommit', 'journal.afterCommit', 'step.afterSpawn', 'step.afterExit'])(
    'at %s',
    { timeout: GUARD_MS },
    async (name) => {
      for (const hit of [1, 2, 5, 9])
        await inProject(async (project) => {
          const host = project.launch(3, { AIWORKFLOW_FAILPOINT: `${name}:${hit}` });
          expect(await host.ends).toBeNull();
          expect(notCompleted(await takeOver(project, null))).toEqual([]);
        });
    },
  );

  it('together with its helper: what nobody can know stands in doubt, nothing is done twice', {
    timeout: GUARD_MS,
  }, async () => {
    const random = seeded(SEED + 1);
    let doubts = 0;
    for (let round = 0; round < 8; round += 1)
      await inProject(async (project) => {
        const host = project.launch(RUNS);
        await host.started;
        // From the first start of a script on: before it nothing can be in doubt.
        while (project.traces().size === 0) await delay(5);
        await delay(random() * 300);
        host.child.kill('SIGKILL');
        project.killHelpers();
        await host.ends;
        doubts += (await takeOver(project, RUNS)).filter(({ status }) => status === 'in_doubt').length;
      });
    expect(doubts).toBeGreaterThan(0);
  });
});
