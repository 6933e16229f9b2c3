import { afterEach, describe, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §12.2: who may decide what waits, once there is more than one user. */
let project: LocalProject;
const open = (config: readonly string[] = []): void => {
  project = new LocalProject(config);
};
afterEach(() => project.close());

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
    await project.addUser('bob', 'approver');
    await expect(project.call('approvals.approve', asked)).rejects.toMatchObject({
      code: 'access.denied',
      message: 'User tester is not an authorized approver',
    });
    expect((await project.call('approvals.get', { id: asked.id })).actions.decide).toMatchObject({ enabled: false });
    expect(await project.as('bob', 'approvals.approve', asked)).toMatchObject({ ok: true });
    const again = await question();
    await expect(project.call('approvals.reject', { ...again, reason: 'Changed my mind' })).resolves.toBeTruthy();
  });

  it('but where the question and the project both allow it', async () => {
    open(['governance:', '  allow_self_approval: true']);
    const plain = await question();
    await project.addUser('bob', 'approver');
    await expect(project.call('approvals.approve', plain)).rejects.toMatchObject({ code: 'access.denied' });
    expect(await project.as('bob', 'approvals.approve', plain)).toMatchObject({ ok: true });
    const allowed = await question(['allow_self_approval: true']);
    await expect(project.call('approvals.approve', allowed)).resolves.toBeTruthy();
  });

  it('of those who may approve, only who is named, by name or by a role that he has or inherits', async () => {
    open();
    await project.addUser('bob', 'approver');
    await project.addUser('carol', 'approver');
    const named = await question(['approvers: [CAROL]']);
    expect(await project.as('bob', 'approvals.approve', named)).toMatchObject(refused('bob'));
    expect(await project.as('bob', 'approvals.reject', { ...named, reason: 'no' })).toMatchObject(refused('bob'));
    expect(await project.as('carol', 'approvals.approve', named)).toMatchObject({ ok: true });
    await project.call('roles.create', { name: 'board', inherits: ['approver'] });
    await project.call('roles.create', { name: 'chair', inherits: ['board'] });
    await project.call('roles.assign', { username: 'bob', role: 'chair' });
    const byRole = await question(['approvers: ["role:board"]']);
    expect(await project.as('carol', 'approvals.approve', byRole)).toMatchObject(refused('carol'));
    expect(await project.as('bob', 'approvals.approve', byRole)).toMatchObject({ ok: true });
  });

  it('a request is taken back by whoever asked or by somebody who manages users', async () => {
    open();
    await project.addUser('bob', 'executor');
    await project.addUser('carol', 'approver');
    const asked = await question();
    expect(await project.as('bob', 'approvals.cancel', { id: asked.id })).toMatchObject({
      ok: false,
      error: { message: 'User bob does not have permission user:manage' },
    });
    await expect(project.call('approvals.cancel', { id: asked.id })).resolves.toBeTruthy();
  });
});

