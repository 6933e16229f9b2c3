import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openInProcess } from '../../src/cli/client/open-in-process.ts';
import { openControlCenter } from '../../src/core/control-center.ts';
import { findAppFolders, type HolderClient } from '../../src/server/index.ts';
import type { RunSummary } from '../../src/shared/model/run.ts';
import { type CliProcess, startCli, startServe } from '../support/cli-process.ts';
import { eachOnce, GatedProject, workStep } from '../support/gated-project.ts';
import { ownProject } from '../support/own-project.ts';
import { untilStatus } from '../support/run-page.ts';
import { runningScripts } from '../support/running-scripts.ts';
import { waitUntil } from '../support/wait-until.ts';

let project: GatedProject;
const processes: CliProcess[] = [];
const clients: HolderClient[] = [];

beforeEach(() => {
  project = new GatedProject();
  project.addBundle('month-end', { name: 'Month end', steps: [workStep('a'), workStep('b'), workStep('c')] });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const { child, exited } of processes.splice(0)) {
    child.kill('SIGKILL');
    await exited;
  }
  project.remove();
});

const cli = (...args: readonly string[]): CliProcess => {
  const started = startCli(project, ...args);
  processes.push(started);
  return started;
};
async function serve(): Promise<CliProcess> {
  const started = await startServe(project);
  processes.push(started);
  return started;
}
async function connect(): Promise<HolderClient> {
  const client = await project.connect();
  clients.push(client);
  return client;
}
/** The newest run, once there is one. */
async function newestRun(client: HolderClient): Promise<RunSummary> {
  const newest = async (): Promise<RunSummary | undefined> => (await client.call('runs.list', { limit: 1 })).runs[0];
  await waitUntil('a run has begun', async () => (await newest()) !== undefined);
  const run = await newest();
  if (run === undefined) throw new Error('the run is gone');
  return run;
}
const openHere = () => {
  ownProject(project.path, project.home);
  return openControlCenter({
    projectPath: project.path,
    door: 'browser',
    resumeOpenRuns: true,
    examplesDir: '',
    resourcesDir: '',
    version: 'test',
    userDataDir: project.home,
    home: project.home,
  });
};

describe('a project that another process holds', () => {
  it('is refused to a second engine with lease.held, by word and by exit code', async () => {
    await serve();
    await expect(openHere()).rejects.toMatchObject({ code: 'lease.held' });
    const second = cli('--json', 'serve', '--port', '0');
    expect((await second.exited).code).toBe(1);
    expect(second.stdout() + second.stderr()).toContain('lease.held');
  });

  it('is free at once when its holder is killed, and the run goes on in the next one', async () => {
    const first = await serve();
    const { runId } = await (await connect()).call('runs.start', { workflow: 'month-end', inputs: {} });
    await project.untilAtWork(runId, 1);
    first.child.kill('SIGKILL');
    await first.exited;
    await serve();
    const client = await connect();
    project.openGates(1, 2, 3);
    await untilStatus(client, runId, 'completed');
    expect(project.tracesOf(runId)).toEqual(eachOnce(3));
  });
});

describe('run on the command line while the app holds the project', () => {
  it('hands the run over and shows its progress as it happens', async () => {
    await serve();
    const client = await connect();
    const run = cli('run', 'month-end');
    const { runId } = await newestRun(client);
    await project.untilAtWork(runId, 1);
    // The holder drives it: only then can it be paused there.
    expect((await client.call('runs.get', { runId })).actions.pause).toEqual({ enabled: true });
    expect(run.stderr()).not.toContain('Part 1');
    project.openGates(1);
    await run.untilSays('Part 1');
    await project.untilAtWork(runId, 2);
    expect(run.stderr()).not.toContain('Part 2');
    project.openGates(2, 3);
    expect((await run.exited).code).toBe(0);
    expect(run.stdout() + run.stderr()).toContain(runId);
    expect(project.tracesOf(runId)).toEqual(eachOnce(3));
  });

  it('Ctrl-C there cancels the run of the holder for real', async () => {
    await serve();
    const client = await connect();
    const run = cli('run', 'month-end');
    const { runId } = await newestRun(client);
    await project.untilAtWork(runId, 1);
    run.child.kill('SIGINT');
    expect((await run.exited).code).toBe(130);
    expect((await client.call('runs.get', { runId })).run.status).toBe('cancelled');
    expect(runningScripts(runId)).toEqual([]);
    expect(project.tracesOf(runId)).toEqual(['step_1 start']);
  });

  it('a killed command line leaves the run to its holder', async () => {
    await serve();
    const client = await connect();
    const run = cli('run', 'month-end');
    const { runId } = await newestRun(client);
    await project.untilAtWork(runId, 1);
    run.child.kill('SIGKILL');
    await run.exited;
    project.openGates(1, 2, 3);
    await untilStatus(client, runId, 'completed');
    expect(project.tracesOf(runId)).toEqual(eachOnce(3));
  });

  it('when the holder is killed, the command ends and says so; the app can open the project again', async () => {
    const app = await serve();
    const run = cli('run', 'month-end');
    const { runId } = await newestRun(await connect());
    await project.untilAtWork(runId, 1);
    app.child.kill('SIGKILL');
    await app.exited;
    expect((await run.exited).code).not.toBe(0);
    expect(run.stdout() + run.stderr()).toContain(runId);
    await serve();
    project.openGates(1, 2, 3);
    await untilStatus(await connect(), runId, 'completed');
    expect(project.tracesOf(runId)).toEqual(eachOnce(3));
  });
});

describe('run on the command line that holds the project itself', () => {
  it('lets a second command line join it, and the lease goes with it', async () => {
    const first = cli('run', 'month-end');
    await waitUntil('the command line listens', () =>
      connect()
        .then(() => true)
        .catch(() => false),
    );
    const client = clients.at(-1) ?? (await connect());
    const { runId } = await newestRun(client);
    await project.untilAtWork(runId, 1);
    await expect(openHere()).rejects.toMatchObject({ code: 'lease.held' });
    const list = cli('--json', 'runs', 'list');
    expect((await list.exited).code).toBe(0);
    expect(list.stdout()).toContain(runId);
    first.child.kill('SIGKILL');
    await first.exited;
    await serve();
    project.openGates(1, 2, 3);
    await untilStatus(await connect(), runId, 'completed');
    expect(project.tracesOf(runId)).toEqual(eachOnce(3));
  });

  it('stays for a run whose start was handed over while it was about to let go', async () => {
    const userDataDir = project.home;
    ownProject(project.path, userDataDir);
    const place = { ...findAppFolders(), userDataDir, home: userDataDir, commandLine: null };
    const holder = await openInProcess({ path: project.path, isFresh: false }, place, {
      caller: { kind: 'user', id: 'anna', door: 'cli' },
    });
    const guest = await connect();
    const starting = guest.call('runs.start', { workflow: 'month-end', inputs: {} });
    // Lines are read in their order: the start is under way now.
    await guest.host('info');
    const closing = holder.close();
    const { runId } = await starting;
    await project.untilAtWork(runId, 1);
    project.openGates(1, 2, 3);
    await closing;
    expect(project.tracesOf(runId)).toEqual(eachOnce(3));
    await serve();
    expect((await (await connect()).call('runs.get', { runId })).run.status).toBe('completed');
  });
});
