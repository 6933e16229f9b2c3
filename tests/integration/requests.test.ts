import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApprovalDetail, InputOf } from '../../src/shared/contract/index.ts';
import { LocalProject } from '../support/local-project.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';

/** SPEC §12.2: what a person asks others to let happen, beside the questions of runs. */
let project: LocalProject;
const HIGH = ['governance:', '  approve_high_risk: true'];
const open = (config: readonly string[] = HIGH): void => {
  project = new LocalProject(config);
};
afterEach(() => project.close());

const refused = (code: string) => ({ ok: false, error: { code } });

const pay = (word: string, more: readonly string[] = []): void =>
  project.addWorkflow(
    'pay',
    [['action: workflow.set_outputs', `inputs: {said: ${word}, to: "{{ inputs.to }}"}`]],
    ['risk_level: high', ...more, 'inputs:', '  to: {type: string, default: nobody}'],
  );

type Request = InputOf<'approvals.request'>;
async function request(asked: Request['asked'], more: Omit<Request, 'asked'> = {}): Promise<ApprovalDetail> {
  const { id } = await project.call('approvals.request', { asked, ...more });
  return project.call('approvals.get', { id });
}
const pick = ({ id, hash }: ApprovalDetail) => ({ id, hash });
const detail = (id: string) => project.call('approvals.get', { id });

/** What the audit says of a request, oldest first. */
async function said(resourceId: string) {
  const { events } = await project.call('audit.query', { resourceType: 'approval', resourceId, limit: 100 });
  const own = events.filter(({ event_type }) => event_type.startsWith('approval.'));
  return own.toReversed().map(({ event_type, action, user_id }) => `${event_type} ${action} ${user_id}`);
}