describe('several approvals', () => {
  const TWO = ['min_approvals: 2'];
  const statusOf = async (id: string) => (await project.call('approvals.get', { id })).status;

  it('each counts once, the run goes on at the last one, and what stands is told to everybody', async () => {
    open();
    for (const name of ['bob', 'carol', 'dora']) await project.addUser(name, 'approver');
    const asked = await question(TWO);
    expect(await project.as('bob', 'approvals.approve', { ...asked, comment: 'fine' })).toMatchObject({ ok: true });
    await project.settled();
    const detail = await project.call('approvals.get', { id: asked.id });
    expect(detail).toMatchObject({
      ...{ status: 'pending', runStatus: 'waiting', minApprovals: 2, unmet: null },
      approvals: [{ approver_id: 'bob', comment: 'fine' }],
    });
    expect(await project.as('bob', 'approvals.approve', asked)).toMatchObject({
      ok: false,
      error: { code: 'approval.already_decided', message: 'User bob has already approved' },
    });
    expect(await project.as('bob', 'approvals.get', { id: asked.id })).toMatchObject({
      value: {
        actions: {
          decide: { enabled: false, reason: 'You have approved it: now others decide.' },
          reject: { enabled: true },
        },
      },
    });
    await expect(project.call('approvals.approve', asked)).rejects.toMatchObject({ code: 'access.denied' });
    expect(await project.as('carol', 'approvals.approve', asked)).toMatchObject({ ok: true });
    await project.settled();
    const { runId, ...after } = await project.call('approvals.get', { id: asked.id });
    expect(after).toMatchObject({ status: 'approved', runStatus: 'completed' });
    expect(after.approvals.map((one) => one.approver_id)).toEqual(['bob', 'carol']);
    expect(await project.as('dora', 'approvals.approve', asked)).toMatchObject({
      error: { code: 'approval.not_pending' },
    });
  });

  it('what was given stands after a restart', async () => {
    open();
    for (const name of ['bob', 'carol']) await project.addUser(name, 'approver');
    const asked = await question(TWO);
    expect(await project.as('bob', 'approvals.approve', asked)).toMatchObject({ ok: true });
    await project.settled();
    await project.reopen(true);
    expect(await project.as('bob', 'approvals.approve', asked)).toMatchObject({
      error: { code: 'approval.already_decided' },
    });
    expect(await project.as('carol', 'approvals.approve', asked)).toMatchObject({ ok: true });
    await project.settled();
    expect(await statusOf(asked.id)).toBe('approved');
  });

  it('of many at once each counts once', async () => {
    open();
    const names = ['bob', 'carol', 'dora', 'emil'];
    for (const name of names) await project.addUser(name, 'approver');
    const asked = await question(['min_approvals: 3']);
    const answers = await Promise.all([...names, ...names].map((name) => project.as(name, 'approvals.approve', asked)));
    expect(answers.filter((one) => (one as { ok: boolean }).ok)).toHaveLength(3);
    await project.settled();
    const { approvals, runStatus } = await project.call('approvals.get', { id: asked.id });
    expect([new Set(approvals.map((one) => one.approver_id)).size, approvals.length, runStatus]).toEqual([
      ...[3, 3, 'completed'],
    ]);
  });

  it('one rejection ends it, whoever has approved', async () => {
    open();
    for (const name of ['bob', 'carol']) await project.addUser(name, 'approver');
    const asked = await question(TWO);
    expect(await project.as('bob', 'approvals.approve', asked)).toMatchObject({ ok: true });
    expect(await project.as('carol', 'approvals.reject', { ...asked, reason: 'too early' })).toMatchObject({
      ok: true,
    });
    await project.settled();
    expect(await project.call('approvals.get', { id: asked.id })).toMatchObject({
      ...{ status: 'rejected', runStatus: 'failed' },
      rejections: [{ rejector_id: 'carol', reason: 'too early' }],
    });
  });

  it('that cannot come together are refused at the start, with the place', async () => {
    open();
    await project.addUser('bob', 'approver');
    await project.addUser('eve', 'viewer');
    await expect(question(TWO)).rejects.toMatchObject({
      code: 'approval.unsatisfiable',
      message: expect.stringContaining("'min_approvals: 2' cannot be met: 1 person can decide here."),
      details: { problems: [{ line: expect.any(Number), step: 'step_1' }] },
    });
    await project.addUser('carol', 'approver');
    await expect(question([...TWO, 'approvers: [carol, eve]'])).rejects.toMatchObject({
      code: 'approval.unsatisfiable',
    });
    expect((await project.call('runs.list', {})).runs).toEqual([]);
  });

  it('are refused when the question comes, where that is known only then', async () => {
    open();
    for (const name of ['bob', 'carol']) await project.addUser(name, 'approver');
    project.addWorkflow('late', [
      ['action: workflow.set', 'inputs: {who: carol}'],
      ['approval: {title: Send it?, min_approvals: 2, approvers: ["{{ who }}"]}'],
    ]);
    const runId = await project.run('late');
    const { run, steps } = await project.call('runs.get', { runId });
    expect([run.status, steps.at(-1)?.error?.code]).toEqual(['failed', 'approval.unsatisfiable']);
    expect((await project.call('approvals.list', {})).approvals).toEqual([]);
  });

  it('that can no longer come say so at once, and are never made up', async () => {
    open();
    for (const name of ['bob', 'carol']) await project.addUser(name, 'approver');
    const asked = await question(TWO);
    expect(await project.as('bob', 'approvals.approve', asked)).toMatchObject({ ok: true });
    await project.call('users.setActive', { username: 'carol', isActive: false });
    expect(await project.call('approvals.get', { id: asked.id })).toMatchObject({
      status: 'pending',
      unmet: '1 more approval is needed, but nobody is left who may give one.',
    });
    const unmet = async () => (await project.call('approvals.list', {})).approvals[0]?.unmet;
    expect(await unmet()).toBe('1 more approval is needed, but nobody is left who may give one.');
    await project.call('users.setActive', { username: 'carol', isActive: true });
    expect(await project.call('approvals.get', { id: asked.id })).toMatchObject({ unmet: null });
    expect(await unmet()).toBeNull();
  });

  it('whoever may not approve sees why', async () => {
    open();
    for (const name of ['bob', 'carol']) await project.addUser(name, 'approver');
    await project.addUser('eve', 'executor');
    const asked = await question(TWO);
    expect(await project.as('eve', 'approvals.get', { id: asked.id })).toMatchObject({
      value: { actions: { decide: { enabled: false, reason: 'You do not have the permission approval:approve.' } } },
    });
    expect((await project.call('approvals.get', { id: asked.id })).actions).toMatchObject({
      decide: { enabled: false },
      reject: { enabled: true },
    });
  });
});

