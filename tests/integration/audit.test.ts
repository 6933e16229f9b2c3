import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InputOf } from '../../src/shared/contract/index.ts';
import type { AuditEvent } from '../../src/shared/model/audit.ts';
import { LocalProject } from '../support/local-project.ts';

let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
  project.addWorkflow(
    'greet',
    [['action: workflow.noop']],
    ['inputs: {name: {type: string, default: you}, api_key: {type: string, default: ""}}'],
  );
});
afterEach(() => project.close());

/** What the audit says, oldest first, without that somebody looked. */
async function said(filter: InputOf<'audit.query'> = {}): Promise<readonly AuditEvent[]> {
  const { events } = await project.call('audit.query', { limit: 1000, ...filter });
  return events.filter(({ resource_type }) => resource_type !== 'audit').toReversed();
}

const inTheWay = (sql: string): void => {
  const db = new Database(join(project.path, '.aiworkflow/state/workflow-state/state.db'));
  db.exec(sql);
  db.close();
};

describe('what is done in a project', () => {
  it('a run is written down as it is started and as it ends, its secrets hidden', async () => {
    const runId = await project.run('greet', { name: 'Ann', api_key: 'sk-12345678' });
    const events = await said();
    expect(events.map(({ event_type, user_id, resource }) => [event_type, user_id, resource])).toEqual([
      ['workflow.executed', 'tester', 'workflow:greet'],
      ['workflow.completed', 'system:engine', 'workflow:greet'],
    ]);
    expect(events[0]?.details).toMatchObject({ run_id: runId, inputs: { name: 'Ann', api_key: '[redacted]' } });
    expect(events[1]?.details).toMatchObject({ run_id: runId, steps_succeeded: 1, steps_total: 1 });
  });

  it('a change of files says what is wanted before and what became of it after', async () => {
    await project.call('workflows.create', { name: 'new-one', template: 'basic' });
    const events = await said();
    expect(
      events.map(({ event_type, action, resource, success, details }) => [
        event_type,
        action,
        resource,
        success,
        details.phase,
      ]),
    ).toEqual([
      ['workflow.created', 'workflows.create', 'workflow:new-one', true, 'intent'],
      ['workflow.created', 'workflows.create', 'workflow:new-one', true, 'outcome'],
    ]);
    expect(events[1]?.details.intent).toBe(events[0]?.id);
    await expect(project.call('workflows.create', { name: 'new-one', template: 'basic' })).rejects.toThrow();
    expect((await said()).at(-1)).toMatchObject({ success: false, error_message: expect.stringMatching(/./) });
  });

  it('a changed user, role, trigger or setting stands there as it was and as it is; of a password only that there is one', async () => {
    await project.call('users.create', { username: 'bob', roles: ['viewer'], password: 'correct horse battery' });
    await project.call('users.edit', { username: 'BOB', email: 'bob@example.org' });
    await project.call('roles.assign', { username: 'bob', role: 'approver' });
    await project.call('roles.create', { name: 'Desk', permissions: ['workflow:read'] });
    await project.call('roles.edit', { name: 'desk', add: ['audit:read'] });
    await project.call('users.setActive', { username: 'bob', isActive: false });
    const changesOf = async (action: string) => {
      const events = (await said()).filter((one) => one.action === action);
      return [events.at(-2)?.details.before, events.at(-1)?.details.after];
    };
    expect(await changesOf('users.create')).toMatchObject([undefined, { roles: ['viewer'], has_password: true }]);
    expect(await changesOf('users.edit')).toMatchObject([{ email: null }, { email: 'bob@example.org' }]);
    expect(await changesOf('roles.assign')).toMatchObject([{ roles: ['viewer'] }, { roles: ['approver', 'viewer'] }]);
    expect(await changesOf('roles.edit')).toMatchObject([
      { permissions: ['workflow:read'] },
      { permissions: ['workflow:read', 'audit:read'] },
    ]);
    expect(await changesOf('users.setActive')).toMatchObject([{ is_active: true }, { is_active: false }]);
    expect(JSON.stringify(await said())).not.toContain('correct horse');
    // The accepted names of the types narrow by what was done to the role.
    const found = await said({ eventType: 'user.role_assigned' });
    expect(found.map(({ action }) => action)).toEqual(['roles.assign', 'roles.assign']);
  });

  it('so does a watch, the pause of all triggers, and where webhooks come in', async () => {
    const statesOf = async (action: string) => {
      const events = (await said()).filter((one) => one.action === action);
      return [events[0]?.details.before, events[1]?.details.after];
    };
    await project.call('triggers.pauseAll', { reason: 'Holidays' });
    expect(await statesOf('triggers.pauseAll')).toEqual([
      { paused: false },
      { paused: true, by: 'tester', reason: 'Holidays' },
    ]);
    await project.call('triggers.resumeAll', {});
    expect(await statesOf('triggers.resumeAll')).toEqual([
      { paused: true, by: 'tester', reason: 'Holidays' },
      { paused: false },
    ]);
    await project.reopen(true);
    const path = dirname(project.write('inbox/.keep', ''));
    const { triggerKey } = await project.call('watches.open', { workflow: 'greet', path });
    expect(await statesOf('watches.open')).toMatchObject([
      { watches: [] },
      { watches: [{ trigger: triggerKey, root: path }] },
    ]);
    await project.call('watches.close', { trigger: triggerKey });
    expect(await statesOf('watches.close')).toMatchObject([{ watches: [{ trigger: triggerKey }] }, { watches: [] }]);
    await project.call('webhooks.listen', { host: '127.0.0.1', port: 0 });
    expect(await statesOf('webhooks.listen')).toMatchObject([
      { place: { port: 8080 } },
      { place: { host: '127.0.0.1', port: 0 } },
    ]);
  });

  it('what cannot be written down is not done: no file, no run', async () => {
    await project.call('runs.list', {});
    inTheWay(`CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END`);
    const folder = join(project.path, '.aiworkflow/workflows');
    const before = readdirSync(folder);
    await expect(project.call('workflows.create', { name: 'other', template: 'basic' })).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(before);
    await expect(project.call('runs.start', { workflow: 'greet', inputs: {} })).rejects.toThrow();
    expect((await project.call('runs.list', {})).runs).toEqual([]);
    await expect(project.call('audit.query', {})).rejects.toThrow();
    inTheWay('DROP TRIGGER no_audit');
    await project.run('greet');
    // The run that was refused did nothing; it stands as failed as soon as that can be written.
    expect((await said()).map(({ event_type }) => event_type)).toEqual([
      'workflow.executed',
      'workflow.failed',
      'workflow.executed',
      'workflow.completed',
    ]);
  });

  it('who is refused is written down', async () => {
    const center = await project.center();
    const answer = await center.call(
      'runs.delete',
      { runId: 'r1' },
      { kind: 'system', id: 'stranger', door: 'socket' },
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'access.denied' } });
    expect(await said()).toEqual([
      expect.objectContaining({
        event_type: 'security.permission_denied',
        user_id: 'system:stranger',
        resource: 'run:r1',
        door: 'socket',
        success: false,
        details: { operation: 'runs.delete', permission: 'workflow:delete', code: 'access.denied' },
      }),
    ]);
  });

  it('who reads is written down before he reads, further pages are the same reading', async () => {
    for (const offset of [0, 10, 20]) await project.call('audit.query', { text: 'x', offset });
    await project.call('audit.verify', {});
    await project.call('audit.export', { format: 'csv' });
    const { events, total } = await project.call('audit.query', { resourceType: 'audit' });
    expect(total).toBe(4);
    expect(events.map(({ action, details }) => [action, details])).toEqual([
      ['audit.query', { resourceType: 'audit' }],
      ['audit.export', { format: 'csv' }],
      ['audit.verify', {}],
      ['audit.query', { text: 'x' }],
    ]);
  });

  it('pages before a number do not slip; what failed, and an event by its id, are found', async () => {
    for (const name of ['a', 'b', 'c']) await project.call('roles.create', { name });
    await expect(project.call('roles.create', { name: 'A' })).rejects.toThrow();
    const filter = { eventType: 'security.role_changed' };
    const all = await project.call('audit.query', filter);
    expect(all.total).toBe(8);
    const first = await project.call('audit.query', { ...filter, limit: 3 });
    await project.call('roles.create', { name: 'd' });
    const before = first.events.at(-1)?.seq ?? 0;
    const second = await project.call('audit.query', { ...filter, limit: 3, before });
    expect([...first.events, ...second.events]).toEqual(all.events.slice(0, 6));
    expect(second.total).toBe(10);
    const failed = await project.call('audit.query', { ...filter, success: false });
    expect(failed.events).toMatchObject([{ success: false, resource_id: 'A', details: { code: 'role.exists' } }]);
    expect((await project.call('audit.query', { ...filter, door: 'cli' })).total).toBe(10);
    expect((await project.call('audit.query', { ...filter, door: 'browser' })).total).toBe(0);
    // An act by the id of its intent: what was wanted, and what became of it.
    const intent = String(failed.events[0]?.details.intent);
    const { events } = await project.call('audit.query', { text: intent });
    expect(events.map(({ details }) => details.phase ?? 'read')).toEqual(['read', 'outcome', 'intent']);
    // All pages of a question were one reading of it.
    const readings = await project.call('audit.query', { eventType: 'custom' });
    expect(readings.events.map(({ details }) => details)).toEqual([
      { eventType: 'custom' },
      { text: intent },
      { ...filter, door: 'browser' },
      { ...filter, door: 'cli' },
      { ...filter, success: false },
      filter,
    ]);
  });
});

describe('the chain of a project', () => {
  it('goes on when it is opened again, and is signed outside of it', async () => {
    await project.run('greet');
    await project.reopen();
    await project.run('greet');
    const verdict = await project.call('audit.verify', {});
    expect(verdict).toMatchObject({ valid: true, state: 'ok', first_bad_seq: null, signed_head: { seq: 2 } });
    expect(verdict.head?.seq).toBe(5);
    const folder = join(project.root, 'user', 'audit');
    const [name = ''] = readdirSync(folder);
    expect(JSON.parse(readFileSync(join(folder, name, 'head.json'), 'utf8'))).toMatchObject({ seq: 2 });
    expect(existsSync(join(project.path, '.aiworkflow', 'key.pem'))).toBe(false);
  });
});
