import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StartFromTrigger } from '../../src/core/triggers/index.ts';
import { inProcessTool } from '../support/engine-harness.ts';
import { SchedulerLab } from '../support/scheduler-lab.ts';

/** QUALITY "Never lose": whatever happens to the computer, each planned start has one row with one end, and no start is made twice. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SEED = Number(process.env.SEED ?? 20_261_129);

/** What happens to the computer and the app, one after the other. */
type Event = readonly [
  kind: 'run' | 'sleep' | 'jump' | 'close' | 'kill' | 'kill_after_claim' | 'kill_after_start',
  ms: number,
];

const minutes = (least: number, most: number): fc.Arbitrary<number> =>
  fc.integer({ min: least, max: most }).map((count) => count * MINUTE + 1234);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant('run' as const), minutes(1, 180)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('sleep' as const), minutes(1, 3 * 24 * 60)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('jump' as const), minutes(-180, 30 * 24 * 60)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('close' as const), minutes(0, 5 * 24 * 60)) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('kill', 'kill_after_claim', 'kill_after_start'), minutes(0, 600)) },
);

const never = new Promise<never>(() => undefined);
const AFTER_CLAIM = (): StartFromTrigger => () => never;
const AFTER_START =
  (real: StartFromTrigger): StartFromTrigger =>
  async (start) => {
    await real(start);
    return never;
  };
const SAFE = (real: StartFromTrigger): StartFromTrigger => real;

async function happen(lab: SchedulerLab, [kind, ms]: Event): Promise<void> {
  if (kind === 'run') await lab.machine.run(ms);
  else if (kind === 'sleep') lab.machine.sleep(ms);
  else if (kind === 'jump') lab.machine.setClock(ms);
  else if (kind === 'close') await lab.closeFor(ms);
  else {
    if (kind !== 'kill') {
      lab.starts(kind === 'kill_after_claim' ? AFTER_CLAIM : AFTER_START);
      await lab.machine.run(35 * MINUTE);
      lab.starts(SAFE);
    }
    await lab.killFor(ms);
  }
  // Whatever happened, the next look finds it.
  await lab.machine.run(2 * MINUTE);
}

it(`holds for any order of sleep, clock changes, closing and kills (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 3, maxLength: 12 }),
      fc.constantFrom('last', 'all', 'none'),
      fc.constantFrom('skip', 'queue', 'allow'),
      async (events, catchUp, overlap) => {
        const lab = new SchedulerLab({ tools: [inProcessTool('t', { do: () => 'done' })], maxRuns: 2 });
        try {
          const begun = lab.machine.now;
          const grid = await lab.arm('grid', { schedule: '@every 20m', catch_up: catchUp, overlap });
          const cron = await lab.arm('cron', { schedule: '30 * * * *', catch_up: catchUp, overlap, jitter: '3m' });
          for (const one of events) await happen(lab, one);
          await lab.machine.run(2 * HOUR);
          expect(lab.bugs).toEqual([]);
          const { now } = lab.machine;
          for (const [key, first, every] of [
            [grid, begun + 20 * MINUTE, 20 * MINUTE],
            [cron, begun + 30 * MINUTE, HOUR],
          ] as const) {
            const rows = lab.rows(key);
            const planned = rows.map(({ plannedAt }) => plannedAt);
            const expected: number[] = [];
            for (let at = first; at <= now; at += every) expected.push(at);
            // A clock that went ahead may have started something whose time has not come yet.
            // A clock that was set back may come by times from before it was armed.
            expect(planned.filter((at) => at >= first && at <= now)).toEqual(expected);
            for (const row of rows.filter(({ dueAt }) => dueAt < now - 10 * MINUTE))
              expect([row.plannedAt, row.state]).not.toEqual([
                row.plannedAt,
                expect.stringMatching(/^(?:planned|claimed)$/),
              ]);
            for (const row of rows) {
              const runId = lab.store.runs.findByStartKey(`schedule:${key}:${new Date(row.plannedAt).toISOString()}`);
              expect([row.state, row.runId]).toEqual([row.state, runId]);
              if (row.state !== 'planned') expect(row.reason).not.toBeNull();
              if (row.state === 'missed') expect(row.evidence.text).toMatch(/\w/);
            }
          }
          const started = lab.rows().filter(({ runId }) => runId !== null).length;
          expect(lab.runCount()).toBe(started);
        } finally {
          await lab.close();
        }
      },
    ),
    { seed: SEED, numRuns: Number(process.env.RUNS ?? 25) },
  );
});
