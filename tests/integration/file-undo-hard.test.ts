import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SnapshotStore } from '../../src/core/snapshots/index.ts';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';

/** SPEC §3.10, undo of files where it is hard: a repository at work, folders that are none of ours, disks that are full or locked. */
const EDIT = `#!/usr/bin/env bash
cd "$PLACE" && eval "$SAID" >&2 && echo '{}'
`;

const isRoot = process.getuid?.() === 0;
if (isRoot) console.log('skipped: root may read every file');

let project: LocalProject;
let disk: SmallDisk | null = null;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(async () => {
  disk?.remove();
  disk = null;
  await project.close();
});

/** A workflow whose one step does what a shell is told, in the project. */
async function run(said: string, workspace: readonly string[]): Promise<string> {
  const folder = '.aiworkflow/bundles/edits';
  const steps = [['action: edit.run', `workspace: ${JSON.stringify(workspace)}`, 'on_error: continue']];
  project.write(`${folder}/workflow.md`, bundleText('edits', { name: 'edits', steps }));
  const env = JSON.stringify({ PLACE: project.path, SAID: said });
  project.write(`${folder}/config.yaml`, `name: edits\nenv: ${env}\n`);
  project.write(`${folder}/tools/edit.sh`, EDIT);
  return project.run('edits');
}

/** One hash of all that stands below a folder: names, kinds, modes, contents. `.git` and our own folder only where they are asked for. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  const visit = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      if (name === '.git' || name === '.aiworkflow') continue;
      const full = join(path, name);
      const stats = lstatSync(full);
      hash.update(`${full} ${stats.isDirectory() ? 'folder' : (stats.mode & 0o777).toString(8)}\n`);
      if (stats.isDirectory()) visit(full);
      else hash.update(stats.isSymbolicLink() ? readlinkSync(full) : readFileSync(full));
    }
  };
  visit(folder);
  return hash.digest('hex');
}

const git = (place: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.test', '-C', place, ...args], {
    encoding: 'utf8',
  });
const plan = (runId: string) => project.call('runs.planUndo', { runId });

it('puts a repository of 2,000 files back as it was before a script and a shell, and back again; git is as it was, byte by byte', async () => {
  for (let at = 0; at < 2_000; at += 1) project.write(`src/d${at % 40}/f${at}.txt`, `line ${at}\n`);
  project.write('.gitignore', '.aiworkflow\n');
  project.write('big.bin', 'x'.repeat(2_500_000));
  project.write('empty', '');
  project.write('plain.sh', 'echo\n');
  symlinkSync('src/d1/f1.txt', join(project.path, 'link'));
  git(project.path, 'init', '-q');
  git(project.path, 'add', '.');
  git(project.path, 'commit', '-qm', 'first');
  project.write('note.txt', 'stashed');
  git(project.path, 'stash', 'push', '-q', '-u', 'note.txt');
  project.write('src/d2/f2.txt', 'staged\n');
  git(project.path, 'add', 'src/d2/f2.txt');
  project.write('src/d2/f2.txt', 'staged and more\n');
  const gitBefore = hashOf(join(project.path, '.git'));
  const before = hashOf(project.path);
  const said = [
    'for i in $(seq 0 29); do echo more >> src/d$i/f$i.txt; done',
    'mv src/d3 src/renamed; rm -r src/d9; mkdir -p new/deep; echo new > new/deep/file.txt; : > new/empty',
    'chmod 755 plain.sh; ln -sfn elsewhere link; rm empty; head -c 2600000 /dev/zero > big.bin',
  ].join('\n');
  const runId = await run(said, ['**']);
  const after = hashOf(project.path);
  expect(after).not.toBe(before);
  expect(await project.call('runs.undo', { runId })).toMatchObject({ kept: 0, failed: 0, problems: [] });
  expect([hashOf(project.path), hashOf(join(project.path, '.git'))]).toEqual([before, gitBefore]);
  expect(git(project.path, 'status', '--porcelain')).toBe('MM src/d2/f2.txt\n');
  expect(git(project.path, 'stash', 'list')).toContain('stash@{0}');
  await project.call('runs.undo', { runId, undoes: 'undo-1' });
  expect(hashOf(project.path)).toBe(after);
});

it('leaves a repository without commits that lies within alone, and puts its files back', async () => {
  project.write('sub/a.txt', 'old\n');
  git(join(project.path, 'sub'), 'init', '-q');
  const before = [hashOf(join(project.path, 'sub')), hashOf(join(project.path, 'sub/.git'))];
  const runId = await run('echo new > sub/a.txt; mkdir sub/inner; git -C sub/inner init -q; echo x > sub/inner/b', [
    'sub',
  ]);
  // What git made is none of what is taken down: the folder around it holds something else, and stays.
  const { kept, problems } = await project.call('runs.undo', { runId });
  expect([kept, problems.map(({ path }) => path)]).toEqual([1, ['sub/inner']]);
  expect(readdirSync(join(project.path, 'sub/inner'))).toEqual(['.git']);
  execFileSync('rm', ['-r', join(project.path, 'sub/inner')]);
  expect([hashOf(join(project.path, 'sub')), hashOf(join(project.path, 'sub/.git'))]).toEqual(before);
});

it.skipIf(isRoot)('says of a step that met a file which nobody may read that it is not undoable', async () => {
  project.write('src/a.txt', 'old\n');
  project.write('src/secret.txt', 'x\n');
  chmodSync(join(project.path, 'src/secret.txt'), 0o000);
  const runId = await run('echo new > src/a.txt', ['src']);
  expect(await plan(runId)).toMatchObject({
    changes: [],
    gaps: [{ step: 'step_1', error: { code: 'undo.not_taken' } }],
  });
  await expect(project.call('runs.undo', { runId })).rejects.toMatchObject({ code: 'undo.nothing' });
  expect(readFileSync(join(project.path, 'src/a.txt'), 'utf8')).toBe('new\n');
});

/** A disk of its own below the project; false = this machine lets us mount none. */
function mountAt(name: string, sizeMb: number): boolean {
  mkdirSync(join(project.path, name), { recursive: true });
  const mounted = mountSmallDisk(join(project.path, name), sizeMb);
  if ('refused' in mounted) {
    console.log(`skipped: ${mounted.refused}`);
    return false;
  }
  disk = mounted;
  return true;
}

