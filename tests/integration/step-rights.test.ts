import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { type SocketDoor, startSocketDoor } from '../../src/server/socket-door/socket-door.ts';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';
import { productEntry } from '../support/product-entry.ts';

// Scripts of these tests start the command line several times over.
vi.setConfig({ testTimeout: 600_000 });

/*
 * A script of a run that calls the command line or the local socket has the rights of its run, whatever it does to its environment: the
 * kernel says who is at the other end. Everything is real: the helper, the script, the socket, the command line.
 */
const { version } = JSON.parse(readFileSync(join(REPOSITORY_DIR, 'package.json'), 'utf8')) as { version: string };
if (process.platform !== 'linux') console.log('skipped: only Linux says who is at the other end of a socket');
let project: LocalProject;
let door: SocketDoor;
let bob: string;

/** Says hello as whoever may read holder.json does, and asks once. */
const RAW = `
import { connect } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
const [holderFile, name, input, out] = process.argv.slice(2);
const { path, token, version } = JSON.parse(readFileSync(holderFile, 'utf8'));
const socket = connect(path);
let text = '';
const asked = name === 'newLink' ? { id: 1, host: 'newLink' } : { id: 1, name, input: JSON.parse(input) };
socket.write(JSON.stringify({ token, version }) + '\\n' + JSON.stringify(asked) + '\\n');
socket.on('error', () => undefined);
socket.on('data', (chunk) => {
  text += chunk;
  const line = text.split('\\n').find((one) => one.includes('"id":1'));
  if (line === undefined) return;
  const { answer } = JSON.parse(line);
  const said = answer.ok ? 'ok' : answer.error.message;
  if (out === undefined) console.log(said);
  else writeFileSync(out, said);
  socket.destroy();
});
`;

/** Each act of the script with what came of it. */
const script = (): string => `
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const cli = ${JSON.stringify([process.execPath, productEntry('cli'), '--project', project.path, '--json'])};
const own = { AIWORKFLOW_USER_DIR: ${JSON.stringify(join(project.root, 'user'))}, AIWORKFLOW_NO_WINDOW: '1' };
const raw = [process.execPath, join(import.meta.dirname, 'raw.mjs'), ${JSON.stringify(holderFile())}];
const clean = ['-i', ...Object.entries({ ...own, PATH: process.env.PATH, HOME: process.env.HOME }).map(([k, v]) => k + '=' + v)];
const first = (text) => text.trim().split('\\n')[0];
const byCli = (...words) => {
  const { status, stdout } = spawnSync(cli[0], [...cli.slice(1), ...words], { encoding: 'utf8', env: { ...process.env, ...own } });
  return status === 0 ? 'ok' : JSON.parse(stdout).error;
};
const byCleanCli = (...words) => {
  const { status, stdout } = spawnSync('env', [...clean, ...cli, ...words], { encoding: 'utf8' });
  return status === 0 ? 'ok' : JSON.parse(stdout).error;
};
const byRaw = (name, input) => first(spawnSync('env', [...clean, ...raw, name, JSON.stringify(input)], { encoding: 'utf8' }).stdout);
/** Without key, group, session and parent. */
const byOrphan = async (name, input) => {
  const out = join(process.env.AIWORKFLOW_RUN_DIR, 'orphan.txt');
  spawn('sh', ['-c', 'setsid env "$@" & exit 0', 'sh', ...clean, ...raw, name, JSON.stringify(input), out], { stdio: 'ignore' });
  while (!existsSync(out)) await new Promise((resolve) => setTimeout(resolve, 20));
  return readFileSync(out, 'utf8');
};
const user = { username: 'mallory', roles: ['admin'] };
writeFileSync(${JSON.stringify(join(project.root, 'begun'))}, '');
while (!existsSync(${JSON.stringify(join(project.root, 'go'))})) await new Promise((resolve) => setTimeout(resolve, 20));
const hasHolder = existsSync(raw.at(-1));
console.log(JSON.stringify({
  cliReads: byCli('runs', 'list'),
  cleanReads: byCleanCli('runs', 'list'),
  ...(hasHolder ? {
    cliActs: byCli('user', 'add', 'mallory', '--role', 'admin'),
    cleanActs: byCleanCli('user', 'add', 'mallory', '--role', 'admin'),
    rawReads: byRaw('runs.list', {}),
    rawStarts: byRaw('runs.start', { workflow: 'nap', inputs: {} }),
    rawActs: byRaw('users.create', user),
    rawLink: byRaw('newLink', null),
    orphanReads: await byOrphan('runs.list', {}),
  } : {}),
}));
`;

