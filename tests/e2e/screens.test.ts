import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportArchive, readBundle } from '../../src/core/bundles/index.ts';
import { projectPaths } from '../../src/core/projects/index.ts';
import { connectToHolder, findAppFolders, type HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { killHelpers } from '../support/kill-helpers.ts';
import { EXAMPLES_DIR, GUIDE_DIR } from '../support/paths.ts';
import { SampleProject } from '../support/sample-project.ts';
import { waitUntil } from '../support/wait-until.ts';

/** With TAKE_PICTURES=1 every screen is also written to docs/guide, both sizes, both themes. */
const TAKES_PICTURES = process.env.TAKE_PICTURES === '1';
const SIZES = [
  { name: '', width: 1440, height: 900 },
  { name: '-1024', width: 1024, height: 640 },
] as const;
const THEMES = ['light', 'dark'] as const;

let project: SampleProject;
let opened: OpenedDoor;
let client: HolderClient;
const runs: Record<string, string> = {};

async function startRun(workflow: string): Promise<string> {
  const { runId } = await client.call('runs.start', { workflow, inputs: {} });
  return runId;
}

async function untilStatus(runId: string, statuses: readonly string[]): Promise<void> {
  await waitUntil(`${runId} is ${statuses.join(' or ')}`, async () =>
    statuses.includes((await client.call('runs.get', { runId })).run.status),
  );
}

beforeAll(async () => {
  project = new SampleProject();
  opened = await openDoor('browser', { projectPath: project.path });
  await opened.page.emulateMedia({ reducedMotion: 'reduce' });
  const connected = await connectToHolder(projectPaths(project.path).stateDir, findAppFolders().version);
  if (connected === null) throw new Error('the host does not listen');
  client = connected;
  for (const workflow of ['csv-report', 'repo-audit', 'daily-standup', 'invoice-triage', 'dependency-report']) {
    runs[workflow] = await startRun(workflow);
    await untilStatus(runs[workflow] ?? '', ['completed', 'failed']);
  }
  runs['ledger-export'] = await startRun('ledger-export');
  const doubtful = runs['ledger-export'] ?? '';
  // Killed before its script began it would simply begin again: wait for its first word.
  await waitUntil('the second step works', async () => {
    const { total } = await client.call('runs.log', { runId: doubtful, path: 'step_2' });
    return total > 0;
  });
  expect(killHelpers(project.path)).toBeGreaterThan(0);
  await untilStatus(doubtful, ['in_doubt']);
}, 120_000);

afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

async function show(page: Page, route: string, theme: string, size: (typeof SIZES)[number]): Promise<void> {
  await page.setViewportSize({ width: size.width, height: size.height });
  await page.evaluate(
    ([to, wanted]) => {
      document.documentElement.dataset.theme = wanted;
      location.hash = to;
    },
    [route, theme] as const,
  );
  await page.locator('h1').first().waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  await untilStill(page);
}

/** Colours that are on their way to the other theme are nobody's: judged is what is painted when every transition has ended. */
async function untilStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(null)));
    await nextFrame();
    await nextFrame();
    const ending = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map((one) => one.finished));
    await nextFrame();
  });
}

const SCREENS: readonly (readonly [string, () => string])[] = [
  ['welcome', () => '#/welcome'],
  ['workflows', () => '#/workflows'],
  ['workflow', () => '#/workflows/ledger-export'],
  ['workflow-broken', () => '#/workflows/vendor-onboarding'],
  ['runs', () => '#/runs'],
  ['run-live', () => `#/runs/${runs['backup-check']}`],
  ['run-in-doubt', () => `#/runs/${runs['ledger-export']}`],
  ['run-failed', () => `#/runs/${runs['invoice-triage']}`],
  ['run-partial', () => `#/runs/${runs['daily-standup']}`],
  ['run-completed', () => `#/runs/${runs['csv-report']}`],
];

describe('every screen, both sizes and themes', () => {
  it.each(SCREENS)('%s: no axe violation, nothing cut off', { timeout: 90_000 }, async (name, route) => {
    const { page } = opened;
    if (name === 'run-live') runs['backup-check'] = await startRun('backup-check');
    for (const size of SIZES) {
      for (const theme of THEMES) {
        await show(page, route(), theme, size);
        await check(page, `${name}-${theme}${size.name}`);
      }
    }
  });
});

async function check(page: Page, where: string): Promise<void> {
  if (TAKES_PICTURES) {
    mkdirSync(GUIDE_DIR, { recursive: true });
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(GUIDE_DIR, `${where}.png`) });
  }
  // Lines that scroll while axe measures lie under other parts for a moment; the log that stands is judged on the ended runs.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  if (where.startsWith('run-live')) axe.exclude('.log-box');
  const { violations } = await axe.analyze();
  expect(violations.map((one) => `${where}: ${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${where} is wider than its window`).toBeLessThanOrEqual(0);
}

it('the import sheet: no axe violation, nothing cut off', { timeout: 90_000 }, async () => {
  const { page } = opened;
  const archive = join(project.root, 'csv-report.awb');
  await exportArchive(await readBundle(join(EXAMPLES_DIR, 'csv-report')), archive);
  await show(page, '#/workflows', 'light', SIZES[0]);
  await page.locator('input[data-pick="archive"]').setInputFiles(archive);
  await page.getByRole('dialog').getByText('tools/sales.mjs').first().waitFor();
  for (const size of SIZES) {
    for (const theme of THEMES) {
      await page.setViewportSize({ width: size.width, height: size.height });
      await page.evaluate((wanted) => {
        document.documentElement.dataset.theme = wanted;
      }, theme);
      await untilStill(page);
      await check(page, `import-${theme}${size.name}`);
    }
  }
});
