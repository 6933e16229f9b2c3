import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';

/** What a run will cost, before it is started (SPEC §11 "Estimator", §16). */
let model: ModelServer;
let project: LocalProject;
let outputTokens = 500;
beforeAll(async () => {
  model = await startModelServer();
  model.script(() => ({ text: 'Done.', usage: { inputTokens: 1000, outputTokens, cachedTokens: 0 } }));
});
afterAll(() => model.close());
beforeEach(() => {
  project = new LocalProject(
    [`agent: {primary: openai, configs: {openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o}}}`],
    { isHost: true },
  );
});
afterEach(() => project.close());

const ASK = ['action: agent.run', 'inputs: {prompt: "Say that it is done."}'];
const estimate = (workflow: string, more = {}) => project.call('costs.estimate', { workflow, ...more });

it('is of the steps as they are written where nothing has happened yet, and asks nobody', async () => {
  project.addWorkflow(
    'ten',
    Array.from({ length: 10 }, () => ASK),
  );
  expect(await estimate('ten')).toEqual({
    ...{ low: '0.075', typical: '0.075', high: '0.075', workflow_id: 'ten', model: null },
    ...{ calls: { low: 10, high: 10 }, is_open: false, based_on: 'plan', runs: 0, unpriced_models: [] },
  });
  expect(
    (await project.call('costs.compare', { workflow: 'ten', models: ['gpt-4o-mini', 'nobody-9', 'claude-sonnet-4'] }))
      .models,
  ).toEqual({
    'gpt-4o-mini': '0.0045',
    'nobody-9': null,
    'claude-sonnet-4': '0.105',
  });
  expect(await estimate('ten', { model: 'nobody-9' })).toMatchObject({ low: null, unpriced_models: ['nobody-9'] });
  expect(model.questions()).toHaveLength(0);
});

it('is a range where conditions leave calls out and loops repeat them', async () => {
  const inside = 'steps: [{id: ask, action: agent.run, inputs: {prompt: hello}}]';
  project.addWorkflow(
    'blocks',
    [
      ASK,
      [...ASK, 'condition: inputs.more'],
      ['for_each: [1, 2, 3]', inside],
      ['for_each: "{{ inputs.list }}"', inside.replace('id: ask', 'id: two')],
    ],
    ['inputs: [{name: more, type: boolean, default: false}, {name: list, type: array, default: []}]'],
  );
  // One, perhaps one, three, and as many as there are items: $0.0075 each.
  expect(await estimate('blocks')).toMatchObject({
    ...{ calls: { low: 4, high: 15 }, low: '0.03', high: '0.1125', is_open: true, based_on: 'plan' },
  });
});

it('is of the past once there is one: each model at the tokens that runs took, agents by what came of their runs', async () => {
  project.addWorkflow('one', [ASK]);
  for (const tokens of [500, 1000, 1500]) {
    outputTokens = tokens;
    await project.run('one');
  }
  outputTokens = 500;
  expect(await estimate('one')).toMatchObject({
    ...{ low: '0.0075', typical: '0.0125', high: '0.0175', based_on: 'history', runs: 3, calls: { low: 1, high: 1 } },
  });
  const compared = await project.call('costs.compare', { workflow: 'one' });
  expect(compared).toMatchObject({
    models: { 'gpt-4o': '0.0125' },
    agents: [{ agent: 'openai', runs: 3, completed: 3, cost: '0.0375', cost_per_completed: '0.0125' }],
  });
  expect((await estimate('one', { model: 'gpt-4o-mini' })).typical).toBe('0.00075');
});
