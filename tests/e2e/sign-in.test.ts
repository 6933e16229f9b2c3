import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject, workStep } from '../support/gated-project.ts';
import { check, VIEWS } from '../support/screen-check.ts';

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
  await page.getByRole('link', { name: 'Sign in with a password' }).click();
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
  expect(await page.getByRole('link', { name: 'Sign in with a password' }).count()).toBe(0);
});
