import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject } from '../support/gated-project.ts';
import { untilShown, untilStatus } from '../support/run-page.ts';
import { checkOpened } from '../support/screen-check.ts';

const MANY = 2_000;
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

/** Does what it is told by a shell, in the project. */
const EDIT = '#!/usr/bin/env bash\ncd "$PLACE" && sh -c "$SAID" >&2 && echo "{}"\n';

function addBundle(id: string, name: string, steps: readonly (readonly string[])[], said: string): void {
  project.addBundle(id, { name, steps, tools: { 'edit.sh': EDIT } });
  const env = `  PLACE: ${JSON.stringify(project.path)}\n  SAID: ${JSON.stringify(said)}\n`;
  appendFileSync(at(`.aiworkflow/bundles/${id}/config.yaml`), env);
}

const EDITS = [
  'printf "vendor;state\\nHansen;paid\\nAlster Bau;open\\nKruse;open\\ntotal;3\\n" > out/open-items.csv',
  'sed -i "s/net 30/net 14/" out/terms.md',
  'mv out/draft.md out/report.md',
  'rm out/old.txt',
  'chmod 755 out/send.sh',
  'echo "made by the run" > out/made.txt',
].join('; ');

beforeAll(async () => {
  project = new GatedProject();
  addBundle(
    'triage',
    'Invoice triage',
    [
      ['id: file', 'name: File the invoices', 'action: edit.run', 'workspace: ["out/**"]'],
      ['id: post', 'name: Post to the ledger', 'action: work.run', 'compensate: {action: work.run}'],
      ['id: mail', 'name: Mail the vendors', 'action: work.run'],
      ['id: files', 'name: Sort', 'action: work.run'],
    ],
    EDITS,
  );
  addBundle('plain', 'Plain notice', [['action: work.run']], '');
  const many = `i=0; while [ $i -lt ${MANY} ]; do echo new > out/many-$i.txt; i=$((i+1)); done`;
  addBundle('many', 'Many files', [['action: edit.run', 'workspace: ["out/many-*"]']], many);
  project.openGates('post', 'mail', 'files', 1);
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  client = await project.connect();
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

function writeFiles(): void {
  write('out/open-items.csv', 'vendor;state\nHansen;paid\ntotal;1\n');
  write('out/terms.md', '# Terms\n\nPay net 30.\n');
  write('out/draft.md', 'The report of the month\n');
  write('out/old.txt', 'kept for years\n');
  write('out/send.sh', '#!/bin/sh\necho sent\n');
  chmodSync(at('out/send.sh'), 0o644);
}

const sheet = (): Locator => page.getByRole('dialog', { name: 'Undo this run' });
const list = (): Locator => sheet().getByRole('listbox', { name: 'What the run did' });
const row = (name: string): Locator =>
  list()
    .getByRole('option')
    .filter({ has: page.getByTitle(name, { exact: true }) });
/** An undo among what was undone so far. */
const past = (name: string): Locator => list().getByRole('option').filter({ hasText: name });
const act = (): Locator => sheet().getByRole('button', { name: /^Undo/ });

async function ended(workflow: string): Promise<string> {
  const { runId } = await client.call('runs.start', { workflow, inputs: {} });
  await untilStatus(client, runId, 'completed');
  return runId;
}

async function openSheet(runId: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, `#/runs/${runId}`);
  // The page of another run has ended too.
  await page.getByText(runId.slice(-8), { exact: true }).first().waitFor();
  await untilShown(page, 'Completed');
  await page.getByRole('button', { name: 'More about this run' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Undo this run…' }).waitFor();
  await page.getByRole('menuitem', { name: 'Undo this run…' }).press('Enter');
  await sheet().waitFor();
}

it('shows what it will do, leaves what others changed, puts back what is chosen, and takes that back', async () => {
  writeFiles();
  const runId = await ended('triage');
  const left = text('out/open-items.csv') ?? '';
  write('out/open-items.csv', left.replace('Kruse;open', 'Kruse;disputed'));
  await openSheet(runId);

  await expect
    .poll(() => row('out/report.md').innerText())
    .toMatch(/was out\/draft\.md[\s\S]*rename back[\s\S]*Will undo/);
  await expect.poll(() => row('out/old.txt').innerText()).toMatch(/bring back/);
  await expect.poll(() => row('out/send.sh').innerText()).toMatch(/set mode back/);
  await expect.poll(() => row('out/made.txt').innerText()).toMatch(/remove/);
  await expect.poll(() => row('out/open-items.csv').innerText()).toMatch(/changed it after the run[\s\S]*Stays/);
  await expect.poll(() => row('Post to the ledger').innerText()).toMatch(/work\.run[\s\S]*Can be rolled back/);
  await expect.poll(() => row('Mail the vendors').innerText()).toMatch(/Irreversible/);
  await sheet().getByText("Others may have written while a step ran: that counts as the step's.").waitFor();
  await checkOpened(page, 'run-undo', () => row('out/made.txt').waitFor());

  // What the clerk wrote is told from what the run wrote.
  await row('out/open-items.csv').click();
  const lines = sheet().getByRole('region', { name: 'What undo changes' });
  await expect.poll(() => lines.locator('.undo-foreign').innerText()).toMatch(/Kruse;disputed/);
  await expect.poll(() => lines.innerText()).toMatch(/Alster Bau;open/);
  await checkOpened(page, 'run-undo-changed', () => lines.waitFor());

  // By keys alone: to the list, down to a file, leave it, then undo the others.
  await list().focus();
  await page.keyboard.press('Home');
  await expect.poll(() => list().getByRole('option', { selected: true }).innerText()).toMatch(/out\/draft\.md/);
  while (!(await list().getByRole('option', { selected: true }).innerText()).includes('out/terms.md'))
    await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect.poll(() => row('out/terms.md').getAttribute('aria-checked')).toBe('false');
  await expect.poll(() => act().innerText()).toBe('Undo 5 files');
  await act().focus();
  await page.keyboard.press('Enter');
  await sheet().getByText('5 files put back.').first().waitFor();
  expect(['out/draft.md', 'out/report.md', 'out/old.txt', 'out/made.txt'].map(text)).toEqual([
    ...['The report of the month\n', null, 'kept for years\n', null],
  ]);
  expect(statSync(at('out/send.sh')).mode & 0o777).toBe(0o644);
  expect(text('out/terms.md')).toContain('net 14');
  expect(text('out/open-items.csv')).toContain('disputed');
  await past('undo-1').waitFor();
  await checkOpened(page, 'run-undo-done', () => past('undo-1').waitFor());

  // What others changed is overwritten only when a person says so.
  await row('out/open-items.csv').click();
  await sheet().getByRole('radio', { name: 'Put the old one back all the same' }).click();
  await row('out/terms.md').click();
  await sheet().getByRole('radio', { name: 'Leave it' }).click();
  await act().click();
  await sheet().getByText('1 file put back.').first().waitFor();
  expect(text('out/open-items.csv')).toBe('vendor;state\nHansen;paid\ntotal;1\n');
  expect(text('out/terms.md')).toContain('net 14');

  // The undo of the undo brings back what stood there.
  await sheet().getByRole('status').getByRole('button', { name: 'Take this undo back' }).click();
  await past('undo-3').waitFor();
  expect(text('out/open-items.csv')).toContain('disputed');
  await past('undo-2').click();
  await sheet().getByText('This undo was taken back.').first().waitFor();
  await past('undo-1').click();
  await sheet().locator('.undo-side').getByRole('button', { name: 'Take this undo back' }).click();
  await past('undo-4').waitFor();
  expect(text('out/report.md')).toBe('The report of the month\n');
  expect(text('out/draft.md')).toBeNull();
  await page.keyboard.press('Escape');
  await sheet().waitFor({ state: 'hidden' });
});

it('says that no step names files, and goes over to rolling back', async () => {
  await openSheet(await ended('plain'));
  await sheet().getByText("No step of this run says under 'workspace' which files undo covers.").waitFor();
  await expect.poll(() => act().getAttribute('aria-disabled')).toBe('true');
  await checkOpened(page, 'run-undo-none');
  await page.keyboard.press('Escape');
  await sheet().waitFor({ state: 'hidden' });
});

it('lists thousands of files, and leaves all of them at one press', async () => {
  await openSheet(await ended('many'));
  await expect.poll(() => act().innerText()).toBe(`Undo ${MANY.toLocaleString('en')} files`);
  await list().focus();
  await page.keyboard.press('End');
  await checkOpened(page, 'run-undo-many');
  await sheet().getByRole('button', { name: 'Leave all' }).click();
  await expect.poll(() => act().getAttribute('aria-disabled')).toBe('true');
  await sheet().getByRole('button', { name: 'Take all' }).click();
  await act().click();
  await sheet().getByText('2,000 files put back.').first().waitFor();
  expect(existsSync(at('out/many-1999.txt'))).toBe(false);
});
