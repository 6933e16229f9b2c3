import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonMap } from '../../src/shared/json.ts';
import { createOpenApiLab, failureOf, type LabTool, type OpenApiLab } from '../support/openapi-lab.ts';
import { type ShopService, startShop } from '../support/shop-service.ts';
import { waitUntil } from '../support/wait-until.ts';

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

describe('the operations of a service', () => {
  it('are listed from its own spec with parameters, schemas and effects', async () => {
    const { operations, hash } = await (await shopTool()).describe(new AbortController().signal);
    const byName = new Map(operations.map((one) => [one.name, one]));
    expect([...byName.keys()]).toEqual(
      expect.arrayContaining(['get_thing_part', 'add_node', 'send_form', 'methods_put', 'pages']),
    );
    expect(byName.get('get_thing_part')).toMatchObject({
      description: `One part\n\nGET ${shop.origin}/things/{id}/parts/{part}\n\nLogs in at /oauth/token`,
      effect: 'idempotent',
      parameters: {
        type: 'object',
        required: expect.arrayContaining(['id', 'part', 'sort']),
        properties: {
          id: { type: 'integer' },
          sort: { enum: ['up', 'down'] },
          limit: { maximum: 100 },
          'x-trace': { type: 'string' },
        },
      },
    });
    expect(byName.get('get_thing_part')?.parameters.properties).not.toHaveProperty('authorization');
    expect(byName.get('add_node')?.effect).toBe('effect');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('are functions for agents, named by tool and operation', async () => {
    const functions = await (await shopTool()).functions?.(new AbortController().signal);
    expect(functions?.find((one) => one.name === 'shop.add_node')).toMatchObject({
      parameters: { properties: { label: { type: 'string' }, parent: { $ref: '#/$defs/Node' } }, required: ['label'] },
    });
    expect(JSON.stringify(functions)).toContain('"$defs":{"Node":');
  });

  it('of GET, HEAD and OPTIONS alone are repeated by themselves', async () => {
    const tool = await shopTool();
    await tool.describe(new AbortController().signal);
    const repeatable = tool.operations?.filter((name) => tool.traits(name).repeatable) ?? [];
    expect(repeatable).toEqual(
      expect.arrayContaining(['answers', 'get_thing_part', 'methods_head', 'methods_options']),
    );
    for (const name of ['add_node', 'send_form', 'methods_put', 'methods_patch', 'methods_delete']) {
      expect(tool.traits(name)).toMatchObject({ effect: 'effect', repeatable: false, timeoutMs: 20_000 });
    }
    expect(() => tool.traits('add_nod')).toThrow(/Unknown operation: add_nod\. Available: \[/);
  });

  it('are known without being asked once a file was read, and a screen is told', async () => {
    const tool = await shopTool();
    expect(tool.known()).toBeNull();
    expect(tool.operations).toBeNull();
    await waitUntil('the file is read', () => lab.changes() === 1);
    expect(tool.operations).toContain('add_node');
    expect(shop.seen).toEqual([]);
  });

  it('show what is wrong before a run', async () => {
    const tool = await shopTool();
    await tool.describe(new AbortController().signal);
    expect(tool.check('get_thing_part', { id: '{{ x }}', part: 'a', sort: 'up' })).toEqual([]);
    expect(
      tool.check('get_thing_part', { id: 1, prt: 'a', sort: 'up' }).map((one) => [one.code, one.message, one.fix]),
    ).toEqual([
      ['tool.invalid_params', "Parameter 'prt' is not known to this operation.", "Did you mean 'part'?"],
      ['tool.invalid_params', "Parameter 'part' is required.", undefined],
    ]);
    expect(tool.check('nothing', {})).toMatchObject([{ severity: 'error', code: 'tool.unknown_operation' }]);
    expect(tool.check('add_node', { body: {} })).toEqual([]);
  });
});

describe('a call', () => {
  it('puts every parameter in its place', async () => {
    const inputs = {
      id: '7',
      part: 'a b/c?d#e%2F',
      sort: 'up',
      limit: 5,
      tags: ['x&y', 'ü'],
      deep: true,
      'x-trace': 'one',
    };
    expect(await ask('get_thing_part', inputs)).toMatchObject({
      url: '/things/7/parts/a%20b%2Fc%3Fd%23e%252F?sort=up&limit=5&tags=x%26y&tags=%C3%BC&deep=true',
      params: { id: 7, part: 'a b/c?d#e%2F' },
      query: { sort: 'up', limit: 5, tags: ['x&y', 'ü'], deep: true },
      headers: { 'x-trace': 'one' },
    });
    expect(lab.log).toEqual([`GET ${shop.origin}/things/7/parts/a%20b%2Fc%3Fd%23e%252F 200`]);
  });

  it('sends a body from its properties, or as a whole; cycles are checked all the way down', async () => {
    expect(await ask('add_node', { label: 'root', children: [{ label: 'leaf' }] })).toEqual({
      label: 'root',
      children: [{ label: 'leaf' }],
    });
    expect(await ask('add_node', { body: { label: 'whole', parent: { label: 'p' } } })).toMatchObject({
      label: 'whole',
    });
    const error = await failureOf(ask('add_node', { label: 'root', children: [{ label: 'a', children: [{}] }] }));
    expect(error).toMatchObject({
      code: 'tool.invalid_params',
      message: "Parameter 'children.0.children.0.label' is required.",
    });
  });

  it('sends forms and files', async () => {
    expect(await ask('send_form', { name: 'a b&c', count: 2, tags: ['x', 'y=z'] })).toEqual({
      type: 'application/x-www-form-urlencoded',
      body: 'name=a+b%26c&count=2&tags=x&tags=y%3Dz',
    });
    const upload = {
      base64: Buffer.from('binary!').toString('base64'),
      filename: 'a"\r\nb.bin',
      content_type: 'image/png',
    };
    const sent = await ask('send_files', { name: 'doc', tags: ['x', 'y'], upload });
    expect(sent.type).toMatch(/^multipart\/form-data; boundary=/);
    const parts = String(sent.body)
      .split(/--+aiworkflow[0-9a-f]+/)
      .map((part) => part.trim());
    expect(parts).toEqual([
      '',
      'Content-Disposition: form-data; name="name"\r\n\r\ndoc',
      'Content-Disposition: form-data; name="tags"\r\n\r\nx',
      'Content-Disposition: form-data; name="tags"\r\n\r\ny',
      'Content-Disposition: form-data; name="upload"; filename="a%22%0D%0Ab.bin"\r\nContent-Type: image/png\r\n\r\nbinary!',
      '--',
    ]);
    expect(await ask('send_files', { upload: 'plain text' })).toMatchObject({
      body: expect.stringContaining('plain text'),
    });
    expect(await ask('send_csv', { body: 'a,b\n1,2' })).toMatchObject({ type: 'text/csv', body: 'a,b\n1,2' });
  });

  it.each(['put', 'patch', 'delete', 'options'])('uses the method %s', async (method) => {
    expect(await ask(`methods_${method}`)).toMatchObject({ method: method.toUpperCase() });
  });

  it('gives null where there is no body', async () => {
    expect(await ask('methods_head')).toBeNull();
    shop.plan.push({ status: 204 });
    expect(await ask('answers')).toBeNull();
  });

  it('reads JSON where the type says so, and text elsewhere', async () => {
    shop.plan.push({
      status: 200,
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      body: '{"a":1}',
    });
    expect(await ask('answers')).toEqual({ a: 1 });
    shop.plan.push({ status: 200, headers: { 'content-type': 'text/plain' }, body: '{"a":1}' });
    expect(await ask('answers')).toBe('{"a":1}');
    shop.plan.push({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"a":' });
    expect((await failureOf(ask('answers'))).code).toBe('tool.invalid_reply');
    shop.plan.push({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '['.repeat(5000) + ']'.repeat(5000),
    });
    expect(await ask('answers')).toBe('['.repeat(5000) + ']'.repeat(5000));
  });
});

describe('inputs that are wrong', () => {
  const right = { id: 1, part: 'a', sort: 'up' };
  it.each([
    ['missing', { id: 1, part: 'a' }, "'sort' is required"],
    ['null', { ...right, sort: null }, "'sort' is required"],
    ['of another type', { ...right, id: 'seven' }, "'id' must be integer"],
    ['out of bounds', { ...right, limit: 101 }, "'limit' must be at most 100"],
    [
      'not of the list',
      { ...right, sort: 'sideways' },
      '\'sort\' must be equal to one of the allowed values: ["up","down"]',
    ],
    ['unknown', { ...right, limt: 1 }, "'limt' is not known"],
    ['a dot', { ...right, part: '.' }, "'part' must not be"],
    ['two dots', { ...right, part: '..' }, "'part' must not be"],
    ['dots on the way', { ...right, part: 'a/../../b' }, "'part' must not be"],
    ['dots with backslashes', { ...right, part: '..\\b' }, "'part' must not be"],
    ['encoded dots', { ...right, part: '%2e%2E' }, "'part' must not be"],
    ['an empty path', { ...right, part: '' }, "'part' must not be empty"],
    ['a header of two lines', { ...right, 'x-trace': 'a\r\nx-evil: b' }, "'x-trace' holds characters"],
    ['half a character', { ...right, part: '\ud800' }, 'half of a character'],
  ])('are refused before anything is sent: %s', async (_, inputs, message) => {
    const before = shop.seen.length;
    const error = await failureOf(ask('get_thing_part', inputs));
    expect(error.code).toBe('tool.invalid_params');
    expect(error.message).toContain(message);
    expect(shop.seen).toHaveLength(before);
  });
});
