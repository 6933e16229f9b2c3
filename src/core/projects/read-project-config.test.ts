import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultProjectConfig, readProjectConfig } from './index.ts';

let project = '';
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'aiw-config-'));
});
afterEach(() => rm(project, { recursive: true, force: true }));

async function read(text: string, local?: string, env: Readonly<Record<string, string>> = {}) {
  await writeFile(join(project, 'aiworkflow.yaml'), text);
  if (local !== undefined) await writeFile(join(project, 'aiworkflow.local.yaml'), local);
  return readProjectConfig(project, { env });
}

describe('readProjectConfig (SPEC 14)', () => {
  it('has the defaults of the specification', async () => {
    const { config, diagnostics } = await readProjectConfig(project);
    expect(diagnostics).toEqual([]);
    expect(config).toEqual(defaultProjectConfig());
    expect(config).toMatchObject({
      version: '1.0',
      framework: 'aiworkflow',
      agent: { primary: 'opencode', isPrimaryWritten: false, fallback: null, selectionStrategy: 'manual' },
      runtime: { mode: 'local' },
      security: { credentialStore: 'keychain', vaultPath: '.aiworkflow/state/credentials/' },
      logging: { level: 'info', format: 'markdown', retentionDays: 90, perAgentLogs: true },
      tools: { discovery: 'auto', timeoutMs: 30_000, typePriority: ['mcp', 'openapi', 'custom'] },
      workflows: {
        path: '.aiworkflow/workflows/',
        maxConcurrent: 5,
        defaultTimeoutMs: null,
        statePersistence: true,
      },
      monitoring: { isEnabled: false, metricsEndpoint: 'http://localhost:9464', alertChannels: [] },
      features: { mcpBridge: true, autoHealing: true, progressiveRollout: false },
      expressions: { envAllow: [] },
      scheduler: { timezone: 'UTC', catchUp: 'last', catchUpWindowMs: 86_400_000, overlap: 'skip' },
      queue: { type: 'local', name: 'aiworkflow', messageTtlMs: 86_400_000, concurrency: 1 },
      governance: { allowSelfApproval: false, approveHighRisk: false },
    });
    expect(config.tools.retryPolicy).not.toHaveProperty('maxAttempts');
  });

  it('puts environment over the local file over the file', async () => {
    const text =
      'workflows: {max_concurrent: 2, default_timeout: 1m}\nlogging: {level: debug, per_agent_logs: false, destination: file}\n';
    const { config, diagnostics } = await read(text, 'workflows: {max_concurrent: 3}\n', {
      AIWORKFLOW_LOGGING_LEVEL: 'error',
      AIWORKFLOW_VERSION: '9',
    });
    expect(diagnostics).toEqual([]);
    expect(config.logging.perAgentLogs).toBe(false);
    expect(config.workflows).toMatchObject({ maxConcurrent: 3, defaultTimeoutMs: 60_000 });
    expect(config.logging.level).toBe('error');
    expect(config.version).toBe('1.0');
  });

  it('reads limits by workflow and by tag, and says what is none', async () => {
    const { config, diagnostics } = await read(
      'workflows: {limits: {workflows: {nightly-import: 1}, tags: {gpu: 2, cpu: many}}}\n',
    );
    expect(config.workflows.limits).toEqual({
      workflows: new Map([['nightly-import', 1]]),
      tags: new Map([['gpu', 2]]),
    });
    expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining("'workflows.limits.tags.cpu'")]);
  });

  it('obeys where the key of secrets lies, and says that nothing lies in a folder of its own', async () => {
    const { config, diagnostics } = await read('security: {credential_store: file, vault_path: state/vault}\n');
    expect(config.security.credentialStore).toBe('file');
    expect(diagnostics.map(({ message }) => message)).toEqual(["'security.vault_path': not used yet by this version."]);
  });

  it('reads nested and open maps', async () => {
    const { config, diagnostics } = await read(`
agent:
  primary: claude-code
  failover: {fallback_agents: [ollama], health_check_timeout: 5s}
  configs: {ollama: {model: llama3}, x: {y: 1, model: 3.10, version: 1.0}}
  auto_selection: [{condition: a, agent: b}, {default: c}]
security: {auth_strategies: {claude-code: anthropic_managed}}
monitoring: {alert_channels: [desktop, mail.send, {webhook: "http://x"}]}
retention: {deliveries_days: 7, queue_days: 3, undo_mib: 64}
webhooks: {host: localhost, port: 9000}
costs: {no_progress_turns: 8, no_progress_usd: 0.50}
`);
    expect(config.costs.noProgress).toEqual({ turns: 8, usd: '0.5' });
    expect(config.webhooks).toEqual({ host: 'localhost', port: 9000 });
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "'security.auth_strategies': not used yet by this version.",
      "'monitoring.alert_channels': only webhooks, 'desktop' and 'log' are used yet by this version.",
    ]);
    expect(config.agent.failover).toMatchObject({
      fallbackAgents: ['ollama'],
      healthCheckTimeoutMs: 5_000,
      maxFailoverAttempts: 2,
    });
    expect(config.agent.configs).toEqual({ ollama: { model: 'llama3' }, x: { y: 1, model: '3.10', version: '1.0' } });
    expect(config.retention).toEqual({ deliveriesDays: 7, auditDays: 365, queueDays: 3, undoMib: 64 });
  });

  it('reads limits of spending, and says what is wrong with one', async () => {
    const { config, diagnostics } = await read(`
costs:
  limits:
    - {name: month, max_cost: "20.00", period: month, timezone: Europe/Berlin, alert_threshold: 80, action_on_limit: pause}
    - {name: each, max_cost: 1, scope: run, allow_unpriced: true}
    - {name: each, max_cost: 2}
    - {max_cost: 2}
    - {name: slow, max_cost: 2, period: fortnight}
`);
    const rest = { period: null, timezone: 'UTC', scope: 'global', scope_id: null, alert_threshold: null };
    expect(config.costs.limits[0]).toEqual({
      ...{ ...rest, name: 'month', max_cost: '20', period: 'month', timezone: 'Europe/Berlin' },
      ...{ alert_threshold: 80, action_on_limit: 'pause', allow_unpriced: false },
    });
    expect(diagnostics.map(({ severity, message, line }) => [severity, line, message])).toEqual([
      ['error', 6, "There are two limits 'each'."],
      ['error', 7, "'name' of an item of 'costs.limits' is missing"],
      ['error', 8, "'fortnight' is no period."],
    ]);
  });

  it.each([
    ['runtime: {mode: docker}', 'error', 'runtime.mode docker is not supported.'],
    ['runtime: {mode: kubernetes}', 'error', 'runtime.mode kubernetes is not supported.'],
    ['workflos: {}', 'warning', "Unknown key 'workflos'", "Did you mean 'workflows'?"],
    ['logging: {levle: info}', 'warning', "Unknown key 'logging.levle'", "Did you mean 'level'?"],
    [
      'agent: {failover: {retry_primary_afer: 3}}',
      'warning',
      "Unknown key 'agent.failover.retry_primary_afer'",
      "Did you mean 'retry_primary_after'?",
    ],
    ['logging: {destination: syslog}', 'error', "'logging.destination' must be file, not 'syslog'"],
    ['logging: [1]', 'error', "'logging' must be a map, it is a list"],
    ['logging: {log_path: ../../etc}', 'error', "'logging.log_path' must be inside the project."],
    [
      'logging: {log_path: .aiworkflow/tools}',
      'error',
      "'logging.log_path' must not be where workflows and tools lie.",
    ],
    ['workflows: {path: /etc}', 'error', "'workflows.path' must be inside the project."],
    ['scheduler: {timezone: Mars/Olympus}', 'error', 'Unknown time zone: Mars/Olympus'],
    ['webhooks: {port: 70000}', 'error', "'webhooks.port' must be a whole number from 0 to 65,535, it is 70,000"],
    ['logging: {level: loud}', 'error', "'logging.level' must be debug, info, warning or error, not 'loud'"],
    [
      'costs: {no_progress_usd: -1}',
      'error',
      "'costs.no_progress_usd' must be an amount in USD above 0, it is -1",
      'Write \'no_progress_usd: "0.50"\'.',
    ],
    ['features: {mcp_bridge: perhaps}', 'error', "'features.mcp_bridge' must be true or false, it is a text"],
  ])('%s', async (text, severity, message, fix?) => {
    const { diagnostics } = await read(text);
    expect(diagnostics.filter((one) => !one.message.includes('not used yet'))).toEqual([
      expect.objectContaining({
        ...{ severity, message, code: 'config.invalid', file: 'aiworkflow.yaml', line: 1 },
        ...(fix === undefined ? {} : { fix }),
      }),
    ]);
  });

  it('keeps the default where the file is wrong', async () => {
    const { config } = await read('workflows: {path: /etc, max_concurrent: many}\nscheduler: {timezone: x}\n');
    expect(config).toEqual(defaultProjectConfig());
  });

  it('takes texts, flags, numbers and lists from variables, and names the variable that is wrong', async () => {
    const { config, diagnostics } = await readProjectConfig(project, {
      env: {
        AIWORKFLOW_AGENT_PRIMARY: 'ollama',
        AIWORKFLOW_AGENT_FAILOVER_FALLBACK_AGENTS: 'openai, demo',
        AIWORKFLOW_FEATURES_AUTO_HEALING: 'off',
        AIWORKFLOW_TOOLS_TIMEOUT: 'soon',
        AIWORKFLOW_AGENT_FAILOVER_MAX_FAILOVER_ATTEMPTS: 'many',
        AIWORKFLOW_WORKFLOWS_PATH: '',
      },
    });
    expect(config.agent).toMatchObject({ primary: 'ollama', failover: { fallbackAgents: ['openai', 'demo'] } });
    expect(config.features.autoHealing).toBe(false);
    expect(config.workflows.path).toBe('.aiworkflow/workflows/');
    expect(diagnostics.map(({ severity, file }) => [severity, file])).toEqual([
      ['error', 'AIWORKFLOW_AGENT_FAILOVER_MAX_FAILOVER_ATTEMPTS'],
      ['warning', 'AIWORKFLOW_TOOLS_TIMEOUT'],
    ]);
  });

  it.each([
    ['a folder', () => mkdir(join(project, 'aiworkflow.local.yaml')), 'it is a folder'],
    [
      'too large',
      () => writeFile(join(project, 'aiworkflow.local.yaml'), ' '.repeat(1024 * 1024 + 1)),
      'it is larger than 1 MiB',
    ],
    [
      'a dead link',
      () => symlink(join(project, 'gone'), join(project, 'aiworkflow.local.yaml')),
      'it is a link that leads nowhere',
    ],
  ])('a file that is %s is an error that names it', async (_what, make, why) => {
    await make();
    const { diagnostics } = await readProjectConfig(project);
    const message = `The settings in aiworkflow.local.yaml cannot be read: ${why}.`;
    expect(diagnostics).toEqual([
      expect.objectContaining({ severity: 'error', message, file: 'aiworkflow.local.yaml' }),
    ]);
  });

  it('warns of every key that nothing obeys, a section at a time', async () => {
    const { diagnostics } = await read(
      'tools: {discovery: explicit, timeout: 5s, retry_policy: {max_attempts: 2, backoff: fixed}}\nqueue: {type: local, artifact_url: x}\n',
    );
    expect(diagnostics.map(({ severity, message, line }) => [severity, message, line])).toEqual([
      ['warning', "'tools.discovery': not used yet by this version.", 1],
      ['warning', "'queue.artifact_url': not used yet by this version.", 2],
    ]);
  });

  it('says nothing where what is written is what happens anyway', async () => {
    const { diagnostics } = await read(
      'tools: {discovery: auto}\nworkflows: {state_persistence: enabled}\nsecurity: {vault_path: .aiworkflow/state/credentials/}\n',
    );
    expect(diagnostics).toEqual([]);
    const { diagnostics: others } = await read('workflows: {state_persistence: disabled}\n');
    expect(others.map(({ message }) => message)).toEqual([
      "'workflows.state_persistence': not used yet by this version.",
    ]);
  });

  it('reports each file by its name', async () => {
    const { diagnostics } = await read('a: 1', 'b: [');
    expect(diagnostics.map((one) => one.file).sort()).toEqual(['aiworkflow.local.yaml', 'aiworkflow.yaml']);
  });

  it('never throws (1,000 fuzzed texts)', async () => {
    const key = fc.constantFrom(
      'agent',
      'tools',
      'logging',
      'queue',
      'level',
      'path',
      'timeout',
      '__proto__',
      'constructor',
      '?',
      '<<',
      '- a',
    );
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '{',
        '[',
        '{a: ',
        '&a {b: *a}',
        '*x',
        '!!binary x',
        '~',
        '|',
        '{level: 1}',
        '99999999999999999999',
        '.inf',
      ),
    );
    const line = fc
      .tuple(fc.constantFrom('', '  ', '    ', '\t'), key, value)
      .map(([indent, k, v]) => `${indent}${k}: ${v}`);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n')),
        ),
        async (text) => {
          const { config, diagnostics } = await read(text);
          expect(config.runtime.mode).toBe('local');
          for (const one of diagnostics) expect(one.code).toBe('config.invalid');
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
