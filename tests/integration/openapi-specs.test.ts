import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpListener, listen } from '../support/http-listener.ts';
import { createOpenApiLab, failureOf, type OpenApiLab } from '../support/openapi-lab.ts';

let lab: OpenApiLab;
let service: HttpListener;
/** What the service serves as its spec. */
let served = '';
let status = 200;

beforeEach(async () => {
  lab = await createOpenApiLab();
  status = 200;
  service = await listen((request, response) => {
    if (request.url === '/api/spec.yaml') response.writeHead(status).end(served);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(request));
  });
});
afterEach(async () => {
  await lab.close();
  await service.close();
});

const never = new AbortController().signal;
const host = (): string => new URL(service.origin).host;
const specOf = (paths: object, more: object = {}): Record<string, unknown> => ({
  ...{ openapi: '3.1.0', info: { title: 'x', version: '1' }, paths, ...more },
});

describe('a spec in files', () => {
  it('with types that there are not is called all the same, and validation says so', async () => {
    const parameters = [
      { name: 'when', in: 'query', schema: { type: 'strng' } },
      { name: 'limit', in: 'query', schema: { type: 'integer' } },
    ];
    const schema = { type: 'object', properties: { file: { type: ['null', 'banana'] } } };
    const requestBody = { content: { 'application/json': { schema } } };
    const spec = specOf({ '/a': { post: { operationId: 'send', parameters, requestBody } } });
    const tool = await lab.tool({ spec });
    await tool.describe(never);
    expect(tool.check('send', {})).toEqual([
      {
        ...{ severity: 'warning', code: 'tool.definition_invalid', fix: "Did you mean 'string'?" },
        message: "Parameter 'shop.send.when' has an unknown type 'strng': any value is taken.",
      },
      expect.objectContaining({
        message: "Parameter 'shop.send.file' has an unknown type 'banana': any value is taken.",
        fix: 'Types: string, number, integer, boolean, object, array, null.',
      }),
    ]);
  });

  it('may refer to files beside it and below it, in circles too', async () => {
    await mkdir(join(lab.folder, 'specs', 'parts'), { recursive: true });
    await lab.write(
      'specs/api.yaml',
      'openapi: 3.1.0\npaths:\n  /pets/{petId}:\n    $ref: "parts/paths.yaml#/pet"\n  /plain:\n    get: {}\n',
    );
    await lab.write(
      'specs/parts/paths.yaml',
      'pet:\n  parameters: [{$ref: "../../shared%20parts.json#/a~1b"}]\n  post:\n    operationId: savePet\n    requestBody: {content: {application/json: {schema: {$ref: "#/schema"}}}}\nschema:\n  type: object\n  properties: {name: {type: [string, "null"]}, friend: {$ref: "paths.yaml#/schema"}}\n',
    );
    await lab.write('shared parts.json', {
      'a/b': { name: 'petId', in: 'path', required: true, schema: { type: 'integer' } },
    });
    const tool = await lab.tool({ specFile: join(lab.folder, 'specs', 'api.yaml'), baseUrl: `${service.origin}/v1/` });
    const { output } = await lab.call(tool, 'save_pet', { petId: 3, name: 'Tom', friend: { friend: { name: null } } });
    expect(output).toMatchObject({
      method: 'POST',
      url: '/v1/pets/3',
      body: '{"name":"Tom","friend":{"friend":{"name":null}}}',
    });
    expect(
      (await failureOf(lab.call(tool, 'save_pet', { petId: 3, friend: { friend: { name: 7, friend: 'no' } } })))
        .message,
    ).toMatch(/'friend\.friend/);
    expect(tool.operations).toEqual(['save_pet', 'get_plain']);
  });

  it('reads nothing outside of its folder, by whatever way', async () => {
    await mkdir(join(lab.folder, 'inner'));
    await lab.write('outer.json', { get: { operationId: 'stolen' } });
    await symlink(join(lab.folder, 'outer.json'), join(lab.folder, 'inner', 'link.json'));
    for (const ref of [
      '../outer.json',
      '..%2Fouter.json',
      'link.json',
      join(lab.folder, 'outer.json'),
      `file://${lab.folder}/outer.json`,
      '..\\outer.json',
      'a/../../outer.json',
      service.origin,
    ]) {
      const spec = specOf({ '/a': { get: { parameters: [{ $ref: ref }] } } });
      const specFile = await lab.write('inner/api.json', spec);
      const http = lab.http;
      const { createOpenApiTool } = await import('../../src/core/tools/openapi/index.ts');
      const auth = async (): Promise<never> => Promise.reject(new Error('not needed'));
      const pin = { accepted: () => null, check: () => undefined };
      const commons = {
        ...{ name: 'inner', description: '', allowedHosts: [], allowedPaths: [], timeoutMs: 1000 },
        auth,
        pin,
        onChange: () => undefined,
      };
      const tool = createOpenApiTool({
        commons,
        http,
        specFile,
        specUrl: null,
        baseUrl: service.origin,
        cacheDir: lab.folder,
        projectDir: join(lab.folder, 'inner'),
      });
      const { operations } = await tool.describe(never);
      expect(operations[0]?.description, ref).toMatch(
        /^Cannot be called: The reference .* (may not be followed|cannot be followed)/,
      );
      expect((await failureOf(lab.call(tool, 'get_a'))).code).toBe('tool.definition_invalid');
    }
    expect(service.connections()).toBe(0);
  });

  it('is read again when one of its files changed, and asks before it is used', async () => {
    await lab.write('part.json', { get: { operationId: 'one' } });
    const specFile = await lab.write('spec.json', specOf({ '/a': { $ref: 'part.json' } }));
    const tool = await lab.tool({ specFile, baseUrl: service.origin });
    await lab.call(tool, 'one');
    await lab.write('part.json', { get: { operationId: 'one', summary: 'A longer text' } });
    expect((await failureOf(lab.call(tool, 'one'))).code).toBe('tool.changed');
    lab.pin.accepted = await tool.describe(never);
    expect((await lab.call(tool, 'one')).output).toMatchObject({ url: '/a' });
  });

  it('that goes to another server is a changed spec', async () => {
    const spec = specOf({ '/a': { get: { operationId: 'a' } } });
    const first = await (await lab.tool({ spec: { ...spec, servers: [{ url: 'https://one.example' }] } })).describe(
      never,
    );
    const second = await (await lab.tool({ spec: { ...spec, servers: [{ url: 'https://two.example' }] } })).describe(
      never,
    );
    expect(second.hash).not.toBe(first.hash);
  });

  it('has names for all its operations', async () => {
    const spec = specOf({
      '/pets': { get: { operationId: 'listPets' }, post: { operationId: 'list-pets' }, put: {} },
      '/pets/{id}': { delete: {}, trace: {}, 'x-other': {} },
    });
    const tool = await lab.tool({ spec, baseUrl: service.origin });
    await tool.describe(never);
    expect(tool.operations).toEqual(['list_pets', 'list_pets_2', 'put_pets', 'delete_pets_id']);
    expect((await lab.call(tool, 'listPets')).output).toMatchObject({ url: '/pets' });
  });

  it('takes names that two places share apart, and the operation before its path', async () => {
    const text = { schema: { type: 'string' } };
    const spec = specOf({
      '/a/{id}': {
        parameters: [
          { name: 'id', in: 'path', required: true, ...text },
          { name: 'q', in: 'query', required: true, ...text },
        ],
        get: {
          operationId: 'a',
          parameters: [
            { name: 'id', in: 'query', ...text },
            { name: 'q', in: 'query', schema: { type: 'integer' } },
            { name: 'c', in: 'cookie', ...text },
          ],
        },
      },
    });
    const { output } = await lab.call(await lab.tool({ spec, baseUrl: service.origin }), 'a', {
      id: 'x',
      query_id: 'y',
      q: 7,
      c: 'k;v',
    });
    expect(output).toMatchObject({ url: '/a/x?q=7&id=y', headers: { cookie: 'c=k%3Bv' } });
  });

  it.each([
    ['missing.yaml', 'file.not_found'],
    ['.', 'file.not_found'],
  ])('that is not there: %s', async (name, code) => {
    const tool = await lab.tool({ specFile: join(lab.folder, name) });
    expect((await failureOf(tool.describe(never))).code).toBe(code);
    expect(tool.known()).toBeNull();
  });
});

describe('a spec of an address', () => {
  const paths = { '/things': { get: { operationId: 'things' } } };
  const fetched = (): ReturnType<OpenApiLab['tool']> =>
    lab.tool({ specUrl: `${service.origin}/api/spec.yaml`, allowedHosts: [host()] });

  it('is fetched by describe alone, and kept', async () => {
    served = JSON.stringify(specOf(paths, { servers: [{ url: '../v2' }] }));
    const tool = await fetched();
    expect(await failureOf(lab.call(tool, 'things'))).toMatchObject({ code: 'tool.not_configured' });
    expect(tool.known()).toBeNull();
    expect(tool.traits('things')).toMatchObject({ effect: 'effect', repeatable: false });
    expect(service.connections()).toBe(0);
    await tool.describe(never);
    expect((await lab.call(tool, 'things')).output).toMatchObject({ url: '/v2/things' });
    // Another process reads what was kept.
    served = 'gone';
    const later = await fetched();
    expect((await lab.call(later, 'things')).output).toMatchObject({ url: '/v2/things' });
    expect(service.requests.filter(({ url }) => url === '/api/spec.yaml')).toHaveLength(1);
  });

  it('stays as it was when the new one is none, or does not come', async () => {
    served = JSON.stringify(specOf(paths));
    const tool = await fetched();
    await tool.describe(never);
    served = 'not: a spec';
    expect((await failureOf(tool.describe(never))).code).toBe('tool.definition_invalid');
    status = 503;
    expect(await failureOf(tool.describe(never))).toMatchObject({ code: 'tool.http_error', retryable: true });
    expect((await lab.call(tool, 'things')).output).toMatchObject({ url: '/things' });
  });

  it('is not taken from a kept file that somebody changed', async () => {
    served = JSON.stringify(specOf(paths));
    await (await fetched()).describe(never);
    const folder = join(lab.folder, 'cache');
    const [name = ''] = await readdir(folder);
    const kept = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), kept.replace('things', 'thinks'));
    expect((await failureOf(lab.call(await fetched(), 'things'))).code).toBe('tool.not_configured');
  });

  it('may not refer to anything else, and is not fetched from a private host unasked', async () => {
    served = JSON.stringify(specOf({ '/a': { $ref: 'other.json' } }));
    expect((await failureOf((await fetched()).describe(never))).code).toBe('tool.definition_invalid');
    const count = service.connections();
    const tool = await lab.tool({ specUrl: `${service.origin}/api/spec.yaml` });
    expect((await failureOf(tool.describe(never))).code).toBe('tool.address_refused');
    expect(service.connections()).toBe(count);
  });
});

