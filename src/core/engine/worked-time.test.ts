import { describe, expect, it } from 'vitest';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import { type ChildWork, workedMs } from '../../shared/model/run.ts';
import { created } from '../storage/store.test-support.ts';
import { foldRun } from './fold.ts';
import { projectRun } from './projection.ts';
import { clockWithChildren, restsOf } from './worked-time.ts';

const actor = { kind: 'user', id: 'tester', door: 'cli' } as const;
const start = (path: string, attempt = 1): RunEvent => ({
  type: 'step.started',
  path,
  index: 1,
  name: path,
  variable: null,
  attempt,
  now: 0,
  action: 'work.effect',
  effect: 'effect',
  inputs: {},
  role: 'main',
});
const end = (path: string): RunEvent => ({
  type: 'step.completed',
  path,
  attempt: 1,
  output: 1,
  outputs: null,
  variables: null,
  warnings: [],
});
const completed: RunEvent = {
  type: 'run.completed',
  outcome: 'success',
  outputs: {},
  error: null,
  successConditions: [],
  warnings: [],
};

const at = (...events: readonly (readonly [number, RunEvent])[]) =>
  events.map(
    ([seconds, event], index): StoredEvent<RunEvent> => ({
      position: index + 1,
      stream: 'run:r',
      seq: index + 1,
      v: 1,
      at: seconds * 1000,
      actor,
      event,
    }),
  );

/** What a list shows at `now` of a run to which these events happened; instants in seconds. */
function workedSeconds(now: number, ...more: readonly (readonly [number, RunEvent])[]): number {
  const stored = at([0, created()], [1, { type: 'run.started' }], ...more);
  return workedMs(projectRun(foldRun(stored)), now * 1000) / 1000;
}

describe('the time that a run was at work', () => {
  it('goes on while it works and stands when it has ended', () => {
    expect(workedSeconds(61, [1, start('a')])).toBe(60);
    expect(workedSeconds(999, [1, start('a')], [5, end('a')], [5, completed])).toBe(4);
  });

  it('has no part in a pause, also while it lasts', () => {
    const paused = [
      [1, start('a')],
      [5, end('a')],
      [5, { type: 'run.paused' }],
    ] as const;
    expect(workedSeconds(999, ...paused)).toBe(4);
    expect(workedSeconds(120, ...paused, [100, { type: 'run.resumed' }], [100, start('b')])).toBe(24);
  });

  it('does not count an attempt of which nobody knows the end, nor the doubt', () => {
    const inDoubt = [
      [1, start('a')],
      [5, end('a')],
      [5, start('b')],
      [60, { type: 'step.in_doubt', path: 'b', attempt: 1, reason: 'engine_died' }],
      [60, { type: 'run.in_doubt' }],
    ] as const;
    expect(workedSeconds(999, ...inDoubt)).toBe(4);
    const resolved = [90, { type: 'step.resolved', path: 'b', as: 'completed', output: 1 }] as const;
    expect(workedSeconds(999, ...inDoubt, resolved, [92, completed])).toBe(6);
  });

  it('leaves out the time when nobody was there, but not a step that went on meanwhile', () => {
    const recovered = [200, { type: 'run.recovered' }] as const;
    expect(workedSeconds(210, [1, start('a')], [5, end('a')], recovered, [200, start('b')])).toBe(14);
    expect(workedSeconds(999, [1, start('a')], recovered, [201, end('a')], [201, completed])).toBe(200);
  });

  it('ends with the last known sign where the engine died over the run twice', () => {
    const died = [
      [1, start('a')],
      [5, end('a')],
      [5, start('b')],
      [80, { type: 'run.paused' }],
    ] as const;
    expect(workedSeconds(999, ...died)).toBe(4);
  });

  it('is nothing before the run has begun', () => {
    expect(workedMs({ workedMs: 0, workingSince: null }, 9_000)).toBe(0);
  });
});

it('knows when nobody was at work on it, and why', () => {
  const stored = at(
    [0, created()],
    [1, { type: 'run.started' }],
    [1, start('a')],
    [5, end('a')],
    [5, { type: 'run.paused' } as RunEvent],
    [65, { type: 'run.resumed' } as RunEvent],
    [66, start('b')],
    [70, end('b')],
    [200, { type: 'run.recovered' } as RunEvent],
    [210, completed],
  );
  expect(restsOf(foldRun(stored))).toEqual([
    { fromAt: 5_000, untilAt: 65_000, why: 'paused' },
    { fromAt: 70_000, untilAt: 200_000, why: 'interrupted' },
  ]);
  expect(restsOf(foldRun(stored.slice(0, 5)))).toEqual([{ fromAt: 5_000, untilAt: null, why: 'paused' }]);
});