const namesIn = (name: string): readonly string[] => readdirSync(join(project.path, name)).sort();

it('a disk that is full leaves each file whole and nothing beside it, and the next undo goes on', async ({ skip }) => {
  if (!mountAt('out', 2)) skip();
  project.write('out/big.txt', 'old'.repeat(100_000));
  project.write('out/gone.txt', 'gone\n');
  const runId = await run('echo new > out/big.txt; rm out/gone.txt; echo more > out/made.txt', ['out']);
  disk?.fill();
  const first = await project.call('runs.undo', { runId });
  expect(first.failed).toBeGreaterThan(0);
  expect(first.problems[0]?.reason).toMatch(/full|space/i);
  expect(namesIn('out').filter((name) => name.endsWith('.tmp'))).toEqual([]);
  const big = readFileSync(join(project.path, 'out/big.txt'), 'utf8');
  expect(['new\n', 'old'.repeat(100_000)]).toContain(big);
  disk?.free();
  await project.call('runs.undo', { runId });
  expect(namesIn('out')).toEqual(['big.txt', 'gone.txt']);
  expect(readFileSync(join(project.path, 'out/big.txt'), 'utf8')).toBe('old'.repeat(100_000));
});

it('files that nobody may write are named with the reason, and the others are put back', async ({ skip }) => {
  if (!mountAt('locked', 1)) skip();
  project.write('locked/a.txt', 'old\n');
  project.write('free/b.txt', 'old\n');
  const runId = await run('echo new > locked/a.txt; echo new > free/b.txt', ['locked', 'free']);
  execFileSync('mount', ['-o', 'remount,ro', join(project.path, 'locked')]);
  const { restored, failed, problems } = await project.call('runs.undo', { runId });
  expect([restored, failed, problems.map(({ path }) => path)]).toEqual([1, 1, ['locked/a.txt']]);
  expect(readFileSync(join(project.path, 'locked/a.txt'), 'utf8')).toBe('new\n');
  expect(readFileSync(join(project.path, 'free/b.txt'), 'utf8')).toBe('old\n');
  execFileSync('mount', ['-o', 'remount,rw', join(project.path, 'locked')]);
  await project.call('runs.undo', { runId });
  expect(readFileSync(join(project.path, 'locked/a.txt'), 'utf8')).toBe('old\n');
});

/** A sample: `npm run proof -- --only=undo` does 5,000 of them in a tree of 2 GB. */
const EDITS = 500;

it(`${EDITS} edits in a large tree stay within the quota, and can be put back`, async () => {
  project.write('aiworkflow.yaml', 'version: "1.0"\nretention: {undo_mib: 24}\n');
  for (let at = 0; at < 20; at += 1) project.write(`data/large-${at}.bin`, `${at}`.repeat(200_000));
  for (let at = 0; at < EDITS; at += 1) project.write(`data/f${at}.txt`, `${at}\n`);
  const runId = await run('for f in data/f*.txt; do echo more >> $f; done', ['data']);
  const store = new SnapshotStore({ folder: join(project.path, '.aiworkflow/state/snapshots'), quota: 1 });
  expect(await store.used()).toBeLessThanOrEqual(24 * 1024 * 1024);
  const { changes } = await plan(runId);
  expect([changes.length, new Set(changes.map(({ state }) => state))]).toEqual([EDITS, new Set(['undoable'])]);
  const places = changes.slice(0, 100).map(({ root, path }) => ({ root, path }));
  expect(await project.call('runs.undo', { runId, places })).toMatchObject({ restored: 100, kept: 0, failed: 0 });
  for (const { path } of places)
    expect(readFileSync(join(project.path, path), 'utf8')).toBe(`${/\d+/.exec(path)?.[0]}\n`);
  expect(await store.used()).toBeLessThanOrEqual(24 * 1024 * 1024);
});
