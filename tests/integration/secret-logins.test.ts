import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { LocalProject } from '../support/local-project.ts';

const TOOL_KEY = 'planted/tool+7q9z';
const AGENT_KEY = 'planted/agent+7q9z';
const heard: { readonly url: string; readonly login: string }[] = [];
let server: Server;
let project: LocalProject;

beforeAll(async () => {
  vi.stubEnv('AIWORKFLOW_MASTER_KEY', 'correct horse battery');
  server = createServer((request, response) => {
    const login = request.headers.authorization ?? '';
    heard.push({ url: request.url ?? '', login });
    response.setHeader('content-type', 'application/json');
    const isAsked = request.url?.includes('chat') === true;
    const message = { role: 'assistant', content: `You sent ${login}` };
    response.end(
      JSON.stringify(
        isAsked ? { model: 'm', choices: [{ index: 0, finish_reason: 'stop', message }] } : { login, data: [] },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  project = new LocalProject([
    'agent:',
    '  primary: team',
    '  configs:',
    `    team: {provider: openai, api_base_url: "http://${host}/v1", api_key: TEAM_KEY, model: m}`,
  ]);
  project.write(
    '.aiworkflow/tools/registry.yaml',
    `tools: [{name: shop, implementations: [{type: openapi, spec_path: s.json}], authentication: {type: bearer_token, secret: SHOP_KEY}, security: {allowed_hosts: ["${host}"]}}]\n`,
  );
  project.write(
    '.aiworkflow/tools/s.json',
    JSON.stringify({
      openapi: '3.0.3',
      info: { title: 'shop', version: '1' },
      servers: [{ url: `http://${host}` }],
      paths: { '/things': { get: { operationId: 'list_things', responses: { 200: { description: 'ok' } } } } },
    }),
  );
  project.addWorkflow('shopping', [['action: shop.list_things', 'output_variable: things']]);
  project.addWorkflow('asking', [['action: agent.run', 'inputs:', '  prompt: hello', 'output_variable: said']]);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await project.close();
  server.close();
});

const endOf = async (workflow: string) => {
  const runId = await project.run(workflow);
  return {
    run: (await project.call('runs.get', { runId })).run,
    all: JSON.stringify(await project.call('runs.events', { runId })),
  };
};

it('a tool logs in with a secret that it is allowed, and only then', async () => {
  await project.call('secrets.set', { name: 'SHOP_KEY', value: TOOL_KEY });
  const refused = await endOf('shopping');
  expect(refused.run.status).toBe('failed');
  expect(refused.all).toContain('secret.not_allowed');
  expect(heard).toEqual([]);
  await project.call('secrets.edit', { name: 'SHOP_KEY', allow: ['tool:shop'] });
  const done = await endOf('shopping');
  expect(done.run.status).toBe('completed');
  expect(heard).toEqual([{ url: '/things', login: `Bearer ${TOOL_KEY}` }]);
  expect(done.all).toContain('[secret:SHOP_KEY]');
  expect(done.all).not.toContain(TOOL_KEY);
  const { secrets } = await project.call('secrets.list', {});
  expect(secrets).toMatchObject([
    { name: 'SHOP_KEY', usedBy: ['tool:shop'], lastUsedAt: expect.any(Number) as number },
  ]);
});

it('an agent is given the key that its settings name, where it is allowed', async () => {
  heard.length = 0;
  await project.call('secrets.set', { name: 'TEAM_KEY', value: AGENT_KEY });
  expect((await endOf('asking')).run.status).toBe('failed');
  expect(heard).toEqual([]);
  await project.call('secrets.edit', { name: 'TEAM_KEY', allow: ['agent:team'] });
  await project.call('agents.check', { name: 'team' });
  const done = await endOf('asking');
  expect(done.run.error).toBeNull();
  expect(done.run.status).toBe('completed');
  expect(heard.map(({ login }) => login)).toContain(`Bearer ${AGENT_KEY}`);
  expect(done.all).toContain('[secret:TEAM_KEY]');
  expect(done.all).not.toContain(AGENT_KEY);
});
