import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LiveBatch, LiveEvent, RunView } from '../../../shared/contract/index.ts';
import type { StepState } from '../../../shared/model/run.ts';
import { setClient } from '../../client/bridge.ts';
import { openRun, type ShownRun, selectStep, shownRun, useRunChoices } from './run-store.ts';

const step = (path: string, status: string): StepState =>
  ({ path, name: path, status, startedAt: 1, completedAt: null }) as unknown as StepState;
const viewAt = (position: number, status: string, steps: readonly StepState[]): RunView =>
  ({
    position,
    run: { runId: 'r1', status, outcome: null, pauseRequested: false, cancelRequested: false },
    steps,
    loops: [],
    attention: null,
    plan: ['a', 'b'].map((id) => ({ id, name: id, kind: 'action', groups: [] })),
    logLines: 5,
    conversationEntries: 2,
  }) as unknown as RunView;

let listener: ((batch: LiveBatch) => void) | null = null;
let number = 0;
let answers: ((view: RunView) => void)[] = [];
const emit = (...events: LiveEvent[]): void => {
  number += 1;
  listener?.({ number, events });
};
const delta = (position: number, status: string, steps: readonly StepState[]): LiveEvent => {
  const { run } = viewAt(position, status, steps);
  return { kind: 'run', position, run, steps, loops: [] };
};
const answer = async (view: RunView): Promise<void> => {
  answers.shift()?.(view);
  await vi.waitFor(() => expect(shown()?.view.position).toBeGreaterThanOrEqual(view.position));
};
const shown = (): ShownRun | null => shownRun.store.getState().data.value;
let frames: (() => void)[] = [];
const frame = (): void => {
  for (const run of frames.splice(0)) run();
};

beforeEach(() => {
  answers = [];
  frames = [];
  vi.stubGlobal('window', {
    setTimeout: () => 0,
    clearTimeout: () => undefined,
    requestAnimationFrame: (run: () => void) => frames.push(run),
    cancelAnimationFrame: () => undefined,
  });
  setClient({
    call: (() => new Promise((resolve) => answers.push(resolve as never))) as never,
    subscribe: (each) => {
      listener = each;
      return () => undefined;
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

it('lays what arrives during the fetch over the snapshot, once per frame', async () => {
  const close = openRun('r1');
  emit(delta(12, 'running', [step('a', 'completed')]), delta(9, 'pending', [step('a', 'pending')]));
  await answer(viewAt(10, 'running', [step('a', 'running'), step('b', 'pending')]));
  expect([shown()?.view.position, shown()?.view.steps[0]?.status, shown()?.logTotal]).toEqual([12, 'completed', 5]);
  expect(useRunChoices.getState().selected).toBe('b');
  emit({ kind: 'log', runId: 'r1', total: 9 }, { kind: 'log', runId: 'other', total: 99 });
  expect(shown()?.logTotal).toBe(5);
  frame();
  expect(shown()?.logTotal).toBe(9);
  close();
});

it('fetches again after a gap and when the status changed, and keeps the step a person chose', async () => {
  const close = openRun('r1');
  await answer(viewAt(10, 'running', [step('a', 'running'), step('b', 'pending')]));
  selectStep('b');
  number += 5;
  emit({ kind: 'log', runId: 'r1', total: 6 });
  frame();
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  await answer(viewAt(20, 'running', [step('a', 'completed'), step('b', 'running')]));
  await vi.waitFor(() => expect(shown()?.view.position).toBe(20));
  emit(delta(21, 'completed', [step('b', 'completed')]));
  frame();
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  expect(useRunChoices.getState().selected).toBe('b');
  emit({ kind: 'run_deleted', position: 22, runId: 'r1' });
  frame();
  expect(shown()?.isDeleted).toBe(true);
  close();
});

it('fetches the buttons of a status that came while a snapshot was on its way', async () => {
  const close = openRun('r1');
  emit(delta(12, 'paused', []));
  // Answered before the frame that would take the event in by itself.
  await answer(viewAt(10, 'running', [step('a', 'completed'), step('b', 'pending')]));
  expect(shown()?.view.run.status).toBe('paused');
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  close();
});
