import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ToolResult } from '../../src/core/tools/index.ts';
import type { Json, JsonMap } from '../../src/shared/json.ts';
import { type HttpListener, listen } from '../support/http-listener.ts';
import { createOpenApiLab, failureOf, type OpenApiLab } from '../support/openapi-lab.ts';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** What specs in the wild say, what people give, and what services answer (`README.md` names the reports). */
interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
}

let lab: OpenApiLab;
let service: HttpListener;
/** What the service answers; null = what it was asked, as JSON. */
let answer: Answer | null = null;

beforeAll(async () => {
  service = await listen((request, response) => {
    const { status = 200, type = 'application/json', body = JSON.stringify(request) } = answer ?? {};
    response.writeHead(status, type === '' ? {} : { 'content-type': type }).end(body);
  });
});
afterAll(() => service.close());
beforeEach(async () => {
  lab = await createOpenApiLab();
  answer = null;
});
afterEach(() => lab.close());

const HEAD = 'openapi: 3.0.3\ninfo: {title: Shop, version: "1"}\n';

async function call(spec: string | object, operation: string, inputs: JsonMap = {}): Promise<ToolResult> {
  lab.pin.accepted = null;
  const file = await lab.write('shop.yaml', typeof spec === 'string' ? HEAD + spec : spec);
  return lab.call(await lab.tool({ specFile: file, baseUrl: service.origin }), operation, inputs);
}

/** What the service was asked. */
async function asked(...args: Parameters<typeof call>): Promise<{ readonly url: string; readonly body: string }> {
  return (await call(...args)).output as unknown as { readonly url: string; readonly body: string };
}

/** A call that is refused before anything is sent. */
async function refusal(...args: Parameters<typeof call>): Promise<string> {
  const before = service.requests.length;
  const error = await failureOf(call(...args));
  expect(error.code).toBe('tool.invalid_params');
  expect(service.requests).toHaveLength(before);
  return error.message;
}

/** POST /orders/{id} with this schema as its body. */
const order = (schema: Json, type = 'application/json'): object => ({
  openapi: '3.0.3',
  info: { title: 'Shop', version: '1' },
  paths: {
    '/orders/{id}': {
      post: {
        operationId: 'changeOrder',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer', format: 'int64' } }],
        requestBody: { required: true, content: { [type]: { schema } } },
        responses: { 200: { description: 'Done' } },
      },
    },
  },
  components: {
    schemas: { Discount: { type: 'object', required: ['percent'], properties: { percent: { type: 'integer' } } } },
  },
});
const fields = (properties: JsonMap): Json => ({ type: 'object', properties });

describe('null in a body', () => {
  const spec = order(
    fields({
      price: { type: 'number' },
      note: { type: 'string' },
      paid: { type: 'boolean' },
      due: { type: 'string', nullable: true },
      lines: { type: 'array', items: fields({ price: { type: 'number' } }) },
    }),
  );

  it.each<[string, JsonMap]>([
    ['`body.price` must be number, and null is given', { body: { price: null } }],
    ['`body.note` must be string, and null is given', { body: { note: null } }],
    ['`body.paid` must be boolean, and null is given', { body: { paid: null } }],
    ['`lines.0.price` must be number, and null is given', { lines: [{ price: null }] }],
    ['`price` must be number, and null is given', { price: null, note: 'x' }],
  ])('is refused where the schema takes none: %s', async (message, inputs) => {
    expect(await refusal(spec, 'change_order', { id: 7, ...inputs })).toBe(`Parameter ${message}.`);
  });

  it('is sent as null where the schema takes it, from the whole and from fields', async () => {
    expect((await asked(spec, 'change_order', { id: 7, body: { due: null } })).body).toBe('{"due":null}');
    expect((await asked(spec, 'change_order', { id: 7, due: null, note: '' })).body).toBe('{"note":"","due":null}');
  });

  it('nothing is made of what is not given, whatever default the schema has', async () => {
    const withDefaults = order(
      fields({ note: { type: 'string', default: 'none' }, count: { type: 'integer', default: 1 } }),
    );
    expect((await asked(withDefaults, 'change_order', { id: 7, body: {} })).body).toBe('{}');
    expect((await asked(withDefaults, 'change_order', { id: 7, count: 0 })).body).toBe('{"count":0}');
  });

  it('in a form is left out where it is allowed, else refused; it never becomes a text', async () => {
    const parts = fields({
      note: { type: 'string', nullable: true },
      count: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string', nullable: true } },
      scan: { type: 'string', format: 'binary' },
    });
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data']) {
      const form = order(parts, type);
      const given = { id: 7, body: { note: null, count: 2 } };
      expect((await asked(form, 'change_order', given)).body).not.toContain('note');
      expect(await refusal(form, 'change_order', { id: 7, body: { count: null } })).toContain(
        '`body.count` must be integer',
      );
      expect(await refusal(form, 'change_order', { id: 7, count: null })).toContain('`count` must be integer');
    }
    const form = order(parts, 'application/x-www-form-urlencoded');
    expect(await refusal(form, 'change_order', { id: 7, tags: ['a', null] })).toContain('holds null');
    expect(await refusal(order(parts, 'multipart/form-data'), 'change_order', { id: 7, scan: null })).toContain(
      '`scan`',
    );
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
    const seen = await asked(paths, 'change', inputs);
    expect(seen.url).toBe('/orders/7?deep=true&size=2.5&days=1&days=2&q=5');
    expect(await refusal(paths, 'change', { id: '0x10' })).toContain('`id` must be integer');
    expect(await refusal(paths, 'change', { id: '' })).toContain('`id` must be integer');
    expect(await refusal(paths, 'change', { id: 1, size: '3' })).toContain('`size` must be equal to one of');
    expect(await refusal(paths, 'change', { id: 1, deep: '' })).toContain('`deep` must be boolean');
  });

  it('is refused in a JSON body, and the error says how to write it', async () => {
    const error = await failureOf(call(paths, 'change', { id: 7, count: '5' }));
    expect(error.message).toBe('Parameter `count` must be integer.');
    expect(error.hint).toBe('It is a text. Write it without quotes; on the command line: `-p count:=…`.');
    expect(await refusal(paths, 'change', { id: 7, name: 5 })).toContain('`name` must be string');
    expect((await asked(paths, 'change', { id: 7, count: 5, name: '5' })).body).toBe('{"count":5,"name":"5"}');
  });
});

