import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CrashProject, type RunEnd } from '../support/crash-project.ts';
import { seeded } from '../support/seeded.ts';

const RUNS = 4;
/** Of each run: two lanes of three items, the `finally`, and two steps of a transaction with what undoes them. */
const SCRIPTS = 2 * 3 + 1 + 2 * 2;
const KILLS = Number(process.env.TEST_KILLS ?? 20);
/** Ends what hangs: several of these go on at once, perhaps on a machine with other work. */
const GUARD_MS = 600_000;
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
  - id: booking
    try:
      - id: all_of_it
        transaction:
          - {id: room, action: keyed.run, compensate: {action: keyed.run}}
          - {id: seat, action: keyed.run, compensate: {action: keyed.run}}
          - {id: refused, action: workflow.fail}
    catch: [{id: known, action: workflow.noop}]
finally: [{id: tidy, action: keyed.run}]
output_variable: done`;

/** A project of one's own, gone with its processes whatever comes. */
async function inProject(use: (project: CrashProject) => Promise<void>): Promise<void> {
  const project = new CrashProject(TREE);
  try {
    await use(project);
  } finally {
    project.killHelpers();
    project.remove();
  }
}

/** Every run ended as one that nobody killed: each script begun once and ended once. */
function expectWhole(ends: readonly RunEnd[] | null, traces: ReturnType<CrashProject['traces']>): void {
  expect((ends ?? []).map(({ status, outcome }) => [status, outcome])).toEqual(
    (ends ?? []).map(() => ['completed', 'success']),
  );
  expect([...traces].filter(([, [begins, finished]]) => begins !== 1 || finished !== 1)).toEqual([]);
  for (const { runId } of ends ?? [])
    expect([...traces.keys()].filter((key) => key.startsWith(`${runId} `))).toHaveLength(SCRIPTS);
}

/** Takes over what a killed engine left and lets it end; gives how many runs there were. */
async function takeOver(project: CrashProject): Promise<number> {
  const host = project.launch(0);
  const ends = await host.ends;
  expect(host.errors()).toBe('');
  expectWhole(ends, project.traces());
  return ends?.length ?? 0;
}

// Half of their time is waiting, and each has a project of its own.
describe.concurrent('kill -9 inside a parallel inside a for_each inside a try, and inside a rollback', () => {
  it(`at ${KILLS} random moments (seed ${SEED})`, { timeout: GUARD_MS + KILLS * 8_000 }, () =>
    inProject(async (project) => {
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
      expect((await takeOver(project)) % RUNS).toBe(0);
    }),
  );

  // The ninth and the tenth script undo a step of the transaction.
  it.each<[string, readonly number[]]>([
    ['journal.beforeCommit', [1, 3, 6]],
    ['journal.afterCommit', [1, 3, 6]],
    ['step.afterSpawn', [1, 3, 6, 10]],
    ['step.afterExit', [1, 3, 6, 9]],
    ['run.deciding', [1, 3, 6]],
  ])('at %s', { timeout: GUARD_MS }, async (name, hits) => {
    for (const hit of hits)
      await inProject(async (project) => {
        const host = project.launch(1, { AIWORKFLOW_FAILPOINT: `${name}:${hit}` });
        expect(await host.ends).toBeNull();
        await takeOver(project);
      });
  });
});
