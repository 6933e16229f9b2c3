import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { axeViolations } from '../support/axe-violations.ts';
import { DOOR_NAMES, type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { EXAMPLES_DIR } from '../support/paths.ts';

let opened: OpenedDoor | null = null;
let folder: string | null = null;

afterEach(async () => {
  await opened?.close();
  opened = null;
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  folder = null;
});

function newProject(): string {
  folder = mkdtempSync(join(tmpdir(), 'aiw-e2e-'));
  const project = join(folder, 'office');
  mkdirSync(join(project, '.aiworkflow', 'workflows'), { recursive: true });
  writeFileSync(join(project, 'aiworkflow.yaml'), 'version: "1.0"\n');
  return project;
}

interface DroppedFile {
  readonly path: string;
  readonly base64: string;
}

function filesBelow(root: string): readonly DroppedFile[] {
  const visit = (inner: string): readonly DroppedFile[] =>
    readdirSync(inner).flatMap((name) => {
      const path = join(inner, name);
      if (statSync(path).isDirectory()) return visit(path);
      return [{ path: relative(root, path).split('\\').join('/'), base64: readFileSync(path).toString('base64') }];
    });
  return visit(root);
}

/** Drops a folder on the page as a file manager would: entries that the page walks itself. */
async function dropFolder(page: Page, name: string, files: readonly DroppedFile[]): Promise<void> {
  await page.evaluate(
    ([root, list]) => {
      type Entry = { isFile: boolean; isDirectory: boolean; name: string; fullPath: string };
      const toFile = (one: {
        path: string;
        base64: string;
      }): Entry & { file: (done: (file: File) => void) => void } => ({
        isFile: true,
        isDirectory: false,
        name: one.path.split('/').at(-1) ?? '',
        fullPath: `/${root}/${one.path}`,
        file: (done) =>
          done(
            new File(
              [Uint8Array.from(atob(one.base64), (char) => char.charCodeAt(0))],
              one.path.split('/').at(-1) ?? '',
            ),
          ),
      });
      const toFolder = (
        path: string,
      ): Entry & { createReader: () => { readEntries: (done: (entries: Entry[]) => void) => void } } => {
        const inside = list.filter((one) => path === '' || one.path.startsWith(`${path}/`));
        const rest = (one: { path: string }): string => one.path.slice(path === '' ? 0 : path.length + 1);
        const folders = [
          ...new Set(
            inside
              .map(rest)
              .filter((inner) => inner.includes('/'))
              .map((inner) => inner.split('/')[0] ?? ''),
          ),
        ];
        const entries: Entry[] = [
          ...folders.map((inner) => toFolder(path === '' ? inner : `${path}/${inner}`)),
          ...inside.filter((one) => !rest(one).includes('/')).map(toFile),
        ];
        return {
          isFile: false,
          isDirectory: true,
          name: path === '' ? root : (path.split('/').at(-1) ?? ''),
          fullPath: `/${root}/${path}`,
          createReader: () => {
            let isRead = false;
            return {
              readEntries: (done) => {
                done(isRead ? [] : entries);
                isRead = true;
              },
            };
          },
        };
      };
      const entry = toFolder('');
      const item = { kind: 'file', type: '', webkitGetAsEntry: () => entry, getAsFile: () => null };
      for (const type of ['dragenter', 'dragover', 'drop']) {
        const event = new DragEvent(type, { bubbles: true, cancelable: true });
        Object.defineProperty(event, 'dataTransfer', {
          value: { types: ['Files'], items: [item], files: [], dropEffect: 'none' },
        });
        (document.querySelector('main') ?? document.body).dispatchEvent(event);
      }
    },
    [name, files] as const,
  );
}

async function expectNoAxeViolation(page: Page, where: string): Promise<void> {
  expect(await axeViolations(page), where).toEqual([]);
}

describe.each(DOOR_NAMES)('the main job through the %s door', (door) => {
  it('imports a bundle by drag and drop, runs it from the form, sees its log, its success and its file', async () => {
    const project = newProject();
    opened = await openDoor(door, { projectPath: project });
    const { page } = opened;
    // What fades in has not its contrast yet: axe judges what stands.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.getByRole('heading', { name: 'Welcome', level: 1 }).waitFor();
    // The next press is on the screen, whatever stands below it.
    const add = await page.getByRole('button', { name: /^Add [0-9]+ examples$/ }).boundingBox();
    expect((add?.y ?? 10_000) + (add?.height ?? 0)).toBeLessThan(await page.evaluate(() => innerHeight));
    await page
      .getByRole('checkbox')
      .first()
      .and(page.getByRole('checkbox', { name: /^CSV report/ }))
      .waitFor();
    await page.getByRole('link', { name: 'Workflows' }).first().click();
    await page.getByRole('heading', { name: 'Workflows', level: 1 }).waitFor();
    await dropFolder(page, 'csv-report', filesBelow(join(EXAMPLES_DIR, 'csv-report')));

    const sheet = page.getByRole('dialog');
    await sheet.waitFor();
    await sheet.getByText('tools/sales.mjs').first().waitFor();
    await expectNoAxeViolation(page, 'import sheet');
    await sheet.getByRole('checkbox', { name: /^I trust exactly this content/ }).check();
    await sheet.getByRole('button', { name: 'Trust and import' }).click();
    await sheet.waitFor({ state: 'hidden' });
    expect(existsSync(join(project, '.aiworkflow', 'bundles', 'csv-report', 'workflow.md'))).toBe(true);

    await page.getByRole('link', { name: 'CSV report' }).first().click();
    await page.getByRole('heading', { name: 'CSV report' }).first().waitFor();
    await expectNoAxeViolation(page, 'workflow');
    await page.getByRole('button', { name: /^Run/ }).first().click();

    await page.waitForURL(/runs\/csv-report-/);
    await page.getByRole('tab', { name: /^Log/ }).click();
    await page
      .getByText(/rows|orders/i)
      .first()
      .waitFor();
    await page.getByText('Completed').first().waitFor();
    await expectNoAxeViolation(page, 'run');
    await page.getByRole('tab', { name: /^Files/ }).click();
    await page.getByText('summary.json').first().click();
    await page
      .getByText(/"orders"|orders/)
      .first()
      .waitFor();
    await expectNoAxeViolation(page, 'files');
  });
});