describe('integers beyond 2^53', () => {
  const BIG = '12345678901234567890';
  const spec = order(
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
    const seen = await asked(spec, 'change_order', {
      id: BIG,
      body: { ref: BIG, label: BIG, rows: [{ id: BIG }, { id: 5 }] },
    });
    expect(seen.url).toBe(`/orders/${BIG}`);
    expect(seen.body).toBe(`{"ref":${BIG},"label":"${BIG}","rows":[{"id":${BIG}},{"id":5}]}`);
    expect((await asked(spec, 'change_order', { id: 7, ref: BIG })).body).toBe(`{"ref":${BIG}}`);
  });

  it('come back digit for digit, with a warning that names the place', async () => {
    answer = { body: `{"order":{"id":${BIG},"rows":[1,-${BIG}]},"ratio":NaN}`, type: 'application/hal+json' };
    const { output, warnings } = await call(spec, 'change_order', { id: 7, body: {} });
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
    const seen = await asked(paths, 'get_things', { kind: BIG, number: BIG });
    expect(seen.url).toBe(`/things?kind=${BIG}&number=${BIG}`);
    for (const kind of ['3.10', '007', '1e3', 'on'])
      expect((await asked(paths, 'get_things', { kind })).url).toBe(`/things?kind=${kind}`);
    expect(await refusal(paths, 'get_things', { kind: '3.1' })).toContain('"3.10"');
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
    const seen = (await call(paths, 'list_orders', inputs)).output as unknown as { url: string; headers: JsonMap };
    expect(seen).toMatchObject({ url: '/orders?limit=5&offset=3', headers: { 'x-shop': 'north' } });
    expect(await refusal(paths, 'list_orders', { ...inputs, offset: 11 })).toContain('`offset` must be <= 10');
    expect(await refusal(paths, 'list_orders', { limit: 5 })).toContain('`X-Shop` is required');
  });

  it('that bring in without end are refused', async () => {
    const keys = Array.from({ length: 2_000 }, (_, n) => `k${n}: 1`).join(', ');
    const merges = Array.from({ length: 2_000 }, (_, n) => `x${n}: {<<: *a}`).join('\n');
    const error = await failureOf(call(`x: &a {${keys}}\n${merges}\npaths: {}\n`, 'any'));
    expect(error).toMatchObject({ code: 'tool.definition_invalid', message: expect.stringContaining('merge keys') });
  });
});

describe('nullable', () => {
  const discount = { $ref: '#/components/schemas/Discount' };
  const spec = order(
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
    expect((await asked(spec, 'change_order', { id: 7, body: nulls })).body).toBe(JSON.stringify(nulls));
    const values = { a: { percent: 5 }, b: 'half', c: 'y', d: { percent: 1 }, e: 1, f: { percent: 2 } };
    expect((await asked(spec, 'change_order', { id: 7, body: values })).body).toBe(JSON.stringify(values));
  });

  it('lets nothing else through, and errors name the place', async () => {
    expect(await refusal(spec, 'change_order', { id: 7, body: { f: null } })).toContain('`body.f` must be object');
    expect(await refusal(spec, 'change_order', { id: 7, body: { a: { percent: 'x' } } })).toContain(
      '`body.a.percent` must be integer',
    );
    expect(await refusal(spec, 'change_order', { id: 7, body: { c: 'z' } })).toContain(
      '`body.c` must be equal to one of',
    );
  });
});

