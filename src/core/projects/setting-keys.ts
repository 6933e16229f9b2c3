import type { Json, JsonMap } from '../../shared/json.ts';
import { redactFields } from '../redaction/index.ts';
import type { ProjectConfig } from './project-config.ts';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** A duration as settings spell it: in the largest unit that leaves nothing over. */
function spelled(ms: number): string {
  const [unit, size] = (ms === 0 ? undefined : UNITS.find(([, unitMs]) => ms % unitMs === 0)) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

const spelledOr = (ms: number | null): string | null => (ms === null ? null : spelled(ms));

/** An address without its password. */
function shownAddress(address: string | null): string | null {
  if (address === null || !URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.password !== '') url.password = 'hidden';
  return url.href;
}

/** Whoever knows the path of a webhook may post to it. */
const shownChannel = (channel: string | JsonMap): Json => {
  if (typeof channel !== 'string') return redactFields(channel);
  return /^https?:/i.test(channel) && URL.canParse(channel) ? `${new URL(channel).origin}/…` : channel;
};

/**
 * Every setting of `aiworkflow.yaml` (SPEC §14) by its key, with what holds, in the words of that file; passwords and the like are left
 * out. A test holds the list against what is read.
 */
export const SETTINGS: Readonly<Record<string, (config: ProjectConfig) => Json>> = {
  version: ({ version }) => version,
  framework: ({ framework }) => framework,
  'agent.primary': ({ agent }) => agent.primary,
  'agent.fallback': ({ agent }) => agent.fallback,
  'agent.selection_strategy': ({ agent }) => agent.selectionStrategy,
  'agent.auto_selection': ({ agent }) => agent.autoSelection,
  'agent.failover.fallback_agents': ({ agent }) => agent.failover.fallbackAgents,
  'agent.failover.max_failover_attempts': ({ agent }) => agent.failover.maxFailoverAttempts,
  'agent.failover.health_check_interval': ({ agent }) => spelled(agent.failover.healthCheckIntervalMs),
  'agent.failover.health_check_timeout': ({ agent }) => spelled(agent.failover.healthCheckTimeoutMs),
  'agent.failover.failover_on_step_failure': ({ agent }) => agent.failover.failoverOnStepFailure,
  'agent.failover.failover_on_timeout': ({ agent }) => agent.failover.failoverOnTimeout,
  'agent.failover.retry_primary_after': ({ agent }) => spelled(agent.failover.retryPrimaryAfterMs),
  'agent.configs': ({ agent }) => redactFields(agent.configs),
  'runtime.mode': ({ runtime }) => runtime.mode,
  'runtime.python_version': ({ runtime }) => runtime.pythonVersion,
  'security.credential_store': ({ security }) => security.credentialStore,
  'security.vault_path': ({ security }) => security.vaultPath,
  'security.auth_strategies': ({ security }) => security.authStrategies,
  'logging.level': ({ logging }) => logging.level,
  'logging.destination': () => 'file',
  'logging.format': ({ logging }) => logging.format,
  'logging.retention_days': ({ logging }) => logging.retentionDays,
  'logging.log_path': ({ logging }) => logging.logPath,
  'logging.per_agent_logs': ({ logging }) => logging.perAgentLogs,
  'tools.discovery': ({ tools }) => tools.discovery,
  'tools.timeout': ({ tools }) => spelled(tools.timeoutMs),
  'tools.registry_path': ({ tools }) => tools.registryPath,
  'tools.type_priority': ({ tools }) => tools.typePriority,
  'tools.retry_policy.max_attempts': ({ tools }) => tools.retryPolicy.maxAttempts ?? null,
  'tools.retry_policy.backoff': ({ tools }) => tools.retryPolicy.backoff,
  'tools.retry_policy.initial_delay': ({ tools }) => spelled(tools.retryPolicy.initialDelayMs),
  'tools.retry_policy.max_delay': ({ tools }) => spelled(tools.retryPolicy.maxDelayMs),
  'workflows.path': ({ workflows }) => workflows.path,
  'workflows.max_concurrent': ({ workflows }) => workflows.maxConcurrent,
  'workflows.default_timeout': ({ workflows }) => spelledOr(workflows.defaultTimeoutMs),
  'workflows.limits.workflows': ({ workflows }) => Object.fromEntries(workflows.limits.workflows),
  'workflows.limits.tags': ({ workflows }) => Object.fromEntries(workflows.limits.tags),
  'workflows.state_persistence': ({ workflows }) => workflows.statePersistence,
  'monitoring.enabled': ({ monitoring }) => monitoring.isEnabled,
  'monitoring.metrics_endpoint': ({ monitoring }) => monitoring.metricsEndpoint,
  'monitoring.traces_endpoint': ({ monitoring }) => shownAddress(monitoring.tracesEndpoint),
  'monitoring.alert_channels': ({ monitoring }) => monitoring.alertChannels.map(shownChannel),
  'features.mcp_bridge': ({ features }) => features.mcpBridge,
  'features.auto_healing': ({ features }) => features.autoHealing,
  'features.progressive_rollout': ({ features }) => features.progressiveRollout,
  'expressions.env_allow': ({ expressions }) => expressions.envAllow,
  'scheduler.timezone': ({ scheduler }) => scheduler.timezone,
  'scheduler.catch_up': ({ scheduler }) => scheduler.catchUp,
  'scheduler.catch_up_window': ({ scheduler }) => spelled(scheduler.catchUpWindowMs),
  'scheduler.overlap': ({ scheduler }) => scheduler.overlap,
  'webhooks.host': ({ webhooks }) => webhooks.host,
  'webhooks.port': ({ webhooks }) => webhooks.port,
  'queue.type': ({ queue }) => queue.type,
  'queue.name': ({ queue }) => queue.name,
  'queue.max_size': ({ queue }) => queue.maxSize,
  'queue.message_ttl': ({ queue }) => spelled(queue.messageTtlMs),
  'queue.dead_letter_queue': ({ queue }) => queue.deadLetterQueue,
  'queue.retry_delay': ({ queue }) => spelled(queue.retryDelayMs),
  'queue.visibility_timeout': ({ queue }) => spelled(queue.visibilityTimeoutMs),
  'queue.concurrency': ({ queue }) => queue.concurrency,
  'queue.artifact_url': ({ queue }) => shownAddress(queue.artifactUrl),
  'queue.redis_url': ({ queue }) => shownAddress(queue.redisUrl),
  'queue.rabbitmq_url': ({ queue }) => shownAddress(queue.rabbitmqUrl),
  'costs.limits': ({ costs }) => costs.limits.map((limit) => ({ ...limit })),
  'costs.no_progress_turns': ({ costs }) => costs.noProgress.turns,
  'costs.no_progress_usd': ({ costs }) => costs.noProgress.usd,
  'governance.allow_self_approval': ({ governance }) => governance.allowSelfApproval,
  'governance.approve_high_risk': ({ governance }) => governance.approveHighRisk,
  'retention.deliveries_days': ({ retention }) => retention.deliveriesDays,
  'retention.audit_days': ({ retention }) => retention.auditDays,
  'retention.queue_days': ({ retention }) => retention.queueDays,
  'retention.undo_mib': ({ retention }) => retention.undoMib,
};

/** Settings that hold names of the author: what stands after them in a key is one of these. */
const OPEN: readonly string[] = [
  'agent.configs',
  'workflows.limits.workflows',
  'workflows.limits.tags',
  'security.auth_strategies',
];

/** The keys that lead to a setting, or to what it holds by a name; null = there is no such setting. */
export function settingPath(key: string): readonly [string, ...string[]] | null {
  const split = (text: string): readonly [string, ...string[]] => text.split('.') as [string, ...string[]];
  if (Object.hasOwn(SETTINGS, key)) return split(key);
  const open = OPEN.find((one) => key.startsWith(`${one}.`) && !key.endsWith('.') && !key.includes('..'));
  if (open === undefined) return null;
  const rest = key.slice(open.length + 1);
  // The name of a workflow or a tag may hold dots; an agent is a map of its own.
  return open === 'agent.configs' ? split(key) : [...split(open), rest];
}