const holderFile = (): string => join(projectPaths(project.path).stateDir, 'holder.json');

beforeEach(async () => {
  project = new LocalProject();
  const folder = '.aiworkflow/bundles/asker';
  project.write(`${folder}/config.yaml`, 'name: asker\n');
  project.write(`${folder}/tools.yaml`, 'tools: [{name: ask, script: tools/ask.mjs}]\n');
  project.write(`${folder}/tools/ask.mjs`, script());
  project.write(`${folder}/tools/raw.mjs`, RAW);
  const steps = [['id: ask', 'action: ask.run', 'output_variable: said']];
  project.write(`${folder}/workflow.md`, bundleText('asker', { name: 'asker', steps }));
  project.addWorkflow('nap', [['action: workflow.noop']]);
  const center = await project.center();
  const { stateDir } = projectPaths(project.path);
  const newLink = (): string => 'http://127.0.0.1:1/open?code=fresh';
  door = await startSocketDoor({ center, projectStateDir: stateDir, version, door: 'browser', newLink });
  await project.call('users.create', { username: 'bob', roles: ['executor'] });
  bob = (await project.call('tokens.create', { username: 'bob', name: 't', permissions: ['*'] })).secret;
});
afterEach(async () => {
  await door.close();
  await project.close();
});

/** What the script says came of its acts; `meanwhile` happens once it has begun. */
async function said(credential?: string, meanwhile?: () => Promise<unknown>): Promise<unknown> {
  const who = {
    kind: 'user',
    id: 'tester',
    door: 'socket',
    ...(credential === undefined ? {} : { credential }),
  } as const;
  const answer = await (await project.center()).call('runs.start', { workflow: 'asker', inputs: {} }, who);
  if (!answer.ok) throw new Error(answer.error.message);
  await expect.poll(() => existsSync(join(project.root, 'begun')), { timeout: 300_000 }).toBe(true);
  await meanwhile?.();
  writeFileSync(join(project.root, 'go'), '');
  await project.settled();
  const { runId } = answer.value as { readonly runId: string };
  const { run, steps } = await project.call('runs.get', { runId });
  expect([run.status, steps[0]?.error ?? null]).toEqual(['completed', null]);
  return (await project.call('runs.step', { runId, path: 'ask' })).output;
}

const denied = (who: string, permission = 'user:write'): string => `User ${who} does not have permission ${permission}`;
const reads = { cliReads: 'ok', cleanReads: 'ok', rawReads: 'ok' };

describe.runIf(process.platform === 'linux')('a script of a run', () => {
  it('has the rights that whoever started the run has now: a viewer’s', async () => {
    const demote = async (): Promise<void> => {
      await project.call('roles.assign', { username: 'bob', role: 'viewer' });
      await project.call('roles.revoke', { username: 'bob', role: 'executor' });
    };
    expect(await said(bob, demote)).toEqual({
      ...reads,
      ...{ cliActs: denied('bob'), cleanActs: denied('bob'), rawActs: denied('bob') },
      rawStarts: denied('bob', 'workflow:execute'),
      rawLink: 'Only the user of this computer gets a link.',
      orphanReads: denied('step', 'workflow:read'),
    });
    const { users } = await project.call('users.list', {});
    expect(users.map(({ username }) => username)).not.toContain('mallory');
  });

  it('may start workflows and is no admin, also where the admin started the run', async () => {
    expect(await said()).toMatchObject({
      ...reads,
      ...{ cliActs: denied('tester'), cleanActs: denied('tester'), rawActs: denied('tester'), rawStarts: 'ok' },
    });
  });

  it('does not open the project itself where nobody can be asked', async () => {
    await door.close();
    const refused = 'A step of a run cannot open its own project.';
    expect(await said()).toEqual({ cliReads: refused, cleanReads: refused });
  });
});
