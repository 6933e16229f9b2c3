import { useEffect, useState } from 'react';
import type { FailoverReason } from '../../../shared/model/agent.ts';
import type { StepState } from '../../../shared/model/run.ts';
import { getClient } from '../../client/bridge.ts';
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
  const { path, index } = state;
  const key = `${runId} ${path} ${tried}`;
  const [recorded, setRecorded] = useState<{ readonly key: string; readonly list: readonly KnownHandOver[] } | null>(
    null,
  );
  useEffect(() => {
    if (tried < 2) return;
    let isOpen = true;
    getClient()
      .call('runs.result', { runId })
      .then(({ failovers }) => {
        const own = failovers.filter((each) => each.step_index === index);
        const list = own.map((each) => ({
          from: each.from_agent,
          to: each.to_agent,
          reason: each.reason,
          message: each.error,
        }));
        if (isOpen) setRecorded({ key, list });
      })
      // What the attempts tell stays.
      .catch(() => undefined);
    return () => {
      isOpen = false;
    };
  }, [runId, index, tried, key]);
  if (recorded?.key === key && recorded.list.length > 0) return recorded.list;
  return handOversOf(state).map((each) => ({ ...each, reason: null }));
}
