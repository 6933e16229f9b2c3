import { renameSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { LocalProject } from '../support/local-project.ts';

/** The drive with the open project is lost, as a network drive is, and comes back. */
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject([], { isHost: true });
  project.addWorkflow('report', [['action: workflow.set_outputs', 'inputs: {said: done}']]);
});
afterEach(() => project.close());

const statusOf = async (runId: string) => (await project.call('runs.get', { runId })).run.status;

it('starts nothing and says why while it is away, and goes on by itself when it is back', async () => {
  const before = await project.run('report');
  const away = `${project.path}-away`;
  renameSync(project.path, away);
  await expect(project.call('runs.start', { workflow: 'report', inputs: {} })).rejects.toMatchObject({
    code: expect.stringMatching(/^(file|workflow|project|store)\./),
    message: expect.stringMatching(/./),
  });
  // What is known of it is still told.
  expect((await project.call('runs.list', {})).runs).toMatchObject([{ runId: before, status: 'completed' }]);
  renameSync(away, project.path);
  expect(await statusOf(await project.run('report'))).toBe('completed');
});

it('tells all that is written down of a run while its version is away, and lets it be retried when it is back', async () => {
  project.addWorkflow('mail', [
    ['action: workflow.set', 'inputs: {said: hello}'],
    ['action: workflow.fail', 'inputs: {message: away}'],
    ['action: workflow.noop'],
  ]);
  const runId = await project.run('mail');
  const known = await project.call('runs.get', { runId });
  // What was read once is kept in mind: another start of the app knows nothing of it.
  await project.leave();
  const kept = projectPaths(project.path).archivesDir;
  renameSync(kept, `${kept}-away`);
  const view = await project.call('runs.get', { runId });
  expect(view).toMatchObject({ isVersionAway: true, run: known.run, plan: [], inputs: known.inputs });
  expect(view.steps).toEqual(known.steps.filter(({ status }) => status !== 'pending'));
  const why = { enabled: false, reason: 'The version that it ran from cannot be read now.' };
  expect(view.actions).toMatchObject({ retry: why, resume: why, remove: { enabled: true } });
  expect(await project.call('runs.step', { runId, path: 'step_1' })).toMatchObject({ state: { status: 'completed' } });
  const { step_results: steps } = await project.call('runs.result', { runId });
  expect(steps.map(({ path, status }) => [path, status])).toEqual([
    ['step_1', 'completed'],
    ['step_2', 'failed'],
  ]);
  renameSync(`${kept}-away`, kept);
  expect(await project.call('runs.get', { runId })).toEqual({ ...known, position: view.position });
});
