import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';

/** `run --plan` (SPEC §13): a run that would leave its plan rests before it does, and a person goes on or stops. */

const DESK = `tools:
  - name: desk
    description: A desk
    category: system
    implementations: [{type: custom, adapter_path: custom/desk.mjs}]
`;
const project = new LocalProject();
beforeAll(() => {
  project.write('.aiworkflow/tools/registry.yaml', DESK);
  project.write('.aiworkflow/tools/custom/desk.mjs', 'export const add = ({ a }) => ({ sum: a + 1 });\n');
  project.addWorkflow(
    'pick',
    [
      // Only the run knows the instant, and so the name of the tool.
      ['action: workflow.set', `inputs: {does: "{{ 'desk.add' if now else '' }}"}`],
      ['action: "{{ does }}"', 'inputs: {a: "{{ inputs.a }}"}', 'output_variable: sum'],
      ['action: workflow.set_outputs', 'inputs: {sum: "{{ sum.sum }}"}'],
    ],
    ['inputs:', '  - {name: a, type: integer, default: 1}'],
  );
  project.addWorkflow('calls', [['workflow: pick', 'inputs: {a: 3}', 'output_variable: child']]);
});
afterAll(() => project.close());

const hashOf = async (workflow: string): Promise<string> =>
  (await project.call('runs.plan', { workflow, inputs: {} })).hash;
const stateOf = async (runId: string) => (await project.call('runs.get', { runId })).run;

async function follow(workflow: string): Promise<string> {
  const { runId } = await project.call('runs.start', { workflow, inputs: {}, plan: await hashOf(workflow) });
  await project.settled();
  return runId;
}

describe('a run that follows a plan', () => {
  let runId = '';
  beforeEach(async () => {
    runId = await follow('pick');
  });

  it('rests before a tool that the plan does not name, and begins nothing of it', async () => {
    expect(await stateOf(runId)).toMatchObject({
      status: 'paused',
      error: { code: 'run.left_plan', details: { path: 'step_2', action: 'desk.add' } },
    });
    const { events } = await project.call('runs.events', { runId });
    expect(events.map(({ event }) => ('path' in event ? event.path : ''))).not.toContain('step_2');
    const { runs } = await project.call('runs.list', { needsPerson: true });
    expect(runs.map((run) => run.runId)).toContain(runId);
  });

  it('goes on when a person lets it, also after the app was closed meanwhile', async () => {
    await project.reopen();
    await project.call('runs.resume', { runId });
    await project.settled();
    expect(await project.call('runs.result', { runId })).toMatchObject({
      status: 'completed',
      final_output: { sum: 2 },
    });
  });

  it('ends when a person stops it', async () => {
    await project.call('runs.cancel', { runId });
    await project.settled();
    expect(await stateOf(runId)).toMatchObject({ status: 'cancelled' });
  });
});

it('holds the runs of sub-workflows to their part of the plan', async () => {
  const runId = await follow('calls');
  const { runs } = await project.call('runs.list', { workflow: 'pick' });
  const child = runs.find((run) => run.parentRunId === runId);
  expect(child).toMatchObject({ status: 'paused', error: { code: 'run.left_plan' } });
  await project.call('runs.resume', { runId: child?.runId ?? '' });
  await project.settled();
  expect(await stateOf(runId)).toMatchObject({ status: 'completed' });
});

it('refuses a plan of other inputs, another workflow or an older version before anything is written', async () => {
  const before = (await project.call('runs.counts', {})).total;
  const plan = await hashOf('pick');
  const refused = { code: 'run.other_plan' };
  await expect(project.call('runs.start', { workflow: 'pick', inputs: { a: 2 }, plan })).rejects.toMatchObject(refused);
  await expect(project.call('runs.start', { workflow: 'calls', inputs: {}, plan })).rejects.toMatchObject(refused);
  await expect(project.call('runs.start', { workflow: 'pick', inputs: {}, plan: 'plan' })).rejects.toMatchObject({
    code: 'contract.invalid_input',
  });
  expect((await project.call('runs.counts', {})).total).toBe(before);
});

describe('calls of an agent', () => {
  const asked = { toolCalls: [{ name: 'desk__add', input: { a: 1, path: 'letters/ann.txt' } }] };
  let model: ModelServer;
  let agents: LocalProject;
  beforeAll(async () => {
    model = await startModelServer();
    agents = new LocalProject([
      'agent:',
      '  primary: openai',
      '  configs:',
      `    openai: {api_base_url: "${model.openAiUrl}"}`,
    ]);
    agents.write('.aiworkflow/tools/registry.yaml', DESK);
    agents.write('.aiworkflow/tools/custom/desk.mjs', 'export const add = ({ a, path }) => ({ sum: a + 1, path });\n');
    const requires = ['requirements: {tools: [desk]}'];
    agents.addWorkflow('asks', [['action: agent.run', 'prompt: Add one', 'output_variable: said']], requires);
    const named = ['action: agent.run', 'prompt: Add one', 'permissions: {read: [letters], enforce: best_effort}'];
    agents.addWorkflow('named', [named], requires);
  });
  afterAll(async () => {
    await agents.close();
    await model.close();
  });
  beforeEach(() => {
    model.reset();
    model.script([asked, { text: 'Two' }, asked, { text: 'Two' }]);
  });

  const started = async (workflow: string): Promise<string> => {
    const { hash: plan } = await agents.call('runs.plan', { workflow, inputs: {} });
    const { runId } = await agents.call('runs.start', { workflow, inputs: {}, plan });
    await agents.settled();
    return runId;
  };
  const runOf = async (runId: string) => (await agents.call('runs.get', { runId })).run;

  it('that the plan does not name park the run before they are made, and a person lets the step go on', async () => {
    const runId = await started('asks');
    expect(await runOf(runId)).toMatchObject({
      status: 'paused',
      error: {
        code: 'run.left_plan',
        message: expect.stringContaining("does not name the file 'letters/ann.txt'"),
        details: { path: 'step_1', action: 'desk.add' },
      },
    });
    const { events } = await agents.call('runs.events', { runId });
    expect(events.map(({ event }) => ('path' in event ? event.path : ''))).not.toContain('step_1.call[0]');
    model.reset();
    model.script([asked, { text: 'Two' }]);
    await agents.call('runs.resume', { runId });
    await agents.settled();
    expect(await runOf(runId)).toMatchObject({ status: 'completed' });
  });

  it('that it names are made', async () => {
    const runId = await started('named');
    expect(await runOf(runId)).toMatchObject({ status: 'completed' });
    const { steps } = await agents.call('runs.get', { runId });
    expect(steps.map(({ path, status }) => [path, status])).toContainEqual(['step_1.call[0]', 'completed']);
  });
});
