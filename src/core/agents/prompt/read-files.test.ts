import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isLocalSource, searchLocally, searchSources } from './local-search.ts';
import { FILES_CAP_BYTES, fileNames, readPromptFiles } from './read-files.ts';

let base = '';
let project = '';
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'aiw-prompt-files-'));
  project = join(base, 'project');
  await mkdir(join(project, '.git'), { recursive: true });
  await mkdir(join(project, '.aiworkflow', 'state'), { recursive: true });
  await mkdir(join(project, 'docs'));
  const files: Readonly<Record<string, string>> = {
    'docs/a.md': 'alpha text about the billing service\nsecond line',
    'docs/b.md': 'beta\nthe billing service fails when the database is slow\n',
    '.env': 'KEY=1',
    '.env.local': 'KEY=2',
    '.git/config': 'token',
    '.aiworkflow/state/x': 'state',
    'big.txt': 'x'.repeat(FILES_CAP_BYTES + 10),
    'more.txt': 'more',
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(project, path), text);
  await writeFile(join(project, 'image.bin'), Buffer.from([1, 0, 2]));
  await writeFile(join(base, 'outside.txt'), 'outside secret');
  await symlink(join(base, 'outside.txt'), join(project, 'link-out'));
  await symlink(join(project, '.env'), join(project, 'link-env'));
  await symlink(join(project, 'docs/a.md'), join(project, 'link-in'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

test('names come from texts and maps', () => {
  expect(fileNames(['a', { path: 'b' }, { name: 'c' }, 5, ''])).toEqual(['a', 'b', 'c']);
  expect(fileNames('one')).toEqual(['one']);
  expect(fileNames(null)).toEqual([]);
});

test('readable files are read: by path, absolute, through a link that stays inside', async () => {
  const files = await readPromptFiles(['docs/a.md', join(project, 'more.txt'), 'link-in'], [project]);
  expect(files.map((file) => file.text)).toEqual([
    expect.stringContaining('alpha'),
    'more',
    expect.stringContaining('alpha'),
  ]);
});

test.each([
  '.env',
  '.env.local',
  '.git/config',
  '.aiworkflow/state/x',
  '../outside.txt',
  'link-out',
  'link-env',
  '/etc/hostname',
  'docs/../.env',
  'docs',
  'missing.txt',
  'image.bin',
])('%s is only named', async (name) => {
  const [file] = await readPromptFiles([name], [project]);
  expect(file).toMatchObject({ name, text: null, note: expect.any(String) });
});

test.each([
  ['../outside.txt', 'not read: it lies outside the project'],
  ['../nowhere.txt', 'not read: it lies outside the project'],
  ['link-out', 'not read: it lies outside the project'],
  ['/nowhere/else.txt', 'not read: it lies outside the project'],
  ['missing.txt', 'not found'],
  ['.env', 'not read: agents are never given this file'],
])('%s: an agent and its reader are told why', async (name, note) => {
  const bundle = await mkdtemp(join(base, 'bundle-'));
  const [file] = await readPromptFiles([name], [project, bundle]);
  expect(file?.note).toBe(note);
});

test('a whole path below one of the folders is not found, not outside', async () => {
  const bundle = await mkdtemp(join(base, 'other-'));
  const [file] = await readPromptFiles([join(bundle, 'gone.txt')], [project, bundle]);
  expect(file?.note).toBe('not found');
});

test('all files together have one cap', async () => {
  const files = await readPromptFiles(['big.txt', 'more.txt'], [project]);
  expect(files[0]?.text).toHaveLength(FILES_CAP_BYTES);
  expect(files[0]?.note).toMatch(/^cut: /);
  expect(files[1]).toMatchObject({ text: null, note: expect.stringContaining('200 KiB') });
});

test('the second folder is looked at where the first has nothing of that name', async () => {
  const bundle = join(base, 'bundle');
  await mkdir(join(bundle, 'sample-data'), { recursive: true });
  await writeFile(join(bundle, 'sample-data', 'pr.diff'), '+x');
  const [file] = await readPromptFiles(['sample-data/pr.diff'], [project, bundle]);
  expect(file?.text).toBe('+x');
});

test('a search finds the best place of each file and never a hidden or foreign one', async () => {
  const sources = searchSources([{ type: 'file', path: '.' }]);
  expect(sources.every(isLocalSource)).toBe(true);
  const hits = await searchLocally('billing database is slow', sources, [project]);
  expect(hits.map((hit) => hit.url)).toEqual(['docs/b.md#L2', 'docs/a.md#L1']);
  expect(hits[0]).toMatchObject({
    title: 'docs/b.md',
    score: 1,
    excerpt: expect.stringContaining('billing service fails'),
  });
  expect(await searchLocally('KEY token state outside', sources, [project])).toEqual([]);
  expect(await searchLocally('billing', searchSources([{ type: 'repo', path: 'docs/a.md' }]), [project])).toHaveLength(
    1,
  );
  expect(await searchLocally('the of', sources, [project])).toEqual([]);
});
