import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject } from '../support/gated-project.ts';
import { stepRow, untilShown, untilStatus } from '../support/run-page.ts';

const BEFORE = 300;
const AFTER = 700;
/** As a test runner does it: progress, one line that says why, a long end with markup and colours, a last word. */
const TOOL = `#!/usr/bin/env bash
for i in $(seq 1 ${BEFORE}); do echo "checked $i" >&2; done
echo "[1234 lines are left out here]" >&2
printf '\\033[31mAssertionError\\033[0m: the ledger of May is open\\n' >&2
for i in $(seq 1 ${AFTER}); do echo "    at <img src=x onerror=alert($i)>" >&2; done
echo "1 of 12 checks did not pass" >&2
exit 3
`;
const ERROR_LINE = BEFORE + 2;

let project: GatedProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;
let runId: string;

beforeAll(async () => {
  project = new GatedProject();
  project.addBundle('ledger-check', {
    name: 'Ledger check',
    steps: [['action: check.run'], ['action: workflow.log', 'inputs: {message: done}']],
    tools: { 'check.sh': TOOL },
  });
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  client = await project.connect();
  runId = (await client.call('runs.start', { workflow: 'ledger-check', inputs: {} })).runId;
  await untilStatus(client, runId, 'failed');
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

const go = async (query = ''): Promise<void> => {
  await page.evaluate((to) => {
    location.hash = to;
  }, `#/runs/${runId}${query}`);
  await untilShown(page, 'Failed');
};
const log = () => page.getByRole('region', { name: 'Log', exact: true });
const marked = () => log().locator('.line.hit');

it('the cause is the headline; behind Details stand the last lines as they were printed, to copy', async () => {
  await go();
  const box = page.getByRole('complementary').locator('.note.failed');
  const headline = await box.locator('b').first().innerText();
  expect(headline).toBe('Script failed with exit code 3: 1 of 12 checks did not pass');
  await box.getByText('Details').click();
  const said = box.getByRole('figure', { name: 'Last lines of its error output' });
  const lines = (await said.locator('pre').innerText()).trimEnd().split('\n');
  expect(lines.at(-1)).toBe('1 of 12 checks did not pass');
  expect(lines.at(-2)).toBe(`    at <img src=x onerror=alert(${AFTER})>`);
  expect(await said.locator('img').count()).toBe(0);
  await expect.poll(() => said.locator('pre').evaluate((pre) => getComputedStyle(pre).fontFamily)).toMatch(/mono/i);
  await said.getByRole('button', { name: /^Copy/ }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('1 of 12 checks did not pass');
  await expect.poll(() => box.locator('.num').first().innerText()).toBe('3');
});

it('sheets of parts come after the reset, in whatever order they are loaded', async () => {
  const paddings = await page.evaluate(() =>
    ['.run-head', '.d-head', '.logbar'].map((part) => {
      const element = document.querySelector(part);
      return element === null ? '' : getComputedStyle(element).paddingLeft;
    }),
  );
  expect(paddings.map((padding) => Number.parseFloat(padding) > 0)).toEqual([true, true, true]);
});

it('the first error of a long log is one press away: from the error, from the bar, and by a key', async () => {
  const jumps = [
    () => page.getByRole('button', { name: 'Show it in the log' }).click(),
    () => page.getByRole('button', { name: /^Jump to the first error/ }).click(),
    () => log().press('e'),
  ];
  for (const jump of jumps) {
    await go('?tab=log');
    await log().press('End');
    await log()
      .locator(`.line[data-row="${BEFORE + AFTER + 2}"]`)
      .waitFor();
    await jump();
    await marked().getByText('AssertionError: the ledger of May is open').waitFor();
    await expect.poll(() => marked().locator('.ln').innerText()).toBe(String(ERROR_LINE));
  }
});

it('says where lines are left out, in a row of its own', async () => {
  const gap = log().locator('.line.gap');
  await gap.waitFor();
  await expect.poll(() => gap.innerText()).toMatch(/1,234 lines are left out here$/);
});

it('a line has an address: opened anew, handed on or changed by hand it comes into view', async () => {
  await go(`?line=${BEFORE}`);
  await marked().getByText(`checked ${BEFORE}`, { exact: true }).waitFor();
  await page.reload();
  await marked().getByText(`checked ${BEFORE}`, { exact: true }).waitFor();
  await expect.poll(() => marked().isVisible()).toBe(true);
  await go('?line=7');
  await marked().getByText('checked 7', { exact: true }).waitFor();
  await log().locator('.line', { hasText: 'checked 9' }).first().locator('.ln').click();
  await page.waitForURL(/\?line=9$/);
  await marked()
    .filter({ hasText: /checked 9$/ })
    .waitFor();
});

it('step and tab stand in the address too', async () => {
  await go();
  await stepRow(page, 'Part 2').click();
  await page.getByRole('tab', { name: /^Inputs/ }).click();
  await page.waitForURL(/\?tab=inputs&step=step_2$/);
  await page.reload();
  await page.getByRole('complementary', { name: 'Step: Part 2' }).waitFor();
  await expect.poll(() => page.getByRole('tab', { name: /^Inputs/ }).getAttribute('aria-selected')).toBe('true');
  await go('?tab=events&step=step_1');
  await page.getByRole('complementary', { name: 'Step: Part 1' }).waitFor();
  await expect.poll(() => page.getByRole('tab', { name: /^Events/ }).getAttribute('aria-selected')).toBe('true');
});
