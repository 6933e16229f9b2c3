import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';
import { waitUntil } from '../support/wait-until.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const VALUE = 'hunter2/planted"7q9z';
const STORED = 'sk-stored-7q9z';
const SIGNED = /\[secret:[\w-]+:[0-9a-f]{32}\]/;
/** Says what it was given in every way; fails while the gate is shut. */
const TOOL = `#!/usr/bin/env node
import { existsSync } from 'node:fs';
const key = process.env.AIWORKFLOW_PARAM_KEY ?? '';
console.error('given', key, encodeURIComponent(key), Buffer.from(key).toString('base64'));
if (!existsSync(process.env.GATE)) {
  console.error('shut for ' + key);
  process.exit(1);
}
console.log(JSON.stringify({ chars: key.length, inArguments: process.argv.filter((one) => one.includes(key)).length, said: key }));
`;

const project = new LocalProject([], { isHost: true });
const gate = join(project.root, 'gate');
const call = ['action: take.run', 'inputs:', '  key: "{{ inputs.password }}"', 'output_variable: told'];
const said = [
  'action: workflow.set_outputs',
  'inputs:',
  '  chars: "{{ told.chars }}"',
  '  inArguments: "{{ told.inArguments }}"',
  '  shown: "{{ inputs.password }}"',
];
const SECRET = 'inputs: {password: {secret: true, required: true, minLength: 8}}';

function addBundle(id: string, steps: readonly (readonly string[])[], frontmatter: string): void {
  const folder = `.aiworkflow/bundles/${id}`;
  project.write(`${folder}/tools/take.mjs`, TOOL);
  project.write(`${folder}/config.yaml`, `name: ${id}\nenv: {GATE: ${JSON.stringify(gate)}}\n`);
  project.write(`${folder}/workflow.md`, bundleText(id, { name: id, steps, frontmatter: [frontmatter] }));
}

beforeAll(async () => {
  vi.stubEnv('AIWORKFLOW_MASTER_KEY', 'correct horse battery');
  addBundle('login', [call, said], SECRET);
  const child = [
    'kind: workflow',
    'workflow: login',
    'inputs:',
    '  password: "{{ inputs.token }}"',
    'output_variable: sub',
  ];
  addBundle('parent', [child], 'inputs: {token: {secret: true}}');
  const agreed = call.map((line) => line.replace('inputs.password', 'inputs.agree'));
  addBundle(
    'consent',
    [agreed, said.slice(0, 3)],
    'inputs: {agree: {type: boolean, secret: true, required: true, default: false}}',
  );
  addBundle('stored', [call, said], 'inputs: {password: {secret: true, default: "{{ secrets.TOKEN }}"}}');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await project.close();
});

/** All that is told about a run by any operation, and all that lies in files of the project. */
async function toldOf(runId: string): Promise<string> {
  const { steps, run } = await project.call('runs.get', { runId });
  const told = [
    await project.call('runs.list', {}),
    ...(await Promise.all(steps.map(({ path }) => project.call('runs.step', { runId, path })))),
    await project.call('runs.events', { runId }),
    await project.call('runs.log', { runId }),
    await project.call('runs.logText', { runId }),
    await project.call('runs.result', { runId }),
    await project.call('runs.planReplay', { runId }),
    await project.call('workflows.get', { ref: run.workflowId }),
    await project.call('audit.query', {}),
  ];
  return JSON.stringify(told);
}

function* textsBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* textsBelow(path);
    else if (entry.isFile()) yield readFileSync(path, 'latin1');
  }
}

const spellings = (value: string): readonly string[] => [
  value,
  encodeURIComponent(value),
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
  JSON.stringify(value).slice(1, -1),
];
const isIn = (text: string, value = VALUE): boolean => spellings(value).some((one) => text.includes(one));
/** What a child printed lies in the helper's record until its run has ended, and goes soon after. */
const expectNoFile = (value = VALUE): Promise<void> =>
  expect.poll(() => [...textsBelow(project.root)].some((text) => isIn(text, value)), { timeout: 60_000 }).toBe(false);

/** Names of the sealed values that are stored. */
async function storedInputs(): Promise<readonly string[]> {
  await project.center();
  const db = new Database(projectPaths(project.path).storeFile, { readonly: true });
  try {
    return db.prepare('SELECT name FROM sealed_inputs ORDER BY id').pluck().all() as string[];
  } finally {
    db.close();
  }
}

const outputsOf = async (runId: string) => (await project.call('runs.result', { runId })).final_output;
const statusOf = async (runId: string) => (await project.call('runs.get', { runId })).run.status;

it('reaches the call, also after a failure and a restart, and stands nowhere else', async () => {
  const runId = await project.run('login', { password: VALUE });
  expect(await statusOf(runId)).toBe('failed');
  const failed = await toldOf(runId);
  expect(failed).toContain('shut for [secret:password]');
  expect(isIn(failed)).toBe(false);
  expect(failed).not.toMatch(SIGNED);

  await project.reopen(true);
  writeFileSync(gate, '');
  await project.call('runs.resume', { runId });
  await project.settled();
  expect(await outputsOf(runId)).toEqual({ chars: VALUE.length, inArguments: 0, shown: '[secret:password]' });
  const told = await toldOf(runId);
  expect(isIn(told)).toBe(false);
  expect(told).not.toMatch(SIGNED);
  await expectNoFile();
});

