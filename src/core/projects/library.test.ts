import { mkdir, mkdtemp, readFile, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createLibraryCache,
  LibraryIndex,
  listLibrary,
  type ProjectPaths,
  projectPaths,
  resolveWorkflow,
} from './index.ts';

let paths: ProjectPaths;
beforeEach(async () => {
  paths = projectPaths(await realpath(await mkdtemp(join(tmpdir(), 'aiw-library-'))));
});
afterEach(() => rm(paths.project, { recursive: true, force: true }));

const workflow = (id: string, extra = ''): string =>
  `---\nworkflow:\n  id: ${id}\n  name: ${id} name\n${extra}---\n## Step 1: A\n\`\`\`yaml\naction: workflow.noop\n\`\`\`\n`;
async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(paths.root, path)), { recursive: true });
    await writeFile(join(paths.root, path), text);
  }
}
const summary = async () =>
  (await listLibrary(paths)).map((item) => `${item.ref} ${item.kind} ${item.ownsId} ${item.error ?? '-'}`);

describe('listLibrary (DESIGN decision 3)', () => {
  it('lists files, then bundles; nothing else; an empty project has nothing', async () => {
    await expect(listLibrary(paths)).resolves.toEqual([]);
    await put({
      'workflows/b.md': workflow('b'),
      'workflows/a.md': workflow('a', '  tags: [x]\n  description: does a\n'),
      'workflows/README.md': '# read me',
      'workflows/notes.txt': 'x',
      'workflows/sub/c.md': workflow('c'),
      'bundles/z/workflow.md': workflow('z'),
      'bundles/.new-1/workflow.md': workflow('half'),
    });
    expect(await summary()).toEqual(['a file true -', 'b file true -', 'z bundle true -']);
    const [first] = await listLibrary(paths, { unsupportedOf: () => 'not yet' });
    expect(first).toMatchObject({
      path: '.aiworkflow/workflows/a.md',
      steps: 1,
      tags: ['x'],
      description: 'does a',
      version: '1.0.0',
      unsupported: 'not yet',
    });
  });

  it('takes the file or folder name where there is no id', async () => {
    await put({
      'workflows/My Report.md': '## Step 1: A\n```yaml\naction: workflow.noop\n```\n',
      'bundles/thing/main.md': '---\n---\n',
    });
    expect((await listLibrary(paths)).map((item) => item.id)).toEqual(['my-report', 'thing']);
  });

  it('lists the second file with an id by its path', async () => {
    await put({
      'workflows/a.md': workflow('same'),
      'workflows/b.md': workflow('same'),
      'bundles/c/workflow.md': workflow('same'),
    });
    expect(await summary()).toEqual([
      'same file true -',
      '.aiworkflow/workflows/b.md file false -',
      '.aiworkflow/bundles/c bundle false -',
    ]);
    const [, second] = await listLibrary(paths);
    expect(second?.diagnostics.at(-1)).toMatchObject({
      code: 'workflow.duplicate_id',
      severity: 'warning',
      file: '.aiworkflow/workflows/b.md',
    });
  });

  it('is never stopped by a broken entry', async () => {
    await put({
      'workflows/bad.md': '---\n: [\n',
      'workflows/good.md': workflow('good'),
      'bundles/empty/README.md': 'x',
      'bundles/binary/workflow.md': '\u0000\u0001',
      'bundles/config/workflow.md': workflow('config'),
      'bundles/config/config.yaml': '{{{{',
    });
    await symlink('/nowhere', join(paths.workflowsDir, 'dangling.md'));
    const items = await listLibrary(paths);
    expect(items.map((item) => item.path.split('/').at(-1))).toEqual([
      'bad.md',
      'dangling.md',
      'good.md',
      'binary',
      'config',
      'empty',
    ]);
    expect(items.filter((item) => item.error === null).map((item) => item.id)).toEqual(['good']);
    expect(items.find((item) => item.path.endsWith('dangling.md'))?.error).toMatch(/^Workflow file not found: /);
  });

  it('reads only what changed, and sees every change', async () => {
    await put({ 'workflows/a.md': workflow('a'), 'bundles/z/workflow.md': workflow('z') });
    const cache = createLibraryCache();
    const list = () => listLibrary(paths, { cache });
    await list();
    const before = [...cache.values()].map((entry) => entry.outline);
    await utimes(join(paths.workflowsDir, 'a.md'), 5, 5);
    await list();
    expect([...cache.values()].map((entry) => entry.outline)).toEqual(before);
    expect(cache.get(join(paths.workflowsDir, 'a.md'))?.outline).toBe(before[0]);
    expect(cache.get(join(paths.bundlesDir, 'z'))?.outline).toBe(before[1]);
    await put({ 'workflows/a.md': workflow('a2'), 'bundles/z/tools/t.sh': '#!/bin/sh\n' });
    expect((await list()).map((item) => item.id)).toEqual(['a2', 'z']);
    expect(cache.get(join(paths.bundlesDir, 'z'))?.outline?.tools.map((tool) => tool.name)).toEqual(['t']);
    await rm(join(paths.workflowsDir, 'a.md'));
    expect((await list()).map((item) => item.id)).toEqual(['z']);
    expect(cache.size).toBe(1);
  });

  it('reads nothing of 1,000 unchanged files', async () => {
    await put(
      Object.fromEntries(
        Array.from({ length: 1_000 }, (_, index) => [`workflows/w${index}.md`, workflow(`w${index}`)]),
      ),
    );
    const cache = createLibraryCache();
    await listLibrary(paths, { cache });
    const before = new Map(cache);
    const items = await listLibrary(paths, { cache });
    expect(items).toHaveLength(1_000);
    for (const [path, entry] of cache) expect(entry).toBe(before.get(path));
  });
});

