import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OperationName } from '../../src/shared/contract/index.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §12.2: who may decide what waits, once there is more than one user. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let project: LocalProject;
const secrets = new Map<string, string>();
const open = (config: readonly string[] = []): void => {
  project = new LocalProject(config);
};
beforeEach(() => secrets.clear());
afterEach(() => project.close());

async function addUser(username: string, role: string): Promise<void> {
  await project.call('users.create', { username, roles: [role] });
  const { secret } = await project.call('tokens.create', { username, name: 't', permissions: ['*'] });
  secrets.set(username, secret);
}
const ask = async (username: string, name: OperationName, input: unknown): Promise<unknown> =>
  (await project.center()).call(name, input, {
    kind: 'user',
    id: 'tester',
    door: 'socket',
    credential: secrets.get(username) ?? '',
  });
/** A run of the first user that waits for a decision: what was asked. */
async function question(lines: readonly string[] = []): Promise<{ readonly id: string; readonly hash: string }> {
  project.addWorkflow('letter', [
    ['approval:', '  title: Send it?', ...lines.map((line) => `  ${line}`)],
    ['action: workflow.noop'],
  ]);
  await project.run('letter');
  const { approvals } = await project.call('approvals.list', { status: ['pending'] });
  const { id, hash } = await project.call('approvals.get', { id: approvals[0]?.id ?? '' });
  return { id, hash };
}
const refused = (user: string) => ({
  ok: false,
  error: { code: 'access.denied', message: `User ${user} is not an authorized approver` },
});

describe('who decides', () => {
  it('the only user decides everything, as before', async () => {
    open();
    const asked = await question(['approvers: [finance, "role:board"]']);
    expect((await project.call('approvals.get', { id: asked.id })).actions.decide).toEqual({ enabled: true });
    await expect(project.call('approvals.approve', asked)).resolves.toMatchObject({ runId: expect.any(String) });
  });

  it('nobody approves what he asked for himself; he may say no to it', async () => {
    open();
    const asked = await question();
    await addUser('bob', 'approver');
    await expect(project.call('approvals.approve', asked)).rejects.toMatchObject({
      code: 'access.denied',
      message: 'User tester is not an authorized approver',
    });
    expect((await project.call('approvals.get', { id: asked.id })).actions.decide).toMatchObject({ enabled: false });
    expect(await ask('bob', 'approvals.approve', asked)).toMatchObject({ ok: true });
    const again = await question();
    await expect(project.call('approvals.reject', { ...again, reason: 'Changed my mind' })).resolves.toBeTruthy();
  });

  it('but where the question and the project both allow it', async () => {
    open(['governance:', '  allow_self_approval: true']);
    const plain = await question();
    await addUser('bob', 'approver');
    await expect(project.call('approvals.approve', plain)).rejects.toMatchObject({ code: 'access.denied' });
    expect(await ask('bob', 'approvals.approve', plain)).toMatchObject({ ok: true });
    const allowed = await question(['allow_self_approval: true']);
    await expect(project.call('approvals.approve', allowed)).resolves.toBeTruthy();
  });

  it('of those who may approve, only who is named, by name or by a role that he has or inherits', async () => {
    open();
    await addUser('bob', 'approver');
    await addUser('carol', 'approver');
    const named = await question(['approvers: [CAROL]']);
    expect(await ask('bob', 'approvals.approve', named)).toMatchObject(refused('bob'));
    expect(await ask('bob', 'approvals.reject', { ...named, reason: 'no' })).toMatchObject(refused('bob'));
    expect(await ask('carol', 'approvals.approve', named)).toMatchObject({ ok: true });
    await project.call('roles.create', { name: 'board', inherits: ['approver'] });
    await project.call('roles.create', { name: 'chair', inherits: ['board'] });
    await project.call('roles.assign', { username: 'bob', role: 'chair' });
    const byRole = await question(['approvers: ["role:board"]']);
    expect(await ask('carol', 'approvals.approve', byRole)).toMatchObject(refused('carol'));
    expect(await ask('bob', 'approvals.approve', byRole)).toMatchObject({ ok: true });
  });

  it('a request is taken back by whoever asked or by somebody who manages users', async () => {
    open();
    await addUser('bob', 'executor');
    const asked = await question();
    expect(await ask('bob', 'approvals.cancel', { id: asked.id })).toMatchObject({
      ok: false,
      error: { message: 'User bob does not have permission user:manage' },
    });
    await expect(project.call('approvals.cancel', { id: asked.id })).resolves.toBeTruthy();
  });
});
