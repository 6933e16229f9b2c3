import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { connectToHolder, findAppFolders } from '../../src/server/index.ts';
import { osUserName } from '../../src/server/os-user.ts';
import { bundleText } from '../support/gated-project.ts';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §13 `schedule`: exit codes and the one JSON value of each. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
});
afterAll(() => world.dispose());

async function json(words: readonly string[], code = 0): Promise<Record<string, unknown>> {
  const result = await world.run('--json', 'schedule', ...words);
  expect(result.exitCode, result.stderr + result.stdout).toBe(code);
  return result.json();
}

describe('schedule', () => {
  it('list of none is no error, run of none is one', async () => {
    expect(await json(['list'])).toEqual({ schedules: [], count: 0, paused_all: null });
    expect(await json(['run'], 1)).toMatchObject({ error: 'No schedules found' });
    expect(await json(['start'], 1)).toMatchObject({ error: 'No schedules found' });
    expect(await json(['info', 'nobody'], 1)).toMatchObject({ code: 'trigger.not_found' });
  });

  it('enable shows and arms, pause and resume switch, run starts what was left out, disable ends it', async () => {
    expect((await world.run('init', '--force', '--example', 'patterns')).exitCode).toBe(0);
    const job = 'pattern-schedule/weekdays';
    const listed = await json(['list']);
    expect(listed).toMatchObject({
      count: 1,
      schedules: [
        {
          id: job,
          job: 'pattern-schedule_1',
          workflow_id: 'pattern-schedule',
          schedule: '0 9 * * MON-FRI',
          timezone: 'Europe/Berlin',
          enabled: false,
          status: 'not_armed',
          last_run: null,
          next_run: null,
          run_count: 0,
        },
      ],
    });
    const enabled = await json(['enable', 'weekdays']);
    expect(enabled).toMatchObject({ id: job, enabled: true, status: 'armed' });
    expect(enabled.next).toHaveLength(20);
    expect(enabled.checks).toContainEqual({ name: 'people', level: 'fine', detail: 'No step asks anybody.' });
    expect(await json(['pause', job, '--reason', 'holiday'])).toMatchObject({ status: 'paused', reason: 'holiday' });
    expect(await json(['resume', job])).toMatchObject({ status: 'armed' });
    expect(await json(['pause'])).toEqual({ paused: 'all', reason: '' });
    expect(await json(['list'])).toMatchObject({ paused_all: { reason: '' } });
    expect(await json(['resume'])).toEqual({ resumed: 'all' });
    expect(await json(['run'])).toMatchObject({ schedules: 1 });
    // 9:00 in Berlin of a Thursday.
    const run = await json(['run', '--job', job, '--at', '2026-01-22T08:00:00Z']);
    expect(run).toMatchObject({
      count: 1,
      occurrences: [{ job, planned_at: '2026-01-22T08:00:00.000Z', state: 'caught_up', reason: 'backfill' }],
    });
    expect(await json(['run', '--job', job, '--at', '2026-01-22T08:00:00Z'], 1)).toMatchObject({ count: 0 });
    const info = await json(['info', job]);
    expect(info).toMatchObject({ run_count: 1, last_status: 'completed' });
    expect(info.occurrences).toHaveLength(1);
    expect(await json(['disable', job])).toMatchObject({ enabled: false, status: 'off' });
    expect(await json(['run', '--job', job], 1)).toMatchObject({ code: 'trigger.not_armed' });
    expect((await world.run('schedule', 'run', '--at', 'x')).exitCode).toBe(2);
  });

  it('start says at Ctrl-C what ending it leaves out, and what is missed afterwards says who ended it', async () => {
    const file = join(world.project, '.aiworkflow', 'workflows', 'hourly.md');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      bundleText('hourly', {
        name: 'Hourly',
        frontmatter: ['triggers:', '  - {type: schedule, id: hourly, schedule: "0 * * * *"}'],
        steps: [['action: workflow.set_outputs', 'inputs: {said: "done"}']],
      }),
    );
    await json(['enable', 'hourly']);
    const host = world.start('schedule', 'start');
    await host.says('served until Ctrl-C');
    host.child.kill('SIGINT');
    const { exitCode, stderr } = await host.ended;
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/Would be missed until .+: \d+ starts?\./);
    const next = world.start('schedule', 'start');
    await next.says('served until Ctrl-C');
    const holder = await connectToHolder(projectPaths(world.project).stateDir, findAppFolders().version);
    if (holder === null) throw new Error('nobody holds the project');
    const until = Date.now() + 60_000;
    const { periods } = await holder.call('triggers.calendar', { from: until - 86_400_000, until });
    expect(periods.findLast(({ kind }) => kind === 'closed')?.quitBy).toBe(osUserName());
    // The one before has ended; this one goes on.
    expect(periods.slice(-3).map(({ kind, until: end }) => [kind, end === null])).toEqual([
      ['on', false],
      ['closed', false],
      ['on', true],
    ]);
    holder.close();
    next.child.kill('SIGTERM');
    await next.ended;
    rmSync(file);
  });

  it('start leaves a process behind that serves all triggers; a second one is told of it', async () => {
    const { pid, started } = await json(['start', '--daemon']);
    try {
      expect(started).toBe(true);
      expect(await json(['start'])).toEqual({ started: false, pid });
      expect((await world.run('--json', 'runs', 'list')).exitCode).toBe(0);
    } finally {
      process.kill(Number(pid), 'SIGTERM');
    }
    await waitUntil('the host has ended', () => !isAlive(Number(pid)));
    // The lease is free again: this one holds the project itself.
    expect(await json(['list'])).toMatchObject({ count: 1 });
  });
});
