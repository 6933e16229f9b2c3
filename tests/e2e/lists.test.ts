import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject, workStep } from '../support/gated-project.ts';
import { openedRun, untilStatus } from '../support/run-page.ts';

/** The lists of runs and workflows: what they say, find, and keep of where somebody was. */
const NOTED = 40;
const OTHERS = 30;
/** 200 % zoom of a window of 1280 × 1280. */
const ZOOMED = { width: 640, height: 640 };
const WIDE = { width: 1440, height: 900 };

let project: GatedProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;

const FAILING = `#!/usr/bin/env bash\necho "the mail server is away" >&2\nexit 3\n`;

beforeAll(async () => {
  project = new GatedProject();
  project.addBundle('note', {
    name: 'Note a customer with a long name of its own',
    frontmatter: ['inputs:', '  customer: {type: string, required: true}'],
    steps: [
      ['action: workflow.set', 'inputs: {said: "{{ inputs.customer }}"}'],
      ['action: workflow.set', 'inputs: {b: 1}'],
    ],
  });
  project.addBundle('mail', {
    name: 'Mail',
    steps: [['action: workflow.noop'], ['action: post.run', 'output_variable: p'], ['action: workflow.noop']],
    tools: { 'post.sh': FAILING },
  });
  project.addBundle('post', { name: 'Post letters', steps: [workStep('a')] });
  for (let at = 0; at < OTHERS; at += 1)
    project.addBundle(`other-${at}`, { name: `Other ${at}`, steps: [['action: workflow.noop']] });
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  client = await project.connect();
  const { runId: mailId } = await client.call('runs.start', { workflow: 'mail' });
  await untilStatus(client, mailId, 'failed');
  let last = '';
  for (let at = 0; at < NOTED; at += 1)
    last = (await client.call('runs.start', { workflow: 'note', inputs: { customer: `Söhne & "Co" ${at}_%` } })).runId;
  await untilStatus(client, last, 'completed');
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});
beforeEach(async () => {
  await page.setViewportSize(WIDE);
});

const rows = () => page.getByRole('grid').locator('tbody tr:not(.gap)');
async function goTo(hash: string, title: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
}
const search = () => page.getByRole('searchbox', { name: /^Search/ });
declare global {
  interface Window {
    /** Ends the pause in typing that a search waits for. */
    typed?: () => void;
  }
}
/** In the page: a search waits until the test ends its pause, and for no time. */
function holdTyped(): void {
  const real = window.setTimeout;
  window.setTimeout = ((work: () => void, ms?: number) => {
    if (ms !== 200) return real(work, ms);
    window.typed = work;
    return 0;
  }) as typeof window.setTimeout;
}
const whereInList = () =>
  page.evaluate(() => ({
    top: document.querySelector('.data-table')?.scrollTop,
    focus: document.activeElement?.getAttribute('href'),
  }));
/** Opens a row that stands on the screen after scrolling; where the list was and on what the focus. */
async function openInTheMiddle(count: number): Promise<Awaited<ReturnType<typeof whereInList>>> {
  await rows().first().waitFor();
  await page.locator('.data-table').evaluate((element) => element.scrollTo({ top: 400 }));
  const row = page.getByRole('grid').locator(`tr[aria-rowindex="${Math.round(count / 2)}"]`);
  await row.getByRole('link').first().focus();
  const left = await whereInList();
  await page.keyboard.press('Enter');
  return left;
}
const hashOf = (): string => new URL(page.url()).hash;

