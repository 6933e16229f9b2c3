import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/core/engine/index.ts';
import { FileUndo } from '../../src/core/operations/file-undo.ts';
import { SnapshotStore } from '../../src/core/snapshots/index.ts';
import type { Store } from '../../src/core/storage/index.ts';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';

/** Does what it is told by a shell, in the project. */
const EDIT = `#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
const told = process.argv.find((one) => one.startsWith('--sh=')).slice('--sh='.length);
process.exit(spawnSync('sh', ['-c', told], { cwd: process.env.PLACE, stdio: ['ignore', 'ignore', 'inherit'] }).status);
`;

let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.close());

function bundle(id: string, steps: readonly (readonly string[])[], frontmatter: readonly string[] = []): void {
  const folder = `.aiworkflow/bundles/${id}`;
  project.write(`${folder}/workflow.md`, bundleText(id, { name: id, steps, frontmatter }));
  project.write(`${folder}/config.yaml`, `name: ${id}\nenv: {PLACE: ${JSON.stringify(project.path)}}\n`);
  project.write(`${folder}/tools/edit.mjs`, EDIT);
}

const sh = (text: string, ...more: readonly string[]): readonly string[] => [
  'action: edit.run',
  `inputs: {sh: ${JSON.stringify(text)}}`,
  ...more,
];
const text = (path: string): string | null => {
  const file = join(project.path, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
};
const texts = (...paths: readonly string[]) => paths.map(text);
const snapshots = (): string => join(project.path, '.aiworkflow/state/snapshots');
const statesOf = async (runId: string) =>
  Object.fromEntries((await project.call('runs.planUndo', { runId })).changes.map(({ path, state }) => [path, state]));

describe('undo of what a run did to files', () => {
  it('puts all of it or some back, leaves what was changed since, and can be taken back itself', async () => {
    for (const path of ['src/a.txt', 'src/b.txt', 'src/c.txt']) project.write(path, 'old\n');
    bundle(
      'edits',
      [
        sh('echo new > src/a.txt; rm src/b.txt; mkdir -p src/made; echo new > src/made/d.txt; echo x > outside.txt'),
        sh('echo newer > src/a.txt; echo new > src/c.txt', 'on_error: continue'),
        ['action: workflow.write_file', 'inputs: {path: report.md, content: done}'],
      ],
      ['workspace: ["src/**"]'],
    );
    const runId = await project.run('edits');
    expect((await project.call('runs.planUndo', { runId })).changes).toMatchObject([
      { root: 'project', path: 'src/a.txt', change: 'changed', state: 'undoable', steps: ['step_1', 'step_2'] },
      { root: 'project', path: 'src/b.txt', change: 'removed', state: 'undoable', steps: ['step_1'] },
      { root: 'project', path: 'src/c.txt', change: 'changed', state: 'undoable', steps: ['step_2'] },
      { root: 'project', path: 'src/made/d.txt', change: 'added', state: 'undoable', steps: ['step_1'] },
      { root: 'run', path: 'report.md', change: 'added', state: 'undoable', steps: ['step_3'] },
    ]);

    expect(await project.call('runs.undo', { runId, places: [{ root: 'project', path: 'src/b.txt' }] })).toEqual({
      ...{ name: 'undo-1', restored: 1, kept: 0, failed: 0, problems: [] },
    });
    project.write('src/c.txt', 'somebody\n');
    expect(await statesOf(runId)).toMatchObject({ 'src/b.txt': 'undone', 'src/c.txt': 'changed_since' });
    expect(await project.call('runs.undo', { runId })).toMatchObject({
      ...{ name: 'undo-2', kept: 1, failed: 0 },
      problems: [{ path: 'src/c.txt', reason: expect.stringContaining('changed since') }],
    });
    expect(texts('src/a.txt', 'src/b.txt', 'src/c.txt', 'src/made/d.txt', 'outside.txt')).toEqual([
      ...['old\n', 'old\n', 'somebody\n', null, 'x\n'],
    ]);
    expect(existsSync(join(project.path, 'src/made'))).toBe(false);

    await expect(project.call('runs.undo', { runId })).rejects.toMatchObject({ code: 'undo.changed_since' });
    const named = [{ root: 'project' as const, path: 'src/c.txt' }];
    await project.call('runs.undo', { runId, places: named, overwrite: named });
    expect(text('src/c.txt')).toBe('old\n');
    await expect(project.call('runs.undo', { runId })).rejects.toMatchObject({ code: 'undo.nothing' });

    await project.call('runs.undo', { runId, undoes: 'undo-3' });
    await project.call('runs.undo', { runId, undoes: 'undo-2' });
    expect(texts('src/a.txt', 'src/b.txt', 'src/c.txt', 'src/made/d.txt')).toEqual([
      'newer\n',
      'old\n',
      'somebody\n',
      'new\n',
    ]);
    await expect(project.call('runs.undo', { runId, undoes: 'undo-9' })).rejects.toMatchObject({
      code: 'undo.nothing',
    });
    const { undos } = await project.call('runs.planUndo', { runId });
    expect(undos.map(({ name, undoes, counts }) => [name, undoes, counts?.restored])).toEqual([
      ['undo-1', null, 1],
      ['undo-2', null, 4],
      ['undo-3', null, 1],
      ['undo-4', 'undo-3', 1],
      ['undo-5', 'undo-2', 4],
    ]);
    // The status of the run stays, and with the run goes what was kept.
    expect((await project.call('runs.get', { runId })).run.status).toBe('completed');
    await project.call('runs.delete', { runId });
    expect(await new SnapshotStore({ folder: snapshots(), quota: 1 }).used()).toBe(0);
  });

  it('says what a file held before and after the run and holds now, and which one was renamed', async () => {
    project.write('src/a.txt', 'old\n');
    project.write('src/b.txt', 'moved\n');
    project.write('src/c.bin', 'a\0b');
    bundle('shown', [
      sh('echo new > src/a.txt; mv src/b.txt src/d.txt; echo x >> src/c.bin; ln -s a.txt src/l', 'workspace: [src]'),
    ]);
    const runId = await project.run('shown');
    project.write('src/a.txt', 'clerk\n');
    const read = (path: string) => project.call('runs.readUndo', { runId, place: { root: 'project', path } });
    const held = (content: string) => ({ kind: 'text', text: content });
    expect(await read('src/a.txt')).toEqual({ before: held('old\n'), after: held('new\n'), now: held('clerk\n') });
    expect(await read('src/b.txt')).toEqual({
      before: held('moved\n'),
      after: { kind: 'none' },
      now: { kind: 'none' },
    });
    expect(await read('src/c.bin')).toMatchObject({
      before: { kind: 'binary', size: 3 },
      now: { kind: 'binary', size: 5 },
    });
    expect(await read('src/l')).toMatchObject({ before: { kind: 'none' }, now: { kind: 'link', target: 'a.txt' } });
    project.write('src/c.bin', 'x'.repeat(600_000));
    expect(await read('src/c.bin')).toMatchObject({ now: { kind: 'large', size: 600_000 } });
    await expect(read('src/e.txt')).rejects.toMatchObject({ code: 'undo.nothing' });
    const { changes } = await project.call('runs.planUndo', { runId });
    expect(changes.flatMap(({ path, renamed }) => (renamed === null ? [] : [[path, renamed.path]]))).toEqual([
      ['src/b.txt', 'src/d.txt'],
      ['src/d.txt', 'src/b.txt'],
    ]);
    // A link that somebody put in the way leads out of the project.
    rmSync(join(project.path, 'src'), { recursive: true });
    symlinkSync('/etc', join(project.path, 'src'));
    await expect(read('src/a.txt')).rejects.toMatchObject({ code: 'file.outside' });
  });

  it('covers a step that failed, and says of which nothing was taken down', async () => {
    project.write('src/a.txt', 'old\n');
    bundle('fails', [
      sh('echo new > src/a.txt; exit 3', 'on_error: continue', 'workspace: [src/]'),
      sh('echo newer > src/a.txt', 'workspace: ["src/**"]'),
      sh('echo z > z.txt'),
    ]);
    const runId = await project.run('fails');
    expect(await statesOf(runId)).toEqual({ 'src/a.txt': 'undoable' });
    rmSync(join(project.path, '.aiworkflow/state/snapshots/runs', runId), { recursive: true });
    expect(await project.call('runs.planUndo', { runId })).toMatchObject({
      isCovered: true,
      changes: [],
      gaps: [
        { step: 'step_1', error: { code: 'undo.gone' } },
        { step: 'step_2', error: { code: 'undo.gone' } },
      ],
    });
    await expect(project.call('runs.undo', { runId })).rejects.toMatchObject({ code: 'undo.nothing' });
  });

  it('a step that could not be taken down runs, and says that it cannot be undone', async () => {
    project.write('src/a.txt', 'old\n');
    await project.center();
    rmSync(snapshots(), { recursive: true });
    project.write('.aiworkflow/state/snapshots', 'in the way');
    bundle('stuck', [sh('echo new > src/a.txt', 'workspace: ["src/**"]')]);
    const runId = await project.run('stuck');
    expect(text('src/a.txt')).toBe('new\n');
    expect(await project.call('runs.planUndo', { runId })).toMatchObject({
      changes: [],
      gaps: [{ step: 'step_1', error: { code: 'undo.not_taken' } }],
    });
  });
});

describe('an undo that is cut short', () => {
  it('is gone on with by the next one that opens the project', async () => {
    project.write('src/a.txt', 'old\n');
    bundle('cut', [sh('echo new > src/a.txt; echo new > src/b.txt', 'workspace: [src]')]);
    const runId = await project.run('cut');
    const { events } = await project.call('runs.events', { runId, afterSeq: 0, limit: 200 });
    await project.leave();
    const journal = [...events];
    const files = (mayEnd: boolean): FileUndo => {
      const afterEnd: Engine['afterEnd'] = (_run, work, actor) =>
        work(async (event) => {
          if (event.type === 'files.undo_ended' && !mayEnd) throw new Error('killed');
          journal.push({ ...(journal[0] as (typeof journal)[number]), actor, event });
        });
      const store = { journal: { readRun: () => journal }, runs: { find: () => ({}) } } as unknown as Store;
      const kept = new SnapshotStore({ folder: snapshots(), quota: 1024 ** 3 });
      const runDir = (): string => join(project.path, '.aiworkflow/state/runs', runId, 'files');
      return new FileUndo({
        project: project.path,
        snapshots: kept,
        store,
        engine: () => ({ afterEnd }),
        runDir,
        copyOf: async () => null,
      });
    };
    await expect(files(false).undo(runId, {}, { kind: 'user', id: 'tester', door: 'cli' })).rejects.toThrow('killed');
    // One file had not been put back yet.
    project.write('src/a.txt', 'new\n');
    expect((await files(true).plan(runId)).undos).toMatchObject([{ name: 'undo-1', counts: null }]);
    await files(true).recover();
    expect(texts('src/a.txt', 'src/b.txt')).toEqual(['old\n', null]);
    expect(journal.at(-1)?.event).toEqual({
      type: 'files.undo_ended',
      name: 'undo-1',
      restored: 2,
      kept: 0,
      failed: 0,
    });
  });
});

describe('rollback: restore', () => {
  it('puts files back as the step found them, backwards, inside a transaction', async () => {
    project.write('src/a.txt', 'old\n');
    const step = (id: string, told: string): string =>
      `  - {id: ${id}, action: edit.run, inputs: {sh: ${JSON.stringify(told)}}, rollback: restore, workspace: [src]}`;
    bundle('both', [
      [
        'transaction:',
        step('one', 'echo 1 > src/a.txt'),
        step('two', 'echo 2 > src/a.txt; echo 2 > src/b.txt'),
        '  - {id: bad, action: workflow.fail}',
      ],
    ]);
    const runId = await project.run('both');
    expect(texts('src/a.txt', 'src/b.txt')).toEqual(['old\n', null]);
    const { events } = await project.call('runs.events', { runId, afterSeq: 0, limit: 200 });
    const ends = events.flatMap(({ event }) =>
      event.type === 'undo.ended' ? [[event.path, event.status, event.strategy]] : [],
    );
    expect(ends).toEqual([
      ['step_1.two', 'completed', 'restore'],
      ['step_1.one', 'completed', 'restore'],
    ]);
  });

  it('fails where somebody was there since, and the rest goes on', async () => {
    project.write('src/a.txt', 'old\n');
    project.write('src/b.txt', 'old\n');
    bundle('late', [
      sh('echo 1 > src/a.txt; echo 1 > src/b.txt', 'rollback: restore', 'workspace: [src]'),
      sh('echo somebody > src/b.txt'),
    ]);
    const runId = await project.run('late');
    await project.call('runs.rollback', { runId });
    await project.settled();
    expect(texts('src/a.txt', 'src/b.txt')).toEqual(['old\n', 'somebody\n']);
    expect((await project.call('runs.get', { runId })).rollback?.steps).toMatchObject([
      { path: 'step_2', end: { gap: 'no_action' } },
      { path: 'step_1', end: { status: 'failed' }, error: expect.stringContaining('src/b.txt') },
    ]);
  });

  it('a workflow that asks for it without a workspace cannot be started', async () => {
    bundle('bare', [sh('true', 'rollback: restore')]);
    await expect(project.call('runs.start', { workflow: 'bare', inputs: {} })).rejects.toMatchObject({
      message: expect.stringContaining("name them under 'workspace'"),
    });
  });
});
