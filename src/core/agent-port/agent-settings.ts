import type { JsonMap } from '../../shared/json.ts';

/** `agent` of `aiworkflow.yaml` (SPEC §14, §3.7), after defaults. Times in ms. */
export interface AgentSettings {
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
  /** `agent.configs.<name>` as written; the adapters read their own keys. */
  readonly configs: Readonly<Record<string, JsonMap>>;
}