describe('a request that is handed over', () => {
  const handOver = (from: string, asked: { readonly id: string; readonly hash: string }, to: string) =>
    project.as(from, 'approvals.delegate', { ...asked, to, comment: 'I am away' });
  const refusedFor = (hint: RegExp) => ({
    ok: false,
    error: { code: 'approval.no_delegation', hint: expect.stringMatching(hint) },
  });

  it('is decided by whoever took it, in the place of whoever gave it, and stands so in request and audit', async () => {
    open();
    for (const name of ['bob', 'carol']) await project.addUser(name, 'approver');
    const asked = await question(['approvers: [bob]']);
    expect(await project.as('bob', 'approvals.get', { id: asked.id })).toMatchObject({
      value: { delegates: ['carol'], actions: { delegate: { enabled: true } } },
    });
    expect(await project.as('carol', 'approvals.approve', asked)).toMatchObject(refused('carol'));
    expect(await handOver('bob', asked, 'CAROL')).toMatchObject({ ok: true });
    expect(await project.call('approvals.get', { id: asked.id })).toMatchObject({
      status: 'pending',
      handedOver: [{ delegator_id: 'bob', delegate_id: 'carol', comment: 'I am away' }],
    });
    expect(await project.as('bob', 'approvals.approve', asked)).toMatchObject(refused('bob'));
    expect(await project.as('carol', 'approvals.approve', asked)).toMatchObject({ ok: true });
    await project.settled();
    expect((await project.call('approvals.get', { id: asked.id })).status).toBe('approved');
    const { events } = await project.call('audit.query', { text: asked.id, success: true, resourceType: 'approval' });
    expect(events.toReversed().map(({ user_id, action, details }) => [user_id, action, details.to])).toEqual([
      ['system:engine', 'request', undefined],
      ['bob', 'delegate', 'carol'],
      ['carol', 'approve', undefined],
    ]);
  });

  it('is not handed on, nor to somebody who may not decide it', async () => {
    open();
    for (const name of ['bob', 'carol', 'dave']) await project.addUser(name, 'approver');
    await project.addUser('eve', 'viewer');
    const asked = await question(['approvers: [bob]']);
    expect(await handOver('bob', asked, 'bob')).toMatchObject(refusedFor(/yours already/));
    expect(await handOver('bob', asked, 'eve')).toMatchObject(refusedFor(/eve may not approve/));
    expect(await handOver('bob', asked, 'tester')).toMatchObject(refusedFor(/tester has asked for it/));
    expect(await handOver('bob', asked, 'nobody')).toMatchObject({ ok: false, error: { code: 'user.not_found' } });
    expect(await handOver('carol', asked, 'dave')).toMatchObject(refused('carol'));
    expect(await project.as('tester', 'approvals.delegate', { ...asked, to: 'carol' })).toMatchObject({ ok: false });
    expect(await handOver('bob', asked, 'carol')).toMatchObject({ ok: true });
    expect(await handOver('carol', asked, 'dave')).toMatchObject(refusedFor(/does not hand it on/));
    expect(await project.as('carol', 'approvals.get', { id: asked.id })).toMatchObject({
      value: { delegates: [], actions: { delegate: { enabled: false, reason: expect.stringMatching(/hand it on/) } } },
    });
    expect(await handOver('bob', asked, 'dave')).toMatchObject(refused('bob'));
  });

  it('goes back by itself when whoever took it may decide no more', async () => {
    open();
    for (const name of ['bob', 'carol']) await project.addUser(name, 'approver');
    const asked = await question(['approvers: [bob]']);
    expect(await handOver('bob', asked, 'carol')).toMatchObject({ ok: true });
    await project.call('users.setActive', { username: 'carol', isActive: false });
    expect(await project.as('bob', 'approvals.approve', asked)).toMatchObject({ ok: true });
  });

  it('is never handed over so that too few are left, and never twice by the same voice', async () => {
    open();
    for (const name of ['bob', 'carol']) await project.addUser(name, 'approver');
    const asked = await question(['min_approvals: 2']);
    expect(await handOver('bob', asked, 'carol')).toMatchObject(refusedFor(/only carol is left/));
    expect(await project.as('bob', 'approvals.approve', asked)).toMatchObject({ ok: true });
    expect(await handOver('bob', asked, 'carol')).toMatchObject({ error: { code: 'approval.already_decided' } });
    expect(await handOver('carol', asked, 'bob')).toMatchObject(refusedFor(/bob has approved it/));
  });
});
