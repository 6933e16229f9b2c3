import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { waitUntil } from '../support/wait-until.ts';

/** What a person does with schedules: write one, make up for what was left out, see what closing would cost. */
const HOUR = 3_600_000;
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
  project.addWorkflow('report', [['action: workflow.set_outputs', 'inputs: {said: yes}']]);
});
afterEach(() => project.close());

const FILE = '.aiworkflow/triggers/schedules.yaml';
const text = (): string => readFileSync(join(project.path, FILE), 'utf8');

async function arm(trigger: string): Promise<void> {
  const { definitionHash, contentHash } = await project.call('triggers.get', { trigger });
  await project.call('triggers.arm', { trigger, definitionHash, contentHash: contentHash ?? '' });
}

describe('schedules.yaml', () => {
  it('is written with its comments kept, and what it says has to be armed anew', async () => {
    project.write(
      FILE,
      '# of the office\nschedules:\n  # the night\n  - id: nightly\n    workflow_id: report\n    schedule: "0 2 * * *" # at two\n    jitter: 5m\n',
    );
    await arm('nightly');
    const saved = await project.call('schedules.save', {
      id: 'nightly',
      workflow: 'report',
      schedule: '0 3 * * *',
      overlap: 'queue',
    });
    expect(saved).toMatchObject({
      key: 'report/nightly',
      status: 'changed',
      config: { schedule: '0 3 * * *', overlap: 'queue' },
    });
    await project.call('schedules.save', {
      id: 'weekly',
      workflow: 'report',
      schedule: '@weekly',
      timezone: 'Europe/Berlin',
    });
    expect(text()).toBe(
      '# of the office\nschedules:\n  # the night\n  - id: nightly\n    workflow_id: report\n    schedule: "0 3 * * *" # at two\n    overlap: queue\n  - id: weekly\n    workflow_id: report\n    schedule: "@weekly"\n    timezone: Europe/Berlin\n',
    );
    await project.call('schedules.remove', { id: 'nightly' });
    expect((await project.call('triggers.list', {})).triggers.map(({ key }) => key)).toEqual(['report/weekly']);
    await expect(project.call('schedules.remove', { id: 'nightly' })).rejects.toMatchObject({
      code: 'trigger.not_found',
    });
  });

  it('is made when it is not there, and takes nothing that cannot be understood', async () => {
    await project.call('schedules.save', { id: 'a', workflow: 'report', schedule: '@daily' });
    const before = text();
    expect(before).toBe('schedules:\n  - id: a\n    workflow_id: report\n    schedule: "@daily"\n');
    await expect(
      project.call('schedules.save', { id: 'b', workflow: 'report', schedule: '61 * * * *' }),
    ).rejects.toMatchObject({
      code: 'schedule.invalid',
      message: '61 is out of range in the minute field (0-59).',
      details: { key: 'schedule' },
    });
    const refused = async (part: Readonly<Record<string, string | string[]>>, key: string): Promise<void> =>
      expect(
        project.call('schedules.save', { id: 'b', workflow: 'report', schedule: '@daily', ...part }),
      ).rejects.toMatchObject({ code: 'schedule.invalid', details: { key } });
    await refused({ timezone: 'Mars/Base' }, 'timezone');
    await refused({ jitter: 'soon' }, 'jitter');
    await refused({ catchUpWindow: 'long' }, 'catch_up_window');
    await refused({ startsAt: '2026-02-30' }, 'starts_at');
    await refused({ startsAt: '2026-02-02', endsAt: '2026-02-01' }, 'ends_at');
    await refused({ exclude: ['2026-12-25', '2026-02-30'] }, 'exclude');
    await refused({ exclude: ['2026-12-26..2026-12-25'] }, 'exclude');
    await expect(
      project.call('schedules.save', { id: 'b', workflow: 'nobody', schedule: '@daily' }),
    ).rejects.toMatchObject({
      code: 'workflow.not_found',
    });
    expect(text()).toBe(before);
  });
});

