import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../../tests/support/engine-harness.ts';
import { ToldGaps } from './told-gaps.ts';

const GAP = { messageId: 'm', worker: 'w', kind: 'events', place: '3' } as const;

function setUp() {
  const clock = new FakeClock();
  const gaps = new ToldGaps(clock.ports);
  let asked = 0;
  const say = async (): Promise<void> => {
    asked += 1;
    throw new Error('the server is gone');
  };
  return { clock, gaps, say, asked: () => asked };
}

describe('what is missing of what workers tell', () => {
  it('is asked for once, however much comes behind it, and anew where another place is missing', async () => {
    const { gaps, say, asked } = setUp();
    for (let batch = 0; batch < 100; batch += 1) await gaps.ask(GAP, say);
    expect(asked()).toBe(1);
    await gaps.ask({ ...GAP, place: '7' }, say);
    await gaps.ask({ ...GAP, place: '7', worker: 'another' }, say);
    expect(asked()).toBe(3);
    gaps.close();
  });

  it('is asked for again with a growing pause, so often and no more, until it comes', async () => {
    const { clock, gaps, say, asked } = setUp();
    await gaps.ask(GAP, say);
    const pauses: number[] = [];
    for (let wait = clock.waits()[0]; wait !== undefined; wait = clock.waits()[0]) {
      pauses.push(wait / 1_000);
      clock.advance(wait);
    }
    expect([pauses, asked()]).toEqual([[1, 2, 4, 8, 16, 32, 60, 60], 8]);
    await gaps.ask(GAP, say);
    gaps.filled({ ...GAP, kind: 'lines' });
    expect(clock.waits()).toEqual([1_000]);
    gaps.filled(GAP);
    expect([clock.waits(), asked()]).toEqual([[], 9]);
  });
});
