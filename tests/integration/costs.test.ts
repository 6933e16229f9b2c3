import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { CostRecord, CostSummary } from '../../src/shared/model/cost.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

/** Costs end to end: a model is asked over HTTP, its tokens are priced, stored with the call's end, and read again (SPEC §11). */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let model: ModelServer;
let world: CliWorld;
const runs: Record<string, string> = {};

async function run(name: string, ...args: readonly string[]): Promise<void> {
  const result = await world.run('--json', 'run', name, ...args);
  expect(result.exitCode, result.stdout).toBe(0);
  runs[name] = result.json<{ run_id: string }>().run_id;
}

const summary = async (...args: readonly string[]): Promise<CostSummary> =>
  (await world.run('--json', 'costs', 'summary', ...args)).json<never>();

beforeAll(async () => {
  model = await startModelServer();
  model.script(() => ({ text: 'Done.', usage: { inputTokens: 1000, outputTokens: 500, cachedTokens: 0 } }));
  world = await openCliWorld();
  const ask = ['action: agent.run', 'inputs: {prompt: "Say that it is done."}'];
  world.write({
    'aiworkflow.yaml': [
      'version: "1.0"',
      'agent:',
      '  primary: openai',
      '  configs:',
      `    openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o}`,
      `    ollama: {api_base_url: "${model.url}", model: llama3}`,
    ].join('\n'),
    '.aiworkflow/workflows/ten.md': workflowText(
      'ten',
      Array.from({ length: 10 }, () => ask),
    ),
    '.aiworkflow/workflows/one.md': workflowText('one', [ask]),
  });
  await run('ten');
  await run('one', '--model', 'house-model-7');
  await run('one', '--agent', 'ollama');
});
afterAll(async () => {
  world.dispose();
  await model.close();
});

it('adds up to the last place: ten steps at 1000/500 of gpt-4o are 0.0750 (SPEC §16)', async () => {
  expect(await summary('--run', runs.ten ?? '')).toMatchObject({
    total_cost: '0.075',
    total_requests: 10,
    unpriced_requests: 0,
    total_input_tokens: 10_000,
    total_output_tokens: 5_000,
  });
});

it('counts calls without a price apart and never as 0; what runs at home is 0', async () => {
  const all = await summary();
  expect(all).toMatchObject({ total_cost: '0.075', total_requests: 12, unpriced_requests: 1 });
  expect(all.by_model).toEqual([
    expect.objectContaining({ name: 'gpt-4o', cost: '0.075', requests: 10, unpriced_requests: 0 }),
    expect.objectContaining({ name: 'house-model-7', cost: '0', requests: 1, unpriced_requests: 1 }),
    expect.objectContaining({ name: 'llama3', cost: '0', requests: 1, unpriced_requests: 0 }),
  ]);
  const { records } = (await world.run('--json', 'costs', 'records', '--model', 'house-model-7')).json<{
    records: CostRecord[];
  }>();
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({ estimated_cost: null, agent_name: 'openai', source: 'computed', currency: 'USD' });
});

it('says it in words on the terminal', async () => {
  const shown = await world.run('costs', 'summary', '--by', 'model');
  expect(shown.exitCode).toBe(0);
  expect(shown.stdout).toContain('$0.075 for 12 calls (12000 tokens in, 6000 out)');
  expect(shown.stdout).toContain('1 call unpriced: no price is known for the model, so the sum is too low.');
  expect(shown.stdout).toMatch(/house-model-7\s+unpriced\s+1\b/);
  expect(shown.stdout).not.toMatch(/^AGENT/m);
  const listed = await world.run('costs', 'records', '--limit', '2');
  expect(listed.stdout.trim().split('\n')).toHaveLength(3);
  expect(listed.stdout).toMatch(/ollama\s+llama3\s+1000\s+500\s+\$0\s/);
});

it('takes a price of the project from the next call on', async () => {
  world.write({
    '.aiworkflow/prices.yaml':
      'prices:\n  - {model: house-model, input: "1", output: "2", valid_from: 2020-01-01, source: contract}\n',
  });
  await run('one', '--model', 'house-model-7');
  expect(await summary('--run', runs.one ?? '')).toMatchObject({ total_cost: '0.002', unpriced_requests: 0 });
});

it('filters by time, and refuses what it does not know', async () => {
  expect(await summary('--since', '2999-01-01')).toMatchObject({ total_requests: 0, total_cost: '0' });
  expect((await world.run('costs', 'summary', '--since', '2999-01-01')).stdout).toBe('No model was called.\n');
  expect((await world.run('costs', 'summary', '--by', 'colour')).exitCode).toBe(2);
  expect((await world.run('costs', 'summary', '--since', 'soon')).exitCode).toBe(2);
  expect((await world.run('costs', 'records', '--limit', '0')).exitCode).toBe(2);
});
