import { execFileSync } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { netChanges } from './net-changes.ts';
import { type Restored, restore } from './restore.ts';
import { SnapshotStore } from './snapshot-store.ts';
import type { Tree } from './tree.ts';

let root: string;
let project: string;
let runFolder: string;
let store: SnapshotStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aiw-snapshots-'));
  [project, runFolder] = [join(root, 'project'), join(root, 'run')];
  await mkdir(project);
  await mkdir(runFolder);
  store = new SnapshotStore({ folder: join(root, 'store'), quota: 64 * 1024 * 1024 });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const take = (patterns: readonly string[] = ['**'], runId = 'r') => store.take({ runId, project, patterns, runFolder });
const write = async (path: string, text: string): Promise<void> => {
  await mkdir(join(project, path, '..'), { recursive: true });
  await writeFile(join(project, path), text);
};

/** Everything below a folder: kind, mode and content of each. */
async function look(folder: string, path = ''): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of (await readdir(join(folder, path))).sort()) {
    const inner = join(path, name);
    const stats = await lstat(join(folder, inner));
    if (stats.isDirectory()) found.push(`${inner}/`, ...(await look(folder, inner)));
    else if (stats.isSymbolicLink()) found.push(`${inner} -> ${await readlink(join(folder, inner))}`);
    else
      found.push(
        `${inner} ${(stats.mode & 0o777).toString(8)} ${(await readFile(join(folder, inner))).toString('base64')}`,
      );
  }
  return found;
}

/** Takes back what stands between two trees. */
async function takeBack(before: string, after: string): Promise<readonly Restored[]> {
  const changes = netChanges([
    { step: 's', before: await store.read('r', before), after: await store.read('r', after) },
  ]);
  const side = (end: 'before' | 'after'): Tree =>
    new Map([...changes].flatMap(([key, one]) => (one[end] === null ? [] : [[key, one[end]] as const])));
  return restore({
    name: 'test',
    reach: () => undefined,
    roots: { project, run: runFolder },
    from: side('after'),
    to: side('before'),
    contentOf: (hash) => store.fileOf(hash),
  });
}

describe('a snapshot before and after', () => {
  it('puts a real repository of 2,000 files back as it was and leaves git alone', async () => {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.test', '-C', project, ...args], {
        encoding: 'utf8',
      });
    for (let at = 0; at < 2_000; at++) await write(`src/d${at % 40}/f${at}.txt`, `line ${at}\n`);
    await write('big.bin', 'x'.repeat(2_500_000));
    await write('empty', '');
    await write('tool.sh', '#!/bin/sh\n');
    await mkdir(join(project, 'hollow'));
    await symlink('src/d1/f1.txt', join(project, 'link'));
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    await write('src/d2/f2.txt', 'staged\n');
    git('add', 'src/d2/f2.txt');
    await write('src/d2/f2.txt', 'staged and more\n');
    await write('note.txt', 'stashed');
    git('stash', 'push', '-q', '-u', 'note.txt');
    const gitBefore = await look(join(project, '.git'));
    const before = await look(project);

    const first = await take();
    execFileSync('sh', ['-c', 'for i in $(seq 0 29); do echo more >> src/d$i/f$i.txt; done'], { cwd: project });
    await rename(join(project, 'src/d3'), join(project, 'src/renamed'));
    await write('new/deep/file.txt', 'new');
    await unlink(join(project, 'empty'));
    await chmod(join(project, 'tool.sh'), 0o755);
    await unlink(join(project, 'link'));
    await symlink('elsewhere', join(project, 'link'));
    await write('big.bin', 'y'.repeat(2_600_000));
    await rm(join(project, 'hollow'), { recursive: true });
    await writeFile(join(project, 'hollow'), 'a file where a folder was');
    await rm(join(project, 'src/d9'), { recursive: true });
    const second = await take();

    const results = await takeBack(first.tree, second.tree);
    expect(results.filter(({ as }) => as !== 'restored')).toEqual([]);
    expect(await look(project)).toEqual(before);
    expect(await look(join(project, '.git'))).toEqual(gitBefore);
    expect(git('status', '--porcelain')).toBe('MM src/d2/f2.txt\n');

    const back = await takeBack(second.tree, first.tree);
    expect(back.filter(({ as }) => as !== 'restored')).toEqual([]);
    expect(await readFile(join(project, 'new/deep/file.txt'), 'utf8')).toBe('new');
    expect((await take()).tree).toBe(second.tree);
  });

  it('leaves what was changed since as it is, and a folder with something else in it', async () => {
    await write('a.txt', '1');
    await write('b.txt', '1');
    const before = await take();
    await write('a.txt', '2');
    await write('b.txt', '2');
    await write('made/c.txt', '2');
    const after = await take();
    await write('b.txt', 'somebody');
    await write('made/other.txt', 'somebody');
    const results = await takeBack(before.tree, after.tree);
    expect(Object.fromEntries(results.map(({ key, as }) => [key, as]))).toEqual({
      'project:a.txt': 'restored',
      'project:b.txt': 'changed_since',
      'project:made': 'changed_since',
      'project:made/c.txt': 'restored',
    });
    expect(await look(project)).toEqual(
      expect.arrayContaining([expect.stringContaining('made/other.txt'), `b.txt 644 ${btoa('somebody')}`]),
    );
  });

  it('is led nowhere by a link that stands where a folder was', async () => {
    await write('in/a.txt', '1');
    const before = await take();
    await write('in/a.txt', '2');
    const after = await take();
    await rename(join(project, 'in'), join(root, 'outside'));
    await symlink(join(root, 'outside'), join(project, 'in'));
    expect(await takeBack(before.tree, after.tree)).toEqual([
      { key: 'project:in/a.txt', as: 'failed', error: expect.objectContaining({ code: 'file.outside' }) },
    ]);
    expect(await readFile(join(root, 'outside/a.txt'), 'utf8')).toBe('2');
  });

  it('looks only at what it covers, and at all of the folder of the run', async () => {
    for (const path of ['src/a.ts', 'src/deep/b.ts', 'docs/c.md', 'x.ts', '.aiworkflow/y.ts', 'lib/.git/z.ts'])
      await write(path, '1');
    await writeFile(join(runFolder, 'report'), '1');
    const names = async (...patterns: string[]) =>
      [...(await store.read('r', (await take(patterns)).tree)).keys()].sort();
    expect(await names('src/**')).toEqual([
      'project:src/a.ts',
      'project:src/deep',
      'project:src/deep/b.ts',
      'run:report',
    ]);
    expect(await names('src')).toEqual(expect.arrayContaining(['project:src', 'project:src/deep/b.ts']));
    expect(await names('docs/', '**/*.ts')).toEqual([
      'project:docs',
      'project:docs/c.md',
      'project:src/a.ts',
      'project:src/deep/b.ts',
      'project:x.ts',
      'run:report',
    ]);
    expect(await names()).toEqual(['run:report']);
  });
});

