import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ToolAuth } from '../../src/core/tools/registry-port.ts';
import type { JsonMap } from '../../src/shared/json.ts';
import { type HttpListener, listen } from '../support/http-listener.ts';
import { createOpenApiLab, failureOf, type LabTool, type OpenApiLab } from '../support/openapi-lab.ts';
import { SECRETS, type ShopService, startShop } from '../support/shop-service.ts';

let shop: ShopService;
let lab: OpenApiLab;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());
beforeEach(async () => {
  lab = await createOpenApiLab();
  shop.plan.length = 0;
});
afterEach(() => lab.close());

const shopTool = (more: LabTool = {}): ReturnType<OpenApiLab['tool']> =>
  lab.tool({ spec: shop.spec(), baseUrl: shop.origin, ...more });

async function ask(operation: string, inputs: JsonMap = {}, more: LabTool = {}): Promise<JsonMap> {
  return (await lab.call(await shopTool(more), operation, inputs)).output as JsonMap;
}

describe('logins', () => {
  const logins: readonly (readonly [string, Partial<ToolAuth>])[] = [
    ['bearer', { type: 'bearer_token', token: SECRETS.bearer }],
    ['basic', { type: 'basic', token: `user:${SECRETS.password}` }],
    ['header_key', { type: 'api_key', token: SECRETS.key }],
    ['header_key', { type: 'api_key', token: SECRETS.key, header: 'x-api-key' }],
    ['query_key', { type: 'api_key', token: SECRETS.key }],
    ['query_key', { type: 'api_key', token: SECRETS.key, query: 'api_key' }],
    ['cookie_key', { type: 'api_key', token: SECRETS.key }],
    ['client', { type: 'oauth2', token: `me:${SECRETS.client}` }],
  ];

  it.each(logins)('%s %j', async (name, auth) => {
    const output = await ask(`login_${name}`, {}, { auth });
    expect(output).toMatchObject({ method: 'GET' });
    expect(JSON.stringify(lab.log)).not.toContain('secret');
  });

  it.each(logins)('%s without it is an error that shows no secret', async (name, auth) => {
    const wrong = auth.type === 'oauth2' ? 'me:wrong-secret-aaaa' : `${auth.token}-wrong-secret`;
    const error = await failureOf(ask(`login_${name}`, {}, { auth: { ...auth, token: wrong } }));
    expect(error).toMatchObject({ code: 'tool.http_error', details: { status: 401 }, retryable: false });
    expect(JSON.stringify(error.toRecord())).not.toMatch(/-secret-|dXNlcjpwYXNz/);
  });

  it('are not sent to an operation that is open', async () => {
    const output = await ask('login_none', {}, { auth: { type: 'bearer_token', token: SECRETS.bearer } });
    expect(output.headers).not.toHaveProperty('authorization');
  });

  it('fetch one token for many calls, and another one when it is withdrawn', async () => {
    const tool = await shopTool({ auth: { type: 'oauth2', token: `me:${SECRETS.client}`, scopes: ['things:read'] } });
    const start = shop.seen.length;
    await lab.call(tool, 'login_client');
    await lab.call(tool, 'login_client');
    shop.tokens.clear();
    await lab.call(tool, 'login_client');
    expect(shop.seen.slice(start)).toEqual([
      ...['POST /oauth/token', 'GET /logins/client', 'GET /logins/client'],
      ...['GET /logins/client', 'POST /oauth/token', 'GET /logins/client'],
    ]);
  });

  it('give up when the new token is not taken either', async () => {
    const tool = await shopTool({ auth: { type: 'oauth2', token: `me:${SECRETS.client}` } });
    await lab.call(tool, 'login_client');
    shop.plan.push({ status: 401 });
    shop.tokens.clear();
    const start = shop.seen.length;
    await lab.call(tool, 'login_client');
    shop.tokens.clear();
    expect(shop.seen.slice(start)).toHaveLength(3);
  });
});

