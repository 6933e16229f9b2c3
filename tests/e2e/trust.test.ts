import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject } from '../support/gated-project.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';
import { openWorkflow } from '../support/run-page.ts';
import { checkOpened, untilStill } from '../support/screen-check.ts';

/** SPEC §6.7 as a person meets it: the sheet at the import, at a change, in the library. */
let project: GatedProject;
let opened: OpenedDoor;
let page: Page;
let client: HolderClient;

beforeAll(async () => {
  project = new GatedProject(tmpdir(), { isFromElsewhere: true });
  const server = [join(REPOSITORY_DIR, 'tests', 'support', 'mcp', 'described-server.mjs'), definitionsFile()];
  lay(join(project.path, '.aiworkflow', 'tools'), {
    'registry.yaml': 'tools: [{name: desk, implementations: [{type: mcp}]}]\n',
    'mcp/desk.yaml': `server: {command: ${JSON.stringify(process.execPath)}, args: ${JSON.stringify(server)}}\n`,
  });
  opened = await openDoor('browser', { projectPath: project.path, home: project.home, isFromElsewhere: true });
  page = opened.page;
  client = await project.connect();
});
afterAll(async () => {
  client.close();
  await opened.close();
  project.remove();
});

/** What the tool `desk` says of itself. */
const definitionsFile = (): string => join(project.root, 'definitions.json');

const flow = (version: string, steps: readonly string[], pattern: string): string =>
  [
    '---',
    `workflow: {id: vendor-onboarding, name: Vendor onboarding, version: "${version}"}`,
    'requirements: {permissions: ["files:read", "files:write"]}',
    'triggers:',
    `  - {type: file, id: inbox, path: vendors/new, patterns: ["${pattern}"]}`,
    '---',
    ...steps.flatMap((step, index) => [`## Step ${index + 1}: Part ${index + 1}`, '```yaml', step, '```', '']),
  ].join('\n');

const FORM = 'action: form.run\npermissions: {read: ["vendors/new/**"], hosts: [api.vies.eu], enforce: best_effort}';
const ASK = 'approval: {title: "Write the vendor?", approvers: ["role:admin"]}';
const WRITE = 'action: workflow.write_file\ninputs: {path: out/vendors.csv, content: "a,b"}';
const BEFORE = {
  'workflow.md': flow('1.2.0', [FORM, ASK, WRITE], '*.pdf'),
  'tools/form.mjs': '#!/usr/bin/env node\nconsole.log(1)\n',
  'tools/report.mjs': '#!/usr/bin/env node\nconsole.log("report")\n',
};
const AFTER = {
  'workflow.md': flow('1.3.0', [FORM, WRITE], '**'),
  'tools/form.mjs': BEFORE['tools/form.mjs'],
  'tools/report.mjs': '#!/usr/bin/env node\nconsole.log("report, mailed")\n',
  'tools/bank.py':
    '#!/usr/bin/env python3\nfor row in forms:\n  run(f"iban {row[\'iban\']}", shell=True)\nget("https://api.iban-check.example/v1")\n# checked\u200b by us\n',
};

type Files = Readonly<Record<string, string>>;

function lay(folder: string, files: Files): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function pick(files: Files, name: string): Promise<Locator> {
  const folder = lay(join(project.root, name, 'vendor-onboarding'), files);
  await page.evaluate(() => {
    location.hash = '#/workflows';
  });
  await page.locator('input[data-pick="folder"]').setInputFiles(folder);
  const sheet = page.getByRole('dialog', { name: 'Import Vendor onboarding' });
  await sheet.waitFor();
  return sheet;
}

const inLibrary = (): string => project.bundleDir('vendor-onboarding');