describe('the room that it takes', () => {
  it('stays within its quota: the oldest run goes, and what does not fit is not taken', async () => {
    store = new SnapshotStore({ folder: join(root, 'store'), quota: 2_100_000 });
    await write('a', 'a'.repeat(900_000));
    const old = await take(['**'], 'old');
    await write('a', 'b'.repeat(900_000));
    expect((await take(['**'], 'middle')).droppedRuns).toBe(0);
    await write('a', 'c'.repeat(900_000));
    const { tree, droppedRuns } = await take(['**'], 'new');
    expect(droppedRuns).toBe(1);
    expect(await store.used()).toBeLessThanOrEqual(2_100_000);
    await expect(store.read('old', old.tree)).rejects.toMatchObject({ code: 'undo.gone' });
    await write('b', 'd'.repeat(1_500_000));
    await expect(take(['**'], 'newest')).rejects.toMatchObject({ code: 'undo.no_room' });
    expect((await store.read('new', tree)).size).toBe(1);
  });

  it('keeps what is the same once, and removes with a run what no other names', async () => {
    await write('a', 'a'.repeat(1000));
    await write('b', 'a'.repeat(1000));
    await take(['**'], 'one');
    const once = await store.used();
    const { tree } = await take(['**'], 'other');
    // What the other one adds is the name of its tree.
    expect((await store.used()) - once).toBeLessThan(once / 2);
    await store.forget('one');
    expect(await store.used()).toBe(once);
    expect((await store.read('other', tree)).size).toBe(2);
    await store.forget('other');
    expect(await store.used()).toBe(0);
  });

  it('removes what a kill has left lying', async () => {
    await write('a', '1');
    const { tree } = await take();
    const used = await store.used();
    await mkdir(join(root, 'store/objects/ff'), { recursive: true });
    await writeFile(join(root, 'store/objects/ff', 'f'.repeat(64)), 'left');
    await writeFile(join(root, 'store/tmp/left'), 'left');
    await writeFile(join(root, 'store/open'), '');
    const next = new SnapshotStore({ folder: join(root, 'store'), quota: 1_000_000 });
    expect((await next.take({ runId: 'r', project, patterns: ['**'], runFolder })).tree).toBe(tree);
    expect(await next.used()).toBe(used);
    expect(await readdir(join(root, 'store/tmp'))).toEqual([]);
  });

  it('takes nothing where something cannot be read or kept', async () => {
    await write('a', '1');
    await writeFile(join(root, 'store'), 'no folder');
    await expect(take()).rejects.toMatchObject({ code: 'undo.not_taken' });
    await rm(join(root, 'store'));
    await expect(take(['../x'])).rejects.toMatchObject({
      code: 'undo.not_taken',
      message: expect.stringContaining("'..'"),
    });
  });
});
