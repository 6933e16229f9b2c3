import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';

/** A mended price books calls anew that have ended: previewed, audited, in every sum (SPEC §11). */
let model: ModelServer;
let project: LocalProject;
beforeAll(async () => {
  model = await startModelServer();
  model.script(() => ({ text: 'Done.', usage: { inputTokens: 1000, outputTokens: 500, cachedTokens: 0 } }));
});
afterAll(() => model.close());
beforeEach(() => {
  project = new LocalProject(
    [`agent: {primary: openai, configs: {openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o}}}`],
    { isHost: true },
  );
  const ask = ['action: agent.run', 'inputs: {prompt: "Say that it is done."}'];
  project.addWorkflow('two', [ask, ask]);
  project.addWorkflow('own', [[...ask, 'model: house-model-7']]);
});
afterEach(() => project.close());

const row = (name: string, price: string): string =>
  `  - {model: ${name}, input: "${price}", output: "${price}", valid_from: 2020-01-01, source: contract}\n`;
const costOf = async (runId: string) => (await project.call('runs.get', { runId })).run.cost;

it('shows what would change, does exactly that, and every sum follows, of a deleted run too', async () => {
  const [kept, deleted, own] = [await project.run('two'), await project.run('two'), await project.run('own')];
  await project.call('runs.delete', { runId: deleted });
  expect(await project.call('costs.planReprice', {})).toMatchObject({ calls: 0, difference: '0', by_model: [] });

  project.write('.aiworkflow/prices.yaml', `prices:\n${row('gpt-4o', '1')}${row('house-model-7', '10')}`);
  const plan = await project.call('costs.planReprice', {});
  expect(plan).toMatchObject({
    ...{ calls: 5, runs: 3, before: '0.03', after: '0.021', difference: '-0.009', newly_priced: 1, newly_unpriced: 0 },
    by_model: [
      { name: 'gpt-4o', calls: 4, difference: '-0.024' },
      { name: 'house-model-7', calls: 1, difference: '0.015' },
    ],
  });
  expect((await costOf(kept)).usd).toBe('0.015');
  await expect(project.call('costs.reprice', { hash: 'another' })).rejects.toMatchObject({
    code: 'cost.question_changed',
  });

  await project.call('costs.reprice', { hash: plan.hash });
  expect(await costOf(kept)).toEqual({ usd: '0.003', calls: 2, unpricedCalls: 0 });
  expect(await costOf(own)).toEqual({ usd: '0.015', calls: 1, unpricedCalls: 0 });
  expect((await project.call('costs.planReprice', {})).calls).toBe(0);
  expect(await project.call('costs.summary', {})).toMatchObject({ total_cost: '0.021', unpriced_requests: 0 });

  await project.reopen();
  expect((await costOf(kept)).usd).toBe('0.003');
  const { runs } = await project.call('runs.list', { workflow: 'two' });
  expect(runs.map(({ cost }) => cost.usd)).toEqual(['0.003']);
  const { events } = await project.call('audit.query', { eventType: 'config.changed', limit: 10 });
  expect(
    events.filter(
      ({ action, success, details }) => action === 'costs.reprice' && success && details.phase === 'outcome',
    ),
  ).toHaveLength(1);
});
