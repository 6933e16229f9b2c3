import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { openWorkflow, pressRun, stepRow, untilShown } from '../support/run-page.ts';
import {
  LINES,
  lineText,
  makeScaleProject,
  PLANTED,
  RUNS,
  type ScaleProject,
  STEPS,
} from '../support/scale-project.ts';

/** Whatever a run is made of, a screen of it is at most so many elements. */
const MAX_NODES = 3_000;

let scale: ScaleProject;
let opened: OpenedDoor;
let page: Page;

beforeAll(async () => {
  scale = await timed('1,000 steps, 1,000,000 lines and 10,000 runs are written', makeScaleProject);
  opened = await openDoor('browser', { projectPath: scale.project.path, home: scale.project.home });
  page = opened.page;
});
afterAll(async () => {
  await opened?.close();
  scale?.project.remove();
});

/** Information for whoever reads the output; nothing timed is asserted. */
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  const value = await work();
  console.log(`${what}: ${Math.round(performance.now() - begin)} ms`);
  return value;
}
const go = (route: string): Promise<void> =>
  page.evaluate((to) => {
    location.hash = to;
  }, route);
const expectFewNodes = async (): Promise<void> => {
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  console.log(`elements on the screen: ${nodes}`);
  expect(nodes).toBeLessThan(MAX_NODES);
};

const log = () => page.getByRole('region', { name: 'Log', exact: true });
const line = (number: number) => log().locator(`.line[data-row="${number - 1}"]`, { hasText: lineText(number) });

describe('a run with 1,000,000 log lines', () => {
  it('opens at its end with few elements', async () => {
    await timed('open the run with 1,000,000 lines', async () => {
      await go(`#/runs/${scale.loudRunId}`);
      await untilShown(page, 'Completed');
      await page.getByRole('tab', { name: /^Log/ }).click();
      await line(LINES).waitFor();
    });
    await page.getByRole('tab', { name: /^Log\s*1[\s,.\u202f]?000[\s,.\u202f]?000/ }).waitFor();
    await expectFewNodes();
  });

  it('is read at its begin, in its middle and at its end', async () => {
    await log().focus();
    await timed('jump to the first line', async () => {
      await page.keyboard.press('Home');
      await line(1).waitFor();
    });
    await page.keyboard.press('PageDown');
    await line(30).waitFor();
    await timed('jump to the middle with the scroll bar', async () => {
      await log().evaluate((box) => {
        box.scrollTop = (box.scrollHeight - box.clientHeight) / 2;
      });
      await line(LINES / 2).waitFor();
    });
    await page.keyboard.press('ArrowDown');
    await line(LINES / 2 + 1).waitFor();
    await expectFewNodes();
    await timed('jump to the last line', async () => {
      await page.keyboard.press('End');
      await line(LINES).waitFor();
    });
    const last = await log().locator('.line').last().locator('.ln').textContent();
    expect(last).toBe(String(LINES));
  });

  it('is searched: the planted line is found, shown and marked', async () => {
    const field = page.getByRole('searchbox', { name: 'Search the log' });
    await timed('search 1,000,000 lines', async () => {
      await field.fill('7th NEEDLE');
      await log().locator('.line.hit', { hasText: PLANTED.text }).waitFor();
    });
    const hit = log().locator('.line.hit');
    await expect.poll(() => hit.locator('.ln').textContent()).toBe(String(PLANTED.line));
    await expect.poll(() => hit.locator('mark').textContent()).toBe('7th needle');
    await page.getByRole('status').getByText('1 of 1', { exact: true }).waitFor();
    await line(PLANTED.line - 1).waitFor();
    await expectFewNodes();
    await field.fill('nothing like that');
    await page.getByText('No match').first().waitFor();
    await field.fill('');
  });
});

