import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AgentProject } from '../support/agent-project.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { openRuns, openWorkflow, pressRun, untilShown } from '../support/run-page.ts';

let model: ModelServer;
let project: AgentProject;
let opened: OpenedDoor | null = null;
let page: Page;

beforeEach(async () => {
  model = await startModelServer();
  project = new AgentProject([
    'agent:',
    '  primary: openai',
    '  configs:',
    `    openai: {api_base_url: "${model.openAiUrl}", model: house-model-7}`,
  ]);
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await project.remove();
  await model.close();
});

async function open(): Promise<void> {
  opened = await openDoor('browser', {
    projectPath: project.path,
    home: project.home,
    env: { OPENAI_API_KEY: 'sk-test-openai-key' },
  });
  page = opened.page;
  await page.emulateMedia({ reducedMotion: 'reduce' });
}

const textOf = (selector: string): Promise<string> => page.locator(selector).first().innerText();

it('shows no amount before the first call has ended, and never $0.00 for a model without a price', async () => {
  project.addWorkflow('ask', [['action: agent.run', 'inputs: {task: "Say something"}', 'output_variable: a']]);
  const gate = Promise.withResolvers<void>();
  const usage = { inputTokens: 1000, outputTokens: 500 };
  model.script([{ text: 'Well said.', usage, until: gate.promise }]);
  await open();
  await openWorkflow(page, 'ask');
  const runId = await pressRun(page);
  await page.getByRole('tab', { name: /^Agent/ }).click();
  await page.getByRole('region', { name: 'Conversation of the agents' }).getByText('Well said.').waitFor();
  await page.locator('.run-head').getByText('Cost so far').waitFor();
  const before = await textOf('main');
  expect(before).not.toContain('$');
  expect(before).not.toContain('0 tokens');
  expect(before).not.toContain('0 in · 0 out');
  gate.resolve();

  await untilShown(page, 'Completed');
  await page.locator('.run-head').getByText('Unpriced').waitFor();
  await page.locator('.run-head').getByText('(1 call)').waitFor();
  await page.getByText('1,500 tokens · Unpriced (1 call)').waitFor();
  await page.getByText('Unpriced: its model has no price here').waitFor();
  expect(await textOf('main')).not.toContain('$');

  await openRuns(page);
  const row = page.locator('tr', { has: page.getByTitle(runId, { exact: true }) });
  await row.locator('.c-cost').getByText('Unpriced').waitFor();
  expect(await row.innerText()).not.toContain('$');
  await openWorkflow(page, 'ask');
  await page.locator('.pane-history').getByTitle('Unpriced (1 call)').waitFor();

  await page.getByRole('link', { name: 'Costs' }).click();
  const table = page.getByRole('table', { name: 'Spend by day in numbers' });
  await table.getByRole('row', { name: /so far.*1.*Unpriced/ }).waitFor();
  await page.getByText('1 request in no sum').waitFor();
  await page.getByRole('button', { name: 'Model', exact: true }).click();
  await table.getByRole('columnheader', { name: 'house-model-7' }).waitFor();
  await page.getByRole('button', { name: '12 months' }).click();
  await page.getByRole('table', { name: 'Spend by month in numbers' }).getByText('Unpriced').first().waitFor();

  await showsHowItFares();
  await addsChangesAndRemovesABudget();
  await page.getByRole('button', { name: 'Compare models' }).click();
  const comparing = page.getByRole('dialog', { name: 'Compare models' });
  await comparing.getByRole('table', { name: 'How agents have done it' }).getByText('1 of 1').waitFor();
  await comparing.getByLabel('Models').fill('gpt-4o, gpt-4o-mini');
  // Too few runs for a past: 1,000 tokens in and 500 out.
  const byModel = comparing.getByRole('table', { name: 'What a run costs by model' });
  await byModel.getByRole('row', { name: /^gpt-4o \$0\.0075/ }).waitFor();
  await comparing.getByRole('button', { name: 'Close', exact: true }).last().click();
  await openWorkflow(page, 'ask');
  await page.getByText('What it costs nobody knows: no price for house-model-7.').waitFor();
});

