import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { launchBrowser } from '../support/doors/index.ts';
import { GatedProject, workStep } from '../support/gated-project.ts';
import { check, checkOpened, SIZES, show, VIEWS } from '../support/screen-check.ts';

const PASSWORD = 'correct horse battery';
let project: GatedProject;
let opened: Awaited<ReturnType<typeof launchBrowser>>;
let client: HolderClient;
let page: Page;

beforeAll(async () => {
  project = new GatedProject();
  project.addBundle('month-end', { name: 'Month end', steps: [workStep('a')] });
  opened = await launchBrowser({ projectPath: project.path, home: project.home });
  page = opened.page;
  page.setDefaultTimeout(100_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  client = await project.connect();
  for (const [username, roles] of [
    ['finance-lead', ['approver', 'executor']],
    ['release-lead', ['developer', 'approver']],
    ['auditor', ['viewer']],
  ] as const)
    await client.call('users.create', { username, roles: [...roles] });
  await client.call('roles.create', { name: 'finance', inherits: ['approver'], permissions: ['workflow:execute'] });
});
afterAll(async () => {
  client.close();
  await opened.close();
  project.remove();
});

const named = (name: string) => page.getByRole('option').filter({ hasText: name });
const pane = (name: string) => page.getByRole('complementary', { name: `User ${name}` });
const dialog = () => page.getByRole('dialog');
const go = (route: string) =>
  page.evaluate((to) => {
    location.hash = to;
  }, route);

it('users, roles and one of each open stand in both sizes and themes: no axe violation, nothing cut off', async () => {
  const { users } = await client.call('users.list', {});
  const id = users.find(({ username }) => username === 'finance-lead')?.id ?? '';
  for (const [name, route, seen] of [
    ['admin', '#/admin', 'What each role may do'],
    ['admin-user', `#/admin?user=${id}`, 'Tokens for programs'],
    ['admin-role', '#/admin?role=approver', 'Buttons it finds switched off'],
  ] as const)
    for (const [size, theme] of VIEWS) {
      await show(page, route, theme, size);
      await page.getByText(seen).filter({ visible: true }).first().waitFor();
      await check(page, `${name}-${theme}${size.name}`);
    }
  await page.setViewportSize(SIZES[0]);
});

it('somebody is added; a name that differs by case is refused at its field', async () => {
  await go('#/admin');
  await page.getByRole('button', { name: 'Add user' }).click();
  await checkOpened(page, 'admin-add-user');
  await page.setViewportSize(SIZES[0]);
  await dialog().getByLabel('Name').fill('AUDITOR');
  await dialog().getByRole('button', { name: 'Add user' }).click();
  await dialog().getByText("There is a user 'auditor' already.").waitFor();
  await expect.poll(() => dialog().getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
  await dialog().getByLabel('Name').fill('bob / x');
  await dialog().getByRole('button', { name: 'Add user' }).click();
  await dialog()
    .getByText('Only letters, digits, blanks and . _ @ + -, the first of them a letter or a digit')
    .waitFor();
  await dialog().getByLabel('Name').fill('bob');
  await dialog().getByLabel('Password').fill('short');
  await dialog().getByText('At least 8 characters', { exact: true }).waitFor();
  await dialog().getByLabel('Password').fill(PASSWORD);
  await dialog().getByRole('checkbox', { name: 'executor' }).click();
  // By the keyboard: Enter in a field sends the form.
  await dialog().getByLabel('Name').press('Enter');
  await pane('bob').waitFor();
  const bob = (await client.call('users.list', {})).users.find(({ username }) => username === 'bob');
  expect(bob).toMatchObject({ roles: ['executor', 'viewer'], hasPassword: true });
});

it('roles change at once; the last admin stays one, and it is said at the roles', async () => {
  await named('bob').click();
  await pane('bob').getByRole('checkbox', { name: 'approver' }).click();
  const rolesOf = async (name: string) =>
    (await client.call('users.list', {})).users.find(({ username }) => username === name)?.roles;
  await expect.poll(() => rolesOf('bob')).toContain('approver');
  await pane('bob').getByRole('checkbox', { name: 'approver', checked: true }).waitFor();
  const { user } = await client.call('access.me', {});
  await named(user.username).click();
  const mine = pane(user.username);
  await mine.getByRole('checkbox', { name: 'admin' }).click();
  const refusal = 'The last active admin cannot be removed, disabled or lose that role.';
  await mine.getByRole('group', { name: 'Roles' }).getByText(refusal).waitFor();
  await mine.getByRole('button', { name: 'Switch off' }).click();
  await mine.getByRole('contentinfo').or(mine.locator('footer')).getByText(refusal).waitFor();
  await mine.getByRole('button', { name: `More about ${user.username}` }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await dialog().getByLabel(`Type ${user.username}`).fill(user.username);
  await dialog().getByRole('button', { name: 'Remove' }).click();
  await dialog().getByText(refusal).waitFor();
  await page.keyboard.press('Escape');
  expect(await rolesOf(user.username)).toEqual(['admin']);
});

it('a session is listed and ended; a token is shown once, listed and revoked', async () => {
  const other = await page.context().browser()?.newContext();
  if (other === undefined) throw new Error('no browser');
  const theirs = await other.newPage();
  await theirs.goto(`${opened.url}/sign-in`);
  await theirs.getByLabel('User name').fill('bob');
  await theirs.getByLabel('Password').fill(PASSWORD);
  await theirs.keyboard.press('Enter');
  await theirs.getByRole('link', { name: 'Workflows' }).first().waitFor();

  await named('bob').click();
  await pane('bob').getByRole('button', { name: 'End', exact: true }).click();
  await pane('bob').getByText('Nobody is signed in.').waitFor();
  await theirs.getByRole('link', { name: 'Runs' }).first().click();
  await theirs.getByRole('link', { name: 'Sign in with a password' }).waitFor();
  await other.close();

  await pane('bob').getByRole('button', { name: 'New token' }).click();
  await checkOpened(page, 'admin-token');
  await page.setViewportSize(SIZES[0]);
  await dialog().getByLabel('Name').fill('ci');
  await dialog().getByRole('button', { name: 'Make token' }).click();
  const secret = await dialog().getByLabel('Token', { exact: true }).inputValue();
  expect(secret).toMatch(/^aiw_[0-9a-f]{64}$/);
  await dialog().getByRole('button', { name: 'I have it' }).click();
  await pane('bob').getByText('never used').waitFor();
  expect(await page.content()).not.toContain(secret);
  expect((await client.call('tokens.list', {})).tokens).toMatchObject([{ name: 'ci', permissions: ['workflow:read'] }]);
  await pane('bob').getByRole('button', { name: 'Revoke the token ci' }).click();
  await pane('bob').getByText('There is none.').waitFor();
  expect((await client.call('tokens.list', {})).tokens).toEqual([]);
});

it('somebody is switched off and on, gets another password, and is removed with the name typed', async () => {
  await named('bob').click();
  await pane('bob').getByRole('button', { name: 'Switch off' }).click();
  await pane('bob').getByRole('button', { name: 'Switch on' }).waitFor();
  await named('bob').getByText('Off').waitFor();
  await pane('bob').getByRole('button', { name: 'Switch on' }).click();
  await pane('bob').getByRole('button', { name: 'Switch off' }).waitFor();
  const more = () => pane('bob').getByRole('button', { name: 'More about bob' }).click();
  await more();
  await page.getByRole('menuitem', { name: 'Set another password' }).click();
  await dialog().getByLabel('New password').fill('another long one');
  await dialog().getByRole('button', { name: 'Set password' }).click();
  await dialog().waitFor({ state: 'detached' });
  await more();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await dialog().getByLabel('Type bob').fill('bo');
  await expect.poll(() => dialog().getByRole('button', { name: 'Remove' }).getAttribute('aria-disabled')).toBe('true');
  await dialog().getByLabel('Type bob').fill('bob');
  await dialog().getByRole('button', { name: 'Remove' }).click();
  // What stands behind an open dialog is not there for anybody: a list is looked at when it has gone.
  await dialog().waitFor({ state: 'detached' });
  await named('bob').waitFor({ state: 'detached' });
  expect((await client.call('users.list', {})).users.map(({ username }) => username)).not.toContain('bob');
});

it('own roles: made, shown with what they inherit, refused in a circle, changed and removed', async () => {
  await page.getByRole('button', { name: 'New role' }).click();
  await checkOpened(page, 'admin-new-role');
  await page.setViewportSize(SIZES[0]);
  await dialog().getByLabel('Name').fill('Finance');
  await dialog().getByRole('button', { name: 'Make role' }).click();
  await dialog().getByText("There is a role 'finance' already.").waitFor();
  await dialog().getByLabel('Name').fill('bookkeeper');
  await dialog().getByRole('checkbox', { name: 'finance' }).click();
  await dialog()
    .getByRole('checkbox', { name: /tool:use/ })
    .click();
  await dialog().getByRole('button', { name: 'Make role' }).click();
  await page.getByRole('complementary', { name: 'Role bookkeeper' }).waitFor();
  // Own roles follow the five by name: finance is the last, bookkeeper stands before it.
  const cell = (permission: RegExp) =>
    page.getByRole('table').getByRole('row').filter({ hasText: permission }).getByRole('cell').nth(-2);
  await expect.poll(() => cell(/tool:use/).textContent()).toBe('Allowed');
  await expect.poll(() => cell(/audit:read/).textContent()).toBe('Allowed, from finance');
  await expect.poll(() => cell(/user:manage/).textContent()).toBe('–Not allowed');

  // A circle: finance would include what includes it.
  await page.getByRole('button', { name: 'finance', exact: true }).click();
  const finance = page.getByRole('complementary', { name: 'Role finance' });
  await finance.getByRole('button', { name: 'Edit' }).click();
  await dialog().getByRole('checkbox', { name: 'bookkeeper' }).click();
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByRole('group', { name: 'Includes' }).getByText('would inherit from itself').waitFor();
  await dialog().getByRole('checkbox', { name: 'bookkeeper' }).click();
  await dialog()
    .getByRole('checkbox', { name: /approval:reject/ })
    .click();
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().waitFor({ state: 'detached' });
  const { roles } = await client.call('roles.list', {});
  expect(roles.find(({ name }) => name === 'finance')).toMatchObject({ inherits: ['approver'] });
  // It is in use: it says by whom.
  await finance.getByRole('button', { name: 'Remove' }).click();
  await finance.getByText(/in use.*bookkeeper/).waitFor();
  await page.getByRole('button', { name: 'bookkeeper', exact: true }).click();
  await page.getByRole('complementary', { name: 'Role bookkeeper' }).getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'bookkeeper', exact: true }).waitFor({ state: 'detached' });
});

it('a preview shows the whole app as a role sees it and does nothing; leaving it is leaving it', async () => {
  await go('#/admin?role=viewer');
  await page.getByRole('button', { name: 'Preview as viewer' }).click();
  const banner = page.getByRole('status').filter({ hasText: 'You look around as viewer.' });
  await banner.waitFor();
  await go('#/workflows/month-end');
  const run = page.getByRole('button', { name: 'Run', exact: true });
  await expect.poll(() => run.getAttribute('aria-disabled')).toBe('true');
  await expect.poll(() => run.getAttribute('title')).toBe('Needs workflow:execute');
  await checkOpened(page, 'preview');
  await page.setViewportSize(SIZES[0]);
  await page.getByRole('link', { name: 'Admin' }).first().click();
  await page.getByText('You may not see users and roles.').waitFor();
  await page.getByText('Needs user:read').waitFor();
  await banner.getByRole('button', { name: 'Leave preview' }).click();
  await banner.waitFor({ state: 'detached' });
  await page.getByRole('complementary', { name: 'Role viewer' }).waitFor();

  // As a role that may do it, the button is there, and nothing is done.
  await page.getByRole('button', { name: 'Look at the role admin' }).click();
  await page.getByRole('button', { name: 'Preview as admin' }).click();
  await page.getByRole('status').filter({ hasText: 'You look around as admin.' }).waitFor();
  await go('#/workflows/month-end');
  await run.click();
  await page.getByText('You only look around: nothing was done.').waitFor();
  expect((await client.call('runs.list', {})).runs).toEqual([]);
  await page.getByRole('button', { name: 'Leave preview' }).click();
});