describe('errors of the service', () => {
  it('have the status and the beginning of the body', async () => {
    shop.plan.push({ status: 418, body: `teapot ${'ü'.repeat(5000)}` });
    const error = await failureOf(ask('answers'));
    expect(error).toMatchObject({
      code: 'tool.http_error',
      message: `'shop.answers' was answered with HTTP 418: teapot ${'ü'.repeat(293)}…`,
      retryable: false,
    });
    expect(error.hint).toBeTruthy();
    const body = String(error.details?.body);
    expect(body).toMatch(/^teapot ü+$/);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(2048);
  });

  it.each([408, 425, 429, 500, 502, 503, 504])('are retryable with %i', async (status) => {
    shop.plan.push({ status });
    expect((await failureOf(ask('answers'))).retryable).toBe(true);
  });

  it.each([400, 403, 404, 409, 422])('are final with %i', async (status) => {
    shop.plan.push({ status });
    expect((await failureOf(ask('answers'))).retryable).toBe(false);
  });

  it('say when to come again; then it works', async () => {
    const tool = await shopTool();
    shop.plan.push({ status: 500 }, { status: 503, headers: { 'retry-after': '7' } });
    expect((await failureOf(lab.call(tool, 'answers'))).details).not.toHaveProperty('retry_after_ms');
    expect((await failureOf(lab.call(tool, 'answers'))).details).toMatchObject({ status: 503, retry_after_ms: 7000 });
    expect((await lab.call(tool, 'answers')).output).toEqual({ ok: true });
  });

  it('hide what was sent to log in, wherever it stands', async () => {
    const echoed = `you sent ${SECRETS.bearer}${'.'.repeat(2020)}${SECRETS.bearer}`;
    shop.plan.push({ status: 400, body: echoed });
    const error = await failureOf(ask('login_bearer', {}, { auth: { type: 'bearer_token', token: SECRETS.bearer } }));
    expect(String(error.details?.body)).toMatch(/^you sent \*\*\*\.+/);
    expect(JSON.stringify(error.toRecord())).not.toContain('bearer-s');
  });

  it('end with the time of the call', async () => {
    const slow = await listen(() => undefined);
    const tool = await shopTool({ baseUrl: slow.origin });
    const error = await failureOf(lab.call(tool, 'answers', {}, { timeoutMs: 300 }));
    expect(error).toMatchObject({ code: 'tool.timed_out', message: 'The call timed out after 0.3 seconds.' });
    await slow.close();
  });

  it('tell a service that is not there from one that broke off', async () => {
    const gone = await listen((_request, response) => response.socket?.destroy());
    const tool = await shopTool({ baseUrl: gone.origin });
    const broken = await failureOf(lab.call(tool, 'add_node', { label: 'x' }));
    expect(broken).toMatchObject({ code: 'tool.connection_lost', details: { phase: 'answer' } });
    await gone.close();
    const dead = await failureOf(lab.call(tool, 'add_node', { label: 'x' }));
    expect(dead).toMatchObject({ code: 'tool.connection_lost', details: { phase: 'connect' } });
  });

  it('refuse an answer that is too large', async () => {
    const large = await listen((_request, response) => response.end('x'.repeat(11 * 1024 * 1024)));
    const error = await failureOf(ask('answers', {}, { baseUrl: large.origin }));
    expect(error.code).toBe('tool.output_too_large');
    await large.close();
  });
});

