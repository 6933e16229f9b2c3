import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject } from '../support/gated-project.ts';
import { addLoops, letters } from '../support/loop-project.ts';
import { stepRow, untilShown, untilStatus } from '../support/run-page.ts';
import { checkOpened } from '../support/screen-check.ts';

const PATIENT = { timeout: 100_000 };

let project: GatedProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;
let nested: string;

beforeAll(async () => {
  project = new GatedProject();
  addLoops(project);
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  client = await project.connect();
  nested = (await client.call('runs.start', { workflow: 'nested', inputs: letters(40) })).runId;
  await project.untilAtWork(nested, 6);
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
const graph = () => page.getByRole('region', { name: 'Graph of the steps' });
const box = (name: string) => graph().locator('.react-flow__node', { hasText: name }).last();
const pane = () => page.getByRole('complementary', { name: /^Step: / });

/** In both sizes and themes; afterwards it is light again. */
async function lookAt(name: string, ready: () => Promise<unknown>): Promise<void> {
  await checkOpened(page, `run-${name}`, ready);
  await page.evaluate(() => {
    document.documentElement.dataset.theme = 'light';
  });
}

describe('the graph of a run', () => {
  it('shows what followed what: blocks, ways, what was not taken, loops with counts, the turn that is chosen', async () => {
    await go(`#/runs/${nested}?step=each%5B6%5D.send`);
    await untilShown(page, 'Running');
    await page.getByRole('button', { name: 'Graph' }).click();
    await box('Each letter').waitFor();
    await page.getByRole('button', { name: 'All of the graph' }).click();
    await page.getByRole('button', { name: 'Look closer' }).click();
    expect(new URL(page.url()).hash).toContain('view=graph');
    await graph().getByText('2 failed, 40 of 40 · #7').waitFor();
    await box('Stamp it').getByText('Completed').waitFor();
    const notTaken = graph().locator('.g-step.out', { hasText: 'Ask for a signature' });
    await notTaken.getByText('Not needed').waitFor();
    await expect.poll(() => graph().locator('.react-flow__edge.taken').count()).toBeGreaterThan(2);
    await page.reload();
    await box('Each letter').waitFor();
  });

  it('chooses what is pressed, and goes where the choice goes', async () => {
    await go(`#/runs/${nested}?view=graph&step=read`);
    await pane().getByRole('heading', { name: 'Read the ledger' }).waitFor();
    await page.getByRole('button', { name: 'All of the graph' }).click();
    await box('Count the stock').click();
    await pane().getByRole('heading', { name: 'Count the stock' }).waitFor();
    await go(`#/runs/${nested}?view=graph&step=step_6`);
    await graph().locator('.g-step.on', { hasText: 'Print the papers' }).waitFor();
  });

  it('is worked with keys alone, and says which step is chosen', async () => {
    await go(`#/runs/${nested}?step=read`);
    await stepRow(page, 'Read the ledger').waitFor();
    await page.getByRole('button', { name: 'Graph' }).focus();
    await page.keyboard.press('Enter');
    await box('Read the ledger').waitFor();
    await page.keyboard.press('Tab');
    const keys = graph().getByRole('listbox');
    await expect.poll(() => keys.evaluate((element) => element === document.activeElement)).toBe(true);
    const chosen = () => keys.getByRole('option', { selected: true }).textContent();
    await expect.poll(chosen).toBe('Read the ledger, Completed');
    await page.keyboard.press('ArrowDown');
    await expect.poll(chosen, PATIENT).toBe('Each letter, Completed');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowDown');
    await expect.poll(chosen, PATIENT).toBe('Check both books, Completed');
    await page.keyboard.press('ArrowLeft');
    await graph().locator('.g-step.shut', { hasText: 'Check both books' }).waitFor();
    await expect.poll(() => graph().getByText('Check the taxes').count()).toBe(0);
    await page.keyboard.press('ArrowRight');
    await box('Check the taxes').waitFor();
    await page.keyboard.press('End');
    await expect.poll(chosen, PATIENT).toBe('Print the papers, Running');
  });

  it('is clean in both sizes and themes, as list, graph and form', async () => {
    // What was closed before is open again.
    await page.reload();
    await go(`#/runs/${nested}?step=both`);
    await lookAt('nested', () => stepRow(page, 'Check both books').waitFor());
    await go(`#/runs/${nested}?view=graph&step=each%5B6%5D.send`);
    await lookAt('graph', () => box('Each letter').waitFor());
    await go(`#/runs/${nested}?replay=1`);
    await lookAt('replay', () =>
      page.getByRole('dialog', { name: 'Replay this run' }).getByRole('textbox', { name: 'Letters' }).waitFor(),
    );
    await page.keyboard.press('Escape');
  });
});

describe('the timeline', () => {
  it('tells waiting, nobody at work and work apart, by pattern and word', async () => {
    const runId = (await client.call('runs.start', { workflow: 'waits', inputs: {} })).runId;
    await project.untilAtWork(runId, 'order');
    await client.call('runs.pause', { runId });
    project.openGates('order');
    await untilStatus(client, runId, 'paused');
    const pausedAt = Date.now();
    await expect.poll(() => Date.now() - pausedAt, PATIENT).toBeGreaterThan(1500);
    await client.call('runs.resume', { runId });
    await untilStatus(client, runId, 'completed');
    await go(`#/runs/${runId}`);
    await untilShown(page, 'Completed');
    const legend = page.getByRole('list', { name: 'What the bars mean' });
    await legend.getByText('Waiting', { exact: true }).waitFor();
    await legend.getByText('Nobody at work').waitFor();
    await expect.poll(() => stepRow(page, 'Wait for the prices').locator('.bar.waiting').count()).toBeGreaterThan(0);
    await expect.poll(() => stepRow(page, 'Order').locator('.bar.f-success').count()).toBe(1);
    const patterns = await legend
      .locator('.bar')
      .evaluateAll((bars) => bars.map((bar) => getComputedStyle(bar).backgroundImage));
    expect(new Set(patterns).size).toBe(patterns.filter((one) => one !== 'none').length + 1);
    await lookAt('timeline', () => legend.waitFor());
  });

  it('is looked at closer, to one step and back, with the keys too', async () => {
    const ticks = () => page.locator('.steps .axis .lane span').allTextContents();
    const whole = await ticks();
    await stepRow(page, 'Order').click();
    await page.getByRole('button', { name: 'The time of this step' }).click();
    await expect.poll(ticks, PATIENT).not.toEqual(whole);
    // What lies outside of the stretch has no bar there.
    await expect.poll(() => stepRow(page, 'Look at the stock').locator('.bar').count()).toBe(0);
    await page.getByRole('button', { name: 'All of the time' }).click();
    await expect.poll(ticks, PATIENT).toEqual(whole);
    await page.getByRole('treegrid').focus();
    await page.keyboard.press('+');
    await expect.poll(ticks, PATIENT).not.toEqual(whole);
    await page.keyboard.press('0');
    await expect.poll(ticks, PATIENT).toEqual(whole);
  });
});
