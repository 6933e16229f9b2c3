import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject, workStep } from '../support/gated-project.ts';
import { Hand } from '../support/hand.ts';
import { openedRun, untilShown, untilStatus } from '../support/run-page.ts';

/**
 * What people come for every day, each task from the rail to its end. To import and to run are walked by mouse in `main-job` and by keys in
 * `keyboard`, through both doors; by mouse the others have walks of their own in the browser (`steering`, `approvals`, `schedule-editor`, `lists`,
 * `costs-screens`, `admin-users`, `admin-audit`).
 */
const WALKS = [
  ['browser', ['keys']],
  ['desktop', ['mouse', 'keys']],
] as const;

describe.each(WALKS)('through the %s door', (door, means) => {
  let project: GatedProject;
  let opened: OpenedDoor;
  let client: HolderClient;
  let page: Page;
  let cause: string;
  beforeAll(async () => {
    project = new GatedProject();
    cause = join(project.root, 'locked');
    project.addBundle('slow', { name: 'Long work', steps: [workStep('a'), workStep('b')] });
    project.addBundle('ledger', {
      name: 'Close the ledger',
      steps: [['action: ledger.run', 'output_variable: b']],
      tools: {
        'ledger.sh': `#!/usr/bin/env bash\nif [ -e "${cause}" ]; then echo "the ledger is locked" >&2; exit 3; fi\necho '{"posted": 12}'\n`,
      },
    });
    project.addBundle('refund', {
      name: 'Pay a refund',
      frontmatter: ['inputs: {customer: {type: string, default: Ada}}'],
      steps: [
        ['approval: {title: "Refund to {{ inputs.customer }}"}', 'output_variable: answer'],
        ['action: workflow.noop'],
      ],
    });
    opened = await openDoor(door, { projectPath: project.path, home: project.home });
    page = opened.page;

    client = await project.connect();
  });
  afterAll(async () => {
    client?.close();
    await opened?.close();
    project.remove();
  });

  const rail = (name: RegExp) => page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name });
  const button = (name: string | RegExp) => page.getByRole('button', { name }).first();
  const inDialog = (name: string | RegExp) => page.getByRole('dialog').getByRole('button', { name });
  const statusOf = async (runId: string) => (await client.call('runs.get', { runId })).run.status;

  async function runFromLibrary(hand: Hand, name: string): Promise<string> {
    await hand.press(rail(/^Workflows/));
    await hand.press(page.getByRole('main').getByRole('link', { name, exact: true }));
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await hand.press(button(/^Run/));
    return openedRun(page);
  }

  describe.each(means)('by %s', (way) => {
    let hand: Hand;
    beforeAll(() => {
      hand = new Hand(page, way);
    });

    it('watches a run while it works', async () => {
      project.closeGates(1, 2);
      const runId = await runFromLibrary(hand, 'Long work');
      await untilShown(page, 'Running');
      await hand.openTab(/^Log/);
      await page.getByText('step_1 is at work').first().waitFor();
      project.openGates(1);
      await page.getByText('step_2 is at work').first().waitFor();
      project.openGates(2);
      await untilShown(page, 'Completed');
      expect(await statusOf(runId)).toBe('completed');
    });

    it('mends what a run failed by, and retries it', async () => {
      writeFileSync(cause, '');
      const failed = await runFromLibrary(hand, 'Close the ledger');
      await untilShown(page, 'Failed');
      await page.getByText('the ledger is locked').first().waitFor();
      rmSync(cause);
      await hand.press(button(/^Retry/));
      await hand.press(inDialog('Retry'));
      await page.waitForURL((url) => !url.hash.includes(failed));
      await untilShown(page, 'Completed');
    });

    it('takes note of failures of one cause; what fails anew is begun again together, and a success closes it', async () => {
      const fail = async (): Promise<void> => {
        const { runId } = await client.call('runs.start', { workflow: 'ledger' });
        await untilStatus(client, runId, 'failed');
      };
      writeFileSync(cause, '');
      await fail();
      await fail();
      await hand.press(rail(/^Today/));
      const item = page.getByRole('listitem').filter({ hasText: 'the ledger is locked' });
      await item.getByText('2 failed').waitFor();
      await item.getByText('Close the ledger 2').waitFor();
      await hand.press(item.getByRole('button', { name: 'Acknowledge' }));
      await item.waitFor({ state: 'detached' });
      await fail();
      await fail();
      await item.getByText('2 failed').waitFor();
      rmSync(cause);
      await hand.press(item.getByRole('button', { name: 'Retry 2' }));
      await page.getByRole('dialog').getByText('Part 1').first().waitFor();
      await hand.press(inDialog(/^Retry/));
      await item.waitFor({ state: 'detached' });
      const listed = async () => (await client.call('failures.list', { since: 0 })).causes;
      await expect.poll(listed).toEqual([]);
      const { runs } = await client.call('runs.list', { workflow: 'ledger', limit: 2 });
      await expect.poll(() => Promise.all(runs.map((run) => statusOf(run.runId)))).toEqual(['completed', 'completed']);
    });

    it('approves what a run asks', async () => {
      const { runId } = await client.call('runs.start', { workflow: 'refund', inputs: { customer: `Ada ${way}` } });
      await hand.press(rail(/^Approvals/));
      await page.getByRole('article', { name: `Refund to Ada ${way}` }).waitFor();
      await hand.press(button(/^Approve/));
      await expect.poll(() => statusOf(runId)).toBe('completed');
    });

    it('makes a schedule, and arms it', async () => {
      await hand.press(rail(/^Triggers/));
      await hand.press(page.getByRole('link', { name: 'New schedule' }));
      await page.getByRole('heading', { name: 'New schedule', level: 1 }).waitFor();
      await hand.press(page.getByRole('combobox', { name: /^Workflow/ }));
      await page.getByRole('dialog').getByRole('combobox').waitFor();
      await page.keyboard.type('ledger');
      await page.getByRole('option', { name: 'Close the ledger' }).waitFor();
      await page.keyboard.press('Enter');
      await hand.write(page.getByRole('textbox', { name: 'Name' }), `by-${way}`);
      await hand.press(button('Save'));
      await hand.press(button(/^Arm/));
      const armed = async () => (await client.call('triggers.get', { trigger: `by-${way}` })).status;
      await expect.poll(armed).toBe('armed');
    });

    it('finds an old run by what it was given', async () => {
      const { runId } = await client.call('runs.start', { workflow: 'refund', inputs: { customer: `Zoe ${way}` } });
      await client.call('runs.cancel', { runId });
      await hand.press(rail(/^Runs/));
      await hand.write(page.getByRole('searchbox', { name: /^Search/ }), `Zoe ${way}`);
      const row = page.getByRole('row').filter({ has: page.getByTitle(runId, { exact: true }) });
      await hand.press(row.getByRole('link'));
      expect(await openedRun(page)).toBe(runId);
    });

    it('sees what was spent', async () => {
      await hand.press(rail(/^Costs/));
      await page.getByRole('heading', { name: 'Costs', level: 1 }).waitFor();
      await page.getByText('No model was called in this time.').first().waitFor();
    });

    it('verifies the audit', async () => {
      await hand.press(rail(/^Admin/));
      await hand.openTab(/^Audit/);
      await hand.press(button('Verify now'));
      await page.getByText('Unbroken').waitFor();
    });
  });

  // At last: where there are users, what a run asks is for those of them who may decide.
  it.each(means)('by %s: adds a user', async (way) => {
    const hand = new Hand(page, way);
    await hand.press(rail(/^Admin/));
    await hand.openTab(/^Users/);
    await hand.press(button('Add user'));
    await hand.write(page.getByRole('dialog').getByLabel('Name'), `bob-${way}`);
    await hand.press(inDialog('Add user'));
    await page.getByRole('complementary', { name: `User bob-${way}` }).waitFor();
  });
});
