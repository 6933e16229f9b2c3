import { expect, it } from 'vitest';
import type { LiveBatch, LiveEvent } from '../../shared/contract/index.ts';
import type { RunSummary, StepState } from '../../shared/model/run.ts';
import { LiveHub } from './live-hub.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const run = (runId: string, position: number, ...steps: readonly (readonly [string, string])[]): LiveEvent => ({
  kind: 'run',
  position,
  run: { runId, stepsSucceeded: position } as unknown as RunSummary,
  steps: steps.map(([path, status]) => ({ path, status }) as unknown as StepState),
  loops: [],
});

function listen(): { readonly hub: LiveHub; readonly batches: LiveBatch[] } {
  const hub = new LiveHub();
  const batches: LiveBatch[] = [];
  hub.subscribe((batch) => void batches.push(batch));
  return { hub, batches };
}

it('tells all of one turn together: one row a run, a step, a log, a change', async () => {
  const { hub, batches } = listen();
  for (const event of [
    run('r1', 1, ['a', 'running']),
    { kind: 'log', runId: 'r1', total: 3 } as const,
    run('r1', 2, ['a', 'completed'], ['b', 'running']),
    run('r1', 1, ['b', 'pending']),
    { kind: 'log', runId: 'r1', total: 9 } as const,
    { kind: 'conversation', runId: 'r1', total: 4 } as const,
    { kind: 'library' } as const,
    { kind: 'library' } as const,
  ])
    hub.publish(event);
  expect(batches).toEqual([]);
  await turn();
  expect(batches).toEqual([
    {
      number: 1,
      events: [
        run('r1', 2, ['a', 'completed'], ['b', 'running']),
        { kind: 'log', runId: 'r1', total: 9 },
        { kind: 'conversation', runId: 'r1', total: 4 },
        { kind: 'library' },
      ],
    },
  ]);
});

it('holds nothing back from one turn to the next', async () => {
  const { hub, batches } = listen();
  hub.publish(run('r1', 1));
  await turn();
  hub.publish(run('r1', 2));
  await turn();
  expect(batches.map(({ number, events }) => [number, events.length])).toEqual([
    [1, 1],
    [2, 1],
  ]);
});
