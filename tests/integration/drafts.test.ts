import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/core/crypto/index.ts';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §1.10, §6.7: a text is checked as it is typed, kept as a draft that starts nothing, and published as a whole or not at all. */
const project = new LocalProject();
const FILE = '.aiworkflow/workflows/notes.md';
const text = (name: string): string => bundleText('notes', { name, steps: [['action: workflow.noop']] });
const OLD = text('Notes');
const NEW = text('New notes');
const BASE = sha256Hex(OLD);
const onDisk = (): string => readFileSync(join(project.path, FILE), 'utf8');

beforeEach(async () => {
  project.write(FILE, OLD);
  await project.call('drafts.discard', { ref: 'notes' });
});
afterAll(() => project.close());

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (thrown: { code: unknown }) => thrown.code,
  );

describe('checking', () => {
  it('says of a text what validating the file would say, and writes nothing', async () => {
    const wrong = OLD.replace('workflow.noop', 'workflow.nop');
    const { diagnostics } = await project.call('workflows.check', { ref: 'notes', source: wrong });
    expect(onDisk()).toBe(OLD);
    project.write(FILE, wrong);
    const report = await project.call('workflows.validate', { ref: 'notes' });
    expect(diagnostics).toEqual([...report.errors, ...report.warnings]);
    expect(diagnostics[0]).toMatchObject({ code: 'tool.unknown_operation', fix: "Did you mean 'noop'?" });
  });

  it('finds a workflow again that has moved', async () => {
    await project.call('workflows.check', { ref: FILE, source: OLD });
    const asked = { ref: 'notes', source: OLD };
    expect((await project.call('workflows.check', asked)).diagnostics).toEqual([]);
    expect(await codeOf(project.call('workflows.check', { ref: 'nowhere', source: OLD }))).toBe('workflow.not_found');
  });
});

describe('drafts', () => {
  it('are kept beside the published text, which runs meanwhile', async () => {
    expect((await project.call('drafts.get', { ref: 'notes' })).draft).toBeNull();
    const saved = await project.call('drafts.save', { ref: 'notes', source: NEW, baseHash: BASE, revision: 0 });
    await project.reopen();
    expect((await project.call('drafts.get', { ref: 'notes' })).draft).toEqual({
      source: NEW,
      baseHash: BASE,
      ...saved,
    });
    expect((await project.call('drafts.list', {})).drafts).toEqual([
      { path: FILE, by: 'tester', savedAt: saved.savedAt, isOwn: true },
    ]);
    const runId = await project.run('notes');
    expect((await project.call('runs.get', { runId })).run.workflowName).toBe('Notes');
  });

  it('that cannot be read are kept aside and said, and written over by none', async () => {
    const draft = { ref: 'notes', source: NEW, baseHash: BASE, revision: 0 };
    await project.call('drafts.save', draft);
    const folder = join(project.path, '.aiworkflow/state/drafts');
    const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.json'));
    writeFileSync(join(folder, name), `{"source": "half of what I wr`);
    const found = await project.call('drafts.get', { ref: 'notes' });
    expect(found).toMatchObject({ draft: null, damaged: [expect.stringContaining(`${name}.damaged-`)] });
    await project.call('drafts.save', draft);
    const again = await project.call('drafts.get', { ref: 'notes' });
    expect(again).toMatchObject({ draft: { source: NEW }, damaged: found.damaged });
    expect(readFileSync(join(project.path, found.damaged[0] ?? ''), 'utf8')).toBe('{"source": "half of what I wr');
    for (const file of found.damaged) rmSync(join(project.path, file));
  });

  it('of two windows do not write over each other', async () => {
    const draft = { ref: 'notes', source: NEW, baseHash: BASE };
    await project.call('drafts.save', { ...draft, revision: 0 });
    expect(await codeOf(project.call('drafts.save', { ...draft, source: OLD, revision: 0 }))).toBe('draft.changed');
    const both = [1, 1].map((revision) => codeOf(project.call('drafts.save', { ...draft, revision })));
    expect((await Promise.all(both)).sort()).toEqual(['draft.changed', null]);
  });

  it('belong to one person each', async () => {
    await project.addUser('dora', 'developer');
    await project.addUser('vera', 'viewer');
    const draft = { ref: 'notes', source: NEW, baseHash: BASE, revision: 0 };
    expect(await project.as('dora', 'drafts.save', draft)).toMatchObject({ ok: true });
    expect((await project.call('drafts.get', { ref: 'notes' })).draft).toBeNull();
    expect((await project.call('drafts.list', {})).drafts).toMatchObject([{ path: FILE, isOwn: false }]);
    const { revision: _revision, ...published } = draft;
    const refused = { ok: false, error: { code: 'access.denied' } };
    expect(await project.as('vera', 'drafts.save', draft)).toMatchObject(refused);
    expect(await project.as('vera', 'workflows.publish', published)).toMatchObject(refused);
    expect(await project.as('dora', 'drafts.discard', { ref: 'notes' })).toMatchObject({ ok: true });
  });
});

