import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentProject } from '../support/agent-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';

const ENV = { OPENAI_API_KEY: 'sk-test-openai-key', ANTHROPIC_API_KEY: 'sk-test-anthropic-key' };

let first: ModelServer;
let second: ModelServer;
let project: AgentProject;

beforeEach(async () => {
  [first, second] = await Promise.all([startModelServer(), startModelServer()]);
  project = new AgentProject([
    'agent:',
    '  primary: openai',
    '  failover: {fallback_agents: [anthropic]}',
    '  configs:',
    `    openai: {api_base_url: "${first.openAiUrl}", model: gpt-4o-mini}`,
    `    anthropic: {api_base_url: "${second.url}", model: claude-sonnet-4-20250514}`,
  ]);
  project.addWorkflow('ask', [
    ['action: agent.run', 'inputs: {task: "Say something"}', 'max_retries: 0', 'output_variable: a'],
    ['action: agent.run', 'inputs: {task: "And again"}', 'output_variable: b'],
  ]);
});
afterEach(async () => {
  await project.remove();
  await Promise.all([first.close(), second.close()]);
});

describe('the primary dies in the middle of a step', () => {
  it('the second finishes the run; event, cost, result and breaker agree', async () => {
    first.script([{ text: 'I begin to say something long', cut: 2 }]);
    second.script([
      { text: 'Said by the second', usage: { inputTokens: 1000, outputTokens: 500 } },
      { text: 'Said again', usage: { inputTokens: 1000, outputTokens: 500 } },
    ]);
    const client = await project.serve(ENV);
    const runId = await project.run(client, 'ask');
    const result = await client.call('runs.result', { runId });
    expect(result.status).toBe('completed');
    expect(result.final_output).toEqual({ a: 'Said by the second', b: 'Said again' });
    expect(result.failovers).toMatchObject([
      { from_agent: 'openai', to_agent: 'anthropic', reason: 'step_execution_failed', step_index: 0 },
    ]);
    expect(result.step_results.map((step) => step.metadata)).toMatchObject([
      { agent_used: 'anthropic', agents_tried: ['openai', 'anthropic'], model: 'claude-sonnet-4-20250514' },
      { agent_used: 'anthropic', agents_tried: ['anthropic'] },
    ]);
    // claude-sonnet-4: 1000 in and 500 out are 0.0105 (SPEC §16), twice; the call that was cut counts too, with what is known of it.
    const { records } = await client.call('costs.records', { run: runId });
    expect(records.map((one) => [one.agent_name, one.step_name])).toEqual([
      ['anthropic', 'step_2'],
      ['anthropic', 'step_1'],
      ['openai', 'step_1'],
    ]);
    expect(records.slice(0, 2).map((one) => [one.estimated_cost, one.source])).toEqual([
      ['0.0105', 'computed'],
      ['0.0105', 'computed'],
    ]);
    const { run } = await client.call('runs.get', { runId });
    const summary = await client.call('costs.summary', { run: runId });
    expect([run.cost.usd, run.cost.calls]).toEqual([summary.total_cost, 3]);
    expect(result.cost).toBe(Number(run.cost.usd));
    const { agents } = await client.call('agents.list', {});
    expect(agents.find((one) => one.name === 'openai')?.breaker).toMatchObject({ state: 'closed', failures: 1 });
    const { entries } = await client.call('runs.conversation', { runId });
    const notes = entries.flatMap(({ item }) => (item.kind === 'note' ? [item.text] : []));
    expect(notes).toContain("Failing over from 'openai' to 'anthropic'");
  });

  it('after three such steps its breaker is open, stays so over a restart, and nobody asks it', async () => {
    first.script(() => ({ status: 500, body: { error: { message: 'broken' } } }));
    let client = await project.serve(ENV);
    for (let count = 0; count < 3; count += 1) await project.run(client, 'ask');
    await project.stop();
    client = await project.serve(ENV);
    const { agents } = await client.call('agents.list', {});
    expect(agents.find((one) => one.name === 'openai')?.breaker.state).toBe('open');
    const asked = first.questions().length;
    const runId = await project.run(client, 'ask');
    const result = await client.call('runs.result', { runId });
    expect([result.status, result.failovers[0]?.reason]).toEqual(['completed', 'circuit_breaker_open']);
    expect(first.questions()).toHaveLength(asked);
    await client.call('agents.resetBreaker', { name: 'openai' });
    const again = await client.call('agents.info', { name: 'openai' });
    expect(again.breaker.state).toBe('closed');
  });
});
