import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { openControlCenter, replaceStore } from '../../src/core/control-center.ts';
import { ProjectBackups } from '../../src/core/operations/project-backups.ts';
import type { ProjectSession } from '../../src/core/operations/project-session.ts';
import { projectPaths } from '../../src/core/projects/index.ts';
import { cleanUp, makeFolder, newRun, openStore, summary } from '../../src/core/storage/store.test-support.ts';
import { LocalProject } from '../support/local-project.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

/** SPEC §9 and §13: a backup is a consistent, verified copy, and nothing that goes wrong on the way takes what there is. */
let project: LocalProject;
afterEach(async () => {
  await project?.close();
  cleanUp();
});

const LARGE = 'z'.repeat(300_000);
const backupsDir = (): string => projectPaths(project.path).backupsDir;
const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

/** A project with runs, one of them with a value that stands in a file of its own. */
async function worked(): Promise<string> {
  project = new LocalProject();
  project.addWorkflow('small', [['action: workflow.noop']]);
  project.addWorkflow('large', [['action: workflow.set_outputs', `inputs: {said: "${LARGE}"}`]]);
  await project.run('small');
  return project.run('large');
}

describe('a backup', () => {
  it('is checked and counted, is tried out, and becomes a project of its own', async () => {
    const runId = await worked();
    const made = await project.call('storage.backUp', {});
    expect(made).toMatchObject({ runs: 2, missing: 0, files: 3 });
    expect(made.events).toBeGreaterThan(4);
    await project.run('small');
    expect(await project.call('storage.drill', {})).toMatchObject({
      backup: made.name,
      problem: null,
      counts: { runs: 2, events: made.events, auditEvents: made.auditEvents, files: 3 },
    });
    const report = await project.call('storage.backups', {});
    expect(report).toMatchObject({ backups: [made], drill: { backup: made.name }, failed: null, isHosting: false });
    expect(namesIn(backupsDir())).toEqual([made.name, 'drill.json']);
    expect(statSync(join(backupsDir(), made.name)).mode & 0o077).toBe(0);

    const path = join(project.root, 'again');
    expect(await project.call('storage.restore', { path })).toMatchObject({ path, runs: 2, backup: made.name });
    await expect(project.call('storage.restore', { path })).rejects.toMatchObject({ code: 'project.exists' });
    await expect(project.call('storage.restore', { path: `${path}2`, backup: 'none' })).rejects.toMatchObject({
      code: 'file.not_found',
    });
    const again = await openControlCenter({
      ...{ projectPath: path, door: 'cli', resumeOpenRuns: false, version: '0.0.0', home: project.root },
      examplesDir: join(REPOSITORY_DIR, 'examples'),
      resourcesDir: join(REPOSITORY_DIR, 'resources'),
      userDataDir: join(project.root, 'user'),
    });
    try {
      const ask = async (name: string, input: object): Promise<unknown> => {
        const answer = await again.call(name, input, { kind: 'user', id: 'tester', door: 'cli' });
        return answer.ok ? answer.value : answer.error;
      };
      expect(await ask('runs.list', {})).toMatchObject({ runs: [{ runId }, { workflowId: 'small' }] });
      const result = (await ask('runs.result', { runId })) as { final_output: { said: string } };
      expect(result.final_output.said === LARGE).toBe(true);
      expect(await ask('workflows.list', {})).toMatchObject({ workflows: [{ id: 'large' }, { id: 'small' }] });
    } finally {
      await again.close();
    }
  });

  it('outlives a cleanup, and says what was lost before it was made', async () => {
    const runId = await worked();
    const first = await project.call('storage.backUp', {});
    await project.call('storage.cleanup', { days: 0, agrees: true });
    expect(await project.call('storage.drill', {})).toMatchObject({ problem: null, counts: { missing: 0 } });
    const kept = join(backupsDir(), first.name, 'blobs');
    const [hash = ''] = readdirSync(kept, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('/'));
    expect(readFileSync(join(kept, hash), 'utf8')).toContain(LARGE);
    await expect(project.call('runs.get', { runId })).rejects.toMatchObject({ code: 'run.not_found' });
  });
});

