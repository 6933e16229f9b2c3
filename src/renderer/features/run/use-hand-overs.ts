import type { FailoverReason } from '../../../shared/model/agent.ts';
import type { StepState } from '../../../shared/model/run.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { handOversOf } from './run-agents.ts';

interface KnownHandOver {
  readonly from: string;
  readonly to: string;
  readonly reason: FailoverReason | null;
  readonly message: string | null;
}

/**
 * How a step changed hands. At once what its attempts tell, then what the run recorded: that knows the reasons, and agents that
 * were passed over without an attempt.
 */
export function useHandOvers(runId: string, state: StepState): readonly KnownHandOver[] {
  const tried = state.agent?.agentsTried.length ?? 0;
  const { data } = useOwnQuery(
    { ask: (id: string) => call('runs.result', { runId: id }) },
    tried < 2 ? null : runId,
    tried,
  );
  // When the record cannot be read, what the attempts tell stays.
  const recorded = (data.value?.failovers ?? []).filter((each) => each.step_index === state.index);
  if (recorded.length > 0)
    return recorded.map((each) => ({
      from: each.from_agent,
      to: each.to_agent,
      reason: each.reason,
      message: each.error,
    }));
  return handOversOf(state).map((each) => ({ ...each, reason: null }));
}
