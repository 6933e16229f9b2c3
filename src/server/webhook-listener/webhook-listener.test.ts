import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WebhookReply, WebhookRequest } from '../../core/triggers/index.ts';
import { isLoopbackHost, startWebhookListener, type WebhookListener } from './webhook-listener.ts';

let listener: WebhookListener;
let seen: WebhookRequest[] = [];
let reply: (request: WebhookRequest) => Promise<WebhookReply>;

beforeAll(async () => {
  listener = await startWebhookListener({
    host: '127.0.0.1',
    port: 0,
    receive: (request) => {
      seen.push(request);
      return reply(request);
    },
  });
});
beforeEach(() => {
  seen = [];
  reply = async () => ({ status: 202, body: { status: 'ignored' } });
});
afterAll(() => listener.close());

/** Sends bytes as they are and gives all that comes back until the other side ends the connection. */
function overSocket(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(listener.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}
const post = (body: BodyInit | null, headers: Record<string, string> = {}, path = '/hook'): Promise<Response> =>
  fetch(`${listener.url}${path}`, { method: 'POST', body, headers });

describe('the listener', () => {
  it('hands over the bytes of every body, whatever it says to be', async () => {
    const odd = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0xff, 0x0d, 0x0a, 0x00, 0x7d]);
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'no type at all', ';'])
      expect((await post(odd, { 'content-type': type })).status).toBe(202);
    const raw = `POST /hook HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${odd.length}\r\n\r\n`;
    expect(await overSocket(Buffer.concat([Buffer.from(raw), odd]))).toContain('202');
    const chunked = `POST /hook HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n3\r\na":\r\n2\r\n1}\r\n0\r\n\r\n`;
    expect(await overSocket(chunked)).toContain('202');
    expect(seen.slice(0, 6).map(({ body }) => Buffer.from(body ?? []))).toEqual(Array(6).fill(odd));
    expect(Buffer.from(seen[6]?.body ?? []).toString()).toBe('{"a":1}');
  });

  it('hands over method, target, headers as they came and where they came from', async () => {
    await overSocket(
      'PUT /a%20b/../c?x=1 HTTP/1.1\r\nHost: x\r\nX-One: 1\r\nx-one: 2\r\ncontent-TYPE: text/odd\r\nConnection: close\r\n\r\n',
    );
    expect(seen[0]).toMatchObject({
      method: 'PUT',
      target: '/a%20b/../c?x=1',
      sourceIp: '127.0.0.1',
      isLoopback: true,
    });
    expect(seen[0]?.headers).toEqual([
      ['Host', 'x'],
      ['X-One', '1'],
      ['x-one', '2'],
      ['content-TYPE', 'text/odd'],
      ['Connection', 'close'],
    ]);
    expect(seen[0]?.body).toHaveLength(0);
  });

  it('lets no path and no method past', async () => {
    for (const target of ['/%zz', '//', '*', '/a/b/c', 'http://other/path'])
      await overSocket(`OPTIONS ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    for (const method of ['GET', 'DELETE', 'PROPFIND', 'HEAD'])
      await overSocket(`${method} /hook HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(seen.map(({ method, target }) => `${method} ${target}`)).toEqual([
      'OPTIONS /%zz',
      'OPTIONS //',
      'OPTIONS *',
      'OPTIONS /a/b/c',
      'OPTIONS http://other/path',
      'GET /hook',
      'DELETE /hook',
      'PROPFIND /hook',
      'HEAD /hook',
    ]);
  });

  it('says what it was told, as JSON', async () => {
    reply = async () => ({ status: 429, body: { error: 'Rate limit exceeded' }, retryAfterSeconds: 7 });
    const answer = await post('{}');
    expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('content-type')]).toEqual([
      429,
      '7',
      'application/json; charset=utf-8',
    ]);
    expect(await answer.text()).toBe('{"error":"Rate limit exceeded"}');
  });

  it('says of a failure inside nothing but that', async () => {
    reply = () => Promise.reject(new Error('secret words'));
    const answer = await post('{}');
    expect([answer.status, await answer.text()]).toEqual([500, '{"error":"Internal error"}']);
  });
});

describe('what is too much', () => {
  it('of a body is handed over without it, announced or not; exactly 1 MiB is taken', async () => {
    const MiB = 1024 * 1024;
    await post(Buffer.alloc(MiB, 'a'));
    expect(seen[0]?.body).toHaveLength(MiB);
    reply = async ({ body }) => ({ status: body === null ? 413 : 200, body: {} });
    expect((await post(Buffer.alloc(MiB + 1, 'a'))).status).toBe(413);
    const head = 'POST /hook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n';
    expect(await overSocket(Buffer.concat([Buffer.from(head), Buffer.alloc(MiB + 1, 'a')]))).toContain('413');
    expect(seen.slice(1).map(({ body }) => body)).toEqual([null, null]);
  });

  it('of headers is refused at once', async () => {
    const answer = await overSocket(`POST /hook HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(17_000)}\r\n\r\n`);
    expect(answer).toContain('431');
    expect(seen).toEqual([]);
  });

  it('of time is ended: a body that does not come, headers that do not end', async () => {
    const [body, head] = await Promise.all([
      overSocket('POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"a'),
      overSocket('POST /hook HTTP/1.1\r\nHost: x\r\nX-Never'),
    ]);
    expect([body, head].map((text) => text.split('\r\n')[0])).toEqual(Array(2).fill('HTTP/1.1 408 Request Timeout'));
    expect(seen).toEqual([]);
  });

  it('of bad HTTP is refused', async () => {
    expect(await overSocket('HELLO\r\n\r\n')).toContain('400 Bad Request');
    expect(seen).toEqual([]);
  });
});

describe('a port', () => {
  it('that is in use is named', async () => {
    const second = startWebhookListener({ host: '127.0.0.1', port: listener.port, receive: reply });
    await expect(second).rejects.toMatchObject({
      code: 'trigger.port_in_use',
      message: `Webhooks cannot be received: port ${listener.port} is already in use.`,
    });
  });

  it('at an address of another computer is refused', async () => {
    await expect(startWebhookListener({ host: '192.0.2.1', port: 0, receive: reply })).rejects.toMatchObject({
      code: 'usage.invalid',
    });
  });

  it('is loopback only where nobody else can reach it', () => {
    expect(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].map(isLoopbackHost)).toEqual(Array(4).fill(true));
    expect(['0.0.0.0', '::', '192.168.1.2', '127.evil.example', ''].map(isLoopbackHost)).toEqual(Array(5).fill(false));
  });

  it('is free again once what was on its way is answered', async () => {
    const waiting = Promise.withResolvers<WebhookReply>();
    const asked = Promise.withResolvers<void>();
    const other = await startWebhookListener({
      host: '127.0.0.1',
      port: 0,
      receive: () => {
        asked.resolve();
        return waiting.promise;
      },
    });
    const answer = fetch(`${other.url}/x`, { method: 'POST', body: '{}' });
    await asked.promise;
    const closed = other.close();
    waiting.resolve({ status: 200, body: {} });
    expect((await answer).status).toBe(200);
    await closed;
    const again = await startWebhookListener({ host: '127.0.0.1', port: other.port, receive: reply });
    await again.close();
  });
});
