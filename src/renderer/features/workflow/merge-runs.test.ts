import { describe, expect, it } from 'vitest';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { applyRunToDetail, mergeRuns } from './merge-runs.ts';

const run = (runId: string, createdAt: number, rest: Partial<RunSummary> = {}): RunSummary =>
  ({ runId, createdAt, workflowId: 'w', parentRunId: null, status: 'running', ...rest }) as RunSummary;

describe('mergeRuns', () => {
  it('lays live rows over fetched ones and puts new ones on top', () => {
    const merged = mergeRuns([run('b', 2), run('a', 1)], [run('c', 3), run('b', 2, { status: 'failed' }), run('0', 0)]);
    expect(merged.map((each) => `${each.runId} ${each.status}`)).toEqual(['c running', 'b failed', 'a running']);
  });
});

describe('applyRunToDetail', () => {
  const detail = {
    entry: { id: 'w', runsTotal: 2, lastRun: null },
    lastRuns: [run('b', 2), run('a', 1)],
  } as unknown as WorkflowDetail;

  it('adds a new run and counts it once', () => {
    const once = applyRunToDetail(detail, run('c', 3));
    const twice = applyRunToDetail(once, run('c', 3, { status: 'completed' }));
    expect(twice.lastRuns.map((each) => each.runId)).toEqual(['c', 'b', 'a']);
    expect([twice.entry.runsTotal, twice.entry.lastRun?.status]).toEqual([3, 'completed']);
  });

  it('leaves the detail alone for runs of others and children', () => {
    expect(applyRunToDetail(detail, run('x', 9, { workflowId: 'other' }))).toBe(detail);
    expect(applyRunToDetail(detail, run('x', 9, { parentRunId: 'b' }))).toBe(detail);
  });
});
