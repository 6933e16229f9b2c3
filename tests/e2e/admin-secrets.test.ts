import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { launchBrowser } from '../support/doors/index.ts';
import { GatedProject, workStep } from '../support/gated-project.ts';
import { check, checkOpened, SIZES, show, VIEWS } from '../support/screen-check.ts';

const PASSPHRASE = 'correct horse battery';
const VALUE = 'ghp-planted/7q9z+one';
const NEXT_VALUE = 'ghp-planted/7q9z+two';
const HOUR = 3_600_000;
let project: GatedProject;
let opened: Awaited<ReturnType<typeof launchBrowser>>;
let client: HolderClient;
let page: Page;

beforeAll(async () => {
  project = new GatedProject();
  // A vault wherever this runs: the keychain of the machine is not asked.
  writeFileSync(join(project.path, 'aiworkflow.yaml'), 'version: "1.0"\nsecurity: {credential_store: env}\n');
  for (const id of ['release-notes', 'deploy'])
    project.addBundle(id, {
      name: id,
      steps: [[...workStep('a'), 'inputs:', '  token: "{{ secrets.GITHUB_TOKEN }}"']],
    });
  opened = await launchBrowser({
    projectPath: project.path,
    home: project.home,
    env: { AIWORKFLOW_MASTER_KEY: '' },
  });
  page = opened.page;
  page.setDefaultTimeout(100_000);
  client = await project.connect();
});
afterAll(async () => {
  client.close();
  await opened.close();
  project.remove();
});

const dialog = () => page.getByRole('dialog');
const pane = (name: string) => page.getByRole('complementary', { name: `Secret ${name}` });
const row = (name: string) => page.getByRole('grid', { name: 'Secrets' }).getByRole('row').filter({ hasText: name });
const strip = (text: string) => page.getByRole('status').filter({ hasText: text });
const go = (route: string) =>
  page.evaluate((to) => {
    location.hash = to;
  }, route);
const stored = async (name: string) =>
  (await client.call('secrets.list', {})).secrets.find((secret) => secret.name === name);

/** Neither in the page, nor in a field of it, nor in the address, nor in what the window keeps. */
async function expectNowhere(...texts: readonly string[]): Promise<void> {
  const kept = await page.evaluate(() =>
    [
      document.documentElement.outerHTML,
      ...[...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value),
      location.href,
      JSON.stringify(history.state),
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
    ].join('\n'),
  );
  for (const text of texts) expect(kept).not.toContain(text);
}

it('where there is no keychain, a passphrase is chosen first, and typed twice', async () => {
  await go('#/admin?tab=secrets');
  await strip('No vault yet').waitFor();
  const add = page.getByRole('button', { name: 'Add secret' });
  await expect.poll(() => add.getAttribute('aria-disabled')).toBe('true');
  await page.getByText('Choose a passphrase for the vault first').waitFor();
  await page.getByRole('button', { name: 'Choose a passphrase…' }).click();
  await checkOpened(page, 'admin-vault');
  await page.setViewportSize(SIZES[0]);
  await dialog().getByLabel('Passphrase').fill('short');
  await dialog().getByText('At least 12 characters', { exact: true }).waitFor();
  await dialog().getByLabel('Passphrase').fill(PASSPHRASE);
  await dialog().getByLabel('The same once more').fill(`${PASSPHRASE}!`);
  await dialog().getByText('The two are not the same').waitFor();
  expect((await client.call('secrets.list', {})).store).toMatchObject({ keeper: 'vault', state: 'none' });
  await dialog().getByLabel('The same once more').fill(PASSPHRASE);
  await dialog().getByLabel('The same once more').press('Enter');
  await strip('Vault open').waitFor();
  await dialog().waitFor({ state: 'detached' });
  await expectNowhere(PASSPHRASE);
});

