import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../src/shared/json.ts';
import { type EchoService, fields, openEchoService, orderSpec, type ServiceAnswer } from '../support/echo-service.ts';
import { failureOf } from '../support/openapi-lab.ts';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** What services answer, and what must come of it (`README.md` names the reports). */
let service: EchoService;
beforeAll(async () => {
  service = await openEchoService();
});
afterAll(() => service.close());

describe('answers', () => {
  const paths = `paths:
  /orders:
    get:
      operationId: list
      responses: {"200": {description: ok, content: {application/json: {schema: {type: array}}}}}
`;

  it.each<[string, ServiceAnswer, Json, readonly string[]]>([
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
    service.answer = given;
    const result = await service.call(paths, 'list');
    expect(result.output).toEqual(output);
    expect(result.warnings?.map((one) => one.message)).toEqual(said.map((one) => expect.stringContaining(one)));
  });

  it('JSON that is none is an error, not a text', async () => {
    service.answer = { body: '{"a": 1' };
    expect((await failureOf(service.call(paths, 'list'))).code).toBe('tool.invalid_reply');
  });
});

describe('what the service says of an error', () => {
  let world: CliWorld;
  beforeAll(async () => {
    world = await openCliWorld();
    world.write({
      '.aiworkflow/tools/openapi/shop.json': JSON.stringify(orderSpec(fields({ note: { type: 'string' } }))),
      '.aiworkflow/tools/registry.yaml': `tools:
  - {name: shop, description: The shop, implementations: [{type: openapi, spec_path: openapi/shop.json, base_url: "${service.origin}"}]}
`,
      'flow.md':
        '---\nworkflow: {id: flow, name: Flow}\n---\n# Flow\n## Step 1: Add\n\n```yaml\naction: shop.change_order\ninputs: {id: 7, note: hello}\n```\n',
    });
  });
  afterAll(() => world.dispose());

  it('stands in the output of run, runs show, runs log and tools call', async () => {
    const said = 'note must name a customer';
    service.answer = {
      status: 422,
      type: 'application/problem+json',
      body: JSON.stringify({ title: 'Wrong', detail: said }),
    };
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
    service.answer = { status: 403, body: JSON.stringify({ message: 'Key key-of-the-shop-1234 is locked' }) };
    const spec = orderSpec(fields({}));
    service.lab.pin.accepted = null;
    const tool = await service.lab.tool({
      spec,
      baseUrl: service.origin,
      auth: { type: 'bearer_token', token: 'key-of-the-shop-1234' },
    });
    const error = await failureOf(service.lab.call(tool, 'change_order', { id: 7, body: {} }));
    expect(error.message).toBe("'shop.change_order' was answered with HTTP 403: Key *** is locked");
  });
});
