import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { unpackArchive } from '../../src/core/bundles/unpack-archive.ts';
import type { OutputOf } from '../../src/shared/contract/index.ts';
import { EXPORT_FORMATS } from '../../src/shared/model/run-report.ts';
import { LocalProject } from '../support/local-project.ts';
import { productEntry } from '../support/product-entry.ts';
import { waitUntil } from '../support/wait-until.ts';

vi.setConfig({ testTimeout: 600_000 });

const COUNT = 30;
const NAMES = Array.from({ length: COUNT }, (_, at) => `PLANTED_${at}`);
const plantedValue = (at: number): string => `planted/${at}+sk"é${'x'.repeat(3)}${at}7q9z`;
const SPELLINGS = NAMES.flatMap((name, at) => {
  const value = plantedValue(at);
  const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '');
  return [value, encodeURIComponent(value), base64, JSON.stringify(value).slice(1, -1)].map((text) => ({ name, text }));
});
/** Which of the secrets stand in a text, in any of their spellings. */
const foundIn = (text: string): readonly string[] => [
  ...new Set(SPELLINGS.flatMap(({ name, text: spelled }) => (text.includes(spelled) ? [name] : []))),
];

/** Says all that it was given, in every way, and whether any of it stood in its arguments. */
const LEAK = `#!/usr/bin/env node
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const given = Object.entries(process.env).filter(([name]) => name.startsWith('AIWORKFLOW_PARAM_') || name === 'FROM_BUNDLE');
const spell = (text) => [text, encodeURIComponent(text), Buffer.from(text).toString('base64'), JSON.stringify(text)];
for (const [name, value] of given) {
  console.error(name, ...spell(value));
}
const mode = process.argv.find((one) => one.startsWith('--mode='))?.slice(7);
if (mode === 'wait') {
  writeFileSync(join(process.env.AIWORKFLOW_RUN_DIR, 'started'), '');
  while (!existsSync(process.env.GATE)) await new Promise((done) => setTimeout(done, 50));
}
if (mode === 'fail') {
  console.error('Failed with ' + given.map(([, value]) => value).join(' '));
  process.exit(1);
}
console.log(JSON.stringify({
  count: given.length,
  inArguments: process.argv.filter((one) => one.includes('planted/')).length,
  said: Object.fromEntries(given.map(([name, value]) => [name, spell(value)])),
}));
`;

const project = new LocalProject([], { isHost: true });
const gate = join(project.root, 'gate');
const inputs = NAMES.slice(0, COUNT - 1).map(
  (name, at) => `  p${at}: "${at % 2 === 0 ? '' : 'Bearer '}{{ secrets.${name} }}"`,
);

function addBundle(id: string, mode: string): void {
  const folder = `.aiworkflow/bundles/${id}`;
  project.write(`${folder}/tools/leak.mjs`, LEAK);
  project.write(
    `${folder}/config.yaml`,
    `name: ${id}\nenv:\n  FROM_BUNDLE: "x {{ secrets.${NAMES.at(-1)} }}"\n  GATE: ${JSON.stringify(gate)}\n`,
  );
  const step = ['action: leak.run', 'inputs:', `  mode: ${mode}`, ...inputs, 'output_variable: told'];
  const log = ['action: workflow.log', 'inputs:', '  message: "told {{ told }}"'];
  const text = ['---', 'workflow:', `  id: ${id}`, `  name: ${id}`, '  version: 1.0.0', '---', '', `# ${id}`];
  const blocks = [step, log].map(
    (lines, at) => `\n## Step ${at + 1}: S${at + 1}\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n`,
  );
  project.write(`${folder}/workflow.md`, `${text.join('\n')}\n${blocks.join('')}`);
}

beforeAll(async () => {
  vi.stubEnv('AIWORKFLOW_MASTER_KEY', 'correct horse battery');
  for (const mode of ['tell', 'fail', 'wait']) addBundle(`leak-${mode}`, mode);
  for (const [at, name] of NAMES.entries())
    await project.call('secrets.set', {
      name,
      value: plantedValue(at),
      allowed: ['leak-tell', 'leak-fail', 'leak-wait'],
    });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await project.close();
});

/** All files below a folder, as text. */
function* filesOf(folder: string): Generator<{ readonly path: string; readonly text: string }> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesOf(path);
    else if (entry.isFile()) yield { path, text: readFileSync(path, 'utf8') };
  }
}

/** Everything that a screen asks about a run, and what is exported. */
async function shownOf(runId: string): Promise<string> {
  const shown = [
    await project.call('runs.get', { runId }),
    await project.call('runs.events', { runId }),
    await project.call('runs.log', { runId }),
    await project.call('runs.logText', { runId }),
    await project.call('runs.result', { runId }),
    await project.call('runs.search', { text: 'told' }),
    await project.call('metrics.run', { runId }),
    ...(await Promise.all(
      (['json', 'csv', 'prometheus'] as const).map((format) => project.call('metrics.export', { format })),
    )),
    await project.call('secrets.list', {}),
    await project.call('audit.query', {}),
    await wholeExport(await project.call('audit.export', { format: 'jsonl' })),
    await wholeExport(await project.call('audit.evidence', { runId })),
    await project.call('doctor.run', {}),
  ];
  return JSON.stringify(shown);
}

