import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ImportSheet } from '../../src/shared/contract/index.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §6.7: what comes from outside runs only as a person has accepted it, byte for byte. */
vi.setConfig({ testTimeout: 60_000 });

let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.close());

const PLACE = '.aiworkflow/bundles/vendor';
const SCHEDULE = 'triggers:\n  - {type: schedule, id: nightly, schedule: "0 2 * * *"}\n';
const flow = (word: string, more = ''): string =>
  [
    '---',
    'workflow: {id: vendor, name: Vendor onboarding, version: "1.2.0"}',
    `${more}---`,
    '## Step 1: Say',
    '```yaml',
    'action: workflow.set_outputs',
    `inputs: {said: ${word}}`,
    '```',
    '',
  ].join('\n');

type Files = Readonly<Record<string, string>>;

async function upload(files: Files): Promise<ImportSheet> {
  const parts = Object.entries(files).map(([path, text]) => ({ path, base64: Buffer.from(text).toString('base64') }));
  const { uploadId } = await project.call('bundles.upload', { name: 'vendor', files: parts });
  return project.call('bundles.inspect', { uploadId });
}

const readOf = ({ trust }: Pick<ImportSheet, 'trust'>): { read: string[] } => ({
  read: trust.findings.map(({ id }) => id),
});

async function bring(files: Files, { trusts = true, onConflict = 'refuse' as 'refuse' | 'replace' } = {}) {
  const sheet = await upload(files);
  const { uploadId, contentHash } = sheet;
  const consent = trusts ? { consent: readOf(sheet) } : {};
  await project.call('bundles.import', { uploadId, contentHash, name: 'vendor', onConflict, ...consent });
  return sheet;
}

async function give(): Promise<void> {
  const { contentHash, findings } = await project.call('trust.show', { ref: 'vendor' });
  await project.call('trust.give', { ref: 'vendor', contentHash, read: findings.map(({ id }) => id) });
}

async function outputs(): Promise<unknown> {
  const runId = await project.run('vendor');
  return (await project.call('runs.get', { runId })).outputs;
}

async function arm(): Promise<void> {
  const { definitionHash, contentHash } = await project.call('triggers.get', { trigger: 'nightly' });
  await project.call('triggers.arm', { trigger: 'nightly', definitionHash, contentHash: contentHash ?? '' });
}

async function startedByItself(): Promise<unknown> {
  const { runId } = await project.call('triggers.runNow', { trigger: 'vendor/nightly' });
  await project.settled();
  return (await project.call('runs.get', { runId })).outputs;
}

const stateOf = async () =>
  (await project.call('workflows.list', {})).workflows.find(({ id }) => id === 'vendor')?.trust;

