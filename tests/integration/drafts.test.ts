import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
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
  });
});
