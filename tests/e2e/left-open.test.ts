import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { axeViolations } from '../support/axe-violations.ts';
import {
  type BrowserHostProcess,
  launchBrowser,
  type OpenedDoor,
  startBrowserHostProcess,
} from '../support/doors/index.ts';
import { eachOnce, GatedProject, workStep } from '../support/gated-project.ts';
import { openWorkflow, pressRun, stepRow, untilShown } from '../support/run-page.ts';

/** A tab that stays open while the app behind it is killed and started again on the same port. */
let project: GatedProject;
let opened: OpenedDoor & Pick<BrowserHostProcess, 'url' | 'signal'>;
let restarted: BrowserHostProcess | null = null;

beforeEach(async () => {
  project = new GatedProject();
  project.addBundle('month-end', { name: 'Month end', steps: [workStep('first'), workStep('last')] });
  opened = await launchBrowser({ projectPath: project.path, home: project.home });
});
afterEach(async () => {
  await restarted?.end();
  restarted = null;
  await opened.close();
  project.remove();
});

const restart = async (): Promise<BrowserHostProcess> => {
  const port = Number(new URL(opened.url).port);
  restarted = await startBrowserHostProcess({ projectPath: project.path, home: project.home, port });
  return restarted;
};

async function runAndKill(): Promise<string> {
  const { page } = opened;
  await openWorkflow(page, 'Month end');
  const runId = await pressRun(page);
  await project.untilAtWork(runId, 1);
  await untilShown(page, 'Running');
  await opened.kill();
  await page.getByText('The connection to the app is lost.').waitFor();
  return runId;
}

const filterOf = (selector: string): Promise<string> =>
  opened.page
    .locator(selector)
    .first()
    .evaluate((element) => getComputedStyle(element).filter);

/** The page can be read and looked through, nothing on it goes on, and what would change something says why it cannot. */
async function isGreyAndStill(why: string): Promise<void> {
  const { page } = opened;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.postData() ?? ''));
  for (const place of ['.screen > *', '.rail']) await expect.poll(() => filterOf(place)).toBe('grayscale(1)');
  for (const name of ['Pause', 'Cancel run']) {
    const button = page.getByRole('button', { name, exact: true });
    await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true');
    await expect.poll(() => button.getAttribute('title')).toBe(why);
    await button.click({ force: true });
  }
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByRole('tab', { name: 'Log' }).click();
  const before = await page.locator('.run-head').textContent();
  await page.waitForFunction(
    (since) => performance.now() - since > 2_500,
    await page.evaluate(() => performance.now()),
  );
  expect(await page.locator('.run-head').textContent()).toBe(before);
  expect(asked.filter((body) => /runs\.(pause|cancel)/.test(body))).toEqual([]);
}

it('is grey and stands still while nobody answers, and nothing that would change something can be pressed', async () => {
  await runAndKill();
  const { page } = opened;
  await isGreyAndStill('The connection to the app is lost.');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeViolations(page)).toEqual([]);
  }
  await restart();
  await page.getByText('The connection to the app is lost.').waitFor({ state: 'detached' });
  for (const place of ['.screen > *', '.rail']) await expect.poll(() => filterOf(place)).toBe('none');
  await expect.poll(() => page.getByRole('button', { name: 'Cancel run' }).getAttribute('aria-disabled')).toBe(null);
  // What was looked for meanwhile is found by itself.
  await expect.poll(() => page.getByText('The app does not answer.').count()).toBe(0);
});

it('goes on by itself, signed in as before, and shows what is so now', async () => {
  await runAndKill();
  await restart();
  project.openGates(1, 2);
  const { page } = opened;
  await untilShown(page, 'Completed');
  await expect.poll(() => page.getByRole('alert').count()).toBe(0);
});

const TRUTH_MS = 2_000;

/**
 * The page says so at most two seconds after `since`, beside what a page that is opened anew needs for it: on a machine with other work both
 * are late.
 */
async function expectTruth(since: number, isTrue: () => Promise<unknown>): Promise<void> {
  await isTrue();
  const late = performance.now() - since;
  const opening = performance.now();
  await opened.page.reload();
  await isTrue();
  expect(late).toBeLessThan(TRUTH_MS + performance.now() - opening);
}

it('tells the truth within two seconds of the line by which the app says that it listens', async () => {
  const runId = await runAndKill();
  // What happens while nobody answers: the step ends, the next one begins with the app.
  project.openGates(1);
  const { page } = opened;
  // Long enough that the pauses between its tries have grown to their longest.
  await page.getByText('The connection to the app is lost.').waitFor();
  await page.waitForFunction(
    (since) => performance.now() - since > 8_000,
    await page.evaluate(() => performance.now()),
  );
  await restart();
  const since = performance.now();
  await expectTruth(since, async () => {
    await page.getByText('The connection to the app is lost.').waitFor({ state: 'detached' });
    await stepRow(page, 'Part 2').getByRole('img', { name: 'Running' }).waitFor();
  });
  project.openGates(2);
  await untilShown(page, 'Completed');
  expect(project.tracesOf(runId)).toEqual(eachOnce(2));
});

it('tells the truth within two seconds of waking, also of what happened while the machine slept', async () => {
  const { page } = opened;
  await openWorkflow(page, 'Month end');
  const runId = await pressRun(page);
  await project.untilAtWork(runId, 1);
  await untilShown(page, 'Running');
  // The page sleeps: its clock and its socket stand still, the app goes on.
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  project.openGates(1, 2);
  await expect.poll(() => project.tracesOf(runId)).toEqual(eachOnce(2));
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await expectTruth(performance.now(), () => untilShown(page, 'Completed'));
});

it('tells the truth within two seconds after the app itself stood still', async () => {
  const { page } = opened;
  await openWorkflow(page, 'Month end');
  const runId = await pressRun(page);
  await project.untilAtWork(runId, 1);
  await untilShown(page, 'Running');
  opened.signal('SIGSTOP');
  project.openGates(1, 2);
  await expect.poll(() => project.tracesOf(runId)).toContain('step_1 end');
  opened.signal('SIGCONT');
  await project.untilAtWork(runId, 2);
  await expectTruth(performance.now(), () => untilShown(page, 'Completed'));
});

it('lists what is so now, also where somebody went while nobody answered', async () => {
  await runAndKill();
  const { page } = opened;
  await page.getByRole('link', { name: /^Runs/ }).first().click();
  await page.getByText('The app does not answer.').first().waitFor();
  // What to do stands once, above the screen.
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  project.openGates(1, 2);
  await restart();
  const row = page.getByRole('row').filter({ hasText: 'Month end' });
  await row.getByText('Completed').waitFor();
  await expect.poll(() => page.getByRole('alert').count()).toBe(0);
});

it('says that it is signed out, lets nobody press what would not work, and goes on after a fresh link', async () => {
  await runAndKill();
  rmSync(join(project.home, 'user-data', 'browser-sessions'), { recursive: true });
  const host = await restart();
  const { page } = opened;
  // Calls that were on their way when the host died say so in alerts of their own.
  const banner = page.getByRole('alert').filter({ hasText: 'This page is signed out.' });
  await banner.waitFor();
  await expect.poll(() => banner.innerText()).toMatch(/What you see is of .*\d\d:\d\d:\d\d/);
  await isGreyAndStill('This page is signed out.');
  project.openGates(1, 2);
  // As in another tab: they share their cookies.
  await page.request.get(host.link);
  await untilShown(page, 'Completed');
  await expect.poll(() => page.getByRole('alert').count()).toBe(0);
});
