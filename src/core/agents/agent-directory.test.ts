import { describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { STRONG, scriptedAdapter, testDirectory } from './agents.test-support.ts';
import { parseCapabilityFile } from './capabilities/read-capability-file.ts';
import { chooseFirstAgent } from './choose-first-agent.ts';
import { createDemoAdapter } from './demo/demo-adapter.ts';
import type { RuleRequest } from './selection/routing-rules.ts';

const NEVER = new AbortController().signal;
const sick = (code: 'agent.not_logged_in' | 'agent.connection_lost') => ({
  probe: () => Promise.reject(new AppError(code, 'No.')),
});

describe('lists', () => {
  test('every shipped agent is listed; one without an adapter says in plain words why it cannot be chosen', async () => {
    const { directory } = testDirectory([createDemoAdapter()], { settings: { primary: 'demo' } });
    const agents = await directory.list();
    expect(agents.map((one) => one.name)).toEqual([
      'claude-code',
      'opencode',
      'aider',
      'codex',
      'gemini-cli',
      'copilot',
      'ollama',
      'openai',
      'anthropic',
      'demo',
    ]);
    const aider = agents.find((one) => one.name === 'aider');
    expect(aider).toMatchObject({
      isAvailable: false,
      isInstalled: false,
      limitations: [expect.stringContaining('profiles/aider.yaml')],
    });
    expect(agents.at(-1)).toMatchObject({
      isAvailable: true,
      isInstalled: true,
      isPrimary: true,
      failoverRank: 0,
      model: 'demo',
    });
  });

  test('it tells model, keys, address and order, never a value', async () => {
    const { directory } = testDirectory([scriptedAdapter('openai', ['x']), scriptedAdapter('beta', ['x'])], {
      settings: {
        primary: 'openai',
        fallback: 'beta',
        configs: { openai: { model: 'gpt-x', api_base_url: 'https://user:pw@host/v1?key=s', api_key: 'MY_KEY' } },
      },
      hostEnv: { MY_KEY: 'hunter2' },
    });
    const info = await directory.info('openai');
    expect(info).toMatchObject({
      model: 'gpt-x',
      baseUrl: 'https://host/v1',
      keys: [{ name: 'MY_KEY', isSet: true }],
      failoverRank: 0,
    });
    expect((await directory.info('beta')).failoverRank).toBe(1);
    expect(JSON.stringify(info)).not.toMatch(/hunter2|pw/);
    expect([directory.modelOf('openai'), directory.modelOf('beta')]).toEqual(['gpt-x', null]);
  });

  test('a written timeout goes before that of the adapter', () => {
    const { directory } = testDirectory([scriptedAdapter('alpha', ['x'])], {
      settings: { configs: { alpha: { timeout: '7s' } } },
    });
    expect(directory.timeoutMs('alpha')).toBe(7_000);
    expect(testDirectory([scriptedAdapter('alpha', ['x'])]).directory.timeoutMs('alpha')).toBe(120_000);
  });

  test('failover order: agent.fallback, then the list, each once and never demo', () => {
    const { directory } = testDirectory([], {
      settings: { fallback: 'b', failover: { ...testSettings(), fallbackAgents: ['c', 'demo', 'b'] } },
    });
    expect(directory.failover).toEqual({
      fallbackAgents: ['b', 'c'],
      maxAttempts: 2,
      onStepFailure: true,
      onTimeout: true,
      retryPrimaryAfterMs: 300_000,
    });
    expect(directory.failoverOrder).toEqual(['alpha', 'b', 'c']);
    expect(testDirectory([], { isHealing: false }).directory.failover.maxAttempts).toBe(0);
  });
});

function testSettings() {
  return {
    fallbackAgents: [] as readonly string[],
    maxFailoverAttempts: 2,
    healthCheckIntervalMs: 60_000,
    healthCheckTimeoutMs: 10_000,
    failoverOnStepFailure: true,
    failoverOnTimeout: true,
    retryPrimaryAfterMs: 300_000,
  };
}

describe('health', () => {
  test('a result is kept for the interval, then asked anew; check always asks', async () => {
    const alpha = scriptedAdapter('alpha', ['x']);
    const { directory, clock } = testDirectory([alpha]);
    expect((await directory.info('alpha')).health).toMatchObject({ isHealthy: false, lastCheck: null });
    for (let count = 0; count < 3; count += 1) expect(await directory.canTake('alpha', NEVER)).toBeNull();
    expect(alpha.probes).toBe(1);
    clock.pass(60_000);
    await directory.canTake('alpha', NEVER);
    expect(await directory.check('alpha')).toMatchObject([{ isHealthy: true, version: '9.9', consecutiveFailures: 0 }]);
    expect(alpha.probes).toBe(3);
  });

  test('two at once are one', async () => {
    const alpha = scriptedAdapter('alpha', ['x']);
    const { directory } = testDirectory([alpha]);
    await Promise.all([directory.canTake('alpha', NEVER), directory.canTake('alpha', NEVER)]);
    expect(alpha.probes).toBe(1);
  });

  test('a check that takes too long ends and says after how long', async () => {
    let aborted = false;
    const { directory, clock } = testDirectory([
      scriptedAdapter('alpha', ['x'], {
        probe: (signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              aborted = true;
              reject(new Error('aborted'));
            });
          }),
      }),
    ]);
    const answer = directory.canTake('alpha', NEVER);
    clock.pass(10_000);
    expect(await answer).toMatchObject({ code: 'agent.unhealthy', message: 'Health check timed out after 10s' });
    expect([aborted, clock.timers]).toEqual([true, 0]);
  });

  test('failures in a row are counted and say why', async () => {
    const { directory } = testDirectory([scriptedAdapter('alpha', ['x'], sick('agent.connection_lost'))]);
    await directory.check('alpha');
    expect(await directory.check('alpha')).toMatchObject([
      {
        isHealthy: false,
        consecutiveFailures: 2,
        error: { code: 'agent.unhealthy', message: expect.stringContaining('No.') },
      },
    ]);
  });

  test('without a name every installed agent is asked, no other', async () => {
    const here = scriptedAdapter('alpha', ['x']);
    const gone = scriptedAdapter('beta', ['x'], { isInstalled: async () => false });
    const { directory } = testDirectory([here, gone]);
    expect((await directory.check()).map((one) => one.agentName)).toEqual(['alpha']);
    expect([here.probes, gone.probes]).toEqual([1, 0]);
  });
});

