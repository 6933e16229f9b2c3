import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foreignProject } from '../support/own-project.ts';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

type Value = Record<string, unknown>;

let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld({ AIWORKFLOW_MASTER_KEY: 'correct horse battery' });
  world.write({
    'outside/letter/workflow.md': workflowText('letter', [['action: say.run', 'output_variable: said']]),
    'outside/letter/tools/say.sh': '#!/bin/sh\n# checked\u200b by us\necho \'"one"\'\n',
    'outside/letter/.env': 'KEY=sk-planted-in-env\n',
  });
});
afterAll(() => world.dispose());

async function json(words: readonly string[], code = 0): Promise<Value> {
  const result = await world.run(...words, '--json');
  expect(result.exitCode, result.stderr + result.stdout).toBe(code);
  return result.json();
}

describe('bundles in the terminal', () => {
  it('are imported untrusted, trusted by their hash alone, and taken back', async () => {
    const { file, content_hash: hash } = await json(['bundle', 'export', 'outside/letter', '-o', 'letter.awb']);
    expect(readFileSync(String(file)).includes('sk-planted')).toBe(false);
    expect(await json(['bundle', 'import', 'letter.awb'])).toMatchObject({
      ...{ ref: 'letter', name: 'letter', content_hash: hash, trusted: false },
      trust: { state: 'untrusted', rows: expect.arrayContaining([expect.objectContaining({ name: 'tools/say.sh' })]) },
    });
    expect(await json(['run', 'letter'], 1)).toMatchObject({ code: 'trust.needed' });
    const shown = (await world.run('bundle', 'trust', 'letter')).stdout;
    expect(shown).toContain('not trusted, it does not run');
    expect(shown).toContain(`aiworkflow bundle trust NAME --accept ${hash}`);
    const other = 'f'.repeat(64);
    expect(await json(['bundle', 'trust', 'letter', '--accept', other], 1)).toMatchObject({ code: 'bundle.changed' });
    expect(await json(['bundle', 'trust', 'letter', '--accept', String(hash)])).toMatchObject({ state: 'trusted' });
    expect(await json(['run', 'letter'])).toMatchObject({ status: 'completed' });
    const again = await json(['workflow', 'export', 'letter', '-o', 'by-id.awb']);
    expect(again).toMatchObject({ name: 'letter', content_hash: hash });
    expect(await json(['bundle', 'trust', 'letter', '--withdraw'])).toMatchObject({ state: 'untrusted' });
    // Whoever approves a request for it reads what is serious, by its numbers.
    const { id } = await json(['approvals', 'request', 'trust', 'letter'], 3);
    expect((await world.run('approvals', 'show', String(id))).stdout).toContain('--read 1');
    expect(await json(['approvals', 'approve', String(id)], 1)).toMatchObject({ code: 'trust.unread' });
    expect(await json(['approvals', 'approve', String(id), '--read', '1'])).toMatchObject({
      ...{ status: 'approved', outcome: 'done' },
    });
    expect(await json(['bundle', 'import', 'letter', '--undo'])).toMatchObject({ brought_back: false });
    expect(await json(['bundle', 'import', 'letter', '--undo'], 1)).toMatchObject({ code: 'workflow.not_found' });
  });

  it('jobs of another program come in as drafts: nothing of them is armed or trusted', async () => {
    world.write({ 'outside/crontab': '# Nightly backup\n30 2 * * * /bin/backup\n@reboot /bin/listen\n' });
    expect(await json(['bundle', 'import', 'outside/crontab'])).toMatchObject({
      ...{ format: 'crontab', count: 2 },
      drafts: [
        { ref: 'nightly-backup', steps: 1, triggers: [{ type: 'schedule' }], notes: [] },
        { ref: 'listen', triggers: [], notes: [{ severity: 'warning', code: 'conversion.lost', line: 3 }] },
      ],
    });
    expect(await json(['schedule', 'list'])).toMatchObject({ schedules: [{ status: 'not_armed' }] });
    expect(await json(['run', 'nightly-backup'], 1)).toMatchObject({ code: 'trust.needed' });
    expect((await world.run('bundle', 'import', 'outside/crontab', '--name', 'one')).exitCode).toBe(2);
  });

  it('are refused or asked about again where one byte of a script, a prompt or the archive changed between the look and the word', async () => {
    const script = 'tools/say.sh';
    const before = { [script]: '#!/bin/sh\necho \'"one"\'\n', 'prompts/task.md': 'Do it.\n' };
    const at = (folder: string, files: Readonly<Record<string, string>>): void =>
      world.write(Object.fromEntries(Object.entries(files).map(([path, text]) => [join(folder, path), text])));
    at('outside/vendor', { 'workflow.md': workflowText('vendor', [['action: say.run']]), ...before });
    const sheet = await json(['bundle', 'export', 'outside/vendor', '-o', 'vendor.awb']);
    const hash = String(sheet.content_hash);
    const inLibrary = '.aiworkflow/bundles/vendor';
    await json(['bundle', 'import', 'vendor.awb']);
    const { id } = await json(['approvals', 'request', 'trust', 'vendor'], 3);
    for (const [path, text] of Object.entries(before)) {
      at(inLibrary, { [path]: text.replace('o', '0') });
      expect(await json(['bundle', 'trust', 'vendor', '--accept', hash], 1)).toMatchObject({ code: 'bundle.changed' });
      expect(await json(['run', 'vendor'], 1)).toMatchObject({ code: 'trust.needed' });
    }
    // What was asked for is another by now: nobody can say yes to it any more.
    expect(await json(['approvals', 'approve', String(id)], 1)).toMatchObject({ code: 'approval.changed' });
    expect(await json(['approvals', 'show', String(id)])).toMatchObject({ status: 'cancelled' });
    at(inLibrary, before);
    expect(await json(['bundle', 'trust', 'vendor', '--accept', hash])).toMatchObject({ state: 'trusted' });
    expect(await json(['run', 'vendor'])).toMatchObject({ status: 'completed' });
    at(inLibrary, { 'prompts/task.md': 'Do it!\n' });
    expect(await json(['run', 'vendor'], 1)).toMatchObject({ code: 'trust.needed' });

    const archive = join(world.project, 'vendor.awb');
    const bytes = readFileSync(archive);
    at('outside/vendor', { [script]: '#!/bin/sh\necho \'"0ne"\'\n' });
    await json(['bundle', 'export', 'outside/vendor', '-o', 'vendor.awb', '--force']);
    const other = ['bundle', 'import', 'vendor.awb', '--name', 'other', '--accept', hash];
    expect(await json(other, 1)).toMatchObject({ code: 'bundle.changed' });
    // A byte of the script inside the archive as it was.
    const place = bytes.indexOf(script) + script.length + 4;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    writeFileSync(archive, bytes);
    expect(await json(other, 1)).toMatchObject({ code: expect.stringMatching(/^(archive|bundle)\./) });
    expect(await json(['bundle', 'trust', 'other'], 1)).toMatchObject({ code: 'workflow.not_found' });
  });

  it('a project folder that a command names is trusted by that act (SPEC §6.7)', async () => {
    const folder = join(world.home, 'by-hand');
    mkdirSync(join(folder, '.aiworkflow', 'workflows'), { recursive: true });
    writeFileSync(join(folder, '.aiworkflow/workflows/hello.md'), workflowText('hello', [['action: workflow.noop']]));
    expect((await world.runIn(folder, '--json', 'run', 'hello')).json()).toMatchObject({ status: 'completed' });
  });

  it('a project folder from elsewhere, as the app met it, asks before a command starts anything of it', async () => {
    const folder = join(world.home, 'clone');
    mkdirSync(join(folder, '.aiworkflow', 'workflows'), { recursive: true });
    writeFileSync(join(folder, '.aiworkflow/workflows/hello.md'), workflowText('hello', [['action: workflow.noop']]));
    foreignProject(folder, join(world.home, 'user'));
    const refused = await world.runIn(folder, '--json', 'run', 'hello');
    expect([refused.exitCode, refused.json()]).toMatchObject([
      1,
      { code: 'trust.needed', suggestion: expect.stringContaining('bundle trust'), details: { path: '.' } },
    ]);
    const { stdout } = await world.runIn(folder, 'bundle', 'trust', '.');
    expect(stdout).toContain('The folder clone: not trusted, nothing of it is reached or started.');
    const [, hash = ''] = /aiworkflow bundle trust \. --accept ([0-9a-f]{64})/.exec(stdout) ?? [];
    expect((await world.runIn(folder, 'bundle', 'trust', '.', '--accept', hash)).stdout).toContain(
      'The folder clone: trusted.',
    );
    expect((await world.runIn(folder, '--json', 'run', 'hello')).json()).toMatchObject({ status: 'completed' });
  });

  it('are not exported with a secret in them', async () => {
    await world.runWith({ stdin: 'sk-planted-0815' }, 'secrets', 'set', 'TOKEN');
    const config = join('outside', 'letter', 'config.yaml');
    world.write({ [config]: `env: {LOGIN: "${Buffer.from('sk-planted-0815').toString('base64')}"}\n` });
    expect(await json(['bundle', 'export', 'outside/letter', '-o', 'leak.awb'], 1)).toMatchObject({
      error: 'config.yaml holds the secret TOKEN: the bundle was not exported.',
      code: 'bundle.holds_secret',
    });
    expect(() => readFileSync(join(world.project, 'leak.awb'))).toThrow();
  });
});
