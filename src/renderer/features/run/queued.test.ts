import { expect, it } from 'vitest';
import type { Rest } from '../../../shared/model/run.ts';
import { queuedSpans } from './queued.ts';
import type { StepNode } from './step-tree.ts';

const node = (
  path: string,
  startedAt: number | null,
  completedAt: number | null,
  more: Partial<StepNode> = {},
): StepNode =>
  ({
    path,
    kind: 'action',
    group: null,
    status: completedAt === null ? 'pending' : 'completed',
    state: null,
    startedAt,
    completedAt,
    children: [],
    ...more,
  }) as unknown as StepNode;
const view = (needs: Readonly<Record<string, readonly string[]>>, rests: readonly Rest[] = []) =>
  ({
    run: { startedAt: 0, completedAt: null, workingSince: 0 },
    plan: ['a', 'b', 'c'].map((id) => ({ id, ...(needs[id] === undefined ? {} : { needs: needs[id] }) })),
    rests,
  }) as unknown as Parameters<typeof queuedSpans>[0];
const spans = (...args: Parameters<typeof queuedSpans>) => Object.fromEntries(queuedSpans(...args));

it('counts from the end of the last step that one waits for to its own begin, or to now', () => {
  const tree = [node('a', 0, 2_000), node('b', 0, 5_000), node('c', 9_000, 9_500)];
  expect(spans(view({ b: [], c: ['a', 'b'] }), tree, 20_000)).toEqual({ c: { fromAt: 5_000, untilAt: 9_000 } });
  const open = [node('a', 0, 2_000), node('b', 2_100, 5_000), node('c', null, null)];
  expect(spans(view({}), open, 8_000)).toEqual({ c: { fromAt: 5_000, untilAt: 8_000 } });
});

it('is no queue while nobody drove the run, nor before what it waits for has ended', () => {
  const rest: Rest = { fromAt: 2_000, untilAt: 60_000, why: 'paused' };
  expect(
    spans(view({}, [rest]), [node('a', 0, 2_000), node('b', 60_100, 61_000), node('c', null, null)], 61_500),
  ).toEqual({});
  expect(spans(view({}), [node('a', 0, null), node('b', null, null), node('c', null, null)], 90_000)).toEqual({});
});