describe('a bundle from outside', () => {
  it('runs nothing before somebody trusts it, and can be read, checked and planned', async () => {
    await bring({ 'workflow.md': flow('one') }, { trusts: false });
    await expect(project.call('runs.start', { workflow: 'vendor', inputs: {} })).rejects.toMatchObject({
      code: 'trust.needed',
      hint: 'Look at what it could do, and trust it if that is what you want.',
    });
    expect(await stateOf()).toBe('untrusted');
    const waiting = async () =>
      (await project.call('workflows.list', { needsTrust: true })).workflows.map(({ id }) => id);
    expect(await waiting()).toEqual(['vendor']);
    expect(await project.call('workflows.validate', { ref: 'vendor' })).toMatchObject({ valid: true });
    expect(await project.call('bundles.info', { path: 'vendor' })).toMatchObject({ trusted: false });
    await expect(project.call('runs.plan', { workflow: 'vendor', inputs: {} })).resolves.toBeDefined();
    await give();
    expect(await waiting()).toEqual([]);
    expect(await outputs()).toEqual({ said: 'one' });
    expect([await stateOf(), (await project.call('bundles.info', { path: 'vendor' })).trusted]).toEqual([
      'trusted',
      true,
    ]);
  });

  it('that was made here is trusted without a question', async () => {
    project.write(`${PLACE}/workflow.md`, flow('own'));
    expect(await outputs()).toEqual({ said: 'own' });
    expect(await stateOf()).toBe('own');
  });

  it.each([
    ['the workflow', 'workflow.md', flow('two')],
    ['a script', 'tools/say.sh', '#!/bin/sh\necho 2\n'],
    ['a prompt', 'prompts/task.md', 'Do it!'],
  ])('asks again when one byte of %s is changed on disk', async (_what, file, text) => {
    await bring({ 'workflow.md': flow('one'), 'tools/say.sh': '#!/bin/sh\necho 1\n', 'prompts/task.md': 'Do it.' });
    expect(await outputs()).toEqual({ said: 'one' });
    project.write(`${PLACE}/${file}`, text);
    await expect(outputs()).rejects.toMatchObject({ code: 'trust.needed' });
    expect(await stateOf()).toBe('changed');
    await give();
    expect(await stateOf()).toBe('trusted');
    await outputs();
  });

  it('is refused when it is changed between the sheet and the click', async () => {
    const sheet = await upload({ 'workflow.md': flow('one') });
    const base64 = Buffer.from(flow('two')).toString('base64');
    await project.call('bundles.upload', {
      uploadId: sheet.uploadId,
      name: 'vendor',
      files: [{ path: 'workflow.md', base64 }],
    });
    const { uploadId, contentHash } = sheet;
    const asked = { uploadId, contentHash, name: 'vendor', consent: readOf(sheet) };
    await expect(project.call('bundles.import', asked)).rejects.toMatchObject({ code: 'bundle.changed' });

    await bring({ 'workflow.md': flow('one') }, { trusts: false });
    const shown = await project.call('trust.show', { ref: 'vendor' });
    project.write(`${PLACE}/workflow.md`, flow('two'));
    await expect(
      project.call('trust.give', { ref: 'vendor', contentHash: shown.contentHash, read: [] }),
    ).rejects.toMatchObject({ code: 'bundle.changed' });
    await expect(outputs()).rejects.toMatchObject({ code: 'trust.needed' });
  });

  it.each([
    ['a script', 'tools/say.sh', '#!/bin/sh\necho 2\n'],
    ['a prompt file', 'prompts/task.md', 'Do it!'],
  ])('is refused when one byte of %s is changed between the sheet and the click', async (_what, path, text) => {
    const files = { 'workflow.md': flow('one'), 'tools/say.sh': '#!/bin/sh\necho 1\n', 'prompts/task.md': 'Do it.' };
    const sheet = await upload(files);
    const { uploadId, contentHash } = sheet;
    const parts = [{ path, base64: Buffer.from(text).toString('base64') }];
    await project.call('bundles.upload', { uploadId, name: 'vendor', files: parts });
    const asked = { uploadId, contentHash, name: 'vendor', consent: readOf(sheet) };
    await expect(project.call('bundles.import', asked)).rejects.toMatchObject({ code: 'bundle.changed' });
    expect(existsSync(join(project.path, PLACE))).toBe(false);

    await bring(files, { trusts: false });
    const shown = await project.call('trust.show', { ref: 'vendor' });
    project.write(`${PLACE}/${path}`, text);
    const given = { ref: 'vendor', contentHash: shown.contentHash, read: shown.findings.map(({ id }) => id) };
    await expect(project.call('trust.give', given)).rejects.toMatchObject({ code: 'bundle.changed' });
    await expect(outputs()).rejects.toMatchObject({ code: 'trust.needed' });
  });

  it('cannot be trusted while a serious finding was not read, hidden characters are named with their place', async () => {
    const script = '#!/bin/sh\necho "a\u202eb"\n# c\u200bd\n';
    const sheet = await upload({ 'workflow.md': flow('one'), 'tools/say.sh': script });
    expect(sheet.trust.findings).toMatchObject([
      {
        code: 'hidden.character',
        severity: 'high',
        file: 'tools/say.sh',
        line: 2,
        column: 8,
        excerpt: 'echo "a⟨U+202E⟩b"',
      },
      { code: 'hidden.character', severity: 'high', file: 'tools/say.sh', line: 3, column: 4 },
      { code: 'signer.none', severity: 'watch' },
    ]);
    const { uploadId, contentHash } = sheet;
    const asked = { uploadId, contentHash, name: 'vendor', consent: { read: [sheet.trust.findings[0]?.id ?? ''] } };
    await expect(project.call('bundles.import', asked)).rejects.toMatchObject({ code: 'trust.unread' });
    expect(existsSync(join(project.path, PLACE))).toBe(false);
    await project.call('bundles.import', { ...asked, consent: readOf(sheet) });
  });

  it('does not become one of ours by another name, nor by taking it out and bringing it back', async () => {
    await bring({ 'workflow.md': flow('one') }, { trusts: false });
    renameSync(join(project.path, PLACE), join(project.path, '.aiworkflow/bundles/other'));
    await expect(outputs()).rejects.toMatchObject({ code: 'trust.needed' });
    renameSync(join(project.path, '.aiworkflow/bundles/other'), join(project.path, PLACE));
    const { restoreToken } = await project.call('workflows.remove', { ref: 'vendor' });
    await project.call('workflows.restore', { restoreToken });
    await expect(outputs()).rejects.toMatchObject({ code: 'trust.needed' });
    await give();
    const removed = await project.call('workflows.remove', { ref: 'vendor' });
    await project.call('workflows.restore', removed);
    expect(await outputs()).toEqual({ said: 'one' });
  });

  it('is known as such after a restart, also when the file that says so was damaged', async () => {
    await bring({ 'workflow.md': flow('one') });
    await project.reopen();
    expect(await outputs()).toEqual({ said: 'one' });
    const folder = join(project.root, 'user', 'trust');
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '{"subj');
    await project.reopen();
    await expect(outputs()).rejects.toMatchObject({ code: 'trust.needed' });
    await give();
    await project.reopen();
    expect(await outputs()).toEqual({ said: 'one' });
  });

  it('is told in the audit by whom it was trusted', async () => {
    await bring({ 'workflow.md': flow('one') });
    await project.call('trust.withdraw', { ref: 'vendor' });
    await expect(outputs()).rejects.toMatchObject({ code: 'trust.needed' });
    const { events } = await project.call('audit.query', { eventType: 'security.trust_changed' });
    expect(events.map(({ action, user_id: by }) => [action, by])).toContainEqual(['trust.give', 'tester']);
    expect(events.map(({ action }) => action)).toContain('trust.withdraw');
  });
});