test('who is cancelled does not wait for a check, and leaves no trace', async () => {
  const end = new AbortController();
  const { directory } = testDirectory([scriptedAdapter('alpha', ['x'], { probe: () => new Promise(() => undefined) })]);
  const waiting = directory.begin('alpha', end.signal);
  end.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'run.cancelled' });
  expect(await directory.canTake('alpha', end.signal)).toMatchObject({ code: 'run.cancelled' });
  expect((await directory.info('alpha')).runningSteps).toBe(0);
});

describe('breakers and who is busy', () => {
  test('the breaker opens after three failures, is stored, and is closed by hand', async () => {
    const { directory, stored, changes } = testDirectory([scriptedAdapter('alpha', ['x'])]);
    for (let count = 0; count < 3; count += 1) directory.countFailure('alpha');
    expect((await directory.info('alpha')).breaker.state).toBe('open');
    expect(await directory.canTake('alpha', NEVER)).toMatchObject({ code: 'agent.breaker_open' });
    expect(stored.get('agent/alpha')).toMatchObject({ state: 'open' });
    const before = changes();
    directory.resetBreaker('alpha');
    expect(await directory.canTake('alpha', NEVER)).toBeNull();
    expect(changes()).toBeGreaterThan(before);
    expect(() => directory.resetBreaker('nobody')).toThrow(expect.objectContaining({ code: 'agent.not_found' }));
  });

  test('a seat counts while it is taken', async () => {
    const { directory } = testDirectory([scriptedAdapter('alpha', ['x'])]);
    const seat = await directory.begin('alpha', NEVER);
    expect((await directory.info('alpha')).runningSteps).toBe(1);
    seat.end(true);
    expect((await directory.info('alpha')).runningSteps).toBe(0);
  });

  test('who cannot be used cannot take a step or become the primary', async () => {
    const { directory } = testDirectory([scriptedAdapter('alpha', ['x'])], {
      yaml: 'agents:\n  alpha: {status: planned}\n',
    });
    expect(await directory.canTake('alpha', NEVER)).toMatchObject({
      code: 'agent.not_found',
      hint: expect.stringContaining('planned'),
    });
    expect(() => directory.setPrimary('alpha')).toThrow(expect.objectContaining({ code: 'agent.not_found' }));
    expect(await directory.canTake('nobody', NEVER)).toMatchObject({ code: 'agent.not_found' });
  });
});

