import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { fakeAnswers } from '../support/fake-answers.ts';
import { GatedProject } from '../support/gated-project.ts';
import { check, SIZES, show, THEMES, VIEWS } from '../support/screen-check.ts';
import { todaySamples } from '../support/today-samples.ts';
import { triggerSamples } from '../support/trigger-samples.ts';

/** The screen of triggers: calendar, starts, one trigger with its arming, deliveries. */
let project: GatedProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;

const NIGHTLY = ['triggers:', '  - {type: schedule, id: nightly, schedule: "0 2 * * *", timezone: Europe/Berlin}'];
const addReport = (said: string): void =>
  project.addBundle('report', {
    name: 'Nightly report',
    frontmatter: [...NIGHTLY, 'inputs:', '  number: {type: integer, default: 1}'],
    steps: [['action: workflow.set_outputs', `inputs: {said: "${said}"}`]],
  });

beforeAll(async () => {
  project = new GatedProject();
  addReport('one');
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  client = await project.connect();
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

async function goTo(hash: string, title: string | RegExp): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
}

describe('a trigger of a real project', () => {
  it('is armed as it was shown, run now, paused with a reason, and armed anew after a change', async () => {
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    await page.keyboard.press('Alt+5');
    await page.getByRole('heading', { name: 'Triggers', level: 1 }).waitFor();
    await page.getByText('No trigger is armed, so nothing starts by itself.').waitFor();
    await page.getByRole('switch', { name: /Nightly report.*not armed/ }).click();
    await page.getByText('Nobody has armed it, so it starts nothing.').waitFor();
    await page.getByText('Arm it first: Run now starts the armed version.').waitFor();
    const { contentHash, definitionHash } = await client.call('triggers.get', { trigger: 'report/nightly' });
    const request = page.waitForRequest((sent) => (sent.postData() ?? '').includes('"triggers.arm"'));
    await page.getByRole('button', { name: 'Arm', exact: true }).click();
    expect((await request).postData()).toContain(`${definitionHash}","contentHash":"${contentHash}`);
    await page.getByText('It is armed.').waitFor();
    expect((await client.call('triggers.get', { trigger: 'report/nightly' })).status).toBe('armed');

    await page.getByRole('button', { name: 'Run now' }).click();
    await expect.poll(async () => (await client.call('triggers.get', { trigger: 'report/nightly' })).runCount).toBe(1);

    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('ledger closed');
    await page.keyboard.press('Enter');
    await page.getByText('It is paused and starts nothing.').waitFor();
    expect((await client.call('triggers.get', { trigger: 'report/nightly' })).pause?.reason).toBe('ledger closed');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('It is armed.').waitFor();

    addReport('two');
    await goTo('#/triggers', 'Triggers');
    await goTo('#/triggers/report%2Fnightly', /Nightly report/);
    await page.getByText(/The workflow is another one by now/).waitFor();
    await page.getByRole('button', { name: 'Arm it as it is now' }).click();
    await page.getByText('It starts what stands here, and nothing else').waitFor();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText(/It was switched off\. Arm it as it stands/).waitFor();
  });

  it('stands still with all others while they are paused, and goes on', async () => {
    await goTo('#/triggers', 'Triggers');
    await page.getByRole('button', { name: 'Pause all' }).click();
    await page.getByRole('combobox', { name: 'Until' }).click();
    await page.getByRole('option', { name: /^For 1 hour, until \d\d:\d\d$/ }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('inventory');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/All triggers are paused until \d\d:\d\d\./).waitFor();
    const { pausedAll } = await client.call('triggers.list', {});
    expect(pausedAll?.reason).toBe('inventory');
    // An hour after the press, which was a moment before it was taken.
    expect(Math.round(((pausedAll?.until ?? 0) - (pausedAll?.at ?? 0)) / 60_000)).toBe(60);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText(/All triggers are paused until/).waitFor({ state: 'detached' });
  });

  it('is missed by its name where it is no more', async () => {
    await goTo('#/triggers/report%2Fnobody', 'There is no such trigger.');
    await page.getByRole('link', { name: 'All triggers' }).click();
    await page.getByRole('heading', { name: 'Triggers', level: 1 }).waitFor();
  });
});

describe.each([0, 3, 10_000])('with %d rows', (count) => {
  const name = count === 0 ? 'triggers-empty' : count === 3 ? 'triggers-few' : 'triggers-many';
  const pages = [
    { name, route: '#/triggers' },
    { name: `${name}-table`, route: '#/triggers?view=table&show=all' },
    { name: `${name}-deliveries`, route: '#/triggers?tab=deliveries' },
    ...(count === 3 ? [] : [{ name: `${name}-watches`, route: '#/triggers?tab=watches' }]),
    ...(count === 0 ? [{ name: `${name}-webhooks`, route: '#/triggers?tab=webhooks' }] : []),
  ];
  it('stands in both sizes and themes, without an axe violation', async () => {
    const own = await page.context().newPage();
    await fakeAnswers(own, triggerSamples(count));
    await own.goto(page.url());
    for (const { name: picture, route } of pages)
      for (const [size, theme] of VIEWS) {
        await show(own, route, theme, size);
        await check(own, `${picture}-${theme}${size.name}`);
      }
    if (count > 3) await findWatch(own);
    await own.close();
  });
});

/** Only the rows on the screen are drawn, those to see to first; one of all is found by its folder and opened by keys. */
async function findWatch(own: Page): Promise<void> {
  const list = own.getByRole('grid', { name: 'Watches' });
  const rows = list.locator('tbody tr:not(.gap)');
  await expect.poll(() => list.getAttribute('aria-rowcount')).toBe('10001');
  await expect.poll(() => rows.first().textContent()).toContain('Asks you');
  expect(await rows.count()).toBeLessThan(100);
  await own.getByText('249 more watches ask the same.').waitFor();
  await own.getByRole('searchbox', { name: 'Find a watch' }).fill('arrivals/11999/');
  await expect.poll(() => rows.count()).toBe(1);
  await list.focus();
  await own.keyboard.press('ArrowDown');
  await own.keyboard.press('Enter');
  await expect.poll(() => own.url()).toContain('#/triggers/');
}

describe('a schedule that fell due', () => {
  it('stands among the deliveries, says why it started or not, and can be made after all', async () => {
    const own = await page.context().newPage();
    await fakeAnswers(own, todaySamples());
    await own.goto(page.url());
    for (const theme of THEMES) {
      await show(own, '#/triggers?tab=deliveries&state=failed', theme, SIZES[1]);
      await own.getByText('Fell due').first().click();
      const pane = own.getByRole('complementary', { name: 'Delivery' });
      await pane.getByRole('heading', { name: 'Why it did not start' }).waitFor();
      await pane.getByRole('button', { name: 'Start it after all' }).waitFor();
      await pane.getByRole('button', { name: 'Use as test input' }).waitFor();
      await check(own, `triggers-fell-due-${theme}-1024`);
      await own.keyboard.press('Escape');
    }
    await own.close();
  });
});

describe('an office after a while', () => {
  it('shows its day, its calendar, its deliveries and one of them', async () => {
    const own = await page.context().newPage();
    await fakeAnswers(own, todaySamples());
    await own.goto(page.url());
    const delivery = (2).toString(16).padStart(32, '0');
    const pages = [
      { name: 'triggers', route: '#/triggers' },
      { name: 'trigger', route: '#/triggers/report%2Fnightly' },
      { name: 'triggers-watches', route: '#/triggers?tab=watches' },
      { name: 'triggers-webhooks', route: '#/triggers?tab=webhooks' },
      { name: 'today', route: '#/today' },
      { name: 'today-table', route: '#/today?view=table' },
      { name: 'triggers-deliveries', route: `#/triggers?tab=deliveries&id=${delivery}` },
    ];
    for (const { name, route } of pages)
      for (const [size, theme] of VIEWS) {
        await show(own, route, theme, size);
        await own.getByRole('heading', { level: 1 }).waitFor();
        if (name === 'triggers-deliveries') await own.getByRole('button', { name: 'Replay' }).waitFor();
        // What is planned is a bar as high as what ran: no other part's rules reach it.
        const planned = own.locator('.lane .b.plan').first();
        if (name === 'triggers' || name === 'today')
          await expect.poll(() => planned.evaluate((bar) => getComputedStyle(bar).padding)).toBe('0px');
        await check(own, `${name}-${theme}${size.name}`);
      }
    // At 200 % zoom there is no room for when a trigger starts next: its head goes too, and covers no day.
    await own.setViewportSize({ width: 640, height: 640 });
    await own.evaluate(() => (location.hash = '#/triggers'));
    await own.getByRole('heading', { name: 'Triggers', level: 1 }).waitFor();
    await own.locator('.crow.axis').getByText('Next', { exact: true }).waitFor({ state: 'hidden' });
    await own.close();
  });
});