describe('the time of a run that waited for a run of its own', () => {
  const wait: readonly (readonly [number, RunEvent])[] = [
    [1, { ...start('call'), action: 'workflow' } as RunEvent],
    [1, { type: 'waitpoint.opened', path: 'call', attempt: 1, since: 1000, dueAt: null }],
    [1, { type: 'run.waiting', for: 'child', until: null }],
    [101, { type: 'run.woken' }],
  ];
  const told = (work?: ChildWork): RunEvent => ({
    type: 'waitpoint.resolved',
    path: 'call',
    attempt: 1,
    by: 'child',
    child: { runId: 'c', status: 'completed', outcome: 'success', outputs: {}, error: null, ...(work && { work }) },
  });
  const ended: readonly (readonly [number, RunEvent])[] = [
    [101, end('call')],
    [103, completed],
  ];
  const work: ChildWork = {
    startedAt: 1005,
    completedAt: 100_900,
    rests: [{ fromAt: 11_000, untilAt: 91_000, why: 'waiting' }],
  };

  it('counts what that run worked, without its waits', () => {
    expect(workedSeconds(999, ...wait, [101, told(work)], ...ended)).toBe(22);
    expect(workedSeconds(999, ...wait, [101, told({ ...work, rests: [] })], ...ended)).toBe(102);
    // Written before anybody told it.
    expect(workedSeconds(999, ...wait, [101, told()], ...ended)).toBe(2);
  });

  describe('while that run is under way', () => {
    const stateOf = (...more: readonly (readonly [number, RunEvent])[]) =>
      foldRun(at([0, created()], [1, { type: 'run.started' }], ...more));
    const parent = stateOf(...wait.slice(0, 3));
    const clock = (now: number, ...children: readonly ReturnType<typeof stateOf>[]) =>
      clockWithChildren(
        parent,
        (one) => (one === parent ? children.map((run) => ({ run, since: 1_000 })) : []),
        now * 1000,
      );
    const paused = [
      [1, start('a')],
      [5, end('a')],
      [5, { type: 'run.paused' }],
    ] as const;

    it('goes on while it works, and stands where it stands', () => {
      expect(clock(51, stateOf([1, start('a')]))).toEqual({ workedMs: 50_000, workingSince: 51_000 });
      expect(clock(51, stateOf(...paused))).toEqual({ workedMs: 4_000, workingSince: null });
      const resumed = stateOf(...paused, [41, { type: 'run.resumed' }], [41, start('b')]);
      expect(clock(51, resumed)).toEqual({ workedMs: 14_000, workingSince: 51_000 });
      expect(clock(51)).toEqual({ workedMs: 0, workingSince: null });
    });

    it('counts no time twice when two of them work at once', () => {
      expect(clock(51, stateOf([1, start('a')]), stateOf([1, start('a')]))).toEqual({
        workedMs: 50_000,
        workingSince: 51_000,
      });
    });

    it('goes on while a run works that its child waits for', () => {
      const child = stateOf(...wait.slice(0, 3));
      const awaited = new Map([
        [parent, child],
        [child, stateOf([1, start('a')])],
      ]);
      const awaitedBy = (one: typeof parent) => {
        const run = awaited.get(one);
        return run === undefined ? [] : [{ run, since: 1_000 }];
      };
      expect(clockWithChildren(parent, awaitedBy, 51_000)).toEqual({ workedMs: 50_000, workingSince: 51_000 });
    });
  });

  it('counts no time in which it waited for its turn, or in which nobody was there to hear of its end', () => {
    const late = { startedAt: 41_000, completedAt: 61_000, rests: [] };
    expect(workedSeconds(999, ...wait, [101, told(late)], ...ended)).toBe(22);
  });

  it('counts no time twice when two of them worked at once', () => {
    const both: readonly (readonly [number, RunEvent])[] = [
      ...wait.slice(0, 2),
      [1, { ...start('other'), action: 'workflow' } as RunEvent],
      [1, { type: 'waitpoint.opened', path: 'other', attempt: 1, since: 1000, dueAt: null }],
      [1, { type: 'run.waiting', for: 'child', until: null }],
      [31, { type: 'run.woken' }],
      [31, { ...told({ startedAt: 1000, completedAt: 31_000, rests: [] }), path: 'other' } as RunEvent],
      [31, { type: 'run.waiting', for: 'child', until: null }],
      [101, { type: 'run.woken' }],
      [101, told(work)],
    ];
    expect(workedSeconds(999, ...both, ...ended)).toBe(42);
    const stored = at([0, created()], [1, { type: 'run.started' }], ...both, ...ended);
    expect(restsOf(foldRun(stored))).toEqual([{ fromAt: 31_000, untilAt: 91_000, why: 'waiting' }]);
  });
});
