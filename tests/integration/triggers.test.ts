import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §7: nothing is armed until a person arms it, and what was armed is what starts. */
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.close());

const SCHEDULE = [
  'triggers:',
  '  - {type: schedule, id: nightly, schedule: "0 2 * * *", inputs: {day: "{{ trigger.type }}"}}',
];
const flow = (message: string, triggers: readonly string[] = SCHEDULE): void =>
  project.addWorkflow(
    'report',
    [['action: workflow.set_outputs', 'inputs:', `  said: "${message} {{ inputs.day }}"`]],
    [...triggers, 'inputs:', '  day: {type: string, default: today}'],
  );

async function arm(trigger = 'nightly'): Promise<void> {
  const { definitionHash, contentHash } = await project.call('triggers.get', { trigger });
  await project.call('triggers.arm', { trigger, definitionHash, contentHash: contentHash ?? '' });
}

const statusOf = async (trigger = 'nightly') => (await project.call('triggers.get', { trigger })).status;

async function runNow(): Promise<unknown> {
  const { runId } = await project.call('triggers.runNow', { trigger: 'report/nightly' });
  const followed = await project.call('runs.get', { runId });
  await project.settled();
  return followed === null ? null : (await project.call('runs.get', { runId })).outputs;
}

describe('arming', () => {
  it("is a person's act, found under key, id and place", async () => {
    flow('one');
    const { triggers, isHosting } = await project.call('triggers.list', {});
    expect(triggers).toMatchObject([{ key: 'report/nightly', alias: 'report_1', status: 'not_armed', armed: null }]);
    expect(isHosting).toBe(false);
    await expect(project.call('triggers.runNow', { trigger: 'nightly' })).rejects.toMatchObject({
      code: 'trigger.not_armed',
    });
    await arm('report_1');
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({
      status: 'armed',
      armed: { by: 'tester', versionLabel: '1.0.0' },
      isNewer: false,
    });
    expect(await runNow()).toEqual({ said: 'one schedule' });
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({ runCount: 1 });
  });

  it('by somebody who is switched off later: it is listed and paused, with the reason', async () => {
    flow('one');
    await project.call('users.create', { username: 'bob', roles: ['admin'] });
    const { secret } = await project.call('tokens.create', { username: 'bob', name: 'arming', permissions: ['*'] });
    const { definitionHash, contentHash } = await project.call('triggers.get', { trigger: 'nightly' });
    const armed = await (await project.center()).call(
      'triggers.arm',
      { trigger: 'nightly', definitionHash, contentHash },
      { kind: 'user', id: 'tester', door: 'socket', credential: secret },
    );
    expect(armed).toMatchObject({ ok: true, value: { status: 'armed', armed: { by: 'bob' } } });
    await project.call('users.setActive', { username: 'bob', isActive: false });
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({
      status: 'paused',
      reason: 'User bob, who armed it, is disabled or removed: somebody else has to arm it.',
    });
    await project.call('users.setActive', { username: 'bob', isActive: true });
    expect(await statusOf()).toBe('armed');
    await project.call('users.remove', { username: 'bob' });
    expect(await statusOf()).toBe('paused');
    await arm();
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({
      status: 'armed',
      armed: { by: 'tester' },
    });
  });

  it('arms only what was shown', async () => {
    flow('one');
    const { definitionHash, contentHash } = await project.call('triggers.get', { trigger: 'nightly' });
    flow('two');
    await expect(
      project.call('triggers.arm', { trigger: 'nightly', definitionHash, contentHash: contentHash ?? '' }),
    ).rejects.toMatchObject({ code: 'trigger.changed' });
    expect(await statusOf()).toBe('not_armed');
  });

  it('goes on with the armed version when the workflow is changed, until it is armed anew', async () => {
    flow('one');
    await arm();
    flow('two');
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({
      status: 'armed',
      isNewer: true,
    });
    expect(await runNow()).toEqual({ said: 'one schedule' });
    await arm();
    expect(await runNow()).toEqual({ said: 'two schedule' });
  });

  it('goes on with what the armed version calls, until it is armed anew', async () => {
    const child = (said: string): void =>
      project.addWorkflow('child', [['action: workflow.set_outputs', `inputs: {said: ${said}}`]]);
    project.addWorkflow(
      'report',
      [
        ['id: call', 'workflow: child', 'output_variable: got'],
        ['action: workflow.set_outputs', 'inputs: {said: "{{ got.said }}"}'],
      ],
      SCHEDULE.map((line) => line.replace(', inputs: {day: "{{ trigger.type }}"}', '')),
    );
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({
      contentHash: null,
      problem: expect.stringContaining('child'),
    });
    child('one');
    await arm();
    expect(await runNow()).toEqual({ said: 'one' });
    child('two');
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({
      status: 'armed',
      isNewer: true,
    });
    expect(await runNow()).toEqual({ said: 'one' });
    await project.reopen();
    rmSync(join(project.path, '.aiworkflow/workflows/child.md'));
    expect(await runNow()).toEqual({ said: 'one' });
    child('two');
    await arm();
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({ isNewer: false });
    expect(await runNow()).toEqual({ said: 'two' });
  });

  it.each([
    ['latest', 'two schedule'],
    ['pin', 'one schedule'],
  ])('anew of one trigger, with version_policy %s: the other one then starts what says %s', async (policy, said) => {
    const both = ['nightly', 'weekly'].map(
      (id) => `  - {type: schedule, id: ${id}, schedule: "0 2 * * *", inputs: {day: "{{ trigger.type }}"}}`,
    );
    const write = (message: string): void => flow(message, [`version_policy: ${policy}`, 'triggers:', ...both]);
    write('one');
    await arm('nightly');
    await arm('weekly');
    write('two');
    await arm('weekly');
    await project.reopen();
    expect(await runNow()).toEqual({ said });
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({
      status: 'armed',
      isNewer: policy === 'pin',
    });
    await arm('nightly');
    expect(await runNow()).toEqual({ said: 'two schedule' });
  });

  it('does not hold for another definition', async () => {
    flow('one');
    await arm();
    flow('one', ['triggers:', '  - {type: schedule, id: nightly, schedule: "* * * * *"}']);
    expect(await statusOf()).toBe('changed');
    await expect(project.call('triggers.runNow', { trigger: 'nightly' })).rejects.toMatchObject({
      code: 'trigger.not_armed',
    });
  });

  it('lies outside the project: a copy of the folder has it not', async () => {
    flow('one');
    await arm();
    await project.reopen();
    expect(await statusOf()).toBe('armed');
    const armed = join(project.root, 'user', 'trust');
    expect(
      readdirSync(armed)
        .map((name) => readFileSync(join(armed, name), 'utf8'))
        .join(),
    ).toContain('report/nightly');
    const copy = new LocalProject();
    await project.reopen();
    cpSync(project.path, copy.path, { recursive: true });
    expect((await copy.call('triggers.get', { trigger: 'nightly' })).status).toBe('not_armed');
    await copy.close();
  });

  it('is switched by trigger, by workflow and for all, each without touching the others', async () => {
    flow('one');
    await arm();
    await project.call('triggers.pauseAll', { reason: 'ledger closed' });
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({
      status: 'paused',
      reason: 'ledger closed',
    });
    await project.call('triggers.resumeAll', {});
    expect(await statusOf()).toBe('armed');
    await project.call('triggers.disableWorkflow', { workflow: 'report' });
    expect(await statusOf()).toBe('off');
    await project.call('triggers.enableWorkflow', { workflow: 'report' });
    expect(await statusOf()).toBe('armed');
    await project.call('triggers.disarm', { trigger: 'nightly' });
    expect(await statusOf()).toBe('off');
  });
});

