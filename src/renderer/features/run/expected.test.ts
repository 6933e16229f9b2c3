import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../shared/model/run.ts';
import { expectedSpans } from './expected.ts';
import type { StepNode } from './step-tree.ts';

const run = (completedAt: number | null = null) => ({ startedAt: 1000, completedAt }) as RunSummary;
const node = (path: string, startedAt: number | null, completedAt: number | null, children: StepNode[] = []) =>
  ({ path, startedAt, completedAt, children }) as unknown as StepNode;
const usualSteps = {
  a: { afterMs: 0, durationMs: 100 },
  b: { afterMs: 100, durationMs: 400 },
  c: { afterMs: 500, durationMs: 50 },
};
const spansAt = (nowAt: number, tree: readonly StepNode[]) =>
  Object.fromEntries(expectedSpans({ run: run(), usualSteps }, tree, nowAt));

describe('expected bars', () => {
  it('stand where the steps usually run, moved by how late the run is', () => {
    const tree = [node('a', 1000, 1300), node('b', 1300, null), node('c', null, null)];
    expect(spansAt(1400, tree)).toEqual({
      b: { fromAt: 1300, untilAt: 1700 },
      c: { fromAt: 1700, untilAt: 1750 },
    });
  });

  it('move on with a step that takes longer than usual', () => {
    const tree = [node('a', 1000, 1100), node('b', 1100, null), node('c', null, null)];
    expect(spansAt(9000, tree)).toEqual({
      b: { fromAt: 1100, untilAt: 1500 },
      c: { fromAt: 9000, untilAt: 9050 },
    });
  });

  it('are there for parts of a group, and only for what has a usual time', () => {
    const tree = [node('a', 1000, 1100), node('new', null, null, [node('b', null, null)]), node('c', null, null)];
    expect(spansAt(1200, tree)).toEqual({
      b: { fromAt: 1200, untilAt: 1600 },
      c: { fromAt: 1600, untilAt: 1650 },
    });
  });

  it('are none once the run has ended', () => {
    expect(expectedSpans({ run: run(2000), usualSteps }, [node('c', null, null)], 3000).size).toBe(0);
  });
});
