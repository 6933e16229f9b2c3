import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

// Every command is a process of its own: on a loaded machine that takes its time.
let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
  world.write({
    'aiworkflow.yaml': '# ours\nagent:\n  primary: demo # for now\n',
    'review.md': workflowText('review', [
      [
        'action: agent.analyze',
        'inputs:',
        '  task: Review the change',
        '  data: {findings: [{file: a.js, line: 3, severity: high, message: eval is dangerous}]}',
        '  output_schema:',
        '    type: object',
        '    properties:',
        '      summary: {type: string}',
        '      verdict: {enum: [approve, request_changes, comment]}',
        '    required: [summary, verdict]',
        'output_variable: review',
      ],
      [
        'action: agent.generate',
        'inputs: {data: {verdict: "{{ review.verdict }}"}, template: "Verdict {{ verdict }}"}',
        'output_variable: text',
      ],
    ]),
    'strict.md': workflowText(
      'strict',
      [['action: agent.run', 'inputs: {prompt: hi}']],
      ['compatibility: {agents: [{demo: not_supported}]}'],
    ),
  });
});
afterAll(() => world.dispose());

interface Listed {
  readonly agents: readonly { readonly name: string; readonly status: string; readonly healthy: boolean | null }[];
}

it('lists every agent, and what nobody ran here as planned', async () => {
  const { agents } = (await world.run('--json', 'agent', 'list')).json<Listed & Record<string, unknown>>();
  expect(agents.find((one) => one.name === 'demo')).toMatchObject({ status: 'primary', healthy: null });
  expect(agents.filter((one) => one.status === 'planned').map((one) => one.name)).toEqual([
    'aider',
    'codex',
    'gemini-cli',
    'copilot',
  ]);
});

it('says exit 1 for an agent that nobody has, and where there is no capability file', async () => {
  const unknown = await world.run('agent', 'info', 'dmeo');
  expect([unknown.exitCode, unknown.stderr]).toEqual([1, expect.stringContaining("Did you mean 'demo'?")]);
  const other = join(world.home, 'other');
  expect((await world.runIn(world.home, 'init', other)).exitCode).toBe(0);
  rmSync(join(other, '.aiworkflow', 'agents', 'capabilities.yaml'));
  const none = await world.runIn(other, '--json', 'agent', 'list');
  expect(none.exitCode).toBe(1);
  expect(none.json()).toEqual({ error: 'No agent capabilities file found', suggestion: "Run 'aiworkflow init' first" });
});

it('checks one agent, and fails when that one is not well', async () => {
  const demo = await world.run('--json', 'agent', 'check', 'demo');
  expect([demo.exitCode, demo.json()]).toMatchObject([
    0,
    { agents: [{ name: 'demo', healthy: true, version: '1.0.0' }] },
  ]);
  const openai = await world.run('--json', 'agent', 'check', 'openai');
  expect([openai.exitCode, openai.json()]).toMatchObject([
    1,
    { agents: [{ healthy: false, error: expect.stringContaining('OPENAI_API_KEY') }] },
  ]);
});

it('sets the primary and leaves the rest of the file as it was written', async () => {
  expect((await world.run('--json', 'agent', 'set-primary', 'ollama')).json()).toEqual({ primary: 'ollama' });
  const file = join(world.project, 'aiworkflow.yaml');
  expect(readFileSync(file, 'utf8')).toBe('# ours\nagent:\n  primary: ollama # for now\n');
  expect((await world.run('--json', 'agent', 'list')).json<Listed & Record<string, unknown>>().agents).toContainEqual(
    expect.objectContaining({ name: 'ollama', status: 'primary' }),
  );
  expect((await world.run('agent', 'set-primary', 'demo')).exitCode).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe('# ours\nagent:\n  primary: demo # for now\n');
});

it('says so when the new primary is not installed, in text and in JSON', async () => {
  world.write({
    '.aiworkflow/agents/profiles/house.yaml': 'command: no-such-house-agent\nversion_args: ["--version"]\n',
  });
  const text = await world.run('agent', 'set-primary', 'house');
  expect([text.exitCode, text.stdout]).toEqual([0, 'Agent steps go to house now.\n']);
  expect(text.stderr).toBe('Warning: house is not installed here: steps that go to it will fail.\n');
  expect((await world.run('--json', 'agent', 'set-primary', 'house')).json()).toEqual({
    primary: 'house',
    warnings: ['house is not installed here: steps that go to it will fail.'],
  });
  const demo = await world.run('agent', 'set-primary', 'demo');
  expect([demo.exitCode, demo.stderr]).toEqual([0, '']);
});