describe('the list of runs', () => {
  beforeEach(() => goTo('#/runs', 'Runs'));

  it('finds what a run was given, literally, and says how many there are', async () => {
    await search().fill('SÖHNE & "Co" 7_%');
    await expect.poll(() => rows().count()).toBe(1);
    await page
      .getByRole('status')
      .filter({ hasText: `1 of ${NOTED + 1} runs` })
      .waitFor();
    expect(hashOf()).toContain('q=');
    await search().fill('server is away');
    await rows().filter({ hasText: 'the mail server is away' }).waitFor();
    expect(await rows().allInnerTexts()).toEqual([expect.not.stringContaining("Step 'step_2' failed")]);
    await search().fill('nobody says this');
    await page.getByText('No run matches the filter.').waitFor();
    await page.getByText(`${NOTED + 1} runs without them`).waitFor();
  });

  it('keeps what is typed while the address follows', async () => {
    await goTo('#/runs', 'Runs');
    await rows().first().waitFor();
    await page.evaluate(holdTyped);
    await search().fill('Söh');
    // The pause in typing is over, and at once somebody types on: the address is drawn after that.
    await page.evaluate(() => {
      window.typed?.();
      const field = document.querySelector<HTMLInputElement>('input[type="search"]');
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, 'Söhne');
      field?.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await expect.poll(() => page.url()).toContain(`q=${encodeURIComponent('Söh')}`);
    await page
      .getByRole('button', { name: /^Remove filter .*Söh/ })
      .first()
      .waitFor();
    expect(await search().inputValue()).toBe('Söhne');
    await page.reload();
  });

  it('shows where in values and logs a text stands, and leads to the line', async () => {
    await search().fill('MAIL server is');
    const found = page.getByRole('region', { name: 'Found in values and logs' });
    const line = found.getByRole('link', { name: /^Log · / }).first();
    await line.waitFor();
    await expect.poll(() => line.locator('mark').innerText()).toBe('mail server is');
    await line.click();
    await page.locator('.log .line').getByText('the mail server is away').first().waitFor();
    expect(hashOf()).toMatch(/^#\/runs\/mail-[^?]*\?line=1$/);
    await page.goBack();
    await search().fill('customer: Söhne');
    await found
      .getByRole('link', { name: /^Input · the run/ })
      .first()
      .waitFor();
    await found.getByRole('button', { name: 'Look in older runs' }).click();
    await expect.poll(() => found.getByRole('link', { name: /^Input · the run/ }).count()).toBe(20);
  });

  it('counts steps as the header of the run does', async () => {
    await goTo('#/runs?status=failed', 'Runs');
    await rows().first().getByText('1 of 3').last().waitFor();
    await rows().first().getByRole('link', { name: 'Mail' }).click();
    await page.locator('.run-head').getByText('1 of 3').waitFor();
  });

  it('finds a workflow among many by typing', async () => {
    await page.getByRole('combobox', { name: /^Workflow: / }).click();
    await page.getByRole('combobox', { name: 'Search workflows' }).fill('other 2');
    await page.getByRole('option', { name: 'Other 20' }).waitFor();
    await expect.poll(() => page.getByRole('option', { name: 'Mail' }).count()).toBe(0);
    await page.getByRole('combobox', { name: 'Search workflows' }).fill('mai');
    await page.keyboard.press('Enter');
    await expect.poll(hashOf).toBe('#/runs?workflow=mail');
    await expect.poll(() => rows().count()).toBe(1);
  });

  it('is where it was when somebody comes back, with the focus on the run that was opened', async () => {
    await goTo('#/runs?status=completed', 'Runs');
    const left = await openInTheMiddle(NOTED);
    await page.locator('.run-head').waitFor();
    await page.goBack();
    await expect.poll(whereInList).toEqual(left);
    expect(hashOf()).toBe('#/runs?status=completed');
  });

  it('keeps its columns readable at 200 % zoom, and the end of each id', async () => {
    await page.setViewportSize(ZOOMED);
    await rows().first().waitFor();
    await expect.poll(cutColumns).toEqual([]);
    const ends = page.locator('.run-id > :last-child');
    await expect.poll(() => ends.first().innerText()).toMatch(/^[0-9a-f]{8}$/);
    await rows().first().getByText('2 of 2').first().waitFor();
  });

  it.each([
    { width: 1440, height: 900, least: 360 },
    { width: 1200, height: 800, least: 360 },
    { width: 1024, height: 640, least: 280 },
  ])('gives the reason the room that there is at $width, and says all the rest', async (size) => {
    await goTo('#/runs?status=failed', 'Runs');
    await page.setViewportSize(size);
    const row = rows().first();
    const reason = row.getByText('the mail server is away');
    await expect.poll(() => reason.evaluate((text) => text.getBoundingClientRect().width)).toBeGreaterThan(size.least);
    await expect.poll(cutColumns).toEqual([]);
    for (const word of ['1 of 3', 'By hand']) await row.getByText(word).filter({ visible: true }).waitFor();
  });

  it('leads back to itself from a run that is not there', async () => {
    await page.evaluate(() => {
      location.hash = '#/runs/note-20200101-000000-00000000';
    });
    await page.getByRole('main').getByRole('link', { name: /runs/i }).click();
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
  });

  it('a workflow and a request that are not there are told in words of the screen', async () => {
    for (const [address, said] of [
      ['#/workflows/nope', 'There is no workflow nope.'],
      ['#/approvals?id=zzz', 'There is no such request.'],
    ] as const) {
      await page.evaluate((to) => {
        location.hash = to;
      }, address);
      await page.getByRole('main').getByText(said).waitFor();
      await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    }
  });
});

/** Heads of columns that do not fit into their place, and a table that is wider than its window. */
const cutColumns = (): Promise<readonly string[]> =>
  page.getByRole('grid').evaluate((table) => {
    const box = table.parentElement as HTMLElement;
    const cut = [...table.querySelectorAll('th, .status')].filter((head) => head.scrollWidth > head.clientWidth + 1);
    const names = cut.map((head) => head.textContent ?? '');
    return box.scrollWidth > box.clientWidth ? ['the table', ...names] : names;
  });

describe('many runs at once', () => {
  it('are begun again only after a list of the steps whose effects come again', async () => {
    const { runId } = await client.call('runs.start', { workflow: 'mail' });
    await untilStatus(client, runId, 'failed');
    const count = async (): Promise<number> => (await client.call('runs.totals', { workflow: 'mail' })).runs;
    await goTo('#/runs?workflow=mail&status=failed', 'Runs');
    // A filter is said as people call the workflow, and workflows stand in the order of their names.
    await page.getByRole('button', { name: 'Remove filter Mail' }).waitFor();
    await expect.poll(() => rows().count()).toBe(2);
    const before = await count();
    await page.getByRole('checkbox', { name: 'Choose all runs on this list' }).click();
    await page.getByRole('button', { name: 'Retry 2 runs' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry 2 runs?' });
    const again = dialog.getByRole('list', { name: 'Steps whose effects come again' });
    await again.getByText('in Mail, 2 runs').waitFor();
    await expect.poll(() => again.getByRole('listitem').count()).toBe(1);
    await dialog.getByRole('button', { name: 'Back' }).click();
    expect(await count()).toBe(before);
    await page.getByRole('button', { name: 'Retry 2 runs' }).click();
    await again.waitFor();
    await dialog.getByRole('button', { name: 'Retry 2 runs' }).click();
    await page.getByText('2 runs begun again.').waitFor();
    expect(await count()).toBe(before + 2);
  });
});

describe('the list of workflows', () => {
  it('stands in the order that its head says when somebody comes back to it', async () => {
    await goTo('#/workflows?sort=result.desc', 'Workflows');
    await rows().first().waitFor();
    await goTo('#/runs', 'Runs');
    const { runId } = await client.call('runs.start', { workflow: 'other-7' });
    await untilStatus(client, runId, 'completed');
    await goTo('#/workflows?sort=result.desc', 'Workflows');
    await expect
      .poll(async () => (await rows().allInnerTexts()).filter((text) => text.includes('Completed'))[0])
      .toContain('Other 7');
  });

  it('keeps its filter and order in the address, and the row that was opened', async () => {
    await goTo('#/workflows', 'Workflows');
    await search().fill('other');
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await expect.poll(hashOf).toBe('#/workflows?q=other&sort=name.asc');
    await expect.poll(() => rows().first().innerText()).toContain('Other 0');
    const left = await openInTheMiddle(OTHERS);
    await page.getByRole('heading', { name: /^Other \d+$/, level: 1 }).waitFor();
    await page.goBack();
    await expect.poll(whereInList).toEqual(left);
    await expect.poll(() => search().inputValue()).toBe('other');
    await page.reload();
    await expect.poll(() => rows().first().innerText()).toContain('Other 0');
  });

  it.each([ZOOMED, { width: 1024, height: 640 }])('keeps its columns readable at $width', async (size) => {
    await goTo('#/workflows', 'Workflows');
    await page.setViewportSize(size);
    await rows().first().waitFor();
    await expect.poll(cutColumns).toEqual([]);
  });
});

describe('Today', () => {
  it('says the reason of a failure without the step, and no time of day over another, at 200 % zoom', async () => {
    await page.setViewportSize(ZOOMED);
    await goTo('#/today', 'Today');
    await page.getByRole('main').getByText('the mail server is away', { exact: true }).first().waitFor();
    const words = page.locator('.day-axis .lane span, .day-axis .lane em');
    await words.first().waitFor();
    const overlapping = async (): Promise<unknown> => {
      const spans = await words.evaluateAll((all) =>
        all.map((word) => word.getBoundingClientRect()).map(({ left, right }) => ({ left, right })),
      );
      const sorted = spans.toSorted((a, b) => a.left - b.left);
      return sorted.filter(({ left }, at) => left < (sorted[at - 1]?.right ?? 0));
    };
    await expect.poll(overlapping).toEqual([]);
  });

  it('counts in its table what ran just now as past, and as to come only what is planned', async () => {
    await goTo('#/today?view=table', 'Today');
    const row = page.getByRole('row').filter({ hasText: 'Note a customer' });
    await expect.poll(() => row.getByRole('cell').allInnerTexts()).toEqual([`${NOTED} ran`, '–']);
  });
});

describe('what needs somebody', () => {
  it('is counted in the rail and the title, one press away, and decided or retried from its row', async () => {
    const { runId } = await client.call('runs.start', { workflow: 'post' });
    await project.untilAtWork(runId, 1);
    const rail = page.getByRole('navigation', { name: 'Sections' });
    const live = rail.getByRole('link', { name: 'Run · Post letters' });
    await live.waitFor();
    await expect
      .poll(() => rail.locator('li.sub').evaluate((item) => item.previousElementSibling?.textContent))
      .toContain('Runs');
    expect(project.killHelpers()).toBeGreaterThan(0);
    await untilStatus(client, runId, 'in_doubt');
    await live.waitFor({ state: 'detached' });
    await rail.getByText('1 run needs you').waitFor({ state: 'attached' });
    await expect.poll(() => page.title()).toMatch(/^\(1\) /);
    await goTo('#/runs', 'Runs');
    await page.getByRole('button', { name: /^Needs you/ }).click();
    await expect.poll(() => rows().count()).toBe(1);
    await rows().first().getByRole('link', { name: 'Decide' }).click();
    expect(await openedRun(page)).toBe(runId);
    await client.call('runs.cancel', { runId });
    await untilStatus(client, runId, 'cancelled');
    await expect.poll(() => page.title()).not.toContain('(1)');
    await goTo('#/runs?status=failed', 'Runs');
    await rows().first().getByRole('button', { name: 'Retry Mail' }).click();
    // The same question as on the page of the run: nothing begins before it is answered.
    const dialog = page.getByRole('dialog', { name: 'Retry this run' });
    await dialog.getByText(/No effect comes again|may change something again/).waitFor();
    await dialog.getByRole('button', { name: 'Retry' }).click();
    await page.getByText(/A new run has begun/).waitFor();
  });
});
