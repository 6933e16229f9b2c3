import { renameSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
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