describe('trust', () => {
  it('is asked for once of a folder from elsewhere, before anything of it is started', {
    timeout: 120_000,
  }, async () => {
    const banner = page.getByRole('alert').filter({ hasText: 'This folder came from elsewhere.' });
    await banner.waitFor();
    await banner.getByRole('button', { name: 'Look and trust' }).click();
    const sheet = page.getByRole('dialog', { name: /^office/ });
    await sheet.getByRole('cell', { name: /described-server\.mjs/ }).waitFor();
    await sheet.getByRole('checkbox', { name: /^I trust exactly this content/ }).check();
    await checkOpened(page, 'trust-folder');
    await page.setViewportSize({ width: 1440, height: 900 });
    await sheet.getByRole('button', { name: 'Trust', exact: true }).click();
    await page.getByText('“office” is trusted.').waitFor();
    await banner.waitFor({ state: 'detached' });
  });

  it('is given by keyboard to a first version', { timeout: 120_000 }, async () => {
    const sheet = await pick(BEFORE, 'first');
    await sheet.getByText('Not trusted', { exact: true }).waitFor();
    for (const what of ['tools/form.mjs', 'api.vies.eu', 'vendors/new/**', 'out/vendors.csv', 'step step_2'])
      await sheet.getByRole('cell', { name: what, exact: true }).first().waitFor();
    const act = sheet.getByRole('button', { name: 'Trust and import' });
    await sheet.getByText('Say first that you trust this content').first().waitFor();
    await sheet.getByRole('checkbox', { name: /^I trust exactly this content/ }).focus();
    await page.keyboard.press('Space');
    await act.focus();
    await page.keyboard.press('Enter');
    await page.getByText('“Vendor onboarding” was imported.').waitFor();
    await openWorkflow(page, 'Vendor onboarding');
    await page.getByText('Trusted', { exact: true }).waitFor();
  });

  it('stands against the accepted version, each serious finding ticked by itself', { timeout: 180_000 }, async () => {
    const sheet = await pick(AFTER, 'second');
    await sheet.getByRole('heading', { name: 'What it could do, against 1.2.0' }).waitFor();
    const row = (name: string): Locator => sheet.getByRole('row').filter({ hasText: name }).first();
    await expect.poll(() => row('tools/bank.py').textContent()).toContain('New');
    await expect.poll(() => row('tools/report.mjs').textContent()).toContain('Changed');
    await expect.poll(() => row('step step_2').textContent()).toContain('Gone');
    await sheet.getByText('U+200B in tools/bank.py, line 5, place 10: it has no width.').waitFor();
    await sheet.getByText('Nobody is asked any more').waitFor();
    await sheet.getByRole('radio', { name: /^Replace it/ }).check();
    await sheet.getByRole('checkbox', { name: /^I trust exactly this content/ }).check();
    await checkOpened(page, 'trust');
    const act = sheet.getByRole('button', { name: 'Trust and import' });
    const boxes = sheet.getByRole('checkbox', { name: /^I have read this/ });
    const count = await boxes.count();
    expect(count).toBeGreaterThan(2);
    for (let index = 0; index < count; index += 1) {
      await sheet
        .getByText(`Finding ${index + 1} is not read yet`)
        .first()
        .waitFor();
      await expect.poll(() => act.getAttribute('aria-disabled')).toBe('true');
      await boxes.nth(index).check();
    }
    await sheet.getByRole('button', { name: 'Import without trust' }).click();
    await page.getByText('“Vendor onboarding” was imported.').waitFor();
    await page
      .getByText('Not trusted yet: it does not run.')
      .or(page.getByText('Changed since it was trusted: it does not run.'))
      .first()
      .waitFor();
  });

  it('is asked for in the library, refused for what was changed meanwhile, and given', {
    timeout: 120_000,
  }, async () => {
    await page.getByRole('link', { name: 'Vendor onboarding', exact: true }).click();
    await page.getByRole('button', { name: 'Look and trust' }).click();
    const sheet = page.getByRole('dialog', { name: /^Vendor onboarding/ });
    await sheet
      .getByRole('checkbox', { name: /^I have read this/ })
      .first()
      .waitFor();
    const consentTo = async (): Promise<void> => {
      for (const read of await sheet.getByRole('checkbox', { name: /^I have read this/ }).all()) await read.check();
      await sheet.getByRole('checkbox', { name: /^I trust exactly this content/ }).check();
      await sheet.getByRole('button', { name: 'Trust', exact: true }).click();
    };
    lay(inLibrary(), { 'README.md': 'One byte more' });
    await consentTo();
    await sheet.getByText('It was changed since it was shown.').waitFor();
    // What is shown from here on is what stands there now.
    await sheet.getByText(/^5 files/).waitFor();
    await consentTo();
    await page.getByText('“Vendor onboarding” is trusted.').waitFor();
    await page.getByText('Trusted', { exact: true }).waitFor();
    expect((await client.call('trust.show', { ref: 'vendor-onboarding' })).state).toBe('trusted');
  });

  it('comes back with what an import had replaced, when the import is undone', { timeout: 120_000 }, async () => {
    const sheet = await pick(BEFORE, 'third');
    await sheet.getByRole('radio', { name: /^Replace it/ }).check();
    await sheet.getByRole('button', { name: 'Import without trust' }).click();
    const state = async () => (await client.call('trust.show', { ref: 'vendor-onboarding' })).state;
    await expect.poll(state).toBe('changed');
    // The note of this import, not that of the one before.
    const note = page.locator('[data-sonner-toast][data-front="true"]', { hasText: 'was imported' });
    await note.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The import of “Vendor onboarding” was undone: the one before is back.').waitFor();
    await expect.poll(state).toBe('trusted');
  });

  it('is among what needs somebody today, as long as nobody trusts it', { timeout: 120_000 }, async () => {
    await client.call('trust.withdraw', { ref: 'vendor-onboarding' });
    await page.evaluate(() => {
      location.hash = '#/today';
    });
    await page.getByRole('link', { name: 'Vendor onboarding came from outside' }).waitFor();
    await checkOpened(page, 'today-untrusted');
    await page.getByRole('link', { name: 'Look and trust' }).click();
    await page.getByText('Not trusted yet: it does not run.').first().waitFor();
  });

  it('is asked for by whoever may not give it, like a trigger and a changed tool, and given by whoever may', {
    timeout: 180_000,
  }, async () => {
    for (const description of ['Posts a letter', 'Posts it somewhere else']) {
      writeFileSync(definitionsFile(), JSON.stringify([{ name: 'post', description }]));
      await client.call('tools.refresh', { tool: 'desk' });
    }
    const password = 'correct horse battery';
    await client.call('users.create', { username: 'dora', roles: ['executor'], password });
    const context = await page
      .context()
      .browser()
      ?.newContext({ viewport: { width: 1440, height: 900 } });
    if (context === undefined) throw new Error('no browser');
    const hers = await context.newPage();
    await hers.goto(new URL('/sign-in', page.url()).href);
    await hers.getByLabel('User name').fill('dora');
    await hers.getByLabel('Password').fill(password);
    await hers.keyboard.press('Enter');

    const askFor = async (title: string, within: Page | Locator = hers): Promise<void> => {
      await within.getByRole('button', { name: 'Ask for an approval' }).click();
      const dialog = hers.getByRole('dialog', { name: 'Ask for an approval' });
      await dialog.getByRole('textbox', { name: 'Why' }).fill('For the vendors of May.');
      await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
      await hers.getByText(`Asked: ${title}`).waitFor();
    };
    const go = async (hash: string): Promise<void> => {
      await hers.evaluate((to) => {
        location.hash = to;
      }, hash);
      await untilStill(hers);
    };
    const item = hers.getByRole('listitem').filter({ hasText: 'Vendor onboarding came from outside' });
    await item.waitFor();
    await checkOpened(hers, 'today-ask-trust');
    await askFor('Trust Vendor onboarding 1.3.0', item);
    // On the sheet it stands beside what she may not do.
    await item.getByRole('link', { name: 'Look and trust' }).click();
    await hers.getByRole('button', { name: 'Look and trust' }).click();
    const sheet = hers.getByRole('dialog', { name: /^Vendor onboarding/ });
    await sheet.getByRole('button', { name: 'Ask for an approval' }).waitFor();
    await checkOpened(hers, 'trust-ask');
    await sheet.getByRole('button', { name: 'Ask for an approval' }).click();
    await hers.getByText('This version of the bundle may run, also by itself.').waitFor();
    await hers.getByRole('button', { name: 'Cancel' }).click();
    await go('#/triggers/vendor-onboarding%2Finbox');
    await askFor('Let Vendor onboarding start by itself');
    await go('#/agents?tab=tools&tool=desk');
    await askFor('Accept what desk says of itself now');
    await context.close();

    await page.evaluate(() => {
      location.hash = '#/approvals';
    });
    const requests = page.getByRole('listbox', { name: 'Requests' });
    // Serious findings are read one by one before it can be approved, as on the sheet.
    const pane = page.getByRole('article', { name: 'Trust Vendor onboarding 1.3.0' });
    await requests.getByRole('option', { name: 'Trust Vendor onboarding 1.3.0' }).click();
    await pane.getByText('For the vendors of May.').waitFor();
    await pane.getByText('Approve: Finding 1 is not read yet.').waitFor();
    await checkOpened(page, 'approvals-trust');
    for (const read of await pane.getByRole('checkbox', { name: /^I have read this/ }).all()) await read.check();
    await pane.getByRole('button', { name: /^Approve/ }).click();
    await requests.getByRole('option', { name: 'Trust Vendor onboarding 1.3.0' }).waitFor({ state: 'detached' });
    for (const title of ['Let Vendor onboarding start', 'Accept what desk says']) {
      const request = requests.getByRole('option', { name: title });
      await request.click();
      await page.getByRole('article', { name: title }).getByText('For the vendors of May.').waitFor();
      await page
        .getByRole('article', { name: title })
        .getByRole('button', { name: /^Approve/ })
        .click();
      await request.waitFor({ state: 'detached' });
    }
    expect((await client.call('approvals.list', { status: ['pending'] })).approvals).toEqual([]);
    expect((await client.call('trust.show', { ref: 'vendor-onboarding' })).state).toBe('trusted');
    expect((await client.call('triggers.get', { trigger: 'vendor-onboarding/inbox' })).status).toBe('armed');
    expect((await client.call('tools.show', { tool: 'desk' })).change).toBeNull();
  });
});
