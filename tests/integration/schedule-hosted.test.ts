import { afterEach, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §7.1 in the app itself: what is armed starts by itself, with the right of whoever armed it. */
let project: LocalProject;
afterEach(() => project.close());

it('starts an armed schedule by itself, with its inputs, and says when the next one comes', async () => {
  project = new LocalProject(['scheduler: {overlap: allow}'], { isHost: true });
  project.addWorkflow(
    'report',
    [['action: workflow.set_outputs', 'inputs: {said: "{{ inputs.day }}"}']],
    [
      'triggers:',
      '  - {type: schedule, id: tick, schedule: "@every 1s", inputs: {day: "{{ trigger.planned_at }}"}}',
      'inputs:',
      '  day: {type: string, required: true}',
    ],
  );
  const { definitionHash, contentHash } = await project.call('triggers.get', { trigger: 'tick' });
  await project.call('triggers.arm', { trigger: 'tick', definitionHash, contentHash: contentHash ?? '' });
  const started = async () => (await project.call('occurrences.list', { states: ['started'] })).occurrences;
  await waitUntil('two starts', async () => (await started()).length >= 2);
  const [row] = (await started()).slice(-1);
  await project.call('triggers.disarm', { trigger: 'tick' });
  await project.settled();
  const run = await project.call('runs.get', { runId: row?.runId ?? '' });
  expect(run.outputs).toEqual({ said: new Date(row?.plannedAt ?? 0).toISOString() });
  expect(run.run).toMatchObject({ trigger: 'schedule', actor: 'system:schedule' });
  expect(await project.call('triggers.get', { trigger: 'tick' })).toMatchObject({ status: 'off', nextAt: null });
});
