import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FailureCause } from '../../src/shared/contract/index.ts';
import { LocalProject } from '../support/local-project.ts';

/** Failures that wait for somebody: grouped by a stored fingerprint, taken note of, begun again, closed by a later success. */
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.close());

const fail = (message: string): readonly string[] => ['action: workflow.fail', `inputs: {message: "${message}"}`];

async function runs(...ids: readonly string[]): Promise<readonly string[]> {
  const started: string[] = [];
  for (const id of ids) {
    started.push(await project.run(id));
    await project.settled();
  }
  return started;
}

const causes = async (): Promise<readonly FailureCause[]> => (await project.call('failures.list', { since: 0 })).causes;
const shown = async (): Promise<readonly unknown[]> =>
  (await causes()).map(({ workflows, runs: of }) => [workflows.map((one) => `${one.name} ${one.runs}`), of.length]);

it('groups failures that say the same but for their numbers, over workflows and restarts', async () => {
  project.addWorkflow('invoices', [fail("The mail server 10.0.0.1 refuses 'ann'")]);
  project.addWorkflow('mails', [fail("The mail server 10.0.0.2 refuses 'bob'")]);
  project.addWorkflow('disk', [fail('The disk is full')]);
  await runs('invoices', 'disk', 'mails', 'invoices');
  const before = await causes();
  expect(await shown()).toEqual([
    [['invoices 2', 'mails 1'], 3],
    [['disk 1'], 1],
  ]);
  await project.reopen();
  expect((await causes()).map(({ fingerprint }) => fingerprint)).toEqual(before.map(({ fingerprint }) => fingerprint));
});

it('takes note of a cause until it fails once more, and takes the note back', async () => {
  project.addWorkflow('disk', [fail('The disk is full')]);
  await runs('disk', 'disk');
  const [cause] = await causes();
  const { fingerprint = '', newestAt = 0 } = cause ?? {};
  await project.call('failures.acknowledge', { fingerprint, newestAt });
  expect(await shown()).toEqual([]);
  await project.reopen();
  expect(await shown()).toEqual([]);
  await project.call('failures.reopen', { fingerprint });
  expect(await shown()).toEqual([[['disk 2'], 2]]);
  await project.call('failures.acknowledge', { fingerprint, newestAt });
  await runs('disk');
  expect(await shown()).toEqual([[['disk 1'], 1]]);
  await expect(project.call('failures.acknowledge', { fingerprint: '0'.repeat(32), newestAt })).rejects.toMatchObject({
    code: 'run.not_found',
  });
});

it('leaves out what was begun again: what became of that stands for it', async () => {
  project.addWorkflow('disk', [fail('The disk is full')]);
  const [first = ''] = await runs('disk');
  const { runId } = await project.call('runs.retry', { runId: first });
  await project.settled();
  expect((await causes())[0]?.runs.map((one) => one.runId)).toEqual([runId]);
});
