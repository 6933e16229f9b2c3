import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { osUserName } from '../../src/server/os-user.ts';
import { launchDesktop, launchDesktopWithoutPages } from '../support/doors/launch-desktop.ts';
import type { LaunchedDesktop } from '../support/electron-stand-in/launch-desktop.ts';
import type { LaunchedMain } from '../support/electron-stand-in/launch-main.ts';
import type { ShownItem } from '../support/electron-stand-in/menu.ts';
import { GatedProject } from '../support/gated-project.ts';
import { check, checkOpened, SIZES, show, VIEWS } from '../support/screen-check.ts';

/** Quitting the desktop app: what it leaves out is listed first, and the ledger says who quit. */
let project: GatedProject;
const open: Pick<LaunchedMain, 'close'>[] = [];
async function launch(): Promise<LaunchedMain> {
  const desktop = await launchDesktopWithoutPages({ projectPath: project.path, home: project.home });
  open.push(desktop);
  return desktop;
}

/** Arms the hourly report by the socket, as a person does on the screen. */
async function arm(): Promise<void> {
  const client = await project.connect();
  const { key, definitionHash, contentHash } = await client.call('triggers.get', { trigger: 'report/hourly' });
  await client.call('triggers.arm', { trigger: key, definitionHash, contentHash: contentHash ?? '' });
  client.close();
}

beforeEach(() => {
  project = new GatedProject();
  project.addBundle('report', {
    name: 'Hourly report',
    frontmatter: ['triggers:', '  - {type: schedule, id: hourly, schedule: "0 * * * *"}'],
    steps: [['action: workflow.set_outputs', 'inputs: {said: "done"}']],
  });
});
afterEach(async () => {
  for (const desktop of open.splice(0)) await desktop.close();
  project.remove();
});

/** A `systemctl` that takes everything, for a test sets no timer of this machine; and what an administrator has set. */
function ofThisMachine(): Readonly<Record<string, string>> {
  const folder = join(project.root, 'programs');
  mkdirSync(folder);
  writeFileSync(join(folder, 'systemctl'), '#!/bin/sh\n', { mode: 0o755 });
  const policy = join(project.root, 'policy.json');
  writeFileSync(policy, '{"channel": "latest"}');
  return { PATH: `${folder}${delimiter}${process.env.PATH}`, XDG_CONFIG_HOME: '', AIWORKFLOW_POLICY_FILE: policy };
}

/** Saves all settings as a file and takes one in; what an administrator has set stays. */
async function takeAlong(page: Page): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('');
  const row = page.getByRole('listitem').filter({ hasText: 'Channel' });
  expect(await row.getByRole('combobox').count()).toBe(0);
  await row.getByText('Set by an administrator').waitFor();
  // The stand-in keeps no file: what is handed over to be saved is read.
  await page.evaluate(() => {
    const make = URL.createObjectURL;
    URL.createObjectURL = (file) => {
      void (file as Blob).text().then((text) => {
        window.name = text;
      });
      return make.call(URL, file);
    };
  });
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  expect((await saving).suggestedFilename()).toBe('aiworkflow-settings.json');
  await expect.poll(() => page.evaluate(() => window.name)).toContain('aiworkflow-settings');
  const saved = JSON.parse(await page.evaluate(() => window.name));
  expect(saved).toMatchObject({ format: 'aiworkflow-settings', computer: { quiet: { from: '08:15' } } });
  const take = (given: unknown): Promise<void> =>
    page.locator('input[aria-label="File of settings"]').setInputFiles({
      name: 'settings.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(given)),
    });
  await take({ ...saved, computer: { ...saved.computer, explodes: true } });
  await page.getByText('values that are none: explodes').first().waitFor();
  await take({
    ...saved,
    window: { ...saved.window, density: 'compact' },
    computer: { keepsAwake: true, channel: 'beta' },
  });
  // The notices of earlier changes lie behind it.
  const notice = page.getByRole('listitem').filter({ hasText: 'The settings of the file count now' });
  await notice.waitFor();
  const awake = page.getByRole('switch', { name: 'Keep the computer awake' });
  await expect.poll(() => awake.getAttribute('aria-checked')).toBe('true');
  await expect.poll(() => page.locator('html').getAttribute('data-density')).toBe('compact');
  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => awake.getAttribute('aria-checked')).toBe('false');
  await expect.poll(() => page.locator('html').getAttribute('data-density')).toBe('comfortable');
}