describe('what starts by itself', () => {
  it('goes on with the accepted version until the new one is accepted, then with that', async () => {
    await bring({ 'workflow.md': flow('one', SCHEDULE) });
    await arm();
    expect(await startedByItself()).toEqual({ said: 'one' });
    await bring({ 'workflow.md': flow('two', SCHEDULE) }, { trusts: false, onConflict: 'replace' });
    expect(await startedByItself()).toEqual({ said: 'one' });
    await expect(outputs()).rejects.toMatchObject({ code: 'trust.needed' });
    await expect(arm()).rejects.toMatchObject({ code: 'trust.needed' });
    await give();
    expect(await startedByItself()).toEqual({ said: 'two' });
  });

  it('starts nothing once trust was taken back', async () => {
    await bring({ 'workflow.md': flow('one', SCHEDULE) });
    await arm();
    await project.call('trust.withdraw', { ref: 'vendor' });
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({ status: 'not_armed' });
    await expect(startedByItself()).rejects.toMatchObject({ code: 'trigger.not_armed' });
  });

  it('goes on after the change from consents of triggers to trust', async () => {
    project.write(`${PLACE}/workflow.md`, flow('one', SCHEDULE));
    await arm();
    const folder = join(project.root, 'user', 'trust');
    const [name = ''] = readdirSync(folder);
    const { subjects, armed } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const { accepted } = subjects[PLACE];
    const { definitionHash, by, at } = armed['vendor/nightly'];
    const old = { definitionHash, by, at, contentHash: accepted.contentHash, versionLabel: '1.2.0', pins: [] };
    await project.call('app.info', {});
    await project.reopen();
    rmSync(join(folder, name));
    project.write(`../user/armed/${name}`, JSON.stringify({ consents: { 'vendor/nightly': old } }));
    await project.reopen();
    project.write(`${PLACE}/workflow.md`, flow('two', SCHEDULE));
    expect(await project.call('triggers.get', { trigger: 'nightly' })).toMatchObject({
      status: 'armed',
      armed: { by: 'tester', versionLabel: '1.2.0' },
      isNewer: true,
    });
    expect(await startedByItself()).toEqual({ said: 'one' });
    await arm();
    expect(await startedByItself()).toEqual({ said: 'two' });
  });
});

describe('what was not declared', () => {
  const choosing = (front = ''): string =>
    [
      '---',
      'workflow: {id: vendor, name: Vendor onboarding, version: "1.2.0"}',
      `${front}---`,
      ...['## Step 1: Choose', '```yaml', 'action: workflow.set', 'inputs: {chosen: loud}', '```'],
      ...['## Step 2: Use it', '```yaml', 'action: "{{ chosen }}.run"', 'max_retries: 0', '```', ''],
    ].join('\n');

  it('is kept from a bundle from outside when it runs: a tool whose name only a run makes up', async () => {
    project.write(
      '.aiworkflow/tools/registry.yaml',
      'tools:\n  - {name: loud, implementations: [{type: script, adapter_path: loud.sh}]}\n',
    );
    project.write('.aiworkflow/tools/loud.sh', '#!/bin/sh\necho \'"heard"\'\n');
    await bring({ 'workflow.md': choosing() });
    const refused = await project.run('vendor');
    expect(await project.call('runs.get', { runId: refused })).toMatchObject({
      run: {
        status: 'failed',
        error: { message: expect.stringContaining("does not say that it uses the tool 'loud'") },
      },
    });
    await bring({ 'workflow.md': choosing('requirements: {tools: [loud]}\n') }, { onConflict: 'replace' });
    const runId = await project.run('vendor');
    expect(await project.call('runs.get', { runId })).toMatchObject({ run: { status: 'completed' } });
  });
});
