import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { Store } from '../../src/core/storage/index.ts';
import type { HolderClient } from '../../src/server/index.ts';
import { type CliProcess, startServe } from '../support/cli-process.ts';
import { eachOnce, GatedProject, workStep } from '../support/gated-project.ts';
import { untilStatus } from '../support/run-page.ts';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { waitUntil } from '../support/wait-until.ts';

const SIZE_MB = 4;
/** Prints until its gate is open: the log wants to grow all the time. */
const CHATTER = `#!/usr/bin/env bash
n=0
while [ ! -e "$GATES/$AIWORKFLOW_STEP_ID" ]; do [ -d "$GATES" ] || exit 9; n=$((n + 1)); echo "line $n"; sleep 0.002; done
`;

const probe = new GatedProject();
const probed = mountSmallDisk(probe.stateDir, SIZE_MB);
const refused = 'refused' in probed ? probed.refused : null;
if ('remove' in probed) probed.remove();
probe.remove();
if (refused !== null) console.log(`skipped: ${refused}`);

let project: GatedProject;
let disk: SmallDisk;
let serve: CliProcess | null = null;
let client: HolderClient;

beforeEach(async () => {
  if (refused !== null) return;
  project = new GatedProject();
  mkdirSync(dirname(project.stateDir), { recursive: true });
  const mounted = mountSmallDisk(project.stateDir, SIZE_MB);
  if ('refused' in mounted) throw new Error(mounted.refused);
  disk = mounted;
  project.addBundle('quiet', { name: 'Quiet', steps: [workStep('a'), workStep('b'), workStep('c')] });
  project.addBundle('chatter', {
    name: 'Chatter',
    steps: [['action: chatter.run'], ['action: workflow.set_outputs', 'inputs: {all: "told"}']],
    tools: { 'chatter.sh': CHATTER },
  });
  serve = await startServe(project);
  client = await project.connect();
});
afterEach(async () => {
  if (refused !== null) return;
  client?.close();
  serve?.child.kill('SIGKILL');
  await serve?.exited;
  project.killHelpers();
  disk.remove();
  project.remove();
});

const start = async (workflow: string): Promise<string> =>
  (await client.call('runs.start', { workflow, inputs: {} })).runId;

/** The full disk is the reason why a start is refused; a start that came first waits for its commit. */
async function untilRefused(): Promise<{ readonly waiting: Promise<string>[] }> {
  const waiting: Promise<string>[] = [];
  let code = '';
  await waitUntil('starts are refused', async () => {
    const asked = start('quiet');
    const answer = await Promise.race([
      asked.then(
        () => 'started',
        (error: { code: string }) => error.code,
      ),
      new Promise<string>((resolve) => setTimeout(() => resolve('waits'), 2_000)),
    ]);
    if (answer === 'waits' || answer === 'started') waiting.push(asked);
    code = answer;
    return answer !== 'waits' && answer !== 'started';
  });
  expect(code).toBe('file.disk_full');
  return { waiting };
}

async function expectWhole(runIds: readonly string[]): Promise<void> {
  const paths = projectPaths(project.path);
  const store = new Store({ ...paths, onLog: () => undefined, onConversation: () => undefined });
  for (const runId of runIds) {
    const seqs = store.journal.readRun(runId).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, at) => at + 1));
  }
  expect(await store.checkIntegrity()).toBe('ok');
  store.close();
}

describe.skipIf(refused !== null)('the disk of the state folder is full', () => {
  it('runs stand still, new starts are refused with the reason, all goes on when there is room', async () => {
    const first = await start('quiet');
    await project.untilAtWork(first, 1);
    disk.fill();
    project.openGates(1, 2, 3);
    const { waiting } = await untilRefused();
    expect((await client.call('runs.get', { runId: first })).run.status).toBe('running');
    await expect(start('quiet')).rejects.toMatchObject({
      code: 'file.disk_full',
      retryable: true,
      hint: expect.stringContaining('space'),
    });
    expect(serve?.child.exitCode).toBeNull();

    disk.free();
    await untilStatus(client, first, 'completed', 'failed', 'in_doubt');
    const runIds = [first, ...(await Promise.all(waiting)), await start('quiet')];
    for (const runId of runIds) {
      await untilStatus(client, runId, 'completed', 'failed', 'in_doubt');
      const { run } = await client.call('runs.get', { runId });
      expect([run.status, run.error]).toEqual(['completed', null]);
      expect(project.tracesOf(runId)).toEqual(eachOnce(3));
    }
    await stop();
    await expectWhole(runIds);
  });

  it('a log that cannot be written ends no run and is written when there is room', async () => {
    const runId = await start('chatter');
    const linesOf = async (): Promise<number> => (await client.call('runs.get', { runId })).logLines;
    await waitUntil('it prints', async () => (await linesOf()) > 10);
    disk.fill();
    const before = await linesOf();
    await waitUntil('it goes on printing', async () => (await linesOf()) > before + 500);
    expect((await client.call('runs.get', { runId })).run.status).toBe('running');
    disk.free();
    project.openGates(1);
    await untilStatus(client, runId, 'completed', 'failed', 'in_doubt');
    expect((await client.call('runs.get', { runId })).run.status).toBe('completed');
    const total = await linesOf();
    await waitUntil('all lines are there', async () => {
      const { lines } = await client.call('runs.log', { runId, limit: 5_000 });
      return lines.length === Math.min(total, 5_000);
    });
    const { lines } = await client.call('runs.log', { runId, limit: 5_000 });
    expect(lines.map((line) => line.text)).toEqual(lines.map((_, at) => `line ${at + 1}`));
    await stop();
    await expectWhole([runId]);
  });

  it('killed on a full disk and opened again with room, the run goes on', async () => {
    const runId = await start('quiet');
    await project.untilAtWork(runId, 1);
    disk.fill();
    project.openGates(1);
    await untilRefused();
    serve?.child.kill('SIGKILL');
    await serve?.exited;
    client.close();
    disk.free();
    serve = await startServe(project);
    client = await project.connect();
    project.openGates(2, 3);
    await untilStatus(client, runId, 'completed', 'in_doubt', 'failed');
    const { run } = await client.call('runs.get', { runId });
    // The end of step 1 may have found no room in the helper's record either: then a person is asked, nothing is guessed.
    expect(['completed', 'in_doubt']).toContain(run.status);
    const traces = project.tracesOf(runId);
    expect(traces).toEqual(run.status === 'completed' ? eachOnce(3) : eachOnce(1));
    await stop();
    await expectWhole([runId]);
  });
});

async function stop(): Promise<void> {
  client.close();
  serve?.child.kill('SIGTERM');
  await serve?.exited;
  serve = null;
}
