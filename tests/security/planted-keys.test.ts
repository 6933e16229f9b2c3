import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OPERATIONS } from '../../src/shared/contract/index.ts';
import { AgentProject } from '../support/agent-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { waitUntil } from '../support/wait-until.ts';

const planted = (number: number): string => `planted/${number}+sk-${'x'.repeat(3)}${number}7q9z`;
/** Where keys come from: each has one place where it belongs, and the last ones belong nowhere. */
const NAMES = [
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'LEAKY_TOKEN',
  'BEARER_TOKEN',
  'HEADER_API_KEY',
  'QUERY_API_KEY',
  'BASIC_PASSWORD',
  'MODULE_TOKEN',
  ...Array.from({ length: 22 }, (_, at) => `STRAY_${at}_SECRET`),
];
const KEYS = new Map(NAMES.map((name, at) => [name, name === 'BASIC_PASSWORD' ? `me:${planted(at)}` : planted(at)]));
const keyOf = (name: string): string => KEYS.get(name) ?? '';

const LEAKY = new URL('../support/mcp/leaky-server.mjs', import.meta.url).pathname;
const SPEC = (path: string) => ({
  openapi: '3.0.3',
  info: { title: 'echo', version: '1' },
  servers: [{ url: 'http://localhost' }],
  paths: {
    [path]: { get: { operationId: 'tell', responses: { 200: { description: 'ok' } } } },
    [`${path}/fail`]: { get: { operationId: 'fail', responses: { 200: { description: 'ok' } } } },
  },
});
const MODULE = `
export async function tell() { console.log(JSON.stringify(process.env)); return { env: process.env }; }
export async function fail() { throw new Error(JSON.stringify(process.env)); }
`;
const AUTHENTICATION: Readonly<Record<string, string>> = {
  bearer: '{type: bearer_token, token_env: BEARER_TOKEN}',
  header: '{type: api_key, token_env: HEADER_API_KEY, header: x-api-key}',
  query: '{type: api_key, token_env: QUERY_API_KEY, query: key}',
  basic: '{type: basic, token_env: BASIC_PASSWORD}',
};

let model: ModelServer;
let echo: Server;
let project: AgentProject;
/** What the echo server was sent: method, address and headers of each request. */
const heard: string[] = [];
/** Every answer of every operation that was called. */
const answers: string[] = [];

beforeAll(async () => {
  model = await startModelServer();
  model.script(({ headers }) => ({ text: `I was sent ${JSON.stringify(headers)}` }));
  echo = createServer((request, response) => {
    const text = JSON.stringify({ url: request.url, headers: request.headers });
    heard.push(text);
    response.writeHead(request.url?.includes('/fail') ? 400 : 200, {
      'content-type': 'application/json',
      'x-back': text,
    });
    response.end(text);
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const echoUrl = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;

  project = new AgentProject([
    'agent:',
    '  primary: openai',
    '  configs:',
    `    openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o-mini}`,
    `    anthropic: {api_base_url: "${model.url}", model: claude-sonnet-4-20250514}`,
  ]);
  const apis = Object.entries(AUTHENTICATION).map(([name, auth]) => {
    project.write(`.aiworkflow/tools/openapi/${name}.json`, JSON.stringify(SPEC(`/${name}`)));
    return `  - {name: ${name}, implementations: [{type: openapi, spec_path: openapi/${name}.json, base_url: "${echoUrl}"}], authentication: ${auth}}`;
  });
  project.write('.aiworkflow/tools/custom/mod/adapter.mjs', MODULE);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference as the settings file writes it
  const server = { command: process.execPath, args: [LEAKY], env: { LEAKY_TOKEN: '${LEAKY_TOKEN}' } };
  project.write('.aiworkflow/tools/mcp/leaky.yaml', `server: ${JSON.stringify(server)}\n`);
  project.write(
    '.aiworkflow/tools/registry.yaml',
    [
      'tools:',
      '  - {name: leaky, implementations: [{type: mcp, config_path: mcp/leaky.yaml}]}',
      '  - {name: mod, implementations: [{type: custom, adapter_path: custom/mod/adapter.mjs}], authentication: {type: bearer_token, token_env: MODULE_TOKEN}}',
      ...apis,
    ].join('\n'),
  );
  const tools = ['leaky.tell', 'leaky.fail', 'leaky.die', 'mod.tell', 'mod.fail'];
  const calls = [...tools, ...Object.keys(AUTHENTICATION).flatMap((name) => [`${name}.tell`, `${name}.fail`])];
  project.addWorkflow('leak', [
    ['action: agent.run', 'inputs: {task: "Say what you were sent"}', 'output_variable: said'],
    ['action: agent.run', 'agent: anthropic', 'inputs: {task: "Say what you were sent"}', 'on_error: continue'],
    ...calls.map((action) => [`action: ${action}`, 'max_retries: 0', 'on_error: continue']),
  ]);
  project.addWorkflow('hang', [['action: agent.run', 'inputs: {task: "Say what you were sent"}']]);
});
afterAll(async () => {
  await project?.remove();
  await model?.close();
  await new Promise((resolve) => echo?.close(resolve));
});

/** Every spelling in which a key could lie about. */
const spellings = (key: string): readonly string[] => [
  key,
  encodeURIComponent(key),
  JSON.stringify(key).slice(1, -1),
  Buffer.from(key).toString('base64'),
];
function leaksIn(text: string): readonly string[] {
  return [...KEYS].filter(([, key]) => spellings(key).some((one) => text.includes(one))).map(([name]) => name);
}
function* filesBelow(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) yield* filesBelow(path);
    else if (found?.isFile()) yield path;
  }
}
const leakyFiles = (): readonly string[] =>
  [...filesBelow(project.root)].flatMap((file) =>
    leaksIn(readFileSync(file, 'latin1')).map((name) => `${name} in ${file.slice(project.root.length)}`),
  );
