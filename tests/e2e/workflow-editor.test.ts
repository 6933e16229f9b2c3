import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { bundleText, GatedProject } from '../support/gated-project.ts';
import { openWorkflow, untilStatus } from '../support/run-page.ts';
import { checkOpened, SIZES } from '../support/screen-check.ts';

/** UX "Workflows": the editor. A draft is kept while it is typed, its problems are shown and mended, and it is published by a person. */
let project: GatedProject;
let opened: OpenedDoor;
let page: Page;
let client: HolderClient;

const TEXT = bundleText('letters', {
  name: 'Letters',
  frontmatter: ['inputs:', '  limit: {type: integer, default: 10}'],
  steps: [
    ['action: workflow.set', 'inputs: {total: "{{ inputs.limit }}"}'],
    ['action: workflow.set_outputs', 'inputs: {all: "{{ total }}"}'],
  ],
});
const file = (): string => join(project.bundleDir('letters'), 'workflow.md');
const onDisk = (): string => readFileSync(file(), 'utf8');
const draft = async () => (await client.call('drafts.get', { ref: 'letters' })).draft;

beforeAll(async () => {
  project = new GatedProject();
  project.addBundle('letters', { name: 'Letters', steps: [['action: workflow.noop']] });
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  client = await project.connect();
});
beforeEach(async () => {
  writeFileSync(file(), TEXT);
  await client.call('drafts.discard', { ref: 'letters' });
  await page.setViewportSize(SIZES[0]);
  await page.evaluate(() => {
    location.hash = '#/today';
  });
  await page.reload();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await openEditor();
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

const editor = () => page.getByRole('textbox', { name: /^Text of / });
const problems = () => page.getByRole('region', { name: 'Problems' });

async function openEditor(): Promise<void> {
  await openWorkflow(page, 'Letters');
  await page.getByRole('tab', { name: /^Editor/ }).click();
  await editor().waitFor();
}

/** Types behind a piece of the text. */
async function typeBehind(piece: string, typed: string): Promise<void> {
  const line = editor().locator('.cm-line', { hasText: piece });
  await line.click();
  await page.keyboard.press('End');
  await page.keyboard.type(typed);
}

describe('the editor of a workflow', () => {
  it('shows what is wrong while it is typed, mends it by keyboard, keeps a draft and publishes it', async () => {
    await typeBehind('action: workflow.set_outputs', '\ntimeot: 30s');
    const row = problems().getByRole('listitem');
    await row.getByText(/timeot/).waitFor();
    await expect.poll(async () => (await draft())?.source).toContain('timeot: 30s');
    expect(onDisk()).toBe(TEXT);
    await page.keyboard.press('Control+.');
    await page.getByText('No problems.').waitFor();
    await page.getByText(/^Draft kept/).waitFor();
    await checkOpened(page, 'workflow-editor');

    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Save as…');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Compare with published');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Published beside Draft' }).waitFor();
    await checkOpened(page, 'workflow-compare');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Publish', exact: true }).press('Enter');
    await page.getByText('As published').waitFor();
    expect(onDisk()).toBe(TEXT.replace('set_outputs\n', 'set_outputs\ntimeout: 30s\n'));
    expect(await draft()).toBeNull();
  });

  it('offers what may be written there, by keyboard', async () => {
    await typeBehind('action: workflow.set_outputs', '\ntimeo');
    await page.getByRole('option', { name: 'timeout', exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('30s');
    await expect.poll(async () => (await draft())?.source).toContain('\ntimeout: 30s\n');
    await page.getByText('No problems.').waitFor();
  });

  it('goes to steps by its outline, names what may be used there with the values of the last run, and is saved as another one', async () => {
    const { runId } = await client.call('runs.start', { workflow: 'letters', inputs: { limit: 12 } });
    await untilStatus(client, runId, 'completed');
    await page.reload();
    const outline = page.getByRole('listbox', { name: 'Outline' });
    const names = page.getByRole('region', { name: 'Names you can use here' });
    await outline.getByRole('option', { name: '2 Part 2' }).click();
    await names.getByText('In Part 2').waitFor();
    const said = async (): Promise<string> => (await names.textContent()) ?? '';
    await expect.poll(said).toMatch(/inputs\.limitwhole number12.*totalnumber · step_112.*steps\.step_1\.output/);
    await checkOpened(page, 'workflow-outline');
    await outline.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => outline.getByRole('option', { selected: true }).textContent()).toContain('Part 1');
    await page.keyboard.press('Enter');
    await expect.poll(() => editor().evaluate((it) => it === document.activeElement)).toBe(true);
    await page.getByRole('button', { name: 'Save as…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save as a new workflow' });
    await dialog.getByLabel('Name').fill('Letters of mine');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Letters of mine', level: 1 }).waitFor();
    await editor().getByText('letters-of-mine').waitFor();
    expect(onDisk()).toBe(TEXT);
    await client.call('workflows.remove', { ref: 'letters-of-mine' });
  });

  it('is left with Tab, in both directions', async () => {
    await editor().focus();
    await page.keyboard.press('Tab');
    await expect.poll(() => editor().evaluate((it) => it === document.activeElement)).toBe(false);
    await page.keyboard.press('Shift+Tab');
    await expect.poll(() => editor().evaluate((it) => it === document.activeElement)).toBe(true);
  });

  it('does not publish what has an error, and finds the draft again after a reload', async () => {
    await typeBehind('action: workflow.set_outputs', 's');
    await problems()
      .getByText(/set_outputss/)
      .waitFor();
    const button = page.getByRole('button', { name: 'Publish', exact: true });
    await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true');
    await page.getByText(/^Draft kept/).waitFor();
    await checkOpened(page, 'workflow-problems');
    await page.reload();
    await editor().getByText('set_outputss').waitFor();
    await problems().getByRole('button', { name: 'Write set_outputs', exact: true }).click();
    await page.getByText('As published').waitFor();
    await expect.poll(draft).toBeNull();
  });

  it('offers three ways when the published text was changed meanwhile', async () => {
    const theirs = TEXT.replace('default: 10', 'default: 20');
    await typeBehind('action: workflow.set_outputs', '\ntimeout: 30s');
    await page.getByText(/^Draft kept/).waitFor();
    writeFileSync(file(), theirs);
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('The published text was changed since this draft was begun.').waitFor();
    expect(onDisk()).toBe(theirs);
    await page.getByRole('button', { name: 'Show the difference' }).click();
    await page.getByRole('region', { name: 'Published beside Draft' }).waitFor();
    await checkOpened(page, 'workflow-overtaken');
    await page.getByRole('button', { name: 'Keep the draft' }).click();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('As published').waitFor();
    expect(onDisk()).toContain('timeout: 30s');
    expect(onDisk()).toContain('default: 10');
  });

  it('takes what was published where nothing is typed, and where a person says so', async () => {
    writeFileSync(file(), TEXT.replace('default: 10', 'default: 30'));
    await page.reload();
    await editor().getByText('30').first().waitFor();
    await typeBehind('action: workflow.set_outputs', '\ntimeout: 30s');
    await page.getByText(/^Draft kept/).waitFor();
    await page.getByRole('button', { name: 'Discard draft' }).click();
    await page.getByText('As published').waitFor();
    await expect.poll(() => editor().textContent()).not.toContain('timeout');
    expect(await draft()).toBeNull();
  });

  it('says what a version changed, shows both texts, and brings an older one back as a draft', async () => {
    const started = async (): Promise<void> => {
      const { runId } = await client.call('runs.start', { workflow: 'letters', inputs: {} });
      await untilStatus(client, runId, 'completed');
    };
    const slow = TEXT.replace('set_outputs\n', 'set_outputs\ntimeout: 45s\n');
    for (const text of [slow, slow.replace('45s', '90s')]) {
      writeFileSync(file(), text);
      await started();
    }
    await page.reload();
    await page.getByRole('tab', { name: /^Versions/ }).click();
    const change = page.getByRole('region', { name: 'What changed' }).getByRole('listitem');
    await expect.poll(() => change.allTextContents()).toEqual(['Changed2 Part 2timeout 45s → 90s']);
    await checkOpened(page, 'workflow-changes');
    await page.getByRole('button', { name: 'Side by side' }).click();
    await page.getByRole('region', { name: / beside / }).waitFor();
    await checkOpened(page, 'workflow-versions');
    // Any two of them have a page of their own, chosen there or by the address.
    await page.getByRole('link', { name: 'Compare any two' }).click();
    await page.getByRole('heading', { name: 'Compare versions', level: 1 }).waitFor();
    await expect.poll(() => change.allTextContents()).toEqual(['Changed2 Part 2timeout 45s → 90s']);
    await page.getByText(/^They part first at line (\d+) and line \1\./).waitFor();
    expect(await page.locator('.cm-first-difference').allTextContents()).toEqual(['timeout: 45s', 'timeout: 90s']);
    await checkOpened(page, 'versions-compare');
    await page.getByRole('button', { name: 'Swap the sides' }).click();
    await expect.poll(() => change.allTextContents()).toEqual(['Changed2 Part 2timeout 90s → 45s']);
    await page.getByRole('combobox', { name: 'Earlier version' }).click();
    await page.getByRole('option', { name: 'Published', exact: true }).click();
    await expect.poll(() => change.count()).toBe(1);
    await page.goBack();
    await page.getByRole('tab', { name: /^Versions/ }).waitFor();
    const older = page.getByRole('navigation', { name: 'Versions' }).getByRole('link').nth(1);
    await older.click();
    await expect.poll(() => older.getAttribute('aria-current')).toBe('true');
    await page.getByRole('button', { name: 'Restore as draft' }).click();
    await editor().getByText('45s').waitFor();
    expect((await draft())?.source).toBe(slow);
    expect(onDisk()).toContain('90s');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('As published').waitFor();
    expect(onDisk()).toBe(slow);
  });
});