describe('the past and the future', () => {
  it('is made up for where somebody asks, once', async () => {
    await project.call('schedules.save', { id: 'h', workflow: 'report', schedule: '0 * * * *', overlap: 'queue_all' });
    await arm('h');
    const until = Date.now();
    const asked = await project.call('schedules.backfill', { trigger: 'h', from: until - 3 * HOUR, until });
    expect(asked.occurrences.map(({ state, reason, evidence }) => [state, reason, evidence.by])).toEqual(
      asked.occurrences.map(() => ['planned', 'backfill', 'tester']),
    );
    expect(asked.occurrences.length).toBeGreaterThanOrEqual(3);
    expect(
      (await project.call('schedules.backfill', { trigger: 'h', from: until - 3 * HOUR, until })).occurrences,
    ).toEqual([]);
    await waitUntil('all starts', async () => {
      await project.call('schedules.run', { trigger: 'h' });
      await project.settled();
      const { occurrences } = await project.call('occurrences.list', { trigger: 'h' });
      return occurrences.every(({ state }) => state === 'caught_up');
    });
    const { occurrences } = await project.call('occurrences.list', { trigger: 'h' });
    expect(new Set(occurrences.map(({ runId }) => runId)).size).toBe(asked.occurrences.length);
    await expect(
      project.call('schedules.backfill', { trigger: 'h', from: until - 200 * HOUR, until }),
    ).rejects.toMatchObject({ code: 'contract.invalid_input' });
  });

  it('is told before the app is closed: what would be missed and what not heard', async () => {
    await project.call('schedules.save', { id: 'h', workflow: 'report', schedule: '0 * * * *' });
    expect(await project.call('triggers.missed', { until: Date.now() + 10 * HOUR })).toEqual({
      starts: [],
      count: 0,
      unheard: [],
    });
    await arm('h');
    const missed = await project.call('triggers.missed', { until: Date.now() + 10 * HOUR });
    expect(missed).toMatchObject({ count: 10, starts: [{ key: 'report/h', count: 10, catchUp: 'last' }], unheard: [] });
  });

  it('is in the tray: what comes next, what runs, what waits, whether all is paused', async () => {
    await project.call('schedules.save', { id: 'h', workflow: 'report', schedule: '0 * * * *' });
    await arm('h');
    const tray = await project.call('app.tray', {});
    expect(tray).toMatchObject({
      next: [{ key: 'report/h', workflowName: 'report' }],
      armed: 1,
      running: [],
      runningCount: 0,
      waiting: { approvals: 0, inDoubt: 0, starts: 0 },
      pausedAll: null,
      failing: [],
      isHosting: false,
    });
    await project.call('triggers.pauseAll', { reason: 'holiday' });
    expect(await project.call('app.tray', {})).toMatchObject({
      next: [],
      pausedAll: { reason: 'holiday', by: 'tester' },
    });
  });

  it('is failing, in the list, on its page and in the tray, once two starts came to nothing, until it is armed anew', async () => {
    const write = (type: string): void =>
      project.addWorkflow('report', [['action: workflow.noop']], ['inputs:', `  day: {type: ${type}, required: true}`]);
    write('integer');
    await project.call('schedules.save', {
      id: 'h',
      workflow: 'report',
      schedule: '0 * * * *',
      inputs: { day: 'monday' },
    });
    await arm('h');
    const look = async (hours: number) => {
      const from = Date.now() - hours * HOUR;
      await project.call('schedules.backfill', { trigger: 'h', from, until: from + HOUR - 1 });
      const { occurrences } = await project.call('schedules.run', { trigger: 'h' });
      await project.settled();
      const [listed] = (await project.call('triggers.list', {})).triggers;
      return {
        states: occurrences.map(({ state }) => state),
        isFailing: [listed?.isFailing, (await project.call('triggers.get', { trigger: 'h' })).isFailing],
        tray: (await project.call('app.tray', {})).failing,
      };
    };
    expect(await look(3)).toEqual({ states: ['failed_to_start'], isFailing: [false, false], tray: [] });
    expect(await look(2)).toMatchObject({ isFailing: [true, true], tray: ['report/h'] });
    write('string');
    await arm('h');
    expect((await project.call('app.tray', {})).failing).toEqual([]);
  });

  it('takes no word on a start that nobody is asked about', async () => {
    await project.call('schedules.save', { id: 'h', workflow: 'report', schedule: '0 * * * *' });
    await expect(
      project.call('occurrences.answer', { trigger: 'report/h', plannedAt: HOUR, run: true }),
    ).rejects.toMatchObject({ code: 'occurrence.not_asking' });
  });
});