describe('files in lists', () => {
  const binary = { type: 'string', format: 'binary' };
  const spec = {
    ...order(
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
    const { body } = await asked(spec, 'change_order', { id: 7, ...given({ name: 'n', scans: files, photos: files }) });
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
    const tool = await lab.tool({ spec, baseUrl: service.origin });
    const { operations } = await tool.describe(new AbortController().signal);
    expect(operations[0]?.parameters.properties).toMatchObject({
      scans: { type: 'array', items: { description: expect.stringContaining('A file') } },
      photos: { type: 'array', items: { description: expect.stringContaining('A file') } },
    });
  });
});

describe('answers', () => {
  const paths = `paths:
  /orders:
    get:
      operationId: list
      responses: {"200": {description: ok, content: {application/json: {schema: {type: array}}}}}
`;

  it.each<[string, Answer, Json, readonly string[]]>([
    ['no content', { status: 204, body: '' }, null, []],
    ['an empty body', { body: '' }, null, []],
    ['blanks', { body: ' \n' }, null, []],
    ['JSON with a mark at its start', { body: '\ufeff [1]' }, [1], []],
    ['JSON of another name', { body: '[1]', type: 'application/vnd.shop.v2+json; charset=utf-8' }, [1], []],
    ['JSON in capitals', { body: '[1]', type: 'Application/JSON' }, [1], []],
    ['a page', { body: '<p>hi</p>', type: 'text/html' }, '<p>hi</p>', ['text/html']],
    ['JSON that says it is text', { body: '[1]', type: 'text/plain' }, '[1]', ['text/plain']],
    ['no type at all', { body: '[1]', type: '' }, '[1]', ['without a content type']],
  ])('%s', async (_what, given, output, said) => {
    answer = given;
    const result = await call(paths, 'list');
    expect(result.output).toEqual(output);
    expect(result.warnings?.map((one) => one.message)).toEqual(said.map((one) => expect.stringContaining(one)));
  });

  it('JSON that is none is an error, not a text', async () => {
    answer = { body: '{"a": 1' };
    expect((await failureOf(call(paths, 'list'))).code).toBe('tool.invalid_reply');
  });
});

describe('text bodies', () => {
  it.each<[Json, string]>([
    ['a,b', 'a,b'],
    [5, '5'],
    [false, 'false'],
    ['', ''],
  ])('%j is sent as its text', async (value, sent) => {
    expect((await asked(order({}, 'text/plain'), 'change_order', { id: 7, body: value })).body).toBe(sent);
  });
});

describe('what the service says of an error', () => {
  let world: CliWorld;
  beforeAll(async () => {
    world = await openCliWorld();
    world.write({
      '.aiworkflow/tools/openapi/shop.json': JSON.stringify(order(fields({ note: { type: 'string' } }))),
      '.aiworkflow/tools/registry.yaml': `tools:
  - {name: shop, description: The shop, implementations: [{type: openapi, spec_path: openapi/shop.json, base_url: "${service.origin}"}]}
`,
      'flow.md':
        '---\nworkflow: {id: flow, name: Flow}\n---\n# Flow\n## Step 1: Add\n\n```yaml\naction: shop.change_order\ninputs: {id: 7, note: hello}\n```\n',
    });
  });
  afterAll(() => world.dispose());

  it('stands in the output of run, runs show, runs log and tools call', { timeout: 120_000 }, async () => {
    const said = 'note must name a customer';
    answer = { status: 422, type: 'application/problem+json', body: JSON.stringify({ title: 'Wrong', detail: said }) };
    const run = await world.run('run', 'flow.md');
    expect(run.exitCode).toBe(1);
    expect(run.stdout + run.stderr).toContain(said);
    const { runs } = (await world.run('--json', 'runs', 'list')).json<{ runs: { run_id: string }[] }>();
    for (const words of [
      ['runs', 'show', runs[0]?.run_id ?? ''],
      ['runs', 'log', runs[0]?.run_id ?? ''],
    ])
      expect((await world.run(...words)).stdout, words.join(' ')).toContain(said);
    const called = await world.run('tools', 'call', 'shop.change_order', '-p', 'id=7', '-p', 'note=hello');
    expect(called.stdout + called.stderr).toContain(`was answered with HTTP 422: ${said}`);
  });

  it('never holds our login', async () => {
    answer = { status: 403, body: JSON.stringify({ message: 'Key key-of-the-shop-1234 is locked' }) };
    const spec = order(fields({}));
    const tool = await lab.tool({
      spec,
      baseUrl: service.origin,
      auth: { type: 'bearer_token', token: 'key-of-the-shop-1234' },
    });
    const error = await failureOf(lab.call(tool, 'change_order', { id: 7, body: {} }));
    expect(error.message).toBe('`shop.change_order` was answered with HTTP 403: Key *** is locked');
  });
});