describe('the log of 1,000,000 lines is saved', () => {
  const save = () => page.getByRole('button', { name: 'Save the log as text' });
  const progress = () => page.getByRole('progressbar', { name: 'Reading the log to save it' });

  it('in parts, while the page is used; it can be stopped', async () => {
    await save().click();
    await progress().waitFor();
    await page.getByRole('button', { name: 'Stop saving the log' }).click();
    await save().waitFor();
    // All parts but the first wait until the page was used: it is, whatever is faster here.
    const held: Route[] = [];
    let isHeld = true;
    const laterParts = async (route: Route): Promise<void> => {
      const asked = route.request().postData() ?? '';
      if (isHeld && asked.includes('"runs.logText"') && !/"from":1\D/.test(asked)) held.push(route);
      else await route.continue();
    };
    await page.route(/\/api\/call$/, laterParts);
    const coming = page.waitForEvent('download');
    await save().click();
    await expect.poll(async () => Number(await progress().getAttribute('aria-valuenow'))).toBeGreaterThan(0);
    await log().press('Home');
    await line(1).waitFor();
    await log().press('End');
    await line(LINES).waitFor();
    expect(await progress().count(), 'the log is saved while the page is used').toBe(1);
    isHeld = false;
    for (const route of held) await route.continue();
    await page.unroute(/\/api\/call$/, laterParts);
    const file = await timed('save 1,000,000 lines', async () => (await coming).path());
    const { count, last } = await readLines(file);
    expect(count).toBe(LINES);
    expect(last).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\S+ \\S+ ${lineText(LINES)}$`));
  });
});

/** How many lines a file has, and the last one. */
async function readLines(path: string): Promise<{ readonly count: number; readonly last: string }> {
  let count = 0;
  let last = '';
  for await (const text of createInterface({ input: createReadStream(path) })) {
    count += 1;
    last = text;
  }
  return { count, last };
}

describe('a run with 1,000 steps', () => {
  it('opens with few elements, its last step can be chosen', async () => {
    await timed('open the run with 1,000 steps', async () => {
      await go(`#/runs/${scale.longRunId}`);
      await untilShown(page, 'Completed');
      // The page before it shows a completed run too.
      await expect.poll(() => page.getByRole('treegrid').getAttribute('aria-rowcount')).toBe(String(STEPS));
      await page.getByRole('treegrid').getByRole('row').first().waitFor();
    });
    await expectFewNodes();
    await page.getByRole('treegrid').focus();
    await timed('choose step 1,000', async () => {
      await page.keyboard.press('End');
      await page.getByRole('complementary', { name: `Step: Part ${STEPS}` }).waitFor();
    });
    const row = page.getByRole('row', { name: new RegExp(`${STEPS} Part ${STEPS}`) });
    await row.waitFor();
    await expect.poll(() => row.getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('PageUp');
    await page.getByRole('complementary', { name: `Step: Part ${STEPS - 10}` }).waitFor();
    await page.keyboard.press('Home');
    await page.getByRole('complementary', { name: 'Step: Part 1', exact: true }).waitFor();
    await expectFewNodes();
  });
});

describe('a list of 10,000 runs', () => {
  it('is scrolled to its end, and the oldest run is opened there', async () => {
    const oldest = page.getByTitle(scale.oldestRunId, { exact: true });
    await timed('open the list', async () => {
      await go('#/runs');
      await page.getByTitle(scale.longRunId, { exact: true }).waitFor();
    });
    await page.getByText(new RegExp(`^${RUNS / 1000}[\\s,.\u202f]?002 runs$`)).waitFor();
    await timed('scroll to the oldest run', async () => {
      await expect
        .poll(
          async () => {
            await page.keyboard.press('End');
            return oldest.isVisible();
          },
          { timeout: 60_000, interval: 20 },
        )
        .toBe(true);
    });
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(RUNS + 3));
    await expectFewNodes();
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`#/runs/${scale.oldestRunId}$`));
    await untilShown(page, 'Completed');
  });
});

describe('a script that prints 1,000,000 lines', () => {
  it('is followed live, the screen can be used meanwhile, no line is missing', async () => {
    scale.project.addBundle('flood', {
      name: 'Flood',
      steps: [['action: flood.run'], ['action: workflow.set_outputs', 'inputs: {all: "read"}']],
      // Below the limit of 10 MiB; the step's output is as large as its log.
      tools: { 'flood.sh': `#!/usr/bin/env bash\nseq 1 ${LINES}\n` },
    });
    await openWorkflow(page, 'Flood');
    await timed('a run that prints 1,000,000 lines', async () => {
      await pressRun(page);
      await stepRow(page, 'Part 2').click();
      await page.getByRole('tab', { name: /^Inputs/ }).click();
      await page.getByRole('tab', { name: /^Log/ }).click();
      await stepRow(page, 'Part 1').click();
      await expectFewNodes();
      await untilShown(page, 'Completed');
    });
    const last = page.getByRole('region', { name: 'Log', exact: true }).locator(`.line[data-row="${LINES - 1}"]`);
    await last.locator('.tx', { hasText: new RegExp(`^${LINES}$`) }).waitFor();
    await expectFewNodes();
  });
});