const REQUEST: RuleRequest = {
  workflow: {
    riskLevel: 'high',
    requirements: { tools: ['docs'], permissions: [], features: [{ name: 'mcp', level: 'required' }] },
  } satisfies Pick<Workflow, 'riskLevel' | 'requirements'>,
  tools: [
    { name: 'docs', type: 'mcp' },
    { name: 'slack', type: 'mcp' },
  ],
  estimatedCost: 0.5,
  deployment: 'local',
  stats: { beta: { success_rate: 90, avg_cost: 0.01, avg_duration: 3 } },
};

describe('selection', () => {
  const adapters = () => [
    scriptedAdapter('alpha', ['x']),
    scriptedAdapter('beta', ['x']),
    scriptedAdapter('claude-code', ['x'], { capabilities: { ...STRONG, mcpNative: true } }),
    createDemoAdapter(),
  ];
  const choose = async (rules: string, settings: Parameters<typeof testDirectory>[1] = {}) =>
    testDirectory(adapters(), {
      yaml: rules,
      ...settings,
      settings: { selectionStrategy: 'auto', ...settings?.settings },
    }).directory.select(REQUEST);

  test('manual: the primary, or nobody where none is written', async () => {
    const { directory } = testDirectory(adapters());
    expect(await directory.select(REQUEST)).toMatchObject({ agent: 'alpha' });
    expect(
      await testDirectory(adapters(), { settings: { isPrimaryWritten: false } }).directory.select(REQUEST),
    ).toMatchObject({ agent: null });
  });

  test.each([
    'workflow.requires.mcp and claude-code.mcp.native_support',
    'workflow.tools.length > 1',
    'workflow.tools.filter(type=mcp).length == 2',
    "workflow.risk_level == 'high'",
    'workflow.estimated_cost < 1',
    "deployment.type == 'local'",
    'agents.beta.stats.success_rate > 80',
    'claude-code.context_window >= 200000',
    'agents.claude-code.reasoning == "advanced"',
  ])('auto: %s', async (rule) => {
    const yaml = `routing_rules:\n  - if: ${JSON.stringify(rule)}\n    prefer: beta\n`;
    expect(await choose(yaml)).toEqual({ agent: 'beta', reason: `routing_rules: ${rule}`, warnings: [] });
  });

  test.each([
    'workflow.requires.web_search',
    'agents.alpha.stats.avg_cost < 1',
    'workflow.estimated_cost > 1',
    'nobody.streaming',
  ])('auto: %s does not hold, the primary does it', async (rule) => {
    expect(await choose(`routing_rules: [{if: ${JSON.stringify(rule)}, prefer: beta}]`)).toMatchObject({
      agent: 'alpha',
    });
  });

  test('auto_selection goes first, its default last; what cannot be followed is said', async () => {
    const autoSelection = [
      { default: 'beta' },
      { condition: 'true', agent: 'codex' },
      { condition: 'a b', agent: 'beta' },
    ];
    expect(await choose('', { settings: { autoSelection } })).toMatchObject({
      agent: 'beta',
      warnings: [expect.stringContaining("'codex' cannot be used"), expect.stringContaining('agent.auto_selection')],
    });
  });

  test('load_balanced: the healthy one with the fewest running steps, of those that are named, never demo', async () => {
    const { directory } = testDirectory(adapters(), {
      settings: { selectionStrategy: 'load_balanced', fallback: 'beta' },
      yaml: 'agents:\n  demo: {}\n',
    });
    await directory.begin('alpha', NEVER);
    expect(await directory.select(REQUEST)).toMatchObject({ agent: 'beta' });
    await directory.begin('beta', NEVER);
    await directory.begin('beta', NEVER);
    expect(await directory.select(REQUEST)).toMatchObject({ agent: 'alpha' });
    const allSick = testDirectory([scriptedAdapter('alpha', ['x'], sick('agent.not_logged_in'))], {
      settings: { selectionStrategy: 'load_balanced' },
    });
    expect(await allSick.directory.select(REQUEST)).toEqual({
      agent: 'alpha',
      reason: 'the primary agent',
      warnings: ['No agent is healthy.'],
    });
  });
});

