import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { Store } from '../../src/core/storage/index.ts';
import type { HolderClient } from '../../src/server/index.ts';
import type { AppError } from '../../src/shared/errors.ts';
import { type CliProcess, startServe } from '../support/cli-process.ts';
import { GatedProject } from '../support/gated-project.ts';
import { untilStatus } from '../support/run-page.ts';

const HOLD_LOCK = fileURLToPath(new URL('../support/hold-lock.ts', import.meta.url));
const STEPS = 6;
/** Longer than any one wait of the product for a lock; what runs come to is not known before it is let go. */
const HELD_MS = 12_000;

let project: GatedProject;
let serve: CliProcess;
let client: HolderClient;

/** Locks the file in another process, until `release` is called. */
async function lock(file: string): Promise<{ readonly release: () => Promise<void> }> {
  const child = spawn(process.execPath, [HOLD_LOCK, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  expect(await once(lines, 'line')).toEqual(['locked']);
  return {
    release: async () => {
      const released = once(lines, 'line');
      child.stdin.end();
      expect(await released).toEqual(['released']);
    },
  };
}
/** What the log of a run that went through holds. */
const EVERY_LINE = Array.from({ length: STEPS }, (_, at) => [at + 1, `step_${at + 1} talks`]);
const linesOf = async (runId: string): Promise<unknown> =>
  (await client.call('runs.log', { runId })).lines.map((line) => [line.line, line.text]);
const start = async (): Promise<string> => (await client.call('runs.start', { workflow: 'talk', inputs: {} })).runId;

describe.each(['state.db', 'logs.db'])('another process holds the write lock of %s', (name) => {
  beforeEach(async () => {
    project = new GatedProject();
    project.addBundle('talk', {
      name: 'Talk',
      steps: Array.from({ length: STEPS }, (_, at) => ['action: talk.run', `output_variable: v${at + 1}`]),
      tools: {
        'talk.sh': `#!/usr/bin/env bash\necho "$AIWORKFLOW_STEP_ID talks" >&2\nsleep 0.05\n`,
      },
    });
    serve = await startServe(project);
    client = await project.connect();
  });
  afterEach(async () => {
    client.close();
    serve.child.kill('SIGKILL');
    await serve.exited;
    project.remove();
  });

  it('while runs go on: nothing is lost, all complete, in order', async () => {
    const runIds = await Promise.all(Array.from({ length: 12 }, start));
    const { release } = await lock(join(projectPaths(project.path).workflowStateDir, name));
    // What is asked for meanwhile is either done in the end or refused with a reason that passes.
    const asked = Promise.allSettled(Array.from({ length: 4 }, start));
    // Reading waits for no lock: this one is held until all of it is answered.
    for (let count = 0; count < 20; count += 1) await client.call('runs.list', {});
    if (name === 'logs.db') {
      for (const runId of runIds) await untilStatus(client, runId, 'completed', 'failed', 'in_doubt');
      for (const runId of runIds) expect(await linesOf(runId)).toEqual(EVERY_LINE);
    } else await delay(HELD_MS);
    await release();
    for (const one of await asked) {
      if (one.status === 'fulfilled') runIds.push(one.value);
      else expect((one.reason as AppError).code).toBe('store.busy');
    }
    for (const runId of runIds) await untilStatus(client, runId, 'completed', 'failed', 'in_doubt');
    const after = await start();
    await untilStatus(client, after, 'completed', 'failed', 'in_doubt');
    runIds.push(after);

    const { runs } = await client.call('runs.list', { limit: 100 });
    expect(runs.map((run) => run.runId).sort()).toEqual([...runIds].sort());
    expect(runs.filter((run) => run.status !== 'completed')).toEqual([]);
    for (const runId of runIds) expect(await linesOf(runId)).toEqual(EVERY_LINE);
    await expectWholeJournals(runIds);
    expect(serve.child.exitCode).toBeNull();
  });
});

/** No gap and nothing twice in any stream; each step begins after the one before has ended. */
async function expectWholeJournals(runIds: readonly string[]): Promise<void> {
  for (const runId of runIds) {
    const { events } = await client.call('runs.events', { runId });
    expect(events.map((one) => one.seq)).toEqual(events.map((_, at) => at + 1));
    // More runs than lanes: some waited for their turn.
    const types = events.map((one) => one.event.type).filter((type) => type !== 'run.waiting' && type !== 'run.woken');
    expect(types).toEqual([
      'run.created',
      'run.started',
      ...Array.from({ length: STEPS }, () => ['step.started', 'step.completed']).flat(),
      'run.completed',
    ]);
    expect(events.map((one) => one.at)).toEqual(events.map((one) => one.at).toSorted((one, other) => one - other));
  }
}

it('a log that waits for too long says how many of its lines are missing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aiw-log-'));
  const logsFile = join(folder, 'logs.db');
  const store = new Store({
    storeFile: join(folder, 'state.db'),
    logsFile,
    blobsDir: folder,
    onLog: () => undefined,
    onConversation: () => undefined,
  });
  const other = new Database(logsFile);
  other.exec('BEGIN IMMEDIATE');
  const given = 50_123;
  for (let line = 1; line <= given; line += 1)
    store.logs.append('run', { at: line, path: 'step_1', stream: 'stdout', level: 'info', text: `line ${line}` });
  other.exec('ROLLBACK');
  other.close();
  store.logs.flush();
  const { lines, total } = store.logs.read('run', { from: 49_990, limit: 100 });
  expect(total).toBe(50_001);
  expect(lines.at(-2)).toMatchObject({ line: 50_000, text: 'line 50000' });
  expect(lines.at(-1)).toMatchObject({
    line: 50_001,
    level: 'warning',
    text: expect.stringMatching(/^\[123 lines are missing here/),
  });
  store.close();
  rmSync(folder, { recursive: true, force: true });
});
