import { createServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpListener, listen } from '../../../tests/support/http-listener.ts';
import { waitUntil } from '../../../tests/support/wait-until.ts';
import { AppError } from '../../shared/errors.ts';
import { systemClock } from '../time/index.ts';
import { createHttpClient, type HttpClient, type HttpRequest } from './index.ts';

let client: HttpClient;
let service: HttpListener;
let other: HttpListener;
/** Requests that were begun and are never answered. */
let hanging = 0;

beforeEach(async () => {
  hanging = 0;
  client = createHttpClient({ clock: systemClock, lookup: async () => ['127.0.0.1'] });
  other = await listen((_request, response) => response.end('other'));
  service = await listen((request, response) => {
    const url = new URL(request.url, 'http://service');
    const [, kind, detail = ''] = url.pathname.split('/');
    if (kind === 'redirect')
      response.writeHead(Number(detail), { location: url.searchParams.get('to') ?? '/echo' }).end();
    else if (kind === 'echo') response.end(JSON.stringify({ ...request, headers: request.headers }));
    else if (kind === 'hang') hanging += 1;
    else if (kind === 'head-only') response.writeHead(200).write('x');
    else if (kind === 'endless') {
      const write = (): unknown => response.destroyed || response.write('x'.repeat(65_536), write);
      write();
    } else if (kind === 'break')
      response.writeHead(200, { 'content-length': '100' }).write('x', () => response.destroy());
    else if (kind === 'die') response.socket?.destroy();
    else if (kind === 'packed') {
      const pack = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }[detail] ?? gzipSync;
      response.writeHead(200, { 'content-encoding': detail }).end(pack(url.searchParams.get('text') ?? ''));
    } else if (kind === 'latin')
      response.writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' }).end(Buffer.from([0xfc]));
    else response.writeHead(404).end('nothing here');
  });
});

afterEach(async () => {
  await client.close();
  await Promise.all([service.close(), other.close()]);
});

const ask = (path: string, more: Partial<HttpRequest> = {}): ReturnType<HttpClient['request']> =>
  client.request({
    ...{ method: 'GET', url: service.origin + path, headers: {}, signal: new AbortController().signal },
    ...{ timeoutMs: 20_000, allowedHosts: ['127.0.0.1', 'a.example', 'b.example'] },
    ...more,
  });

async function failure(work: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await work.then(
    () => new Error('it succeeded'),
    (error: unknown) => error,
  );
  if (thrown instanceof AppError) return thrown;
  throw thrown;
}

const echoed = async (work: ReturnType<HttpClient['request']>): Promise<Record<string, never>> =>
  JSON.parse(await (await work).text());

describe('a request', () => {
  it('sends method, headers and body, and resolves with any status', async () => {
    const headers = { 'X-Thing': 'ü', 'content-type': 'text/plain' };
    expect(await echoed(ask('/echo?a=1', { method: 'PUT', headers, body: 'böd', timeoutMs: 20_000 }))).toMatchObject({
      method: 'PUT',
      url: '/echo?a=1',
      body: 'böd',
      headers: { 'content-type': 'text/plain', 'accept-encoding': 'identity' },
    });
    const missing = await ask('/nowhere');
    expect(missing.status).toBe(404);
    expect(await missing.text()).toBe('nothing here');
  });

  it('takes no header that belongs to the connection', async () => {
    const headers = {
      Host: 'evil.example',
      'Content-Length': '1',
      Connection: 'upgrade',
      'Transfer-Encoding': 'chunked',
    };
    const seen = await echoed(ask('/echo', { method: 'POST', headers, body: 'four' }));
    expect(seen).toMatchObject({ body: 'four', headers: { host: `127.0.0.1:${service.port}`, 'content-length': '4' } });
  });

  it.each([
    [{ 'x-a': 'one\r\nx-b: two' }, 'GET'],
    [{ 'x-a': 'one\ntwo' }, 'GET'],
    [{ 'x-a\r\nx-b': 'one' }, 'GET'],
    [{ 'x-a': 'nul\0' }, 'GET'],
    [{ 'x-a': 'snow \u2603' }, 'GET'],
    [{}, 'GET / HTTP/1.1\r\nx: y'],
    [{}, 'CONNECT'],
  ])('refuses %j with %s', async (headers, method) => {
    const error = await failure(ask('/echo', { headers: headers as Record<string, string>, method }));
    expect(error.code).toBe('tool.invalid_params');
    expect(service.requests).toHaveLength(0);
  });

  it.each(['gzip', 'deflate', 'br'])('unpacks %s', async (kind) => {
    const answer = await ask(`/packed/${kind}?text=hello`);
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(await answer.text()).toBe('hello');
  });

  it('reads the character set that the answer names', async () => {
    expect(await (await ask('/latin')).text()).toBe('ü');
  });
});

