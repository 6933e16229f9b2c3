import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { type BrowserDoor, startBrowserDoor } from '../../src/server/browser-door/browser-door.ts';
import { LINK_VALID_MS } from '../../src/server/browser-door/link-codes.ts';
import { sessionFile } from '../../src/server/browser-door/session-file.ts';
import { type LiveBatch, MAX_CALL_BYTES } from '../../src/shared/contract/index.ts';
import { SESSION_ABSOLUTE_MS, SESSION_IDLE_MS } from '../../src/shared/model/access.ts';
import { type Ask, ask, openEvents, type Reply, signIn, type Visitor } from '../support/doors/browser-visitor.ts';
import { createFakeControlCenter, type FakeControlCenter } from '../support/doors/fake-control-center.ts';

let folder: string;
let door: BrowserDoor;
let center: FakeControlCenter;
let visitor: Visitor;
let clock: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'browser-door-'));
  writeFileSync(join(folder, 'outside.txt'), 'a file outside of the client');
  mkdirSync(join(folder, 'client', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'client', 'index.html'), '<!doctype html><title>the page</title>');
  writeFileSync(join(folder, 'client', 'assets', 'index-abc123.js'), 'export {};');
  clock = 1_000_000;
  center = createFakeControlCenter();
  door = await startBrowserDoor({
    host: '127.0.0.1',
    port: 0,
    clientDir: join(folder, 'client'),
    center,
    now: () => clock,
  });
  visitor = await signIn(door);
});
afterEach(async () => {
  await door.close();
  rmSync(folder, { recursive: true, force: true });
});

const callWith = (headers: Readonly<Record<string, string>>, body: Ask['body'] = '{"name":"app.info","input":{}}') =>
  ask(door.port, { method: 'POST', path: '/api/call', headers, body });
const without = (name: string): Record<string, string> => {
  const { [name]: _left, ...rest } = visitor.headers;
  return rest;
};
const codeOf = (reply: Reply): string => (JSON.parse(reply.body) as { error: { code: string } }).error.code;

