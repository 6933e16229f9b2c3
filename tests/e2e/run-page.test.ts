import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject, workStep } from '../support/gated-project.ts';
import { openWorkflow, pressRun, stepRow, untilShown, untilStatus } from '../support/run-page.ts';

const NAME = 'Month end';
let project: GatedProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;

beforeEach(async () => {
  project = new GatedProject();
  project.addBundle('month-end', {
    name: NAME,
    frontmatter: ['inputs:', '  day: {type: string, default: today}'],
    steps: [
      workStep('a'),
      ['action: work.run', 'output_variable: b'],
      workStep('c'),
      ['action: workflow.set', 'inputs: {said: "{{ b.from }}"}'],
    ],
  });
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  await page.setViewportSize({ width: 1280, height: 800 });
  client = await project.connect();
});
afterEach(async () => {
  client?.close();
  await opened?.close();
  project.remove();
});

const start = async (): Promise<string> => {
  const { runId } = await client.call('runs.start', { workflow: 'month-end', inputs: {} });
  return runId;
};
const show = (runId: string): Promise<void> =>
  page.evaluate((to) => {
    location.hash = to;
  }, `#/runs/${runId}`);
const button = (name: string) => page.locator('.run-head').getByRole('button', { name, exact: true });

/** Where the buttons stand, and how high the header is. */
async function placesOf(...names: readonly string[]): Promise<unknown> {
  const head = await page.locator('.run-head').boundingBox();
  const boxes = await Promise.all(names.map(async (name) => (await button(name).boundingBox())?.x));
  return [head?.height, ...boxes];
}

/** A run whose second step is in doubt: its script was killed with everything that could tell of its end. */
async function makeDoubtful(): Promise<string> {
  const runId = await start();
  await project.untilAtWork(runId, 2);
  project.killHelpers();
  await untilStatus(client, runId, 'in_doubt');
  return runId;
}

it('the header stands still: buttons keep their places and reasons take no row; its title says how it stands', async () => {
  const runId = await start();
  await project.untilAtWork(runId, 1);
  await show(runId);
  await untilShown(page, 'Running');
  await expect.poll(() => page.title()).toMatch(/Running · Month end/);
  const running = await placesOf('Retry', 'Pause', 'Cancel run', 'More about this run');
  // What is said of the pause stands in the top bar, over no pane. Watched from before: it goes by itself after a few seconds.
  const bar = await page.getByRole('banner').first().elementHandle();
  const isSaidInBar = page.waitForFunction((head) => {
    const toasts = [...document.querySelectorAll('[data-sonner-toast]')];
    const box = toasts.find((one) => /The run pauses after the steps/.test(one.textContent))?.getBoundingClientRect();
    const room = head?.getBoundingClientRect();
    return box !== undefined && room !== undefined && box.top >= 0 && box.bottom <= room.bottom;
  }, bar);
  await button('Pause').click();
  await page.getByText(/It pauses when the running step ends/).waitFor();
  expect(await placesOf('Retry', 'Pause', 'Cancel run', 'More about this run')).toEqual(running);
  await isSaidInBar;
  project.openGates(1);
  await untilShown(page, 'Paused');
  await page.locator('[data-sonner-toast]', { hasText: 'The run pauses after' }).waitFor({ state: 'detached' });
  expect(await placesOf('Retry', 'Resume', 'Cancel run', 'More about this run')).toEqual(running);
  project.openGates(2, 3);
  await button('Resume').click();
  await untilShown(page, 'Completed');
  expect(await placesOf('Retry', 'Pause', 'Cancel run', 'More about this run')).toEqual(running);
  await expect.poll(() => page.title()).toMatch(/^Completed · Month end/);
});

it('header, row and pane count a running step by one clock; what is expected is dashed, after three runs, never of itself', async () => {
  project.openGates(1, 2, 3);
  for (let count = 0; count < 2; count += 1) await untilStatus(client, await start(), 'completed');
  const third = await start();
  await untilStatus(client, third, 'completed');
  await show(third);
  await untilShown(page, 'Completed');
  await page.getByText('too few earlier runs to compare').waitFor();
  expect(await page.locator('.bar.expected').count()).toBe(0);
  project.closeGates(2, 3);
  const runId = await start();
  await project.untilAtWork(runId, 2);
  await show(runId);
  await stepRow(page, 'Part 2').getByRole('img', { name: 'Running' }).waitFor();
  await page
    .getByText(/average of 3 runs/)
    .first()
    .waitFor();
  await expect.poll(() => page.locator('.step .bar.expected').count()).toBe(3);
  const border = await page
    .locator('.bar.expected')
    .last()
    .evaluate((bar) => getComputedStyle(bar).borderTopStyle);
  expect(border).toBe('dashed');
  await stepRow(page, 'Part 2').click();
  const both = (): Promise<readonly (string | undefined)[]> =>
    page.evaluate(() => {
      const row = document.querySelector('.step[aria-selected="true"] .dur')?.textContent ?? '';
      const names = [...document.querySelectorAll('.step-pane dt')];
      return [row, names.find((dt) => dt.textContent === 'Took')?.nextElementSibling?.textContent ?? ''];
    });
  // By whole seconds from the first on; the page may be late, and pass over one.
  await expect.poll(async () => (await both())[0]).toMatch(/^[1-9]\d* s$/);
  const [row, pane] = await both();
  expect(pane).toBe(row);
});

