import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BrowserDoor, startBrowserDoor } from '../../src/server/browser-door/browser-door.ts';
import { sessionFile } from '../../src/server/browser-door/session-file.ts';
import { type LiveBatch, type Me, OPERATIONS } from '../../src/shared/contract/index.ts';
import { ask, openEvents, type Reply, signIn } from '../support/doors/browser-visitor.ts';
import { LocalProject } from '../support/local-project.ts';

const PASSWORD = 'correct horse & battery';
let folder: string;
let project: LocalProject;
let door: BrowserDoor;

const openDoor = async (): Promise<BrowserDoor> =>
  startBrowserDoor({
    host: '127.0.0.1',
    port: 0,
    clientDir: folder,
    center: await project.center(),
    // One file whatever the port: a door that is opened again has the sessions of the one before.
    keepSessions: () => sessionFile(join(folder, 'user'), project.path, 1),
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>the page</title>');
  project = new LocalProject();
  project.addWorkflow('nap', [['action: workflow.noop']]);
  await project.call('users.create', { username: 'bob', roles: ['viewer'], password: PASSWORD });
  door = await openDoor();
});
afterEach(async () => {
  await door.close();
  await project.close();
  rmSync(folder, { recursive: true, force: true });
});

const post = (fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
  ask(door.port, {
    method: 'POST',
    path: '/sign-in',
    headers: { origin: door.url, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
const cookieOf = (reply: Reply): string => String(reply.headers['set-cookie']).split(';')[0] ?? '';
/** The headers of a right call of the page that has this cookie. */
async function headersOf(cookie: string): Promise<Record<string, string>> {
  const reply = await ask(door.port, { method: 'POST', path: '/api/session', headers: { cookie, origin: door.url } });
  expect(reply.status, reply.body).toBe(200);
  const { token } = JSON.parse(reply.body) as { token: string };
  return { cookie, origin: door.url, 'x-aiworkflow-token': token, 'content-type': 'application/json' };
}
const call = async (headers: Record<string, string>, name: string, input: unknown = {}): Promise<[number, unknown]> => {
  const reply = await ask(door.port, {
    method: 'POST',
    path: '/api/call',
    headers,
    body: JSON.stringify({ name, input }),
  });
  return [reply.status, JSON.parse(reply.body)];
};
const signedIn = async (): Promise<Record<string, string>> =>
  headersOf(cookieOf(await post({ username: 'bob', password: PASSWORD })));

describe('signing in with a password', () => {
  it('lets a user in, with a cookie that scripts do not get, and with his rights alone', async () => {
    const reply = await post({ username: 'BOB', password: PASSWORD });
    expect([reply.status, reply.headers.location]).toEqual([303, '/']);
    expect(String(reply.headers['set-cookie'])).toMatch(
      /^aiw_\d+=[0-9a-f]{64}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=604800$/,
    );
    const headers = await headersOf(cookieOf(reply));
    expect(await call(headers, 'access.me')).toMatchObject([
      200,
      { ok: true, value: { user: { id: 'bob', roles: ['viewer'] } } },
    ]);
    expect(await call(headers, 'app.info')).toMatchObject([200, { ok: true, value: { user: 'bob' } }]);
    expect(await call(headers, 'runs.start', { workflow: 'nap' })).toMatchObject([
      200,
      { ok: false, error: { code: 'access.denied', message: 'User bob does not have permission workflow:execute' } },
    ]);
    await project.call('roles.assign', { username: 'bob', role: 'executor' });
    expect(await call(headers, 'runs.start', { workflow: 'nap' })).toMatchObject([200, { ok: true }]);
  });

  it('ends when it is revoked, when the user is switched off, and not with the door', async () => {
    const first = await signedIn();
    await door.close();
    door = await openDoor();
    const cookie = (first.cookie ?? '').replace(/aiw_\d+/, `aiw_${door.port}`);
    const again = await headersOf(cookie);
    expect(await call(again, 'workflows.list')).toMatchObject([200, { ok: true }]);
    const { sessions } = await project.call('sessions.list', {});
    expect(sessions).toMatchObject([{ userId: 'bob', door: 'browser' }]);
    await project.call('sessions.revoke', { id: sessions[0]?.id ?? '' });
    expect(await call(again, 'workflows.list')).toMatchObject([401, { error: { code: 'access.bad_token' } }]);
    const other = await signedIn();
    await project.call('users.setActive', { username: 'bob', isActive: false });
    expect(await call(other, 'workflows.list')).toMatchObject([401, { error: { code: 'access.bad_token' } }]);
  });

  it('what hears the app live is closed as soon as the session ends, and hears of every change of rights before', async () => {
    const headers = await signedIn();
    const path = `/api/events?token=${headers['x-aiworkflow-token']}`;
    const heard = await openEvents(door.port, path, headers);
    if (typeof heard !== 'object') throw new Error(`refused with ${heard}`);
    const kinds: string[] = [];
    heard.on('message', (data) => {
      const batch = JSON.parse(String(data)) as LiveBatch;
      kinds.push(...batch.events.map(({ kind }) => kind));
    });
    const closed = new Promise<number>((resolve) => heard.on('close', resolve));
    await project.call('roles.assign', { username: 'bob', role: 'executor' });
    await expect.poll(() => kinds).toContain('access');
    const { sessions } = await project.call('sessions.list', {});
    await project.call('sessions.revoke', { id: sessions[0]?.id ?? '' });
    expect(await closed).toBe(4401);
  });

  it('what each operation needs is said with the rights, out of the contract', async () => {
    const [, answer] = await call(await signedIn(), 'access.me');
    const { needs } = (answer as { value: Me }).value;
    expect(Object.keys(needs).sort()).toEqual(Object.keys(OPERATIONS).sort());
    expect(needs).toMatchObject({
      'runs.start': { permission: 'workflow:execute', changes: true },
      'runs.list': { permission: 'workflow:read', changes: false },
      'audit.query': { permission: 'audit:read', changes: false },
      'sessions.open': { permission: null, changes: true },
    });
  });

  it('one that a link has opened is listed with from where; ended there, its page is out at once', async () => {
    const visitors = [await signIn(door), await signIn(door)];
    for (const [at, { headers }] of visitors.entries())
      expect(await call({ ...headers, 'user-agent': `browser ${at}` }, 'app.info')).toMatchObject([200, { ok: true }]);
    const listed = async () => (await project.call('sessions.list', {})).sessions;
    const first = (await listed()).find(({ from }) => from?.userAgent === 'browser 0');
    expect(first).toMatchObject({ byLink: true, door: 'browser', from: { sourceIp: '127.0.0.1' } });
    const [gone, stays] = visitors;
    const heard = await openEvents(door.port, `/api/events?token=${gone?.token}`, gone?.headers ?? {});
    if (typeof heard !== 'object') throw new Error(`refused with ${heard}`);
    const closed = new Promise<number>((resolve) => heard.on('close', resolve));
    await project.call('sessions.revoke', { id: first?.id ?? '' });
    expect(await closed).toBe(4401);
    expect(await call({ ...gone?.headers }, 'app.info')).toMatchObject([401, { error: { code: 'access.bad_token' } }]);
    expect(await call({ ...stays?.headers }, 'app.info')).toMatchObject([200, { ok: true }]);
    expect((await listed()).map(({ from }) => from?.userAgent)).toEqual(['browser 1']);
  });

  it('a storm of 1,000 wrong passwords from several names: throttled, few lines in the audit, and the right one works after it', async () => {
    const names = ['bob', 'BOB', 'root', 'admin', 'x'.repeat(100)];
    for (let sent = 0; sent < 1_000; sent += 50) {
      const tries = Array.from({ length: 50 }, (_, n) =>
        post({ username: names[n % 5] ?? '', password: `${sent + n}` }),
      );
      for (const { status } of await Promise.all(tries)) expect(status).toBe(401);
    }
    const rows = async (eventType: 'auth.failed' | 'auth.login') =>
      (await project.call('audit.query', { eventType, limit: 1_000 })).events;
    const failed = await rows('auth.failed');
    expect(failed.length).toBeGreaterThan(20);
    expect(failed.length + (await rows('auth.login')).length).toBeLessThan(100);
    const counted = failed.flatMap(({ details }) => (typeof details.more === 'number' ? [details.more] : []));
    expect(counted.length).toBeGreaterThan(0);
    expect((await post({ username: 'bob', password: PASSWORD })).body).toContain('too many wrong passwords');
    await project.call('users.setPassword', { username: 'bob', password: PASSWORD });
    expect((await post({ username: 'bob', password: PASSWORD })).status).toBe(303);
    expect(
      (await rows('auth.login')).some(({ user_id, details }) => user_id === 'bob' && details.phase === 'outcome'),
    ).toBe(true);
    expect((await project.call('audit.verify', {})).state).toBe('ok');
  });

  it('says what is wrong on the page, and locks the name after five', async () => {
    for (let n = 0; n < 5; n += 1) {
      const reply = await post({ username: 'bob', password: `<b>${n}` });
      expect([reply.status, reply.headers['set-cookie']]).toEqual([401, undefined]);
      expect(reply.body).toContain('role="alert">The user name or the password is not right.');
    }
    expect((await post({ username: 'bob', password: PASSWORD })).body).toContain('too many wrong passwords');
  });

  it('the audit says who came in, and never names whoever runs the app for somebody whom nobody knows', async () => {
    await post({ username: 'bob', password: 'wrong wrong' });
    const headers = await headersOf(cookieOf(await post({ username: 'bob', password: PASSWORD })));
    const [session] = (await project.call('sessions.list', {})).sessions;
    await project.call('sessions.revoke', { id: session?.id ?? '' });
    expect((await call(headers, 'access.me'))[0]).toBe(401);
    const { events } = await project.call('audit.query', {});
    const said = events
      .filter(({ door }) => door === 'browser')
      .map(({ event_type, user_id, resource }) => [event_type, user_id, resource]);
    expect(said.reverse()).toEqual([
      ['auth.login', 'system:unknown', 'session:bob'],
      ['auth.failed', 'system:unknown', 'session:bob'],
      ['auth.login', 'system:unknown', 'session:bob'],
      ['auth.login', 'bob', 'session:bob'],
      ['security.permission_denied', 'system:unknown', 'access:'],
    ]);
  });

  it('the audit says from where it was asked, with which program, and by which session; nobody says that himself', async () => {
    const agent = { 'user-agent': 'A browser/1.0', 'x-forwarded-for': '203.0.113.9' };
    await post({ username: 'bob', password: 'wrong wrong' }, agent);
    const headers = await headersOf(cookieOf(await post({ username: 'bob', password: PASSWORD }, agent)));
    const [session] = (await project.call('sessions.list', {})).sessions;
    expect((await call({ ...headers, ...agent }, 'users.remove', { username: 'tester' }))[0]).toBe(200);
    const { events } = await project.call('audit.query', {});
    const said = events.filter(({ door }) => door === 'browser').reverse();
    expect(said.map(({ event_type }) => event_type)).toEqual([
      ...['auth.login', 'auth.failed', 'auth.login', 'auth.login', 'security.permission_denied'],
    ]);
    for (const { source_ip, user_agent } of said)
      expect([source_ip, user_agent]).toEqual(['127.0.0.1', 'A browser/1.0']);
    expect(said.at(-1)).toMatchObject({ user_id: 'bob', details: { session: session?.id, operation: 'users.remove' } });
    expect(events.some(({ door, source_ip }) => door === 'cli' && source_ip !== null)).toBe(false);
  });

  it('takes a form of its own page alone', async () => {
    const right = { username: 'bob', password: PASSWORD };
    for (const origin of ['https://evil.example', 'null', ''])
      expect((await post(right, { origin })).status, origin).toBe(403);
    expect((await post(right, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post({ username: 'x'.repeat(10_000), password: '' })).status).toBe(413);
    expect((await post({})).status).toBe(401);
    const page = await ask(door.port, { path: '/sign-in' });
    expect([page.status, page.headers['content-security-policy']]).toEqual([
      200,
      expect.stringContaining("form-action 'self'"),
    ]);
  });

  it('somebody who may not see anything hears nothing', async () => {
    const headers = await signedIn();
    const path = `/api/events?token=${headers['x-aiworkflow-token']}`;
    const heard = await openEvents(door.port, path, headers);
    expect(heard).toBeTypeOf('object');
    if (typeof heard === 'object') heard.terminate();
    await project.call('roles.revoke', { username: 'bob', role: 'viewer' });
    expect(await openEvents(door.port, path, headers)).toBe(403);
  });
});
