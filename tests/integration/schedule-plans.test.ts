import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutputOf } from '../../src/shared/contract/index.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §7.1: what is planned is told before it happens, in both zones, and what would stop it. */
const at = (text: string): number => Date.parse(text);

let project: LocalProject;
beforeEach(() => {
  project = new LocalProject(['scheduler: {timezone: Europe/Berlin}']);
});
afterEach(() => project.close());

const flow = (
  trigger: string,
  steps: readonly (readonly string[])[] = [['action: workflow.set_outputs', 'inputs: {said: "{{ inputs.day }}"}']],
): void =>
  project.addWorkflow('report', steps, [
    'triggers:',
    `  - {type: schedule, id: nightly, ${trigger}}`,
    'inputs:',
    '  day: {type: string, required: true}',
  ]);

async function arm(): Promise<void> {
  const { definitionHash, contentHash } = await project.call('triggers.get', { trigger: 'nightly' });
  await project.call('triggers.arm', { trigger: 'nightly', definitionHash, contentHash: contentHash ?? '' });
}

describe('what a schedule will do', () => {
  it('is told in both zones with the changes of their clocks', async () => {
    const { fires, timezone, otherTimezone } = await project.call('schedules.foresee', {
      schedule: '0 9 * * 4',
      timezone: 'UTC',
      from: at('2026-03-20T00:00:00Z'),
      count: 2,
    });
    expect([timezone, otherTimezone]).toEqual(['UTC', 'Europe/Berlin']);
    expect(fires).toEqual([
      {
        at: at('2026-03-26T09:00:00Z'),
        shown: '2026-03-26T09:00',
        otherShown: '2026-03-26T10:00',
        changes: [],
        isExcluded: false,
      },
      {
        at: at('2026-04-02T09:00:00Z'),
        shown: '2026-04-02T09:00',
        otherShown: '2026-04-02T11:00',
        changes: [{ zone: 'Europe/Berlin', at: at('2026-03-29T01:00:00Z'), movedMs: 3_600_000 }],
        isExcluded: false,
      },
    ]);
  });

  it('is in the zone of the settings where it says none, and says which days its own calendar leaves out', async () => {
    flow('schedule: "0 2 * * *", exclude: ["2026-12-25..2026-12-26"]');
    const { fires, timezone } = await project.call('schedules.foresee', {
      trigger: 'nightly',
      from: at('2026-12-23T12:00:00Z'),
      count: 4,
    });
    expect(timezone).toBe('Europe/Berlin');
    expect(fires.map(({ shown, isExcluded }) => [shown, isExcluded])).toEqual([
      ['2026-12-24T02:00', false],
      ['2026-12-25T02:00', true],
      ['2026-12-26T02:00', true],
      ['2026-12-27T02:00', false],
    ]);
  });

  it('is told by seconds where it does not come at full minutes', async () => {
    const { fires } = await project.call('schedules.foresee', {
      schedule: '@every 45s',
      timezone: 'UTC',
      otherTimezone: 'UTC',
      count: 2,
    });
    expect(fires).toHaveLength(2);
    for (const fire of fires) expect(fire.shown).toBe(new Date(fire.at).toISOString().slice(0, 19));
  });

  it('refuses what is no schedule and no zone', async () => {
    await expect(project.call('schedules.foresee', { schedule: '61 * * * *' })).rejects.toMatchObject({
      code: 'schedule.invalid',
    });
    await expect(
      project.call('schedules.foresee', { schedule: '@daily', timezone: 'Mars/Base' }),
    ).rejects.toMatchObject({
      code: 'schedule.unknown_zone',
      details: { key: 'timezone' },
    });
    await expect(
      project.call('schedules.foresee', { schedule: '@daily', exclude: ['2026-12-26..2026-12-25'] }),
    ).rejects.toMatchObject({ code: 'schedule.invalid', details: { key: 'exclude', item: 0 } });
  });
});

