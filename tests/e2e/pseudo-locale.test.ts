import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { connectToHolder, findAppFolders, type HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { fakeAnswers } from '../support/fake-answers.ts';
import { killHelpers } from '../support/kill-helpers.ts';
import { EXAMPLES_DIR, REPOSITORY_DIR } from '../support/paths.ts';
import { type FoundText, Planted, plainRuns, speakPseudo, textsOf, wordsOfFormats } from '../support/pseudo-locale.ts';
import { SampleProject } from '../support/sample-project.ts';
import { SIZES, show, untilStill } from '../support/screen-check.ts';
import { todaySamples } from '../support/today-samples.ts';
import { waitUntil } from '../support/wait-until.ts';

/**
 * Every screen in a language whose every letter is marked: a word of plain letters that nobody has planted comes from no table of words, and would
 * be English for whoever reads German.
 */
const project = new SampleProject();
const planted = new Planted();
const runs: Record<string, string> = {};
let opened: OpenedDoor;
let page: Page;
let client: HolderClient;

const ASKS = [
  '---',
  'workflow: {id: refund, name: Customer refund, description: "Pays back", tags: [finance]}',
  'triggers:',
  '  - {type: schedule, id: nightly, schedule: "0 2 * * *", timezone: Europe/Berlin}',
  '  - {type: webhook, id: shop, path: /shop}',
  'inputs:',
  '  amount: {type: number, default: 1240}',
  '---',
  '',
  '## Step 1: Keep the receipt',
  '',
  '```yaml',
  'action: workflow.write_file',
  'workspace: ["out/**"]',
  'inputs: {path: out/receipt.md, content: "Sent"}',
  '```',
  '',
  '## Step 2: May it be paid?',
  '',
  '```yaml',
  'id: ask',
  'approval: {title: "Refund to Hansen", description: "Somebody looks at it", expires_in: 2h}',
  '```',
].join('\n');
const MISSPELT =
  '---\nworkflow: {id: misspelt, name: Misspelt}\ninputs:\n  amount: {type: intger}\n---\n\n## Step 1: Look\n\n```yaml\naction: workflow.noop\ncondition: "amount >"\nretry: {max_retries: many}\n```\n';
const NAMES = ['dora', 'Finance operations', 'ledger closed', 'Claude Codex Ollama OpenAI Anthropic Gemini Goose'];

async function run(workflow: string, rests: readonly string[]): Promise<void> {
  const { runId } = await client.call('runs.start', { workflow, inputs: {} });
  runs[workflow] = runId;
  await waitUntil(`${workflow} is ${rests.join(' or ')}`, async () =>
    rests.includes((await client.call('runs.get', { runId })).run.status),
  );
}

/** Killed before its script began it would simply begin again: its first word is waited for. */
async function runIntoDoubt(): Promise<void> {
  const { runId } = await client.call('runs.start', { workflow: 'ledger-export', inputs: {} });
  runs['ledger-export'] = runId;
  await waitUntil('the second step works', async () => {
    const { total } = await client.call('runs.log', { runId, path: 'step_2' });
    return total > 0;
  });
  killHelpers(project.path);
  await waitUntil('it is in doubt', async () => (await client.call('runs.get', { runId })).run.status === 'in_doubt');
}

beforeAll(async () => {
  project.addBundle('refund', { workflow: ASKS });
  project.addBundle('misspelt', { workflow: MISSPELT });
  planted.addFolder(project.path);
  planted.addFolder(EXAMPLES_DIR);
  for (const text of [...NAMES, ...wordsOfFormats(), userInfo().username, project.root]) planted.add(text);
  opened = await openDoor('browser', { projectPath: project.path });
  page = opened.page;
  page.setDefaultTimeout(30_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const connected = await connectToHolder(projectPaths(project.path).stateDir, findAppFolders().version);
  if (connected === null) throw new Error('the host does not listen');
  client = connected;
  await Promise.all([
    run('invoice-triage', ['failed']),
    run('daily-standup', ['completed', 'failed']),
    run('csv-report', ['completed', 'failed']),
    run('refund', ['waiting']),
  ]);
  await runIntoDoubt();
  await client.call('users.create', { username: 'dora', roles: ['executor'] });
  const { definitionHash, contentHash } = await client.call('triggers.get', { trigger: 'refund/nightly' });
  await client.call('triggers.arm', { trigger: 'refund/nightly', definitionHash, contentHash: contentHash ?? '' });
  await speakPseudo(page);
});

afterAll(async () => {
  client?.close();
  await opened?.close();
  project.remove();
});

const sourceOf = (path: string): string => readFileSync(join(REPOSITORY_DIR, 'src', 'renderer', path), 'utf8');
const PATHS = [...sourceOf('app/routes.tsx').matchAll(/\bscreen\('([^']+)'/g)].map(([, path]) => path ?? '');
const ADMIN_TABS = [...sourceOf('features/admin/admin-tabs.ts').matchAll(/\{ value: '(\w+)'/g)].map(([, tab]) => tab);

/** Addresses of each screen of the router. */
const ADDRESSES: Readonly<Record<string, () => readonly string[]>> = {
  '/welcome': () => ['/welcome'],
  '/today': () => ['/today', '/today?view=table'],
  '/workflows': () => ['/workflows'],
  '/workflows/:ref': () =>
    ['refund', 'ledger-export', 'vendor-onboarding', 'misspelt', 'repo-audit', 'none-such'].map(
      (ref) => `/workflows/${ref}`,
    ),
  '/workflows/:ref/compare': () => ['/workflows/refund/compare'],
  '/runs': () => ['/runs', '/runs?q=mail'],
  '/runs/:runId': () => [...Object.values(runs), '0'.repeat(32)].map((id) => `/runs/${id}`),
  '/runs/:runId/compare': () => [`/runs/${runs['invoice-triage']}/compare?with=${runs['daily-standup']}`],
  '/approvals': () => ['/approvals'],
  '/triggers': () => ['/triggers'],
  '/triggers/new': () => ['/triggers/new'],
  '/triggers/:key/edit': () => ['/triggers/refund%2Fnightly/edit'],
  '/triggers/:key': () => ['/triggers/refund%2Fnightly', '/triggers/refund%2Fshop'],
  '/agents': () => ['/agents', '/agents?tab=tools'],
  '/costs': () => ['/costs'],
  '/workers': () => ['/workers'],
  '/admin': () => ADMIN_TABS.map((tab) => `/admin?tab=${tab}`),
};

const isEnglish = (run: string): boolean => !planted.has(run);
const englishIn = (texts: readonly FoundText[], where: string): readonly string[] =>
  texts.flatMap(({ text, at }) =>
    plainRuns(text)
      .filter(isEnglish)
      .map((words) => `${where}: ${words} (${at}: ${text.replaceAll('\u0301', '').trim().slice(0, 160)})`),
  );

/** What stands on the page now, and behind each of its tabs, menus and dialogs. */
async function walk(where: string): Promise<readonly string[]> {
  const found = [...englishIn(await textsOf(page), where)];
  for (const tab of await page.locator('main [role="tab"]:not([aria-selected="true"])').all()) {
    if (!(await tab.isVisible()) || !(await tab.isEnabled())) continue;
    await tab.click();
    await untilStill(page);
    found.push(...englishIn(await textsOf(page), `${where}, a tab`));
  }
  return [...found, ...(await walkOpened(where))];
}

/** What a button opens: its words end with an ellipsis, or it says that it has a menu. Each is closed again. */
async function walkOpened(where: string): Promise<readonly string[]> {
  const found: string[] = [];
  const opens = page.locator('main').locator('[aria-haspopup]:enabled, button:enabled:text("…")');
  for (const [at] of (await opens.all()).entries()) {
    const one = opens.nth(at);
    if (!(await one.isVisible())) continue;
    await one.click();
    await untilStill(page);
    found.push(...englishIn(await textsOf(page), `${where}, opened`));
    await page.keyboard.press('Escape');
    await untilStill(page);
  }
  return found;
}

const unique = (found: readonly string[]): readonly string[] => [...new Set(found)];

describe('in a language of marked letters no plain word stands', () => {
  it('knows every screen of the router', () => {
    expect(Object.keys(ADDRESSES).sort()).toEqual([...PATHS].sort());
    expect(ADMIN_TABS.length).toBeGreaterThan(4);
  });

  it.each(PATHS)('on %s', async (path) => {
    const found: string[] = [];
    for (const address of ADDRESSES[path]?.() ?? []) {
      await show(page, `#${address}`, 'light', SIZES[0]);
      found.push(...(await walk(address.replaceAll(/[0-9a-f-]{32,}/g, 'ID'))));
    }
    expect(unique(found)).toEqual([]);
  });

  it('in the palette, the help and the shortcuts', async () => {
    await show(page, '#/workflows', 'light', SIZES[0]);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('option').first().waitFor();
    const palette = englishIn(await textsOf(page), 'palette');
    await page.keyboard.press('Escape');
    expect(unique(palette)).toEqual([]);
  });

  it('on a day of an office, with starts of every state', async () => {
    const found: string[] = [];
    await fakeAnswers(page, todaySamples());
    for (const address of ['/today', '/today?view=table', '/triggers', '/approvals']) {
      await show(page, `#${address}`, 'light', SIZES[0]);
      found.push(...englishIn(await textsOf(page), address));
    }
    expect(unique(found)).toEqual([]);
  });
});
