import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Json, JsonMap } from '../../src/shared/json.ts';
import { type EchoService, fields, openEchoService, orderSpec } from '../support/echo-service.ts';
import { failureOf } from '../support/openapi-lab.ts';

/** What specs in the wild say and what people give, and what must come of it (`README.md` names the reports). */
let service: EchoService;
beforeAll(async () => {
  service = await openEchoService();
});
afterAll(() => service.close());
beforeEach(() => {
  service.answer = null;
});

describe('null in a body', () => {
  const spec = orderSpec(
    fields({
      price: { type: 'number' },
      note: { type: 'string' },
      paid: { type: 'boolean' },
      due: { type: 'string', nullable: true },
      lines: { type: 'array', items: fields({ price: { type: 'number' } }) },
    }),
  );

  it.each<[string, JsonMap]>([
    ["'body.price' must be number, and null is given", { body: { price: null } }],
    ["'body.note' must be string, and null is given", { body: { note: null } }],
    ["'body.paid' must be boolean, and null is given", { body: { paid: null } }],
    ["'lines.0.price' must be number, and null is given", { lines: [{ price: null }] }],
    ["'price' must be number, and null is given", { price: null, note: 'x' }],
  ])('is refused where the schema takes none: %s', async (message, inputs) => {
    expect(await service.refusal(spec, 'change_order', { id: 7, ...inputs })).toBe(`Parameter ${message}.`);
  });

  it('is sent as null where the schema takes it, from the whole and from fields', async () => {
    expect((await service.asked(spec, 'change_order', { id: 7, body: { due: null } })).body).toBe('{"due":null}');
    expect((await service.asked(spec, 'change_order', { id: 7, due: null, note: '' })).body).toBe(
      '{"note":"","due":null}',
    );
  });

  it('nothing is made of what is not given, whatever default the schema has', async () => {
    const withDefaults = orderSpec(
      fields({ note: { type: 'string', default: 'none' }, count: { type: 'integer', default: 1 } }),
    );
    expect((await service.asked(withDefaults, 'change_order', { id: 7, body: {} })).body).toBe('{}');
    expect((await service.asked(withDefaults, 'change_order', { id: 7, count: 0 })).body).toBe('{"count":0}');
  });

  it('in a form is left out where it is allowed, else refused; it never becomes a text', async () => {
    const parts = fields({
      note: { type: 'string', nullable: true },
      count: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string', nullable: true } },
      scan: { type: 'string', format: 'binary' },
    });
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data']) {
      const form = orderSpec(parts, type);
      const given = { id: 7, body: { note: null, count: 2 } };
      expect((await service.asked(form, 'change_order', given)).body).not.toContain('note');
      expect(await service.refusal(form, 'change_order', { id: 7, body: { count: null } })).toContain(
        "'body.count' must be integer",
      );
      expect(await service.refusal(form, 'change_order', { id: 7, count: null })).toContain("'count' must be integer");
    }
    const form = orderSpec(parts, 'application/x-www-form-urlencoded');
    expect(await service.refusal(form, 'change_order', { id: 7, tags: ['a', null] })).toContain('holds null');
    expect(
      await service.refusal(orderSpec(parts, 'multipart/form-data'), 'change_order', { id: 7, scan: null }),
    ).toContain("'scan'");
  });
});

describe('text for numbers and booleans', () => {
  const paths = `paths:
  /orders/{id}:
    put:
      operationId: change
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: deep, in: query, schema: {type: boolean}}
        - {name: size, in: query, schema: {enum: [1, 2.5]}}
        - {name: days, in: query, schema: {type: array, items: {type: integer}}}
        - {name: X-Rate, in: header, schema: {type: number}}
        - {name: q, in: query, schema: {type: string}}
      requestBody:
        content: {application/json: {schema: {type: object, properties: {count: {type: integer}, name: {type: string}}}}}
`;

  it('is taken in the places of a URL and header', async () => {
    const inputs = { id: '7', deep: 'true', size: '2.5', days: ['1', '2'], 'X-Rate': '0.5', q: 5 };
    const seen = await service.asked(paths, 'change', inputs);
    expect(seen.url).toBe('/orders/7?deep=true&size=2.5&days=1&days=2&q=5');
    expect(await service.refusal(paths, 'change', { id: '0x10' })).toContain("'id' must be integer");
    expect(await service.refusal(paths, 'change', { id: '' })).toContain("'id' must be integer");
    expect(await service.refusal(paths, 'change', { id: 1, size: '3' })).toContain("'size' must be equal to one of");
    expect(await service.refusal(paths, 'change', { id: 1, deep: '' })).toContain("'deep' must be boolean");
  });

  it('is refused in a JSON body, and the error says how to write it', async () => {
    const error = await failureOf(service.call(paths, 'change', { id: 7, count: '5' }));
    expect(error.message).toBe("Parameter 'count' must be integer.");
    expect(error.hint).toBe("It is a text. Write it without quotes; on the command line: '-p count:=…'.");
    expect(await service.refusal(paths, 'change', { id: 7, name: 5 })).toContain("'name' must be string");
    expect((await service.asked(paths, 'change', { id: 7, count: 5, name: '5' })).body).toBe('{"count":5,"name":"5"}');
  });
});