/** Everything that leaves by a file: reports, a portable run, diagnostics, all of it unpacked below the folder that is looked through. */
async function takeAlong(runId: string): Promise<void> {
  for (const format of EXPORT_FORMATS) {
    const first = await project.call('runs.export', { runId, format });
    await keep(first, `${runId}.${format}`, (cursor) => project.call('runs.export', { cursor }));
  }
  const first = await project.call('app.diagnostics', {});
  await keep(first, `${runId}-diagnostics.zip`, (cursor) => project.call('app.diagnostics', { cursor }));
}

async function keep(
  first: OutputOf<'runs.export'>,
  name: string,
  next: (cursor: string) => Promise<OutputOf<'runs.export'>>,
): Promise<void> {
  const file = join(project.root, name);
  for (let piece = first; ; piece = await next(piece.cursor)) {
    appendFileSync(file, Buffer.from(piece.base64, 'base64'));
    if (piece.cursor === null) break;
  }
  if (name.endsWith('.zip')) await unpackArchive(file, `${file}-unpacked`);
}

/** A file that is handed over in pieces. */
async function wholeExport(first: OutputOf<'audit.export'>): Promise<string> {
  let [text, { cursor }] = [first.text, first];
  while (cursor !== null) {
    const piece = await project.call('audit.export', { cursor });
    text += piece.text;
    cursor = piece.cursor;
  }
  return text;
}

/** What children printed lies in a helper's record until its run has ended, and goes from there soon after. */
async function expectNothing(): Promise<void> {
  const found = (): readonly string[] =>
    [...filesOf(project.root)].flatMap(({ path, text }) => foundIn(text).map((name) => `${path}: ${name}`));
  await expect.poll(found).toEqual([]);
}

it('30 secrets reach the calls that may have them, and stand nowhere else', async () => {
  const told = await project.run('leak-tell');
  const { run } = await project.call('runs.get', { runId: told });
  expect(run.error).toBeNull();
  expect(run.status).toBe('completed');
  const shown = await shownOf(told);
  expect(shown).toContain('[secret:PLANTED_0]');
  expect(shown).toContain('"count":30');
  expect(shown).toContain('"inArguments":0');
  expect(foundIn(shown)).toEqual([]);

  const failed = await project.run('leak-fail');
  const shownFailed = await shownOf(failed);
  expect(shownFailed).toContain('[secret:PLANTED_29]');
  expect(foundIn(shownFailed)).toEqual([]);
  for (const runId of [told, failed]) await takeAlong(runId);
  // A copy of all, beside the project and as a project of its own: what is on disk is looked through whole.
  await project.call('storage.backUp', {});
  await project.call('storage.restore', { path: join(project.root, 'restored') });
  await expect
    .poll(async () => (await project.call('runs.search', { text: 'PLANTED_0' })).runs.length)
    .toBeGreaterThan(0);
  await expectNothing();
  const [searchFile] = [...filesOf(project.root)].filter(({ path }) => path.endsWith('search.db'));
  expect(searchFile?.text).toBeTruthy();
});

it('nor after the app was killed in the midst of a call and another one took the run over', async () => {
  await project.reopen(false);
  await (await project.center()).close();
  const cli = spawn(process.execPath, [productEntry('cli'), '--project', project.path, 'run', 'leak-wait'], {
    env: { ...process.env, HOME: project.root },
    stdio: 'pipe',
  });
  let said = '';
  for (const stream of [cli.stdout, cli.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const runs = join(project.path, '.aiworkflow/state/runs');
  const hasStarted = (): boolean => readdirSync(runs).some((id) => existsSync(join(runs, id, 'files/started')));
  await waitUntil('the script has started', () => {
    if (cli.exitCode !== null) throw new Error(`The command has ended: ${said}`);
    return hasStarted();
  });
  const ended = new Promise((resolve) => cli.once('close', resolve));
  cli.kill('SIGKILL');
  await ended;
  writeFileSync(gate, '');
  await project.reopen(true);
  await project.settled();
  const { runs: listed } = await project.call('runs.list', { workflow: 'leak-wait' });
  const [run] = listed;
  expect(run?.status).toBe('completed');
  const shown = await shownOf(run?.runId ?? '');
  expect(shown).toContain('"count":30');
  expect(foundIn(shown + said)).toEqual([]);
  await project.reopen(false);
  await expectNothing();
});

it('a workflow that nobody allowed it gets no secret', async () => {
  addBundle('leak-stranger', 'tell');
  const runId = await project.run('leak-stranger');
  const { run } = await project.call('runs.get', { runId });
  expect(run.status).toBe('failed');
  expect(JSON.stringify(run.error)).toContain('may not use the secret');
});

it('a run whose vault is locked waits with the reason, calls nothing, and goes on when it is unlocked', async () => {
  vi.stubEnv('AIWORKFLOW_MASTER_KEY', '');
  await project.reopen(true);
  const runId = await project.run('leak-tell');
  const paused = (await project.call('runs.get', { runId })).run;
  expect(paused).toMatchObject({ status: 'paused', error: { code: 'secret.locked' } });
  await expect(project.call('secrets.unlock', { passphrase: 'not the right one' })).rejects.toMatchObject({
    code: 'secret.wrong_passphrase',
  });
  expect((await project.call('runs.get', { runId })).run.status).toBe('paused');
  await project.call('secrets.unlock', { passphrase: 'correct horse battery' });
  await waitUntil(
    'the run goes on',
    async () => (await project.call('runs.get', { runId })).run.status === 'completed',
  );
  await expectNothing();
});