describe('what would stop a run with nobody there', () => {
  const levels = async () =>
    Object.fromEntries(
      (await project.call('schedules.foresee', { trigger: 'nightly' })).checks.map(({ name, level }) => [name, level]),
    );

  it('is a missing input, a missing arming and a step that asks a person', async () => {
    flow('schedule: "0 2 * * *"', [
      ['approval: {title: Go on?}'],
      ['action: workflow.set_outputs', 'inputs: {said: yes}'],
    ]);
    expect(await levels()).toEqual({
      armed: 'stops',
      version: 'fine',
      inputs: 'stops',
      tools: 'fine',
      agent: 'fine',
      secrets: 'fine',
      people: 'watch',
      steps: 'fine',
      limits: 'fine',
      computer: 'watch',
    });
  });

  it('is nothing for an armed one that has all it needs', async () => {
    flow('schedule: "0 2 * * *", inputs: {day: "{{ trigger.planned_at }}"}');
    await arm();
    expect(await levels()).toMatchObject({
      armed: 'fine',
      version: 'fine',
      inputs: 'fine',
      tools: 'fine',
      people: 'fine',
    });
    expect((await project.call('triggers.unready', {})).unready).toEqual([]);
  });

  it('is what its plan says: a secret that is not there, a step that fails, a question that nobody answers in time', async () => {
    flow('schedule: "0 2 * * *", inputs: {day: x}', [
      ['id: ask', 'approval: {title: "Pay for {{ inputs.day }}?", expires_in: 2h}'],
      ['action: workflow.write_file', 'inputs: {path: out.txt, content: "{{ secrets.NOWHERE }}"}'],
      ['id: sum', 'action: workflow.log', 'inputs: {message: "{{ 1 / 0 }}"}'],
    ]);
    const { checks } = await project.call('schedules.foresee', { trigger: 'nightly' });
    expect(checks).toEqual(
      expect.arrayContaining([
        {
          ...{ name: 'secrets', level: 'stops', detail: 'The secret NOWHERE is not there.' },
          choice: { to: 'secrets', name: 'NOWHERE' },
        },
        expect.objectContaining({
          ...{ name: 'people', level: 'watch' },
          detail: 'It asks at ask: Pay for x, and fails when nobody answers within 2 h.',
        }),
        expect.objectContaining({ name: 'steps', level: 'stops', choice: { to: 'workflow', name: null } }),
      ]),
    );
  });

  it('is looked at again once it is armed: what stops it then is found without asking for it', async () => {
    flow('schedule: "0 2 * * *", inputs: {day: x}', [
      ['action: workflow.write_file', 'inputs: {path: out.txt, content: "{{ secrets.NOWHERE }}"}'],
    ]);
    await arm();
    expect((await project.call('triggers.unready', {})).unready).toEqual([
      {
        ...{ triggerKey: 'report/nightly', workflowId: 'report' },
        check: expect.objectContaining({ name: 'secrets', level: 'stops' }),
      },
    ]);
  });

  it('is looked at for every kind of trigger, page by page', async () => {
    const wrong = ['action: workflow.write_file', 'inputs: {path: out.txt, content: "{{ secrets.NOWHERE }}"}'];
    const kinds = ['file, path: drop', 'webhook, path: /in', 'event, name: run.completed'];
    const triggers = kinds.map((kind, at) => `  - {id: kind${at}, type: ${kind}}`);
    project.addWorkflow('watched', [wrong], ['triggers:', ...triggers]);
    const many = Array.from({ length: 30 }, (_, at) => `  - {id: at${at}, type: schedule, schedule: "${at} 3 * * *"}`);
    project.addWorkflow('zealous', [wrong], ['triggers:', ...many]);
    for (const workflow of ['watched', 'zealous']) await project.call('triggers.enableWorkflow', { workflow });
    const keys: string[] = [];
    const pages: number[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: OutputOf<'triggers.unready'> = await project.call('triggers.unready', { after });
      keys.push(...page.unready.map(({ triggerKey }) => triggerKey));
      pages.push(page.unready.length);
      after = page.next;
    }
    expect(keys.filter((key) => key.startsWith('watched/'))).toEqual([
      'watched/kind0',
      'watched/kind1',
      'watched/kind2',
    ]);
    expect(keys.filter((key) => key.startsWith('zealous/'))).toHaveLength(30);
    expect(Math.max(...pages)).toBe(25);
    for (const workflow of ['watched', 'zealous']) await project.call('triggers.disableWorkflow', { workflow });
  });
});