describe('integers beyond 2^53', () => {
  const BIG = '12345678901234567890';
  const spec = orderSpec(
    fields({
      ref: { type: 'integer' },
      label: { type: 'string' },
      rows: {
        type: 'array',
        items: { allOf: [{ type: 'object', properties: { id: { type: 'integer', nullable: true } } }] },
      },
    }),
  );

  it('go out digit for digit where the schema says integer, as text where it says text', async () => {
    const seen = await service.asked(spec, 'change_order', {
      id: BIG,
      body: { ref: BIG, label: BIG, rows: [{ id: BIG }, { id: 5 }] },
    });
    expect(seen.url).toBe(`/orders/${BIG}`);
    expect(seen.body).toBe(`{"ref":${BIG},"label":"${BIG}","rows":[{"id":${BIG}},{"id":5}]}`);
    expect((await service.asked(spec, 'change_order', { id: 7, ref: BIG })).body).toBe(`{"ref":${BIG}}`);
  });

  it('come back digit for digit, with a warning that names the place', async () => {
    service.answer = { body: `{"order":{"id":${BIG},"rows":[1,-${BIG}]},"ratio":NaN}`, type: 'application/hal+json' };
    const { output, warnings } = await service.call(spec, 'change_order', { id: 7, body: {} });
    expect(output).toEqual({ order: { id: BIG, rows: [1, `-${BIG}`] }, ratio: null });
    expect(warnings?.map((one) => one.message)).toEqual([
      `order.id: ${BIG} is kept as text`,
      `order.rows[1]: -${BIG} is kept as text`,
      'ratio: NaN is no number that can be kept; it became null',
    ]);
  });

  it('in the spec keep their digits', async () => {
    const paths = `paths:
  /things:
    get:
      parameters:
        - {name: kind, in: query, required: true, schema: {type: string, enum: [${BIG}, 3.10, 007, 1e3, on]}}
        - {name: number, in: query, schema: {type: integer, enum: [${BIG}, 7]}}
`;
    const seen = await service.asked(paths, 'get_things', { kind: BIG, number: BIG });
    expect(seen.url).toBe(`/things?kind=${BIG}&number=${BIG}`);
    for (const kind of ['3.10', '007', '1e3', 'on'])
      expect((await service.asked(paths, 'get_things', { kind })).url).toBe(`/things?kind=${kind}`);
    expect(await service.refusal(paths, 'get_things', { kind: '3.1' })).toContain('"3.10"');
  });

  it('of an address keep their spelling', async () => {
    const spec = `servers: [{url: "http://x.example/v{version}", variables: {version: {default: 1.0, enum: [1.0, 1.10]}}}]
paths: {/things: {get: {operationId: list}}}
`;
    service.lab.pin.accepted = null;
    const file = await service.lab.write('servers.yaml', `openapi: 3.0.3\n${spec}`);
    const { operations } = await (await service.lab.tool({ specFile: file })).describe(new AbortController().signal);
    expect(operations[0]?.description).toBe('GET http://x.example/v1.0/things');
  });
});

describe('YAML merge keys', () => {
  const paths = `x-shop: &shop {name: X-Shop, in: header, required: true, schema: {type: string}}
x-page: &page
  in: query
  schema: {type: integer}
x-limits: &limits {maximum: 10}
paths:
  /orders:
    get:
      operationId: listOrders
      parameters:
        - <<: *shop
        - <<: *page
          name: limit
        - name: offset
          schema: {type: integer, <<: *limits}
          <<: [*page, *shop]
      responses: {"200": {description: Orders}}
`;

  it('are read: what stands there itself wins, and of several the first', async () => {
    const inputs = { limit: 5, offset: 3, 'X-Shop': 'north' };
    const seen = (await service.call(paths, 'list_orders', inputs)).output as unknown as {
      url: string;
      headers: JsonMap;
    };
    expect(seen).toMatchObject({ url: '/orders?limit=5&offset=3', headers: { 'x-shop': 'north' } });
    expect(await service.refusal(paths, 'list_orders', { ...inputs, offset: 11 })).toContain(
      "'offset' must be at most 10",
    );
    expect(await service.refusal(paths, 'list_orders', { limit: 5 })).toContain("'X-Shop' is required");
  });

  it('that bring in without end are refused', async () => {
    const keys = Array.from({ length: 2_000 }, (_, n) => `k${n}: 1`).join(', ');
    const merges = Array.from({ length: 2_000 }, (_, n) => `x${n}: {<<: *a}`).join('\n');
    const error = await failureOf(service.call(`x: &a {${keys}}\n${merges}\npaths: {}\n`, 'any'));
    expect(error).toMatchObject({ code: 'tool.definition_invalid', message: expect.stringContaining('merge keys') });
  });
});

