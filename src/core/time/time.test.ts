import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_TIMER_MS, orAborted, startTimer, systemClock, wait } from './index.ts';

const DAY_MS = 24 * 3_600_000;

describe('a timer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('takes more than the 24.8 days of the system, and fires once at its time', () => {
    const fired = vi.fn();
    startTimer(60 * DAY_MS, fired);
    vi.advanceTimersByTime(60 * DAY_MS - 1);
    expect(fired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fired).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is stopped for good, also after it was armed anew', () => {
    const fired = vi.fn();
    const stop = systemClock.setTimer(3 * MAX_TIMER_MS, fired);
    vi.advanceTimersByTime(2 * MAX_TIMER_MS);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(2 * MAX_TIMER_MS);
    expect(fired).not.toHaveBeenCalled();
  });

  it('that lies in the past fires on the next turn', () => {
    const fired = vi.fn();
    startTimer(-5, fired);
    vi.advanceTimersByTime(1);
    expect(fired).toHaveBeenCalledTimes(1);
  });
});

describe('a wait', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('ends at its time and leaves no listener', async () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    const over = wait(1000, systemClock, signal);
    await vi.advanceTimersByTimeAsync(1000);
    await expect(over).resolves.toBeUndefined();
    expect(removed).toHaveBeenCalledTimes(1);
  });

  it('is cut short with the reason of the signal and leaves no timer', async () => {
    const controller = new AbortController();
    const over = wait(1000, systemClock, controller.signal);
    controller.abort(new Error('enough'));
    await expect(over).rejects.toThrow('enough');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin under a signal that was aborted before', async () => {
    await expect(wait(1000, systemClock, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('orAborted', () => {
  it('hears nothing of a promise that fails after the signal has aborted', async () => {
    const work = Promise.withResolvers<never>();
    const controller = new AbortController();
    const ended = orAborted(work.promise, controller.signal);
    controller.abort(new Error('stopped'));
    await expect(ended).rejects.toThrow('stopped');
    work.reject(new Error('late'));
  });
});
