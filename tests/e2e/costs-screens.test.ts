import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { toE10 } from '../../src/shared/decimal.ts';
import type { CostLimit } from '../../src/shared/model/cost-limit.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { LocalProject } from '../support/local-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { checkOpened, SIZES } from '../support/screen-check.ts';
import { VirtualMachine } from '../support/virtual-machine.ts';

/** Costs with nothing, with three days, and with four weeks of six workflows: in each view, with the table that says the same. */
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const WORKFLOWS = [
  ['email-triage', 30],
  ['code-review', 24],
  ['invoice-triage', 20],
  ['dependency-update', 12],
  ['incident-response', 8],
  ['release-notes', 5],
  ['sprint-planning', 4],
] as const;

let model: ModelServer;
let machine: VirtualMachine;
let project: LocalProject;
let opened: OpenedDoor | null = null;
let page: Page;
beforeAll(async () => {
  model = await startModelServer();
  // A prompt says how many thousand tokens it has: $0.0025 each, and $0.01 for the answer. The seventh of each ten is refused.
  let asked = 0;
  model.script(({ prompt }) => {
    asked += 1;
    machine.sleep((3 + ((asked * 7) % 10)) * 1000);
    if (asked % 10 === 7) return { status: 400 };
    const inputTokens = 1000 * Number(/\d+/.exec(prompt)?.[0] ?? 1);
    return { text: 'Done.', usage: { inputTokens, outputTokens: 1000, cachedTokens: 0 } };
  });
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await project.close();
});
afterAll(() => model.close());

/** A project of which `days` days ago the first run was started; of each day, so many of the workflows were run. */
async function openPast(days: number, countOf: (day: number) => number): Promise<void> {
  // Each answer takes seconds there: the last of them is not to come from the time ahead.
  machine = new VirtualMachine(new Date(Date.now() - (days - 1) * DAY_MS - HOUR_MS).toISOString());
  project = new LocalProject(
    [`agent: {primary: openai, configs: {openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o}}}`],
    { clock: machine.ports },
  );
  for (const [id, thousands] of WORKFLOWS)
    project.addWorkflow(id, [['action: agent.run', `inputs: {prompt: "Read these ${thousands} pages."}`]]);
  for (let day = 0; day < days; day += 1) {
    if (day > 0) machine.sleep(DAY_MS);
    const weekday = new Date(machine.now).getUTCDay();
    for (const [id] of WORKFLOWS.slice(0, countOf(weekday))) await project.run(id);
  }
}

async function openPage(route: string): Promise<void> {
  await project.leave();
  opened = await openDoor('browser', {
    projectPath: project.path,
    home: project.root,
    env: { OPENAI_API_KEY: 'sk-test-openai-key' },
  });
  page = opened.page;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await go(route);
}

const go = async (route: string): Promise<void> => {
  await page.evaluate((to) => {
    location.hash = to;
  }, route);
  await page.getByRole('heading', { name: 'Costs', level: 1 }).waitFor();
};
const rowsOf = (table: string): Promise<readonly string[]> =>
  page.getByRole('table', { name: table }).locator('tbody tr').allInnerTexts();
const lines = (name: string) => page.getByRole('img', { name: `${name}; the table has the numbers` });

it('with nothing: says what will stand here, and what to do', async () => {
  await openPast(1, () => 0);
  await openPage('#/costs');
  await checkOpened(page, 'costs-empty', () => page.getByText('Nothing holds spending back yet.').waitFor());
  for (const show of ['tokens', 'success', 'duration']) {
    await go(`#/costs?show=${show}`);
    await page.getByRole('link', { name: 'Workflows' }).first().waitFor();
    await expect.poll(() => page.locator('canvas').count()).toBe(0);
  }
});

