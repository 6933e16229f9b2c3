import type { Locator, Page } from 'playwright-core';
import type { HolderClient } from '../../src/server/index.ts';
import { waitUntil } from './wait-until.ts';

/** What a person does on the screens around a run, in words. */
export async function openWorkflow(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Workflows', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Workflows', level: 1 }).waitFor();
  await page.getByRole('link', { name, exact: true }).first().click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

/** Presses Run in the form that is open; gives the id of the run whose screen opens. */
export async function pressRun(page: Page): Promise<string> {
  await page.getByRole('button', { name: /^Run/ }).first().click();
  return openedRun(page);
}

/** The id of the run whose screen opens next, or is open. */
export async function openedRun(page: Page): Promise<string> {
  await page.waitForURL(/#\/runs\/[^/?]+$/).catch(async (cause: unknown) => {
    const screen = await page.locator('body').innerText();
    throw new Error(`No run was opened. ${page.url()} says: ${screen}`, { cause });
  });
  return decodeURIComponent(new URL(page.url()).hash.slice('#/runs/'.length));
}

/** Opens the list of runs; its link in the rail may also say how many need somebody. */
export async function openRuns(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^Runs/ }).first().click();
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
}

/** Opens the run from the list of runs. */
export async function openRun(page: Page, runId: string): Promise<void> {
  await openRuns(page);
  await page
    .locator('tr', { has: page.getByTitle(runId, { exact: true }) })
    .getByRole('link')
    .first()
    .click();
  await page.waitForURL(new RegExp(`#/runs/${runId}$`));
}

/** The header of the Run screen says this status. */
export async function untilShown(page: Page, status: string): Promise<void> {
  await page.locator('.run-head .status.pill', { hasText: new RegExp(`^${status}$`) }).waitFor();
}

/** A step's row in the list, by its name. */
export const stepRow = (page: Page, name: string): Locator =>
  page.getByRole('treegrid').getByRole('row').filter({ hasText: name });

/** The product says that the run has come to one of these statuses. */
export async function untilStatus(client: HolderClient, runId: string, ...statuses: readonly string[]): Promise<void> {
  await waitUntil(`${runId} is ${statuses.join(' or ')}`, async () =>
    statuses.includes((await client.call('runs.get', { runId })).run.status),
  );
}
