import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { untilShown } from '../support/run-page.ts';

/** From a fresh profile and an empty project to the first run that succeeded, without any key of a provider: every press is counted. */
let folder: string | null = null;
let opened: OpenedDoor | null = null;
afterEach(async () => {
  await opened?.close();
  opened = null;
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  folder = null;
});

async function openEmpty(door: 'browser' | 'desktop'): Promise<Page> {
  folder = mkdtempSync(join(tmpdir(), 'aiw-first-'));
  const projectPath = join(folder, 'office');
  mkdirSync(projectPath);
  opened = await openDoor(door, { projectPath, home: join(folder, 'home') });
  const { page } = opened;

  await page.getByRole('heading', { name: 'Welcome', level: 1 }).waitFor();
  await page.evaluate(countPresses);
  return page;
}

/** What a person presses: with the mouse, or Enter and Space. */
function countPresses(): void {
  const counted = window as unknown as { presses: number };
  counted.presses = 0;
  addEventListener('pointerdown', () => (counted.presses += 1), true);
  addEventListener('keydown', ({ key }) => (counted.presses += key === 'Enter' || key === ' ' ? 1 : 0), true);
}
const presses = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { presses: number }).presses);

it('by mouse: three clicks, and all that is offered on the way works', async () => {
  const page = await openEmpty('browser');
  await page.getByRole('button', { name: /^Add \d+ examples$/ }).click();
  await page.getByRole('button', { name: 'Run CSV report' }).click();
  await page.getByRole('heading', { name: 'CSV report', level: 1 }).waitFor();
  await page.getByRole('button', { name: /^Run/ }).first().click();
  await page.waitForURL(/runs\/csv-report-/);
  await untilShown(page, 'Completed');
  expect(await presses(page)).toBe(3);

  // What else the welcome offers: every example has its page, the agent is checked, another folder is asked for, and it can be left.
  await page.goto(`${new URL(page.url()).origin}/#/welcome`);
  const offered = page.getByRole('button', { name: /^Run / });
  await offered.first().waitFor();
  const names = (await offered.allInnerTexts()).map((text) => text.trim().replace(/^Run /, ''));
  expect(names.length).toBeGreaterThanOrEqual(5);
  for (const name of names) {
    await page.getByRole('button', { name: `Run ${name}`, exact: true }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await page.getByRole('button', { name: /^Run/ }).first().and(page.locator(':focus')).waitFor();
    await page.goBack();
  }
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('It answers', { exact: false }).first().waitFor();
  await page
    .getByRole('button', { name: /folder/i })
    .first()
    .click();
  await page.getByRole('dialog', { name: 'Open another folder' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page
    .getByRole('main')
    .getByRole('link', { name: /workflows|library/i })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Workflows', level: 1 }).waitFor();
});

it('with keys alone: three presses of Enter, on what has the focus', async () => {
  const page = await openEmpty('desktop');
  const tabTo = async (wanted: RegExp): Promise<void> => {
    for (let count = 0; count < 40; count += 1) {
      const name = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
      if (wanted.test(name) && (await page.evaluate(() => document.activeElement !== document.body))) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never came to ${wanted}.`);
  };
  await page.getByRole('button', { name: /^Add \d+ examples$/ }).waitFor();
  await tabTo(/^Add \d+ examples$/);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Run CSV report' }).waitFor();
  await tabTo(/^Run CSV report$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'CSV report', level: 1 }).waitFor();
  // The way to run it has the focus already.
  await page.getByRole('button', { name: /^Run/ }).first().and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/runs\/csv-report-/);
  await untilShown(page, 'Completed');
  expect(await presses(page)).toBe(3);
});