describe('a workflow of a high risk', () => {
  const START = { kind: 'run', workflow: 'pay', inputs: { to: 'Ann' } } as const;

  it('starts freely where the project does not say otherwise', async () => {
    open([]);
    pay('one');
    await expect(project.run('pay')).resolves.toEqual(expect.any(String));
  });

  it('is started by nobody alone: asked for, approved by another, and run once as whoever asked', async () => {
    open();
    pay('one');
    await project.addUser('bob', 'approver');
    await project.addUser('carol', 'approver');
    await expect(project.call('runs.start', { workflow: 'pay', inputs: {} })).rejects.toMatchObject({
      code: 'approval.needed',
      details: { kind: 'run' },
    });
    const asked = await request(START, { comment: 'The invoice of May' });
    expect(asked).toMatchObject({
      ...{ type: 'workflow_start', kind: 'run', status: 'pending', runId: null, title: 'Start pay' },
      ...{ description: 'The invoice of May', onReject: 'nothing', requesterId: 'tester' },
      act: { kind: 'run', fields: { workflow: 'pay', inputs: { to: 'Ann' } }, outcome: null },
      actions: { decide: { enabled: false }, reject: { enabled: true }, revise: { enabled: false } },
    });
    const counted = (name: string) => project.as(name, 'approvals.counts', {});
    expect(await project.call('approvals.counts', {})).toEqual({ pending: 1, forReader: 0 });
    expect(await counted('bob')).toEqual({ ok: true, value: { pending: 1, forReader: 1 } });
    const { approvals } = await project.call('approvals.list', { status: ['pending'] });
    expect(approvals).toMatchObject([{ id: asked.id, type: 'workflow_start', workflowName: 'pay', unmet: null }]);
    await expect(project.call('approvals.approve', pick(asked))).rejects.toMatchObject({ code: 'access.denied' });

    const answers = await Promise.all([
      project.as('bob', 'approvals.approve', pick(asked)),
      project.as('carol', 'approvals.approve', pick(asked)),
      project.as('bob', 'approvals.approve', pick(asked)),
    ]);
    await project.settled();
    expect(answers.filter((answer) => (answer as { ok: boolean }).ok)).toHaveLength(1);
    expect(answers.filter((answer) => !(answer as { ok: boolean }).ok)).toMatchObject([
      refused('approval.not_pending'),
      refused('approval.not_pending'),
    ]);
    const { runs } = await project.call('runs.list', { workflow: 'pay' });
    expect(runs).toHaveLength(1);
    const { run, outputs } = await project.call('runs.get', { runId: runs[0]?.runId ?? '' });
    expect([run.status, run.actor, outputs]).toEqual(['completed', 'tester', { said: 'one', to: 'Ann' }]);
    expect(await detail(asked.id)).toMatchObject({
      ...{ status: 'approved', runId: run.runId, runStatus: 'completed', act: { outcome: 'done', problem: null } },
    });
    const [{ approver_id: who } = { approver_id: '' }, ...others] = (await detail(asked.id)).approvals;
    expect([['bob', 'carol'].includes(who), others]).toEqual([true, []]);
    expect(await said(asked.id)).toEqual(['approval.requested request tester', `approval.approved approve ${who}`]);
  });

  it.each([
    ['before the run was started', "UPDATE requests SET status = 'approved', resolved_at = 1"],
    ['before it was written down that it was', 'UPDATE requests SET outcome = NULL, run_id = NULL'],
  ])('what was approved as the app died %s is done by whoever opens the project next, once', async (when, sql) => {
    open();
    pay('one');
    const asked = await request(START);
    if (!when.includes('before the run')) await project.call('approvals.approve', pick(asked));
    await project.settled();
    // As a process that is killed between the two commits leaves it.
    const db = new Database(join(project.path, '.aiworkflow/state/workflow-state/state.db'));
    db.exec(sql);
    db.close();
    await project.reopen(true);
    await project.settled();
    const { runs } = await project.call('runs.list', { workflow: 'pay' });
    expect(runs).toMatchObject([{ status: 'completed' }]);
    expect(await detail(asked.id)).toMatchObject({
      status: 'approved',
      runId: runs[0]?.runId,
      act: { outcome: 'done' },
    });
  });

  it('that is another by now is not started: the request is closed, and asked anew', async () => {
    open();
    pay('one');
    const asked = await request(START);
    await expect(project.call('approvals.approve', { id: asked.id, hash: 'f'.repeat(64) })).rejects.toMatchObject({
      code: 'approval.changed',
    });
    pay('two');
    await expect(project.call('approvals.approve', pick(asked))).rejects.toMatchObject({
      code: 'approval.changed',
      message: 'What would be done has changed since it was asked: the request is closed.',
    });
    expect((await detail(asked.id)).status).toBe('cancelled');
    expect((await project.call('runs.list', { workflow: 'pay' })).runs).toEqual([]);
    expect((await said(asked.id)).at(-1)).toBe('approval.cancelled void system:approvals');
    await expect(project.call('approvals.approve', pick(await request(START)))).resolves.toMatchObject({
      runId: expect.any(String),
    });
  });

  it('is not approved for somebody who may not start it any more, and says at once when too few are left', async () => {
    open();
    pay('one');
    for (const name of ['bob', 'carol']) await project.addUser(name, 'approver');
    await project.addUser('vera', 'viewer');
    await project.addUser('eve', 'executor');
    const { value } = (await project.as('eve', 'approvals.request', { asked: START, minApprovals: 2 })) as {
      value: { id: string };
    };
    const asked = await detail(value.id);
    expect(await project.as('bob', 'approvals.approve', pick(asked))).toMatchObject({
      ok: true,
      value: { runId: null },
    });
    expect(await detail(asked.id)).toMatchObject({ status: 'pending', approvals: [{ approver_id: 'bob' }] });
    await project.call('users.setActive', { username: 'carol', isActive: false });
    await project.call('users.setActive', { username: 'eve', isActive: false });
    // The admin is left; he may, until he is the one who is missing.
    expect((await detail(asked.id)).unmet).toBeNull();
    await expect(project.call('approvals.approve', pick(asked))).rejects.toMatchObject({
      code: 'access.denied',
      message: 'User eve does not have permission workflow:execute',
    });
    await expect(request(START, { minApprovals: 3 })).rejects.toMatchObject({ code: 'approval.unsatisfiable' });
    const named = await request(START, { approvers: ['bob'] });
    await project.call('users.setActive', { username: 'bob', isActive: false });
    expect((await detail(named.id)).unmet).toMatch(/nobody is left who may give one/);
  });

  it('a request is rejected, taken back, handed over and expires like any other', async () => {
    open();
    pay('one');
    for (const name of ['bob', 'carol']) await project.addUser(name, 'approver');
    const first = await request(START);
    expect(await project.as('bob', 'approvals.reject', { ...pick(first), reason: 'Not this month' })).toMatchObject({
      ok: true,
    });
    expect(await detail(first.id)).toMatchObject({
      status: 'rejected',
      rejections: [{ rejector_id: 'bob', reason: 'Not this month' }],
    });
    const second = await request(START);
    expect(await project.as('bob', 'approvals.cancel', { id: second.id })).toMatchObject(refused('access.denied'));
    await project.call('approvals.cancel', { id: second.id });
    expect((await detail(second.id)).status).toBe('cancelled');
    const third = await request(START, { expiresInHours: 1 / 3_600_000 });
    // A store in memory answers within the millisecond that the request has.
    await expect.poll(async () => (await detail(third.id)).status).toBe('expired');
    await expect(project.call('approvals.approve', pick(third))).rejects.toMatchObject({
      message: 'Request is not pending: expired',
    });
    expect((await said(third.id)).at(-1)).toBe('approval.expired expire system:approvals');
    const fourth = await request(START);
    expect(await project.as('bob', 'approvals.delegate', { ...pick(fourth), to: 'carol' })).toMatchObject({ ok: true });
    expect(await project.as('bob', 'approvals.approve', pick(fourth))).toMatchObject(refused('access.denied'));
    expect(await project.as('carol', 'approvals.approve', pick(fourth))).toMatchObject({ ok: true });
    await project.settled();
    expect((await project.call('runs.list', { workflow: 'pay' })).runs).toHaveLength(1);
    expect(await project.as('bob', 'approvals.revise', { ...pick(fourth), comment: 'x' })).toMatchObject(
      refused('approval.no_revision'),
    );
  });
});