describe('LibraryIndex', () => {
  let index: LibraryIndex;
  beforeEach(() => {
    index = new LibraryIndex(paths);
  });
  afterEach(() => index.forget());
  const ids = async () => (await index.items()).map((item) => item.id);

  it('looks at no file of an unchanged library', async () => {
    await put({ 'workflows/a.md': workflow('a'), 'bundles/z/workflow.md': workflow('z') });
    const items = await index.items();
    expect(await index.items()).toBe(items);
    expect((await resolveWorkflow('z', paths, { index })).path).toBe(join(paths.bundlesDir, 'z'));
    expect(await index.items()).toBe(items);
  });

  it('sees at once what comes and what goes, also while somebody else looks', async () => {
    await put({ 'bundles/z/workflow.md': workflow('z') });
    const first = index.items();
    await put({ 'workflows/a.md': workflow('a') });
    await first;
    expect(await ids()).toEqual(['a', 'z']);
    await put({ 'bundles/y/workflow.md': workflow('y') });
    expect(await ids()).toEqual(['a', 'y', 'z']);
    await rm(join(paths.workflowsDir, 'a.md'));
    expect(await ids()).toEqual(['y', 'z']);
  });

  it.each(['workflows/a.md', 'bundles/b/workflow.md'])('hears of a new id that is written into %s', async (file) => {
    await put({ 'workflows/a.md': workflow('a'), 'bundles/b/workflow.md': workflow('b') });
    await index.items();
    await put({ [file]: workflow('other') });
    await expect.poll(ids).toContain('other');
  });

  it('gives an id that was written over to its new owner, whether the news of it came or not', async () => {
    await put({ 'workflows/a.md': workflow('one'), 'workflows/b.md': workflow('two') });
    await index.items();
    await put({ 'workflows/a.md': workflow('two'), 'workflows/b.md': workflow('one') });
    expect((await resolveWorkflow('one', paths, { index })).path).toBe(join(paths.workflowsDir, 'b.md'));
    await index.items();
    await put({ 'workflows/a.md': workflow('new') });
    expect((await resolveWorkflow('new', paths, { index })).path).toBe(join(paths.workflowsDir, 'a.md'));
  });
});

describe('resolveWorkflow', () => {
  beforeEach(() =>
    put({
      'workflows/a.md': workflow('alpha'),
      'workflows/dup.md': workflow('alpha'),
      'bundles/beta/workflow.md': workflow('beta-id'),
      'bundles/beta/tools/t.sh': '#!/bin/sh\n',
      '../elsewhere/gamma.md': workflow('gamma'),
      '../elsewhere/delta/workflow.md': workflow('delta'),
    }),
  );

  it.each([
    ['alpha', '.aiworkflow/workflows/a.md'],
    ['a', '.aiworkflow/workflows/a.md'],
    ['dup', '.aiworkflow/workflows/dup.md'],
    ['beta-id', '.aiworkflow/bundles/beta'],
    ['beta', '.aiworkflow/bundles/beta'],
    ['.aiworkflow/workflows/dup.md', '.aiworkflow/workflows/dup.md'],
    ['.aiworkflow/bundles/beta', '.aiworkflow/bundles/beta'],
    ['.aiworkflow/bundles/beta/', '.aiworkflow/bundles/beta'],
    ['.aiworkflow/bundles/beta/workflow.md', '.aiworkflow/bundles/beta'],
    ['elsewhere/gamma.md', 'elsewhere/gamma.md'],
    ['elsewhere/delta', 'elsewhere/delta'],
  ])('%s is %s', async (ref, expected) => {
    expect((await resolveWorkflow(ref, paths)).path).toBe(join(paths.project, expected));
  });

  it('takes relative paths from the caller first, then absolute ones, then bare names beside the caller', async () => {
    const cwd = join(paths.project, 'elsewhere');
    for (const ref of ['gamma.md', './gamma.md', join(cwd, 'gamma.md')]) {
      expect((await resolveWorkflow(ref, paths, { cwd })).reading?.workflow.id).toBe('gamma');
    }
    expect((await resolveWorkflow('delta', paths, { cwd })).reading?.workflow.id).toBe('delta');
    expect((await resolveWorkflow('alpha', paths, { cwd })).reading?.workflow.id).toBe('alpha');
  });

  it.each([
    ['alhpa', "Did you mean 'alpha'?"],
    ['bta', "Did you mean 'beta'?"],
    ['zzzzzzzz', "Run 'aiworkflow workflow list' to see what is there."],
    ['./nothing.md', undefined],
    ['a\0b', undefined],
  ])('%j is not found', async (ref, hint) => {
    await expect(resolveWorkflow(ref, paths)).rejects.toMatchObject({
      code: 'workflow.not_found',
      message: `Workflow not found: ${ref}`,
      ...(hint !== undefined && { hint }),
    });
  });

  it('reads a new text at once', async () => {
    const cache = createLibraryCache();
    await resolveWorkflow('alpha', paths, { cache });
    await put({ 'workflows/a.md': `${workflow('alpha')}\nmore` });
    const text = await readFile(join(paths.workflowsDir, 'a.md'), 'utf8');
    expect((await resolveWorkflow('alpha', paths, { cache })).text).toBe(text);
  });
});