describe('nullable', () => {
  const discount = { $ref: '#/components/schemas/Discount' };
  const spec = orderSpec(
    fields({
      a: { nullable: true, description: 'Takes it away.', allOf: [discount] },
      b: { nullable: true, oneOf: [discount, { type: 'string' }] },
      c: { nullable: true, enum: ['x', 'y'] },
      d: { nullable: true, type: 'object', allOf: [discount] },
      e: { nullable: true },
      f: { nullable: false, allOf: [discount] },
    }),
  );

  it('counts beside allOf, oneOf and enum, with a type and without', async () => {
    const nulls = { a: null, b: null, c: null, d: null, e: null };
    expect((await service.asked(spec, 'change_order', { id: 7, body: nulls })).body).toBe(JSON.stringify(nulls));
    const values = { a: { percent: 5 }, b: 'half', c: 'y', d: { percent: 1 }, e: 1, f: { percent: 2 } };
    expect((await service.asked(spec, 'change_order', { id: 7, body: values })).body).toBe(JSON.stringify(values));
  });

  it('lets nothing else through, and errors name the place', async () => {
    expect(await service.refusal(spec, 'change_order', { id: 7, body: { f: null } })).toContain(
      "'body.f' must be object",
    );
    expect(await service.refusal(spec, 'change_order', { id: 7, body: { a: { percent: 'x' } } })).toContain(
      "'body.a.percent' must be integer",
    );
    expect(await service.refusal(spec, 'change_order', { id: 7, body: { c: 'z' } })).toContain(
      "'body.c' must be equal to one of",
    );
  });
});

describe('files in lists', () => {
  const binary = { type: 'string', format: 'binary' };
  const spec = {
    ...orderSpec(
      fields({
        name: { type: 'string' },
        scans: { type: 'array', items: binary },
        photos: { type: 'array', items: { $ref: '#/components/schemas/File' } },
      }),
      'multipart/form-data',
    ),
    components: { schemas: { File: { allOf: [binary] } } },
  };
  const files = [{ text: 'one', filename: 'a.txt', content_type: 'text/plain' }, 'two'];

  it.each([
    ['fields', (given: JsonMap) => given],
    ['a whole body', (given: JsonMap) => ({ body: given })],
  ])('are parts of one name, given as %s', async (_how, given) => {
    const { body } = await service.asked(spec, 'change_order', {
      id: 7,
      ...given({ name: 'n', scans: files, photos: files }),
    });
    const heads = body.split('\r\n').filter((line) => line.startsWith('Content-'));
    expect(heads).toEqual([
      'Content-Disposition: form-data; name="name"',
      ...['scans', 'photos'].flatMap((name) => [
        `Content-Disposition: form-data; name="${name}"; filename="a.txt"`,
        'Content-Type: text/plain',
        `Content-Disposition: form-data; name="${name}"; filename="${name}"`,
        'Content-Type: application/octet-stream',
      ]),
    ]);
    expect(body.match(/\r\n\r\none\r\n/g)).toHaveLength(2);
  });

  it('are shown as files to whoever calls', async () => {
    const tool = await service.lab.tool({ spec, baseUrl: service.origin });
    const { operations } = await tool.describe(new AbortController().signal);
    expect(operations[0]?.parameters.properties).toMatchObject({
      scans: { type: 'array', items: { description: expect.stringContaining('A file') } },
      photos: { type: 'array', items: { description: expect.stringContaining('A file') } },
    });
  });
});

describe('text bodies', () => {
  it.each<[Json, string]>([
    ['a,b', 'a,b'],
    [5, '5'],
    [false, 'false'],
    ['', ''],
  ])('%j is sent as its text', async (value, sent) => {
    expect((await service.asked(orderSpec({}, 'text/plain'), 'change_order', { id: 7, body: value })).body).toBe(sent);
  });
});
