import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { OPERATIONS } from '../../src/shared/contract/index.ts';
import { type Permission, PREDEFINED_ROLES, type PredefinedRole } from '../../src/shared/model/access.ts';
import { ApprovalProject } from '../support/approval-project.ts';
import { launchBrowser } from '../support/doors/index.ts';
import { untilStatus } from '../support/run-page.ts';
import { untilStill } from '../support/screen-check.ts';

const PASSWORD = 'correct horse battery';
let project: ApprovalProject;
let opened: Awaited<ReturnType<typeof launchBrowser>>;
let client: HolderClient;
let held: ReadonlyMap<string, readonly Permission[]>;

beforeAll(async () => {
  project = new ApprovalProject();
  opened = await launchBrowser({ projectPath: project.path, home: project.home });
  client = await project.connect();
  for (const role of PREDEFINED_ROLES)
    await client.call('users.create', { username: `the-${role}`, roles: [role], password: PASSWORD });
  const { runId } = await client.call('runs.start', { workflow: 'refund', inputs: {} });
  await untilStatus(client, runId, 'waiting');
  held = new Map((await client.call('roles.list', {})).roles.map(({ name, effective }) => [name, effective]));
});
afterAll(async () => {
  client.close();
  await opened.close();
  project.remove();
});

/** The page of another person, who has signed in. */
async function pageOf(role: PredefinedRole): Promise<Page> {
  const context = await opened.page
    .context()
    .browser()
    ?.newContext({ viewport: { width: 1440, height: 900 } });
  if (context === undefined) throw new Error('no browser');
  const page = await context.newPage();
  page.setDefaultTimeout(100_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${opened.url}/sign-in`);
  await page.getByLabel('User name').fill(`the-${role}`);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Workflows' }).first().waitFor();
  return page;
}

/** Where a control stands, how it is found, and what it needs. */
const CONTROLS = [
  { route: '#/workflows/refund', button: /^Run/, needs: 'runs.start' },
  { route: '#/workflows', button: /^Import/, needs: 'bundles.import' },
  { route: '#/agents', button: /^Check all/, needs: 'agents.check' },
  { route: '#/admin', button: /^Add user/, needs: 'users.create' },
  { route: '#/admin', button: /^New role/, needs: 'roles.create' },
] as const;

describe.each(PREDEFINED_ROLES)('as %s', (role) => {
  it('every button is on or says which permission is missing, and what is sent by hand is refused alike', async () => {
    const page = await pageOf(role);
    const may = (permission: Permission | null): boolean =>
      permission === null || (held.get(role) ?? []).includes(permission);
    for (const { route, button, needs } of CONTROLS) {
      await page.evaluate((to) => {
        location.hash = to;
      }, route);
      await untilStill(page);
      const { permission } = OPERATIONS[needs];
      if (route === '#/admin' && !may('user:read')) {
        await page.getByText('Needs user:read').waitFor();
        continue;
      }
      const control = page.getByRole('main').getByRole('button', { name: button }).first();
      await control.waitFor();
      const title = `Needs ${permission}`;
      const isOff = () => control.getAttribute('aria-disabled').then((value) => value === 'true');
      // What may be done can be off for another reason.
      if (may(permission)) await expect.poll(() => control.getAttribute('title')).not.toBe(title);
      else {
        await expect.poll(() => control.getAttribute('title')).toBe(title);
        await expect.poll(isOff).toBe(true);
        const described = await control.getAttribute('aria-describedby');
        await expect.poll(() => page.locator(`[id="${described}"]`).textContent()).toBe(title);
      }
    }
    // Whoever may not answer a request has no bar for it: in its place it says why.
    await page.evaluate(() => {
      location.hash = '#/approvals';
    });
    if (may('approval:approve')) await page.getByRole('button', { name: /^Approve/ }).waitFor();
    else await page.getByText('approval:approve').first().waitFor();
    // By hand, past the screens.
    const ask = (name: string, input: unknown): Promise<unknown> =>
      page.evaluate(
        async ([operation, given]) => {
          const post = (path: string, body: unknown, token: string): Promise<Response> =>
            fetch(path, {
              method: 'POST',
              headers: { 'content-type': 'application/json', 'x-aiworkflow-token': token },
              body: JSON.stringify(body),
            });
          const { token } = (await (await post('/api/session', {}, '')).json()) as { token: string };
          return (await post('/api/call', { name: operation, input: given }, token)).json() as Promise<unknown>;
        },
        [name, input] as const,
      );
    for (const [name, input] of [
      ['runs.pause', { runId: '0'.repeat(32) }],
      ['users.setActive', { username: 'nobody', isActive: true }],
      ['roles.delete', { name: 'nobody' }],
      ['triggers.pauseAll', { reason: '' }],
    ] as const) {
      if (may(OPERATIONS[name].permission)) continue;
      expect(await ask(name, input)).toMatchObject({ ok: false, error: { code: 'access.denied' } });
      const { events } = await client.call('audit.query', {
        eventType: 'security.permission_denied',
        userId: `the-${role}`,
        limit: 1,
      });
      expect(events).toMatchObject([{ action: name, success: false }]);
    }
    await page.context().close();
  });
});
