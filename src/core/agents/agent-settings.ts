import type { JsonMap } from '../../shared/model/workflow.ts';

/** `agent` of `aiworkflow.yaml` (SPEC §14, §3.7), as far as agents need it. Times in ms. */
export interface AgentDirectorySettings {
  readonly primary: string;
  /** Whether `agent.primary` is written; only written values count when an agent is chosen (SPEC §3.1). */
  readonly isPrimaryWritten: boolean;
  readonly fallback: string | null;
  readonly selectionStrategy: 'manual' | 'auto' | 'load_balanced';
  readonly autoSelection: readonly JsonMap[];
  readonly failover: {
    readonly fallbackAgents: readonly string[];
    readonly maxFailoverAttempts: number;
    readonly healthCheckIntervalMs: number;
    readonly healthCheckTimeoutMs: number;
    readonly failoverOnStepFailure: boolean;
    readonly failoverOnTimeout: boolean;
    readonly retryPrimaryAfterMs: number;
  };
  /** `agent.configs.<name>` as written. */
  readonly configs: Readonly<Record<string, JsonMap>>;
}

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
export function failoverOf(settings: AgentDirectorySettings, isHealing: boolean): AgentFailover {
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