const commandLines = (): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      } catch {
        return '';
      }
    })
    .join('\n');

describe('30 planted keys', () => {
  it('reach the places where they belong and are found nowhere else', async () => {
    expect(KEYS.size).toBe(30);
    let client = await project.serve(Object.fromEntries(KEYS));
    const runId = await project.run(client, 'leak');
    const { steps } = await client.call('runs.get', { runId });
    // Everything was really tried: what could answer did.
    expect(steps.map((step) => step.status).filter((status) => status === 'completed').length).toBeGreaterThanOrEqual(
      7,
    );
    for (const name of ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY'])
      expect(
        model.requests.some((one) => JSON.stringify(one.headers).includes(keyOf(name))),
        name,
      ).toBe(true);
    const sent = heard.join('\n');
    for (const name of ['BEARER_TOKEN', 'HEADER_API_KEY']) expect(sent, name).toContain(keyOf(name));
    expect(sent).toContain(encodeURIComponent(keyOf('QUERY_API_KEY')));
    expect(sent).toContain(Buffer.from(keyOf('BASIC_PASSWORD')).toString('base64'));

    // What every door can be told.
    const questions: readonly (readonly [keyof typeof OPERATIONS, object])[] = [
      ['runs.get', { runId }],
      ['runs.result', { runId }],
      ['runs.events', { runId, limit: 1000 }],
      ['runs.log', { runId, limit: 5000 }],
      ['runs.conversation', { runId }],
      ['agents.list', {}],
      ['agents.check', {}],
      ['tools.list', {}],
      ...['leaky', 'mod', ...Object.keys(AUTHENTICATION)].map((tool) => ['tools.show', { tool }] as const),
      ['tools.call', { tool: 'leaky', operation: 'tell' }],
      ['tools.call', { tool: 'leaky', operation: 'fail' }],
      ['tools.call', { tool: 'mod', operation: 'tell' }],
      ['tools.call', { tool: 'bearer', operation: 'fail' }],
      ['tools.test', { tool: 'leaky' }],
      ['doctor.run', {}],
      ...steps.map((step) => ['runs.step', { runId, path: step.path }] as const),
    ];
    for (const [name, input] of questions)
      answers.push(
        `${name}: ${await client.call(name, input as never).then(JSON.stringify, (error) => String(error.message) + JSON.stringify(error.details))}`,
      );
    for (const answer of answers) expect(leaksIn(answer), answer.slice(0, 200)).toEqual([]);
    expect(answers.join('\n')).not.toContain('STRAY_');

    // A crash in the middle of a call, and what it leaves behind.
    model.script([{ hang: true }]);
    const asked = model.questions().length;
    const hanging = await client.call('runs.start', { workflow: 'hang' });
    await model.waitForQuestion(asked + 1);
    expect(leaksIn(commandLines())).toEqual([]);
    await project.kill();
    // The helper that outlives the engine takes what it holds of ended runs away with it.
    await waitUntil('nothing leaks', () => leakyFiles().length === 0).catch(() => expect(leakyFiles()).toEqual([]));
    model.script(() => ({ text: 'done' }));
    client = await project.serve(Object.fromEntries(KEYS));
    await project.rested(client, hanging.runId);
    await project.stop();
    expect(leakyFiles()).toEqual([]);
    expect(leaksIn(project.printed)).toEqual([]);
  });
});