it('with three days: a bar and a row for each', async () => {
  await openPast(3, () => 2);
  const { total_cost } = await project.call('costs.summary', {});
  await openPage('#/costs?range=week');
  await checkOpened(page, 'costs-three', () => page.getByRole('img', { name: /Spend/ }).waitFor());
  const spent = (await rowsOf('Spend by day in numbers')).filter((row) => row.includes('$'));
  expect(spent).toHaveLength(3);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export', exact: true }).focus();
  await page.keyboard.press('Enter');
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^costs-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  const [head, ...parts] = readFileSync(await file.path(), 'utf8')
    .trimEnd()
    .split('\r\n');
  expect(head).toBe('day,zone,workflow,cost_usd,requests,unpriced_requests,input_tokens,output_tokens');
  expect(parts).toHaveLength(6);
  expect(parts.reduce((sum, line) => sum + toE10(line.split(',')[3] ?? ''), 0)).toBe(toE10(total_cost ?? ''));
});

const limit = (more: Partial<CostLimit> & Pick<CostLimit, 'name' | 'max_cost'>): Promise<unknown> =>
  project.call('costs.setLimit', {
    ...{ period: 'month', timezone: 'UTC', scope: 'global', scope_id: null },
    ...{ alert_threshold: 80, action_on_limit: 'warn', allow_unpriced: false },
    ...more,
  });

it('with four weeks: stacked by workflow, budgets in each state, and how runs fared, as charts and as tables', async () => {
  await openPast(28, (weekday) => (weekday === 0 || weekday === 6 ? 2 : WORKFLOWS.length));
  await limit({ name: 'All workflows', max_cost: '25' });
  await limit({ name: 'Email triage', max_cost: '3', scope: 'workflow', scope_id: 'email-triage', period: null });
  await limit({ name: 'Code review', max_cost: '8', scope: 'workflow', scope_id: 'code-review' });
  await limit({ name: 'One run', max_cost: '5', scope: 'run', period: 'day', action_on_limit: 'block' });
  const full = { scope: 'workflow', scope_id: 'sprint-planning', period: null, action_on_limit: 'pause' } as const;
  await limit({ name: 'Sprint planning', max_cost: '0.10', ...full });
  await project.run('sprint-planning');
  await openPage('#/costs');
  const chart = page.getByRole('img', { name: /Spend/ });
  await checkOpened(page, 'costs', () => chart.waitFor());
  await page.getByText('1 run waits').waitFor();
  await page.getByRole('list', { name: 'Budgets' }).getByText('Full', { exact: true }).waitFor();
  await page.getByRole('list', { name: 'Budgets' }).getByText('Tight', { exact: true }).waitFor();
  await go('#/costs?range=week');
  await expect.poll(() => rowsOf('Spend by day in numbers')).toHaveLength(7);
  for (const [show, name] of [
    ['tokens', 'Tokens as lines'],
    ['success', 'Success rate of runs as a line'],
    ['duration', 'Duration of completed runs as lines'],
  ] as const) {
    await go(`#/costs?show=${show}`);
    await checkOpened(page, `costs-${show}`, () => lines(name).locator('canvas').waitFor());
    await go(`#/costs?show=${show}&view=table&range=week`);
    const [table = ''] = name.split(' ');
    await expect.poll(() => rowsOf(`${table} in numbers`)).toHaveLength(7);
  }
  await go('#/costs');
  await page.getByRole('button', { name: 'More about Email triage' }).click();
  await page.getByRole('menuitem', { name: 'Day by day' }).click();
  await checkOpened(page, 'costs-burn-down', () => lines('What is left as lines').locator('canvas').waitFor());
  for (const [button, title, name] of [
    ['Budget', 'Add a budget', 'costs-budget'],
    ['Compare models', 'Compare models', 'costs-compare'],
    ['Mended prices…', 'Mended prices', 'costs-reprice'],
  ] as const) {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.setViewportSize(SIZES[0]);
    await page.getByRole('button', { name: button, exact: true }).focus();
    await page.keyboard.press('Enter');
    await checkOpened(page, name, () => page.getByRole('dialog', { name: title }).waitFor());
  }
});