it('in doubt: each choice stands beside what it means, and what the step gave before is the example', async () => {
  project.openGates(1, 2, 3);
  await untilStatus(client, await start(), 'completed');
  project.closeGates(2);
  const runId = await makeDoubtful();
  await show(runId);
  await untilShown(page, 'In doubt');
  await expect.poll(() => page.title()).toMatch(/Needs you · Month end/);
  const choices = page.getByRole('list', { name: 'Your decision' }).getByRole('listitem');
  await expect
    .poll(async () => (await choices.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ')))
    .toEqual([
      'It worked The step counts as completed, with the output that you give next.',
      'It did not The step counts as failed, and the workflow says how to go on.',
      'Run again The step is done once more, also if it had worked.',
    ]);
  await page.getByRole('button', { name: 'It worked' }).click();
  const dialog = page.getByRole('dialog', { name: '"Part 2" worked' });
  // It says what the output is for.
  await dialog.getByText('Later steps use its output: “Part 4”. They look for from in it.').waitFor();
  const output = dialog.getByRole('textbox', { name: /^Output/ });
  // A later step would go on with nothing: that is never what a click alone says.
  await dialog.getByRole('button', { name: 'Mark completed' }).click();
  await dialog.getByText('Later steps use it: write what the step gave, or null where it gave nothing').waitFor();
  await output.fill('{"form": "by hand"}');
  await dialog.getByText('Not in it, though a later step looks for it: from').waitFor();
  await dialog.getByRole('button', { name: 'Use this' }).click();
  await expect.poll(async () => JSON.parse(await output.inputValue())).toEqual({ from: 'step_2' });
  // What was typed outlives a reload of the page.
  await output.fill('{"from": "by hand"}');
  await page.reload();
  await expect.poll(() => output.inputValue()).toBe('{"from": "by hand"}');
  await dialog.getByRole('button', { name: 'Mark completed' }).click();
  await untilShown(page, 'Completed');
  expect((await client.call('runs.step', { runId, path: 'step_2' })).output).toEqual({ from: 'by hand' });
  // Nobody saw how long it worked: the time in which somebody thought about it is no work.
  await stepRow(page, 'Part 2').getByText('unknown').waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('treegrid');
  await expect.poll(() => page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('by hand');
});

it('at 200 % zoom every button of a run is in the window, and a reason is never cut while the id can give way', async () => {
  project.openGates(1);
  const runId = await makeDoubtful();
  await show(runId);
  await untilShown(page, 'In doubt');
  const why = page.locator('.run-head .why .cut');
  await why.getByText('Retry: Not ended yet. Resume: Decide first.').waitFor();
  await expect.poll(() => why.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0);
  await page.locator('.run-head .id').getByText(runId.slice(-8), { exact: true }).waitFor();
  await page.setViewportSize({ width: 640, height: 400 });
  for (const name of ['Retry', 'Resume', 'Cancel run', 'More about this run']) {
    const isInWindow = async (): Promise<boolean> => {
      const box = await button(name).boundingBox();
      return (box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= 640;
    };
    await expect.poll(isInWindow, { message: name }).toBe(true);
  }
  // Where one is stands in full beside the long name.
  const crumbs = page.getByRole('navigation', { name: 'You are here' });
  for (const part of [crumbs.getByRole('link', { name: 'Runs' }), crumbs.getByText(runId.slice(-8))])
    await expect.poll(() => part.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0);
});

it('what was typed to start a run outlives a reload until it is used; a secret does not and is stored nowhere', async () => {
  const day = page.getByLabel(/^Day/);
  const password = page.getByLabel(/^Password/);
  project.addBundle('sign-in', {
    name: 'Sign in',
    frontmatter: ['inputs:', '  day: {type: string, default: today}', '  password: {type: string, secret: true}'],
    steps: [workStep('a')],
  });
  await openWorkflow(page, 'Sign in');
  await day.fill('2026-11-29');
  await password.fill('open-sesame');
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
  await expect.poll(async () => [await day.inputValue(), await password.inputValue()]).toEqual(['2026-11-29', '']);
  const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
  expect(kept).toContain('2026-11-29');
  expect(kept).not.toContain('open-sesame');
  await openWorkflow(page, NAME);
  await day.fill('2026-11-30');
  await page.reload();
  await expect.poll(() => day.inputValue()).toBe('2026-11-30');
  project.openGates(1, 2, 3);
  const runId = await pressRun(page);
  await untilShown(page, 'Completed');
  expect((await client.call('runs.get', { runId })).inputs).toEqual({ day: '2026-11-30' });
  await openWorkflow(page, NAME);
  await expect.poll(() => day.inputValue()).toBe('today');
});
