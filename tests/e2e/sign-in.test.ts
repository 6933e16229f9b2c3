import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject, workStep } from '../support/gated-project.ts';
import { check, checkOpened, VIEWS } from '../support/screen-check.ts';

const PASSWORD = 'correct horse battery';
let project: GatedProject;
let opened: OpenedDoor;
beforeAll(async () => {
  project = new GatedProject();
  project.addBundle('month-end', { name: 'Month end', steps: [workStep('a')] });
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
});
afterAll(async () => {
  await opened.close();
  project.remove();
});

it('somebody without a link signs in with a password and sees what a viewer may see', async () => {
  const { page } = opened;
  const made = await page.evaluate(async (password) => {
    const ask = (path: string, body: unknown, token = ''): Promise<Response> =>
      fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-aiworkflow-token': token },
        body: JSON.stringify(body),
      });
    const { token } = (await (await ask('/api/session', {})).json()) as { token: string };
    const input = { username: 'bob', roles: ['viewer'], password };
    return (await ask('/api/call', { name: 'users.create', input }, token)).json() as Promise<unknown>;
  }, PASSWORD);
  expect(made).toMatchObject({ ok: true });

  // Another browser: nothing of the first one's session is there.
  await page.context().clearCookies();
  await page.reload();
  // Beside this page, which keeps what stands in it.
  const link = page.getByRole('link', { name: 'Sign in with a password' });
  await link.waitFor();
  await expect.poll(() => link.getAttribute('target')).toBe('_blank');
  await page.goto(new URL('/sign-in', page.url()).href);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  for (const [{ name, ...size }, theme] of VIEWS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: theme });
    await check(page, `sign-in-${theme}${name}`);
  }
  // By the keyboard alone: the name has the focus.
  await page.keyboard.type('bob');
  await page.keyboard.press('Tab');
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'The user name or the password is not right.' }).waitFor();
  await page.keyboard.type('bob');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Workflows' }).first().click();
  await page.getByText('Month end').first().waitFor();
  await expect.poll(() => page.getByRole('link', { name: 'Sign in with a password' }).count()).toBe(0);
});

it('a form keeps what was typed when its session ends, and goes on after a sign-in beside it', async () => {
  const { page } = opened;
  const client = await project.connect();
  try {
    await client.call('users.create', { username: 'ann', roles: ['admin'], password: PASSWORD });
    const signIn = async (at: Page): Promise<void> => {
      await at.getByLabel('User name').fill('ann');
      await at.getByLabel('Password').fill(PASSWORD);
      await at.keyboard.press('Enter');
      await at.getByRole('link', { name: 'Workflows' }).first().waitFor();
    };
    await page.goto(new URL('/sign-in', page.url()).href);
    await signIn(page);
    await page.evaluate(() => {
      location.hash = '#/admin';
    });
    await page.getByRole('button', { name: 'Add user' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('carol');
    const { sessions } = await client.call('sessions.list', {});
    // The one that came by the link stands there too, with from where.
    expect(sessions).toContainEqual(expect.objectContaining({ byLink: true, from: expect.anything() }));
    for (const { id } of sessions.filter(({ userId }) => userId === 'ann'))
      await client.call('sessions.revoke', { id });
    await form.getByText('What you have typed here stays.').waitFor();
    await checkOpened(page, 'signed-out-in-form');
    await page.setViewportSize({ width: 1440, height: 900 });
    const [beside] = await Promise.all([
      page.waitForEvent('popup'),
      form.getByRole('link', { name: 'Sign in with a password' }).click(),
    ]);
    await signIn(beside);
    await beside.close();
    await form.getByText('What you have typed here stays.').waitFor({ state: 'detached' });
    await expect.poll(() => form.getByLabel('Name').inputValue()).toBe('carol');
    await form.getByRole('button', { name: 'Add user' }).click();
    await page.getByRole('complementary', { name: 'User carol' }).waitFor();
  } finally {
    client.close();
  }
});
