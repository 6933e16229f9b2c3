import { roundDecimal } from '../../shared/decimal.ts';
import { isJsonMap, type JsonMap } from '../../shared/json.ts';
import type { AgentSettings } from '../agent-port/index.ts';
import { isTimeZone } from '../time/index.ts';
import { type Settings, scalarText } from '../yaml/index.ts';
import { readCostLimits } from './cost-limit-settings.ts';
import type { ProjectConfig, QueueSettings, ToolSettings } from './project-config.ts';

const COUNT = { min: 0, max: 1_000_000 } as const;
const DAYS = { min: 1, max: 36_500 } as const;
const PORT = { min: 0, max: 65_535 } as const;

function readFailover(failover: Settings): AgentSettings['failover'] {
  return {
    fallbackAgents: failover.texts('fallback_agents') ?? [],
    maxFailoverAttempts: failover.integer('max_failover_attempts', COUNT) ?? 2,
    healthCheckIntervalMs: failover.duration('health_check_interval') ?? 60_000,
    healthCheckTimeoutMs: failover.duration('health_check_timeout') ?? 10_000,
    failoverOnStepFailure: failover.flag('failover_on_step_failure') ?? true,
    failoverOnTimeout: failover.flag('failover_on_timeout') ?? true,
    retryPrimaryAfterMs: failover.duration('retry_primary_after') ?? 300_000,
  };
}

/** Keys of AgentConfig (SPEC §4.1) that are texts whatever is written there: `model: 3.10` is no number. */
const AGENT_TEXTS = ['name', 'provider', 'version', 'api_key', 'api_base_url', 'model'];

/** The settings of one agent, taken as written: its adapter knows the rest of the keys. */
function readAgentConfig(config: Settings): JsonMap {
  const texts = config.entries().flatMap(({ key, node }) => {
    const text = AGENT_TEXTS.includes(key) ? scalarText(node) : undefined;
    return text === undefined ? [] : [[key, text] as const];
  });
  return { ...config.node.value, ...Object.fromEntries(texts) };
}

/** `agent` of SPEC §14 and §3.7. */
export function readAgent(agent: Settings): AgentSettings {
  const configs = agent.section('configs');
  const primary = agent.text('primary') ?? null;
  return {
    primary: primary ?? 'opencode',
    isPrimaryWritten: primary !== null,
    fallback: agent.text('fallback') ?? null,
    selectionStrategy: agent.word('selection_strategy', ['manual', 'auto', 'load_balanced']) ?? 'manual',
    autoSelection: agent.maps('auto_selection').map(({ node }) => node.value),
    failover: readFailover(agent.section('failover')),
    configs: Object.fromEntries(configs.entries().map(({ key }) => [key, readAgentConfig(configs.section(key))])),
  };
}

/** `runtime` of SPEC §14: only `local` exists, `docker` and `kubernetes` are refused by name. */
export function readRuntime(runtime: Settings): ProjectConfig['runtime'] {
  const pythonVersion = runtime.text('python_version') ?? null;
  const mode = runtime.text('mode') ?? 'local';
  if (mode !== 'local') {
    const isPlanned = mode === 'docker' || mode === 'kubernetes';
    const message = isPlanned ? `runtime.mode ${mode} is not supported.` : "'runtime.mode' must be local.";
    runtime.report.add('error', message, runtime.spot('mode'), 'local');
  }
  return { mode: 'local', pythonVersion };
}

/** `security` of SPEC §14. */
export function readSecurity(security: Settings): ProjectConfig['security'] {
  return {
    credentialStore: security.word('credential_store', ['keychain', 'file', 'env']) ?? 'keychain',
    vaultPath: security.text('vault_path') ?? '.aiworkflow/state/credentials/',
    authStrategies: security.textMap('auth_strategies'),
  };
}

