import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../time/index.ts';
import { exportArchive, ImportStaging, readBundle } from './index.ts';

let home = '';
let staging: ImportStaging;
const dirs = () => ({ bundlesDir: join(home, 'bundles'), removedDir: join(home, 'removed'), now: systemClock.now });
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'aiw-import-')));
  await mkdir(join(home, 'bundles'));
  staging = new ImportStaging(join(home, 'staging'), dirs());
});
afterEach(() => rm(home, { recursive: true, force: true }));

const workflow = (id: string): string =>
  `---\nworkflow:\n  id: ${id}\n  version: "1.2.0"\nrequirements:\n  permissions: ["mail:read"]\n---\n## Step 1: A\n\`\`\`yaml\naction: workflow.noop\n\`\`\`\n`;
const part = (path: string, text: string | Buffer, offset = 0) => ({
  path,
  base64: Buffer.from(text).toString('base64'),
  offset,
});
const FILES = [
  part('my-bundle/workflow.md', workflow('mail')),
  part('my-bundle/tools/a.sh', '#!/bin/sh\n'),
  part('my-bundle/README.md', '# x'),
];

it('the sheet of an import warns of agents that are not known here', async () => {
  const known = new ImportStaging(join(home, 'known'), { ...dirs(), agentNames: () => ['demo', 'ollama'] });
  const files = [
    part('my-bundle/workflow.md', workflow('mail').replace('workflow.noop', 'agent.run\nagent: dmo\ntask: x')),
    part('my-bundle/config.yaml', 'fallback_agent: ollma\n'),
  ];
  const { uploadId } = await known.upload({ name: 'my-bundle', files });
  const { diagnostics } = await known.inspect(uploadId);
  expect(diagnostics.map(({ file, line, fix }) => `${file}:${line} ${fix}`)).toEqual([
    "config.yaml:1 Did you mean 'ollama'?",
    "workflow.md:11 Did you mean 'demo'?",
  ]);
});

async function staged(
  files = FILES,
): Promise<{ readonly uploadId: string; readonly contentHash: string; readonly name: string }> {
  const { uploadId } = await staging.upload({ name: 'my-bundle', files });
  const sheet = await staging.inspect(uploadId);
  return { uploadId, contentHash: sheet.contentHash, name: sheet.suggestedName };
}

