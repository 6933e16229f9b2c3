import type { RunResult } from '../../shared/model/run.ts';
import type { RunState } from '../engine/index.ts';

/** The result with its cost as SPEC §11 wants it: calls without a price are counted apart, and nothing but them is null, never 0. */
export function priced(
  result: RunResult,
  { modelCalls, unpricedCalls }: Pick<RunState, 'modelCalls' | 'unpricedCalls'>,
): RunResult {
  if (unpricedCalls === 0) return result;
  const cost = unpricedCalls === modelCalls ? null : result.cost;
  return { ...result, cost, unpriced_requests: unpricedCalls };
}