it('goes on into a retry and a replay; a replay may be given another', async () => {
  const { runs } = await project.call('runs.list', { workflow: 'login' });
  const first = runs[0]?.runId ?? '';
  const retry = await project.call('runs.retry', { runId: first, from: 'step_1' });
  await project.settled();
  expect(await outputsOf(retry.runId)).toMatchObject({ chars: VALUE.length });
  const plan = await project.call('runs.planReplay', { runId: first });
  expect(plan.given).toEqual({});
  expect(plan.inputs).toMatchObject([{ name: 'password', secret: true, required: false }]);
  for (const latest of [false, true]) {
    const replay = await project.call('runs.replay', { runId: first, latest, inputs: {} });
    await project.settled();
    expect(await outputsOf(replay.runId)).toMatchObject({ chars: VALUE.length });
  }
  const other = await project.call('runs.replay', { runId: first, inputs: { password: 'another/7q9z' } });
  await project.settled();
  expect(await outputsOf(other.runId)).toMatchObject({ chars: 12 });
  await expectNoFile('another/7q9z');
  // Its own rules hold, and what breaks them is not said.
  const broken = project.call('runs.replay', { runId: first, inputs: { password: 'q8y7' } });
  await expect(broken).rejects.toMatchObject({ message: "Input 'password' must have at least 8 characters" });
});

it('that is true or false goes on into a replay, too, and may be another there', async () => {
  const runId = await project.run('consent', { agree: 'true' });
  const plan = await project.call('runs.planReplay', { runId });
  // Not its default, which a form would send.
  expect([plan.given, plan.inputs]).toEqual([{}, [expect.not.objectContaining({ default: expect.anything() })]]);
  const replayed = async (inputs: { agree?: boolean }) => {
    const { runId: next } = await project.call('runs.replay', { runId, inputs, onlyThese: true });
    await project.settled();
    expect((await project.call('runs.get', { runId: next })).inputs).toEqual({ agree: '[secret:agree]' });
    return outputsOf(next);
  };
  expect([await outputsOf(runId), await replayed({}), await replayed({ agree: false })]).toMatchObject([
    { chars: 'true'.length },
    { chars: 'true'.length },
    { chars: 'false'.length },
  ]);
});

it('goes from run to run where the input of the other is secret too', async () => {
  const runId = await project.run('parent', { token: VALUE });
  expect(await statusOf(runId)).toBe('completed');
  const { runs } = await project.call('runs.list', { workflow: 'login' });
  expect(runs[0]).toMatchObject({ parentRunId: runId, status: 'completed' });
  expect(await outputsOf(runs[0]?.runId ?? '')).toMatchObject({ chars: VALUE.length, shown: '[secret:password]' });
  for (const id of [runId, runs[0]?.runId ?? '']) expect(isIn(await toldOf(id))).toBe(false);
  await expectNoFile();
});

it('is a stored secret where its default names one that the workflow may use', async () => {
  await expect(project.run('stored')).rejects.toMatchObject({
    message: "The default of input 'password' cannot be used: there is no secret TOKEN in this project",
  });
  await project.call('secrets.set', { name: 'TOKEN', value: STORED });
  await expect(project.run('stored')).rejects.toMatchObject({ code: 'secret.not_allowed' });
  await project.call('secrets.edit', { name: 'TOKEN', allow: ['stored'] });
  const runId = await project.run('stored');
  expect(await outputsOf(runId)).toMatchObject({ chars: STORED.length, shown: '[secret:password]' });
  expect(isIn(await toldOf(runId), STORED)).toBe(false);
  const { secrets } = await project.call('secrets.list', {});
  expect(secrets).toMatchObject([{ name: 'TOKEN', usedBy: ['workflow:stored'] }]);
});

it('waits for a locked vault and follows a new key', async () => {
  const { runs } = await project.call('runs.list', { workflow: 'login' });
  const first = runs.at(-1)?.runId ?? '';
  await project.call('secrets.changeKey', { passphrase: 'another horse battery' });
  await project.call('secrets.lock', {});
  const { runId } = await project.call('runs.retry', { runId: first, from: 'step_1' });
  await project.settled();
  expect((await project.call('runs.get', { runId })).run).toMatchObject({
    status: 'paused',
    error: { code: 'secret.locked' },
  });
  await expect(project.run('login', { password: VALUE })).rejects.toMatchObject({ code: 'secret.locked' });
  await project.call('secrets.unlock', { passphrase: 'another horse battery' });
  await waitUntil('the run goes on', async () => (await statusOf(runId)) === 'completed');
  expect(await outputsOf(runId)).toMatchObject({ chars: VALUE.length });
});

it('is forgotten with the last run that was started with it', async () => {
  const runs = (await project.call('runs.list', {})).runs.filter(({ status }) => status !== 'paused');
  const store = await storedInputs();
  const retried = runs.filter((run) => run.workflowId === 'login' && run.linkedRunId !== null).at(-1);
  const first = retried?.linkedRunId ?? '';
  await project.call('runs.delete', { runId: first });
  expect(await storedInputs()).toEqual(store);
  await project.call('runs.retry', { runId: retried?.runId ?? '', from: 'step_1' });
  await project.settled();
  for (const { runId } of (await project.call('runs.list', {})).runs) await project.call('runs.delete', { runId });
  expect(await storedInputs()).toEqual([]);
});
