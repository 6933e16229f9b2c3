import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunSummary } from '../../src/shared/model/run.ts';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';
import { waitUntil } from '../support/wait-until.ts';

let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.close());

it('the clock of a run counts while a run works that it waits for, and stands while that one stands', async () => {
  const begun = join(project.root, 'begun');
  const gate = join(project.root, 'gate');
  const folder = '.aiworkflow/bundles/inner';
  project.write(`${folder}/config.yaml`, 'name: inner\n');
  project.write(
    `${folder}/tools/work.sh`,
    `#!/usr/bin/env bash\ntouch '${begun}'\nwhile [ ! -e '${gate}' ]; do [ -d '${project.root}' ] || exit 9; sleep 0.02; done\necho '{}'\n`,
  );
  const steps = [['id: work', 'action: work.run'], ['id: ask', 'approval: Go on?'], ['action: workflow.noop']];
  project.write(`${folder}/workflow.md`, bundleText('inner', { name: 'inner', steps }));
  project.addWorkflow('middle', [['id: call', 'workflow: inner']]);
  project.addWorkflow('outer', [['id: call', 'workflow: middle']]);
  const told: RunSummary[] = [];
  (await project.center()).subscribe(({ events }) => {
    for (const event of events) if (event.kind === 'run') told.push(event.run);
  });
  const { runId } = await project.call('runs.start', { workflow: 'outer', inputs: {} });
  const lastTold = () => told.findLast((run) => run.runId === runId);
  const shown = async () => {
    const { run } = await project.call('runs.get', { runId });
    const { runs } = await project.call('runs.list', {});
    return [run, runs.find((one) => one.runId === runId)];
  };

  await waitUntil('the inner run works', () => existsSync(begun));
  await waitUntil('the outer one is told to be at work', () => {
    const run = lastTold();
    return run?.status === 'waiting' && run.waitsFor === 'child' && run.workingSince !== null;
  });
  for (const run of await shown()) expect(run).toMatchObject({ status: 'waiting', workingSince: expect.any(Number) });

  writeFileSync(gate, '');
  await waitUntil('a person is asked', async () => {
    const { pending } = await project.call('approvals.list', {});
    return pending === 1 && lastTold()?.workingSince === null;
  });
  const [before, listed] = await shown();
  expect([before?.workingSince, listed?.workingSince, (before?.workedMs ?? 0) > 0]).toEqual([null, null, true]);
  expect([before?.workedMs, listed?.workedMs]).toEqual([lastTold()?.workedMs, lastTold()?.workedMs]);

  const { approvals } = await project.call('approvals.list', {});
  const { id, hash } = await project.call('approvals.get', { id: approvals[0]?.id ?? '' });
  await project.call('approvals.approve', { id, hash });
  await waitUntil('it has ended', () => lastTold()?.status === 'completed');
  // What was counted while it worked is counted for good.
  expect(lastTold()?.workedMs).toBeGreaterThanOrEqual(before?.workedMs ?? Number.POSITIVE_INFINITY);
});