describe('limits', () => {
  it('cut an endless body', async () => {
    const answer = await ask('/endless', { maxBytes: 100_000 });
    expect((await failure(answer.text())).code).toBe('tool.output_too_large');
    await waitUntil('the connection is closed', () => service.open() === 0);
  });

  it('count what a packed body unpacks to', async () => {
    const answer = await ask(`/packed/gzip?text=${'x'.repeat(5000)}`, { maxBytes: 1000 });
    expect((await failure(answer.text())).code).toBe('tool.output_too_large');
  });

  it('hold the time of the whole call, before the answer and inside of it', async () => {
    const error = await failure(ask('/hang', { timeoutMs: 200 }));
    expect(error).toMatchObject({ code: 'tool.timed_out', details: { timeout_seconds: 0.2 } });
    expect(error.details?.phase).toBeUndefined();
    const work = ask('/head-only', { timeoutMs: 1000 }).then((answer) => answer.text());
    expect((await failure(work)).code).toBe('tool.timed_out');
    await waitUntil('both connections are closed', () => service.open() === 0);
  });

  it('let a caller stop, before and after the answer has begun', async () => {
    const early = AbortSignal.abort();
    expect(await failure(ask('/echo', { signal: early }))).toMatchObject({
      code: 'run.cancelled',
      details: { phase: 'connect' },
    });
    const stop = new AbortController();
    const work = failure(ask('/hang', { signal: stop.signal }));
    await waitUntil('it was asked', () => hanging === 1);
    stop.abort();
    expect((await work).code).toBe('run.cancelled');
    const late = new AbortController();
    const answer = await ask('/head-only', { signal: late.signal });
    const text = failure(answer.text());
    late.abort();
    expect((await text).code).toBe('run.cancelled');
    await waitUntil('the connections are closed', () => service.open() === 0);
  });

  it('a typed reason of the signal is what the call ends with', async () => {
    const reason = new AppError('engine.stopped', 'The engine stops.');
    expect((await failure(ask('/echo', { signal: AbortSignal.abort(reason) }))).code).toBe('engine.stopped');
  });
});

