import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject } from '../support/gated-project.ts';
import { untilStatus } from '../support/run-page.ts';
import { checkOpened } from '../support/screen-check.ts';

/** The plan of a workflow on its screen: what a run would do with what stands in the form, and nothing is started. */

let project: GatedProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;

beforeAll(async () => {
  project = new GatedProject();
  project.addBundle('refunds', {
    name: 'Customer refunds',
    frontmatter: [
      'inputs:',
      '  customers: {type: array, default: [Acorn, Birch]}',
      '  amount: {type: number, default: 120}',
    ],
    steps: [
      ['name: Remember the rate', 'action: workflow.set', 'inputs: {total: "{{ inputs.amount * 2 }}"}'],
      [
        ...['name: For each customer', 'for_each: "{{ inputs.customers }}"', 'as: customer', 'steps:'],
        ...['  - name: Look it up', '    id: look', '    action: work.run', '    inputs: {who: "{{ customer }}"}'],
        ...['    output_variable: found'],
        ...['  - name: Write it down', '    id: write', '    action: workflow.write_file'],
        ...['    inputs: {path: "{{ customer }}.txt", content: "{{ found.from }} owes {{ total }}"}'],
      ],
      [
        ...['name: Ask the lead', 'id: ask', 'approval: {title: "Pay {{ total }}?", expires_in: 2h}'],
        ...['condition: "{{ inputs.amount > 100 }}"'],
      ],
      ['name: Nothing to pay', 'id: none', 'action: work.run', 'condition: "{{ inputs.amount == 0 }}"'],
    ],
  });
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  client = await project.connect();
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

const dialog = () => page.getByRole('dialog', { name: 'Plan: Customer refunds' });
const row = (name: string) => dialog().getByRole('row').filter({ hasText: name });

it('shows the tree with what is known, what it touches and whom it asks, and starts nothing', async () => {
  await page.evaluate(() => {
    location.hash = '#/workflows/refunds';
  });
  await page.getByRole('textbox', { name: 'Amount' }).fill('150');
  const act = page.getByRole('button', { name: 'Plan', exact: true });
  await act.focus();
  await page.keyboard.press('Enter');
  await row('Look it up').first().waitFor();
  expect(await row('Look it up').count()).toBe(2);
  await expect.poll(() => row('Look it up').nth(1).innerText()).toContain('Birch');
  await expect.poll(() => row('Write it down').first().innerText()).toContain('Acorn.txt');
  await expect.poll(() => row('Write it down').first().innerText()).toContain('known during the run:');
  await expect.poll(() => row('Nothing to pay').innerText()).toContain('not with these inputs');
  const facts = dialog().getByRole('region', { name: 'What the run touches, asks and costs' });
  await expect.poll(() => facts.innerText()).toContain('Pay 300?');
  await expect.poll(() => facts.innerText()).toContain('work');
  await checkOpened(page, 'workflow-plan', () => row('Look it up').first().waitFor());
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  await expect.poll(() => act.evaluate((element) => element === document.activeElement)).toBe(true);
  expect((await client.call('runs.list', {})).runs).toEqual([]);
});

it('says what is wrong with an input in the place of a plan', async () => {
  await page.getByRole('textbox', { name: 'Amount' }).fill('many');
  await page.getByRole('button', { name: 'Plan', exact: true }).click();
  await dialog().getByRole('alert').waitFor();
  await page.keyboard.press('Escape');
});

it('says on a failed run what changed since it last worked', async () => {
  project.openGates('look');
  const worked = await client.call('runs.start', { workflow: 'refunds', inputs: { amount: 10 } });
  await untilStatus(client, worked.runId, 'completed');
  project.addBundle('refunds', {
    name: 'Customer refunds',
    steps: [['name: Refuse', 'action: workflow.fail', 'inputs: {message: closed}']],
  });
  const { runId } = await client.call('runs.start', { workflow: 'refunds', inputs: {} });
  await untilStatus(client, runId, 'failed');
  await page.evaluate((to) => {
    location.hash = to;
  }, `#/runs/${runId}`);
  await page.getByRole('link', { name: 'What changed' }).click();
  await page.getByRole('heading', { name: 'Compare two runs' }).waitFor();
  const table = page.getByRole('table');
  await expect.poll(() => table.innerText()).toContain('First difference');
  await expect.poll(() => page.getByRole('complementary', { name: 'What changed' }).innerText()).toContain('Version');
  await checkOpened(page, 'run-compare', () => table.waitFor());
  const back = page.getByRole('link', { name: 'To the run' });
  await back.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Customer refunds' }).waitFor();
});

it('says of an armed schedule what would stop it, on Today and with the way to where it is mended', async () => {
  project.addBundle('nightly', {
    name: 'Nightly letters',
    frontmatter: ['triggers:', '  - {type: schedule, id: night, schedule: "0 3 * * *"}'],
    steps: [['action: workflow.write_file', 'inputs: {path: out.txt, content: "{{ secrets.POST_KEY }}"}']],
  });
  const { definitionHash, contentHash } = await client.call('triggers.get', { trigger: 'night' });
  await client.call('triggers.arm', { trigger: 'night', definitionHash, contentHash: contentHash ?? '' });
  await page.evaluate(() => {
    location.hash = '#/today';
  });
  const needs = page.getByRole('region', { name: 'Needs you' });
  const item = needs.getByRole('listitem').filter({ hasText: 'Cannot start' });
  await expect.poll(() => item.innerText()).toContain('The secret POST_KEY is not there.');
  await item.getByRole('link', { name: 'Look', exact: true }).click();
  await page.getByRole('tab', { name: 'Plan' }).click();
  const mend = page.getByRole('link', { name: 'To the secret' });
  await mend.waitFor();
  await checkOpened(page, 'trigger-unready', () => mend.waitFor());
  await mend.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/tab=secrets/);
});
