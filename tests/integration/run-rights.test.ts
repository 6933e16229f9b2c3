import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §12.1: a run goes on with the rights of whoever started it. */
let project: LocalProject;
let sent: string;
beforeEach(() => {
  project = new LocalProject();
  sent = join(project.root, 'sent');
  const folder = '.aiworkflow/bundles/letter';
  project.write(`${folder}/config.yaml`, 'name: letter\n');
  project.write(`${folder}/tools/mail.sh`, `#!/usr/bin/env bash\ntouch '${sent}'\necho '{}'\n`);
  const steps = [['approval: Send it?'], ['id: send', 'action: mail.send']];
  project.write(`${folder}/workflow.md`, bundleText('letter', { name: 'letter', steps }));
});
afterEach(() => project.close());

it('who may not use tools starts no workflow that does', async () => {
  await project.call('roles.create', { name: 'starter', permissions: ['workflow:execute'], inherits: ['viewer'] });
  await project.addUser('bob', 'starter');
  expect(await project.as('bob', 'runs.start', { workflow: 'letter', inputs: {} })).toMatchObject({
    error: { code: 'access.denied', message: 'User bob does not have permission tool:use' },
  });
  expect((await project.call('runs.list', {})).runs).toEqual([]);
});

it.each([
  ['is switched off', () => project.call('users.setActive', { username: 'bob', isActive: false })],
  ['loses the role', () => project.call('roles.revoke', { username: 'bob', role: 'executor' })],
])('of somebody who %s meanwhile nothing is done any more', async (_, change) => {
  await project.addUser('bob', 'executor');
  expect(await project.as('bob', 'runs.start', { workflow: 'letter', inputs: {} })).toMatchObject({ ok: true });
  await project.settled();
  await change();
  const { approvals } = await project.call('approvals.list', { status: ['pending'] });
  const { id, hash, runId } = await project.call('approvals.get', { id: approvals[0]?.id ?? '' });
  await project.call('approvals.approve', { id, hash });
  await project.settled();
  const { run, steps } = await project.call('runs.get', { runId: runId ?? '' });
  expect([run.status, steps.find(({ path }) => path === 'send')?.error]).toMatchObject([
    'failed',
    { code: 'access.denied', message: 'User bob does not have permission tool:use' },
  ]);
  expect(existsSync(sent)).toBe(false);
});

it('the same run of somebody who still may is done', async () => {
  await project.addUser('bob', 'executor');
  await project.as('bob', 'runs.start', { workflow: 'letter', inputs: {} });
  await project.settled();
  const { approvals } = await project.call('approvals.list', { status: ['pending'] });
  const { id, hash } = await project.call('approvals.get', { id: approvals[0]?.id ?? '' });
  await project.call('approvals.approve', { id, hash });
  await project.settled();
  expect(existsSync(sent)).toBe(true);
});