/** As large and as tangled as the largest public ones: about 10 MB, 1,000 operations, thousands of references in circles. */
function largeSpec(): Record<string, unknown> {
  const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
  const property = (schema: number, index: number): object =>
    index % 6 === 0
      ? {
          anyOf: [
            { type: 'string', maxLength: 5000 },
            { $ref: `#/components/schemas/s${(schema * 7 + index * 13) % 1000}` },
          ],
        }
      : {
          type: ['string', 'null'],
          description: `The ${index}th field of the object, as the service sees it. `.repeat(4),
        };
  const schemas = Object.fromEntries(
    range(1000).map((schema) => [
      `s${schema}`,
      {
        type: 'object',
        required: ['f0'],
        properties: Object.fromEntries(range(25).map((index) => [`f${index}`, property(schema, index)])),
      },
    ]),
  );
  const parameters = range(8).map((index) => ({
    name: `q${index}`,
    in: 'query',
    description: 'Filters. '.repeat(10),
    schema: { type: 'string' },
  }));
  const content = (schema: object): object => ({ content: { 'application/json': { schema } } });
  const body = {
    type: 'object',
    properties: Object.fromEntries(
      range(30).map((index) => [`p${index}`, { type: 'string', description: 'Text. '.repeat(20) }]),
    ),
  };
  const paths = Object.fromEntries(
    range(500).map((index) => {
      const responses = { 200: { description: 'ok', ...content({ $ref: `#/components/schemas/s${index}` }) } };
      return [
        `/v1/things${index}/{id}`,
        {
          get: { operationId: `getThing${index}`, description: 'Gets it. '.repeat(60), parameters, responses },
          post: {
            operationId: `postThing${index}`,
            description: 'Sets it. '.repeat(60),
            requestBody: content(body),
            responses,
          },
        },
      ];
    }),
  );
  return specOf(paths, { components: { schemas } });
}

describe('a large spec', () => {
  it('is read, listed and called', async () => {
    const text = JSON.stringify(largeSpec(), null, 2);
    const { stringify } = await import('yaml');
    const files = { 'large.json': text, 'large.yaml': stringify(largeSpec(), { aliasDuplicateObjects: false }) };
    const hashes: string[] = [];
    for (const [name, content] of Object.entries(files)) {
      const tool = await lab.tool({ specFile: await lab.write(name, content), baseUrl: service.origin });
      const begin = performance.now();
      const { operations, hash } = await tool.describe(never);
      const spent = Math.round(performance.now() - begin);
      console.info(`${name}: ${(content.length / 1e6).toFixed(1)} MB, ${operations.length} operations, ${spent} ms`);
      expect(operations).toHaveLength(1000);
      expect((await lab.call(tool, 'get_thing7', { id: 'x', q0: 'y' })).output).toMatchObject({
        url: '/v1/things7/x?q0=y',
      });
      hashes.push(hash);
    }
    expect(hashes[0]).toBe(hashes[1]);
    expect(JSON.stringify(files).length).toBeGreaterThan(16e6);
  });
});
