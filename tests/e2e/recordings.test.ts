import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { bundleText, GatedProject } from '../support/gated-project.ts';
import { untilShown, untilStatus } from '../support/run-page.ts';
import { checkOpened } from '../support/screen-check.ts';

let project: GatedProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;
let first: string;

const answer = (task: string) => ({
  name: 'Answer a complaint',
  frontmatter: ['execution: {agent: demo}'],
  steps: [
    ['id: read', 'name: Read the complaint', 'action: work.run', 'output_variable: complaint'],
    [
      ...['id: draft', 'name: Draft the answer', 'action: agent.generate', 'output_variable: letter'],
      `inputs: {instructions: ${JSON.stringify(task)}, data: "{{ complaint }}"}`,
    ],
  ],
});
const TASK = 'Answer the complaint.\nBe kind.\nAt most ten lines.';

beforeAll(async () => {
  project = new GatedProject();
  project.addBundle('answer', answer(TASK));
  project.openGates('read');
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  client = await project.connect();
  first = (await client.call('runs.start', { workflow: 'answer', inputs: {} })).runId;
  await untilStatus(client, first, 'completed');
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

const go = (to: string): Promise<void> =>
  page.evaluate((route) => {
    location.hash = route;
  }, `#${to}`);
const more = async (item: string): Promise<void> => {
  await page.getByRole('button', { name: 'More about this run' }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

it('a run is kept as a test, replayed with no call, and shows what an edited prompt changes', async () => {
  await go(`/runs/${first}`);
  await untilShown(page, 'Completed');
  await more('Save as test…');
  const saving = page.getByRole('dialog', { name: 'Save as test' });
  const name = saving.getByRole('textbox', { name: 'Name' });
  await name.fill('No name');
  const save = saving.getByRole('button', { name: 'Save' });
  await expect.poll(() => save.getAttribute('aria-disabled')).toBe('true');
  await name.fill('kind-answer');
  await page.keyboard.press('Enter');
  await page.getByText('The test kind-answer is saved').waitFor();

  await more('Replay from recording…');
  const replaying = page.getByRole('dialog', { name: 'Replay from the recording' });
  await replaying.getByRole('combobox', { name: 'For real from' }).click();
  await page.getByRole('option', { name: 'read', exact: true }).click();
  await replaying.getByText('Read the complaint').waitFor();
  await checkOpened(page, 'run-recording');
  await replaying.getByRole('combobox', { name: 'For real from' }).click();
  await page.getByRole('option', { name: 'No step: all of it from the recording' }).click();
  await replaying.getByRole('button', { name: 'Replay', exact: true }).click();
  const panel = page.getByRole('region', { name: 'Replay', exact: true });
  await panel.getByText('Replayed: no call was made.').waitFor();
  await panel.getByText('All as recorded: 2 of 2 answers.').waitFor();

  const file = join(project.path, '.aiworkflow/bundles/answer/workflow.md');
  writeFileSync(file, bundleText('answer', answer(TASK.replace('Be kind.', 'Be short.'))));
  await go('/workflows/answer?tab=tests');
  const run = page.getByRole('button', { name: 'Run tests' });
  await page.getByText('not run yet').waitFor();
  await run.focus();
  await page.keyboard.press('Enter');
  const result = page.getByRole('link', { name: 'not what was recorded' });
  await result.waitFor();
  await checkOpened(page, 'workflow-tests');
  await result.click();
  await panel.getByText('Draft the answer asks something else than was recorded.').waitFor();
  const change = panel.getByRole('region', { name: 'Changes of inputs/instructions' });
  await expect.poll(() => change.innerText()).toContain('Be kind.');
  expect(await change.innerText()).toContain('Be short.');
  await checkOpened(page, 'run-drift');
  const { runs } = await client.call('runs.list', { trigger: 'replay' });
  expect(runs.map(({ status, cost }) => [status, cost.calls])).toEqual([
    ['failed', 0],
    ['completed', 0],
  ]);
});
