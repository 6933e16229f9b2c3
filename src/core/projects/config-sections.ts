import { isJsonMap, type JsonMap } from '../../shared/json.ts';
import type { AgentSettings } from '../agent-port/index.ts';
import {
  readDurationMs,
  readFlag,
  readMap,
  readMaps,
  readNumber,
  readText,
  readTextMap,
  readTexts,
  readWord,
  scalarText,
  type YamlSection,
} from '../yaml/index.ts';
import type { ProjectConfig, QueueSettings, ToolSettings } from './project-config.ts';

const COUNT = { min: 0, max: 1_000_000, isInteger: true } as const;
const PORT = { min: 0, max: 65_535, isInteger: true } as const;

function readFailover(failover: YamlSection): AgentSettings['failover'] {
  return {
    fallbackAgents: readTexts(failover, 'fallback_agents', []),
    maxFailoverAttempts: readNumber(failover, 'max_failover_attempts', 2, COUNT),
    healthCheckIntervalMs: readDurationMs(failover, 'health_check_interval', 60_000),
    healthCheckTimeoutMs: readDurationMs(failover, 'health_check_timeout', 10_000),
    failoverOnStepFailure: readFlag(failover, 'failover_on_step_failure', true),
    failoverOnTimeout: readFlag(failover, 'failover_on_timeout', true),
    retryPrimaryAfterMs: readDurationMs(failover, 'retry_primary_after', 300_000),
  };
}

/** Keys of AgentConfig (SPEC §4.1) that are texts whatever is written there: `model: 3.10` is no number. */
const AGENT_TEXTS = ['name', 'provider', 'version', 'api_key', 'api_base_url', 'model'];

/** The settings of one agent, taken as written: its adapter knows the rest of the keys. */
function readAgentConfig(configs: YamlSection, name: string): JsonMap {
  const written = readMap(configs, name);
  const node = configs.find(name)?.node;
  if (node?.kind !== 'map') return written;
  const texts = AGENT_TEXTS.flatMap((key) => {
    const entry = node.entries.get(key);
    const text = entry === undefined ? undefined : scalarText(entry.node);
    return text === undefined ? [] : [[key, text] as const];
  });
  return { ...written, ...Object.fromEntries(texts) };
}

/** `agent` of SPEC §14 and §3.7. */
export function readAgent(agent: YamlSection): AgentSettings {
  const configs = agent.section('configs');
  const primary = readText(agent, 'primary', null);
  return {
    primary: primary ?? 'opencode',
    isPrimaryWritten: primary !== null,
    fallback: readText(agent, 'fallback', null),
    selectionStrategy: readWord(agent, 'selection_strategy', ['manual', 'auto', 'load_balanced'], 'manual'),
    autoSelection: readMaps(agent, 'auto_selection'),
    failover: readFailover(agent.section('failover')),
    configs: Object.fromEntries(configs.keys().map((name) => [name, readAgentConfig(configs, name)])),
  };
}

/** `runtime` of SPEC §14: only `local` exists, `docker` and `kubernetes` are refused by name. */
export function readRuntime(runtime: YamlSection): ProjectConfig['runtime'] {
  const found = runtime.find('mode');
  const pythonVersion = readText(runtime, 'python_version', null);
  if (found !== undefined && found.value !== null && found.value !== 'local') {
    const mode = String(found.value);
    const isPlanned = mode === 'docker' || mode === 'kubernetes';
    runtime.report(
      'error',
      found,
      isPlanned ? `runtime.mode ${mode} is not supported.` : '`runtime.mode` must be local.',
      'local',
    );
  }
  return { mode: 'local', pythonVersion };
}

/** `security` of SPEC §14. */
export function readSecurity(security: YamlSection): ProjectConfig['security'] {
  return {
    credentialStore: readWord(security, 'credential_store', ['keychain', 'file', 'env'], 'keychain'),
    vaultPath: readText(security, 'vault_path', '.aiworkflow/state/credentials/'),
    authStrategies: readTextMap(security, 'auth_strategies'),
  };
}

/** `logging` of SPEC §14. */
export function readLogging(logging: YamlSection): ProjectConfig['logging'] {
  return {
    level: readWord(logging, 'level', ['debug', 'info', 'warning', 'error'], 'info'),
    destination: readText(logging, 'destination', 'file'),
    format: readWord(logging, 'format', ['markdown', 'json', 'text'], 'markdown'),
    retentionDays: readNumber(logging, 'retention_days', 90, { min: 0, max: 36_500 }),
    logPath: readText(logging, 'log_path', '.aiworkflow/state/execution-logs'),
    perAgentLogs: readFlag(logging, 'per_agent_logs', true),
  };
}