describe('calls', () => {
  it('answers a right call as the user of the browser door', async () => {
    const reply = await callWith(visitor.headers);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toMatchObject({ ok: true, value: { actor: { kind: 'user', door: 'browser' } } });
    expect(reply.headers['cache-control']).toBe('no-store');
  });

  it('answers under localhost as well, with its own origin', async () => {
    const localhost = `localhost:${door.port}`;
    const headers = { ...visitor.headers, host: localhost, origin: `http://${localhost}` };
    expect((await callWith(headers)).status).toBe(200);
  });

  it.each([
    ['no token', () => without('x-aiworkflow-token'), 401, 'access.bad_token'],
    ['a wrong token', () => ({ ...visitor.headers, 'x-aiworkflow-token': 'A'.repeat(43) }), 401, 'access.bad_token'],
    ['no cookie', () => without('cookie'), 401, 'access.bad_token'],
    ['a wrong cookie', () => ({ ...visitor.headers, cookie: `${visitor.cookie}x` }), 401, 'access.bad_token'],
    ['no origin', () => without('origin'), 403, 'access.bad_origin'],
    ['a foreign origin', () => ({ ...visitor.headers, origin: 'https://evil.example' }), 403, 'access.bad_origin'],
    ['an opaque origin', () => ({ ...visitor.headers, origin: 'null' }), 403, 'access.bad_origin'],
    [
      'the origin of another port',
      () => ({ ...visitor.headers, origin: 'http://127.0.0.1:1' }),
      403,
      'access.bad_origin',
    ],
    [
      'https of the own name',
      () => ({ ...visitor.headers, origin: `https://127.0.0.1:${door.port}` }),
      403,
      'access.bad_origin',
    ],
    [
      'a rebound name that agrees with its origin',
      () => ({ ...visitor.headers, host: `evil.example:${door.port}`, origin: `http://evil.example:${door.port}` }),
      403,
      'access.bad_origin',
    ],
    [
      'a host without the port',
      () => ({ ...visitor.headers, host: '127.0.0.1', origin: 'http://127.0.0.1' }),
      403,
      'access.bad_origin',
    ],
    [
      'a form',
      () => ({ ...visitor.headers, 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'contract.invalid_input',
    ],
    ['plain text', () => ({ ...visitor.headers, 'content-type': 'text/plain' }), 415, 'contract.invalid_input'],
    ['no content type', () => without('content-type'), 415, 'contract.invalid_input'],
  ])('refuses %s', async (_what, headersOf, status, code) => {
    const reply = await callWith(headersOf());
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
    expect(center.entered).toEqual([]);
  });

  it.each([
    ['broken JSON', '{"name":'],
    ['nothing', ''],
    ['a list', '[]'],
    ['another field', '{"name":"app.info","input":{},"actor":{"kind":"system","id":"x","door":"engine"}}'],
    ['__proto__', '{"name":"app.info","input":{"__proto__":{"x":1}}}'],
    ['too deep', `{"name":"runs.start","input":{"workflow":"w","inputs":${'{"a":'.repeat(500)}1${'}'.repeat(500)}}}`],
    ['far too deep', `{"name":"app.info","input":${'['.repeat(1e6)}${']'.repeat(1e6)}}`],
  ])('refuses a body that is %s', async (_what, body) => {
    const reply = await callWith(visitor.headers, body);
    expect([reply.status, codeOf(reply)]).toEqual([400, 'contract.invalid_input']);
    expect(center.entered).toEqual([]);
  });

  it('refuses an oversized body, said or unsaid', async () => {
    const body = Buffer.alloc(MAX_CALL_BYTES + 1, 0x20);
    const said = await callWith({ ...visitor.headers, 'content-length': String(body.length) }, body);
    expect([said.status, codeOf(said)]).toEqual([413, 'contract.too_large']);
    // The door answers and hangs up while the rest is still being sent; either way nothing gets in.
    const unsaid = await callWith({ ...visitor.headers, 'transfer-encoding': 'chunked' }, body).catch(() => null);
    expect(unsaid === null || unsaid.status === 413).toBe(true);
    expect(center.entered).toEqual([]);
  });

  it('passes the typed refusal of an unknown operation or a wrong input on', async () => {
    for (const [body, code] of [
      ['{"name":"no.such"}', 'contract.unknown_operation'],
      ['{"name":"constructor"}', 'contract.unknown_operation'],
      ['{"name":"app.info","input":{"extra":1}}', 'contract.invalid_input'],
    ] as const) {
      const reply = await callWith(visitor.headers, body);
      expect([reply.status, codeOf(reply)]).toEqual([200, code]);
    }
    expect(center.entered).toEqual([]);
  });

  it('knows no other method and no other address', async () => {
    for (const [method, path] of [
      ['GET', '/api/call'],
      ['PUT', '/api/call'],
      ['DELETE', '/api/call'],
      ['GET', '/api/session'],
      ['POST', '/api/other'],
      ['POST', '/open'],
      ['OPTIONS', '/api/call'],
    ] as const) {
      const reply = await ask(door.port, { method, path, headers: without('content-type') });
      expect([method, path, reply.status, codeOf(reply)]).toEqual([method, path, 404, 'file.not_found']);
      expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

describe('links and sessions', () => {
  const open = (link: string, headers: Ask['headers'] = {}) =>
    ask(door.port, { path: link.slice(door.url.length), headers });

  it('opens once, with a cookie that scripts and other sites do not get', async () => {
    const link = door.newLink();
    const first = await open(link);
    expect([first.status, first.headers.location]).toEqual([303, '/']);
    expect(String(first.headers['set-cookie'])).toMatch(
      new RegExp(`^aiw_${door.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
    const second = await open(link);
    expect([second.status, second.headers['set-cookie']]).toEqual([403, undefined]);
    expect((await open(link, { cookie: visitor.cookie })).status).toBe(303);
  });

  it('refuses an expired, wrong, doubled or missing code', async () => {
    const link = door.newLink();
    clock += LINK_VALID_MS;
    expect((await open(link)).status).toBe(403);
    for (const path of ['/open', '/open?code=', '/open?code=x', `${door.newLink().slice(door.url.length)}&code=x`]) {
      expect((await ask(door.port, { path })).status).toBe(403);
    }
  });

  it('gives a second session its own token, which does not fit the first', async () => {
    const other = await signIn(door);
    expect(other.token).not.toBe(visitor.token);
    expect((await callWith(other.headers)).status).toBe(200);
    expect((await callWith({ ...visitor.headers, 'x-aiworkflow-token': other.token })).status).toBe(401);
    expect((await callWith(visitor.headers)).status).toBe(200);
  });

  it('gives the token only to the own page', async () => {
    const askToken = (headers: Ask['headers'] = {}) =>
      ask(door.port, { method: 'POST', path: '/api/session', headers });
    expect((await askToken({ cookie: visitor.cookie })).status).toBe(403);
    expect((await askToken({ cookie: visitor.cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await askToken({ origin: door.url })).status).toBe(401);
  });

  it('ends after 12 idle hours, and after 7 days whatever happens', async () => {
    clock += SESSION_IDLE_MS - 1;
    expect((await callWith(visitor.headers)).status).toBe(200);
    clock += SESSION_IDLE_MS;
    expect((await callWith(visitor.headers)).status).toBe(401);
    const busy = await signIn(door);
    const step = SESSION_IDLE_MS - 1;
    for (let passed = step; passed < SESSION_ABSOLUTE_MS; passed += step) {
      clock += step;
      expect((await callWith(busy.headers)).status).toBe(200);
    }
    clock += step;
    expect((await callWith(busy.headers)).status).toBe(401);
  });
});

describe('sessions over a restart of the host', () => {
  const start = (port: number, project = '/office'): Promise<BrowserDoor> =>
    startBrowserDoor({
      host: '127.0.0.1',
      port,
      clientDir: join(folder, 'client'),
      center,
      keepSessions: (own) => sessionFile(folder, project, own),
      now: () => clock,
    });
  const sessionFiles = (): string[] => readdirSync(join(folder, 'browser-sessions'));
  /** Another host on the same port, after the first has ended. */
  const restart = async (project?: string): Promise<void> => {
    const { port } = door;
    await door.close();
    door = await start(port, project);
  };
  beforeEach(async () => {
    await door.close();
    door = await start(0);
    visitor = await signIn(door);
  });

  it('live on with their hours, in a file that holds no secret and that nobody else may read', async () => {
    await restart();
    expect((await callWith(visitor.headers)).status).toBe(200);
    const [name = ''] = sessionFiles();
    const path = join(folder, 'browser-sessions', name);
    expect(statSync(path).mode & 0o077).toBe(0);
    const secret = /=([\w-]+)/.exec(visitor.cookie)?.[1] ?? '';
    expect(secret).toHaveLength(43);
    expect(readFileSync(path, 'utf8')).not.toContain(secret);
    expect(readFileSync(path, 'utf8')).not.toContain(visitor.token);
    clock += SESSION_IDLE_MS;
    await restart();
    expect((await callWith(visitor.headers)).status).toBe(401);
  });

  it('open nothing of another project, and nothing after their file was removed or broken', async () => {
    await restart('/another');
    expect((await callWith(visitor.headers)).status).toBe(401);
    for (const name of sessionFiles()) writeFileSync(join(folder, 'browser-sessions', name), '{"key": 1}');
    await restart();
    expect((await callWith(visitor.headers)).status).toBe(401);
  });
});

describe('live events', () => {
  const eventsPath = (): string => `/api/events?token=${visitor.token}`;

  it('sends what happens as frames and answers nothing', async () => {
    const socket = await openEvents(door.port, eventsPath(), { cookie: visitor.cookie, origin: door.url });
    if (!(socket instanceof WebSocket)) throw new Error(`refused with ${socket}`);
    const frame = new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))));
    center.publish([{ kind: 'library' }]);
    expect(JSON.parse(await frame)).toEqual({ number: 1, events: [{ kind: 'library' }] });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.send('x'.repeat(2000));
    expect(await closed).toBe(1009);
  });

  it('drops what a slow page cannot take and shows it by a gap, in place of growing', async () => {
    const socket = await openEvents(door.port, eventsPath(), { cookie: visitor.cookie, origin: door.url });
    if (!(socket instanceof WebSocket)) throw new Error(`refused with ${socket}`);
    const frames: LiveBatch[] = [];
    const hasEnded = new Promise<void>((resolve) =>
      socket.on('message', (data) => {
        const frame = JSON.parse(String(data)) as LiveBatch;
        frames.push(frame);
        if (frame.events.some((event) => event.kind === 'library')) resolve();
      }),
    );
    // Of ever new runs: what is about the same one is merged and stays small.
    for (let round = 0; round < 200; round += 1) {
      const runIdAt = (at: number): string => `${round * 500 + at}`.padStart(1_000, 'r');
      center.publish(
        Array.from({ length: 500 }, (_, position) => ({ kind: 'run_deleted', position, runId: runIdAt(position) })),
      );
    }
    await expect.poll(() => frames.some((frame, index) => frame.number > index + 1)).toBe(true);
    center.publish([{ kind: 'library' }]);
    await hasEnded;
    const steps = frames.slice(1).map((frame, index) => frame.number - (frames[index]?.number ?? 0));
    expect(steps.filter((step) => step !== 1)).toEqual([2]);
  });

  it.each([
    ['a cross-site page', () => ({ cookie: visitor.cookie, origin: 'https://evil.example' }), () => eventsPath(), 403],
    ['no origin', () => ({ cookie: visitor.cookie }), () => eventsPath(), 403],
    [
      'a rebound name',
      () => ({ cookie: visitor.cookie, host: `evil.example:${door.port}`, origin: `http://evil.example:${door.port}` }),
      () => eventsPath(),
      403,
    ],
    ['no cookie', () => ({ origin: door.url }), () => eventsPath(), 401],
    ['no token', () => ({ cookie: visitor.cookie, origin: door.url }), () => '/api/events', 401],
    ['a wrong token', () => ({ cookie: visitor.cookie, origin: door.url }), () => '/api/events?token=x', 401],
    [
      'another address',
      () => ({ cookie: visitor.cookie, origin: door.url }),
      () => `/other?token=${visitor.token}`,
      401,
    ],
  ])('refuses %s', async (_what, headersOf, pathOf, status) => {
    expect(await openEvents(door.port, pathOf(), headersOf())).toBe(status);
  });
});

describe('the page', () => {
  it('may do only what it needs', async () => {
    for (const path of ['/', '/open?code=x', '/assets/index-abc123.js', '/api/nothing']) {
      const { headers } = await ask(door.port, { path });
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    }
  });

  it('answers every screen with the page and keeps only hashed parts', async () => {
    for (const path of ['/', '/runs', '/runs/run-1?tab=log']) {
      const reply = await ask(door.port, { path });
      expect([reply.status, reply.headers['cache-control']]).toEqual([200, 'no-cache']);
      expect(reply.body).toContain('the page');
    }
    const part = await ask(door.port, { path: '/assets/index-abc123.js' });
    expect([part.status, part.headers['content-type'], part.headers['cache-control']]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ]);
    expect((await ask(door.port, { path: '/assets/gone-def.js' })).status).toBe(404);
  });

  it.each([
    '/../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/assets/../../outside.txt',
    '//outside.txt',
    '/..%5coutside.txt',
    '/%00/outside.txt',
    '/%',
    '/%c0%ae%c0%ae/outside.txt',
    '/assets',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
  ])('serves nothing outside of the client for %s', async (path) => {
    const reply = await ask(door.port, { path });
    expect(reply.body).not.toContain('outside of the client');
    expect(reply.body).not.toContain('root:');
    expect([200, 400, 404]).toContain(reply.status);
    if (reply.status === 200) expect(reply.body).toContain('the page');
  });

  it('opens on loopback only, and says when a port is taken', async () => {
    const options = { port: 0, clientDir: join(folder, 'client'), center };
    await expect(startBrowserDoor({ ...options, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'usage.invalid' });
    await expect(startBrowserDoor({ ...options, host: '127.0.0.1', port: door.port })).rejects.toMatchObject({
      code: 'usage.invalid',
      details: { taken: true },
    });
    await expect(startBrowserDoor({ ...options, host: '127.0.0.1', clientDir: folder })).rejects.toMatchObject({
      code: 'file.not_found',
    });
  });
});
