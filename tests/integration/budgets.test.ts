import { afterAll, beforeAll, expect, it } from 'vitest';
import { toE10 } from '../../src/shared/decimal.ts';
import type { BudgetQuestion, CostLimitStatus } from '../../src/shared/model/cost-limit.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** Limits of spending end to end (SPEC §11): a model is asked over HTTP, its calls are held within what may be spent. */
let model: ModelServer;
let world: CliWorld;

const limits = async (...args: readonly string[]) => await world.run('--json', 'costs', 'limits', ...args);
const spentOf = async (name: string): Promise<CostLimitStatus | undefined> =>
  (await limits('list')).json<{ limits: CostLimitStatus[] }>().limits.find((one) => one.name === name);

beforeAll(async () => {
  model = await startModelServer();
  // $0.02001 a call: 32 of them are $0.64032.
  model.script(() => ({ text: 'Done.', usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 0 } }));
  world = await openCliWorld();
  world.write({
    'aiworkflow.yaml': [
      'version: "1.0"',
      'agent:',
      '  primary: openai',
      '  configs:',
      `    openai: {api_base_url: "${model.openAiUrl}", model: dear}`,
    ].join('\n'),
    '.aiworkflow/prices.yaml':
      'prices:\n  - {model: dear, input: "1", output: "4000", valid_from: 2020-01-01, source: contract}\n',
    '.aiworkflow/workflows/many.md': [
      '---',
      'workflow: {id: many, name: many, version: 1.0.0}',
      'execution: {max_concurrent_steps: 32}',
      '---',
      '## Step 1: Ask often',
      '```yaml',
      'for_each: "{{ range(32) | list }}"',
      'concurrency: 32',
      'steps:',
      '  - {id: ask, action: agent.run, inputs: {prompt: "Say that it is done.", max_tokens: 5}}',
      '```',
    ].join('\n'),
  });
});
afterAll(async () => {
  world.dispose();
  await model.close();
});

it('parks a run of 32 branches at a hard limit, keeps it parked over a restart, and lets it go on after a raise', async () => {
  expect((await limits('add', 'hard', '--max', '0.5', '--action', 'pause')).exitCode).toBe(0);
  const parked = await world.run('--json', 'run', 'many');
  expect(parked.exitCode, parked.stdout + parked.stderr).toBe(3);
  const runId = parked.json<{ run_id: string }>().run_id;
  const full = await spentOf('hard');
  expect(toE10(full?.spent ?? '0')).toBeLessThanOrEqual(toE10('0.5'));
  expect(toE10(full?.spent ?? '0')).toBeGreaterThan(toE10('0.4'));
  expect(full?.reserved).toBe('0');

  // Every command is a process of its own: the next one opens the project anew.
  const shown = (await world.run('--json', 'runs', 'show', runId)).json<{ status: string; error: { code: string } }>();
  expect([shown.status, shown.error.code]).toEqual(['paused', 'cost.paused']);

  const { questions } = (await world.run('--json', 'costs', 'questions')).json<{ questions: BudgetQuestion[] }>();
  expect(questions).toMatchObject([{ runId, workflowName: 'many', limit: { name: 'hard' } }]);
  const raised = await world.run('--json', 'costs', 'raise', runId, '--by', '4.5');
  expect(raised.exitCode, raised.stdout + raised.stderr).toBe(0);
  expect(raised.json()).toMatchObject({ limit: { max_cost: '5' }, run: { status: 'completed' } });
  expect((await limits('edit', 'hard', '--max', '6.00')).json()).toMatchObject({ max_cost: '6', waiting_runs: 0 });
  const spent = (await spentOf('hard'))?.spent ?? '0';
  expect(toE10(spent)).toBeGreaterThanOrEqual(toE10('0.64032'));
});
