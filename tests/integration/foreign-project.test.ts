import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Clock, systemClock } from '../../src/core/time/index.ts';
import type { ApprovalDetail, TrustSheet } from '../../src/shared/contract/index.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §6.7: a project folder that nobody made here asks once, before anything of it is reached or started. */
vi.setConfig({ testTimeout: 60_000 });

const asked: string[] = [];
let service: Server;
let project: LocalProject;
beforeAll(async () => {
  service = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('{}');
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
});
afterAll(() => service.close());
beforeEach(() => {
  asked.length = 0;
  project = foreign();
});
afterEach(() => project.close());

const address = (): string => `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
const SERVER = '.aiworkflow/tools/desk.mjs';
const REGISTRY = '.aiworkflow/tools/registry.yaml';

/** A folder with something of everything that could be reached or started; whatever is, leaves its name in `traces`. */
function foreign(options: ConstructorParameters<typeof LocalProject>[1] = {}): LocalProject {
  const made = new LocalProject([], { isFromElsewhere: true, ...options });
  const leaves = (what: string): string => `#!/bin/sh\necho ${what} >> ${join(made.root, 'traces')}\n`;
  const program = made.write('bin/own-agent', leaves('profile'));
  settle(made, address());
  made.write('.aiworkflow/agents/profiles/own.yaml', `command: ${program}\nargs: [--print]\nenv: [OWN_TOKEN]\n`);
  made.write(
    SERVER,
    `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(join(made.root, 'traces'))}, 'server\\n');\n`,
  );
  made.write(
    '.aiworkflow/tools/mcp/desk.yaml',
    `server: {command: ${process.execPath}, args: [${SERVER}]}\ntimeout: 5s\n`,
  );
  made.write('.aiworkflow/tools/say.sh', leaves('tool'));
  made.write(
    REGISTRY,
    'tools:\n  - {name: desk, implementations: [{type: mcp}]}\n  - {name: say, implementations: [{type: script, adapter_path: say.sh}]}\n',
  );
  made.write('.env', 'OPENAI_BASE_URL=https://elsewhere.example\nPLAIN=1\n');
  made.write('.aiworkflow/bundles/books/workflow.md', flow('books', 'act.run'));
  made.write('.aiworkflow/bundles/books/tools/act.sh', leaves('script'));
  return made;
}

const settle = (to: LocalProject, url: string, more = ''): string =>
  to.write(
    'aiworkflow.yaml',
    `agent:\n  configs: {ollama: {api_base_url: "${url}"${more}}}\nmonitoring: {alert_channels: ["https://hooks.example/x"]}\n`,
  );

const flow = (id: string, action: string): string =>
  `---\nworkflow: {id: ${id}, name: ${id}}\n---\n## Step 1: Do it\n\`\`\`yaml\naction: ${action}\n\`\`\`\n`;

const traces = (from = project): readonly string[] => {
  const file = join(from.root, 'traces');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};
const sheetOf = (of = project): Promise<TrustSheet> => of.call('trust.show', { ref: '.' });
const stateOf = async (): Promise<string> => (await project.call('app.info', {})).project.trust;

async function give(to = project): Promise<TrustSheet> {
  const { contentHash, findings } = await sheetOf(to);
  return to.call('trust.give', { ref: to.path, contentHash, read: findings.map(({ id }) => id) });
}

const NEEDED = { code: 'trust.needed', details: { path: '.' }, hint: expect.stringContaining('bundle trust') };

