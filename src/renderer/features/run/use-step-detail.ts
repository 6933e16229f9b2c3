import type { StepDetail } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import type { Loadable } from '../../client/loadable.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import type { StepNode } from './step-tree.ts';

/** Arrow keys run through steps faster than it is worth asking. */
const SETTLE_MS = 60;

/** Input and output of a step, asked for again when its state changes. Null: the step has not begun, there is nothing yet. */
export function useStepDetail(runId: string, { path, state }: StepNode): Loadable<StepDetail> | null {
  const hasBegun = state !== null && (state.startedAt !== null || state.status !== 'pending');
  const { data } = useOwnQuery(
    { ask: (step: string) => call('runs.step', { runId, path: step }), settleMs: SETTLE_MS },
    hasBegun ? path : null,
    state,
  );
  return hasBegun ? data : null;
}
