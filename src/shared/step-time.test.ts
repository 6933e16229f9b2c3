import { expect, it } from 'vitest';
import { stepWorkedMs } from './step-time.ts';

const rests = [
  { fromAt: 10, untilAt: 30, why: 'interrupted' },
  { fromAt: 40, untilAt: 60, why: 'waiting' },
  { fromAt: 90, untilAt: null, why: 'paused' },
] as const;

it('leaves out when nobody drove the run, not what the step waited for', () => {
  expect(stepWorkedMs({ startedAt: 0, completedAt: 100 }, rests, 500)).toBe(70);
  expect(stepWorkedMs({ startedAt: 20, completedAt: null }, rests, 80)).toBe(50);
  expect(stepWorkedMs({ startedAt: null, completedAt: null }, rests, 80)).toBe(null);
});

it('is for a run of its own what that run worked', () => {
  const childRests = [{ fromAt: 50, untilAt: 95, why: 'waiting' }] as const;
  expect(stepWorkedMs({ startedAt: 0, completedAt: 100, childRests }, rests, 500)).toBe(55);
});
