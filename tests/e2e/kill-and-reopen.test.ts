import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DOOR_NAMES, type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { eachOnce, GatedProject, workStep } from '../support/gated-project.ts';
import { openRun, openWorkflow, pressRun, stepRow, untilShown } from '../support/run-page.ts';

const STEPS = 4;
const NAME = 'Month end';

let project: GatedProject;
let opened: OpenedDoor | null = null;

function setUp(): void {
  project = new GatedProject();
  project.addBundle('month-end', {
    name: NAME,
    frontmatter: ['inputs:', '  month: {type: string, default: "2026-01"}'],
    steps: [
      workStep('first'),
      ['action: work.run', 'inputs: {month: "{{ inputs.month }}"}', 'output_variable: posted'],
      ['action: work.run', 'inputs: {receipt: "{{ posted.receipt | default(posted.from) }}"}', 'output_variable: sent'],
      workStep('last'),
    ],
  });
}
async function tidyUp(): Promise<void> {
  await opened?.close();
  opened = null;
  project?.remove();
}

type DoorName = (typeof DOOR_NAMES)[number];

const open = async (door: DoorName): Promise<OpenedDoor> => {
  opened = await openDoor(door, { projectPath: project.path, home: project.home });
  return opened;
};

/** Starts the run from the form and resolves when its second step is at work, on the screen and in fact. */
const startAndWatch = async (door: DoorName): Promise<string> => startIn((await open(door)).page);

const startIn = async (page: Page): Promise<string> => {
  await openWorkflow(page, NAME);
  const runId = await pressRun(page);
  project.openGates(1);
  await project.untilAtWork(runId, 2);
  await untilShown(page, 'Running');
  await stepRow(page, 'Part 2').getByRole('img', { name: 'Running' }).waitFor();
  return runId;
};

const killAndReopen = async (door: DoorName, alsoHelper: boolean): Promise<OpenedDoor> => {
  await opened?.kill();
  if (alsoHelper) expect(project.killHelpers()).toBe(1);
  else if (door === 'browser') await opened?.page.getByText('The connection to the app is lost.').waitFor();
  await opened?.close();
  return open(door);
};

describe.each(DOOR_NAMES)('the app is killed in the middle of a run (%s)', (door) => {
  beforeEach(setUp);
  afterEach(tidyUp);

  it('the run goes on by itself, each step is done once', async () => {
    const runId = await startAndWatch(door);
    const { page } = await killAndReopen(door, false);
    await openRun(page, runId);
    await untilShown(page, 'Running');
    await stepRow(page, 'Part 2').getByRole('img', { name: 'Running' }).waitFor();
    project.openGates(2, 3, 4);
    await untilShown(page, 'Completed');
    expect(project.tracesOf(runId)).toEqual(eachOnce(STEPS));
    await page.getByRole('tab', { name: /^Events/ }).click();
    await page.getByText('Run taken over after a restart of the app').waitFor();
  });
});

describe('the app is killed in the middle of a run', () => {
  beforeEach(setUp);
  afterEach(tidyUp);

  it('a step that ended while nobody was there keeps its result', async () => {
    const runId = await startAndWatch('browser');
    await opened?.kill();
    await opened?.close();
    project.openGates(2);
    await expect.poll(() => project.tracesOf(runId)).toContain('step_2 end');
    const { page } = await open('browser');
    await openRun(page, runId);
    project.openGates(3, 4);
    await untilShown(page, 'Completed');
    expect(project.tracesOf(runId)).toEqual(eachOnce(STEPS));
    await stepRow(page, 'Part 2').click();
    await page.getByRole('complementary', { name: 'Step: Part 2' }).getByText('step_2').first().waitFor();
  });
});

describe('the app is killed together with its helper: the one step that nobody can know is asked about', () => {
  /** Three runs are killed at once, each in its second step. */
  const runs: string[] = [];
  beforeAll(async () => {
    setUp();
    const { page } = await open('browser');
    for (let run = 0; run < 3; run += 1) runs.push(await startIn(page));
    await killAndReopen('browser', true);
  });
  afterAll(tidyUp);

  const doubt = async (run: number) => {
    const [page, runId = ''] = [opened?.page as Page, runs[run]];
    await openRun(page, runId);
    await untilShown(page, 'In doubt');
    await page.getByRole('heading', { name: 'Did "Part 2" work?' }).waitFor();
    for (const name of ['It worked', 'It did not', 'Run again'])
      await page.getByRole('button', { name, exact: true }).waitFor();
    expect(project.tracesOf(runId)).toEqual(['step_1 start', 'step_1 end', 'step_2 start']);
    return { page, runId };
  };

  it('"It worked": the next steps use the output that was given', async () => {
    const { page, runId } = await doubt(0);
    await page.getByRole('button', { name: 'It worked', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('{"receipt": "R-1187"');
    await dialog.getByRole('button', { name: 'Mark completed' }).click();
    await dialog.getByText(/not complete JSON/).waitFor();
    await dialog.getByRole('textbox').fill('{"receipt": "R-1187"}');
    await dialog.getByRole('button', { name: 'Mark completed' }).click();
    project.openGates(3, 4);
    await untilShown(page, 'Completed');
    expect(project.tracesOf(runId)).toEqual(eachOnce(STEPS).filter((trace) => trace !== 'step_2 end'));
    await stepRow(page, 'Part 3').click();
    await page.getByRole('complementary', { name: 'Step: Part 3' }).getByText('R-1187').first().waitFor();
  });

  it('"It did not": the step and with it the run has failed', async () => {
    const { page, runId } = await doubt(1);
    await page.getByRole('button', { name: 'It did not', exact: true }).click();
    await untilShown(page, 'Failed');
    await stepRow(page, 'Part 2').getByRole('img', { name: 'Failed' }).waitFor();
    await page
      .getByText(/marked this step as failed/)
      .first()
      .waitFor();
    expect(project.tracesOf(runId)).toEqual(['step_1 start', 'step_1 end', 'step_2 start']);
  });

  it('"Run again": the step is done once more and the run completes', async () => {
    const { page, runId } = await doubt(2);
    await page.getByRole('button', { name: 'Run again', exact: true }).click();
    project.openGates(2, 3, 4);
    await untilShown(page, 'Completed');
    expect(project.tracesOf(runId)).toEqual([
      ...['step_1 start', 'step_1 end', 'step_2 start'],
      ...eachOnce(STEPS).slice(2),
    ]);
  });
});