describe('ImportStaging', () => {
  it('shows what a dropped folder brings and imports exactly that', async () => {
    const { uploadId } = await staging.upload({ name: 'my-bundle', files: FILES });
    await staging.upload({
      uploadId,
      name: 'my-bundle',
      files: [part('my-bundle/.env', 'SECRET=1'), part('my-bundle/.git/HEAD', 'x')],
    });
    const sheet = await staging.inspect(uploadId);
    expect(sheet).toMatchObject({ uploadId, suggestedName: 'my-bundle', permissions: ['mail:read'], riskLevel: null });
    expect(sheet.files.map((file) => `${file.path} ${file.isExecutable}`)).toEqual([
      'README.md false',
      'tools/a.sh true',
      'workflow.md false',
    ]);
    expect(sheet.info.path).toBe(join(home, 'bundles', 'my-bundle'));
    const done = await staging.commit({
      uploadId,
      contentHash: sheet.contentHash,
      name: 'my-bundle',
      onConflict: 'refuse',
    });
    expect(done).toEqual({ ref: 'mail', name: 'my-bundle', workflowId: 'mail', backupName: null });
    expect((await readBundle(join(home, 'bundles', 'my-bundle'))).contentHash).toBe(sheet.contentHash);
    expect(await readdir(join(home, 'staging'))).toEqual([]);
    expect(await readdir(join(home, 'bundles'))).toEqual(['my-bundle']);
  });

  it('lets what the sheet names be read before anybody consents, and nothing else', async () => {
    const more = [
      part('my-bundle/long.txt', `${'ü'.repeat(200_000)}`),
      part('my-bundle/.env', 'SECRET=1'),
      part('my-bundle/picture.bin', 'a\0b'),
    ];
    const { uploadId } = await staging.upload({ name: 'my-bundle', files: [...FILES, ...more] });
    const script = await staging.readText(uploadId, 'tools/a.sh');
    expect(script).toMatchObject({ text: expect.stringContaining('#!'), isWhole: true });
    const long = await staging.readText(uploadId, 'long.txt');
    expect(long).toMatchObject({ sizeBytes: 400_000, isWhole: false });
    expect(long.text).toMatch(/^ü+$/);
    expect(await staging.readText(uploadId, 'picture.bin')).toMatchObject({ text: null });
    for (const path of ['.env', '../name.txt', '/etc/passwd', 'tools', 'none'])
      await expect(staging.readText(uploadId, path)).rejects.toMatchObject({ code: 'file.not_found' });
    await expect(staging.readText('00000000-aaaa', 'workflow.md')).rejects.toMatchObject({
      code: 'bundle.upload_not_found',
    });
  });

  it('takes files in parts, also a part that comes twice, also after a restart', async () => {
    const { uploadId } = await staging.upload({
      name: 'x',
      files: [part('workflow.md', workflow('a')), part('data', 'aaaa')],
    });
    await staging.upload({ uploadId, name: 'x', files: [part('data', 'bbbb', 4)] });
    staging = new ImportStaging(join(home, 'staging'), dirs());
    await staging.upload({ uploadId, name: 'x', files: [part('data', 'bbbb', 4)] });
    await expect(staging.upload({ uploadId, name: 'x', files: [part('data', 'c', 9)] })).rejects.toMatchObject({
      code: 'contract.invalid_input',
    });
    const sheet = await staging.inspect(uploadId);
    expect(sheet.files.find((file) => file.path === 'data')?.sizeBytes).toBe(8);
  });

  it.each([
    [[part('../x', 'x')], 'bundle.archive_refused'],
    [[part('/etc/x', 'x')], 'bundle.archive_refused'],
    [[part('a/NUL', 'x')], 'bundle.archive_refused'],
    [[part('a', 'x'), part('A', 'y')], 'bundle.archive_refused'],
    [[part('a', 'x'), part('a/b', 'y')], 'bundle.archive_refused'],
    [[{ path: 'a', base64: 'not base64!', offset: 0 }], 'contract.invalid_input'],
    [[part('a', 'x', 5)], 'contract.invalid_input'],
    [Array.from({ length: 2_001 }, (_, index) => part(`f${index}`, '')), 'bundle.too_large'],
  ])('refuses %#: %s', async (files, code) => {
    await expect(staging.upload({ name: 'x', files })).rejects.toMatchObject({ code });
  });

  it('refuses more than 100 MiB, however it is cut', async () => {
    const chunk = Buffer.alloc(8 * 1024 * 1024).toString('base64');
    const { uploadId } = await staging.upload({ name: 'x', files: [] });
    const send = (index: number) =>
      staging.upload({
        uploadId,
        name: 'x',
        files: [{ path: `f${index % 3}`, base64: chunk, offset: Math.floor(index / 3) * 8 * 1024 * 1024 }],
      });
    for (let index = 0; index < 12; index++) await send(index);
    await expect(send(12)).rejects.toMatchObject({ code: 'bundle.too_large' });
  });

  it('refuses unknown uploads, other content than was shown, and bundles without a workflow', async () => {
    await expect(staging.inspect('00000000-aaaa')).rejects.toMatchObject({ code: 'bundle.upload_not_found' });
    await expect(staging.upload({ uploadId: '../../../etc', name: 'x', files: [] })).rejects.toMatchObject({
      code: 'bundle.upload_not_found',
    });
    const { uploadId, contentHash } = await staged();
    await staging.upload({ uploadId, name: 'x', files: [part('my-bundle/extra.txt', 'late')] });
    await expect(staging.commit({ uploadId, contentHash, name: 'x', onConflict: 'refuse' })).rejects.toMatchObject({
      code: 'bundle.changed',
    });
    const none = await staged([part('notes.txt', 'x')]);
    await expect(staging.commit({ ...none, name: 'x', onConflict: 'refuse' })).rejects.toMatchObject({
      code: 'bundle.no_workflow',
    });
    expect(await readdir(join(home, 'bundles'))).toEqual([]);
  });

  it.each(['', '..', '.x', 'a/b', 'NUL', 'a b', 'x.', 'y'.repeat(101)])('refuses the name %j', async (name) => {
    const found = await staged();
    await expect(staging.commit({ ...found, name, onConflict: 'refuse' })).rejects.toMatchObject({
      code: 'bundle.invalid',
    });
    expect(await readdir(join(home, 'bundles'))).toEqual([]);
  });

  it('refuses, replaces with a backup, or keeps both', async () => {
    await staging.commit({ ...(await staged()), onConflict: 'refuse' });
    const other = [...FILES, part('my-bundle/new.txt', 'new')];
    const again = await staged(other);
    const sheet = await staging.inspect(again.uploadId);
    expect(sheet.conflict).toMatchObject({ name: 'my-bundle', version: '1.2.0', identical: false });
    await expect(staging.commit({ ...again, onConflict: 'refuse' })).rejects.toMatchObject({ code: 'bundle.conflict' });
    await expect(staging.commit({ ...again, name: 'MY-Bundle', onConflict: 'refuse' })).rejects.toMatchObject({
      code: 'bundle.conflict',
    });
    await expect(staging.commit({ ...again, onConflict: 'keep_both' })).resolves.toMatchObject({
      name: 'my-bundle-2',
      ref: 'my-bundle-2',
    });
    await expect(staging.commit({ ...(await staged(other)), onConflict: 'replace' })).resolves.toMatchObject({
      name: 'my-bundle',
      ref: 'mail',
      backupName: expect.stringMatching(/^\d{13}-bundle-/),
    });
    expect((await readdir(join(home, 'bundles'))).sort()).toEqual(['my-bundle', 'my-bundle-2']);
    const [backup] = await readdir(join(home, 'removed'));
    expect(backup).toMatch(/^\d{13}-bundle-my-bundle$/);
    await expect(stat(join(home, 'removed', backup ?? '', 'new.txt'))).rejects.toThrow();
  });

  it('lets exactly one of many at once have the name, and nothing is half-made (races)', async () => {
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, index) => staged([...FILES, part('my-bundle/n.txt', String(index))])),
    );
    const ends = await Promise.allSettled(
      all.map((one, index) => staging.commit({ ...one, onConflict: index % 3 === 0 ? 'refuse' : 'keep_both' })),
    );
    const names = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value.name] : []));
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'bundle.conflict' });
    expect(new Set(names).size).toBe(names.length);
    expect((await readdir(join(home, 'bundles'))).sort()).toEqual([...names].sort());
    for (const name of names) expect((await readBundle(join(home, 'bundles', name))).files).toHaveLength(4);
  });

  it('commits one upload once, and waits for a running one before it is discarded', async () => {
    const found = await staged();
    const ends = await Promise.allSettled([1, 2, 3].map(() => staging.commit({ ...found, onConflict: 'keep_both' })));
    expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1);
    const other = await staged();
    const [commit] = await Promise.allSettled([
      staging.commit({ ...other, onConflict: 'keep_both' }),
      staging.discard(other.uploadId),
    ]);
    expect(commit.status).toBe('fulfilled');
    await staging.discard('not-an-id!');
  });

  it('forgets uploads of more than an hour when it is opened', async () => {
    const { uploadId } = await staged();
    const { uploadId: fresh } = await staged();
    await utimes(join(home, 'staging', uploadId), 1, 1);
    staging = new ImportStaging(join(home, 'staging'), dirs());
    expect(await readdir(join(home, 'staging'))).toEqual([fresh]);
  });
});

