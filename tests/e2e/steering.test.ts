import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { DOOR_NAMES, type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { eachOnce, GatedProject, workStep } from '../support/gated-project.ts';
import { openedRun, openRuns, openWorkflow, pressRun, stepRow, untilShown, untilStatus } from '../support/run-page.ts';
import { runningScripts } from '../support/running-scripts.ts';

const NAME = 'Month end';
const BROKEN_TOOL = '#!/usr/bin/env bash\necho "the ledger has no such day" >&2\nexit 3\n';
const MENDED_TOOL = `#!/usr/bin/env bash\necho '{"posted": 12}'\n`;

let project: GatedProject;
let opened: OpenedDoor;
let page: Page;
let client: HolderClient;

async function tidyUp(): Promise<void> {
  client?.close();
  await opened?.close();
  project?.remove();
}

async function open(door: (typeof DOOR_NAMES)[number]): Promise<void> {
  opened = await openDoor(door, { projectPath: project.path, home: project.home });
  page = opened.page;
  client = await project.connect();
}
const act = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();

/** Starts a run of three gated steps; its first step is at work. */
async function startGated(): Promise<string> {
  await openWorkflow(page, NAME);
  const runId = await pressRun(page);
  await project.untilAtWork(runId, 1);
  await untilShown(page, 'Running');
  return runId;
}

const addMonthEnd = (): void =>
  project.addBundle('month-end', {
    name: NAME,
    steps: [workStep('a'), workStep('b'), [...workStep('c'), 'compensate: {action: work.run}']],
  });

describe.each(DOOR_NAMES)('a run is steered through the %s door', (door) => {
  beforeEach(async () => {
    project = new GatedProject();
    addMonthEnd();
    await open(door);
  });
  afterEach(tidyUp);

  it('a paused run stays paused over a restart of the app', async () => {
    const runId = await startGated();
    await act('Pause');
    await page.getByText(/It pauses when the running step ends/).waitFor();
    project.openGates(1, 2, 3);
    await untilShown(page, 'Paused');
    client.close();
    await opened.kill();
    await opened.close();
    await open(door);
    await openRuns(page);
    await page.locator('tr', { hasText: runId }).getByRole('link').click();
    await untilShown(page, 'Paused');
    expect(project.tracesOf(runId)).toEqual(eachOnce(1));
    await act('Resume');
    await untilShown(page, 'Completed');
    expect(project.tracesOf(runId)).toEqual(eachOnce(3));
  });
});

// One host and one page for all of these: each finds its workflow as it was, closed gates, and a page that was just loaded.
describe('in one window', () => {
  beforeAll(async () => {
    project = new GatedProject();
    addMonthEnd();
    await open('browser');
  });
  afterAll(tidyUp);
  beforeEach(async () => {
    project.closeGates(1, 2, 3);
    addMonthEnd();
    await page.evaluate(() => {
      location.hash = '#/today';
    });
    await page.reload();
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  });

  describe('a run is steered', () => {
    it('Roll back takes back what an ended run says how to; Delete asks for the typed name, then run, log and files are gone', async () => {
      project.openGates(1, 2, 3);
      await openWorkflow(page, NAME);
      const runId = await pressRun(page);
      await untilShown(page, 'Completed');
      const folder = join(project.stateDir, 'runs', runId);
      expect(existsSync(folder)).toBe(true);
      await act('More about this run');
      await page.getByRole('menuitem', { name: 'Roll back…' }).click();
      const rollback = page.getByRole('dialog', { name: 'Roll this run back' });
      await rollback.getByText('work.run').waitFor();
      await rollback.getByText('The beginning').waitFor();
      await rollback.getByRole('button', { name: 'Roll back' }).click();
      await page.getByText('The run was rolled back in part: 1 of 3 steps are undone.').waitFor();
      await untilShown(page, 'Completed');
      expect(project.tracesOf(runId).filter((line) => line.startsWith('step_3'))).toHaveLength(4);
      await act('More about this run');
      await page.getByRole('menuitem', { name: 'Delete this run' }).click();
      const dialog = page.getByRole('dialog', { name: 'Delete this run?' });
      const confirm = dialog.getByRole('button', { name: 'Delete run' });
      await expect.poll(() => confirm.getAttribute('aria-disabled')).toBe('true');
      await dialog.getByRole('textbox').fill('Month');
      await dialog.getByRole('textbox').press('Enter');
      await confirm.click({ force: true });
      expect((await client.call('runs.get', { runId })).run.status).toBe('completed');
      await dialog.getByRole('textbox').fill(NAME);
      await confirm.click();
      await page.getByText('Run deleted').waitFor();
      await page.getByText('Nothing has run yet.').waitFor();
      await expect(client.call('runs.get', { runId })).rejects.toMatchObject({ code: 'run.not_found' });
      await expect.poll(() => existsSync(folder)).toBe(false);
    });

    it('Cancel ends the running script for real, nothing follows', async () => {
      const runId = await startGated();
      expect(runningScripts(runId)).not.toEqual([]);
      await act('Cancel run');
      await untilShown(page, 'Cancelled');
      expect(runningScripts(runId)).toEqual([]);
      project.openGates(1, 2, 3);
      await stepRow(page, 'Part 1').getByRole('img', { name: 'Cancelled' }).waitFor();
      await stepRow(page, 'Part 2').getByRole('img', { name: 'Not begun' }).waitFor();
      expect(project.tracesOf(runId)).toEqual(['step_1 start']);
    });

    it('Pause lets the running step end and begins none, Resume goes on there', async () => {
      const runId = await startGated();
      await act('Pause');
      await page.getByText(/It pauses when the running step ends/).waitFor();
      project.openGates(1, 2, 3);
      await untilShown(page, 'Paused');
      expect(project.tracesOf(runId)).toEqual(eachOnce(1));
      await act('Resume');
      await untilShown(page, 'Completed');
      expect(project.tracesOf(runId)).toEqual(eachOnce(3));
    });
  });

  describe('a failed run', () => {
    /** Step 2 looks at a file outside its bundle: the cause can be taken away without a new version. */
    const looking = (cause: string): string =>
      `#!/usr/bin/env bash\nif [ -e "${cause}" ]; then echo "the ledger is locked" >&2; exit 3; fi\necho '{"posted": 12}'\n`;
    const addLedger = (tool: string): void =>
      project.addBundle('month-end', {
        name: NAME,
        steps: [workStep('a'), ['action: ledger.run', 'output_variable: b'], workStep('c')],
        tools: { 'ledger.sh': tool },
      });
    const fail = async (): Promise<string> => {
      project.openGates(1, 2, 3);
      await openWorkflow(page, NAME);
      const runId = await pressRun(page);
      await untilShown(page, 'Failed');
      await stepRow(page, 'Part 2').getByRole('img', { name: 'Failed' }).waitFor();
      return runId;
    };
    const retry = async (failed: string): Promise<string> => {
      await act('Retry');
      const dialog = page.getByRole('dialog', { name: 'Retry this run' });
      await dialog.getByRole('combobox', { name: 'Begin with' }).getByText('2 Part 2').waitFor();
      await dialog.getByRole('list', { name: 'Steps whose effects come again' }).getByText('Part 2').waitFor();
      await dialog.getByRole('button', { name: 'Retry' }).click();
      await page.waitForURL((url) => !url.hash.endsWith(failed));
      return openedRun(page);
    };

    it('Retry begins with the failed step and takes the earlier ones over', async () => {
      const cause = join(project.root, 'locked');
      writeFileSync(cause, '');
      addLedger(looking(cause));
      const failed = await fail();
      await page.getByText('the ledger is locked').first().waitFor();
      rmSync(cause);
      const again = await retry(failed);
      await untilShown(page, 'Completed');
      await stepRow(page, 'Part 1').getByText('Taken over').waitFor();
      expect(project.tracesOf(again)).toEqual(['step_3 start', 'step_3 end']);
      expect(project.tracesOf(failed)).toEqual(eachOnce(1));
      await page.getByText('Repeats run').waitFor();
    });

    it('Resume says which effects come again, and does no completed step once more', async () => {
      const cause = join(project.root, 'locked');
      writeFileSync(cause, '');
      addLedger(looking(cause));
      const failed = await fail();
      rmSync(cause);
      await act('Resume');
      const dialog = page.getByRole('dialog', { name: 'Resume this run' });
      const again = dialog.getByRole('list', { name: 'Steps whose effects come again' });
      await again.getByText('Part 2').waitFor();
      await expect.poll(() => again.getByRole('listitem').count()).toBe(1);
      await dialog.getByRole('button', { name: 'Back' }).click();
      expect((await client.call('runs.get', { runId: failed })).run.status).toBe('failed');
      // The palette asks the same.
      await page.keyboard.press('Control+k');
      await page.keyboard.type('proceed');
      await page.getByRole('option', { name: 'Resume this run' }).click();
      await dialog.getByRole('button', { name: 'Resume' }).click();
      await untilShown(page, 'Completed');
      expect(await openedRun(page)).toBe(failed);
      expect(project.tracesOf(failed)).toEqual(['step_1 start', 'step_1 end', 'step_3 start', 'step_3 end']);
    });

    it('Retry keeps to the version of the run, Run takes the mended one', async () => {
      addLedger(BROKEN_TOOL);
      const failed = await fail();
      addLedger(MENDED_TOOL);
      const again = await retry(failed);
      await untilShown(page, 'Failed');
      await untilStatus(client, again, 'failed');
      expect(project.tracesOf(again)).toEqual([]);
      await openWorkflow(page, NAME);
      const anew = await pressRun(page);
      await untilShown(page, 'Completed');
      expect(project.tracesOf(anew)).toEqual(['step_1 start', 'step_1 end', 'step_3 start', 'step_3 end']);
      const versions = await Promise.all([failed, again, anew].map((runId) => client.call('runs.get', { runId })));
      const [first, second, third] = versions.map(({ run }) => run.versionHash);
      expect(second).toBe(first);
      expect(third).not.toBe(first);
    });
  });
});
