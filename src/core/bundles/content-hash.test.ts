import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBundleFiles } from './bundle-files.ts';
import { hashFiles } from './content-hash.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aiw-hash-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), bytes);
  }
}
const hashRoot = async (): Promise<string> => (await hashFiles((await findBundleFiles(root)).files)).contentHash;

/** The formula of SPEC 6.5, written down a second time. */
function oracle(files: Readonly<Record<string, string | Buffer>>): string {
  const hash = createHash('sha256');
  const paths = Object.keys(files).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const path of paths) {
    const bytes = Buffer.from(files[path] ?? '');
    const mode = bytes.subarray(0, 2).toString('latin1') === '#!' ? 'x' : '';
    hash.update(Buffer.concat([Buffer.from(`${path}\0${mode}\0${bytes.length}\0`), bytes]));
  }
  return hash.digest('hex');
}

const FILES = {
  'workflow.md': '# x',
  'tools/a.sh': '#!/bin/sh\n',
  'tools/b.mjs': '',
  'z\u00e9.txt': 'z',
  Z: '1',
  'a-b': '2',
  'a/b': '3',
};

describe('content hash (SPEC 6.5)', () => {
  it('is the formula, in byte order of the paths', async () => {
    await put(FILES);
    expect(await hashRoot()).toBe(oracle(FILES));
    expect(oracle({ 'workflow.md': 'x' })).toBe('a6a27f63e391e381b44a6803c94212308e4b749bca7c9b102ceef1d71132dade');
    expect(oracle({ 'a.sh': '#!x' })).toBe('7b78432f37f68a8f6f97f2a752adfe518457f455d49f62da001624fc06a3179f');
  });

  it('does not depend on times, exec bits, order of creation, or what is always left out', async () => {
    await put(FILES);
    const before = await hashRoot();
    await chmod(join(root, 'tools/b.mjs'), 0o755);
    await utimes(join(root, 'workflow.md'), 1, 1);
    await put({ '.env': 'A=1', '.git/HEAD': 'x', 'tools/__pycache__/x.pyc': 'x', 'x.pyc': 'x', '.DS_Store': 'x' });
    await mkdir(join(root, 'empty'));
    expect(await hashRoot()).toBe(before);
  });

  it('leaves out what .bundleignore names, but not the file itself', async () => {
    await put(FILES);
    const before = await hashRoot();
    await put({ '.bundleignore': '*.log\nout/\n', 'a.log': 'x', 'out/deep/x': 'x' });
    const ignored = await hashRoot();
    expect(ignored).not.toBe(before);
    expect(ignored).toBe(oracle({ ...FILES, '.bundleignore': '*.log\nout/\n' }));
  });

  it('streams large files', async () => {
    const large = Buffer.alloc(1_500_000, 'abc');
    await put({ large, empty: '' });
    expect(await hashRoot()).toBe(oracle({ large, empty: '' }));
  });

  it('follows a link that stays inside and reports one that leaves', async () => {
    await put({ a: 'x', 'folder/b': 'y' });
    await symlink('a', join(root, 'inner'));
    await symlink('/etc/passwd', join(root, 'away'));
    await symlink('folder', join(root, 'folder-link'));
    const found = await findBundleFiles(root);
    expect(found.files.map((file) => file.path)).toEqual(['a', 'folder/b', 'inner']);
    expect(found.diagnostics.map((one) => `${one.severity} ${one.code} ${one.file}`)).toEqual([
      'error bundle.link_leaves away',
      'warning bundle.link_to_folder folder-link',
    ]);
  });

  it('changes with any byte, any name, any file more or less, and a shebang (property)', async () => {
    await put(FILES);
    const before = await hashRoot();
    const names = Object.keys(FILES);
    const change = fc.record({
      index: fc.nat(names.length - 1),
      kind: fc.constantFrom('flip', 'append', 'rename', 'remove', 'add', 'shebang'),
      at: fc.nat(20),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ index, kind, at }) => {
        const name = names[index] ?? '';
        const path = join(root, name);
        const bytes = Buffer.from(FILES[name as keyof typeof FILES]);
        if (kind === 'flip' && bytes.length > 0) {
          const copy = Buffer.from(bytes);
          copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ 1;
          await writeFile(path, copy);
        } else if (kind === 'rename') await rename(path, `${path}~`);
        else if (kind === 'remove') await rm(path);
        else if (kind === 'add') await writeFile(`${path}.new`, '');
        else if (kind === 'shebang') await writeFile(path, Buffer.concat([Buffer.from('#!'), bytes]));
        else await writeFile(path, Buffer.concat([bytes, Buffer.from('\0')]));
        expect(await hashRoot()).not.toBe(before);
        await rm(`${path}~`, { force: true });
        await rm(`${path}.new`, { force: true });
        await writeFile(path, bytes);
        expect(await hashRoot()).toBe(before);
      }),
      { numRuns: 150 },
    );
  });

  it('refuses a folder that is no bundle by size', async () => {
    await mkdir(join(root, 'many'));
    for (let index = 0; index <= 10_000; index++) await writeFile(join(root, 'many', String(index)), '');
    await expect(findBundleFiles(root)).rejects.toMatchObject({ code: 'bundle.too_large' });
  });
});