describe('archives (SPEC 6.6)', () => {
  async function source(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
    const root = join(home, 'source');
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    return root;
  }

  it('go out and come in again as the same version, with the same bytes each time', async () => {
    const root = await source({
      'workflow.md': workflow('mail'),
      'tools/a.sh': '#!/bin/sh\n',
      'caf\u00e9.txt': 'x',
      zeros: '0'.repeat(500_000),
      empty: '',
    });
    const reading = await readBundle(root);
    const [a, b] = [join(home, 'a.awb'), join(home, 'b.awb')];
    await exportArchive(reading, a);
    await utimes(join(root, 'workflow.md'), 5, 5);
    await exportArchive(await readBundle(root), b);
    expect((await readFile(a)).equals(await readFile(b))).toBe(true);
    const { uploadId } = await staging.stageLocal(a);
    const sheet = await staging.inspect(uploadId);
    expect(sheet).toMatchObject({ contentHash: reading.contentHash, suggestedName: 'source' });
    expect(sheet.files).toEqual(reading.files);
    await expect(
      staging.commit({ uploadId, contentHash: sheet.contentHash, name: 'mail', onConflict: 'refuse' }),
    ).resolves.toMatchObject({ ref: 'mail' });
  });

  it('come back byte for byte, whatever the bytes are, and are exported as the same archive again', async () => {
    const odd: Readonly<Record<string, string | Buffer>> = {
      'workflow.md': `\ufeff${workflow('mail').replaceAll('\n', '\r\n')}`,
      'config.yaml': 'name: odd\nversion: "2.0"\n',
      'tools/run.sh': '#!/bin/sh\necho "no line end"',
      'all.bin': Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
      'broken-utf8.txt': Buffer.from([0xff, 0xfe, 0x41, 0xc3, 0x28, 0xed, 0xa0, 0x80]),
      'archive.zip': Buffer.from('PK\u0003\u0004 no archive'),
      'zero.txt': 'a\0b',
      'hidden.txt': 'x\u202ey\u200b',
      'with blank/-dash': ' \n\n',
      'lines.txt': 'a\rb\r\nc\n\n',
      empty: '',
      zeros: Buffer.alloc(300_000),
    };
    const planted = {
      '.env': 'KEY=sk-planted-1',
      'tools/.env': 'KEY=sk-planted-2',
      '.git/config': 'token = sk-planted-3',
    };
    const root = await source({ ...odd, ...planted });
    const [a, b] = [join(home, 'a.awb'), join(home, 'b.awb')];
    await exportArchive(await readBundle(root), a);
    const { uploadId } = await staging.stageLocal(a);
    const { contentHash } = await staging.inspect(uploadId);
    await staging.commit({ uploadId, contentHash, name: 'odd', onConflict: 'refuse' });
    const folder = join(home, 'bundles', 'odd');
    for (const [path, bytes] of Object.entries(odd))
      expect((await readFile(join(folder, path))).equals(Buffer.from(bytes)), path).toBe(true);
    expect((await readdir(folder, { recursive: true })).filter((name) => /\.env|\.git/.test(name))).toEqual([]);
    await exportArchive(await readBundle(folder), b);
    expect((await readFile(a)).equals(await readFile(b))).toBe(true);
    expect((await readFile(a)).includes('sk-planted')).toBe(false);
  });

  it('stages a local folder', async () => {
    const root = await source({ 'workflow.md': workflow('mail'), '.env': 'A=1' });
    const { uploadId } = await staging.stageLocal(root);
    expect((await staging.inspect(uploadId)).files.map((file) => file.path)).toEqual(['workflow.md']);
    await expect(staging.stageLocal(join(home, 'gone'))).rejects.toMatchObject({ code: 'bundle.not_found' });
  });

  it('refuse to be exported with a manifest.json of their own or names that not every system stores', async () => {
    const file = join(home, 'x.awb');
    await expect(
      exportArchive(await readBundle(await source({ 'workflow.md': 'x', 'manifest.json': '{}' })), file),
    ).rejects.toMatchObject({ code: 'bundle.invalid' });
    await rm(join(home, 'source', 'manifest.json'));
    await expect(exportArchive(await readBundle(await source({ 'a:b': 'x' })), file)).rejects.toMatchObject({
      code: 'bundle.archive_refused',
    });
    expect(await readdir(home)).not.toContain('x.awb');
  });
});