it('a run with the demo agent completes offline, costs nothing and says demo', async () => {
  const ran = await world.run('--json', 'run', 'review.md');
  const result = ran.json<{ run_id: string; outputs: Record<string, unknown> }>();
  expect(ran.exitCode).toBe(0);
  expect(result).toMatchObject({
    status: 'completed',
    cost: 0,
    outputs: {
      review: { verdict: 'request_changes', summary: 'demo: Review the change; 1 finding (1 high).' },
      text: 'Verdict request_changes\n\n(demo)\n',
    },
  });
  const log = await world.run('runs', 'log', result.run_id);
  expect(log.stdout).toContain('demo: this answer is made of the step');
  const shown = (await world.run('--json', 'runs', 'show', result.run_id)).stdout;
  expect(shown).toContain('"agent_used":"demo"');
  const stats = (await world.run('--json', 'agent', 'stats', '--since', '1h')).json<{ agents: readonly object[] }>();
  expect(stats.agents).toContainEqual(expect.objectContaining({ name: 'demo', completed: 1, failed: 0 }));
});

it('a workflow whose author rules the agent out is refused before anything runs', async () => {
  const refused = await world.run('--json', 'run', 'strict.md');
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain('Workflow not compatible with agent: demo');
});

describe('agents that fail', () => {
  let model: ModelServer;
  beforeAll(async () => {
    model = await startModelServer();
    world.write({
      'aiworkflow.yaml': [
        'agent:',
        '  primary: openai',
        '  failover: {fallback_agents: [anthropic, house]}',
        `  configs: {openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o-mini}}`,
      ].join('\n'),
      '.aiworkflow/agents/profiles/house.yaml': 'command: no-such-house-agent\nversion_args: ["--version"]\n',
      'ask.md': workflowText('ask', [['action: agent.run', 'max_retries: 0', 'inputs: {prompt: hi}']]),
    });
  });
  afterAll(() => model.close());
  const breakerOf = async (name: string): Promise<unknown> =>
    (await world.run('--json', 'agent', 'info', name)).json<{ breaker: { state: string } } & Record<string, unknown>>()
      .breaker.state;

  it('when nobody is left, the error names each with its reason', async () => {
    model.script(() => ({ status: 500, body: { error: { message: 'broken' } } }));
    const ran = await world.run('--json', 'run', 'ask.md');
    expect(ran.exitCode).toBe(1);
    expect(ran.json().error).toMatch(
      /^Step 'step_1' failed: All agents exhausted for step 'Step 1': openai: .*500.*; anthropic: .*ANTHROPIC_API_KEY is not set.*; house: .*not installed/,
    );
  });

  it('what is not set up opens no breaker: it works at once when it is there', async () => {
    for (const agent of ['anthropic', 'house'])
      for (let count = 0; count < 3; count += 1) await world.run('run', 'ask.md', '--agent', agent);
    expect([await breakerOf('anthropic'), await breakerOf('house')]).toEqual(['closed', 'closed']);
  });

  it('an open breaker is closed by a check that names the agent and finds it well, by no other', async () => {
    for (let count = 0; count < 3; count += 1) await world.run('run', 'ask.md');
    expect(await breakerOf('openai')).toBe('open');
    const refused = await world.run('run', 'ask.md');
    expect(refused.stdout + refused.stderr).toContain('Calls to the agent openai are held back');
    await world.run('agent', 'check');
    expect(await breakerOf('openai')).toBe('open');
    const closed = await world.run('--json', 'agent', 'check', 'openai');
    expect([closed.exitCode, closed.json()]).toMatchObject([0, { agents: [{ healthy: true }], breaker_closed: true }]);
    expect(await breakerOf('openai')).toBe('closed');
    const again = await world.run('agent', 'check', 'openai');
    expect(again.stdout).not.toContain('held back');
  });
});
