import { expect, it } from 'vitest';
import type { RunView } from '../../../shared/contract/index.ts';
import type { LoopState, RunStatus, RunSummary, StepState, StepStatus } from '../../../shared/model/run.ts';
import { applyDelta, needsSnapshot, type RunDelta, takeSnapshot } from './run-delta.ts';

const run = (status: RunStatus, runId = 'r1'): RunSummary =>
  ({ runId, status, outcome: null, pauseRequested: false, cancelRequested: false }) as RunSummary;
const step = (path: string, status: StepStatus): StepState => ({ path, status }) as StepState;
const view = (position: number, status: RunStatus, steps: readonly StepState[]): RunView =>
  ({ position, run: run(status), steps, loops: [] as readonly LoopState[] }) as RunView;
const delta = (position: number, status: RunStatus, steps: readonly StepState[], runId = 'r1'): RunDelta => ({
  kind: 'run',
  position,
  run: run(status, runId),
  steps,
  loops: [],
});
const start = view(10, 'running', [step('a', 'running'), step('b', 'pending')]);

it('replaces rows and adds new ones behind', () => {
  const next = applyDelta(start, delta(11, 'running', [step('a', 'completed'), step('b[0]', 'running')]));
  expect(next.steps.map((each) => [each.path, each.status])).toEqual([
    ['a', 'completed'],
    ['b', 'pending'],
    ['b[0]', 'running'],
  ]);
  expect(start.steps[0]?.status).toBe('running');
});

it('changes nothing when a delta is applied twice, is stale, or is of another run', () => {
  const once = applyDelta(start, delta(11, 'running', [step('a', 'completed')]));
  expect(applyDelta(once, delta(11, 'running', [step('a', 'completed')]))).toBe(once);
  expect(applyDelta(once, delta(9, 'pending', [step('a', 'pending')]))).toBe(once);
  expect(applyDelta(once, delta(12, 'failed', [], 'r2'))).toBe(once);
});

it('keeps what arrived while a snapshot was fetched and drops what it already holds', () => {
  const snapshot = view(20, 'running', [step('a', 'completed'), step('b', 'running')]);
  const next = takeSnapshot(snapshot, [
    delta(19, 'running', [step('a', 'running')]),
    delta(21, 'completed', [step('b', 'completed')]),
  ]);
  expect([next.position, next.run.status]).toEqual([21, 'completed']);
  expect(next.steps.map((each) => each.status)).toEqual(['completed', 'completed']);
});

it('asks for a snapshot when the buttons may differ', () => {
  expect(needsSnapshot(start, applyDelta(start, delta(11, 'running', [])))).toBe(false);
  expect(needsSnapshot(start, applyDelta(start, delta(11, 'paused', [])))).toBe(true);
});

it('folds a loop away that has grown long, and counts on', () => {
  const loop = (begun: number): LoopState => ({
    path: 'b',
    total: null,
    begun,
    completed: begun - 1,
    failed: 0,
    cancelled: 0,
  });
  const turns = Array.from({ length: 24 }, (_, at) => step(`b[${at}].c`, 'completed'));
  const short = applyDelta(start, { ...delta(11, 'running', turns), loops: [loop(24)] });
  expect([short.steps.length, short.loops]).toEqual([26, [loop(24)]]);
  const long = applyDelta(short, { ...delta(12, 'running', [step('b', 'running')]), loops: [loop(25)] });
  expect([long.steps.map(({ path }) => path), long.loops]).toEqual([['a', 'b'], [loop(25)]]);
});
