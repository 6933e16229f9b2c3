import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { EXAMPLES_DIR } from '../support/paths.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §1.7 `event`: what happens in the product starts runs, once each, whatever was running meanwhile. */
const opened: LocalProject[] = [];
afterEach(async () => {
  for (const project of opened.splice(0)) await project.close();
});

function openProject(): LocalProject {
  const project = new LocalProject([], { isHost: true });
  opened.push(project);
  project.addWorkflow('broken', [['action: workflow.fail', 'inputs: {message: no paper}']]);
  project.addWorkflow('fine', [['action: workflow.noop']]);
  project.addWorkflow(
    'report',
    [['action: workflow.set_outputs', 'inputs: {said: "{{ inputs.what }}"}']],
    [
      'triggers:',
      '  - type: event',
      '    id: failed',
      '    name: run.failed',
      '    match: "workflow_id == \'broken\'"',
      '    inputs: {what: "{{ trigger.payload.workflow_id }}: {{ trigger.payload.error.message }}"}',
      'inputs:',
      '  what: {type: string, required: true}',
    ],
  );
  return project;
}

async function arm(project: LocalProject, trigger: string): Promise<void> {
  const { definitionHash, contentHash } = await project.call('triggers.get', { trigger });
  await project.call('triggers.arm', { trigger, definitionHash, contentHash: contentHash ?? '' });
}

const deliveries = async (project: LocalProject) => (await project.call('deliveries.list', {})).deliveries;

async function reported(project: LocalProject, count: number): Promise<readonly unknown[]> {
  await waitUntil(
    'the delivery',
    async () => (await deliveries(project)).filter(({ state }) => state !== 'received').length >= count,
  );
  await project.settled();
  const { runs } = await project.call('runs.list', { workflow: 'report' });
  return Promise.all(runs.map(async ({ runId }) => (await project.call('runs.get', { runId })).outputs));
}

describe('an event trigger', () => {
  it('starts once after a run that meets its condition, and says what led to it', async () => {
    const project = openProject();
    await arm(project, 'failed');
    await project.run('fine');
    const broken = await project.run('broken');
    expect(await reported(project, 1)).toEqual([{ said: expect.stringMatching(/^broken: .*no paper/) }]);
    const [delivery, ...others] = await deliveries(project);
    expect(others).toEqual([]);
    const detail = await project.call('deliveries.get', { id: delivery?.id ?? '' });
    expect(detail).toMatchObject({
      event: 'run.failed',
      state: 'started',
      chain: [{ runId: broken, workflowId: 'broken' }],
    });
    expect(detail.run).toMatchObject({ trigger: 'event', actor: 'system:event' });
  });

  it('that is not met stands in the inbox with its reason', async () => {
    const project = openProject();
    project.addWorkflow('other', [['action: workflow.fail', 'inputs: {message: x}']]);
    await arm(project, 'failed');
    await project.run('other');
    expect(await reported(project, 1)).toEqual([]);
    expect(await deliveries(project)).toMatchObject([
      { state: 'ignored', reason: expect.stringContaining('condition') },
    ]);
  });

  it('misses nothing that ran while nobody served it, and starts nothing twice', async () => {
    const project = openProject();
    await arm(project, 'failed');
    await project.reopen(false);
    await project.run('broken');
    expect(await deliveries(project)).toEqual([]);
    await project.reopen(true);
    expect(await reported(project, 1)).toHaveLength(1);
    await project.reopen(true);
    await project.run('broken');
    expect(await reported(project, 2)).toHaveLength(2);
    expect(await deliveries(project)).toHaveLength(2);
  });

  it('that starts itself over others is paused with the chain', async () => {
    const project = openProject();
    for (const [id, after] of [
      ['ping', 'pong'],
      ['pong', 'ping'],
    ])
      project.addWorkflow(
        id as string,
        [['action: workflow.noop']],
        ['triggers:', `  - {type: event, id: after-${after}, name: run.completed, match: "workflow_id == '${after}'"}`],
      );
    await arm(project, 'after-ping');
    await arm(project, 'after-pong');
    await project.run('ping');
    await waitUntil(
      'the delivery',
      async () => (await project.call('triggers.get', { trigger: 'after-ping' })).status === 'paused',
    );
    const paused = await Promise.all(
      ['after-ping', 'after-pong'].map((trigger) => project.call('triggers.get', { trigger })),
    );
    expect(paused).toMatchObject([
      { status: 'paused', reason: expect.stringContaining('ping -> pong -> ping') },
      { status: 'paused' },
    ]);
    await project.settled();
    expect((await project.call('runs.list', {})).runs).toHaveLength(2);
    expect((await deliveries(project)).map(({ state }) => state)).toContain('failed');
  });

  it('does not hear of runs that a step started', async () => {
    const project = openProject();
    project.addWorkflow('parent', [['workflow: broken']]);
    await arm(project, 'failed');
    await project.run('parent');
    await waitUntil('the delivery', async () => (await deliveries(project)).length > 0);
    expect(await deliveries(project)).toMatchObject([{ state: 'ignored' }]);
  });
});

it('the example of one is started by a run of the workflow that it names, with what that came to', async () => {
  const project = openProject();
  for (const name of ['pattern-event.md', 'pattern-if.md'])
    project.write(`.aiworkflow/workflows/${name}`, readFileSync(join(EXAMPLES_DIR, 'patterns', name), 'utf8'));
  await arm(project, 'decided');
  await project.run('fine');
  const decided = await project.run('pattern-if', { amount: '4000' });
  await waitUntil('the delivery', async () => (await deliveries(project)).some(({ state }) => state === 'started'));
  await project.settled();
  const { runs } = await project.call('runs.list', { workflow: 'pattern-event' });
  const outputs = await Promise.all(runs.map(async ({ runId }) => (await project.call('runs.get', { runId })).outputs));
  expect(outputs).toEqual([{ line: `${decided}: budget owner decides` }]);
});
