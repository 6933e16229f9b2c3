import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { bundleText, GatedProject, workStep } from '../support/gated-project.ts';
import { openWorkflow, pressRun, untilShown } from '../support/run-page.ts';
import { checkOpened, SIZES } from '../support/screen-check.ts';

let project: GatedProject;
let opened: OpenedDoor;
let page: Page;
let client: HolderClient;

/** What the library holds when a test begins. */
function fillLibrary(): void {
  rmSync(project.bundleDir('month-end-2'), { recursive: true, force: true });
  project.addBundle('month-end', { name: 'Month end', steps: [workStep('a')] });
  project.addBundle('payroll', {
    name: 'Payroll',
    frontmatter: [
      'inputs:',
      '  people: {type: integer, required: true, min: 1, max: 500}',
      // A form that this browser cannot read: only the engine can say no.
      '  cost_centre: {type: string, default: "K100", pattern: "(?i)^k[0-9]+$"}',
    ],
    steps: [['action: workflow.set_outputs', 'inputs: {people: "{{ inputs.people }}"}']],
  });
}

// One host and one page for all: each test finds the library as it was, and comes to it from Today.
beforeAll(async () => {
  project = new GatedProject();
  fillLibrary();
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  client = await project.connect();
});
beforeEach(async () => {
  project.closeGates(1, 2);
  fillLibrary();
  await page.evaluate(() => {
    location.hash = '#/today';
  });
  // Nothing stays that the test before has opened or was told.
  await page.reload();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'Workflows', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Workflows', level: 1 }).waitFor();
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

describe('the form', () => {
  it('says at its field what is wrong, also what only the engine knows, and starts nothing', async () => {
    await openWorkflow(page, 'Payroll');
    const people = page.getByLabel('People');
    const centre = page.getByLabel('Cost centre');
    const run = page.getByRole('button', { name: /^Run/ });
    const described = async (field: typeof people): Promise<string> =>
      (await page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`).textContent()) ?? '';

    await run.click();
    await expect.poll(() => described(people)).toBe('Enter a value');
    await expect.poll(() => people.evaluate((field) => field === document.activeElement)).toBe(true);
    await people.fill('501');
    await run.click();
    await expect.poll(() => described(people)).toBe('Enter a whole number from 1 to 500');
    await expect.poll(() => people.getAttribute('aria-invalid')).toBe('true');
    await page.getByText('1 field needs a change').waitFor();

    await people.fill('12');
    await centre.fill('north');
    await run.click();
    await expect.poll(() => centre.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => described(centre)).toMatch(/^(This value does not|Enter a value such as)/);
    await expect.poll(() => people.getAttribute('aria-invalid')).toBeNull();
    expect((await client.call('runs.counts', {})).total).toBe(0);

    await centre.fill('K7');
    const runId = await pressRun(page);
    await untilShown(page, 'Completed');
    const view = await client.call('runs.get', { runId });
    expect([view.inputs, view.outputs]).toEqual([{ people: 12, cost_centre: 'K7' }, { people: 12 }]);
  });
});

describe('the library', () => {
  it('takes a workflow out and, at Undo, brings it back as it was', async () => {
    const file = join(project.bundleDir('month-end'), 'workflow.md');
    const before = readFileSync(file, 'utf8');
    await page.getByRole('button', { name: 'More for Month end' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByText('“Month end” was removed. Its runs stay.').waitFor();
    await page.getByRole('link', { name: 'Month end', exact: true }).waitFor({ state: 'detached' });
    expect(existsSync(file)).toBe(false);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('“Month end” is back.').waitFor();
    await page.getByRole('link', { name: 'Month end', exact: true }).waitFor();
    expect(readFileSync(file, 'utf8')).toBe(before);
    project.openGates(1);
    await openWorkflow(page, 'Month end');
    await pressRun(page);
    await untilShown(page, 'Completed');
  });
});

describe('what is imported', () => {
  const SCRIPT = '#!/usr/bin/env bash\necho "<img src=x onerror=alert(1)>" \u202e"gpj.exe"\n';

  it('can be read before anybody consents, says its risk, and has the focus', async () => {
    const incoming = join(project.root, 'incoming', 'payslips');
    cpSync(project.bundleDir('month-end'), incoming, { recursive: true });
    writeFileSync(join(incoming, 'workflow.md'), bundleText('payslips', { name: 'Payslips', steps: [workStep('a')] }));
    writeFileSync(join(incoming, 'tools', 'work.sh'), SCRIPT);
    await page.locator('input[data-pick="folder"]').setInputFiles(incoming);
    const sheet = page.getByRole('dialog', { name: 'Import Payslips' });
    await sheet.getByText(/Payslips 1\.0\.0 · 1 step · .* · Risk not declared/).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Payslips 1.0.0');
    await sheet.getByRole('button', { name: 'Read tools/work.sh' }).first().click();
    const viewer = page.getByRole('dialog', { name: 'tools/work.sh' });
    await viewer.getByText('echo "<img src=x onerror=alert(1)>" ⟨U+202E⟩"gpj.exe"').waitFor();
    expect(await viewer.locator('img').count()).toBe(0);
    // A file that ends with a line break has no line after it.
    expect(await viewer.getByText('3', { exact: true }).count()).toBe(0);
    await viewer.getByRole('button', { name: 'Back to the import' }).click();
    await viewer.waitFor({ state: 'detached' });
    await sheet.getByRole('button', { name: 'Read workflow.md' }).click();
    await page.getByRole('dialog', { name: 'workflow.md' }).getByText('name: "Payslips"').waitFor();
    await page.keyboard.press('Escape');
    await sheet.getByRole('button', { name: 'Do not import' }).click();
    await sheet.waitFor({ state: 'detached' });
  });

  it('is said to be a picture where it is one, with what could be dropped instead', async () => {
    const buffer = Buffer.from('not looked at');
    await page
      .locator('input[data-pick="archive"]')
      .setInputFiles({ name: 'office.png', mimeType: 'image/png', buffer });
    const dialog = page.getByRole('dialog', { name: 'Nothing to import' });
    await dialog.getByText('“office.png” is a picture. Nothing of it was sent.').waitFor();
    await dialog.getByText('an archive of one: .awb or .zip').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('of another program becomes drafts, with what did not map, and arms nothing', async () => {
    const crontab = '# Nightly backup\n30 2 * * * /usr/local/bin/backup\n\n@reboot /usr/local/bin/agent\n';
    const buffer = Buffer.from(crontab);
    await page.locator('input[data-pick="foreign"]').setInputFiles({ name: 'crontab', mimeType: '', buffer });
    const dialog = page.getByRole('dialog', { name: 'Drafts of crontab' });
    const backup = dialog.getByRole('region', { name: 'Nightly backup' });
    await backup.getByText(/1 step · crontab, crontab · would start by schedule 30 2 \* \* \*/).waitFor();
    await dialog.getByRole('region', { name: 'agent' }).getByText("'@reboot': nothing starts when").waitFor();
    await checkOpened(page, 'import-drafts');
    // The rail has its words again.
    await page.setViewportSize(SIZES[0]);
    await dialog.getByRole('checkbox', { name: 'agent' }).uncheck();
    await dialog.getByRole('button', { name: 'Import 1 draft' }).click();
    await page.getByText('“Nightly backup” is in the library as a draft.').waitFor();
    const { triggers } = await client.call('triggers.list', {});
    expect(triggers.filter(({ workflowId }) => workflowId === 'nightly-backup').map(({ status }) => status)).toEqual([
      'not_armed',
    ]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The import of “Nightly backup” was undone.').waitFor();
  });

  it('says what to do where an archive is broken', async () => {
    await page
      .locator('input[data-pick="archive"]')
      .setInputFiles({ name: 'payslips.zip', mimeType: 'application/zip', buffer: Buffer.from('PK\u0003\u0004 half') });
    const dialog = page.getByRole('dialog', { name: 'Import payslips' });
    await dialog.getByText('The archive was refused: it is not a zip file, or it is damaged').waitFor();
    await dialog.getByText(/Get the archive once more, or ask whoever made it/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('an import of a name that is already there', () => {
  /** A changed `month-end` from elsewhere, picked in the file dialog; gives the sheet. */
  async function importChanged() {
    const incoming = join(project.root, 'incoming', 'month-end');
    cpSync(project.bundleDir('month-end'), incoming, { recursive: true });
    writeFileSync(
      join(incoming, 'workflow.md'),
      bundleText('month-end', { name: 'Month end, new', steps: [workStep('a'), workStep('b')] }),
    );
    const chosen = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('menuitem', { name: /A folder/ }).click();
    await (await chosen).setFiles(incoming);
    const sheet = page.getByRole('dialog');
    await sheet.getByText('“month-end” is already here').waitFor();
    const consent = sheet.getByRole('button', { name: 'Trust and import' });
    await sheet.getByRole('checkbox', { name: /^I trust exactly this content/ }).check();
    for (const read of await sheet.getByRole('checkbox', { name: /^I have read this/ }).all()) await read.check();
    await expect.poll(() => consent.getAttribute('aria-disabled')).toBe('true');
    await sheet.getByText('Choose what should happen with the one that is here').first().waitFor();
    return { sheet, consent };
  }

  it('Keep both: each stands there, can be opened and runs as itself', async () => {
    project.openGates(1, 2);
    const { sheet, consent } = await importChanged();
    await sheet.getByRole('radio', { name: /^Keep both/ }).check();
    await consent.click();
    await page.getByText('“Month end, new” was imported.').waitFor();
    const steps: number[] = [];
    for (const name of ['Month end', 'Month end, new']) {
      await openWorkflow(page, name);
      const runId = await pressRun(page);
      await untilShown(page, 'Completed');
      steps.push((await client.call('runs.get', { runId })).plan.length);
    }
    expect(steps).toEqual([1, 2]);
    expect(existsSync(project.bundleDir('month-end-2'))).toBe(true);
  });

  it('Back: the sheet goes with the page, and nothing is left behind', async () => {
    const { sheet } = await importChanged();
    await page.goBack();
    await sheet.waitFor({ state: 'detached' });
    expect(existsSync(project.bundleDir('month-end-2'))).toBe(false);
  });

  it('Do not import: nothing is left behind', async () => {
    const { sheet } = await importChanged();
    await sheet.getByRole('button', { name: 'Do not import' }).click();
    await sheet.waitFor({ state: 'hidden' });
    expect(existsSync(project.bundleDir('month-end-2'))).toBe(false);
    expect((await client.call('workflows.list', {})).workflows.map((one) => one.name)).toEqual([
      'Month end',
      'Payroll',
    ]);
  });

  it('Replace: the new one stands in its place, the old run keeps its version', async () => {
    project.openGates(1, 2);
    await openWorkflow(page, 'Month end');
    const oldRun = await pressRun(page);
    await untilShown(page, 'Completed');
    await page.getByRole('link', { name: 'Workflows', exact: true }).first().click();
    const { sheet, consent } = await importChanged();
    await sheet.getByRole('radio', { name: /^Replace it/ }).check();
    await consent.click();
    await page.getByText('“Month end, new” was imported.').waitFor();
    await page.getByRole('link', { name: 'Month end', exact: true }).waitFor({ state: 'detached' });
    await openWorkflow(page, 'Month end, new');
    const newRun = await pressRun(page);
    await untilShown(page, 'Completed');
    const plans = await Promise.all([oldRun, newRun].map((runId) => client.call('runs.get', { runId })));
    expect(plans.map(({ plan }) => plan.length)).toEqual([1, 2]);
  });
});
