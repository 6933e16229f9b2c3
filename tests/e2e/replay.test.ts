import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { type BundleText, GatedProject } from '../support/gated-project.ts';
import { openedRun, openRuns, untilShown, untilStatus } from '../support/run-page.ts';
import { checkOpened, SIZES } from '../support/screen-check.ts';

let project: GatedProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;
let first: string;

const report = (more: readonly string[] = []): BundleText => ({
  name: 'Month end report',
  frontmatter: [
    'inputs:',
    '  month: {type: string, required: true}',
    '  copies: {type: integer, default: 2, min: 1, max: 9}',
    '  note: {type: string, required: false}',
    ...more,
  ],
  steps: [
    ['id: read', 'name: Read', 'action: workflow.noop'],
    ['id: send', 'name: Send the report', 'action: work.run'],
  ],
});

beforeAll(async () => {
  project = new GatedProject();
  project.addBundle('report', report());
  project.addBundle('login', {
    name: 'Sign in',
    frontmatter: [
      'inputs:',
      '  password: {secret: true, required: true, minLength: 8}',
      '  agree: {type: boolean, secret: true, required: true}',
    ],
    steps: [['action: workflow.set_outputs', 'inputs: {shown: "{{ inputs.password }}", agreed: "{{ inputs.agree }}"}']],
  });
  project.openGates('send');
  const env = { AIWORKFLOW_MASTER_KEY: 'correct horse battery' };
  opened = await openDoor('browser', { projectPath: project.path, home: project.home, env });
  page = opened.page;
  client = await project.connect();
  const inputs = { month: 'May', note: 'first try' };
  first = (await client.call('runs.start', { workflow: 'report', inputs })).runId;
  await untilStatus(client, first, 'completed');
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

const dialog = () => page.getByRole('dialog', { name: 'Replay this run' });
const field = (name: string) => dialog().getByRole('textbox', { name });
const press = () => dialog().getByRole('button', { name: 'Replay', exact: true }).click();
const inputsOf = async (runId: string) => (await client.call('runs.get', { runId })).inputs;

it('begins a run with other inputs from a form that a reload does not lose, and says which effects come again', async () => {
  await page.evaluate((to) => {
    location.hash = to;
  }, `#/runs/${first}`);
  await untilShown(page, 'Completed');
  await page.getByRole('button', { name: 'More about this run' }).click();
  await page.getByRole('menuitem', { name: 'Replay…' }).click();
  await field('Month').waitFor();
  await expect.poll(() => field('Month').inputValue()).toBe('May');
  await expect.poll(() => field('Note').inputValue()).toBe('first try');
  const effects = dialog().getByRole('list', { name: 'Steps whose effects come again' });
  await expect.poll(() => effects.innerText()).toBe('Send the report');
  await checkOpened(page, 'run-replay');
  await page.setViewportSize(SIZES[0]);

  await field('Month').fill('June');
  await field('Note').fill('');
  await page.reload();
  await field('Month').waitFor();
  await expect.poll(() => field('Month').inputValue()).toBe('June');
  await field('Copies').fill('12');
  await press();
  await dialog().getByText('A whole number from 1 to 9').first().waitFor();
  await expect.poll(() => field('Copies').getAttribute('aria-invalid')).toBe('true');
  await field('Copies').fill('3');
  await press();
  const second = await openedRun(page);
  expect(second).not.toBe(first);
  await untilShown(page, 'Completed');
  // An emptied field is empty, not what it was.
  expect(await inputsOf(second)).toEqual({ month: 'June', copies: 3 });
  expect((await client.call('runs.get', { runId: second })).run).toMatchObject({ linkedRunId: first });
});

it('takes the version of then or of today, from the list of runs', async () => {
  project.addBundle('report', report(['  office: {type: string, required: true}']));
  await openRuns(page);
  const row = page.locator('tr', { has: page.getByTitle(first, { exact: true }) });
  await row.getByRole('button', { name: 'More about the run of Month end report' }).click();
  await page.getByRole('menuitem', { name: 'Replay…' }).click();
  await dialog().getByText('The version that this run had.').waitFor();
  expect(await field('Office').count()).toBe(0);
  await dialog().getByRole('button', { name: 'As it is today' }).click();
  await field('Office').waitFor();
  await expect.poll(() => field('Month').inputValue()).toBe('May');
  await press();
  await dialog().locator('[aria-invalid="true"]').waitFor();
  await field('Office').fill('Bonn');
  await press();
  const third = await openedRun(page);
  // The address is another before the screen is: on the old one the dialog still stands, and would be taken for the next.
  await dialog().waitFor({ state: 'hidden' });
  expect(await inputsOf(third)).toEqual({ month: 'May', copies: 2, note: 'first try', office: 'Bonn' });
});

it('is found in the palette, and says why today’s version cannot run', async () => {
  await untilShown(page, 'Completed');
  project.addBundle('report', { ...report(), steps: [['action: workflow.set', 'inputs: {x: "{{ nowhere }}"}']] });
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Search and commands' }).waitFor();
  await page.keyboard.type('replay');
  await page.getByRole('option', { name: 'Replay this run with other inputs', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await dialog().getByRole('button', { name: 'As it is today' }).click();
  await dialog()
    .getByText(/undefined variable: nowhere/)
    .first()
    .waitFor();
  const button = dialog().getByRole('button', { name: 'Replay', exact: true });
  await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true');
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'hidden' });
});

it('is one press away from a step that failed, with the inputs that the run had', async () => {
  project.addBundle('strict', {
    ...report(),
    name: 'Strict report',
    steps: [['id: check', 'name: Check the month', 'action: check.run', 'output_variable: c']],
    tools: { 'check.sh': '#!/usr/bin/env bash\necho "No such month" >&2\nexit 3\n' },
  });
  const { runId } = await client.call('runs.start', { workflow: 'strict', inputs: { month: 'Smarch' } });
  await untilStatus(client, runId, 'failed');
  await page.evaluate((to) => {
    location.hash = to;
  }, `#/runs/${runId}`);
  await untilShown(page, 'Failed');
  const again = page.getByRole('button', { name: 'Run with other inputs…' });
  const rightOf = (place: Locator) => place.evaluate((element) => element.getBoundingClientRect().right);
  for (const width of [1440, 1024]) {
    await page.setViewportSize({ width, height: 700 });
    const room = async (): Promise<number> =>
      (await rightOf(page.locator('.note', { has: again }))) - (await rightOf(again));
    await expect.poll(room).toBeGreaterThan(0);
  }
  // At 200 % zoom nothing of the log's bar lies beyond the window.
  await page.setViewportSize({ width: 640, height: 640 });
  const bar = page.locator('.logbar');
  await expect.poll(() => bar.evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });
  await again.click();
  await field('Month').waitFor();
  await expect.poll(() => field('Month').inputValue()).toBe('Smarch');
  await field('Month').fill('March');
  await press();
  expect(await inputsOf(await openedRun(page))).toMatchObject({ month: 'March' });
});

it('keeps secrets that are left empty, one that is true or false too, and shows them nowhere', async () => {
  const value = 'hunter2/planted';
  await page.evaluate(() => {
    location.hash = '#/workflows/login';
  });
  const password = page.getByLabel('Password');
  await password.waitFor();
  await expect.poll(() => password.getAttribute('type')).toBe('password');
  const agree = page.getByRole('combobox', { name: 'Agree' });
  await password.fill('short');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('Enter at least 8 characters').first().waitFor();
  await expect.poll(() => agree.getAttribute('aria-invalid')).toBe('true');
  await password.fill(value);
  await agree.click();
  await page.getByRole('option', { name: 'Yes', exact: true }).click();
  // What is typed is kept for a reload, but for secrets.
  await page.reload();
  await password.waitFor();
  await expect.poll(async () => [await password.inputValue(), await agree.textContent()]).toEqual(['', 'Choose']);
  await password.fill(value);
  await agree.click();
  await page.getByRole('option', { name: 'Yes', exact: true }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const run = await openedRun(page);
  await untilShown(page, 'Completed');
  await page.getByRole('button', { name: 'More about this run' }).click();
  await page.getByRole('menuitem', { name: 'Replay…' }).click();
  await dialog().getByText('A secret that is left empty is the one that this run had.').waitFor();
  const kept = dialog().getByLabel('Password');
  await expect.poll(async () => [await kept.getAttribute('type'), await kept.inputValue()]).toEqual(['password', '']);
  await dialog().getByRole('combobox', { name: 'Agree' }).getByText('Left empty').waitFor();
  await press();
  await expect.poll(() => openedRun(page)).not.toBe(run);
  const replay = await openedRun(page);
  await untilShown(page, 'Completed');
  const hidden = { password: '[secret:password]', agree: '[secret:agree]' };
  for (const runId of [run, replay]) expect(await inputsOf(runId)).toEqual(hidden);
  expect(await page.content()).not.toContain(value);
});