describe('where requests go', () => {
  let secret: HttpListener;
  beforeEach(async () => {
    secret = await listen((_request, response) => response.end('inner'));
  });
  afterEach(() => secret.close());

  it('not to a private address that the spec itself names', async () => {
    const spec = { ...shop.spec(), servers: [{ url: secret.origin }] };
    const error = await failureOf(ask('answers', {}, { spec, baseUrl: null }));
    expect(error.code).toBe('tool.address_refused');
    expect(secret.connections()).toBe(0);
  });

  it('not after a redirect of the service to a private address', async () => {
    shop.plan.push({ status: 302, headers: { location: `${secret.origin}/` } });
    expect((await failureOf(ask('answers'))).code).toBe('tool.address_refused');
    expect(secret.connections()).toBe(0);
  });

  it('with no login after a redirect to another allowed host', async () => {
    shop.plan.push({ status: 307, headers: { location: `${secret.origin}/` } });
    const more = {
      auth: { type: 'api_key', token: SECRETS.key } as const,
      allowedHosts: [shop.host, new URL(secret.origin).host],
    };
    expect(await ask('login_header_key', {}, more)).toBe('inner');
    expect(JSON.stringify(secret.requests)).not.toContain(SECRETS.key);
  });

  it('only to the allowed hosts and the written base where hosts are listed', async () => {
    const more = { baseUrl: null, spec: { ...shop.spec(), servers: [{ url: secret.origin }] } };
    expect((await failureOf(ask('answers', {}, { ...more, allowedHosts: ['api.example.com'] }))).code).toBe(
      'tool.address_refused',
    );
    expect(await ask('answers', {}, { ...more, allowedHosts: [new URL(secret.origin).host] })).toBe('inner');
  });

  it('to the first server with the defaults of its variables', async () => {
    const { port } = new URL(shop.origin);
    const servers = [
      { url: 'http://{host}:{port}/', variables: { host: { default: '127.0.0.1' }, port: { default: port } } },
    ];
    expect(
      await ask('answers', {}, { spec: { ...shop.spec(), servers }, baseUrl: null, allowedHosts: ['127.0.0.1'] }),
    ).toEqual({ ok: true });
  });

  it('nowhere when nobody says where', async () => {
    for (const servers of [undefined, [{ url: '/v1' }], [{ url: 'http://{unknown}/' }]]) {
      lab.pin.accepted = null;
      const error = await failureOf(ask('answers', {}, { spec: { ...shop.spec(), servers }, baseUrl: null }));
      expect(error.code).toMatch(/^tool\.(not_configured|address_refused)$/);
    }
    lab.pin.accepted = null;
    const error = await failureOf(
      ask('answers', {}, { spec: { ...shop.spec(), servers: [{ url: 'file:///etc' }] }, baseUrl: null }),
    );
    expect(error.code).toBe('tool.definition_invalid');
  });
});

describe('pages', () => {
  it.each([
    ['a path in the answer', { next: 'links.next', items: 'data.items' }],
    ['a JSON path', { next: '$.links.next', items: '$.data.items' }],
    ['the header Link', { next: 'Link', items: 'data["items"]' }],
  ])('are followed by %s', async (_, paginate) => {
    expect(await ask('pages', { size: 2, paginate })).toEqual([10, 11, 20, 21, 30, 31, 40, 41]);
  });

  it('end at max_pages with a warning', async () => {
    const result = await lab.call(await shopTool(), 'pages', {
      paginate: { next: 'links.next', items: 'data.items', max_pages: 2 },
    });
    expect(result.output).toEqual([10, 11, 20, 21]);
    expect(result.warnings).toMatchObject([{ code: 'tool.pages_left' }]);
  });

  it('carry the login on', async () => {
    const start = shop.seen.length;
    const spec = { ...shop.spec(), security: [{ query_key: [] }] };
    await ask(
      'pages',
      { paginate: { next: 'Link', items: 'data.items', max_pages: 2 } },
      { spec, auth: { type: 'api_key', token: SECRETS.key } },
    );
    expect(shop.seen.slice(start)).toEqual([
      `GET /pages?api_key=${SECRETS.key}`,
      `GET /pages?page=2&api_key=${SECRETS.key}`,
    ]);
  });

  it.each([
    ['to another host', '{"items":[1],"next":"http://example.com/pages"}', { next: 'next', items: 'items' }],
    ['to another port', '{"items":[1],"next":"http://127.0.0.1:1/pages"}', { next: 'next', items: 'items' }],
    ['to no address', '{"items":[1],"next":7}', { next: 'next', items: 'items' }],
    ['without a list', '{"items":1}', { next: 'next', items: 'items' }],
    ['without items', '{"items":[1]}', { next: 'next' }],
    ['with another word', '{}', { next: 'next', item: 'items' }],
    ['without next', '{}', { items: 'items' }],
    ['with too many', '{}', { next: 'next', max_pages: 5000 }],
    ['in no map', '{}', 'next'],
  ])('are refused: %s', async (_, body, paginate) => {
    shop.plan.push({ status: 200, headers: { 'content-type': 'application/json' }, body });
    expect(await failureOf(ask('pages', { paginate }))).toMatchObject({
      code: 'tool.invalid_params',
      details: { parameter: 'paginate' },
    });
  });

  it('that lead in a circle end', async () => {
    const page = {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"items":[1],"next":"/pages?page=1"}',
    };
    shop.plan.push(page, page, page, page);
    expect(await ask('pages', { paginate: { next: 'next', items: 'items' } })).toEqual([1, 1]);
  });
});
