import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';
import { waitUntil } from '../support/wait-until.ts';

/** `workspace: {copy: true}`: steps work in a copy, and a person decides what of it is taken over. */
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.close());

interface Told {
  readonly said: string;
  readonly workspace?: string;
  readonly steps?: readonly (readonly string[])[];
}

/** A workflow whose steps do what a shell is told, where they stand. */
async function run({ said, workspace = '{copy: true}', steps = [] }: Told): Promise<string> {
  const folder = '.aiworkflow/bundles/edits';
  project.write(
    `${folder}/workflow.md`,
    bundleText('edits', {
      name: 'edits',
      steps: [['action: edit.run', 'on_error: stop'], ...steps],
      frontmatter: [`workspace: ${workspace}`],
    }),
  );
  project.write(`${folder}/config.yaml`, `name: edits\nenv: ${JSON.stringify({ SAID: said })}\n`);
  project.write(`${folder}/tools/edit.sh`, '#!/usr/bin/env bash\neval "$SAID" >&2 && echo "{}"\n');
  return project.run('edits');
}

const git = (place: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.test', '-C', place, ...args], {
    encoding: 'utf8',
  });
const text = (path: string): string | null => {
  const file = join(project.path, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
};
const copies = (): readonly string[] => {
  const folder = join(project.path, '.aiworkflow/state/snapshots/copies');
  return existsSync(folder) ? readdirSync(folder) : [];
};
const plan = (runId: string) => project.call('runs.planTake', { runId });
const place = (path: string) => ({ root: 'project' as const, path });

/** What is offered once the run has ended and people were asked. */
async function offered(runId: string) {
  await waitUntil('people are asked', async () => (await plan(runId)).approvalId !== null);
  const { hash, approvalId, changes } = await plan(runId);
  return { hash: hash ?? '', id: approvalId ?? '', changes };
}

function hashOf(folder: string, skips: readonly string[] = []): string {
  const hash = createHash('sha256');
  const visit = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      if (skips.includes(name)) continue;
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

const OWN = ['.git', '.aiworkflow'];

describe('a run that works in a copy of a repository', () => {
  it('reads git there, changes nothing of the original, and takes over what is approved; undo takes it back', async () => {
    project.write('.gitignore', '.aiworkflow\n');
    project.write('src/a.txt', 'old\n');
    project.write('src/b.txt', 'old\n');
    project.write('src/run.sh', 'echo\n');
    symlinkSync('a.txt', join(project.path, 'src/link'));
    git(project.path, 'init', '-q', '-b', 'main');
    git(project.path, 'add', '.');
    git(project.path, 'commit', '-qm', 'first');
    project.write('note.txt', 'stashed');
    git(project.path, 'stash', 'push', '-q', '-u', 'note.txt');
    project.write('src/b.txt', 'staged\n');
    git(project.path, 'add', 'src/b.txt');
    const before = [hashOf(project.path, OWN), hashOf(join(project.path, '.git'))];
    const runId = await run({
      said: [
        'test "$(git rev-parse --show-toplevel)" = "$PWD"; git status --porcelain > src/status.txt; git stash list > src/stash.txt',
        'echo new > src/a.txt; rm src/b.txt; chmod 755 src/run.sh; mkdir -p src/made; echo new > src/made/c.txt; ln -sfn b.txt src/link',
        'git add -A; git commit -qm second; git branch other; git stash drop -q; git update-ref -d refs/heads/other',
      ].join('; '),
      steps: [['action: workflow.write_file', `inputs: {path: "${project.path}/src/written.txt", content: made}`]],
    });
    expect((await project.call('runs.get', { runId })).run.status).toBe('completed');
    expect([hashOf(project.path, OWN), hashOf(join(project.path, '.git'))]).toEqual(before);
    const { hash, id, changes } = await offered(runId);
    expect(changes.map(({ path, change, state }) => `${change} ${path} ${state}`)).toEqual([
      'changed src/a.txt free',
      'removed src/b.txt free',
      'changed src/link free',
      'added src/made/c.txt free',
      'changed src/run.sh free',
      'added src/stash.txt free',
      'added src/status.txt free',
      'added src/written.txt free',
    ]);
    // The inbox shows what is decided about, and is bound to it.
    expect(await project.call('approvals.get', { id })).toMatchObject({
      ...{ hash, title: 'Take over 8 changed files of edits', runId: null },
      act: { kind: 'changes', fields: { hash, files: expect.arrayContaining(['changed: src/a.txt']) } },
    });
    await expect(project.call('approvals.approve', { id, hash: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'approval.changed',
    });
    await project.call('approvals.approve', { id, hash });
    expect(['src/a.txt', 'src/b.txt', 'src/made/c.txt', 'src/status.txt', 'src/written.txt'].map(text)).toEqual([
      ...['new\n', null, 'new\n', 'M  src/b.txt\n?? src/status.txt\n', 'made'],
    ]);
    expect(text('src/stash.txt')).toContain('stash@{0}');
    expect(hashOf(join(project.path, '.git'))).toBe(before[1]);
    expect(copies()).toEqual([]);
    expect(await plan(runId)).toMatchObject({ status: 'taken', approvalId: null, counts: { kept: 0, failed: 0 } });
    await expect(project.call('approvals.approve', { id, hash })).rejects.toMatchObject({
      code: 'approval.not_pending',
    });
    // What was taken over is undone like what a run did there itself.
    const { changes: undoable } = await project.call('runs.planUndo', { runId });
    expect(undoable.find(({ path }) => path === 'src/a.txt')).toMatchObject({ state: 'undoable', steps: ['step_1'] });
    await project.call('runs.undo', { runId });
    expect([hashOf(project.path, OWN), hashOf(join(project.path, '.git'))]).toEqual(before);
  });

  it('a linked working tree is copied with its own HEAD and index', async () => {
    const main = join(project.path, '.aiworkflow-main');
    mkdirSync(main);
    git(main, 'init', '-q', '-b', 'main');
    execFileSync('sh', ['-c', 'echo old > a.txt'], { cwd: main });
    git(main, 'add', '.');
    git(main, 'commit', '-qm', 'first');
    git(main, 'worktree', 'add', '-q', '-b', 'side', join(project.path, 'tree'));
    // The project is the linked tree.
    const linked = join(project.path, 'tree');
    execFileSync('sh', [
      '-c',
      `cp "${linked}/.git" "${project.path}/.git"; cp "${linked}/a.txt" "${project.path}/a.txt"`,
    ]);
    const before = hashOf(join(main, '.git'));
    const runId = await run({
      said: 'git rev-parse --abbrev-ref HEAD > branch.txt; echo new > a.txt; git commit -qam second; git log --oneline | wc -l > count.txt',
      workspace: '{copy: true, paths: [a.txt]}',
    });
    const { hash, id } = await offered(runId);
    await project.call('approvals.approve', { id, hash });
    expect([text('branch.txt'), text('count.txt')?.trim(), text('a.txt')]).toEqual(['side\n', '2', 'new\n']);
    expect(hashOf(join(main, '.git'))).toBe(before);
  });
});

describe('what is taken over', () => {
  const said = 'echo new > src/a.txt; echo new > src/b.txt; echo new > src/c.txt';
  beforeEach(() => {
    for (const name of ['a', 'b', 'c']) project.write(`src/${name}.txt`, 'old\n');
  });

  it('never goes over what somebody changed meanwhile unless it is named; some of it is enough', async () => {
    const runId = await run({ said });
    const { hash, id } = await offered(runId);
    project.write('src/b.txt', 'clerk\n');
    expect((await plan(runId)).changes.map(({ state }) => state)).toEqual(['free', 'changed_since', 'free']);
    expect(await project.call('runs.readTake', { runId, place: place('src/b.txt') })).toEqual({
      before: { kind: 'text', text: 'old\n' },
      after: { kind: 'text', text: 'new\n' },
      now: { kind: 'text', text: 'clerk\n' },
    });
    // All of it: what becomes of that file has to be said.
    await expect(project.call('approvals.approve', { id, hash })).rejects.toMatchObject({
      code: 'copy.changed',
      message: expect.stringContaining('src/b.txt'),
    });
    await expect(project.call('approvals.approve', { id, hash, places: [] })).rejects.toMatchObject({
      code: 'copy.nothing',
    });
    expect([text('src/a.txt'), text('src/b.txt')]).toEqual(['old\n', 'clerk\n']);
    await project.call('approvals.approve', {
      ...{ id, hash, places: [place('src/a.txt')] },
      overwrite: [place('src/b.txt')],
    });
    expect(['src/a.txt', 'src/b.txt', 'src/c.txt'].map(text)).toEqual(['new\n', 'new\n', 'old\n']);
    await project.call('runs.undo', { runId });
    expect(['src/a.txt', 'src/b.txt', 'src/c.txt'].map(text)).toEqual(['old\n', 'clerk\n', 'old\n']);
  });

  it('is nothing where it is rejected, or where nothing changed; a run that failed offers what it did', async () => {
    const runId = await run({ said: `${said}; exit 3` });
    expect((await project.call('runs.get', { runId })).run.status).toBe('failed');
    const { hash, id, changes } = await offered(runId);
    expect(changes).toHaveLength(3);
    await project.call('approvals.reject', { id, hash, reason: 'no' });
    expect([text('src/a.txt'), copies(), (await plan(runId)).status]).toEqual(['old\n', [], 'declined']);
    const quiet = await run({ said: 'true' });
    await waitUntil('it is over', async () => (await plan(quiet)).status === 'unchanged');
    expect(copies()).toEqual([]);
    // Resumed, it works in a new copy.
    project.write('src/a.txt', 'later\n');
    await project.call('runs.resume', { runId });
    await waitUntil('it is asked again', async () => (await plan(runId)).approvalId !== null);
    await project.call('runs.delete', { runId });
    expect(copies()).toEqual([]);
  });
});

describe('a copy that cannot be made', () => {
  it('ends the run before a step begins, and leaves nothing', async () => {
    project.write('src/a.txt', 'old\n');
    project.write('sub/inner/b.txt', 'x\n');
    git(join(project.path, 'sub/inner'), 'init', '-q');
    const runId = await run({ said: 'echo new > src/a.txt' });
    const { run: ended, steps } = await project.call('runs.get', { runId });
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'copy.not_made', message: expect.stringContaining('sub/inner') },
    });
    expect(steps.every(({ attempt }) => attempt === 0)).toBe(true);
    expect([text('src/a.txt'), copies()]).toEqual(['old\n', []]);
    project.write('aiworkflow.yaml', 'version: "1.0"\nretention: {undo_mib: 1}\n');
    project.write('src/big.bin', 'x'.repeat(700_000));
    await project.reopen(true);
    const full = await run({ said: 'true', workspace: '{copy: true, paths: [src]}' });
    expect((await project.call('runs.get', { runId: full })).run.error?.code).toBe('undo.no_room');
    expect(copies()).toEqual([]);
  });
});