it('a secret is added: its value goes out once and is nowhere afterwards', async () => {
  await page.getByText('There is no secret yet.').waitFor();
  await page.getByRole('button', { name: 'Add secret' }).click();
  await checkOpened(page, 'admin-add-secret');
  await page.setViewportSize(SIZES[0]);
  const value = dialog().getByLabel('Value');
  await expect.poll(() => value.getAttribute('type')).toBe('password');
  await dialog().getByLabel('Name').fill('github-token');
  await dialog().getByText('Capital letters, digits and _ only, beginning with a letter.').first().waitFor();
  await dialog().getByLabel('Name').fill('GITHUB_TOKEN');
  await value.fill(VALUE);
  await dialog().getByLabel('What it is for').fill('Reads pull requests');
  await dialog().getByLabel('Allowed to').fill('release-notes, tool:github');
  await dialog().getByLabel('What it is for').press('Enter');
  await pane('GITHUB_TOKEN').waitFor();
  await dialog().waitFor({ state: 'detached' });
  await expectNowhere(VALUE);
  expect(await stored('GITHUB_TOKEN')).toMatchObject({
    description: 'Reads pull requests',
    allowed: ['release-notes', 'tool:github'],
    rotatedAt: null,
    expiresAt: null,
  });
  await pane('GITHUB_TOKEN').getByRole('button', { name: 'Test' }).click();
  await pane('GITHUB_TOKEN')
    .getByText(/^It opens, \d\d:\d\d$/)
    .waitFor();
  // A name that is taken replaces nothing from here.
  await page.getByRole('button', { name: 'Add secret' }).click();
  await dialog().getByLabel('Name').fill('GITHUB_TOKEN');
  await dialog().getByText('GITHUB_TOKEN is there already. Open it to replace its value.').first().waitFor();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
});

it('who names it and may not use it is seen, allowed and taken back at once', async () => {
  const shown = pane('GITHUB_TOKEN');
  await shown.getByText('not allowed').waitFor();
  await row('GITHUB_TOKEN').getByText('1 may not use it').waitFor();
  await shown.getByRole('button', { name: 'Allow it to deploy' }).click();
  await shown.getByText('not allowed').waitFor({ state: 'detached' });
  const allowed = async () => (await stored('GITHUB_TOKEN'))?.allowed;
  await expect.poll(allowed).toEqual(['release-notes', 'tool:github', 'deploy']);
  await shown.getByRole('button', { name: 'Take back from tool:github' }).click();
  await expect.poll(allowed).toEqual(['release-notes', 'deploy']);
  await shown.getByLabel('Allow it to', { exact: true }).fill('agent:team');
  await shown.getByLabel('Allow it to', { exact: true }).press('Enter');
  await expect.poll(allowed).toEqual(['release-notes', 'deploy', 'agent:team']);
  await shown.getByText('Agent team').waitFor();
  await expect.poll(() => shown.getByLabel('Allow it to', { exact: true }).inputValue()).toBe('');
});

it('the list and one of it stand in both sizes and themes: no axe violation, nothing cut off', async () => {
  const others = [
    ['LEDGER_KEY', 'Posts and voids in the ledger', ['tool:ledger'], 5 * 24 * HOUR],
    ['BANK_TOKEN', 'Pays out refunds', [], -24 * HOUR],
    ['TEAM_KEY', '', ['*'], null],
  ] as const;
  for (const [name, description, allowed, left] of others)
    await client.call('secrets.set', {
      ...{ name, description, value: `${VALUE} of ${name}`, allowed: [...allowed] },
      expiresAt: left === null ? null : Date.now() + left,
    });
  // What was tested in the pane stands in the list; the others follow, one after the other.
  await row('GITHUB_TOKEN')
    .getByText(/^Opens \d\d:\d\d$/)
    .waitFor();
  await row('TEAM_KEY').getByText('Not tested').waitFor();
  await page.getByRole('button', { name: 'Test all' }).click();
  await page.getByText('4 of 4 secrets open').waitFor();
  await expect.poll(() => page.getByText(/^Opens \d\d:\d\d$/).count()).toBe(4);
  await page.getByText('4 of 4 secrets open').waitFor({ state: 'detached' });
  for (const [name, route, seen] of [
    ['admin-secrets', '#/admin?tab=secrets', 'Vault open'],
    ['admin-secret', '#/admin?tab=secrets&secret=BANK_TOKEN', 'It has ended.'],
  ] as const)
    for (const [size, theme] of VIEWS) {
      await show(page, route, theme, size);
      await row('TEAM_KEY').waitFor();
      await page.getByText(seen).filter({ visible: true }).first().waitFor();
      await check(page, `${name}-${theme}${size.name}`);
    }
  await page.setViewportSize(SIZES[0]);
  await row('BANK_TOKEN')
    .getByText(/^ended /)
    .waitFor();
  await row('LEDGER_KEY')
    .getByText(/, soon$/)
    .waitFor();
});

