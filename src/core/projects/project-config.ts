import type { JsonMap } from '../../shared/json.ts';
import type { CostLimit } from '../../shared/model/cost-limit.ts';
import type { AgentSettings } from '../agent-port/index.ts';

/** Everything that `aiworkflow.yaml` says (SPEC §14), after defaults. Durations in ms, sizes in bytes, paths as written. */
export interface ProjectConfig {
  readonly version: string;
  readonly framework: string;
  readonly agent: AgentSettings;
  readonly runtime: { readonly mode: 'local'; readonly pythonVersion: string | null };
  readonly security: {
    readonly credentialStore: 'keychain' | 'file' | 'env';
    readonly vaultPath: string;
    readonly authStrategies: Readonly<Record<string, string>>;
  };
  readonly logging: {
    readonly level: 'debug' | 'info' | 'warning' | 'error';
    readonly format: 'markdown' | 'json' | 'text';
    readonly retentionDays: number;
    readonly logPath: string;
    readonly perAgentLogs: boolean;
  };
  readonly tools: ToolSettings;
  readonly workflows: {
    readonly path: string;
    readonly maxConcurrent: number;
    /** So many runs of a workflow, by its id, and of a tag of `execution.tags` are driven at once; what is not named has no limit of its own. */
    readonly limits: { readonly workflows: ReadonlyMap<string, number>; readonly tags: ReadonlyMap<string, number> };
    /** For a run whose workflow and bundle name none; null = not written, no limit. */
    readonly defaultTimeoutMs: number | null;
    readonly statePersistence: boolean;
  };
  readonly monitoring: {
    readonly isEnabled: boolean;
    readonly metricsEndpoint: string;
    /** Where traces are sent, without `/v1/traces`; null = nowhere. */
    readonly tracesEndpoint: string | null;
    /** Words (`desktop`, `log`), URLs or tool actions, as texts or maps. */
    readonly alertChannels: readonly (string | JsonMap)[];
  };
  readonly features: {
    readonly mcpBridge: boolean;
    readonly autoHealing: boolean;
    readonly progressiveRollout: boolean;
  };
  readonly expressions: { readonly envAllow: readonly string[] };
  readonly scheduler: {
    readonly timezone: string;
    readonly catchUp: 'none' | 'last' | 'all' | 'ask';
    readonly catchUpWindowMs: number;
    readonly overlap: 'skip' | 'queue' | 'queue_all' | 'allow' | 'cancel_previous';
  };
  readonly webhooks: { readonly host: string; readonly port: number };
  readonly queue: QueueSettings;
  readonly costs: {
    /** They hold beside those that were set in the app, and go before one of the same name. */
    readonly limits: readonly CostLimit[];
    /** How long an agent may go on without anything new; null = as long as it likes. `usd` is decimal text. */
    readonly noProgress: { readonly turns: number | null; readonly usd: string | null };
  };
  readonly governance: { readonly allowSelfApproval: boolean; readonly approveHighRisk: boolean };
  /** How long things stay beside runs (SPEC §9), in days. */
  readonly retention: {
    readonly deliveriesDays: number;
    readonly auditDays: number;
    readonly queueDays: number;
    /** How much is kept at most to undo what runs did to files. */
    readonly undoMib: number;
  };
}

export interface ToolSettings {
  readonly discovery: 'auto' | 'explicit';
  readonly timeoutMs: number;
  readonly registryPath: string;
  readonly typePriority: readonly string[];
  readonly retryPolicy: {
    /** Absent keys are not written: only written values count (SPEC §3.4). */
    readonly maxAttempts?: number;
    readonly backoff: 'exponential' | 'linear' | 'fixed';
    readonly initialDelayMs: number;
    readonly maxDelayMs: number;
  };
}

export interface QueueSettings {
  readonly type: 'local' | 'memory' | 'redis' | 'rabbitmq';
  readonly name: string;
  readonly maxSize: number;
  readonly messageTtlMs: number;
  readonly deadLetterQueue: string | null;
  readonly retryDelayMs: number;
  readonly visibilityTimeoutMs: number;
  readonly concurrency: number;
  readonly artifactUrl: string | null;
  readonly redisUrl: string | null;
  readonly rabbitmqUrl: string | null;
}
