import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Store } from '../../src/core/storage/index.ts';
import { created, newRun, summary } from '../../src/core/storage/store.test-support.ts';
import { systemClock } from '../../src/core/time/index.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §9 "Retention": what is old goes with all that is its own, as was said before; what is needed stays. */
let project: LocalProject;
afterEach(() => project.close());

const DAY = 86_400_000;
const stateFile = (name: string): string => join(project.path, '.aiworkflow/state', name);
const fileBytes = (): number =>
  ['state.db', 'logs.db'].reduce((sum, name) => sum + statSync(stateFile(`workflow-state/${name}`)).size, 0);

/** Ended runs of these ages in days, with a log and a value of their own; the project is closed meanwhile. */
async function seed(ages: readonly number[]): Promise<void> {
  const folder = stateFile('workflow-state');
  const store = new Store({
    storeFile: join(folder, 'state.db'),
    logsFile: join(folder, 'logs.db'),
    blobsDir: stateFile('blobs'),
    onLog: () => undefined,
    onConversation: () => undefined,
    sync: 'NORMAL',
  });
  for (const [at, age] of ages.entries()) {
    const end = Date.now() - age * DAY;
    const run = summary(`run-${at}`, {
      workflowId: `flow-${at % 2}`,
      createdAt: end,
      startedAt: end,
      completedAt: end,
    });
    const commit = newRun(store, { run, events: [created({ said: 'x'.repeat(9000) })] });
    await store.journal.append(commit);
    for (let line = 0; line < 20; line += 1)
      store.logs.append(run.runId, {
        at: end,
        path: 'a',
        stream: 'stdout',
        level: 'info',
        text: `line ${line} ${'y'.repeat(500)}`,
      });
  }
  store.close();
}

describe('a cleanup', () => {
  it('removes what was said, frees it within 5 %, and counts what is gone on', async () => {
    project = new LocalProject([]);
    project.addWorkflow('fresh', [['action: workflow.noop']]);
    const fresh = await project.run('fresh');
    await project.reopen();
    await project.center().then((center) => center.close());
    await seed(Array.from({ length: 180 }, (_, at) => (at < 120 ? 100 : 5)));
    await project.reopen();
    await project.call('storage.pin', { runId: 'run-1', isPinned: true });
    expect(await project.call('storage.pins', {})).toMatchObject([{ runId: 'run-1', by: 'tester' }]);
    const plan = await project.call('storage.plan', { days: 60 });
    expect(plan).toMatchObject({ runs: 119, pinned: 1, workflows: [{ runs: 60 }, { runs: 59 }] });
    const before = fileBytes();
    await expect(project.call('storage.cleanup', { days: 60 })).rejects.toMatchObject({
      code: 'storage.not_agreed',
      details: { runs: 119, bytes: plan.bytes },
    });
    expect((await project.call('storage.plan', { days: 60 })).runs).toBe(119);
    const done = await project.call('storage.cleanup', { days: 60, agrees: true });
    expect(done).toMatchObject({ runs: 119, isCompacted: true });
    const freed = before - fileBytes();
    expect(Math.abs(freed - plan.databaseBytes) / freed).toBeLessThan(0.05);
    const { runs } = await project.call('runs.list', { limit: 1000 });
    expect(runs).toHaveLength(62);
    expect(runs.map(({ runId }) => runId)).toEqual(expect.arrayContaining(['run-1', fresh]));
    expect((await project.call('storage.plan', { days: 60 })).runs).toBe(0);
    expect(await project.call('storage.show', {})).toMatchObject({
      isAgreed: true,
      retention: { runs: 90, deliveries: 30, audit: 365, queue: 7 },
      syncedBy: null,
    });
  });

  it('takes folders, values in files and versions along that nobody else needs', async () => {
    project = new LocalProject([]);
    project.addWorkflow('large', [['action: workflow.set_outputs', `inputs: {said: "${'z'.repeat(300_000)}"}`]]);
    const runId = await project.run('large');
    const report = await project.call('storage.show', {});
    expect(report.outputs).toBeGreaterThan(290_000);
    expect(report.workflows).toMatchObject([{ workflowId: 'large', runs: 1, outputs: report.outputs }]);
    const plan = await project.call('storage.plan', { days: 0 });
    expect(plan.bytes).toBeGreaterThan(report.outputs);
    await project.call('storage.cleanup', { days: 0, agrees: true });
    expect(existsSync(stateFile(`runs/${runId}`))).toBe(false);
    expect(await project.call('storage.show', {})).toMatchObject({ outputs: 0, files: 0, versions: 0, workflows: [] });
    expect(readdirSync(stateFile('archives'))).toEqual([]);
    await expect(project.call('storage.pin', { runId, isPinned: true })).rejects.toMatchObject({
      code: 'run.not_found',
    });
  });

  it('keeps to what a person writes from the screen, of the audit too, as a signed cut', async () => {
    let shift = 0;
    project = new LocalProject([], { clock: { ...systemClock, now: () => systemClock.now() + shift } });
    project.addWorkflow('small', [['action: workflow.noop']]);
    await project.run('small');
    const kept = { runs: 12, deliveries: 7, audit: 10, queue: 3 };
    await project.call('storage.setRetention', kept);
    const written = readFileSync(join(project.path, 'aiworkflow.yaml'), 'utf8');
    expect(written).toMatch(
      /logging:\n {2}retention_days: 12\nretention:\n {2}deliveries_days: 7\n {2}audit_days: 10\n {2}queue_days: 3\n/,
    );
    shift = 11 * DAY;
    await project.run('small');
    expect(await project.call('storage.plan', {})).toMatchObject({
      days: 12,
      runs: 0,
      auditEvents: expect.any(Number),
    });
    shift = 13 * DAY;
    const plan = await project.call('storage.plan', {});
    expect(plan.runs).toBe(1);
    expect(plan.auditEvents).toBeGreaterThan(2);
    expect(await project.call('storage.cleanup', { agrees: true })).toMatchObject({
      runs: 1,
      auditEvents: plan.auditEvents,
    });
    expect(await project.call('audit.verify', {})).toMatchObject({ valid: true });
    const { events } = await project.call('audit.query', { eventType: 'config.changed', limit: 10 });
    expect(events[0]).toMatchObject({ action: 'audit.deleteBefore', details: { removed: plan.auditEvents } });
    await project.reopen();
    expect((await project.call('storage.show', {})).retention).toEqual(kept);
    project.write('aiworkflow.local.yaml', 'logging: {retention_days: 3}');
    await expect(project.call('storage.setRetention', { runs: 4 })).rejects.toMatchObject({ code: 'config.invalid' });
  });
});
