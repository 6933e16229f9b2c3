import { expect, it } from 'vitest';
import type { RunSummary, StepAttempt, StepState } from '../../../shared/model/run.ts';
import { waitsOf } from './work-time.ts';

const attempt = (startedAt: number, completedAt: number | null, status: StepAttempt['status']): StepAttempt =>
  ({ attempt: 1, startedAt, completedAt, status, error: null, agent: null }) as StepAttempt;
const step = (...attempts: StepAttempt[]): StepState => ({ attempts, retryAt: null }) as unknown as StepState;
const run = (status: string, startedAt: number | null, completedAt: number | null): RunSummary =>
  ({ status, startedAt, completedAt }) as unknown as RunSummary;

it('counts a pause between two steps as a wait', () => {
  const view = {
    run: run('completed', 0, 70_000),
    steps: [step(attempt(0, 4_000, 'completed')), step(attempt(65_000, 70_000, 'completed'))],
  };
  expect(waitsOf(view, 0)).toEqual([{ fromAt: 4_000, untilAt: 65_000 }]);
});

it('stops while the run stands, and goes on with a step that runs', () => {
  const paused = { run: run('paused', 0, null), steps: [step(attempt(0, 4_000, 'completed'))] };
  expect(waitsOf(paused, 500_000)).toEqual([{ fromAt: 4_000, untilAt: 500_000 }]);
  const running = { run: run('running', 0, null), steps: [step(attempt(0, null, 'running'))] };
  expect(waitsOf(running, 500_000)).toEqual([]);
});

it('knows no work of an attempt in doubt', () => {
  const view = {
    run: run('in_doubt', 0, null),
    steps: [step(attempt(0, 4_000, 'completed')), step(attempt(4_000, null, 'in_doubt'))],
  };
  expect(waitsOf(view, 900_000)).toEqual([{ fromAt: 4_000, untilAt: 900_000 }]);
});

it('counts the pause before another try as work, and small gaps too', () => {
  const view = {
    run: run('completed', 0, 60_500),
    steps: [
      step(attempt(0, 4_000, 'failed'), attempt(34_000, 40_000, 'completed')),
      step(attempt(40_500, 60_500, 'completed')),
    ],
  };
  expect(waitsOf(view, 0)).toEqual([]);
});

it('is nothing before the run has begun', () => {
  expect(waitsOf({ run: run('pending', null, null), steps: [] }, 9_000)).toEqual([]);
});