describe('the calendar', () => {
  it('has the plan of armed schedules, grouped, and nothing for those that are not armed', async () => {
    flow('schedule: "*/5 * * * *", inputs: {day: x}');
    const from = Date.now();
    const until = from + 7 * 86_400_000;
    expect((await project.call('triggers.calendar', { from, until })).rows).toEqual([
      { key: 'report/nightly', kind: 'schedule', spans: [], isCut: false },
    ]);
    await arm();
    const { rows } = await project.call('triggers.calendar', { from, until });
    const spans = rows[0]?.spans ?? [];
    expect(spans.length).toBeGreaterThan(300);
    expect(spans.length).toBeLessThan(410);
    expect(spans.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(2015);
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({ nextAt: spans[0]?.from });
  });

  it('marks a start by its run as it is now: it waits, and was cancelled later', async () => {
    flow('schedule: "0 * * * *", inputs: {day: x}', [
      ['wait: 30d'],
      ['action: workflow.set_outputs', 'inputs: {said: yes}'],
    ]);
    await arm();
    const until = Date.now();
    const from = until - 3_600_000;
    const { occurrences } = await project.call('schedules.backfill', { trigger: 'nightly', from: from + 1, until });
    expect(occurrences).toHaveLength(1);
    const marks = async (): Promise<readonly string[]> => {
      const { rows } = await project.call('triggers.calendar', { from, until });
      return (rows[0]?.spans ?? []).map(({ mark }) => mark);
    };
    await project.call('schedules.run', { trigger: 'nightly' });
    await expect.poll(marks).toEqual(['waiting']);
    expect(await project.call('occurrences.counts', { from })).toEqual({ caught_up: 1 });
    expect(await project.call('occurrences.counts', { from: until, trigger: 'nightly' })).toEqual({});
    const [{ runId } = { runId: null }] = (await project.call('occurrences.list', { trigger: 'nightly' })).occurrences;
    await project.call('runs.cancel', { runId: runId ?? '' });
    await expect.poll(marks).toEqual(['cancelled']);
  });

  it('is no longer than 400 days', async () => {
    await expect(project.call('triggers.calendar', { from: 0, until: 401 * 86_400_000 })).rejects.toMatchObject({
      code: 'contract.invalid_input',
    });
  });

  it('is told of one that is only being written, by its workflow and its inputs', async () => {
    flow('schedule: "0 2 * * *", starts_at: "2026-12-24"');
    const draft = { workflow: 'report', schedule: '0 3 * * *', from: at('2026-12-01T00:00:00Z'), count: 1 };
    const checksOf = async (inputs: Readonly<Record<string, string>>) => {
      const { checks } = await project.call('schedules.foresee', { ...draft, inputs });
      return Object.fromEntries(checks.map(({ name, level }) => [name, level]));
    };
    expect(await checksOf({})).toEqual({
      version: 'fine',
      inputs: 'stops',
      tools: 'fine',
      agent: 'fine',
      secrets: 'fine',
      people: 'fine',
      steps: 'fine',
      limits: 'fine',
      computer: 'watch',
    });
    expect((await checksOf({ day: '{{ trigger.planned_at }}' })).inputs).toBe('fine');
    const { fires } = await project.call('schedules.foresee', { ...draft, trigger: 'nightly' });
    expect(fires.map(({ shown }) => shown)).toEqual(['2026-12-01T03:00']);
    await expect(project.call('schedules.foresee', { ...draft, workflow: 'nobody' })).rejects.toMatchObject({
      code: 'workflow.not_found',
    });
  });
});