describe('a trigger', () => {
  const SCHEDULE = ['triggers:', '  - {type: schedule, id: nightly, schedule: "0 2 * * *"}'];
  const shown = async () => {
    const { key, definitionHash, contentHash } = await project.call('triggers.get', { trigger: 'nightly' });
    return { trigger: key, definitionHash, contentHash: contentHash ?? '' };
  };
  const ask = async () => request({ kind: 'schedule', ...(await shown()) });
  const runNow = () => project.call('triggers.runNow', { trigger: 'nightly' });

  it('of a high risk starts by itself only as somebody else has approved, and not in another version', async () => {
    open();
    pay('one', SCHEDULE);
    await project.addUser('bob', 'admin');
    await expect(project.call('triggers.arm', await shown())).rejects.toMatchObject({ code: 'approval.needed' });
    await expect(project.call('triggers.enableWorkflow', { workflow: 'pay' })).rejects.toMatchObject({
      code: 'approval.needed',
    });
    const asked = await ask();
    expect(asked).toMatchObject({ type: 'custom', kind: 'schedule', act: { fields: { schedule: '0 2 * * *' } } });
    expect(await project.as('bob', 'approvals.approve', pick(asked))).toMatchObject({ ok: true });
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({
      status: 'armed',
      armed: { by: 'tester' },
    });
    await runNow();
    await project.settled();
    pay('two', SCHEDULE);
    await expect(project.call('triggers.arm', await shown())).rejects.toMatchObject({ code: 'approval.needed' });
    await runNow();
    await project.settled();
    const { runs } = await project.call('runs.list', { workflow: 'pay' });
    expect(runs.map(({ versionHash }) => versionHash).filter((hash, at, all) => all.indexOf(hash) === at)).toHaveLength(
      1,
    );
    const again = await ask();
    pay('three', SCHEDULE);
    expect(await project.as('bob', 'approvals.approve', pick(again))).toMatchObject(refused('approval.changed'));
  });

  it('that was armed before the project said so starts nothing until it is approved', async () => {
    open([]);
    pay('one', SCHEDULE);
    await project.call('triggers.arm', await shown());
    project.write('aiworkflow.yaml', ['version: "1.0"', ...HIGH].join('\n'));
    await project.reopen();
    await expect(runNow()).rejects.toMatchObject({ code: 'approval.needed', details: { kind: 'schedule' } });
    await project.call('approvals.approve', pick(await ask()));
    await expect(runNow()).resolves.toEqual({ runId: expect.any(String) });
  });

  it('of somebody who may not arm is armed by who may, on his own account', async () => {
    open([]);
    project.addWorkflow('report', [['action: workflow.noop']], SCHEDULE);
    await project.addUser('eve', 'executor');
    await project.addUser('bob', 'approver');
    const { value } = (await project.as('eve', 'approvals.request', {
      asked: { kind: 'schedule', ...(await shown()) },
    })) as {
      value: { id: string };
    };
    const asked = await detail(value.id);
    expect(await project.as('bob', 'approvals.get', { id: asked.id })).toMatchObject({
      value: { actions: { decide: { enabled: false, reason: expect.stringContaining('config:manage') } } },
    });
    expect(await project.as('bob', 'approvals.approve', pick(asked))).toMatchObject(refused('access.denied'));
    await project.call('approvals.approve', pick(asked));
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({
      status: 'armed',
      armed: { by: 'tester' },
    });
    const { events } = await project.call('audit.query', { eventType: 'config.changed', text: 'triggers.arm' });
    expect(events).toMatchObject([
      { user_id: 'tester', success: true, details: { requester: 'eve', kind: 'schedule' } },
    ]);
  });
});

