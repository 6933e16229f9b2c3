import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { connectToHolder, findAppFolders, type HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { fakeAnswers } from '../support/fake-answers.ts';
import { killHelpers } from '../support/kill-helpers.ts';
import { EXAMPLES_DIR, REPOSITORY_DIR } from '../support/paths.ts';
import {
  type FoundText,
  Planted,
  plainRuns,
  pseudo,
  speakPseudo,
  textsOf,
  wordsOfFormats,
} from '../support/pseudo-locale.ts';
import { ASKS, FROM_ELSEWHERE, MISSPELT, NAMES } from '../support/pseudo-planted.ts';
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
const samples = todaySamples();
const agents: string[] = [];
const runs: Record<string, string> = {};
let opened: OpenedDoor;
let page: Page;
let client: HolderClient;

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
  planted.add(...NAMES, ...wordsOfFormats(), userInfo().username, project.root, ...Object.values(FROM_ELSEWHERE));
  for (const answer of Object.values(samples)) planted.addTexts(answer({} as never));
  opened = await openDoor('browser', { projectPath: project.path });
  page = opened.page;
  page.setDefaultTimeout(30_000);
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
  for (const { name, provider } of (await client.call('agents.list', {})).agents) {
    planted.add(name, provider);
    agents.push(name);
  }
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
  '/admin': () => ['/admin?tab=users'],
};

const known = new Set<string>();
/** Plain words that nobody has planted; each text is judged where it stands first. */
function englishIn(texts: readonly FoundText[], where: string): readonly string[] {
  const fresh = texts.filter(({ text }) => !known.has(text));
  for (const { text } of fresh) known.add(text);
  return fresh.flatMap(({ text, at }) =>
    plainRuns(text)
      .filter((run) => !planted.has(run))
      .map((words) => `${where}: ${words} (${at}: ${text.replaceAll('\u0301', '').trim().slice(0, 160)})`),
  );
}

const look = async (where: string): Promise<readonly string[]> => englishIn(await textsOf(page), where);

/** What stands on the page now, behind each of its tabs, and in what their buttons open. */
async function walk(where: string): Promise<readonly string[]> {
  const found = [...(await look(where)), ...(await walkOpened(where))];
  const tabs = page.locator('main [role="tab"]');
  for (let at = 0; at < (await tabs.count()); at += 1) {
    const tab = tabs.nth(at);
    // Nothing of this waits for a tab that has gone with its screen meanwhile.
    const isOther = await tab.evaluateAll(([one]) => one?.matches(':not([aria-selected="true"], :disabled)') ?? false);
    if (!isOther || !(await tab.isVisible())) continue;
    await tab.click();
    await untilStill(page);
    const behind = `${where}, behind ${await tab.textContent()}`;
    found.push(...(await look(behind)), ...(await walkOpened(behind)));
  }
  return found;
}

/** Kinds of buttons that were pressed: one in each row of a list is of one kind, whatever the names in it. */
const pressed = new Set<string>();

/** What a button opens: its words end with an ellipsis, or it says that it has a menu. Each is closed again. */
async function walkOpened(where: string): Promise<readonly string[]> {
  const found: string[] = [];
  const opens = page.locator('main').locator('[aria-haspopup]:enabled, button:enabled:text("…")');
  for (const one of await opens.all()) {
    if (!(await one.isVisible()) || (await one.getAttribute('aria-disabled')) === 'true') continue;
    const words = await one.evaluate((button) => `${button.getAttribute('aria-label')} ${button.textContent}`);
    const kind = `${location(where)} ${(words.match(/(?:[A-Za-z]\u0301)+/g) ?? []).join(' ')}`;
    if (pressed.has(kind)) continue;
    pressed.add(kind);
    await one.click();
    await untilStill(page);
    found.push(...(await look(`${where}, opened`)));
    await page.keyboard.press('Escape');
    await page.locator('[role="menu"], [role="dialog"], [role="alertdialog"]').first().waitFor({ state: 'hidden' });
  }
  return found;
}
const location = (where: string): string => where.split(/[/?,]/)[1] ?? '';

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

  it('of every agent', async () => {
    const found: string[] = [];
    for (const name of agents) {
      await show(page, `#/agents?agent=${name}`, 'light', SIZES[0]);
      found.push(...(await look(`agent ${name}`)));
    }
    expect(unique(found)).toEqual([]);
  });

  it('in the palette, the menus around the screen and the list of keys', async () => {
    await show(page, '#/workflows', 'light', SIZES[0]);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('option').first().waitFor();
    const found = [...(await look('palette'))];
    await page.keyboard.press('Escape');
    const menus = page.locator('[aria-haspopup="menu"]:not(main *)');
    expect(await menus.count()).toBeGreaterThan(1);
    for (const menu of await menus.all()) {
      await menu.click();
      await page.getByRole('menuitem').first().waitFor();
      found.push(...(await look('a menu around the screen')));
      await page.keyboard.press('Escape');
      await page.getByRole('menuitem').first().waitFor({ state: 'detached' });
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Esc', { exact: true }).waitFor();
    found.push(...(await look('the list of keys')));
    await page.keyboard.press('Escape');
    expect(unique(found)).toEqual([]);
  });

  it('where a bundle from elsewhere is imported, and not trusted', async () => {
    const folder = join(project.root, 'supplier-check');
    for (const [path, text] of Object.entries(FROM_ELSEWHERE)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    await show(page, '#/workflows', 'light', SIZES[0]);
    await page.locator('input[data-pick="folder"]').setInputFiles(folder);
    const bring = page.getByRole('dialog').getByRole('button', { name: pseudo('Import without trust') });
    await bring.waitFor();
    await untilStill(page);
    const found = [...(await look('import'))];
    await bring.click();
    await bring.waitFor({ state: 'detached' });
    for (const address of ['/workflows', '/workflows/supplier-check', '/today', '/triggers']) {
      await show(page, `#${address}`, 'light', SIZES[0]);
      found.push(...(await look(`${address}, not trusted`)));
    }
    await show(page, '#/workflows/supplier-check', 'light', SIZES[0]);
    await page.getByRole('button', { name: pseudo('Look and trust') }).click();
    await page.getByRole('dialog').getByRole('checkbox').first().waitFor();
    await untilStill(page);
    found.push(...(await look('trust')));
    await page.keyboard.press('Escape');
    expect(unique(found)).toEqual([]);
  });

  it('on a day of an office, with starts of every state', async () => {
    const found: string[] = [];
    await fakeAnswers(page, samples);
    for (const address of ['/today', '/today?view=table', '/triggers', '/approvals']) {
      await show(page, `#${address}`, 'light', SIZES[0]);
      found.push(...(await look(`${address}, sample`)));
    }
    expect(unique(found)).toEqual([]);
  });
});
