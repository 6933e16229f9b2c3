import type { AgentSettings } from '../agent-port/index.ts';

/** SPEC §3.7, as the engine reads it. */
export interface AgentFailover {
  /** In order; never `demo`. */
  readonly fallbackAgents: readonly string[];
  readonly maxAttempts: number;
  readonly onStepFailure: boolean;
  readonly onTimeout: boolean;
  readonly retryPrimaryAfterMs: number;
}

/** Nothing ever fails over to it (SPEC §3.1). */
export const DEMO = 'demo';

/** `agent.fallback` first, then `failover.fallback_agents`, each once. `isHealing` false = `features.auto_healing` is off. */
export function failoverOf(settings: AgentSettings, isHealing: boolean): AgentFailover {
  const { fallback, failover } = settings;
  const order = [...(fallback === null ? [] : [fallback]), ...failover.fallbackAgents];
  return {
    fallbackAgents: [...new Set(order)].filter((name) => name !== DEMO),
    maxAttempts: isHealing ? failover.maxFailoverAttempts : 0,
    onStepFailure: failover.failoverOnStepFailure,
    onTimeout: failover.failoverOnTimeout,
    retryPrimaryAfterMs: failover.retryPrimaryAfterMs,
  };
}
