import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject } from '../support/gated-project.ts';
import { untilStatus } from '../support/run-page.ts';
import { checkOpened } from '../support/screen-check.ts';

let project: GatedProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;

const at = (path: string): string => join(project.path, path);
const text = (path: string): string | null => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : null);
function write(path: string, content: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
}

const EDIT = `#!/usr/bin/env bash
sed -i "s/net 30/net 14/" texts/terms.md && sed -i "s/open/paid/" texts/open-items.csv && rm texts/old.txt &&
echo "made by the run" > texts/made.txt && echo '{}'
`;

beforeAll(async () => {
  project = new GatedProject();
  project.addBundle('tidy', {
    name: 'Tidy the texts',
    frontmatter: ['workspace: {copy: true, paths: [texts]}'],
    steps: [['id: tidy', 'name: Tidy', 'action: edit.run']],
    tools: { 'edit.sh': EDIT },
  });
  write('texts/terms.md', '# Terms\n\nPay net 30.\n');
  write('texts/open-items.csv', 'vendor;state\nHansen;open\ntotal;1\n');
  write('texts/old.txt', 'kept for years\n');
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  client = await project.connect();
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

const sheet = (): Locator => page.getByRole('dialog', { name: 'Changes to take over' });
const list = (): Locator => sheet().getByRole('listbox', { name: 'What the run changed in its copy' });
const row = (name: string): Locator =>
  list()
    .getByRole('option')
    .filter({ has: page.getByTitle(name, { exact: true }) });
const act = (): Locator => sheet().getByRole('button', { name: /^Take over/ });

it('shows what a run changed in its copy, leaves what others changed, and takes over what is chosen', async () => {
  const { runId } = await client.call('runs.start', { workflow: 'tidy', inputs: {} });
  await untilStatus(client, runId, 'completed');
  write('texts/open-items.csv', 'vendor;state\nHansen;open\nKruse;disputed\ntotal;2\n');
  await page.evaluate((to) => {
    location.hash = to;
  }, `#/runs/${runId}`);
  await page.getByText('Changes to take over: 4 files').waitFor();
  await checkOpened(page, 'run-take-offered', () => page.getByText('Changes to take over: 4 files').waitFor());
  await page.getByRole('button', { name: 'Look at the changes…' }).focus();
  await page.keyboard.press('Enter');
  await sheet()
    .getByText(/^Change [0-9a-f]{12}$/)
    .waitFor();
  await expect.poll(() => row('texts/open-items.csv').innerText()).toMatch(/changed it in the project[\s\S]*Stays/);
  await expect.poll(() => row('texts/made.txt').innerText()).toMatch(/add[\s\S]*Takes over/);
  await row('texts/open-items.csv').click();
  const lines = sheet().getByRole('region', { name: 'What changes in the project' });
  await expect.poll(() => lines.locator('.undo-foreign').first().innerText()).toMatch(/Kruse;disputed/);
  await checkOpened(page, 'run-take', () => lines.waitFor());

  // By keys alone: up to a file, leave it, take over the others.
  await list().focus();
  await page.keyboard.press('Home');
  while (!(await list().getByRole('option', { selected: true }).innerText()).includes('texts/old.txt'))
    await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect.poll(() => row('texts/old.txt').getAttribute('aria-checked')).toBe('false');
  await expect.poll(() => act().innerText()).toBe('Take over 2 files');
  await act().focus();
  await page.keyboard.press('Enter');
  await sheet().getByText('2 files taken over. Undo this run takes them back.').waitFor();
  expect(['texts/terms.md', 'texts/made.txt', 'texts/old.txt'].map(text)).toEqual([
    ...['# Terms\n\nPay net 14.\n', 'made by the run\n', 'kept for years\n'],
  ]);
  expect(text('texts/open-items.csv')).toContain('Kruse;disputed');
  await page.keyboard.press('Escape');
  await sheet().waitFor({ state: 'hidden' });
  await expect.poll(() => page.getByText(/Changes to take over/).count()).toBe(0);
});