it('by keys alone: a secret is found, opened, given another value and left', async () => {
  await go('#/admin?tab=secrets');
  const grid = page.getByRole('grid', { name: 'Secrets' });
  const search = page.getByRole('searchbox', { name: 'Name or user' });
  await search.fill('release-notes');
  await row('LEDGER_KEY').waitFor({ state: 'detached' });
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await pane('GITHUB_TOKEN').waitFor();
  await pane('GITHUB_TOKEN').getByRole('button', { name: 'Replace value' }).focus();
  await page.keyboard.press('Enter');
  await dialog().getByLabel('New value').waitFor();
  await dialog().getByLabel('New value').focus();
  await page.keyboard.type(NEXT_VALUE);
  await dialog().getByLabel('Expires').fill('2040-01-31');
  await checkOpened(page, 'admin-replace-secret');
  await page.setViewportSize(SIZES[0]);
  await dialog().getByLabel('New value').press('Enter');
  await dialog().waitFor({ state: 'detached' });
  await expectNowhere(VALUE, NEXT_VALUE);
  const { rotatedAt, expiresAt } = (await stored('GITHUB_TOKEN')) ?? {};
  expect(rotatedAt).toBeTypeOf('number');
  expect(expiresAt).toBe(Date.parse('2040-01-31T23:59:59Z'));
  await grid.focus();
  await page.keyboard.press('Escape');
  await pane('GITHUB_TOKEN').waitFor({ state: 'detached' });
  await search.fill('');
  await row('LEDGER_KEY').waitFor();
});

it('the vault is locked and says so; a wrong passphrase is refused at its field, the right one opens it', async () => {
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await strip('Vault locked').waitFor();
  await page.getByText('Runs that need a secret wait until it is unlocked.').waitFor();
  await row('GITHUB_TOKEN').click();
  await pane('GITHUB_TOKEN').getByRole('button', { name: 'Test' }).click();
  await pane('GITHUB_TOKEN').getByRole('alert').getByText('The vault of this project is locked.').waitFor();
  await checkOpened(page, 'admin-secrets-locked');
  await page.setViewportSize(SIZES[0]);
  await page.getByRole('button', { name: 'Unlock…' }).click();
  const passphrase = dialog().getByLabel('Passphrase');
  await passphrase.fill('another passphrase');
  await passphrase.press('Enter');
  await dialog().getByText('This is not the passphrase of the vault.').waitFor();
  await expect.poll(() => passphrase.getAttribute('aria-invalid')).toBe('true');
  await expectNowhere('another passphrase');
  await passphrase.fill(PASSPHRASE);
  await passphrase.press('Enter');
  await strip('Vault open').waitFor();
  await expectNowhere(PASSPHRASE);
  expect((await client.call('secrets.list', {})).store).toMatchObject({ state: 'open', problem: null });
});

it('a secret is removed with its name typed; who may not see secrets is told which permission it needs', async () => {
  await pane('GITHUB_TOKEN').getByRole('button', { name: 'More about GITHUB_TOKEN' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await dialog().getByText('2 users name it now.').waitFor();
  await dialog().getByLabel('Type GITHUB_TOKEN').fill('GITHUB');
  await expect.poll(() => dialog().getByRole('button', { name: 'Remove' }).getAttribute('aria-disabled')).toBe('true');
  await dialog().getByLabel('Type GITHUB_TOKEN').fill('GITHUB_TOKEN');
  await dialog().getByRole('button', { name: 'Remove' }).click();
  await dialog().waitFor({ state: 'detached' });
  await row('GITHUB_TOKEN').waitFor({ state: 'detached' });
  await pane('GITHUB_TOKEN').waitFor({ state: 'detached' });
  expect(await stored('GITHUB_TOKEN')).toBeUndefined();

  await go('#/admin?role=viewer');
  await page.getByRole('button', { name: 'Preview as viewer' }).click();
  await go('#/admin?tab=secrets');
  await page.getByText('You may not see the secrets.').waitFor();
  await page.getByText('Needs config:manage').waitFor();
  await page.getByRole('button', { name: 'Leave preview' }).click();
  await page.getByRole('complementary', { name: 'Role viewer' }).waitFor();
  await go('#/admin?tab=secrets');
  await row('LEDGER_KEY').waitFor();
});

it('a key that lies open in a file is called unprotected', async () => {
  const bare = new GatedProject();
  writeFileSync(join(bare.path, 'aiworkflow.yaml'), 'version: "1.0"\nsecurity: {credential_store: file}\n');
  const door = await launchBrowser({ projectPath: bare.path, home: bare.home });
  try {
    door.page.setDefaultTimeout(100_000);
    const theirs = await bare.connect();
    await theirs.call('secrets.set', { name: 'TOKEN', value: VALUE });
    theirs.close();
    await door.page.evaluate(() => {
      location.hash = '#/admin?tab=secrets';
    });
    await door.page.getByRole('status').filter({ hasText: 'Unprotected' }).waitFor();
    await door.page.getByText('whoever reads the files of this user reads all secrets').waitFor();
    await checkOpened(door.page, 'admin-secrets-unprotected');
  } finally {
    await door.close();
    bare.remove();
  }
});
