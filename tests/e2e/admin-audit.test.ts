import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyExport } from '../../src/core/governance/index.ts';
import type { HolderClient } from '../../src/server/index.ts';
import type { AuditManifest } from '../../src/shared/model/audit.ts';
import { launchBrowser } from '../support/doors/index.ts';
import { GatedProject, workStep } from '../support/gated-project.ts';
import { untilStatus } from '../support/run-page.ts';
import { check, checkOpened, SIZES, show, THEMES, VIEWS } from '../support/screen-check.ts';

/** More than one page of the list. */
const ROLES = 130;
let project: GatedProject;
let opened: Awaited<ReturnType<typeof launchBrowser>>;
let client: HolderClient;
let page: Page;
let runId: string;

beforeAll(async () => {
  project = new GatedProject();
  project.addBundle('month-end', { name: 'Month end', steps: [workStep('a')] });
  opened = await launchBrowser({ projectPath: project.path, home: project.home });
  page = opened.page;
  page.setDefaultTimeout(100_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  client = await project.connect();
  ({ runId } = await client.call('runs.start', { workflow: 'month-end', inputs: {} }));
  project.openGates(1);
  await untilStatus(client, runId, 'completed');
  for (let at = 0; at < ROLES; at += 1) await client.call('roles.create', { name: `role-${at}` });
  await client.call('users.create', { username: 'bob', roles: ['viewer'] });
  await client.call('roles.create', { name: 'ROLE-0' }).catch(() => undefined);
});
afterAll(async () => {
  client.close();
  await opened.close();
  project.remove();
});

const grid = () => page.getByRole('grid', { name: 'Events' });
const pane = () => page.getByRole('complementary', { name: 'Event' });
const hash = () => page.evaluate(() => decodeURIComponent(location.hash));
const go = (route: string) =>
  page.evaluate((to) => {
    location.hash = to;
  }, route);

it('the list, one event beside it, storage and the metrics stand in both sizes and themes: no axe violation, nothing cut off', async () => {
  const { events } = await client.call('audit.query', { eventType: 'security.user_created', limit: 1 });
  await go('#/admin?tab=audit');
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.getByText('Unbroken').waitFor();
  const months = page.getByRole('list', { name: 'The chain by month' }).getByRole('listitem');
  await months
    .first()
    .getByText(/ events?, checked$/)
    .waitFor({ state: 'attached' });
  for (const [name, route, seen] of [
    ['admin-audit-list', '#/admin?tab=audit', 'Verify now'],
    ['admin-audit', `#/admin?tab=audit&event=${events[0]?.id}`, 'Place in the chain'],
    ['admin-storage-first', '#/admin?tab=storage', 'There is no backup yet'],
    ['admin-metrics', '#/admin?tab=metrics', 'Not served'],
  ] as const)
    for (const [size, theme] of VIEWS) {
      await show(page, route, theme, size);
      await page.getByText(seen).filter({ visible: true }).first().waitFor();
      await check(page, `${name}-${theme}${size.name}`);
    }
  await page.setViewportSize(SIZES[0]);
});

it('only what is on the screen is drawn; the end of the log is reached by key, page after page', async () => {
  await go('#/admin?tab=audit');
  await grid().getByRole('row').nth(3).waitFor();
  expect(await grid().getByRole('row').count()).toBeLessThan(80);
  const { total } = await client.call('audit.query', { limit: 1 });
  expect(total).toBeGreaterThan(200);
  await grid().focus();
  const last = () => grid().getByRole('row').last().getAttribute('aria-rowindex').then(Number);
  await expect
    .poll(
      async () => {
        await page.keyboard.press('End');
        return last();
      },
      { timeout: 90_000 },
    )
    .toBeGreaterThanOrEqual(total);
  // Enter opens the row, Escape closes it.
  await page.keyboard.press('Enter');
  await pane().getByText('Place in the chain').waitFor();
  await page.keyboard.press('Escape');
  await pane().waitFor({ state: 'detached' });
});

it('filters stand in the address and survive a reload; of an act both sides are shown', async () => {
  await go('#/admin?tab=audit');
  await page.getByRole('button', { name: 'Denied or failed' }).click();
  await expect.poll(hash).toContain('result=bad');
  await expect.poll(() => grid().getByRole('row').count()).toBe(2);
  await page.reload();
  await grid().getByRole('row').filter({ hasText: 'Failed' }).click();
  await pane().getByText("There is a role 'role-0' already.").first().waitFor();
  await pane().getByRole('heading', { name: 'Before: what was wanted' }).waitFor();
  await pane().getByText('ROLE-0').first().waitFor();
  await pane().getByRole('heading', { name: 'After: what became of it' }).waitFor();
  await pane().getByRole('button', { name: 'role:ROLE-0' }).click();
  await expect.poll(hash).toContain('on=role:ROLE-0');
  await page.getByRole('button', { name: 'Denied or failed' }).click();
  // What was wanted and what became of it, both about this one.
  await expect.poll(() => grid().getByRole('row').count()).toBe(3);
  await page.getByRole('button', { name: 'Remove filter role:ROLE-0' }).click();
  await go('#/admin?tab=audit&type=system.error');
  await page.getByText('No event is like that.').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await grid().getByRole('row').nth(3).waitFor();
});

it('the evidence pack of a run is saved from an event of it and from its page, and can be checked anywhere', async () => {
  const { events } = await client.call('audit.query', { eventType: 'workflow.completed', limit: 1 });
  for (const [name, route, ways] of [
    ['admin-audit-run', `#/admin?tab=audit&event=${events[0]?.id}`, ['button']],
    ['run-evidence', `#/runs/${runId}`, ['More about this run', 'menuitem']],
  ] as const) {
    for (const theme of THEMES) {
      await show(page, route, theme, SIZES[0]);
      if (ways.length === 2) await page.getByRole('button', { name: ways[0] }).click();
      await page.getByRole(ways.at(-1) as 'button', { name: 'Save evidence pack' }).waitFor();
      // An open menu stands beside the landmarks of the page.
      if (ways.length === 2) await page.keyboard.press('Escape');
      else await check(page, `${name}-${theme}`);
    }
    const download = page.waitForEvent('download');
    if (ways.length === 2) await page.getByRole('button', { name: ways[0] }).click();
    await page.getByRole(ways.at(-1) as 'button', { name: 'Save evidence pack' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`evidence-${runId}.jsonl`);
    const text = readFileSync(await file.path(), 'utf8');
    const verdict = await verifyExport(
      (async function* () {
        yield text;
      })(),
      null,
    );
    expect(verdict).toMatchObject({ valid: true, checked: 3 });
  }
});

it('the chain is verified at a press; what is exported can be checked anywhere; all of it is written down', async () => {
  await go('#/admin?tab=audit&type=security.role_changed');
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.getByText('Unbroken').waitFor();

  const files = new Map<string, string>();
  const save = (download: Download): void => {
    const path = join(project.root, download.suggestedFilename());
    void download.saveAs(path).then(() => files.set(download.suggestedFilename(), path));
  };
  page.on('download', save);
  await grid().getByRole('row').nth(3).waitFor();
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: /lines of JSON/ }).click();
  await expect
    .poll(() => [...files.keys()].sort(), { timeout: 90_000 })
    .toEqual(['audit.jsonl', 'audit.jsonl.manifest.json']);
  // A later test saves what it exports itself: a second hand on its download would be cut off by the end of the page.
  page.off('download', save);
  const textOf = (name: string): string => readFileSync(files.get(name) ?? '', 'utf8');
  const manifest = JSON.parse(textOf('audit.jsonl.manifest.json')) as AuditManifest;
  const verdict = await verifyExport(
    (async function* () {
      yield textOf('audit.jsonl');
    })(),
    manifest,
  );
  expect(verdict).toMatchObject({ valid: true, checked: manifest.events });
  expect(manifest).toMatchObject({ complete: false, events: 2 * (ROLES + 1) });
  const { events } = await client.call('audit.query', { resourceType: 'audit', limit: 1000 });
  const actions = events.map(({ action }) => action);
  for (const action of ['audit.query', 'audit.verify', 'audit.export']) expect(actions).toContain(action);
});