describe('a project folder from elsewhere', () => {
  it('can be read, and reaches and starts nothing before somebody trusts it', async () => {
    expect(await stateOf()).toBe('untrusted');
    await expect(project.call('runs.start', { workflow: 'books', inputs: {} })).rejects.toMatchObject(NEEDED);
    await expect(project.call('tools.refresh', { tool: 'desk' })).rejects.toMatchObject(NEEDED);
    await expect(project.call('tools.call', { tool: 'say', operation: 'run', params: {} })).rejects.toMatchObject(
      NEEDED,
    );
    await expect(project.call('agents.check', {})).rejects.toMatchObject(NEEDED);
    expect((await project.call('tools.test', { tool: 'desk' })).checks).toContainEqual(
      expect.objectContaining({ name: 'reach', ok: false, message: expect.stringContaining('came from elsewhere') }),
    );
    await project.call('runs.plan', { workflow: 'books', inputs: {} });
    await project.call('workflows.validate', { ref: 'books' });
    for (const name of ['workflows.list', 'tools.list', 'agents.list'] as const) await project.call(name, {});
    expect([traces(), asked]).toEqual([[], []]);
  });

  it('says in one sheet what it could do, and the consent is to exactly that', async () => {
    const { rows, findings, ...sheet } = await sheetOf();
    expect(sheet).toMatchObject({ of: 'project', name: 'office', state: 'untrusted', against: null });
    const said = rows.map(({ kind, name }) => `${kind} ${name}`);
    for (const one of [
      'reaches 127.0.0.1',
      `runs ${join(project.path, 'bin/own-agent')} --print`,
      `runs ${process.execPath} ${SERVER}`,
      `runs ${SERVER}`,
      'runs .aiworkflow/tools/say.sh',
      'runs .aiworkflow/bundles/books: tools/act.sh',
      'environment OWN_TOKEN',
      'environment PLAIN',
      'tools desk',
      'agents ollama',
      'reaches hooks.example',
    ])
      expect(said).toContain(one);
    expect(findings.filter(({ severity }) => severity === 'high').map(({ code }) => code)).toEqual(
      expect.arrayContaining(['agent.address', 'env.loads']),
    );
    const consent = { ref: '.', contentHash: sheet.contentHash };
    await expect(project.call('trust.give', { ...consent, read: [] })).rejects.toMatchObject({ code: 'trust.unread' });
    const read = findings.map(({ id }) => id);
    project.write('.aiworkflow/bundles/books/prompts/task.md', 'One byte more');
    await expect(project.call('trust.give', { ...consent, read })).rejects.toMatchObject({ code: 'bundle.changed' });
    await expect(project.call('runs.start', { workflow: 'books', inputs: {} })).rejects.toMatchObject(NEEDED);
    expect(await give()).toMatchObject({ state: 'trusted' });
    await project.run('books');
    await project.call('tools.call', { tool: 'say', operation: 'run', params: {} });
    await project.reopen();
    expect(await stateOf()).toBe('trusted');
    await project.run('books');
    expect(traces()).toEqual(['script', 'tool', 'script']);
  });

  it('is asked for by whoever may not trust it, and trusted by the approval of exactly what was shown', async () => {
    await project.addUser('dora', 'executor');
    const ask = async (): Promise<ApprovalDetail> => {
      const { contentHash } = await sheetOf();
      const asked = { kind: 'bundle_trust', ref: '.', contentHash };
      const answer = await project.as('dora', 'approvals.request', { asked });
      return project.call('approvals.get', { id: (answer as { value: { id: string } }).value.id });
    };
    const approve = ({ id, hash, act }: ApprovalDetail) =>
      project.call('approvals.approve', { id, hash, read: (act?.findings ?? []).map((one) => one.id) });
    const first = await ask();
    expect(first).toMatchObject({
      ...{ type: 'bundle_trust', title: 'Trust the folder office', workflowName: null, requesterId: 'dora' },
      act: {
        fields: { folder: 'office', could: expect.arrayContaining(['tools: desk, A tool of this project (mcp)']) },
      },
    });
    expect(await project.as('dora', 'approvals.approve', { id: first.id, hash: first.hash })).toMatchObject({
      error: { code: 'access.denied' },
    });
    await expect(approve({ ...first, act: null })).rejects.toMatchObject({ code: 'trust.unread' });
    project.write('.aiworkflow/bundles/books/prompts/task.md', 'One byte more');
    await expect(approve(first)).rejects.toMatchObject({ code: 'approval.changed' });
    expect((await project.call('approvals.get', { id: first.id })).status).toBe('cancelled');
    const second = await ask();
    await approve(second);
    expect((await project.call('approvals.get', { id: second.id })).act).toMatchObject({ outcome: 'done' });
    expect(await stateOf()).toBe('trusted');
    const { events } = await project.call('audit.query', { eventType: 'security.trust_changed' });
    expect(events.map(({ action, success }) => [action, success])).toEqual([['trust.give', true]]);
    await project.run('books');
    expect(traces()).toEqual(['script']);
    // Whoever had asked for it has his answer, where it is given on its sheet.
    await project.call('trust.withdraw', { ref: '.' });
    const third = await ask();
    await give();
    expect(await project.call('approvals.get', { id: third.id })).toMatchObject({
      ...{ status: 'approved', act: { outcome: 'done' } },
    });
  });

  it('asks again for another address, program, code, command or variable', async () => {
    await give();
    const changes: Readonly<Record<string, () => unknown>> = {
      'agents ollama': () => settle(project, `${address()}/other`),
      'agents own': () => writeProfile('--print=all'),
      [`runs ${SERVER}`]: () => project.write(SERVER, '// another\n'),
      'tools desk': () => project.write('.aiworkflow/tools/mcp/desk.yaml', 'server: {command: sh}\n'),
      'environment OPENAI_BASE_URL': () => project.write('.env', 'OPENAI_BASE_URL=https://third.example\nPLAIN=1\n'),
    };
    for (const [what, change] of Object.entries(changes)) {
      change();
      await expect(project.call('runs.start', { workflow: 'books', inputs: {} }), what).rejects.toMatchObject(NEEDED);
      const { state, rows } = await sheetOf();
      const marked = rows.filter(({ mark }) => mark === 'changed').map(({ kind, name }) => `${kind} ${name}`);
      expect([state, marked]).toEqual(['changed', expect.arrayContaining([what])]);
      await give();
    }
    await project.run('books');
    expect(traces()).toEqual(['script']);
  });

  it('does not ask for a model, a time or a comment; a workflow that is changed or comes asks by itself', async () => {
    await give();
    settle(project, address(), ', model: llama3, timeout: 90');
    project.write(REGISTRY, `# by hand\n${readFileSync(join(project.path, REGISTRY), 'utf8')}`);
    expect(await stateOf()).toBe('trusted');
    await project.run('books');
    project.write('.aiworkflow/bundles/books/workflow.md', flow('books', 'act.all'));
    project.write('.aiworkflow/workflows/new.md', flow('new', 'workflow.noop'));
    for (const workflow of ['books', 'new'])
      await expect(project.call('runs.start', { workflow, inputs: {} })).rejects.toMatchObject({
        code: 'trust.needed',
        details: { path: expect.stringContaining(workflow) },
      });
    const { created } = await project.call('workflows.create', { name: 'mine', template: 'basic' });
    expect((await project.call('workflows.list', {})).workflows.find(({ path }) => path === created)?.trust).toBe(
      'own',
    );
    await project.call('trust.withdraw', { ref: '.' });
    await expect(project.call('runs.start', { workflow: 'mine', inputs: {} })).rejects.toMatchObject(NEEDED);
  });

  it('goes on with no run that came with it before it is trusted', async () => {
    const from = new LocalProject();
    from.addWorkflow('waits', [['wait: {for: 30m}'], ['action: workflow.set_outputs', 'inputs: {said: done}']]);
    const { runId } = await from.call('runs.start', { workflow: 'waits', inputs: {} });
    await expect.poll(async () => (await from.call('runs.get', { runId })).run.status).toBe('waiting');
    await from.leave();
    const host = new LocalProject([], { isHost: true, isFromElsewhere: true, clock: inAnHour });
    cpSync(from.path, host.path, { recursive: true });
    await from.close();
    const statusOf = async (): Promise<string> => (await host.call('runs.get', { runId })).run.status;
    expect(await statusOf()).toBe('waiting');
    await give(host);
    await expect.poll(statusOf, { timeout: 30_000 }).toBe('completed');
    await host.close();
  });
});

/** When what waits for half an hour is long due. */
const inAnHour: Clock = { ...systemClock, now: () => systemClock.now() + 3_600_000 };

const writeProfile = (arg: string): string =>
  project.write(
    '.aiworkflow/agents/profiles/own.yaml',
    `command: ${join(project.path, 'bin/own-agent')}\nargs: [${arg}]\nenv: [OWN_TOKEN]\n`,
  );

describe('a project of one’s own', () => {
  it('that was opened here before there was this question never asks, nor one that holds nothing yet', async () => {
    await project.leave();
    const bare = new LocalProject([], { isFromElsewhere: true });
    expect((await bare.call('app.info', {})).project.trust).toBe('own');
    await bare.leave();
    settle(bare, address());
    bare.write('.aiworkflow/bundles/books/workflow.md', flow('books', 'workflow.noop'));
    expect((await bare.call('app.info', {})).project.trust).toBe('own');
    await bare.run('books');
    // As a version without the question left it.
    await bare.leave();
    const folder = join(bare.root, 'user', 'trust');
    for (const file of readdirSync(folder)) writeFileSync(join(folder, file), '{"subjects":{},"armed":{},"aside":{}}');
    await bare.run('books');
    await bare.close();
  });
});