describe('publishing', () => {
  const publish = (source: string, baseHash = BASE) =>
    project.call('workflows.publish', { ref: 'notes', source, baseHash });

  it('replaces the text, ends the draft and is written down without the text', async () => {
    await project.call('drafts.save', { ref: 'notes', source: NEW, baseHash: BASE, revision: 0 });
    expect(await publish(NEW)).toEqual({ sourceHash: sha256Hex(NEW) });
    expect(onDisk()).toBe(NEW);
    expect((await project.call('drafts.get', { ref: 'notes' })).draft).toBeNull();
    expect((await project.call('workflows.get', { ref: 'notes' })).sourceHash).toBe(sha256Hex(NEW));
    const { events } = await project.call('audit.query', { eventType: 'workflow.updated' });
    expect(events.map((event) => [event.event_type, event.resource_id])).toContainEqual(['workflow.updated', 'notes']);
    expect(JSON.stringify(events)).not.toContain('New notes');
  });

  it('keeps what it replaces and what it publishes as versions, without a run', async () => {
    const texts = ['First', 'Second', 'Third'].map(text);
    project.write(FILE, texts[0] ?? '');
    for (const [at, one] of texts.entries()) if (at > 0) await publish(one, sha256Hex(texts[at - 1] ?? ''));
    const { versions, contentHash } = await project.call('workflows.get', { ref: 'notes' });
    const kept = await Promise.all(versions.map(({ hash }) => project.call('versions.source', { hash })));
    expect(kept.map(({ source }) => source)).toEqual(expect.arrayContaining(texts));
    expect(versions.find(({ hash }) => hash === contentHash)?.runs).toBe(0);
    const older = versions.find((_one, at) => kept[at]?.source === texts[0]);
    const { changes } = await project.call('versions.compare', { ref: 'notes', before: older?.hash ?? null });
    expect(changes).toMatchObject([{ is: 'changed', key: 'workflow.name', before: 'First', after: 'Third' }]);
  });

  it('is refused over a text that somebody changed meanwhile, and where the text has an error', async () => {
    const theirs = text('Theirs');
    project.write(FILE, theirs);
    expect(await codeOf(publish(NEW))).toBe('workflow.changed');
    expect(await codeOf(publish(OLD.replace('workflow.noop', 'workflow.nop'), sha256Hex(theirs)))).toBe(
      'workflow.invalid',
    );
    expect(onDisk()).toBe(theirs);
  });

  it('makes nothing trusted: what came from outside and is edited here waits for a person again', async () => {
    const files = [
      { path: 'workflow.md', base64: Buffer.from(OLD.replace('id: notes', 'id: guest')).toString('base64') },
    ];
    const { uploadId } = await project.call('bundles.upload', { name: 'guest', files });
    const { contentHash } = await project.call('bundles.inspect', { uploadId });
    await project.call('bundles.import', { uploadId, contentHash, name: 'guest', consent: { read: [] } });
    const before = await project.call('workflows.get', { ref: 'guest' });
    expect(before.entry.trust).toBe('trusted');
    const source = before.source.replace('Notes', 'Changed');
    await project.call('workflows.publish', { ref: 'guest', source, baseHash: before.sourceHash });
    expect((await project.call('workflows.get', { ref: 'guest' })).entry.trust).toBe('changed');
    expect(await codeOf(project.call('runs.start', { workflow: 'guest', inputs: {} }))).toBe('trust.needed');
  });

  it('writes nothing outside of the library', async () => {
    const outside = join(project.root, 'outside.md');
    writeFileSync(outside, OLD);
    const asked = { ref: outside, source: NEW, baseHash: BASE };
    expect(await codeOf(project.call('workflows.publish', asked))).toBe('file.outside');
    symlinkSync(outside, join(project.path, '.aiworkflow/workflows/linked.md'));
    const linked = { ...asked, ref: '.aiworkflow/workflows/linked.md' };
    expect(await codeOf(project.call('workflows.publish', linked))).toBe('file.outside');
    expect(readFileSync(outside, 'utf8')).toBe(OLD);
    rmSync(join(project.path, '.aiworkflow/workflows/linked.md'));
  });
});

