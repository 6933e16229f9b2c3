import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/errors.ts';
import { createRateLimiter, type RegistryPorts } from './rate-limit.ts';

/** A clock that stands still until a test turns it. */
function handClock(): RegistryPorts & { turn(ms: number): Promise<void>; readonly waiting: number } {
  let now = 1000;
  const timers = new Map<object, { readonly at: number; readonly callback: () => void }>();
  return {
    now: () => now,
    setTimer: (ms, callback) => {
      const key = {};
      timers.set(key, { at: now + ms, callback });
      return () => void timers.delete(key);
    },
    turn: async (ms) => {
      now += ms;
      for (const [key, { at, callback }] of [...timers])
        if (at <= now) {
          timers.delete(key);
          callback();
        }
      await new Promise((resolve) => setImmediate(resolve));
    },
    get waiting() {
      return timers.size;
    },
  };
}

const open = new AbortController().signal;

describe('createRateLimiter', () => {
  it('lets a burst through at once, then one at a time, evenly', async () => {
    const clock = handClock();
    const limiter = createRateLimiter('t', { requestsPerMinute: 60, burst: 2 }, clock);
    const begun: number[] = [];
    const take = (): void => void limiter.take(60_000, open).then((waited) => begun.push(waited));
    for (let count = 0; count < 4; count += 1) take();
    await clock.turn(0);
    expect(begun).toEqual([0, 0]);
    await clock.turn(1000);
    expect(begun).toEqual([0, 0, 1000]);
    await clock.turn(1000);
    expect(begun).toEqual([0, 0, 1000, 2000]);
    await clock.turn(10_000);
    for (let count = 0; count < 3; count += 1) take();
    await clock.turn(0);
    expect(begun).toEqual([0, 0, 1000, 2000, 0, 0]);
  });

  it('refuses a call whose turn comes after its timeout, and says when to come back', async () => {
    const clock = handClock();
    const limiter = createRateLimiter('t', { requestsPerMinute: 1, burst: 1 }, clock);
    await limiter.take(1000, open);
    await expect(limiter.take(30_000, open)).rejects.toMatchObject({
      code: 'tool.rate_limited',
      retryable: true,
      details: { tool: 't', phase: 'connect', retry_after_ms: 60_000 },
    });
    await clock.turn(45_000);
    const waited = limiter.take(30_000, open);
    await clock.turn(15_000);
    expect(await waited).toBe(15_000);
  });

  it('ends the wait of a cancelled call, whose turn goes to the next', async () => {
    const clock = handClock();
    const limiter = createRateLimiter('t', { requestsPerMinute: 60, burst: 1 }, clock);
    await limiter.take(1000, open);
    const cancel = new AbortController();
    const waiting = limiter.take(60_000, cancel.signal);
    cancel.abort(new AppError('run.cancelled', 'enough'));
    await expect(waiting).rejects.toMatchObject({ code: 'run.cancelled', message: 'enough' });
    expect(clock.waiting).toBe(0);
    await expect(limiter.take(60_000, cancel.signal)).rejects.toMatchObject({ code: 'run.cancelled' });
    const next = limiter.take(60_000, open);
    await clock.turn(1000);
    expect(await next).toBe(1000);
  });

  it('gives nothing for a clock that was set back', async () => {
    const clock = handClock();
    const limiter = createRateLimiter('t', { requestsPerMinute: 60, burst: 1 }, clock);
    await limiter.take(1000, open);
    await clock.turn(-500_000);
    await expect(limiter.take(500, open)).rejects.toMatchObject({ code: 'tool.rate_limited' });
    await clock.turn(1000);
    expect(await limiter.take(500, open)).toBe(0);
  });

  it('never lets more through in any span than burst and rate allow', async () => {
    const call = fc.record({ after: fc.integer({ min: 0, max: 5000 }), patience: fc.integer({ min: 1, max: 20_000 }) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(call, { maxLength: 30 }), async (burst, calls) => {
        const clock = handClock();
        const limiter = createRateLimiter('t', { requestsPerMinute: 60, burst }, clock);
        const begun: number[] = [];
        for (const { after, patience } of calls) {
          await clock.turn(after);
          const at = clock.now();
          limiter.take(patience, open).then(
            (waited) => begun.push(at + waited),
            () => undefined,
          );
        }
        for (let count = 0; count < 60; count += 1) await clock.turn(1000);
        begun.sort((a, b) => a - b);
        for (const [from, first] of begun.entries())
          for (const [to, last] of begun.entries())
            if (to >= from) expect(to - from + 1).toBeLessThanOrEqual(burst + (last - first) / 1000 + 0.01);
      }),
      { numRuns: 50 },
    );
  });
});