describe('a new version under progressive rollout', () => {
  it('is taken by triggers after one successful run by hand, the one before goes on until then', async () => {
    const gradual = new LocalProject(['features: {progressive_rollout: enabled}'], { isHost: true });
    const write = (said: string): void =>
      gradual.addWorkflow(
        'after',
        [['action: workflow.set_outputs', `inputs: {said: ${said}}`]],
        ['triggers:', '  - {type: event, id: done, name: run.completed, match: "workflow_id == \'first\'"}'],
      );
    const armed = async (): Promise<void> => {
      const { definitionHash, contentHash } = await gradual.call('triggers.get', { trigger: 'done' });
      await gradual.call('triggers.arm', { trigger: 'done', definitionHash, contentHash: contentHash ?? '' });
    };
    const started = async (count: number) => {
      await gradual.run('first');
      await waitUntil(
        'the delivery',
        async () =>
          (await gradual.call('deliveries.list', { states: ['started', 'failed'] })).deliveries.length === count,
      );
      await gradual.settled();
      const [newest] = (await gradual.call('deliveries.list', {})).deliveries.filter(
        ({ state }) => state !== 'ignored',
      );
      return newest?.runId == null ? newest?.reason : (await gradual.call('runs.get', { runId: newest.runId })).outputs;
    };
    try {
      gradual.addWorkflow('first', [['action: workflow.noop']]);
      write('one');
      await armed();
      expect(await started(1)).toContain('no run by hand has succeeded yet');
      await gradual.run('after');
      expect(await started(2)).toEqual({ said: 'one' });
      write('two');
      await armed();
      expect(await started(3)).toEqual({ said: 'one' });
      await gradual.run('after');
      expect(await started(4)).toEqual({ said: 'two' });
    } finally {
      await gradual.close();
    }
  });
});

describe('what is written wrong', () => {
  it('is named with its place and hides nothing else', async () => {
    flow('one', [
      'triggers:',
      '  - {type: schedule, id: a, schedule: "0 2 * * *"}',
      '  - {type: schedule, id: a, schedule: "0 3 * * *"}',
    ]);
    project.write(
      '.aiworkflow/triggers/schedules.yaml',
      'schedules:\n  - {id: x, workflow_id: nobody, schedule: "@daily"}\n  - {id: y, workflow_id: report, schedule: "@hourly"}\n  - {id: z, schedule: "@daily"}\n',
    );
    const { triggers, problems } = await project.call('triggers.list', {});
    expect(triggers.map(({ key }) => key)).toEqual(['report/a', 'report/y']);
    expect(problems.map(({ code, file, line }) => [code, file, line])).toEqual([
      ['trigger.duplicate_id', '.aiworkflow/workflows/report.md', undefined],
      ['workflow.invalid_trigger', '.aiworkflow/triggers/schedules.yaml', 4],
      ['workflow.not_found', '.aiworkflow/triggers/schedules.yaml', 2],
    ]);
  });
});

describe('a project that closes while its triggers are read', () => {
  it('tells whoever asked that it closed, and breaks nothing', async () => {
    const host = new LocalProject([], { isHost: true });
    for (let at = 0; at < 100; at += 1) host.addWorkflow(`flow_${at}`, [['action: workflow.noop']], SCHEDULE);
    const said = vi.spyOn(process.stderr, 'write');
    try {
      const center = await host.center();
      const asked = Array.from({ length: 20 }, () =>
        center.call('triggers.list', {}, { kind: 'user', id: 'tester', door: 'cli' }),
      );
      await center.close();
      for (const answer of await Promise.all(asked))
        if (!answer.ok) expect(answer.error).toMatchObject({ code: 'engine.stopped' });
      expect(said.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('internal error'))).toEqual(
        [],
      );
    } finally {
      said.mockRestore();
      await host.close();
    }
  });
});