/** `logging` of SPEC §14. */
export function readLogging(logging: Settings): ProjectConfig['logging'] {
  // Logs are files; anything else is refused by name.
  logging.word('destination', ['file']);
  return {
    level: logging.word('level', ['debug', 'info', 'warning', 'error']) ?? 'info',
    format: logging.word('format', ['markdown', 'json', 'text']) ?? 'markdown',
    retentionDays: logging.number('retention_days', { min: 0, max: 36_500 }) ?? 90,
    logPath: logging.text('log_path') ?? '.aiworkflow/state/execution-logs',
    perAgentLogs: logging.flag('per_agent_logs') ?? true,
  };
}

/** `tools` of SPEC §14. */
export function readTools(tools: Settings): ToolSettings {
  const retry = tools.section('retry_policy');
  const maxAttempts = retry.integer('max_attempts', { min: 1, max: 21 });
  return {
    discovery: tools.word('discovery', ['auto', 'explicit']) ?? 'auto',
    timeoutMs: tools.duration('timeout') ?? 30_000,
    registryPath: tools.text('registry_path') ?? '.aiworkflow/tools/registry.yaml',
    typePriority: tools.texts('type_priority') ?? ['mcp', 'openapi', 'custom'],
    retryPolicy: {
      ...(maxAttempts === undefined ? {} : { maxAttempts }),
      backoff: retry.word('backoff', ['exponential', 'linear', 'fixed']) ?? 'exponential',
      initialDelayMs: retry.duration('initial_delay') ?? 1_000,
      maxDelayMs: retry.duration('max_delay') ?? 60_000,
    },
  };
}

/** `workflows.limits`: how many runs of a workflow, and of a tag, are driven at once. */
function readRunLimits(limits: Settings): ProjectConfig['workflows']['limits'] {
  const read = (key: 'workflows' | 'tags'): ReadonlyMap<string, number> => {
    const section = limits.section(key);
    return new Map(
      section.entries().flatMap(({ key: name }) => {
        const most = section.integer(name, { min: 1, max: 1_000 });
        return most === undefined ? [] : [[name, most] as const];
      }),
    );
  };
  return { workflows: read('workflows'), tags: read('tags') };
}

/** `workflows` of SPEC §14. */
export function readWorkflows(workflows: Settings): ProjectConfig['workflows'] {
  return {
    path: workflows.text('path') ?? '.aiworkflow/workflows/',
    maxConcurrent: workflows.integer('max_concurrent', { min: 1, max: 1_000 }) ?? 5,
    defaultTimeoutMs: workflows.duration('default_timeout') ?? null,
    limits: readRunLimits(workflows.section('limits')),
    statePersistence: workflows.flag('state_persistence') ?? true,
  };
}

const addressOf = (text: string): string | undefined =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : undefined;

const METRICS_ENDPOINT = 'http://localhost:9464';

/** `monitoring` of SPEC §14. */
export function readMonitoring(monitoring: Settings): ProjectConfig['monitoring'] {
  const channels = monitoring.list('alert_channels') ?? [];
  const alertChannels = channels
    .map(({ value }) => value)
    .filter((item) => typeof item === 'string' || isJsonMap(item));
  if (alertChannels.length !== channels.length) monitoring.wrong('alert_channels', 'a list of texts or maps');
  const endpoint = monitoring.text('metrics_endpoint') ?? METRICS_ENDPOINT;
  const isAddress = URL.canParse(endpoint) && new URL(endpoint).protocol === 'http:';
  if (!isAddress) monitoring.wrong('metrics_endpoint', `an address such as ${METRICS_ENDPOINT}`);
  return {
    isEnabled: monitoring.flag('enabled') ?? false,
    metricsEndpoint: isAddress ? endpoint : METRICS_ENDPOINT,
    tracesEndpoint: monitoring.as('traces_endpoint', 'an address such as http://localhost:4318', addressOf) ?? null,
    alertChannels,
  };
}

/** `features` of SPEC §14. */
export function readFeatures(features: Settings): ProjectConfig['features'] {
  return {
    mcpBridge: features.flag('mcp_bridge') ?? true,
    autoHealing: features.flag('auto_healing') ?? true,
    progressiveRollout: features.flag('progressive_rollout') ?? false,
  };
}