describe('lost connections', () => {
  it('say when nothing was sent', async () => {
    const { port } = service;
    await service.close();
    const error = await failure(ask('/echo', { url: `http://127.0.0.1:${port}/`, method: 'POST', body: 'x' }));
    expect(error).toMatchObject({ code: 'tool.connection_lost', retryable: true });
    expect(error.details).toMatchObject({ phase: 'connect', system_code: 'ECONNREFUSED' });
  });

  it('say so for a name that does not exist, and for TLS that is none', async () => {
    const lost = createHttpClient({ clock: systemClock, lookup: () => Promise.reject(new Error('ENOTFOUND')) });
    const url = 'http://nowhere.example/?key=secret';
    const error = await failure(
      lost.request({
        method: 'GET',
        url,
        headers: {},
        signal: new AbortController().signal,
        timeoutMs: 9000,
        allowedHosts: [],
      }),
    );
    expect(error).toMatchObject({ code: 'tool.connection_lost', details: { phase: 'connect' } });
    expect(error.message).not.toContain('secret');
    const plain = createServer((socket) => socket.on('error', () => undefined).end('no TLS here'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const address = plain.address();
    const tls = await failure(
      ask('', { url: `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/` }),
    );
    expect(tls).toMatchObject({ code: 'tool.connection_lost', details: { phase: 'connect' } });
    plain.close();
  });

  it('do not say so once something was sent', async () => {
    const died = await failure(ask('/die', { method: 'POST', body: 'x' }));
    expect(died).toMatchObject({ code: 'tool.connection_lost', details: { phase: 'answer' } });
    const broken = await failure((await ask('/break')).text());
    expect(broken).toMatchObject({ code: 'tool.connection_lost', details: { phase: 'body' } });
  });

  it.each([
    ['before its answer', () => failure(ask('/die'))],
    ['in its answer', async () => failure((await ask('/break')).text())],
  ])('%s: the other connections to that place are not trusted any more', async (_when, lose) => {
    await Promise.all([1, 2].map(async () => (await ask('/echo')).text()));
    const before = service.connections();
    await lose();
    expect((await ask('/echo')).status).toBe(200);
    expect(service.connections()).toBe(before + 1);
  });

  it('do not say so when only the place of a redirect is dead', async () => {
    const { port } = other;
    await other.close();
    const to = encodeURIComponent(`http://127.0.0.1:${port}/`);
    const error = await failure(ask(`/redirect/303?to=${to}`, { method: 'POST', body: 'x' }));
    expect(error.code).toBe('tool.connection_lost');
    expect(error.details?.phase).toBe('answer');
  });
});

describe('redirects', () => {
  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [303, 'HEAD', 'HEAD', ''],
    [301, 'PUT', 'PUT', 'data'],
    [307, 'POST', 'POST', 'data'],
    [308, 'PATCH', 'PATCH', 'data'],
  ])('%i after %s asks with %s', async (status, method, next, body) => {
    const answer = await ask(`/redirect/${status}`, {
      method,
      ...(method === 'HEAD' ? {} : { body: 'data' }),
      headers: { 'content-type': 'text/plain', 'x-kept': 'yes' },
    });
    await answer.text();
    const last = service.requests.at(-1);
    expect(last).toMatchObject({ method: next, url: '/echo', body });
    expect(last?.headers['x-kept']).toBe('yes');
    expect(last?.headers['content-type']).toBe(body === '' && method !== 'HEAD' ? undefined : 'text/plain');
    expect(answer.url).toBe(`${service.origin}/echo`);
  });

  it('carry no login to another origin, under whatever name', async () => {
    const headers = {
      ...{ Authorization: 'Bearer t', Cookie: 'a=b', 'X-Api-Key': 'k', 'Proxy-Authorization': 'p', 'x-other': 'o' },
      ...{ accept: 'text/plain', 'content-type': 'text/plain' },
    };
    const to = encodeURIComponent(`${other.origin}/`);
    expect(await (await ask(`/redirect/307?to=${to}`, { method: 'POST', body: 'x', headers })).text()).toBe('other');
    expect(Object.keys(other.requests[0]?.headers ?? {}).sort()).toEqual(
      ['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'host'].sort(),
    );
  });

  it('carry no login to another host on the same address', async () => {
    const to = encodeURIComponent(`http://b.example:${service.port}/echo`);
    const url = `http://a.example:${service.port}/redirect/302?to=${to}`;
    const seen = await echoed(ask('', { url, headers: { authorization: 'Bearer t' } }));
    expect(seen.headers).not.toHaveProperty('authorization');
    const same = encodeURIComponent(`http://a.example:${service.port}/echo`);
    const kept = await echoed(
      ask('', {
        url: `http://a.example:${service.port}/redirect/302?to=${same}`,
        headers: { authorization: 'Bearer t' },
      }),
    );
    expect(kept.headers).toMatchObject({ authorization: 'Bearer t' });
  });

  it('end after five, or where the caller says', async () => {
    const circle = encodeURIComponent('/redirect/302?to=/redirect/302');
    const turn = (left: number): string =>
      left === 0 ? '/echo' : `/redirect/302?to=${encodeURIComponent(turn(left - 1))}`;
    expect((await ask(turn(5))).status).toBe(200);
    expect(await failure(ask(turn(6)))).toMatchObject({ code: 'tool.http_error', details: { status: 302 } });
    expect((await ask(`/redirect/302?to=${circle}`, { maxRedirects: 0 })).status).toBe(302);
  });
});

describe('close', () => {
  it('leaves no connection, kept or at work, and takes no more requests', async () => {
    await (await ask('/echo')).text();
    const work = failure(ask('/hang'));
    await waitUntil('it was asked', () => hanging === 1);
    await client.close();
    expect((await work).code).toBe('tool.connection_lost');
    await waitUntil('no connection is left', () => service.open() === 0);
    expect(await failure(ask('/echo'))).toMatchObject({ code: 'tool.connection_lost', details: { phase: 'connect' } });
  });

  it('uses a connection again before that', async () => {
    for (let count = 0; count < 10; count++) await (await ask('/echo')).text();
    expect(service.connections()).toBeLessThan(10);
  });
});

describe('fetchWith', () => {
  const allowedHosts = ['127.0.0.1'];

  it('is a fetch with our rules', async () => {
    const answer = await client.fetchWith({ allowedHosts })(`${service.origin}/echo`, {
      method: 'POST',
      body: JSON.stringify({ a: 1 }),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.ok).toBe(true);
    expect(answer.url).toBe(`${service.origin}/echo`);
    expect(await answer.json()).toMatchObject({ method: 'POST', body: '{"a":1}' });
    const refused = client.fetchWith({ allowedHosts: [] })(`${service.origin}/echo`);
    expect((await failure(refused)).code).toBe('tool.address_refused');
  });

  it('streams, and lets a stream go', async () => {
    const answer = await client.fetchWith({ allowedHosts, maxBytes: Number.POSITIVE_INFINITY })(
      `${service.origin}/endless`,
    );
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    await reader?.cancel();
    await waitUntil('the connection is closed', () => service.open() === 0);
    const unread = await client.fetchWith({ allowedHosts })(`${service.origin}/endless`);
    await unread.body?.cancel();
    await waitUntil('the connection is closed', () => service.open() === 0);
  });

  it('ends with the reason of the signal', async () => {
    const stop = new AbortController();
    const work = client.fetchWith({ allowedHosts })(`${service.origin}/hang`, { signal: stop.signal });
    await waitUntil('it was asked', () => hanging === 1);
    stop.abort();
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('follows redirects as it is told', async () => {
    const fetch = client.fetchWith({ allowedHosts });
    expect((await fetch(`${service.origin}/redirect/302`)).status).toBe(200);
    expect((await fetch(`${service.origin}/redirect/302`, { redirect: 'manual' })).status).toBe(302);
    await expect(fetch(`${service.origin}/redirect/302`, { redirect: 'error' })).rejects.toMatchObject({
      code: 'tool.http_error',
    });
  });
});