describe('a store that is damaged', () => {
  it('is offered its last backup at the opening, which takes its place; the damaged file is kept', async () => {
    await worked();
    const made = await project.call('storage.backUp', {});
    await project.run('small');
    const before = (await project.call('runs.list', {})).runs[0];
    await project.leave();
    const { storeFile } = projectPaths(project.path);
    const descriptor = openSync(storeFile, 'r+');
    for (let page = 1; page < 8; page += 1) writeSync(descriptor, Buffer.alloc(3000, 7), 0, 3000, page * 4096 + 200);
    closeSync(descriptor);
    const broken = readFileSync(storeFile);
    await expect(project.center()).rejects.toMatchObject({
      code: 'store.corrupt',
      hint: expect.stringMatching(/holds 2 runs, with 'aiworkflow restore --here': the damaged file is kept/),
      details: { backup: made.name },
    });
    expect(readFileSync(storeFile).equals(broken)).toBe(true);

    const replaced = await replaceStore(project.path, { backup: null, now: Date.now });
    expect(replaced).toMatchObject({ backup: made.name, runs: 2 });
    expect(readFileSync(join(storeFile, '..', replaced.keptAs ?? '')).equals(broken)).toBe(true);
    const { runs } = await project.call('runs.list', {});
    expect(runs.map((run) => run.workflowId)).toEqual(['large', 'small']);
    expect(runs.map((run) => run.runId)).not.toContain(before?.runId);
    await project.run('small');
    expect((await project.call('runs.list', {})).runs).toHaveLength(3);
    expect((await project.call('doctor.run', {})).checks).toContainEqual(
      expect.objectContaining({ name: 'Store Integrity', status: 'ok' }),
    );
  });

  it('is one where a single event is not what was written; one that is whole is replaced only where that is wanted', async () => {
    const runId = await worked();
    const made = await project.call('storage.backUp', {});
    await project.run('small');
    await project.leave();
    const { storeFile } = projectPaths(project.path);
    const replace = (isForced: boolean) => replaceStore(project.path, { backup: null, now: Date.now, isForced });
    await expect(replace(false)).rejects.toMatchObject({
      code: 'store.not_damaged',
      hint: expect.stringContaining("the 2 runs of the backup: 'aiworkflow restore --here --force'"),
    });
    expect((await project.call('runs.list', {})).runs).toHaveLength(3);
    await project.leave();
    const db = new Database(storeFile);
    db.prepare("UPDATE journal SET data = data || ' ' WHERE position = (SELECT min(position) FROM journal)").run();
    db.close();
    expect(await replace(false)).toMatchObject({ backup: made.name, runs: 2 });
    expect((await project.call('runs.result', { runId })).status).toBe('completed');
    await project.run('small');
    await project.leave();
    expect(await replace(true)).toMatchObject({ backup: made.name, keptAs: expect.any(String) });
    expect((await project.call('runs.list', {})).runs).toHaveLength(2);
  });

  it('stays as it is where the backup is damaged too, or somebody has the project open', async () => {
    await worked();
    const made = await project.call('storage.backUp', {});
    await expect(replaceStore(project.path, { backup: null, now: Date.now })).rejects.toMatchObject({
      code: 'lease.held',
    });
    await project.leave();
    const copy = join(backupsDir(), made.name, 'state.db');
    const descriptor = openSync(copy, 'r+');
    for (let page = 1; page < 8; page += 1) writeSync(descriptor, Buffer.alloc(3000, 7), 0, 3000, page * 4096 + 200);
    closeSync(descriptor);
    const { storeFile, stagingDir } = projectPaths(project.path);
    const whole = readFileSync(storeFile);
    await expect(replaceStore(project.path, { backup: null, now: Date.now, isForced: true })).rejects.toMatchObject({
      code: 'store.corrupt',
    });
    expect(readFileSync(storeFile).equals(whole)).toBe(true);
    expect(namesIn(stagingDir)).toEqual([]);
    expect(await project.call('storage.drill', {})).toMatchObject({ counts: null, problem: { code: 'store.corrupt' } });
  });
});

it('a full disk is said in plain words, leaves the earlier backup and nothing half-made', async ({ skip }) => {
  await worked();
  mkdirSync(backupsDir(), { recursive: true });
  const disk = mountSmallDisk(backupsDir(), 4);
  if ('refused' in disk) return skip(disk.refused);
  try {
    const made = await project.call('storage.backUp', {});
    disk.fill();
    await expect(project.call('storage.backUp', {})).rejects.toMatchObject({
      code: 'file.disk_full',
      message: 'The disk is full: no new backup was made. The earlier ones stay.',
    });
    expect(namesIn(backupsDir())).toEqual(['ballast', made.name].sort());
    expect(await project.call('storage.backups', {})).toMatchObject({
      backups: [made],
      failed: { error: { code: 'file.disk_full' } },
    });
    expect((await project.call('doctor.run', {})).checks).toContainEqual(
      expect.objectContaining({ name: 'Backup', status: 'warning' }),
    );
    await project.run('small');
    disk.free();
    expect(await project.call('storage.backUp', {})).toMatchObject({ runs: 3 });
    expect((await project.call('storage.backups', {})).failed).toBeNull();
  } finally {
    disk.remove();
  }
});

it('backups come 15 minutes after a change and at the end, and only some of them are kept', async () => {
  project = new LocalProject();
  const state = makeFolder();
  const store = openStore(state);
  const folder = join(project.root, 'kept');
  let now = Date.parse('2026-11-01T08:00:00Z');
  let due: { readonly ms: number; readonly callback: () => void } | null = null;
  const session = {
    store,
    paths: {
      ...projectPaths(project.path),
      ...{ backupsDir: folder, storeFile: join(state, 'state.db'), logsFile: join(state, 'logs.db') },
    },
    clock: {
      now: () => now,
      setTimer: (ms: number, callback: () => void) => {
        due = { ms, callback };
        return () => undefined;
      },
    },
  } as unknown as ProjectSession;
  const backups = new ProjectBackups(session, (error) => expect(error).toBeNull());
  let count = 0;
  const work = async (): Promise<void> => {
    count += 1;
    await store.journal.append(newRun(store, { run: summary(`run-${count}`) }));
  };
  const tick = async (): Promise<number> => {
    expect(due?.ms).toBe(900_000);
    const timer = due;
    due = null;
    now += 900_000;
    timer?.callback();
    await expect.poll(() => due, { timeout: 60_000 }).not.toBeNull();
    return (await backups.report()).backups.length;
  };
  backups.host();
  expect(await tick()).toBe(0);
  await work();
  expect(await tick()).toBe(1);
  expect(await tick()).toBe(1);
  for (const hours of [1, 24, 24, 24, 24]) {
    now += hours * 3_600_000;
    await work();
    await tick();
  }
  const days = (await backups.report()).backups.map(({ at }) => new Date(at).toISOString().slice(0, 10));
  expect(days).toEqual(['2026-11-05', '2026-11-04', '2026-11-03']);
  await work();
  now += 1;
  await backups.close();
  expect((await backups.report()).backups[0]).toMatchObject({ at: now, runs: count });
});
