import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** SPEC §13: what `workflow create` makes can be run as it stands by an agent that has what it requires. */
let model: ModelServer;
let world: CliWorld;
beforeAll(async () => {
  model = await startModelServer();
  world = await openCliWorld();
  const configs = `    openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o}`;
  world.write({
    'aiworkflow.yaml': ['version: "1.0"', 'agent:', '  primary: openai', '  configs:', configs].join('\n'),
  });
});
afterAll(async () => {
  world.dispose();
  await model.close();
});

it.each([
  ['basic', 1],
  ['multi-step', 3],
])('%s runs to its end', async (template, steps) => {
  const made = await world.run('workflow', 'create', `My ${template}`, '--template', template);
  expect(made.exitCode, made.stderr).toBe(0);
  const ran = await world.run('--json', 'run', `my-${template}`);
  expect(ran.json()).toMatchObject({ success: true, outcome: 'success', steps_succeeded: steps, steps_total: steps });
});

it.each(['loop', 'approval', 'webhook'])('%s needs no agent, is valid and runs as it stands', async (template) => {
  await world.run('workflow', 'create', `Plain ${template}`, '--template', template);
  const file = `.aiworkflow/workflows/plain-${template}.md`;
  expect((await world.run('--json', 'workflow', 'validate', '--strict', file)).json()).toMatchObject({
    ...{ valid: true, errors: [], warnings: [] },
  });
  const ran = await world.run('--json', 'run', `plain-${template}`, '--agent', 'demo');
  expect(ran.exitCode, ran.stdout).toBe(template === 'approval' ? 3 : 0);
  if (template === 'loop')
    expect(ran.json()).toMatchObject({ outputs: { lines: ['Handled one', 'Handled two', 'Handled three'] } });
});

it('with the demo agent it runs too: that one stands in for any', async () => {
  await world.run('workflow', 'create', 'For whom', '--template', 'basic');
  const ran = await world.run('--json', 'run', 'for-whom', '--agent', 'demo');
  expect(ran.json()).toMatchObject({ success: true, outcome: 'success' });
});

it('with an agent that lacks what it requires, the start says so in words', async () => {
  const text = [
    '---',
    'workflow: {id: seeing, name: Seeing}',
    'requirements: {features: [{web_search: required}]}',
    '---',
    '## Step 1: Look',
    '```yaml',
    'action: agent.run',
    'task: Look around',
    '```',
  ];
  world.write({ '.aiworkflow/workflows/seeing.md': text.join('\n') });
  const refused = await world.run('--json', 'run', 'seeing', '--agent', 'openai');
  expect(refused.exitCode).toBe(1);
  expect(refused.json()).toMatchObject({ code: 'agent.incompatible', error: expect.stringContaining('web_search') });
});
