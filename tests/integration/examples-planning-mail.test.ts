import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { type ExampleWorld, openExample } from '../support/run-example.ts';

/** SPEC §15 `email-triage`, `sprint-planning` and `daily-standup`, with real processes and the demo agent. */
const worlds: ExampleWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

async function open(name: string): Promise<ExampleWorld> {
  const world = await openExample(name);
  worlds.push(world);
  return world;
}

it('email-triage sorts every message, and one that may have no ticket goes on without: compared word for word', async () => {
  const { run, cli } = await open('email-triage');
  const ran = await run('--agent', 'demo');
  expect(ran.exitCode).toBe(1);
  expect(ran.outputs).toEqual({
    processed: 5,
    drafts: 4,
    tickets: 1,
    by_category: { support: 2, billing: 1, spam: 1, sales: 1 },
    report_file: 'triage-report.md',
  });
  expect(ran.result).toMatchObject({ status: 'completed', outcome: 'partial' });
  expect(ran.result.success_conditions.map((one) => one.result)).toEqual(['met', 'met']);
  await expect(ran.file('triage-report.md')).toMatchFileSnapshot('./golden/email-triage.md');
  expect(JSON.parse(ran.file('ticket-01.json'))).toMatchObject({
    number: 'T-01',
    from: expect.stringContaining('Ada'),
  });
  const folder = join(projectPaths(cli.project).runsDir, ran.result.run_id, 'files');
  for (const path of ['mail/support/01.draft.txt', 'mail/support/04.eml', 'mail/spam/03.eml'])
    expect(existsSync(join(folder, path)), path).toBe(true);
  for (const path of ['mail/spam/03.draft.txt', 'ticket-04.json', 'ticket-02.json'])
    expect(existsSync(join(folder, path)), path).toBe(false);
  const whole = await run('--agent', 'demo', '-i', 'blocked_senders=[]');
  expect(whole).toMatchObject({ exitCode: 0, outputs: { tickets: 2 }, result: { outcome: 'success' } });
});

it('sprint-planning chooses what fits and what its items need: compared word for word', async () => {
  const { run } = await open('sprint-planning');
  const ran = await run('--agent', 'demo');
  expect(ran.exitCode).toBe(0);
  expect(ran.outputs).toEqual({
    velocity: 26.3,
    capacity: 22,
    planned: 22,
    items: ['S-1', 'S-2', 'S-4', 'S-5', 'S-7'],
    plan_file: 'plan.md',
  });
  expect(ran.result.success_conditions.map((one) => one.result)).toEqual(['met', 'met']);
  await expect(ran.file('plan.md')).toMatchFileSnapshot('./golden/sprint-planning.md');
  const small = await run('--agent', 'demo', '-i', 'reserve=75');
  expect(small.outputs).toMatchObject({ capacity: 6, planned: 6, items: ['S-4', 'S-7'] });
});

it('daily-standup looks back so many hours and says who was not heard of: compared word for word', async () => {
  const { run, cli } = await open('daily-standup');
  const ran = await run();
  expect(ran.exitCode).toBe(0);
  expect(ran.outputs).toEqual({ people: 4, quiet: ['Margaret'], blocked: 1, post_file: 'channel-team.md' });
  expect(ran.result.success_conditions.map((one) => one.result)).toEqual(['met', 'met']);
  await expect(ran.file('channel-team.md')).toMatchFileSnapshot('./golden/daily-standup.md');
  const longer = await run('-i', 'hours=72');
  expect(longer.outputs).toMatchObject({ quiet: [], blocked: 2 });
  const quiet = await run('-i', 'hours=1');
  expect(quiet.file('standup.md')).toContain('Nothing happened.');
  const listed = (await cli.run('--json', 'schedule', 'list')).json();
  expect(listed).toMatchObject({
    schedules: [{ job: 'daily-standup_1', schedule: '15 9 * * MON-FRI', timezone: 'Europe/Berlin' }],
  });
});
