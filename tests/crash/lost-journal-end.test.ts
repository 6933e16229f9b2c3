import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { startCli } from '../support/cli-process.ts';
import { openCenter } from '../support/damage-lab.ts';
import { TESTER } from '../support/engine-harness.ts';
import { eachOnce, GatedProject, workStep } from '../support/gated-project.ts';
import { waitUntil } from '../support/wait-until.ts';

let project: GatedProject;
beforeEach(() => {
  project = new GatedProject();
  project.addBundle('month-end', { name: 'Month end', steps: [workStep('a'), workStep('b'), workStep('c')] });
});
afterEach(() => project.remove());

const storeFile = (): string => projectPaths(project.path).storeFile;
const helpersDir = (): string => join(project.stateDir, 'helpers');

function runIdAtWork(): string | null {
  const { runsDir } = projectPaths(project.path);
  return existsSync(runsDir) ? (readdirSync(runsDir)[0] ?? null) : null;
}

/** A run whose first step began before a checkpoint and whose other steps stand in the write-ahead log only; its engine is killed in the third. */
async function killInThirdStep(): Promise<string> {
  const holder = startCli(project, 'run', 'month-end');
  await waitUntil('the first step is at work', () => runIdAtWork() !== null);
  const runId = runIdAtWork() ?? '';
  await project.untilAtWork(runId, 1);
  const other = new Database(storeFile());
  other.pragma('wal_checkpoint(TRUNCATE)');
  other.close();
  project.openGates(1, 2);
  await project.untilAtWork(runId, 3);
  holder.child.kill('SIGKILL');
  await holder.exited;
  project.openGates(3);
  await waitUntil('the helper has written down the last end', () => project.tracesOf(runId).length === 6);
  return runId;
}

async function statusOf(runId: string, center: Awaited<ReturnType<typeof openCenter>>): Promise<string> {
  const answer = await center.call('runs.get', { runId }, TESTER);
  if (!answer.ok) throw new Error(answer.error.message);
  return (answer.value as { run: { status: string } }).run.status;
}

/** Flips one bit in the middle of the write-ahead log: SQLite drops what stands behind it without a word. */
function flipOneBit(): void {
  const file = `${storeFile()}-wal`;
  const bytes = readFileSync(file);
  const at = Math.floor(bytes.length / 3);
  bytes[at] = (bytes[at] ?? 0) ^ 4;
  writeFileSync(file, bytes);
}

const lostIt = expect.objectContaining({
  code: 'store.corrupt',
  message: expect.stringMatching(/lost its end: state\.db .* events up to \d+, but \d+ were stored/),
  hint: expect.stringContaining('state.db-accepted'),
});

describe('a journal that lost its end', () => {
  it('is store.corrupt, by the file that stands beside it', async () => {
    const runId = await killInThirdStep();
    rmSync(helpersDir(), { recursive: true });
    flipOneBit();
    await expect(openCenter(project.path, true)).rejects.toEqual(lostIt);
    expect(project.tracesOf(runId)).toEqual(eachOnce(3));
  });

  it('is store.corrupt, by the start marks of the helper alone', async () => {
    const runId = await killInThirdStep();
    rmSync(`${storeFile()}-height`);
    flipOneBit();
    await expect(openCenter(project.path, true)).rejects.toEqual(lostIt);
    expect(project.tracesOf(runId)).toEqual(eachOnce(3));
  });

  it('and that a person accepts: what is on record as begun is not begun again, its end is taken', async () => {
    const runId = await killInThirdStep();
    rmSync(`${storeFile()}-wal`);
    rmSync(`${storeFile()}-shm`, { force: true });
    await expect(openCenter(project.path, true)).rejects.toEqual(lostIt);
    writeFileSync(`${storeFile()}-accepted`, '');
    const center = await openCenter(project.path, true);
    await center.drained();
    expect(await statusOf(runId, center)).toBe('completed');
    expect(project.tracesOf(runId)).toEqual(eachOnce(3));
    await center.close();
    expect(existsSync(`${storeFile()}-accepted`)).toBe(false);
    await (await openCenter(project.path, true)).close();
  });

  it('an undamaged one goes on, also after the run that stood highest was deleted', async () => {
    const runId = await killInThirdStep();
    const center = await openCenter(project.path, true);
    await center.drained();
    expect(await statusOf(runId, center)).toBe('completed');
    const before = await center.call('runs.list', { limit: 1 }, TESTER);
    expect(await center.call('runs.delete', { runId }, TESTER)).toMatchObject({ ok: true });
    await center.close();
    const again = await openCenter(project.path, true);
    const { position } = (before as { value: { position: number } }).value;
    expect(await again.call('runs.list', { limit: 1 }, TESTER)).toMatchObject({ value: { position } });
    await again.close();
    expect(statSync(`${storeFile()}-height`).size).toBe(26);
  });
});
