import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DOOR_NAMES, type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject } from '../support/gated-project.ts';
import { EXAMPLES_DIR } from '../support/paths.ts';
import { openedRun, untilShown } from '../support/run-page.ts';

let project: GatedProject;
let opened: OpenedDoor;
let page: Page;

beforeEach(() => {
  project = new GatedProject();
  project.addBundle('month-end', { name: 'Month end', steps: [['action: workflow.noop']] });
});
afterEach(async () => {
  await opened?.close();
  project.remove();
});

const MAX_TABS = 80;

/** Name and role of what has the focus, as a person who hears the page would know it. */
const focused = (): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
    const label = labels[0] ?? element?.closest('label');
    const name = element?.getAttribute('aria-label') ?? label?.textContent ?? element?.textContent ?? '';
    return `${element?.getAttribute('role') ?? element?.tagName.toLowerCase() ?? ''} ${name.replace(/\s+/g, ' ').trim()}`;
  });

/** Presses Tab until the focus is where it should be; every stop on the way can be seen to have it. */
async function tabTo(wanted: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let count = 0; count < MAX_TABS; count += 1) {
    await page.keyboard.press('Tab');
    const now = await focused();
    if (wanted.test(now)) return;
    seen.push(now);
  }
  throw new Error(`Tab never came to ${wanted}. It came to:\n${seen.join('\n')}`);
}
const palette = async (text: string, option: string | RegExp): Promise<void> => {
  await page.keyboard.press('Control+k');
  const dialog = page.getByRole('dialog', { name: 'Search and commands' });
  await dialog.waitFor();
  await page.keyboard.type(text);
  await dialog.getByRole('option', { name: option, selected: true }).waitFor();
};

describe.each(DOOR_NAMES)('with keys alone (%s)', (door) => {
  it('a bundle is imported, found, run, looked through and left', async () => {
    opened = await openDoor(door, { projectPath: project.path, home: project.home });
    page = opened.page;
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();

    // Asked for early: Chromium must know that the test answers in place of the file dialog.
    const chosen = page.waitForEvent('filechooser');
    await palette('import a folder', /Import a folder/);
    await page.keyboard.press('Enter');
    await (await chosen).setFiles(join(EXAMPLES_DIR, 'csv-report'));
    const sheet = page.getByRole('dialog', { name: 'Import CSV report' });
    await sheet.waitFor();
    await sheet.getByText('tools/sales.mjs').first().waitFor();
    await tabTo(/^checkbox I trust exactly this content/);
    await page.keyboard.press('Space');
    await tabTo(/^button Trust and import$/);
    await page.keyboard.press('Enter');
    await sheet.waitFor({ state: 'hidden' });
    expect(existsSync(join(project.bundleDir('csv-report'), 'workflow.md'))).toBe(true);

    await page.keyboard.press(door === 'browser' ? 'Alt+2' : 'Control+2');
    await page.getByRole('link', { name: 'CSV report', exact: true }).waitFor();
    await page.keyboard.press('/');
    await expect.poll(focused).toMatch(/^input Search workflows/);
    await page.keyboard.type('csv');
    await page.getByRole('link', { name: 'Month end', exact: true }).waitFor({ state: 'detached' });
    await tabTo(/^a CSV report$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'CSV report', level: 1 }).waitFor();

    await page.keyboard.press('Control+Enter');
    const runId = await openedRun(page);
    await untilShown(page, 'Completed');
    // A run that has completed shows what it gave.
    await tabTo(/^tab Result/);
    for (let count = 0; count < 2; count += 1) await page.keyboard.press('ArrowLeft');
    await expect.poll(focused).toMatch(/^tab Log/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('/');
    await expect.poll(focused).toMatch(/^input Search the log/);
    await page.keyboard.type('report.html');
    await page.locator('.log .line.hit').waitFor();
    await page.keyboard.press('Escape');

    await page.keyboard.press('Shift+Tab');
    for (let count = 0; count < 4 && !/^tab Log/.test(await focused()); count += 1)
      await page.keyboard.press('Shift+Tab');
    await expect.poll(focused).toMatch(/^tab Log/);
    for (let count = 0; count < 3; count += 1) await page.keyboard.press('ArrowRight');
    await expect.poll(focused).toMatch(/^tab Files/);
    // The log names it too: only what stands among the files can be reached.
    const files = page.getByRole('listbox', { name: 'Files of the run' });
    await files.getByText('summary.json').waitFor();
    await tabTo(/^listbox Files of the run$/);
    const at = (await files.getByRole('option').allInnerTexts()).findIndex((file) => file.includes('summary.json'));
    const chosenAt = async (): Promise<number> =>
      (await files.getByRole('option').evaluateAll((all) => all.map((one) => one.ariaSelected))).indexOf('true');
    // One press at a time: each is drawn before the next, so that none goes past it.
    for (let count = Math.max(await chosenAt(), 0); count < at; count += 1) {
      await page.keyboard.press('ArrowDown');
      await expect.poll(chosenAt).toBe(count + 1);
    }
    await page.getByRole('region', { name: 'Content of summary.json' }).getByText('orders').first().waitFor();

    await page.keyboard.press(door === 'browser' ? 'Alt+3' : 'Control+3');
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    await page.getByTitle(runId, { exact: true }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`#/runs/${runId}$`));

    await palette('month', /Month end/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Month end', level: 1 }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
});

describe('the palette on a slow machine', () => {
  it('opens what was typed at the first Enter that does anything, never something else', async () => {
    for (const name of ['Accounts', 'Backups', 'Calls'])
      project.addBundle(name.toLowerCase(), { name, steps: [['action: workflow.noop']] });
    opened = await openDoor('browser', { projectPath: project.path, home: project.home });
    page = opened.page;
    // A key that is pressed before anything is drawn is nobody's.
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    const devTools = await page.context().newCDPSession(page);
    for (const [round, rate] of [4, 8, 16].entries()) {
      await devTools.send('Emulation.setCPUThrottlingRate', { rate });
      await page.keyboard.press(round % 2 === 0 ? 'Alt+2' : 'Alt+3');
      await page.getByRole('heading', { name: round % 2 === 0 ? 'Workflows' : 'Runs', level: 1 }).waitFor();
      await page.keyboard.press('Control+k');
      const dialog = page.getByRole('dialog', { name: 'Search and commands' });
      await dialog.waitFor();
      await page.keyboard.type('month');
      await page.keyboard.press('Enter');
      const shown = page.getByRole('heading', { name: 'Month end', level: 1 });
      const chosen = dialog.getByRole('option', { name: /Month end/, selected: true });
      await chosen.or(shown).first().waitFor();
      await page.keyboard.press('Enter');
      await shown.waitFor();
      await dialog.waitFor({ state: 'detached' });
    }
  });
});
