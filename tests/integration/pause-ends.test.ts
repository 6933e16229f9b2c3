import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/core/time/index.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §7.1, "pause all": a pause that was given an end is over then, whoever was there, and the ledger says what it left out. */
const HOUR = 3_600_000;
let shift = 0;
let project: LocalProject;
beforeEach(async () => {
  shift = 0;
  project = new LocalProject([], { isHost: true, clock: { ...systemClock, now: () => systemClock.now() + shift } });
  project.addWorkflow(
    'report',
    [['action: workflow.noop']],
    ['triggers:', '  - {type: schedule, id: hourly, schedule: "@every 1h", catch_up: all}'],
  );
  const { definitionHash, contentHash } = await project.call('triggers.get', { trigger: 'hourly' });
  await project.call('triggers.arm', { trigger: 'hourly', definitionHash, contentHash: contentHash ?? '' });
});
afterEach(() => project.close());

const now = (): number => systemClock.now() + shift;
const rows = async () => {
  await project.settled();
  const { occurrences } = await project.call('occurrences.list', {});
  return occurrences.toReversed();
};
const resumed = async () =>
  (await project.call('audit.query', {})).events.filter(({ action }) => action.startsWith('triggers.resume'));

it('ends by itself while the app is closed: what fell into it is not caught up, what came after it is', async () => {
  const until = now() + 2.5 * HOUR;
  const { pausedAll } = await project.call('triggers.pauseAll', { reason: 'stocktaking', until });
  expect(pausedAll).toMatchObject({ until, reason: 'stocktaking', by: 'tester' });
  const paused = await project.call('triggers.get', { trigger: 'hourly' });
  expect(paused).toMatchObject({ status: 'paused', pause: { until } });
  // The first start after its end, not the next hour.
  expect(paused.nextAt).toBeGreaterThanOrEqual(until);
  expect(paused.nextAt).toBeLessThan(until + HOUR);
  await project.leave();
  shift = 3.2 * HOUR;
  await project.reopen(false);
  // Nobody serves triggers here: it is over all the same.
  expect(await project.call('triggers.list', {})).toMatchObject({ pausedAll: null, triggers: [{ status: 'armed' }] });
  expect((await project.call('app.tray', {})).pausedAll).toBeNull();
  await project.reopen(true);
  // What is caught up is claimed first, and its run begun a moment later.
  await expect
    .poll(async () => (await rows()).map(({ state, reason }) => [state, reason]))
    .toEqual([
      ['skipped_paused', 'all_paused'],
      ['skipped_paused', 'all_paused'],
      ['caught_up', expect.any(String)],
    ]);
  expect((await rows())[0]?.evidence).toMatchObject({ by: 'tester', until, text: 'stocktaking' });
  await project.reopen(true);
  expect(await resumed()).toMatchObject([
    { action: 'triggers.resumeAll', user_id: 'system', details: { after: { paused: false } } },
  ]);
});

it('ends once while the app is open, of one trigger or of all, and wakes up with the computer', async () => {
  await project.call('triggers.pause', { trigger: 'hourly', reason: '', until: now() + 3 * HOUR });
  await project.call('triggers.pauseAll', { reason: '', until: now() + 1.5 * HOUR });
  shift = 2 * HOUR + 1000;
  (await project.center()).woke();
  // That of all is over, its own is not.
  expect(await project.call('triggers.get', { trigger: 'hourly' })).toMatchObject({ status: 'paused' });
  expect((await project.call('triggers.list', {})).pausedAll).toBeNull();
  expect((await rows()).map(({ reason }) => reason)).toEqual(['all_paused', 'paused']);
  shift = 3 * HOUR + 1000;
  const center = await project.center();
  for (let look = 0; look < 3; look += 1) center.woke();
  expect(await project.call('triggers.get', { trigger: 'hourly' })).toMatchObject({ status: 'armed', pause: null });
  expect((await resumed()).map(({ action, resource_id }) => [action, resource_id])).toEqual([
    ['triggers.resume', 'report/hourly'],
    ['triggers.resumeAll', ''],
  ]);
});

it('that a person ends early is ended by nobody else; an end that has passed is refused', async () => {
  await project.call('triggers.pauseAll', { reason: '', until: now() + HOUR });
  await project.call('triggers.resumeAll', {});
  shift = 2 * HOUR;
  (await project.center()).woke();
  expect((await resumed()).map(({ user_id }) => user_id)).not.toContain('system');
  await expect(project.call('triggers.pauseAll', { reason: '', until: now() - 1 })).rejects.toMatchObject({
    code: 'contract.invalid_input',
  });
});