/** `scheduler` of SPEC §14; an unknown zone is an error and counts as UTC. */
export function readScheduler(scheduler: Settings): ProjectConfig['scheduler'] {
  const timezone = scheduler.text('timezone') ?? 'UTC';
  const isKnown = isTimeZone(timezone);
  if (!isKnown) scheduler.report.add('error', `Unknown time zone: ${timezone}`, scheduler.spot('timezone'), 'UTC');
  return {
    timezone: isKnown ? timezone : 'UTC',
    catchUp: scheduler.word('catch_up', ['none', 'last', 'all', 'ask']) ?? 'last',
    catchUpWindowMs: scheduler.duration('catch_up_window') ?? 86_400_000,
    overlap: scheduler.word('overlap', ['skip', 'queue', 'queue_all', 'allow', 'cancel_previous']) ?? 'skip',
  };
}

/** `webhooks` of SPEC §14 and §7.3. */
export function readWebhooks(webhooks: Settings): ProjectConfig['webhooks'] {
  return { host: webhooks.text('host') ?? '127.0.0.1', port: webhooks.integer('port', PORT) ?? 8080 };
}

const serverAt =
  (protocol: RegExp) =>
  (text: string): string | undefined =>
    URL.canParse(text) && protocol.test(new URL(text).protocol) ? text : undefined;

/** `queue` of SPEC §8. */
export function readQueue(queue: Settings): QueueSettings {
  return {
    type: queue.word('type', ['local', 'memory', 'redis', 'rabbitmq']) ?? 'local',
    name: queue.text('name') ?? 'aiworkflow',
    maxSize: queue.integer('max_size', { min: 0 }) ?? 0,
    messageTtlMs: queue.duration('message_ttl') ?? 86_400_000,
    deadLetterQueue: queue.text('dead_letter_queue') ?? null,
    retryDelayMs: queue.duration('retry_delay') ?? 5_000,
    visibilityTimeoutMs: queue.duration('visibility_timeout') ?? 300_000,
    concurrency: queue.integer('concurrency', { min: 0, max: 1_000 }) ?? 1,
    artifactUrl: queue.text('artifact_url') ?? null,
    redisUrl: queue.as('redis_url', 'an address such as redis://localhost:6379', serverAt(/^rediss?:$/)) ?? null,
    rabbitmqUrl: queue.as('rabbitmq_url', 'an address such as amqp://localhost:5672/', serverAt(/^amqps?:$/)) ?? null,
  };
}

/** `costs` of SPEC §14, and when an agent that gets no further is stopped (SPEC §11). */
export function readCosts(costs: Settings): ProjectConfig['costs'] {
  const usd = costs.as('no_progress_usd', 'an amount in USD above 0', amountOf, 'Write \'no_progress_usd: "0.50"\'.');
  return {
    limits: readCostLimits(costs),
    noProgress: { turns: costs.integer('no_progress_turns', { min: 1, max: 1_000 }) ?? null, usd: usd ?? null },
  };
}

/** Decimal text as amounts are kept; undefined = it is none above 0. */
function amountOf(text: string): string | undefined {
  const amount = /^\d+(\.\d{1,10})?$/.test(text) ? roundDecimal(text) : null;
  return amount === null || amount === '0' ? undefined : amount;
}

/** `retention` of SPEC §14 and §9; how long runs stay says `logging.retention_days`. */
export function readRetention(retention: Settings): ProjectConfig['retention'] {
  return {
    deliveriesDays: retention.integer('deliveries_days', DAYS) ?? 30,
    auditDays: retention.integer('audit_days', DAYS) ?? 365,
    queueDays: retention.integer('queue_days', DAYS) ?? 7,
    undoMib: retention.integer('undo_mib', { min: 1, max: 1_048_576 }) ?? 1024,
  };
}

/** `governance` of SPEC §14. */
export function readGovernance(governance: Settings): ProjectConfig['governance'] {
  return {
    allowSelfApproval: governance.flag('allow_self_approval') ?? false,
    approveHighRisk: governance.flag('approve_high_risk') ?? false,
  };
}
