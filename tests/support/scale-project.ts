import { openControlCenter } from '../../src/core/control-center.ts';
import { projectPaths } from '../../src/core/projects/index.ts';
import type { RunView } from '../../src/shared/contract/index.ts';
import type { RunSummary } from '../../src/shared/model/run.ts';
import { openHarness, TESTER, workflowText } from './engine-harness.ts';
import { GatedProject } from './gated-project.ts';
import { ownProject } from './own-project.ts';
import { waitUntil } from './wait-until.ts';

const STARTS_AT_ONCE = 500;
export const STEPS = 1_000;
export const LINES = 1_000_000;
export const RUNS = 10_000;
export const PLANTED = { line: 654_321, text: 'the 7th needle of the haystack' };
/** What stands in any other line. */
export const lineText = (line: number): string => `block ${line} was read`;

export interface ScaleProject {
  readonly project: GatedProject;
  readonly longRunId: string;
  readonly loudRunId: string;
  readonly oldestRunId: string;
}

/**
 * A project with a run of 1,000 steps, one with 1,000,000 log lines and 10,000 older runs. All of it is written by the product's
 * own engine and stores: the first two runs through the control center, the lines and the many runs straight into the open store.
 */
export async function makeScaleProject(): Promise<ScaleProject> {
  const project = new GatedProject();
  project.addBundle('long', {
    name: 'Long',
    steps: Array.from({ length: STEPS }, (_, at) => ['action: workflow.set', `inputs: {v${at + 1}: ${at + 1}}`]),
  });
  project.addBundle('loud', { name: 'Loud', steps: [['action: workflow.noop']] });
  const [long, loud] = await runOnce(project, ['long', 'loud']);
  if (long === undefined || loud === undefined) throw new Error('the runs did not begin');
  const oldestRunId = await fillStore(project, loud.run);
  return { project, longRunId: long.run.runId, loudRunId: loud.run.runId, oldestRunId };
}

async function runOnce(project: GatedProject, workflows: readonly string[]): Promise<readonly RunView[]> {
  ownProject(project.path, project.home);
  const center = await openControlCenter({
    projectPath: project.path,
    door: 'browser',
    resumeOpenRuns: true,
    examplesDir: '',
    resourcesDir: '',
    version: 'test',
    userDataDir: project.home,
    home: project.home,
  });
  const call = async (name: string, input: unknown): Promise<unknown> => {
    const answer = await center.call(name, input, TESTER);
    if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`);
    return answer.value;
  };
  const views: RunView[] = [];
  for (const workflow of workflows) {
    const { runId } = (await call('runs.start', { workflow })) as { runId: string };
    const view = async (): Promise<RunView> => (await call('runs.get', { runId })) as RunView;
    await waitUntil(`${workflow} has completed`, async () => (await view()).run.status === 'completed');
    views.push(await view());
  }
  await center.close();
  return views;
}

/** Older runs of the version of `loud`, whose ids count up, and the lines of its run. Gives the oldest run. */
async function fillStore(project: GatedProject, loud: RunSummary): Promise<string> {
  const harness = openHarness({ dir: projectPaths(project.path).workflowStateDir });
  const version = {
    ...harness.versionOf(workflowText([['action: workflow.noop']])),
    hash: loud.versionHash,
    workflowPath: loud.workflowPath,
  };
  const start = async (): Promise<string> => {
    harness.clock.advance(1_000);
    const request = { version, inputs: {}, trigger: { type: 'manual' as const }, actor: TESTER };
    const { runId } = await harness.engine.start(request);
    return runId;
  };
  const ids: string[] = [];
  while (ids.length < RUNS) {
    const started = await Promise.all(Array.from({ length: STARTS_AT_ONCE }, start));
    await Promise.all(started.map((runId) => harness.engine.settled(runId)));
    ids.push(...started);
  }
  for (let line = 1; line <= LINES; line += 1) {
    const text = line === PLANTED.line ? PLANTED.text : lineText(line);
    harness.store.logs.append(loud.runId, {
      at: loud.createdAt + line,
      path: 'step_1',
      stream: 'stdout',
      level: 'info',
      text,
    });
  }
  await harness.close();
  return ids[0] ?? '';
}
