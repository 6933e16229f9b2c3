import { mkdir, mkdtemp, realpath, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInside, openInside, resolveInside } from '../../src/core/files/index.ts';

let root = '';
let outside = '';
beforeEach(async () => {
  root = join(await realpath(await mkdtemp(join(tmpdir(), 'aiw-paths-'))), 'b');
  outside = `${root}c`;
  await mkdir(join(root, 'inner', 'deep'), { recursive: true });
  await mkdir(outside);
  await writeFile(join(root, 'inner', 'file.txt'), 'inside');
  await writeFile(join(outside, 'secret.txt'), 'secret');
});
afterEach(() => rm(join(root, '..'), { recursive: true, force: true }));

const refused = (path: string) => expect(resolveInside(root, path)).rejects.toMatchObject({ code: 'file.outside' });

describe('isInside', () => {
  it.each([
    ['/a/b', '/a/b', true],
    ['/a/b', '/a/b/', true],
    ['/a/b', '/a/b/c', true],
    ['/a/b', '/a/b/../b/c', true],
    ['/a/b', '/a/b/..c', true],
    ['/a/b', '/a/b/...', true],
    ['/', '/a', true],
    ['/a/b', '/a/bc', false],
    ['/a/b', '/a/b/../bc', false],
    ['/a/b', '/a/b/..', false],
    ['/a/b', '/a', false],
    ['/a/b', '/', false],
    ['/a/b/', '/a/b2/c', false],
    ['/a/b', '/A/b', false],
  ])('%s holds %s: %s', (parent, child, expected) => expect(isInside(parent, child)).toBe(expected));

  it('agrees with a slow oracle over segments', () => {
    const segment = fc.constantFrom('a', 'b', 'bc', '..', '.', '...', '..a', 'a..', ' ', '~', '%2e%2e');
    const path = fc.array(segment, { maxLength: 7 }).map((parts) => `/${parts.join('/')}`);
    fc.assert(
      fc.property(path, path, (parent, child) => {
        const parts = (text: string) =>
          posix
            .normalize(text)
            .split('/')
            .filter((part) => part !== '');
        const [outer, inner] = [parts(parent), parts(child)];
        expect(isInside(parent, child)).toBe(outer.every((part, index) => inner[index] === part));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('resolveInside', () => {
  it('gives real paths of what exists and of what may come to exist', async () => {
    await expect(resolveInside(root, 'inner/file.txt')).resolves.toBe(join(root, 'inner', 'file.txt'));
    await expect(resolveInside(root, './inner//deep/')).resolves.toBe(join(root, 'inner', 'deep'));
    await expect(resolveInside(root, 'new/folder/x')).resolves.toBe(join(root, 'new', 'folder', 'x'));
    await expect(resolveInside(root, '')).resolves.toBe(root);
  });

  it.each([
    '..',
    '../bc/secret.txt',
    'inner/../../bc',
    '/etc/passwd',
    'inner/..',
    'C:\\x',
    'c:/x',
    '\\\\host\\share',
    'a\0b',
    '//etc',
  ])('refuses %j', (path) => refused(path));

  it('refuses links that leave, also through a folder and when they dangle', async () => {
    await symlink(outside, join(root, 'away'));
    await symlink(join(outside, 'secret.txt'), join(root, 'leak'));
    await symlink(join(outside, 'not-there'), join(root, 'dangling'));
    await symlink('../../bc', join(root, 'inner', 'relative'));
    await symlink('loop', join(root, 'loop'));
    for (const path of [
      'away',
      'away/secret.txt',
      'leak',
      'dangling',
      'inner/relative/secret.txt',
      'away/new.txt',
      'loop',
    ])
      await refused(path);
  });

  it('follows links that stay inside and keeps checking behind them', async () => {
    await symlink('inner', join(root, 'alias'));
    await symlink(outside, join(root, 'inner', 'deep', 'away'));
    await expect(resolveInside(root, 'alias/file.txt')).resolves.toBe(join(root, 'inner', 'file.txt'));
    await refused('alias/deep/away/secret.txt');
  });

  it('takes a root that is itself a link', async () => {
    const link = `${root}-link`;
    await symlink(root, link);
    await expect(resolveInside(link, 'inner')).resolves.toBe(join(root, 'inner'));
  });

  it('never escapes, whatever the path (property)', async () => {
    await symlink(outside, join(root, 'away'));
    await symlink('inner', join(root, 'alias'));
    const segment = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        'inner',
        'deep',
        'away',
        'alias',
        'file.txt',
        'secret.txt',
        '...',
        '~',
        '%2e%2e',
        '..\\',
        'bc',
      ),
      fc.string({ maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { maxLength: 6 }), async (parts) => {
        const found = await resolveInside(root, parts.join('/')).catch((error: unknown) => {
          expect(error).toMatchObject({ code: expect.stringMatching(/^file\./) });
          return null;
        });
        if (found === null) return;
        expect(isInside(root, found)).toBe(true);
        const real = await realpath(found).catch(() => resolve(found));
        expect(real === root || real.slice(0, root.length + 1) === root + sep).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('openInside', () => {
  it('opens a file and refuses folders, links and what is not there', async () => {
    const handle = await openInside(root, 'inner/file.txt');
    await expect(handle.readFile('utf8')).resolves.toBe('inside');
    await handle.close();
    await expect(openInside(root, 'inner')).rejects.toMatchObject({ code: 'file.not_found' });
    await expect(openInside(root, 'nothing')).rejects.toMatchObject({ code: 'file.not_found' });
    await symlink(join(outside, 'secret.txt'), join(root, 'leak'));
    await expect(openInside(root, 'leak')).rejects.toMatchObject({ code: 'file.outside' });
  });

  it('never gives out a foreign file while a folder is swapped for a link (500 reads)', async () => {
    await writeFile(join(outside, 'file.txt'), 'secret');
    let isDone = false;
    const swap = async (): Promise<void> => {
      while (!isDone) {
        await rename(join(root, 'inner'), join(root, 'kept'));
        await symlink(outside, join(root, 'inner'));
        await unlink(join(root, 'inner'));
        await rename(join(root, 'kept'), join(root, 'inner'));
      }
    };
    const swapping = swap();
    const seen = new Set<string>();
    for (let count = 0; count < 500; count++) {
      const text = await openInside(root, 'inner/file.txt').then(
        async (handle) => {
          const content = await handle.readFile('utf8');
          await handle.close();
          return content;
        },
        (error: { code?: string }) => error.code ?? 'untyped',
      );
      seen.add(text);
    }
    isDone = true;
    await swapping;
    seen.delete('inside');
    for (const code of seen) expect(['file.outside', 'file.not_found', 'file.io']).toContain(code);
  });
});
