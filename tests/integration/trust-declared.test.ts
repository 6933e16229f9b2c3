import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type HttpListener, listen } from '../support/http-listener.ts';
import { LocalProject } from '../support/local-project.ts';
import { specOf } from '../support/registry-lab.ts';

/** SPEC §6.7: a bundle from outside gets what its sheet named; a name that only a run makes up is none of that. */
const project = new LocalProject([], { isHost: true });
const started = join(project.root, 'started');
let service: HttpListener;

beforeAll(async () => {
  vi.stubEnv('AIWORKFLOW_MASTER_KEY', 'correct horse battery');
  service = await listen((request, response) => {
    const to = `http://localhost:${new URL(service.origin).port}/other`;
    if (request.url === '/things') response.writeHead(302, { location: to }).end();
    else response.setHeader('content-type', 'application/json').end('["reached"]');
  });
  const { host } = new URL(service.origin);
  project.write('.aiworkflow/tools/openapi/things.json', JSON.stringify(specOf(host)));
  project.write('.aiworkflow/tools/mcp/desk.yaml', `server: {command: touch, args: [${JSON.stringify(started)}]}\n`);
  project.write(
    '.aiworkflow/tools/registry.yaml',
    [
      'tools:',
      '  - {name: desk, implementations: [{type: mcp}]}',
      `  - {name: things, implementations: [{type: openapi, spec_path: openapi/things.json, base_url: ${service.origin}}]}`,
      '',
    ].join('\n'),
  );
  await project.call('secrets.set', { name: 'DEPLOY_KEY', value: 'sk-planted-1x8z', allowed: ['*'] });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await project.close();
  await service.close();
});

const SAY = '#!/bin/sh\necho "{\\"got\\": true}"\n';

/** A workflow that works a name out and uses it; `front` is what it says of itself. */
const flow = (
  id: string,
  { front = '', set = '', use }: { front?: string; set?: string; use: readonly string[] },
): string =>
  [
    ...['---', `workflow: {id: ${id}, name: ${id}, version: "1.0.0"}`, `${front}---`],
    ...['## Step 1: Choose', '```yaml', 'action: workflow.set', `inputs: {${set}}`, '```'],
    ...['## Step 2: Use it', '```yaml', 'id: use', ...use, 'max_retries: 0', '```', ''],
  ].join('\n');

/** Imports it, trusts all that its sheet shows, and runs it; gives how the run failed. */
async function runFromOutside(id: string, workflow: string, files: Readonly<Record<string, string>> = {}) {
  const parts = Object.entries({ 'workflow.md': workflow, ...files }).map(([path, text]) => ({
    path,
    base64: Buffer.from(text).toString('base64'),
  }));
  const { uploadId } = await project.call('bundles.upload', { name: id, files: parts });
  const { contentHash, trust } = await project.call('bundles.inspect', { uploadId });
  const consent = { read: trust.findings.map((finding) => finding.id) };
  await project.call('bundles.import', { uploadId, contentHash, name: id, consent });
  return { rows: trust.rows, ...(await endOf(id)) };
}

async function endOf(id: string) {
  const runId = await project.run(id);
  const { run, steps } = await project.call('runs.get', { runId });
  const step = steps.find(({ path }) => path === 'use');
  return { status: run.status, error: step?.error ?? null };
}

const refusal = (kind: string, name: string) => ({
  status: 'failed',
  error: {
    code: 'trust.not_declared',
    message: expect.stringContaining(`'${name}': it was kept back (step use)`),
    hint: expect.stringMatching(/\S/),
    details: { kind, name, step: 'use' },
  },
});

describe('what was not declared is kept from a bundle from outside', () => {
  it('a server of MCP, which is not started', async () => {
    const use = ['action: "{{ chosen }}.find"'];
    expect(await runFromOutside('server', flow('server', { set: 'chosen: desk', use }))).toMatchObject(
      refusal('tools', 'desk'),
    );
    expect(existsSync(started)).toBe(false);
  });

  it('a host, to which a service redirects', async () => {
    const use = ['action: things.list_things'];
    const ended = await runFromOutside('host', flow('host', { use, set: 'a: 1' }));
    expect(ended).toMatchObject(refusal('hosts', 'localhost'));
    expect(ended.rows).toContainEqual(expect.objectContaining({ kind: 'tools', name: 'things' }));
    // One that was made here is held to the rules for addresses alone.
    project.write('.aiworkflow/workflows/own-host.md', flow('own-host', { use, set: 'a: 1' }));
    expect(await endOf('own-host')).toMatchObject({ status: 'failed', error: { code: 'tool.address_refused' } });
  });

  it('a secret, of which it makes the name up; one that its variables name is on the sheet', async () => {
    const use = ['action: say.run', 'inputs: {key: "{{ secrets[chosen] }}"}'];
    const tools = { 'tools/say.sh': SAY };
    const workflow = (id: string) => flow(id, { set: 'chosen: DEPLOY_KEY', use });
    expect(await runFromOutside('secret', workflow('secret'), tools)).toMatchObject(refusal('secrets', 'DEPLOY_KEY'));
    const named = {
      ...tools,
      'config.yaml': 'env: {KEY: "{{ secrets.DEPLOY_KEY }}", API_BASE_URL: "https://a.example/v1"}\n',
    };
    const ended = await runFromOutside('named', workflow('named'), named);
    expect(ended).toMatchObject({ status: 'completed', error: null });
    expect(ended.rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'secrets', name: 'DEPLOY_KEY' }),
        expect.objectContaining({ kind: 'reaches', name: 'a.example' }),
      ]),
    );
    project.write('.aiworkflow/bundles/own-secret/workflow.md', workflow('own-secret'));
    project.write('.aiworkflow/bundles/own-secret/tools/say.sh', SAY);
    expect(await endOf('own-secret')).toMatchObject({ status: 'completed' });
  });

  it('an agent: a name that a run makes up is nobody', async () => {
    const use = ['action: agent.analyze', 'agent: "{{ chosen }}"', 'inputs: {task: Say}'];
    await expect(runFromOutside('asker', flow('asker', { set: 'chosen: demo', use }))).rejects.toMatchObject({
      message: expect.stringContaining("'agent' takes no"),
    });
  });
});
