import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §7: what cannot be is typed and told where it stands, and nothing beside it is lost. */
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject([], { isHost: true });
});
afterEach(() => project.close());

const flow = (id: string, schedule: string): void =>
  project.addWorkflow(
    id,
    [['action: workflow.set_outputs', 'inputs: {said: yes}']],
    ['triggers:', `  - {type: schedule, id: tick, overlap: allow, ${schedule}}`],
  );

async function arm(trigger: string): Promise<void> {
  const { definitionHash, contentHash } = await project.call('triggers.get', { trigger });
  await project.call('triggers.arm', { trigger, definitionHash, contentHash: contentHash ?? '' });
}

const rowsOf = async (trigger: string) => (await project.call('occurrences.list', { trigger })).occurrences;
const starts = async (trigger: string) => (await rowsOf(trigger)).filter(({ runId }) => runId !== null).length;
const list = async () => project.call('triggers.list', {});

describe('a schedule that cannot be', () => {
  const WRONG = [
    ['61 * * * *', 'UTC', '61 is out of range in the minute field (0-59)'],
    ['@hourly', 'Mars/Base', "Unknown time zone 'Mars/Base'"],
    ['0 0 30 2 *', 'UTC', 'never'],
  ] as const;

  it.each(WRONG)('%s in %s in a workflow is told, and the one beside it goes on', async (schedule, zone, message) => {
    flow('wrong', `schedule: "${schedule}", timezone: ${zone}`);
    flow('right', 'schedule: "@every 1s"');
    expect(await project.call('triggers.get', { trigger: 'wrong/tick' })).toMatchObject({
      ...{ status: 'not_armed', nextAt: null, contentHash: null },
      problem: expect.stringContaining(message),
    });
    await arm('right/tick');
    await waitUntil('a start beside it', async () => (await starts('right/tick')) >= 1);
  });

  it.each(WRONG)(
    '%s in %s in schedules.yaml is told, and the one beside it goes on',
    async (schedule, zone, message) => {
      project.addWorkflow('report', [['action: workflow.set_outputs', 'inputs: {said: yes}']]);
      project.write(
        '.aiworkflow/triggers/schedules.yaml',
        `schedules:\n  - {id: wrong, workflow_id: report, schedule: "${schedule}", timezone: ${zone}}\n  - {id: right, workflow_id: report, schedule: "@every 1s"}\n`,
      );
      const { triggers, problems } = await list();
      const told = triggers.find(({ id }) => id === 'wrong');
      expect(JSON.stringify([problems, told])).toContain(message);
      await arm('report/right');
      await waitUntil('a start beside it', async () => (await starts('report/right')) >= 1);
    },
  );

  it.each(WRONG)('%s in %s cannot be saved', async (schedule, timezone, message) => {
    project.addWorkflow('report', [['action: workflow.set_outputs', 'inputs: {said: yes}']]);
    const saved = project.call('schedules.save', { id: 'x', workflow: 'report', schedule, timezone });
    await expect(saved).rejects.toMatchObject({
      code: expect.stringMatching(/^schedule\./),
      message: expect.stringContaining(message),
    });
    expect((await list()).triggers).toEqual([]);
  });
});

describe('a workflow', () => {
  it('whose id another file has starts nothing by itself, and is named', async () => {
    flow('report', 'schedule: "@every 1s"');
    const text = readFileSync(join(project.path, '.aiworkflow/workflows/report.md'), 'utf8');
    project.write('.aiworkflow/workflows/second.md', text);
    const { triggers, problems } = await list();
    expect(triggers.map(({ key, workflowPath }) => [key, workflowPath])).toEqual([
      ['report/tick', '.aiworkflow/workflows/report.md'],
    ]);
    expect(problems).toMatchObject([
      {
        code: 'workflow.duplicate_id',
        file: '.aiworkflow/workflows/second.md',
        message: expect.stringContaining('already used by .aiworkflow/workflows/report.md'),
      },
    ]);
    rmSync(join(project.path, '.aiworkflow/workflows/second.md'));
    expect((await list()).problems).toEqual([]);
  });

  it('that is switched off starts nothing, says why, and goes on from where it is switched on again', async () => {
    flow('report', 'schedule: "@every 1s"');
    await arm('report/tick');
    await waitUntil('a start', async () => (await starts('report/tick')) >= 1);
    await project.call('triggers.disableWorkflow', { workflow: 'report' });
    await project.settled();
    expect(await project.call('triggers.get', { trigger: 'report/tick' })).toMatchObject({
      status: 'off',
      reason: 'The workflow is switched off.',
    });
    await expect(project.call('triggers.runNow', { trigger: 'report/tick' })).rejects.toMatchObject({
      code: 'trigger.not_armed',
    });
    expect((await rowsOf('report/tick')).filter(({ state }) => state === 'planned' || state === 'claimed')).toEqual([]);
    const before = await starts('report/tick');
    await project.call('triggers.enableWorkflow', { workflow: 'report' });
    await waitUntil('a start after it', async () => (await starts('report/tick')) > before);
  });
});

describe('a folder', () => {
  it('of trigger files that is a file is told, and the triggers of workflows go on', async () => {
    flow('report', 'schedule: "@every 1s"');
    rmSync(join(project.path, '.aiworkflow/triggers'), { recursive: true, force: true });
    project.write('.aiworkflow/triggers', 'no folder');
    const { triggers, problems } = await list();
    expect(triggers.map(({ key }) => key)).toEqual(['report/tick']);
    expect(problems.map(({ code, file }) => [code, file])).toEqual(
      ['schedules', 'watches', 'webhooks'].map((name) => ['file.io', `.aiworkflow/triggers/${name}.yaml`]),
    );
  });

  it('that is watched and replaced by a file is not there, and nothing in it is taken for deleted', async () => {
    project.write('inbox/a.txt', 'a');
    project.addWorkflow(
      'watch',
      [['action: workflow.set_outputs', 'inputs: {said: yes}']],
      [
        'triggers:',
        '  - {type: file, id: inbox, path: inbox, debounce_seconds: 0.1, events: [created, modified, deleted]}',
      ],
    );
    await arm('watch/inbox');
    const watch = async () => (await project.call('watches.list', {})).watches[0];
    await waitUntil('it watches', async () => (await watch())?.status === 'watching');
    await project.settled();
    const before = (await project.call('deliveries.list', {})).deliveries.length;
    rmSync(join(project.path, 'inbox'), { recursive: true });
    project.write('inbox', 'a file now');
    await waitUntil('it is not there', async () => (await watch())?.status === 'unavailable');
    expect(await project.call('triggers.get', { trigger: 'watch/inbox' })).toMatchObject({ status: 'unavailable' });
    expect((await project.call('deliveries.list', {})).deliveries).toHaveLength(before);
    rmSync(join(project.path, 'inbox'));
    project.write('inbox/a.txt', 'a');
    project.write('inbox/b.txt', 'b');
    await waitUntil('it goes on', async () => {
      const { deliveries } = await project.call('deliveries.list', {});
      return deliveries.some(({ title }) => title === 'b.txt');
    });
    expect((await project.call('deliveries.list', {})).deliveries.some(({ event }) => event === 'deleted')).toBe(false);
  });
});