describe('a bundle from outside', () => {
  const FLOW =
    '---\nworkflow: {id: vendor, name: Vendor onboarding, version: "1.2.0"}\n---\n## Step 1: Say\n```yaml\naction: workflow.noop\n```\n';
  async function bring(more: Readonly<Record<string, string>> = {}): Promise<string> {
    const files = Object.entries({ 'workflow.md': FLOW, ...more }).map(([path, text]) => ({
      path,
      base64: Buffer.from(text).toString('base64'),
    }));
    const { uploadId } = await project.call('bundles.upload', { name: 'vendor', files });
    const { contentHash } = await project.call('bundles.inspect', { uploadId });
    await project.call('bundles.import', { uploadId, contentHash, name: 'vendor', onConflict: 'refuse' });
    return contentHash;
  }
  const trustNow = async () => (await project.call('trust.show', { ref: 'vendor' })).state;

  it('is trusted by an approval, which is the one consent there is', async () => {
    open([]);
    const contentHash = await bring();
    const asked = await request({ kind: 'bundle_trust', ref: 'vendor', contentHash });
    expect(asked).toMatchObject({
      ...{ type: 'bundle_trust', title: 'Trust Vendor onboarding 1.2.0' },
      act: { fields: { version: '1.2.0' } },
    });
    await project.call('approvals.approve', pick(asked));
    expect([await trustNow(), (await detail(asked.id)).act?.outcome]).toEqual(['trusted', 'done']);
    await expect(request({ kind: 'bundle_trust', ref: 'vendor', contentHash })).rejects.toMatchObject({
      code: 'approval.not_pending',
    });
  });

  it('with serious findings is approved when each of them was read, by each who approves', async () => {
    open([]);
    await project.addUser('bob', 'approver');
    await project.addUser('carol', 'approver');
    const contentHash = await bring({ 'tools/say.py': '# checked\u200b by us\nprint(1)\n' });
    const asked = await request({ kind: 'bundle_trust', ref: 'vendor', contentHash }, { minApprovals: 2 });
    const findings = asked.act?.findings ?? [];
    const read = findings.filter(({ severity }) => severity === 'high').map(({ id }) => id);
    expect(read).not.toEqual([]);
    const approve = (user: string, ids: readonly string[]) =>
      project.as(user, 'approvals.approve', { ...pick(asked), read: [...ids] });
    expect(await approve('bob', read.slice(1))).toMatchObject(refused('trust.unread'));
    expect(await approve('bob', read)).toMatchObject({ ok: true });
    expect(await approve('carol', [])).toMatchObject(refused('trust.unread'));
    expect([(await detail(asked.id)).status, await trustNow()]).toEqual(['pending', 'untrusted']);
    expect(await approve('carol', read)).toMatchObject({ ok: true });
    expect([await trustNow(), (await detail(asked.id)).act]).toMatchObject([
      'trusted',
      { outcome: 'done', findings: [] },
    ]);
  });

  it('that was trusted on its sheet has answered whoever asked for it', async () => {
    open([]);
    const contentHash = await bring();
    const asked = await request({ kind: 'bundle_trust', ref: 'vendor', contentHash });
    await project.call('trust.give', { ref: 'vendor', contentHash, read: [] });
    expect(await detail(asked.id)).toMatchObject({ status: 'approved', act: { outcome: 'done' } });
    expect(await said(asked.id)).toEqual(['approval.requested request tester', 'approval.approved approve tester']);
  });
});

describe('the definition of a tool', () => {
  it('that has changed is accepted by an approval of exactly what was shown', async () => {
    open([]);
    const file = join(project.path, 'definitions.json');
    const define = (description: string): void => {
      writeFileSync(file, JSON.stringify([{ name: 'post', description }]));
    };
    const server = join(REPOSITORY_DIR, 'tests', 'support', 'mcp', 'described-server.mjs');
    const args = JSON.stringify([server, file]);
    project.write('.aiworkflow/tools/registry.yaml', 'tools: [{name: mail, implementations: [{type: mcp}]}]\n');
    project.write(
      '.aiworkflow/tools/mcp/mail.yaml',
      `server: {command: ${JSON.stringify(process.execPath)}, args: ${args}}\n`,
    );
    define('Posts');
    await project.call('tools.refresh', { tool: 'mail' });
    define('Posts and deletes');
    const { change } = await project.call('tools.refresh', { tool: 'mail' });
    const currentHash = change?.currentHash ?? '';
    await expect(request({ kind: 'tool_definition', tool: 'mail', currentHash: 'f'.repeat(64) })).rejects.toMatchObject(
      { code: 'approval.changed' },
    );
    const asked = await request({ kind: 'tool_definition', tool: 'mail', currentHash });
    expect(asked).toMatchObject({
      ...{ type: 'custom', workflowName: null },
      act: {
        fields: {
          changed: ['post'],
          differences: [{ operation: 'post', place: 'description', accepted: 'Posts', current: 'Posts and deletes' }],
        },
      },
    });
    await project.call('approvals.approve', pick(asked));
    expect((await project.call('tools.show', { tool: 'mail' })).change).toBeNull();
    await expect(project.call('tools.call', { tool: 'mail', operation: 'post', params: {} })).resolves.toMatchObject({
      output: expect.anything(),
    });
  });
});