/** `tools` of SPEC §14. */
export function readTools(tools: YamlSection): ToolSettings {
  const retry = tools.section('retry_policy');
  const maxAttempts = readNumber(retry, 'max_attempts', undefined, { min: 1, max: 21, isInteger: true });
  return {
    discovery: readWord(tools, 'discovery', ['auto', 'explicit'], 'auto'),
    timeoutMs: readDurationMs(tools, 'timeout', 30_000),
    registryPath: readText(tools, 'registry_path', '.aiworkflow/tools/registry.yaml'),
    typePriority: readTexts(tools, 'type_priority', ['mcp', 'openapi', 'custom']),
    retryPolicy: {
      ...(maxAttempts === undefined ? {} : { maxAttempts }),
      backoff: readWord(retry, 'backoff', ['exponential', 'linear', 'fixed'], 'exponential'),
      initialDelayMs: readDurationMs(retry, 'initial_delay', 1_000),
      maxDelayMs: readDurationMs(retry, 'max_delay', 60_000),
    },
  };
}

/** `workflows` of SPEC §14. */
export function readWorkflows(workflows: YamlSection): ProjectConfig['workflows'] {
  return {
    path: readText(workflows, 'path', '.aiworkflow/workflows/'),
    maxConcurrent: readNumber(workflows, 'max_concurrent', 5, { min: 1, max: 1_000, isInteger: true }),
    defaultTimeoutMs: readDurationMs(workflows, 'default_timeout', undefined) ?? null,
    statePersistence: readFlag(workflows, 'state_persistence', true),
  };
}

/** `monitoring` of SPEC §14. */
export function readMonitoring(monitoring: YamlSection): ProjectConfig['monitoring'] {
  const found = monitoring.find('alert_channels');
  const items = Array.isArray(found?.value) ? found.value : [];
  const alertChannels = items.filter((item) => typeof item === 'string' || isJsonMap(item));
  if (
    found !== undefined &&
    found.value !== null &&
    (!Array.isArray(found.value) || alertChannels.length !== items.length)
  ) {
    monitoring.report('error', found, '`monitoring.alert_channels` must be a list of texts or maps.');
  }
  return {
    isEnabled: readFlag(monitoring, 'enabled', false),
    metricsEndpoint: readText(monitoring, 'metrics_endpoint', 'http://localhost:9464'),
    alertChannels,
  };
}

/** `features` of SPEC §14. */
export function readFeatures(features: YamlSection): ProjectConfig['features'] {
  return {
    mcpBridge: readFlag(features, 'mcp_bridge', true),
    autoHealing: readFlag(features, 'auto_healing', true),
    progressiveRollout: readFlag(features, 'progressive_rollout', false),
  };
}

/** `scheduler` of SPEC §14; an unknown zone is an error and counts as UTC. */
export function readScheduler(scheduler: YamlSection): ProjectConfig['scheduler'] {
  const timezone = readText(scheduler, 'timezone', 'UTC');
  const found = scheduler.find('timezone');
  const isKnown = isTimezone(timezone);
  if (!isKnown && found !== undefined) scheduler.report('error', found, `Unknown time zone: ${timezone}`, 'UTC');
  return {
    timezone: isKnown ? timezone : 'UTC',
    catchUp: readWord(scheduler, 'catch_up', ['none', 'last', 'all', 'ask'], 'last'),
    catchUpWindowMs: readDurationMs(scheduler, 'catch_up_window', 86_400_000),
    overlap: readWord(scheduler, 'overlap', ['skip', 'queue', 'queue_all', 'allow', 'cancel_previous'], 'skip'),
  };
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** `webhooks` of SPEC §14 and §7.3. */
export function readWebhooks(webhooks: YamlSection): ProjectConfig['webhooks'] {
  return { host: readText(webhooks, 'host', '127.0.0.1'), port: readNumber(webhooks, 'port', 8080, PORT) };
}

/** `queue` of SPEC §8. */
export function readQueue(queue: YamlSection): QueueSettings {
  return {
    type: readWord(queue, 'type', ['local', 'memory', 'redis', 'rabbitmq'], 'local'),
    name: readText(queue, 'name', 'aiworkflow'),
    maxSize: readNumber(queue, 'max_size', 0, { min: 0, isInteger: true }),
    messageTtlMs: readDurationMs(queue, 'message_ttl', 86_400_000),
    deadLetterQueue: readText(queue, 'dead_letter_queue', null),
    retryDelayMs: readDurationMs(queue, 'retry_delay', 5_000),
    visibilityTimeoutMs: readDurationMs(queue, 'visibility_timeout', 300_000),
    concurrency: readNumber(queue, 'concurrency', 1, { min: 1, max: 1_000, isInteger: true }),
    artifactUrl: readText(queue, 'artifact_url', null),
    redisUrl: readText(queue, 'redis_url', null),
    rabbitmqUrl: readText(queue, 'rabbitmq_url', null),
  };
}

/** `governance` of SPEC §14. */
export function readGovernance(governance: YamlSection): ProjectConfig['governance'] {
  return {
    allowSelfApproval: readFlag(governance, 'allow_self_approval', false),
    approveHighRisk: readFlag(governance, 'approve_high_risk', false),
  };
}
