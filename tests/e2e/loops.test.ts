import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { axeViolations } from '../support/axe-violations.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject } from '../support/gated-project.ts';
import { addLoops, FAILING, ITEMS, letters } from '../support/loop-project.ts';
import { stepRow, untilShown, untilStatus } from '../support/run-page.ts';

let project: GatedProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;
let longRun: string;

beforeAll(async () => {
  project = new GatedProject();
  addLoops(project);
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  client = await project.connect();
  longRun = (await client.call('runs.start', { workflow: 'long', inputs: letters() })).runId;
  await untilStatus(client, longRun, 'completed');
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

const go = (route: string): Promise<void> =>
  page.evaluate((to) => {
    location.hash = to;
  }, route);

/** A machine that does much else answers late. */
const PATIENT = { timeout: 100_000 };

const steps = () => page.getByRole('treegrid', { name: 'Steps and timeline' });
const pane = () => page.getByRole('complementary', { name: /^Step: / });
/** The rows that the list shows now, from the first word to the last. */
const turnsShown = (): Promise<readonly string[]> =>
  steps()
    .getByRole('row')
    .filter({ hasText: /#\d/ })
    .evaluateAll((rows) => rows.map((row) => row.querySelector('.nm')?.textContent ?? ''));

describe('a loop of 10,000 items', () => {
  it('opens on what failed, and is one row that says how many there are and how many failed', async () => {
    await go(`#/runs/${longRun}`);
    await untilShown(page, 'Partial');
    await stepRow(page, 'Send the letter').waitFor();
    await pane().getByText('No address', { exact: true }).waitFor();
    await steps().press('Home');
    const loop = stepRow(page, 'Each letter');
    await loop.getByText('3 failed, 10,000 of 10,000').waitFor();
    await loop.getByRole('img', { name: 'Partial' }).waitFor();
    await pane().getByText('9,997 of 10,000 done, 3 failed').waitFor();
    await steps().press('ArrowLeft');
    await expect.poll(turnsShown, PATIENT).toEqual([]);
  });

  it('shows the failed items alone, and keeps that over a reload', async () => {
    await pane().getByRole('button', { name: 'Failed only' }).click();
    const failed = FAILING.map((number) => `#${number} Letter to customer ${number}`);
    await expect.poll(turnsShown, PATIENT).toEqual(failed);
    await page.reload();
    await untilShown(page, 'Partial');
    await expect.poll(turnsShown, PATIENT).toEqual(failed);
    await steps().press('Home');
    await pane().getByRole('button', { name: 'All' }).click();
    await expect.poll(async () => (await turnsShown())[0], PATIENT).toBe('#1 Letter to customer 1');
  });

  it('leads to any item by its number, whose steps come with it', async () => {
    const field = pane().getByRole('textbox', { name: 'Go to item' });
    await field.fill('10,001');
    await field.press('Enter');
    await pane().getByText('A number from 1 to 10,000').waitFor();
    await field.fill('9,999');
    await field.press('Enter');
    const row = stepRow(page, 'Letter to customer 9999');
    await row.waitFor();
    await expect.poll(() => row.getAttribute('aria-selected')).toBe('true');
    expect([await row.getAttribute('aria-posinset'), await row.getAttribute('aria-setsize')]).toEqual([
      '9999',
      '10000',
    ]);
    await steps().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await pane().getByRole('heading', { name: 'Send the letter' }).waitFor();
    await pane().getByText('No address', { exact: true }).waitFor();
    expect(new URL(page.url()).hash).toContain('step=each%5B9998%5D.send');
  });

  it('keeps the address of a step inside an item', async () => {
    await go('#/runs');
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    await go(`#/runs/${longRun}?step=each%5B9999%5D.send`);
    await pane().getByRole('heading', { name: 'Send the letter' }).waitFor();
    await stepRow(page, 'Letter to customer 10000').waitFor();
    const selected = steps().locator('[aria-selected="true"]');
    await expect.poll(() => selected.textContent(), PATIENT).toContain('Send the letter');
  });

  it('is on the screen quickly and with few elements', async () => {
    await go('#/runs');
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    const took = await page.evaluate(async (to) => {
      const begin = performance.now();
      location.hash = to;
      while (!/10,000 of 10,000/.test(document.querySelector('[role="treegrid"]')?.textContent ?? ''))
        await new Promise((resolve) => requestAnimationFrame(resolve));
      return performance.now() - begin;
    }, `#/runs/${longRun}?step=each`);
    console.log(`the page of a loop of ${ITEMS} items: ${Math.round(took)} ms`);
    expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(3_000);
  });
});

describe('a loop that goes on', () => {
  it('counts up while it runs, and what is open in it stays true', async () => {
    const runId = (await client.call('runs.start', { workflow: 'slow', inputs: letters(30) })).runId;
    await go(`#/runs/${runId}`);
    await untilShown(page, 'Running');
    const loop = stepRow(page, 'Each letter');
    await loop.getByText('0 of 30').waitFor();
    await project.untilAtWork(runId, 'work');
    await go(`#/runs/${runId}?step=each%5B0%5D`);
    const first = stepRow(page, 'Letter to customer 1').first();
    await first.getByRole('img', { name: 'Running' }).waitFor();
    project.openGates('work');
    await first.getByRole('img', { name: 'Completed' }).waitFor();
    await loop.getByText('30 of 30').waitFor();
    await untilShown(page, 'Completed');
    const turns = await client.call('runs.turns', { runId, path: 'each', limit: 30 });
    expect(turns.turns.every(({ status }) => status === 'completed')).toBe(true);
  });
});

describe('the nested run', () => {
  it('has no violation of accessibility in the list', async () => {
    expect(await axeViolations(page)).toEqual([]);
  });
});
