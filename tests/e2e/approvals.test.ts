import type { Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { ApprovalProject, type AskingWorkflow } from '../support/approval-project.ts';
import { axeViolations } from '../support/axe-violations.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { untilStatus } from '../support/run-page.ts';
import { waitUntil } from '../support/wait-until.ts';

let project: ApprovalProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;

async function open(): Promise<void> {
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  client = await project.connect();
}

// One host for all: each test finds nothing that waits, and a page that was just loaded.
beforeAll(async () => {
  project = new ApprovalProject();
  await open();
});
beforeEach(async () => {
  await page.evaluate(() => {
    location.hash = '#/today';
  });
  await page.reload();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
});
afterEach(async () => {
  await page.unrouteAll();
  const { runs } = await client.call('runs.list', { status: ['waiting'], limit: 100 });
  for (const { runId } of runs) await client.call('runs.cancel', { runId });
  await waitUntil('nothing waits', async () => ((await client.call('runs.counts', {})).byStatus.waiting ?? 0) === 0);
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

/** Starts a run and resolves when it asks. */
async function ask(workflow: AskingWorkflow, inputs: Record<string, string> = {}): Promise<string> {
  const { runId } = await client.call('runs.start', { workflow, inputs });
  await untilStatus(client, runId, 'waiting');
  return runId;
}

async function openApprovals(on: Page = page): Promise<void> {
  await on
    .getByRole('link', { name: /^Approvals/ })
    .first()
    .click();
  await on.getByRole('heading', { name: 'Approvals', level: 1 }).waitFor();
}
const list = (on: Page = page) => on.getByRole('listbox', { name: 'Requests' });
const pane = (title: RegExp, on: Page = page) => on.getByRole('article', { name: title });
const comment = (on: Page = page) => on.getByRole('textbox', { name: 'Comment' });
const press = (name: RegExp, on: Page = page) => on.getByRole('button', { name }).click();

async function expectNoAxeViolation(where: string): Promise<void> {
  expect(await axeViolations(page), where).toEqual([]);
}

describe('approvals', () => {
  it('asked before the app was killed and approved after it: what was shown is done, once', async () => {
    const runId = await ask('refund', { customer: 'Hansen' });
    await opened.kill();
    client.close();
    await opened.close();
    await open();
    await page.getByRole('link', { name: /Approvals.*1 request waits for your decision/ }).waitFor();
    await openApprovals();
    const request = pane(/Refund €1,240.00 to Hansen/);
    await request.getByText('You asked for this yourself; you are the only user here.').waitFor();
    const call = request.getByRole('listitem').filter({ hasText: 'Tell the customer' }).first();
    await call.getByText('Exactly this').waitFor();
    await call.getByRole('row', { name: /Subject Your refund of €1,240.00/ }).waitFor();
    const later = request.getByRole('listitem').filter({ hasText: 'Keep the receipt' }).first();
    await later.getByText('Depends on a step before it').waitFor();
    await request.getByText('0 of 1 approved').first().waitFor();
    await expectNoAxeViolation('a request');
    expect(project.tracesOf(runId)).toEqual([]);

    await press(/^Approve/);
    await page.locator('[data-sonner-toast]', { hasText: /Approved\s*Refund €1,240.00 to Hansen/ }).waitFor();
    await untilStatus(client, runId, 'completed');
    expect(project.tracesOf(runId)).toEqual(['sent Hansen']);
    await page.getByText('Nothing waits for a decision.').waitFor();
    await page.getByRole('link', { name: /requests? waits?/ }).waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Decided' }).click();
    await list()
      .getByRole('option', { name: /Refund.*Approved/ })
      .waitFor();
    await page.getByRole('link', { name: 'Open the run' }).click();
    await page.getByRole('heading', { name: 'Customer refunds', level: 1 }).waitFor();
  });
});

describe('a decision', () => {
  it('to reject needs its reason, which the run then tells; the next request is shown', async () => {
    const first = await ask('refund', { customer: 'Hansen' });
    await ask('refund', { customer: 'Okafor' });
    await openApprovals();
    await list()
      .getByRole('option', { name: /Hansen/ })
      .click();
    await press(/^Reject/);
    await page.getByText('Say why you reject it').waitFor();
    expect((await client.call('runs.get', { runId: first })).run.status).toBe('waiting');
    await comment().fill('Wrong account');
    await press(/^Reject/);
    await untilStatus(client, first, 'failed');
    await pane(/Okafor/).waitFor();
    await expect.poll(() => comment().inputValue()).toBe('');
    const { steps } = await client.call('runs.get', { runId: first });
    expect(steps.find(({ path }) => path === 'ask')?.error).toMatchObject({
      code: 'approval.rejected',
      hint: 'Reason: Wrong account',
    });
    await page.getByRole('tab', { name: 'Asked by me' }).click();
    await list()
      .getByRole('option', { name: /Hansen.*Rejected/ })
      .click();
    await pane(/Hansen/)
      .getByText('“Wrong account”')
      .waitFor();
    expect(project.tracesOf(first)).toEqual([]);
  });

  it('of two windows is taken once, and the other one is told', async () => {
    const runId = await ask('refund', { customer: 'Hansen' });
    await openApprovals();
    const other = await page.context().newPage();
    await other.goto(page.url());
    const held: Route[] = [];
    for (const window of [page, other]) {
      await pane(/Hansen/, window).waitFor();
      await window.route(/\/api\/call$/, async (route) => {
        if (/"approvals\.(approve|reject)"/.test(route.request().postData() ?? '')) held.push(route);
        else await route.continue();
      });
    }
    await press(/^Approve/);
    await comment(other).fill('No');
    await press(/^Reject/, other);
    await waitUntil('both have decided', () => held.length === 2);
    await Promise.all(held.map((route) => route.continue()));
    const told = (on: Page) => on.getByText('Somebody was faster. Your decision was not taken.');
    await waitUntil('one is told', async () => (await told(page).count()) + (await told(other).count()) === 1);
    const [late, approved] = (await told(page).count()) === 1 ? [page, false] : [other, true];
    await untilStatus(client, runId, approved ? 'completed' : 'failed');
    await late
      .getByRole('status')
      .filter({ hasText: approved ? 'Approved' : 'Rejected' })
      .first()
      .waitFor();
    await expect.poll(() => late.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
    expect(project.tracesOf(runId)).toEqual(approved ? ['sent Hansen'] : []);
    await other.close();
  });

  it('about something else than what is asked now is not taken, and says so', async () => {
    const runId = await ask('refund', { customer: 'Hansen' });
    await openApprovals();
    await pane(/Hansen/).waitFor();
    // As if the page had shown other content.
    await page.route(/\/api\/call$/, async (route) => {
      const text = route.request().postData() ?? '';
      const isDecision = text.includes('"approvals.approve"');
      const postData = isDecision ? text.replace(/"hash":"[0-9a-f]+"/, `"hash":"${'0'.repeat(64)}"`) : text;
      await route.continue({ postData });
    });
    await comment().fill('Looks right');
    await press(/^Approve/);
    await page.getByText('What would be done has changed while you looked.').waitFor();
    await page.getByRole('button', { name: /^Approve/ }).waitFor();
    await expect.poll(() => comment().inputValue()).toBe('Looks right');
    expect((await client.call('runs.get', { runId })).run.status).toBe('waiting');
    expect(project.tracesOf(runId)).toEqual([]);
  });

  it('that nobody makes in time is none: the time is counted down, then the run goes on as it says', async () => {
    // The page is there before the question, so that its few seconds are not over before anybody looks.
    await openApprovals();
    const runId = await ask('soon');
    await pane(/Still there/)
      .getByText(/then the run goes on without an approval/)
      .waitFor();
    await list()
      .getByRole('option', { name: /Still there\?\s*\d s/ })
      .waitFor();
    await untilStatus(client, runId, 'completed');
    await pane(/Still there/)
      .getByText('Nobody decided in time.')
      .waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
    await page.getByRole('tab', { name: 'Decided' }).click();
    await list()
      .getByRole('option', { name: /Still there.*Expired/ })
      .waitFor();
  });

  it('to send back asks the agent again, and shows what is another in the new round', async () => {
    const runId = await ask('letter');
    await ask('refund');
    await openApprovals();
    await list()
      .getByRole('option', { name: /Send the letter/ })
      .click();
    // What an agent proposes that has no model is said to be a demo here too.
    await pane(/Send the letter/)
      .getByRole('region', { name: 'What is proposed' })
      .getByText('Demo', { exact: true })
      .waitFor();
    await press(/^Send back/);
    await page.getByText('Say what should be better').waitFor();
    await comment().fill('Name the date');
    await press(/^Send back/);
    await list()
      .getByRole('option', { name: /round 2/ })
      .click();
    const request = pane(/Send the letter/);
    // It was asked in this moment: no clock that has not ticked says that it will be.
    expect(
      await list()
        .getByRole('option', { name: /round 2/ })
        .innerText(),
    ).toMatch(/just now|[0-9]+ s ago/);
    await request.getByText('It was sent back, this is round 2.').waitFor();
    await request.getByText('“Name the date”').waitFor();
    await request.getByRole('region', { name: 'Changes of Draft it' }).getByText('comment: Name the date').waitFor();
    await request.getByRole('region', { name: 'Changes of Send it' }).getByText('comment: Name the date').waitFor();
    await expectNoAxeViolation('a second round');
    await press(/^Approve/);
    await untilStatus(client, runId, 'completed');
    expect(project.tracesOf(runId)).toEqual(['sent all']);
    // Among what was decided the round that was sent back is not said to be taken back, and nothing that waits stands beside it.
    await pane(/^Refund/).waitFor();
    await page.getByRole('tab', { name: 'Decided' }).click();
    await list()
      .getByRole('option', { name: /Send the letter.*Approved/ })
      .waitFor();
    await list()
      .getByRole('option', { name: /Asked again/ })
      .waitFor();
    await pane(/Send the letter/).waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
  });

  it('can be left to nobody: a request is taken back after a question', async () => {
    const runId = await ask('refund');
    await openApprovals();
    // What is not known yet of a step are its values: what writing a file changes is.
    await pane(/^Refund/)
      .getByText('workflow.write_file · may be repeated without harm')
      .waitFor();
    await press(/^More about this request/);
    await page.getByRole('menuitem', { name: 'Take back this request' }).click();
    const question = page.getByRole('dialog', { name: 'Take back this request?' });
    await question.getByText('The step then fails.').waitFor();
    await expectNoAxeViolation('taking back');
    await question.getByRole('button', { name: 'Take it back' }).click();
    await untilStatus(client, runId, 'failed');
    await page.getByText('Nothing waits for a decision.').waitFor();
    await expectNoAxeViolation('no request');
  });
});

describe('a run that rests', () => {
  it('for a decision says so, shows what is asked and can be decided on its page', async () => {
    const runId = await ask('refund', { customer: 'Hansen' });
    await page.getByRole('link', { name: /^Runs.*1 run needs you/ }).click();
    const row = page.getByRole('row').filter({ hasText: 'Customer refunds' }).filter({ hasText: 'for a decision' });
    await row.getByRole('link', { name: 'Decide' }).click();
    await pane(/Hansen/)
      .getByRole('link', { name: 'Customer refunds' })
      .click();
    await page.locator('.run-head').getByText('Waits for your decision').first().waitFor();
    await expect.poll(() => page.title()).toMatch(/^\(1\) Needs you · Customer refunds/);
    const step = page.getByRole('complementary', { name: 'Step: May it be paid?' });
    await step.getByRole('row', { name: /Subject Your refund of €1,240.00/ }).waitFor();
    await step.getByRole('row', { name: /To Hansen/ }).waitFor();
    await expectNoAxeViolation('a run that asks');
    await comment().fill('By hand this time');
    await step.getByRole('button', { name: 'Reject' }).click();
    await untilStatus(client, runId, 'failed');
    await step.getByText('Reason: By hand this time').waitFor();
    await expectNoAxeViolation('a rejected run');
    await expect.poll(() => step.getByRole('button', { name: 'Reject' }).count()).toBe(0);
  });

  it('for a time says until when, and needs nobody', async () => {
    const napId = await ask('nap');
    const watchId = await ask('watch');
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    const row = page.getByRole('row').filter({ hasText: 'Sleeps' });
    await row.getByText(/goes on by itself at .*\d\d:\d\d/).waitFor();
    expect(await row.getByRole('link', { name: 'Decide' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Needs you' }).click();
    await page.getByText('No run matches the filter.').waitFor();
    await page.goto(page.url().replace(/#.*/, `#/runs/${napId}`));
    await page
      .locator('.run-head')
      .getByText(/^Waits until .*\d\d:\d\d$/)
      .first()
      .waitFor();
    const nap = page.getByRole('complementary', { name: 'Step: Wait for the night' });
    await nap.getByText(/\d\d:\d\d, in (2 h|3 h 0)/).waitFor();
    await expect.poll(() => page.title()).not.toContain('(1)');
    await page.goto(page.url().replace(/#.*/, `#/runs/${watchId}`));
    const watch = page.getByRole('complementary', { name: 'Step: Until it is ready' });
    await watch.getByText('its condition, looks every 30 s').waitFor();
    await watch.getByText(/\d\d:\d\d, in (59 m|1 h)/).waitFor();
    await page
      .locator('.run-head')
      .getByText(/^Waits, looks again at \d\d:\d\d:\d\d$/)
      .first()
      .waitFor();
    await expectNoAxeViolation('a run that waits for a time');
  });
});

it('with keys alone: to the screen, through the list, approve, reject', async () => {
  const runs = [];
  for (const customer of ['Ada', 'Ben', 'Cleo']) runs.push(await ask('refund', { customer }));
  await page.keyboard.press('Alt+4');
  await pane(/Ada/).waitFor();
  await page.keyboard.press('j');
  await pane(/Ben/).waitFor();
  await page.keyboard.press('r');
  await page.getByText(/rejects, with what you write as the reason/).waitFor();
  await page.keyboard.type('a raj in the text'); // Letters of shortcuts are text here.
  await page.keyboard.press('Control+Enter');
  await untilStatus(client, runs[1] ?? '', 'failed');
  await pane(/Cleo/).waitFor();
  await page.keyboard.press('k');
  await pane(/Ada/).waitFor();
  await page.keyboard.press('a');
  await page.getByText(/Ctrl ⏎ approves/).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await page.keyboard.type('fine');
  await page.keyboard.press('Control+Enter');
  await untilStatus(client, runs[0] ?? '', 'completed');
  await pane(/Cleo/).waitFor();
  expect(project.tracesOf(runs[0] ?? '')).toEqual(['sent Ada']);
  expect((await client.call('runs.get', { runId: runs[2] ?? '' })).run.status).toBe('waiting');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page
    .getByRole('dialog', { name: 'Keyboard shortcuts' })
    .getByText('Approve the request that is open')
    .waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('decide refund');
  await page.getByRole('option', { name: /Decide: Refund €1,240.00 to Cleo/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await pane(/Cleo/).waitFor();
});
