import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DOOR_NAMES, type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject } from '../support/gated-project.ts';
import { openWorkflow, pressRun, untilShown } from '../support/run-page.ts';

/** Fifty in all. A load in the desktop window takes four times the processor: the stand-in hands over each file of the page. */
const RELOADS = { browser: 45, desktop: 5 } as const;
const STEPS = 6;
/** Prints at least once and without a pause until its gate is open, so that no reload meets a run that stands still. */
const CHATTER = `#!/usr/bin/env bash
n=0
while [ -d "$GATES" ]; do
  n=$((n + 1)); echo "$AIWORKFLOW_STEP_ID says $n"
  [ -e "$GATES/$AIWORKFLOW_STEP_ID" ] && exit 0
  sleep 0.05
done
exit 9
`;

let project: GatedProject;
let opened: OpenedDoor;

beforeEach(() => {
  project = new GatedProject();
  project.addBundle('chatter', {
    name: 'Chatter',
    steps: Array.from({ length: STEPS }, () => ['action: chatter.run']),
    tools: { 'chatter.sh': CHATTER },
  });
});
afterEach(async () => {
  await opened?.close();
  project.remove();
});

/** What the screen says: header, and of each step its name and status. */
const shownOf = (page: Page): Promise<{ readonly head: string; readonly steps: readonly string[] }> =>
  page.evaluate(() => ({
    head: document.querySelector('.run-head')?.textContent ?? '',
    steps: [...document.querySelectorAll('[role="treegrid"] [role="row"]')].map(
      (row) => `${row.querySelector('.nm')?.textContent}: ${row.querySelector('.status')?.getAttribute('aria-label')}`,
    ),
  }));

describe.each(DOOR_NAMES)('the page is loaded again and again while a run goes on (%s)', (door) => {
  it(`${RELOADS[door]} times: the run does not notice, the screen shows the same as before`, async () => {
    opened = await openDoor(door, { projectPath: project.path, home: project.home });
    const { page } = opened;
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await openWorkflow(page, 'Chatter');
    const runId = await pressRun(page);
    const client = await project.connect();

    const statuses = async (): Promise<readonly string[]> =>
      (await client.call('runs.get', { runId })).steps.map(
        (step, at) => `${at + 1} ${step.name}: ${step.status[0]?.toUpperCase()}${step.status.slice(1)}`,
      );
    let seenLines = 0;
    const reloads = RELOADS[door];
    const every = reloads / (STEPS - 1);
    for (let count = 1; count <= reloads; count += 1) {
      await page.reload();
      if (count % every === 0) project.openGates(count / every);
      await untilShown(page, 'Running');
      const { run, logLines } = await client.call('runs.get', { runId });
      expect(run.status).toBe('running');
      expect(logLines).toBeGreaterThanOrEqual(seenLines);
      seenLines = logLines;
    }
    // Steps 1 to 5 have ended, the last one is at work: the page that was loaded last follows what it did not see begin.
    const expected = Array.from({ length: STEPS }, (_, at) => `${at + 1} Part ${at + 1}: Completed`);
    await expect.poll(async () => (await shownOf(page)).steps).toEqual([...expected.slice(0, -1), '6 Part 6: Running']);
    expect((await shownOf(page)).steps).toEqual(await statuses());

    project.openGates(STEPS);
    await untilShown(page, 'Completed');
    const view = await client.call('runs.get', { runId });
    await expect.poll(async () => (await shownOf(page)).steps).toEqual(await statuses());
    const logTab = page.getByRole('tab', { name: /^Log/ });
    await logTab.click();
    const lines = new Intl.NumberFormat('en-GB').format(view.logLines);
    await expect.poll(async () => (await logTab.textContent())?.replace(/[\s\u202f]/g, ',')).toContain(lines);
    const lastLine = (await client.call('runs.log', { runId, from: view.logLines })).lines[0]?.text ?? '';
    expect(lastLine).toMatch(/^step_6 says \d+$/);
    await page.getByText(lastLine, { exact: true }).waitFor();

    const before = await shownOf(page);
    await page.reload();
    await untilShown(page, 'Completed');
    await page.getByText(lastLine, { exact: true }).waitFor();
    await expect.poll(() => shownOf(page)).toEqual(before);
    expect(view.steps.map((step) => step.attempts.length)).toEqual(Array.from({ length: STEPS }, () => 1));
    expect(faults).toEqual([]);
    client.close();
  });
});