describe('names and outline', () => {
  const NESTED = bundleText('notes', {
    name: 'Notes',
    frontmatter: ['inputs:', '  limit: {type: integer, default: 10}'],
    steps: [
      ['action: workflow.set', 'inputs: {total: 5, said: "{{ inputs.limit }}"}'],
      [
        'for_each: [1, 2]',
        'as: one',
        'steps:',
        '  - {id: inner, action: workflow.noop}',
        '  - {id: last, action: workflow.timestamp, output_variable: when}',
        'output_variable: all',
      ],
      ['action: workflow.set_outputs', 'inputs: {all: "{{ all }}"}'],
    ],
  });
  const lineOf = (piece: string): number => NESTED.slice(0, NESTED.indexOf(piece)).split('\n').length;
  const namesAt = (piece: string) =>
    project.call('workflows.names', { ref: 'notes', source: NESTED, line: lineOf(piece) });

  it('a text that is checked gives its steps, inner ones below their block', async () => {
    const { outline } = await project.call('workflows.check', { ref: 'notes', source: NESTED });
    expect(outline.map(({ id, depth, kind, line }) => [id, depth, kind, line])).toEqual([
      ['step_1', 0, 'workflow.set', lineOf('## Step 1')],
      ['step_2', 0, 'for_each', lineOf('## Step 2')],
      ['inner', 1, 'workflow.noop', lineOf('{id: inner')],
      ['last', 1, 'workflow.timestamp', lineOf('{id: last')],
      ['step_3', 0, 'workflow.set_outputs', lineOf('## Step 3')],
    ]);
  });

  it('are those that the reader sees at the cursor, with types, and with what the last run knew', async () => {
    const inside = await namesAt('{id: last');
    expect(inside.step).toMatchObject({ id: 'last' });
    expect(inside.names.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      ...['input limit', 'local loop', 'local one', 'variable total', 'variable said'],
      ...['step step_1', 'step inner'],
    ]);
    project.write(FILE, NESTED);
    await project.run('notes');
    const behind = await namesAt('## Step 3');
    expect(behind.lastRun).toMatchObject({ runId: expect.any(String) });
    expect(behind.names.map(({ name, type, from, value }) => [name, type, from, value])).toEqual([
      ['limit', 'integer', null, '10'],
      ['total', 'number', 'step_1', '5'],
      ['said', 'number', 'step_1', '10'],
      ['all', 'array', 'step_2', expect.stringContaining('[')],
      ...[
        ['step_1', 'object', 'step_1', expect.any(String)],
        ['step_2', 'array', 'step_2', expect.any(String)],
        ['inner', null, 'inner', null],
        ['last', 'string', 'last', null],
      ],
    ]);
    expect(await namesAt('---')).toMatchObject({ step: null });
  });
});

describe('saving as', () => {
  it('makes a workflow of its own of the text, whose id and name alone are others', async () => {
    const saved = await project.call('workflows.saveAs', { ref: 'notes', source: NEW, name: 'Notes of mine' });
    expect(saved).toEqual({ ref: 'notes-of-mine' });
    const made = readFileSync(join(project.path, '.aiworkflow/workflows/notes-of-mine.md'), 'utf8');
    expect(made).toBe(NEW.replace('id: notes', 'id: notes-of-mine').replace('"New notes"', '"Notes of mine"'));
    expect(onDisk()).toBe(OLD);
    const again = project.call('workflows.saveAs', { ref: 'notes', source: NEW, name: 'Notes of mine' });
    expect(await codeOf(again)).toBe('project.exists');
    const broken = project.call('workflows.saveAs', { ref: 'notes', source: '---\na: [\n---\n', name: 'Broken' });
    expect(await codeOf(broken)).toBe('workflow.invalid');
    expect(existsSync(join(project.path, '.aiworkflow/workflows/broken.md'))).toBe(false);
  });

  it('takes a bundle along, and what came from outside waits for a word of its own', async () => {
    const files = { 'workflow.md': OLD.replace('id: notes', 'id: outer'), 'tools/go.sh': '#!/bin/sh\necho 1\n' };
    const upload = Object.entries(files).map(([path, one]) => ({ path, base64: Buffer.from(one).toString('base64') }));
    const { uploadId } = await project.call('bundles.upload', { name: 'outer', files: upload });
    const { contentHash } = await project.call('bundles.inspect', { uploadId });
    await project.call('bundles.import', { uploadId, contentHash, name: 'outer', consent: { read: [] } });
    const { source } = await project.call('workflows.get', { ref: 'outer' });
    const { ref } = await project.call('workflows.saveAs', { ref: 'outer', source, name: 'Inner' });
    const made = await project.call('workflows.get', { ref });
    expect(made.tools.map(({ name }) => name)).toEqual(['go']);
    expect(made.entry.trust).toBe('untrusted');
    expect(await codeOf(project.call('runs.start', { workflow: ref, inputs: {} }))).toBe('trust.needed');
  });
});