describe('the first agent of a project', () => {
  const choose = async (names: readonly string[], bad: readonly string[] = []) => {
    const { clock } = testDirectory([]);
    const adapters = names.map((name) =>
      scriptedAdapter(name, ['x'], bad.includes(name) ? sick('agent.not_logged_in') : {}),
    );
    return chooseFirstAgent(adapters, { timeoutMs: 10_000, clock });
  };

  test('the first healthy of three, else demo, with why', async () => {
    expect(await choose(['ollama', 'opencode', 'claude-code'])).toEqual({ agent: 'claude-code', passedOver: [] });
    expect(await choose(['ollama', 'opencode', 'claude-code'], ['claude-code'])).toEqual({
      agent: 'opencode',
      passedOver: [{ agent: 'claude-code', reason: 'No.' }],
    });
    expect(await choose(['openai'])).toMatchObject({
      agent: 'demo',
      passedOver: [{ reason: 'not installed' }, {}, {}],
    });
  });
});

describe('capabilities.yaml', () => {
  test('every key is read, unknown ones are warnings with a did-you-mean', () => {
    const file = parseCapabilityFile(`
agents:
  mine:
    version: "2.0"
    provider: me
    status: experimental
    capabilities:
      tool_calling: native
      reasoning: advanced
      streaming: false
      code_execution: sandboxed
      file_creation: true
      mcp: {native_support: true, mcp_servers: auto_discovered}
      extended_reasoning: model_dependent
      multi_turn: true
      context_window: 5000
      web_search: via_tools
      artifacts: true
      auth_method: api_keys_only
      oauth_flows: [device]
      supported_models: [{provider: a, models: [x, y]}, {provider: b, models: [z]}]
    strengths: [fast]
    limitations: []
    strenghts: [typo]
routing_rules:
  - {if: "mine.streaming", prefer: mine}
`);
    expect(file.diagnostics).toEqual([
      expect.objectContaining({
        severity: 'warning',
        message: "Unknown key 'agents.mine.strenghts'",
        fix: "Did you mean 'strengths'?",
      }),
    ]);
    expect(file.agents.get('mine')).toMatchObject({
      status: 'experimental',
      models: ['a/x', 'a/y', 'b/z'],
      strengths: ['fast'],
      capabilities: {
        context_window: 5000,
        mcp: { native_support: true },
        web_search: 'via_tools',
        oauth_flows: ['device'],
      },
    });
    expect(file.routingRules).toEqual([{ condition: 'mine.streaming', agent: 'mine' }]);
  });

  test('what is wrong is an error with its line and has its default', () => {
    const file = parseCapabilityFile(
      'agents:\n  a:\n    status: great\n    capabilities: {tool_calling: yes, context_window: big}\nrouting_rules: [{if: 5}]\n',
    );
    expect(file.diagnostics.map((one) => [one.severity, one.line]).toSorted()).toEqual([
      ['error', 3],
      ['error', 4],
      ['error', 4],
      ['error', 5],
    ]);
    expect(parseCapabilityFile('agents: [').diagnostics).toHaveLength(1);
  });

  test('the file may add to what is said, never to what an adapter really has', async () => {
    const yaml = 'agents:\n  alpha:\n    capabilities: {streaming: false, mcp: {native_support: true}}\n';
    const { directory } = testDirectory([scriptedAdapter('alpha', ['x'])], { yaml });
    expect((await directory.info('alpha')).capabilities).toMatchObject({
      streaming: false,
      mcpNative: true,
      reasoning: 'advanced',
    });
    expect(directory.available('alpha').adapter.capabilities.mcpNative).toBe(false);
  });
});
