import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { ApprovalProject, type AskingWorkflow } from '../support/approval-project.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { untilStatus } from '../support/run-page.ts';
import { check, show, VIEWS } from '../support/screen-check.ts';
import { waitUntil } from '../support/wait-until.ts';

const MANY = 300;

let project: ApprovalProject;
let opened: OpenedDoor;
let client: HolderClient;

// One host and one page for all: each test finds nothing that waits, and a page that was just loaded.
beforeAll(async () => {
  project = new ApprovalProject();
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  client = await project.connect();
});
beforeEach(async () => {
  const { page } = opened;
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => {
    location.hash = '#/today';
  });
  await page.reload();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
});
afterEach(async () => {
  const { runs } = await client.call('runs.list', { status: ['waiting'], limit: 1000 });
  // After the last test: they go with their project.
  if (runs.length >= MANY) return;
  for (const { runId } of runs) await client.call('runs.cancel', { runId });
  await waitUntil('nothing waits', async () => ((await client.call('runs.counts', {})).byStatus.waiting ?? 0) === 0);
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

/** Somebody of another name who may decide; known from an earlier test, or new. */
async function addApprover(username: string): Promise<void> {
  const { users } = await client.call('users.list', {});
  if (!users.some((user) => user.username === username))
    await client.call('users.create', { username, roles: ['approver'] });
}

async function ask(workflow: AskingWorkflow, inputs: Record<string, string> = {}): Promise<string> {
  const { runId } = await client.call('runs.start', { workflow, inputs });
  await untilStatus(client, runId, 'waiting');
  return runId;
}

/** What the rail says of requests that wait for whoever looks. */
const badge = (page: Page) => page.getByText(/^\d+ requests? waits? for your decision$/);

/** The address in both sizes and themes; `seen` is what must stand there. */
async function look(name: string, route: string, seen: RegExp): Promise<void> {
  const { page } = opened;
  for (const [size, theme] of VIEWS) {
    await show(page, route, theme, size);
    await page.getByText(seen).first().waitFor();
    await check(page, `${name}-${theme}${size.name}`);
  }
}

describe('approvals in both sizes and themes: no axe violation, nothing cut off', () => {
  it('without a request', () => look('approvals-empty', '#/approvals', /Nothing waits for a decision/));

  it('with three, a second round, and in the run', async () => {
    const runId = await ask('refund');
    await ask('refund', { customer: 'M. Okafor', amount: '€86.00' });
    const letterRun = await ask('letter');
    await look('approvals', `#/approvals?run=${runId}`, /Tell the customer/);
    await look('run-asks', `#/runs/${runId}`, /Tell the customer/);
    const pending = async () =>
      (await client.call('approvals.list', { runId: letterRun, status: ['pending'], limit: 1 })).approvals[0];
    const first = await pending();
    const { id, hash } = await client.call('approvals.get', { id: first?.id ?? '' });
    await client.call('approvals.revise', { id, hash, comment: 'Shorter, and name the date' });
    await waitUntil('it is asked again', async () => (await pending())?.round === 2);
    await look('approvals-round', `#/approvals?id=${(await pending())?.id}`, /this is round 2/);
  });

  it('of a person: a run of a high risk is asked for where it is refused, and starts once it is approved', async () => {
    const { page } = opened;
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    await page.evaluate(() => {
      location.hash = '#/workflows/supplier';
    });
    await page.getByRole('button', { name: /^Run/ }).first().click();
    await page.getByText('here nobody starts it without an approval').waitFor();
    await page.getByRole('button', { name: 'Ask for an approval' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Why' }).fill('The invoice of May is due on Friday.');
    await check(page, 'approvals-ask-light');
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
    // It is said once the request is there, and goes by itself: what is not there yet is detached too.
    const said = page.getByText('Asked: Start Pay a supplier');
    await said.waitFor();
    await dialog.waitFor({ state: 'detached' });
    await said.waitFor({ state: 'detached' });
    // The form of the workflow stands around that of the dialog: it was not sent a second time.
    const acts = sent.flatMap((body) => /"(runs\.start|approvals\.request)"/.exec(body)?.[1] ?? []);
    expect(acts).toEqual(['runs.start', 'approvals.request']);
    const { approvals } = await client.call('approvals.list', { status: ['pending'] });
    await look(
      'approvals-start',
      `#/approvals?id=${approvals[0]?.id}`,
      /The run starts, with the rights of whoever asked/,
    );
    await page.getByRole('row', { name: /Supplier Elbe Strom/ }).waitFor();
    await page.getByRole('button', { name: /^Approve/ }).click();
    await waitUntil(
      'it has started',
      async () => (await client.call('runs.list', { workflow: 'supplier' })).runs.length > 0,
    );
    const { runs } = await client.call('runs.list', { workflow: 'supplier' });
    await untilStatus(client, runs[0]?.runId ?? '', 'completed');
    await page.getByRole('tab', { name: 'Decided' }).click();
    await page.getByRole('option', { name: /Start Pay a supplier.*Approved/ }).click();
    await page.getByText('It is done.').waitFor();
    expect(project.tracesOf(runs[0]?.runId ?? '')).toEqual(['sent Elbe Strom']);
  });

  it('not for a person: a run that waits for an event says for which, until when, and needs nobody', async () => {
    const runId = await ask('paid');
    await look('run-waits-event', `#/runs/${runId}`, /\/shop\/payments/);
    const { byStatus, needsPerson } = await client.call('runs.counts', {});
    expect([byStatus.waiting, needsPerson]).toEqual([1, 0]);
  });

  it('that need two people: what is given stands there, and what cannot come any more', async () => {
    const { page } = opened;
    const people = new Map<string, HolderClient>();
    for (const username of ['bob', 'carol']) {
      await addApprover(username);
      const { secret } = await client.call('tokens.create', { username, name: 'here', permissions: ['*'] });
      people.set(username, await project.connect(secret));
    }
    try {
      const runId = await ask('pair');
      const { approvals } = await client.call('approvals.list', { runId });
      const { id, hash } = await client.call('approvals.get', { id: approvals[0]?.id ?? '' });
      const word = (who: string) => people.get(who)?.call('approvals.approve', { id, hash, comment: `${who} agrees` });
      await page.goto(new URL(`#/approvals?id=${id}`, page.url()).href);
      const pane = page.getByRole('article', { name: 'Pay the invoice' });
      await pane.getByText('0 of 2 approved').first().waitFor();
      // It waits for others: it stands among theirs and is not counted for whoever asked.
      await page.getByRole('group', { name: 'For others 1' }).getByRole('option').waitFor();
      await page.getByRole('tab', { name: 'Waiting 1' }).waitFor();
      await expect.poll(() => badge(page).count()).toBe(0);
      await page.getByRole('tab', { name: 'Asked by me' }).click();
      await page.getByRole('group', { name: 'Waiting 1' }).getByRole('option').waitFor();
      await page.goto(new URL(`#/approvals?id=${id}`, page.url()).href);
      // Whoever started the run says no to it at most.
      const approve = pane.getByRole('button', { name: /^Approve/ });
      await expect.poll(() => approve.getAttribute('aria-disabled')).toBe('true');
      await pane.getByText('Approve: Whoever started the run does not approve it: somebody else has to.').waitFor();
      await expect.poll(() => pane.getByRole('button', { name: /^Reject/ }).getAttribute('aria-disabled')).toBeNull();
      await word('bob');
      await pane.getByText('1 of 2 approved').first().waitFor();
      await pane.getByText('“bob agrees”').waitFor();
      await look('approvals-one-of-two', `#/approvals?id=${id}`, /1 of 2 approved/);
      await look('run-one-of-two', `#/runs/${runId}`, /1 of 2 approved/);
      await page.goto(new URL(`#/approvals?id=${id}`, page.url()).href);
      await client.call('users.setActive', { username: 'carol', isActive: false });
      // At once, on the request, on the list and on Today.
      await pane.getByText('1 more approval is needed, but nobody is left who may give one.').waitFor();
      await page.getByRole('listbox', { name: 'Requests' }).getByText('Cannot be met').waitFor();
      await look('approvals-unmet', `#/approvals?id=${id}`, /Cannot be met/);
      await look('today-unmet', '#/today', /Cannot be met/);
      await page.goto(new URL(`#/approvals?id=${id}`, page.url()).href);
      await client.call('users.setActive', { username: 'carol', isActive: true });
      await word('carol');
      await untilStatus(client, runId, 'completed');
      await pane.getByText('2 of 2 approved').waitFor();
    } finally {
      for (const person of people.values()) person.close();
    }
  });

  it('are handed over by whoever may decide to one who may too, who decides in his place', async () => {
    const { page } = opened;
    await client.call('users.create', { username: 'anna', roles: ['executor'] });
    const { secret } = await client.call('tokens.create', { username: 'anna', name: 'here', permissions: ['*'] });
    for (const username of ['bob', 'carol']) await addApprover(username);
    const anna = await project.connect(secret);
    try {
      const { runId } = await anna.call('runs.start', { workflow: 'refund', inputs: {} });
      await untilStatus(client, runId, 'waiting');
      const id = (await client.call('approvals.list', { runId })).approvals[0]?.id ?? '';
      const pane = page.getByRole('article', { name: /Refund/ });
      const dialog = page.getByRole('dialog', { name: 'Hand over this request' });
      const openDialog = async (): Promise<void> => {
        await page.getByRole('button', { name: 'More about this request' }).click();
        await page.getByRole('menuitem', { name: 'Hand over to another' }).click();
        await dialog.getByText('Choose somebody').first().waitFor();
      };
      for (const [size, theme] of VIEWS) {
        await show(page, `#/approvals?id=${id}`, theme, size);
        await openDialog();
        await check(page, `approvals-hand-over-${theme}${size.name}`);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      }
      await badge(page).waitFor({ state: 'attached' });
      await openDialog();
      await dialog.getByRole('combobox', { name: 'To whom' }).click();
      await page.getByRole('option', { name: 'carol' }).click();
      await dialog.getByRole('textbox', { name: 'Comment' }).fill('I am away');
      await dialog.getByRole('button', { name: 'Hand over' }).click();
      await pane.getByText('to carol').first().waitFor();
      await pane.getByText('“I am away”').waitFor();
      await badge(page).waitFor({ state: 'detached' });
      await pane.getByText('It was handed to carol, who decides instead.').first().waitFor();
      await look('approvals-handed-over', `#/approvals?id=${id}`, /to carol/);
    } finally {
      anna.close();
    }
  });

  it(`with ${MANY}: only those on the screen are drawn, and the end is reached by key`, async () => {
    for (let at = 0; at < MANY; at += 10)
      await Promise.all(Array.from({ length: 10 }, (_, one) => ask('refund', { customer: `Customer ${at + one}` })));
    await look('approvals-many', '#/approvals', /Tell the customer/);
    const { page } = opened;
    const list = page.getByRole('listbox', { name: 'Requests' });
    expect(await list.getByRole('option').count()).toBeLessThan(60);
    await page.getByRole('tab', { name: `Waiting ${MANY}` }).waitFor();
    await page.keyboard.press('End');
    await list
      .getByRole('option', { selected: true })
      .and(page.locator(`[aria-posinset="${MANY}"]`))
      .waitFor();
  });
});