/** Gives the palette other keys: what is taken is named, and the page, the menu and the list of keys obey the new ones. */
async function changeKeys({ page, recorded }: LaunchedDesktop): Promise<void> {
  const row = page.getByRole('row').filter({ hasText: 'Search or run a command' });
  await row.getByRole('button', { name: /^Change/ }).click();
  for (const [keys, said] of [
    ['Control+c', 'Ctrl C is taken: it copies, pastes, marks and undoes in every field'],
    ['Control+Enter', 'Ctrl ⏎ is taken by “Run the workflow that is open'],
    ['g', 'g is a letter while you type'],
  ] as const) {
    await page.keyboard.press(keys);
    await row.getByRole('alert').filter({ hasText: said }).waitFor();
  }
  await page.keyboard.press('Control+Shift+E');
  await row.getByText('Ctrl ⇧ E').waitFor();
  await expect.poll(() => paletteAccelerator(recorded)).toBe('CmdOrCtrl+Shift+E');
  await page.keyboard.press('Control+k');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Ctrl ⇧ E').waitFor();
  await page.keyboard.press('Escape');
}

/** What the menu of the app says of the palette. */
function paletteAccelerator(recorded: LaunchedDesktop['recorded']): string | undefined {
  const menu = recorded.filter(({ what }) => what === 'menu.app').at(-1)?.args[0] as readonly ShownItem[];
  return menu.find(({ label }) => label === 'Go')?.submenu?.[0]?.accelerator;
}

/** The keys that were chosen are still there in a page that was loaded anew; all become again what came with the app. */
async function resetKeys({ page, recorded }: LaunchedDesktop): Promise<void> {
  await page.keyboard.press('Control+Shift+E');
  await page.getByRole('dialog').getByRole('combobox').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Reset all shortcuts' }).click();
  await page.getByText('All shortcuts are again those that came with the app').waitFor();
  await expect.poll(() => paletteAccelerator(recorded)).toBe('CmdOrCtrl+K');
}