it('storage: a run is pinned, the others go after a look, a backup is made, tried and brought back', async () => {
  const second = (await client.call('runs.start', { workflow: 'month-end', inputs: {} })).runId;
  await untilStatus(client, second, 'completed');
  await go(`#/runs/${runId}`);
  await page.getByRole('button', { name: 'More about this run' }).click();
  await page.getByRole('menuitem', { name: 'Keep whatever its age' }).click();
  await expect.poll(async () => (await client.call('storage.pins', {})).length).toBe(1);

  await go('#/admin?tab=storage');
  const side = page.getByRole('complementary', { name: 'How long things stay' });
  await side.getByText('1 pinned run', { exact: true }).waitFor();
  await side.getByText('Nothing is that old.').waitFor();
  const days = side.getByLabel('Remove runs that ended more than');
  await days.fill('ten');
  await side.getByText('A whole number from 0 to 36,500').first().waitFor();
  await days.fill('0');
  await side.getByText('1 run', { exact: true }).waitFor();
  await side.getByRole('button', { name: 'Remove…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('This is the first time: from now on, what is older than 90 days goes by itself').waitFor();
  await checkOpened(page, 'admin-cleanup');
  await page.setViewportSize(SIZES[0]);
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  const left = await client.call('runs.list', {});
  expect(left.runs.map((run) => run.runId)).toEqual([runId]);
  await side.getByText('What is older goes by itself, once a day.').waitFor();
  await side.getByRole('button', { name: 'Change…' }).click();
  await dialog.getByLabel('Audit log').fill('0');
  await dialog.getByText('A whole number from 1 to 36,500').first().waitFor();
  await dialog.getByLabel('Audit log').fill('400');
  await checkOpened(page, 'admin-retention');
  await page.setViewportSize(SIZES[0]);
  await dialog.getByLabel('Audit log').press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await side.getByText('400 days').waitFor();

  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByText('Nobody has tried yet whether a backup can be brought back.').waitFor();
  await page.getByRole('button', { name: 'Try it out' }).click();
  await page.getByText('The last restore drill worked.').waitFor();
  await page.getByRole('button', { name: /^Restore into a folder/ }).click();
  await dialog.getByLabel('Folder').fill(join(project.root, 'again'));
  await dialog.getByLabel('Folder').press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect(readdirSync(join(project.root, 'again'))).toContain('.aiworkflow');
  for (const [size, theme] of VIEWS) {
    await show(page, '#/admin?tab=storage', theme, size);
    await page.getByText('The last restore drill worked.').waitFor();
    await check(page, `admin-storage-${theme}${size.name}`);
  }
  await page.setViewportSize(SIZES[0]);
  await side.getByRole('button', { name: /^Let go of Month end/ }).press('Enter');
  await expect.poll(async () => (await client.call('storage.pins', {})).length).toBe(0);
});

it('a run leaves as a report and as a file that another control center can only look at; diagnostics say first what they hold', async () => {
  await go(`#/runs/${runId}`);
  const save = async (item: string): Promise<string> => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'More about this run' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    const path = join(project.root, (await download).suggestedFilename());
    await (await download).saveAs(path);
    return path;
  };
  const sheet = await page.context().newPage();
  await sheet.goto(pathToFileURL(await save('Save report (HTML)')).href);
  await sheet.getByRole('heading', { name: 'Run of Month end' }).waitFor();
  for (const [size, theme] of VIEWS) {
    await sheet.setViewportSize(size);
    await sheet.emulateMedia({ colorScheme: theme });
    await check(sheet, `run-report-${theme}${size.name}`);
  }
  await sheet.close();
  const file = await save('Save for another control center');
  await go('#/runs');
  // As if it had never run here.
  await client.call('runs.delete', { runId });
  await page.getByRole('button', { name: 'Open a run file…' }).click();
  await page.getByLabel('Choose a file…').first().setInputFiles(file);
  const note = page.getByText('Another control center, read-only');
  await note.waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
  for (const [size, theme] of VIEWS) {
    await show(page, `#/runs/${runId}`, theme, size);
    await note.waitFor();
    await check(page, `run-foreign-${theme}${size.name}`);
  }
  await page.setViewportSize(SIZES[0]);
  await go('#/runs');
  await page.getByRole('button', { name: 'Open a run file…' }).click();
  await page.getByRole('list', { name: 'Opened runs of other control centers' }).getByText('Month end').waitFor();
  await checkOpened(page, 'runs-foreign');
  await page.setViewportSize(SIZES[0]);
  await page.getByRole('button', { name: 'Let go of the run of Month end' }).click();
  await expect.poll(async () => (await client.call('runs.foreign', {})).runs.length).toBe(0);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Help and settings' }).click();
  await page.getByRole('menuitem', { name: 'Diagnostics…' }).click();
  await page.getByText('failures.json').waitFor();
  await checkOpened(page, 'diagnostics');
  await page.setViewportSize(SIZES[0]);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the archive' }).click();
  expect((await download).suggestedFilename()).toMatch(/^aiworkflow-diagnostics-\d{8}T\d{6}\.zip$/);
});
