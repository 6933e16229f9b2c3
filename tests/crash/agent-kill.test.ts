import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentProject } from '../support/agent-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { waitUntil } from '../support/wait-until.ts';

const ENV = { OPENAI_API_KEY: 'sk-test-openai-key' };
const SERVER = new URL('../support/mcp/ledger-server.mjs', import.meta.url).pathname;

let model: ModelServer;
let project: AgentProject;
let ledger: string;

beforeEach(async () => {
  model = await startModelServer();
  project = new AgentProject([
    'agent:',
    '  primary: openai',
    `  configs: {openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o-mini}}`,
  ]);
  ledger = join(project.root, 'ledger.txt');
  project.write(
    '.aiworkflow/tools/registry.yaml',
    'tools: [{name: ledger, implementations: [{type: mcp, config_path: mcp/ledger.yaml}]}]\n',
  );
  const server = { command: process.execPath, args: [SERVER, ledger] };
  project.write('.aiworkflow/tools/mcp/ledger.yaml', `server: ${JSON.stringify(server)}\n`);
});
afterEach(async () => {
  await project.remove();
  await model.close();
});

const posted = (): readonly string[] =>
  existsSync(ledger)
    ? readFileSync(ledger, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
const statusOf = async (client: Awaited<ReturnType<AgentProject['serve']>>, runId: string) => {
  const { run, steps } = await client.call('runs.get', { runId });
  return { run: run.status, steps: steps.map((step) => [step.path, step.status]) };
};

describe('kill -9 of the engine (SPEC §3.8)', () => {
  it('while a model thinks: the step is asked again, by itself', async () => {
    project.addWorkflow('ask', [['action: agent.run', 'inputs: {task: hello}', 'output_variable: a']]);
    model.script([{ hang: true }, { text: 'at last' }]);
    let client = await project.serve(ENV);
    const { runId } = await client.call('runs.start', { workflow: 'ask' });
    await model.waitForQuestion(1);
    await project.kill();
    client = await project.serve(ENV);
    await project.rested(client, runId);
    expect(await statusOf(client, runId)).toEqual({ run: 'completed', steps: [['step_1', 'completed']] });
    expect((await client.call('runs.result', { runId })).final_output).toEqual({ a: 'at last' });
    expect(model.questions()).toHaveLength(2);
    // The call that was lost is paid for too: it is booked once, at what it was held to cost at most, and holds nothing any more.
    const { records } = await client.call('costs.records', { run: runId });
    expect(records.map(({ source, step_name }) => [source, step_name])).toEqual([
      ['computed', 'step_1'],
      ['estimated', 'step_1'],
    ]);
    const [ended, lost] = records.map(({ estimated_cost }) => Number(estimated_cost));
    expect(lost).toBeGreaterThanOrEqual((4096 * 0.6) / 1_000_000);
    expect((await client.call('runs.get', { runId })).run.cost).toMatchObject({ calls: 2 });
    expect(Number((await client.call('costs.summary', { run: runId })).total_cost)).toBeCloseTo(
      (ended ?? 0) + (lost ?? 0),
      10,
    );
    await project.kill();
    client = await project.serve(ENV);
    expect((await client.call('costs.records', { run: runId })).records).toHaveLength(2);
  });

  it('during an MCP call that changes something: nobody repeats it, a person decides', async () => {
    project.addWorkflow('post', [['action: ledger.post', 'inputs: {amount: 5}', 'output_variable: a']]);
    let client = await project.serve(ENV);
    const { runId } = await client.call('runs.start', { workflow: 'post' });
    await waitUntil('the ledger has the amount', () => posted().length === 1);
    await project.kill();
    client = await project.serve(ENV);
    await project.rested(client, runId);
    expect(await statusOf(client, runId)).toEqual({ run: 'in_doubt', steps: [['step_1', 'in_doubt']] });
    await client.call('runs.resolve', { runId, path: 'step_1', as: 'completed', output: 'posted' });
    await project.rested(client, runId);
    expect([(await statusOf(client, runId)).run, posted()]).toEqual(['completed', ['post 5']]);
  });

  it('during an MCP call that only reads: it is read again', async () => {
    project.addWorkflow('read', [['action: ledger.balance', 'output_variable: a']]);
    let client = await project.serve(ENV);
    // What was never listed counts as something that changes things.
    await client.call('tools.refresh', { tool: 'ledger' });
    const { runId } = await client.call('runs.start', { workflow: 'read' });
    await waitUntil('the ledger was asked', () => posted().length === 1);
    await project.kill();
    client = await project.serve(ENV);
    await waitUntil('the ledger was asked again', () => posted().length === 2);
    await client.call('runs.cancel', { runId });
    await project.rested(client, runId);
    expect((await statusOf(client, runId)).run).toBe('cancelled');
  });

  it('during a tool call of an agent that changes something: the agent step stands in doubt', async () => {
    project.addWorkflow(
      'agent-post',
      [['action: agent.run', 'inputs: {task: "Post five"}', 'output_variable: a']],
      ['requirements: {tools: [ledger]}'],
    );
    let client = await project.serve(ENV);
    await client.call('tools.refresh', { tool: 'ledger' });
    model.script(({ toolNames }, n) => {
      const name = toolNames.find((one) => one.includes('post')) ?? '';
      const usage = { inputTokens: 100, outputTokens: 10 };
      return n === 1 ? { toolCalls: [{ name, input: { amount: 5 } }], usage } : { text: 'done', usage };
    });
    const { runId } = await client.call('runs.start', { workflow: 'agent-post' });
    await waitUntil('the ledger has the amount', () => posted().length === 1);
    await project.kill();
    client = await project.serve(ENV);
    await project.rested(client, runId);
    expect(await statusOf(client, runId)).toEqual({
      run: 'in_doubt',
      steps: [
        ['step_1', 'in_doubt'],
        ['step_1.call[0]', 'in_doubt'],
      ],
    });
    expect(posted()).toEqual(['post 5']);
    // What the model had answered before the crash was paid for: 100 x 0.15 and 10 x 0.60 USD a million.
    const { records } = await client.call('costs.records', { run: runId });
    expect(records).toMatchObject([{ token_usage: { input_tokens: 100, output_tokens: 10 }, source: 'computed' }]);
    expect(Number(records[0]?.estimated_cost)).toBe(0.000021);
  });
});
