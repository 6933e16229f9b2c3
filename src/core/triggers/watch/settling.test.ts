import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Look, Settling } from './settling.ts';

/** Plays events of one path, at their ms, and says when it settled; `lookAt` is the state of the path at an instant. */
function play(
  debounceMs: number,
  eventsAt: readonly number[],
  lookAt: (now: number) => Look,
  untilMs: number,
): number[] {
  const settling = new Settling(debounceMs);
  const events = [...eventsAt];
  const settledAt: number[] = [];
  for (let now = 0; now <= untilMs; ) {
    while (events[0] !== undefined && events[0] <= now) settling.touch('a', events.shift() ?? 0);
    for (const path of settling.due(now)) if (settling.take(path, lookAt(now), now)) settledAt.push(now);
    const next = Math.min(settling.nextDueAt() ?? Number.POSITIVE_INFINITY, events[0] ?? Number.POSITIVE_INFINITY);
    if (next === Number.POSITIVE_INFINITY) break;
    expect(next).toBeGreaterThan(now - 1);
    now = Math.max(next, now + 1);
  }
  return settledAt;
}

const still = (): Look => ({ size: 1, mtimeMs: 5 });
const every = (ms: number, until: number): number[] => Array.from({ length: until / ms }, (_, index) => index * ms);

describe('when a path is at rest', () => {
  it('one event settles after the debounce, not earlier and not later', () => {
    expect(play(1000, [0], still, 60_000)).toEqual([1000]);
  });

  it('the last event counts', () => {
    expect(play(1000, [0, 400, 900, 1800], still, 60_000)).toEqual([2800]);
  });

  it('a file that is there, changes and goes before it is at rest settles once, as what it is then', () => {
    expect(play(1000, [0, 300, 700], (now) => (now < 700 ? still() : 'absent'), 60_000)).toEqual([1700]);
  });

  it('events without end hold it back ten times as long at most', () => {
    const [first = 0] = play(1000, every(200, 60_000), still, 60_000);
    expect(first).toBeGreaterThanOrEqual(10_000);
    expect(first).toBeLessThanOrEqual(10_250);
  });

  it('so does a log that grows twice a second', () => {
    const grows = (now: number): Look => ({ size: Math.floor(now / 500), mtimeMs: Math.floor(now / 500) });
    expect(play(1000, every(500, 60_000), grows, 60_000)[0]).toBeLessThanOrEqual(10_750);
  });

  it('a copy that takes longer than that settles once, when it is complete', () => {
    const copy = (now: number): Look => ({ size: Math.min(now, 30_000), mtimeMs: Math.min(now, 30_000) });
    const settled = play(1000, every(50, 30_000), copy, 90_000);
    expect(settled).toHaveLength(1);
    expect(settled[0]).toBeGreaterThanOrEqual(30_000);
    expect(settled[0]).toBeLessThanOrEqual(31_250);
  });

  it('a copy of which no event tells is waited for too', () => {
    const copy = (now: number): Look => ({ size: Math.min(now, 5_000), mtimeMs: 7 });
    const settled = play(1000, [0], copy, 90_000);
    expect(settled).toHaveLength(1);
    expect(settled[0]).toBeGreaterThanOrEqual(5_000);
  });

  it('without a debounce a size must still be the same twice', () => {
    expect(play(0, [0], still, 60_000)).toEqual([100]);
  });

  it('what is touched after it settled begins anew', () => {
    expect(play(1000, [0, 5_000], still, 60_000)).toEqual([1000, 6000]);
  });

  it('random events: settles once per calm, at least the debounce after the last event of it', () => {
    const seed = Date.now();
    console.log(`seed ${seed}`);
    const gaps = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(gaps, (list) => {
        let at = 0;
        const events = list.map((gap) => (at += gap));
        expect(play(1000, events, still, 60_000)).toEqual([at + 1000]);
      }),
      { seed, numRuns: 200 },
    );
  });
});