/** Lines over time are drawn, the same stands in a table, and by keys alone. */
async function showsHowItFares(): Promise<void> {
  const choose = async (name: string): Promise<void> => {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };
  await choose('7 days');
  await choose('Tokens');
  await page.getByRole('img', { name: 'Tokens as lines; the table has the numbers' }).locator('canvas').waitFor();
  await choose('Table');
  const tokens = page.getByRole('table', { name: 'Tokens in numbers' });
  await tokens.getByRole('row', { name: /so far 1,000 500 1$/ }).waitFor();
  await choose('Success');
  const success = page.getByRole('table', { name: 'Success in numbers' });
  await success.getByRole('row', { name: /so far 1 – – 100 %$/ }).waitFor();
  await page
    .getByRole('table', { name: 'Runs by workflow' })
    .getByRole('row', { name: /^ask 1 of 1 100 %/ })
    .waitFor();
  await choose('Duration');
  await choose('Agent');
  await page
    .getByRole('table', { name: 'Runs by agent' })
    .getByRole('row', { name: /^openai 1 of 1/ })
    .waitFor();
  await choose('Chart');
  const chart = page.getByRole('img', { name: 'Duration of completed runs as lines; the table has the numbers' });
  await chart.locator('canvas').waitFor();
  await choose('Spend');
}

async function addsChangesAndRemovesABudget(): Promise<void> {
  const budgets = page.getByRole('region', { name: /^Budgets/ });
  await budgets.getByText('Nothing holds spending back yet.').waitFor();
  await budgets.getByRole('button', { name: 'Budget', exact: true }).click();
  const adding = page.getByRole('dialog', { name: 'Add a budget' });
  await adding.getByLabel('Name').fill('office');
  await adding.getByLabel('How much may be spent').fill('a lot');
  await adding.getByRole('radio', { name: /^Pause and ask/ }).click();
  await adding.getByRole('button', { name: 'Add budget' }).click();
  await adding.getByText("'a lot' is no amount above 0.").waitFor();
  await adding.getByLabel('How much may be spent').fill('0.50');
  await adding.getByRole('button', { name: 'Add budget' }).click();
  const office = budgets.getByRole('listitem').filter({ hasText: 'office' });
  await office.getByText('$0.00 of $0.50').waitFor();
  await office.getByText('pauses').waitFor();

  await office.getByRole('button', { name: 'More about office' }).click();
  await page.getByRole('menuitem', { name: 'Change' }).click();
  const changing = page.getByRole('dialog', { name: 'Change office' });
  await changing.getByLabel('How much may be spent').fill('80');
  await changing.getByRole('button', { name: 'Save' }).click();
  await office.getByText('of $80.00').waitFor();

  await office.getByRole('button', { name: 'More about office' }).click();
  await page.getByRole('menuitem', { name: 'Day by day' }).click();
  const days = page.getByRole('dialog', { name: 'What is left of office' });
  await days.getByRole('img', { name: 'What is left as lines; the table has the numbers' }).locator('canvas').waitFor();
  await days.getByRole('button', { name: 'Table' }).click();
  await days
    .getByRole('row', { name: /\$0\.00 \$80\.00$/ })
    .first()
    .waitFor();
  await days.getByRole('button', { name: 'Close', exact: true }).last().click();

  await office.getByRole('button', { name: 'More about office' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  const removing = page.getByRole('dialog', { name: 'Remove office?' });
  await removing.getByLabel('Type office to remove it').fill('office');
  await removing.getByRole('button', { name: 'Remove' }).click();
  await budgets.getByText('Nothing holds spending back yet.').waitFor();
}

it('does not call well what it warns of', async () => {
  project.write('.aiworkflow/agents/.keep', '');
  project.write('.aiworkflow/prices.yaml', 'prices:\n  - {model: a, input: "1", output: "2"}\n  - {model: b}\n');
  await open();
  await page.getByRole('button', { name: 'Help' }).click();
  await page.getByRole('menuitem', { name: 'Check this machine' }).click();
  const dialog = page.getByRole('dialog', { name: 'Check this machine' });
  await dialog.getByText(/^Nothing is broken, but there are \d+ warnings\.$/).waitFor();
  await dialog.getByText('.aiworkflow/prices.yaml:2').waitFor();
  await dialog.getByText("The price of b does not count: 'valid_from' is missing").waitFor();
});
