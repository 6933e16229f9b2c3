import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../../shared/model/access.ts';
import { BASE_PERMISSIONS, SESSION_ABSOLUTE_MS, SESSION_IDLE_MS } from '../../../shared/model/access.ts';
import { Store } from '../../storage/index.ts';
import { AccessControl } from './access-control.ts';
import { LOCK_MS, MOST_FAILURES } from './sign-in.ts';

const PASSWORD = 'correct horse battery';
const os = (id: string): Caller => ({ kind: 'user', id, door: 'cli' });
const holder = (credential: string): Caller => ({ ...os('ann'), door: 'browser', credential });

describe('access control', () => {
  let folder: string;
  let store: Store;
  let access: AccessControl;
  let now = 1_800_000_000_000;
  const openStore = (): Store =>
    new Store({
      storeFile: join(folder, 'state.db'),
      logsFile: join(folder, 'logs.db'),
      blobsDir: join(folder, 'blobs'),
      onLog: () => undefined,
      onConversation: () => undefined,
      sync: 'NORMAL',
    });
  const open = (machine: string): Promise<AccessControl> =>
    AccessControl.open({
      repository: store.access,
      localUsersFile: join(folder, machine, 'local.json'),
      now: () => now,
    });
  const may = async (caller: Caller): Promise<readonly string[]> => [...(await access.identify(caller)).permissions];
  const code = (act: () => unknown): unknown => {
    try {
      act();
      return 'nothing';
    } catch (error) {
      return (error as { code: unknown }).code;
    }
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aiw-access-'));
    store = openStore();
    access = await open('here');
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('the user of the system who opens the project first is its admin, also after it is opened again', async () => {
    const { actor, permissions } = await access.identify(os('ann'));
    expect(actor).toEqual({ kind: 'user', id: 'ann', door: 'cli' });
    expect(BASE_PERMISSIONS.every((one) => permissions.has(one))).toBe(true);
    access = await open('here');
    await access.users.create({ username: 'boss', email: null, metadata: {}, roles: ['admin'], password: null });
    access.roles.revoke('ann', 'admin');
    access = await open('here');
    expect(await may(os('ann'))).toEqual([]);
    expect(access.directory.list().map((user) => user.username)).toEqual(['ann', 'boss']);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'here', 'local.json')).mode & 0o777).toBe(0o600);
  });

  it('many first calls at once make one user', async () => {
    await Promise.all(Array.from({ length: 20 }, () => access.identify(os('ann'))));
    expect(access.directory.list()).toHaveLength(1);
  });

  it('a folder that came from elsewhere opens no door with its own passwords, sessions and tokens', async () => {
    await access.identify(os('mallory'));
    await access.users.create({ username: 'ann', email: null, metadata: {}, roles: ['viewer'], password: PASSWORD });
    const { token } = await access.signIn.open({ username: 'ann', password: PASSWORD }, 'browser');
    const { secret } = access.tokens.create('mallory', { name: 'later', permissions: ['*'] });
    access = await open('elsewhere');
    expect(await may(os('ann'))).toContain('user:manage');
    await expect(access.identify(holder(token))).rejects.toMatchObject({ code: 'access.bad_token' });
    await expect(access.identify(holder(secret))).rejects.toMatchObject({ code: 'access.bad_token' });
    await expect(access.signIn.open({ username: 'ann', password: PASSWORD }, 'browser')).rejects.toMatchObject({
      code: 'access.bad_credentials',
    });
  });

  it('whoever only looks in writes nothing', () => {
    expect(access.glance(os('ann')).permissions.has('config:manage')).toBe(true);
    expect(access.directory.list()).toEqual([]);
  });

  it('the engine and whoever is inactive, removed or unknown may do nothing', async () => {
    await access.identify(os('ann'));
    await access.users.create({ username: 'bob', email: null, metadata: {}, roles: ['developer'], password: PASSWORD });
    const { token } = await access.signIn.open({ username: 'BOB', password: PASSWORD }, 'browser');
    const { secret } = access.tokens.create('bob', { name: 'ci', permissions: ['workflow:*'] });
    expect(await may(holder(token))).toContain('workflow:edit');
    expect(await may({ kind: 'system', id: 'engine', door: 'engine' })).toEqual([]);
    access.users.setActive('bob', false);
    await expect(access.identify(holder(token))).rejects.toMatchObject({ code: 'access.bad_token' });
    expect(await may(holder(secret))).toEqual([]);
    access.users.setActive('bob', true);
    expect(await may(holder(secret))).toContain('workflow:edit');
    access.users.remove('bob');
    await expect(access.identify(holder(secret))).rejects.toMatchObject({ code: 'access.bad_token' });
    await access.users.create({ username: 'bob', email: null, metadata: {}, roles: [], password: null });
    expect(access.directory.require('bob').id).toBe('bob-2');
  });

  it('names of users and roles that differ by case are the same', async () => {
    await access.identify(os('ann'));
    const draft = { username: 'Ann', email: null, metadata: {}, roles: [], password: null };
    await expect(access.users.create(draft)).rejects.toMatchObject({ code: 'user.exists' });
    access.roles.create({ name: 'Lead', description: '', permissions: ['WORKFLOW_WRITE'], inherits: ['VIEWER'] });
    expect(code(() => access.roles.create({ name: 'lead', description: '', permissions: [], inherits: [] }))).toBe(
      'role.exists',
    );
    expect(code(() => access.roles.create({ name: 'ADMIN', description: '', permissions: [], inherits: [] }))).toBe(
      'role.exists',
    );
    expect(access.roles.assign('ANN', 'LEAD').roles).toEqual(['admin', 'Lead']);
  });

  it('the last active admin stays, whatever takes the role away', async () => {
    await access.identify(os('ann'));
    access.roles.create({ name: 'boss', description: '', permissions: [], inherits: ['admin'] });
    expect(code(() => access.users.remove('ann'))).toBe('user.last_admin');
    expect(code(() => access.users.setActive('ann', false))).toBe('user.last_admin');
    expect(code(() => access.roles.revoke('ann', 'admin'))).toBe('user.last_admin');
    access.roles.assign('ann', 'boss');
    access.roles.revoke('ann', 'admin');
    expect(code(() => access.roles.edit('boss', { add: [], remove: [], inherits: ['viewer'] }))).toBe(
      'user.last_admin',
    );
    expect(await may(os('ann'))).toContain('user:manage');
    access = await open('here');
    expect(access.directory.list()).toMatchObject([{ username: 'ann', roles: ['boss'], isActive: true }]);
  });

  it('own roles change, predefined ones and those in use do not', async () => {
    await access.identify(os('ann'));
    access.roles.create({ name: 'qa', description: 'Tests', permissions: ['tool:use'], inherits: ['viewer'] });
    access.roles.create({ name: 'qa-lead', description: '', permissions: [], inherits: ['qa'] });
    expect(access.roles.edit('QA', { add: ['approval:*'], remove: ['TOOL_USE'] }).effective).toEqual([
      'workflow:read',
      'approval:request',
      'approval:approve',
      'approval:reject',
      'tool:read',
      'agent:read',
    ]);
    expect(code(() => access.roles.edit('qa', { add: [], remove: [], inherits: ['QA-LEAD'] }))).toBe('role.cycle');
    expect(code(() => access.roles.edit('qa', { add: ['fly:high'], remove: [] }))).toBe('role.unknown_permission');
    expect(code(() => access.roles.edit('viewer', { add: ['*'], remove: [] }))).toBe('role.predefined');
    expect(code(() => access.roles.delete('admin'))).toBe('role.predefined');
    expect(code(() => access.roles.delete('qa'))).toBe('role.in_use');
    access.roles.delete('qa-lead');
    access.roles.delete('qa');
    expect(code(() => access.roles.delete('qa'))).toBe('role.not_found');
  });

  it('a token carries what it was given and never more than its user may do', async () => {
    await access.identify(os('ann'));
    await access.users.create({ username: 'bob', email: null, metadata: {}, roles: ['executor'], password: null });
    const { secret } = access.tokens.create('bob', { name: 'ci', permissions: ['workflow:*', 'config:manage'] });
    expect(await may(holder(secret))).toEqual(['workflow:read', 'workflow:execute', 'tool:read', 'agent:read']);
    access.roles.revoke('bob', 'executor');
    expect(await may(holder(secret))).toEqual([]);
    expect(access.tokens.list()).toMatchObject([{ userId: 'bob', name: 'ci', lastUsedAt: now }]);
  });

  it('five wrong passwords lock a name for a quarter of an hour, at once or one by one, of a user or of nobody', async () => {
    await access.identify(os('ann'));
    await access.users.create({ username: 'bob', email: null, metadata: {}, roles: [], password: PASSWORD });
    for (const username of ['bob', 'nobody']) {
      const tries = await Promise.allSettled(
        Array.from({ length: 12 }, (_, n) => access.signIn.open({ username, password: `wrong ${n}` }, 'browser')),
      );
      const codes = tries.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'in'));
      expect(codes.filter((one) => one === 'access.bad_credentials')).toHaveLength(MOST_FAILURES);
      expect(codes.filter((one) => one === 'access.locked')).toHaveLength(12 - MOST_FAILURES);
    }
    access = await open('here');
    const right = { username: 'bob', password: PASSWORD };
    await expect(access.signIn.open(right, 'browser')).rejects.toMatchObject({ code: 'access.locked' });
    now += LOCK_MS;
    await expect(access.signIn.open(right, 'browser')).resolves.toMatchObject({ userId: 'bob' });
    expect(access.directory.view('bob').lastLoginAt).toBe(now);
  });

  it('a session ends by itself, when it is not used, by a new password, and when it is revoked', async () => {
    await access.identify(os('ann'));
    await access.users.create({ username: 'bob', email: null, metadata: {}, roles: ['viewer'], password: PASSWORD });
    const signIn = async (): Promise<string> =>
      (await access.signIn.open({ username: 'bob', password: PASSWORD }, 'browser')).token;
    const idle = await signIn();
    now += SESSION_IDLE_MS - 1;
    expect(await may(holder(idle))).toContain('workflow:read');
    now += SESSION_IDLE_MS;
    await expect(access.identify(holder(idle))).rejects.toMatchObject({ code: 'access.bad_token' });
    const used = await signIn();
    const openedAt = now;
    while (now - openedAt + SESSION_IDLE_MS / 2 < SESSION_ABSOLUTE_MS) {
      now += SESSION_IDLE_MS / 2;
      expect(await may(holder(used))).toContain('workflow:read');
    }
    now = openedAt + SESSION_ABSOLUTE_MS;
    await expect(access.identify(holder(used))).rejects.toMatchObject({ code: 'access.bad_token' });
    const changed = await signIn();
    expect(access.signIn.list()).toMatchObject([{ userId: 'bob', door: 'browser' }]);
    await access.users.setPassword('bob', 'another long one');
    await expect(access.identify(holder(changed))).rejects.toMatchObject({ code: 'access.bad_token' });
    const { token } = await access.signIn.open({ username: 'bob', password: 'another long one' }, 'socket');
    access.signIn.revoke(access.signIn.list()[0]?.id ?? '');
    await expect(access.identify(holder(token))).rejects.toMatchObject({ code: 'access.bad_token' });
    expect(code(() => access.signIn.revoke('0000'))).toBe('session.not_found');
  });

  it('a session of a link is written down when it is met, with from where, and ended here it is good nowhere', async () => {
    const by = (link: string): Caller => ({
      ...os('ann'),
      link,
      from: { sourceIp: '127.0.0.1', userAgent: `browser ${link}` },
    });
    expect(await may(by('one'))).toContain('user:manage');
    now += 1_000;
    expect(await may(by('two'))).toContain('user:manage');
    expect(access.signIn.list()).toMatchObject([
      { userId: 'ann', byLink: true, openedAt: now, from: { userAgent: 'browser two' } },
      { userId: 'ann', byLink: true, openedAt: now - 1_000, from: { sourceIp: '127.0.0.1' } },
    ]);
    // The door says how long it lives, and what it is known by is no credential.
    await expect(access.identify(holder('one'))).rejects.toMatchObject({ code: 'access.bad_token' });
    await access.users.setPassword('ann', PASSWORD);
    access.signIn.revoke(access.signIn.list()[1]?.id ?? '');
    await expect(access.identify(by('one'))).rejects.toMatchObject({ code: 'access.bad_token' });
    expect(await may(by('two'))).toContain('user:manage');
    await access.signIn.open({ username: 'ann', password: PASSWORD }, 'browser');
    now += SESSION_IDLE_MS;
    await access.signIn.open({ username: 'ann', password: PASSWORD }, 'browser');
    await expect(access.identify(by('one'))).rejects.toMatchObject({ code: 'access.bad_token' });
    expect(code(() => access.signIn.revoke('0000'))).toBe('session.not_found');
  });

  it('what waits to be looked at has an end, and a try that nobody looks at counts for no name', async () => {
    await access.identify(os('ann'));
    await access.users.create({ username: 'bob', email: null, metadata: {}, roles: [], password: null });
    const storm = Array.from({ length: 50 }, (_, n) =>
      access.signIn.open({ username: `nobody ${n}`, password: 'wrong' }, 'browser'),
    );
    void Promise.allSettled(storm);
    const late = Array.from({ length: 10 }, () => access.signIn.open({ username: 'bob', password: 'any' }, 'browser'));
    for (const one of late) await expect(one).rejects.toMatchObject({ code: 'access.locked' });
    expect(access.directory.byName('bob')).toMatchObject({ failures: 0, lockedUntil: null });
  });

  it('neither a password nor the secret of a session or a token is stored', async () => {
    await access.identify(os('ann'));
    await access.users.create({ username: 'bob', email: null, metadata: {}, roles: [], password: PASSWORD });
    const { token } = await access.signIn.open({ username: 'bob', password: PASSWORD }, 'browser');
    const { secret } = access.tokens.create('bob', { name: 'ci', permissions: ['tool:use'] });
    for (const file of ['state.db', 'state.db-wal']) {
      const stored = readFileSync(join(folder, file), 'latin1');
      for (const said of [PASSWORD, token, secret]) expect(stored).not.toContain(said);
    }
  });
});