/** A picture shows nobody's own folders: those of whoever took it. */
function hideFolders(sheet: Element, [home, root, product]: readonly [string, string, string]): void {
  const texts = document.createTreeWalker(sheet, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode())
    node.textContent = (node.textContent ?? '')
      .replaceAll(home, '/home/anna')
      .replaceAll(root, '/home/anna')
      .replaceAll(/PATH=[^"]*/g, 'PATH=/usr/bin:/bin')
      .replaceAll(product, '/opt/aiworkflow');
}

/** Shows what a timer of the system is made of, has it made, and takes it away again. */
async function setTimer(page: Page): Promise<void> {
  const units = join(project.home, '.config', 'systemd');
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('timer');
  await page.getByRole('button', { name: 'Show what is written…' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByText('ExecStart=').waitFor();
  await sheet.evaluate(hideFolders, [project.home, project.root, process.cwd()] as const);
  await checkOpened(page, 'settings-timer');
  expect(existsSync(units)).toBe(false);
  await sheet.getByRole('button', { name: 'Switch it on' }).click();
  await page.getByText('On. It has not looked yet.').waitFor();
  expect(readdirSync(join(units, 'user'))).toHaveLength(2);
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Show what is written…' }).waitFor();
  expect(existsSync(units)).toBe(false);
}

const questionsOf = ({ recorded }: Pick<LaunchedMain, 'recorded'>): readonly Record<string, unknown>[] =>
  recorded.filter(({ what }) => what === 'dialog.showMessageBox').map(({ args }) => args[0] as Record<string, unknown>);

/** Who had quit when nothing was served, by the periods of the project. */
async function quitters(): Promise<readonly (string | null)[]> {
  const client = await project.connect();
  const until = Date.now() + 60_000;
  const { periods } = await client.call('triggers.calendar', { from: until - 86_400_000, until });
  client.close();
  return periods.filter(({ kind }) => kind === 'closed').map(({ quitBy }) => quitBy);
}

describe('quitting the desktop app', () => {
  it('keeps settings of this computer, and asks nothing where nothing starts by itself', async () => {
    const desktop = await launchDesktop({ projectPath: project.path, home: project.home, env: ofThisMachine() });
    open.push(desktop);
    const { page } = desktop;
    await page.getByRole('heading', { level: 1 }).waitFor();
    for (const [size, theme] of VIEWS) {
      await show(page, '#/admin?tab=settings', theme, size);
      await page.getByRole('switch', { name: 'Quiet hours' }).waitFor();
      await check(page, `settings-${theme}${size.name}`);
    }
    await page.setViewportSize(SIZES[0]);
    await changeKeys(desktop);
    await page.getByRole('combobox', { name: 'Language' }).click();
    await page.getByRole('option', { name: 'Deutsch' }).click();
    await page.getByRole('switch', { name: 'Ruhezeiten' }).waitFor();
    await page.reload();
    await page.getByRole('switch', { name: 'Ruhezeiten' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await page.getByRole('combobox', { name: 'Sprache' }).click();
    await page.getByRole('option', { name: 'Wie das System' }).click();
    await page.getByRole('switch', { name: 'Quiet hours' }).waitFor();
    await resetKeys(desktop);
    const entry = join(project.home, '.config', 'autostart', 'aiworkflow.desktop');
    await page.getByRole('switch', { name: 'Start at login' }).click();
    await expect.poll(() => existsSync(entry)).toBe(true);
    const said = page.getByRole('listitem').filter({ hasText: 'Start at login changed' });
    await said.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => existsSync(entry)).toBe(false);
    await page.getByRole('textbox', { name: 'From' }).fill('8:15');
    await page.getByRole('textbox', { name: 'From' }).press('Enter');
    await page.getByText('1 differs from the default.').waitFor();
    await page.getByRole('searchbox', { name: 'Search settings' }).fill('sunday');
    await page.getByText('1 setting for “sunday”').waitFor();
    const kept = join(project.home, 'user-data', 'desktop', 'settings.json');
    await expect.poll(() => JSON.parse(readFileSync(kept, 'utf8')).quiet.from).toBe('08:15');

    await takeAlong(page);
    if (process.platform === 'linux') await setTimer(page);
    // What the system opens is shown, and nothing of it is done: a bundle its sheet, what is too large its reason.
    desktop.tell({ kind: 'emit', event: 'open-file', args: [project.bundleDir('report')] });
    await page.getByRole('dialog').getByText('Hourly report').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const huge = join(project.root, 'huge.awb');
    writeFileSync(huge, '');
    truncateSync(huge, 2 * 1024 ** 3);
    desktop.tell({ kind: 'emit', event: 'open-file', args: [huge] });
    await page
      .getByText(/too large for a bundle/)
      .first()
      .waitFor();
    desktop.tell({ kind: 'emit', event: 'click-menu', args: ['app', 'help', 'Keyboard shortcuts'] });
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    desktop.tell({ kind: 'emit', event: 'quit' });
    expect(await desktop.exited).toBe(0);
    expect(questionsOf(desktop)).toEqual([]);
  });

  it('lists what would be missed, stays where a person thinks better of it, and writes down who quit', async () => {
    const desktop = await launch();
    await arm();
    desktop.tell({ kind: 'emit', event: 'quit' });
    await expect.poll(() => questionsOf(desktop).length).toBe(1);
    expect(questionsOf(desktop)[0]).toMatchObject({
      message: 'Quit aiworkflow?',
      buttons: ['Quit', 'Keep running'],
      defaultId: 1,
      cancelId: 1,
      detail: expect.stringMatching(
        /^Triggers start nothing[\s\S]+Would be missed until .+: \d+ starts?\.\nHourly report: .+; caught up once when it is opened again$/,
      ),
    });
    expect(desktop.child.exitCode).toBeNull();

    desktop.tell({ kind: 'answer', what: 'dialog.showMessageBox', value: { response: 0, checkboxChecked: false } });
    desktop.tell({ kind: 'emit', event: 'quit' });
    expect(await desktop.exited).toBe(0);
    await launch();
    await expect.poll(quitters).toEqual([osUserName()]);
  });

  it('asks nobody when the system ends it, and says of nobody that he quit', async () => {
    const desktop = await launch();
    await arm();
    expect(await desktop.close()).toBe(0);
    expect(questionsOf(desktop)).toEqual([]);
    await launch();
    await expect.poll(quitters).toEqual([null]);
  });
});
