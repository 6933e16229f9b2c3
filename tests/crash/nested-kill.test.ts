import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { CrashProject, type RunEnd } from '../support/crash-project.ts';
import { seeded } from '../support/seeded.ts';

const RUNS = 4;
/** Of each run: two lanes of three items, and the `finally`. */
const SCRIPTS = 2 * 3 + 1;
const KILLS = Number(process.env.TEST_KILLS ?? 20);
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000);

const TREE = `id: all
try:
  - id: each
    for_each: [1, 2, 3]
    concurrency: 2
    steps:
      - id: both
        parallel:
          a: [{id: left, action: keyed.run}, {id: nap, wait: 1500ms}]
          b: [{id: right, action: keyed.run}]
finally: [{id: tidy, action: keyed.run}]
output_variable: done`;

let project: CrashProject | null = null;
afterEach(() => {
  project?.killHelpers();
  project?.remove();
  project = null;
});

/** Every run ended as one that nobody killed: each script begun once and ended once. */
function expectWhole(ends: readonly RunEnd[] | null, traces: ReturnType<CrashProject['traces']>): void {
  expect((ends ?? []).map(({ status, outcome }) => [status, outcome])).toEqual(
    (ends ?? []).map(() => ['completed', 'success']),
  );
  expect([...traces].filter(([, [begins, finished]]) => begins !== 1 || finished !== 1)).toEqual([]);
  for (const { runId } of ends ?? [])
    expect([...traces.keys()].filter((key) => key.startsWith(`${runId} `))).toHaveLength(SCRIPTS);
}

describe('kill -9 inside a parallel inside a for_each inside a try', () => {
  it(`at ${KILLS} random moments (seed ${SEED})`, { timeout: 60_000 + KILLS * 8_000 }, async () => {
    project = new CrashProject(TREE);
    const random = seeded(SEED);
    let wanted = RUNS;
    for (let kills = 0; kills < KILLS; kills += 1) {
      const host = project.launch(wanted);
      await (wanted > 0 ? host.started : host.ready);
      await Promise.race([delay(random() * 500), host.ends]);
      host.child.kill('SIGKILL');
      // Once all of them have ended, there is nothing to be killed in.
      wanted = (await host.ends) === null ? 0 : RUNS;
    }
    const last = project.launch(0);
    const ends = await last.ends;
    expect(last.errors()).toBe('');
    expectWhole(ends, project.traces());
    expect((ends ?? []).length % RUNS).toBe(0);
  });

  it.each(['journal.beforeCommit', 'journal.afterCommit', 'step.afterSpawn', 'step.afterExit', 'run.deciding'])(
    'at %s',
    { timeout: 120_000 },
    async (name) => {
      for (const hit of [1, 3, 6]) {
        project = new CrashProject(TREE);
        const host = project.launch(1, { AIWORKFLOW_FAILPOINT: `${name}:${hit}` });
        expect(await host.ends).toBeNull();
        const again = project.launch(0);
        const ends = await again.ends;
        expect(again.errors()).toBe('');
        expectWhole(ends, project.traces());
        project.killHelpers();
        project.remove();
      }
    },
  );
});
