import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { CrashProject } from '../support/crash-project.ts';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** SPEC §3.8: a run over which the engine died twice in a row stands paused, and everything else goes on. */

const STEPS = 4;
/** Its second step has a template: the first decision that works anything out. */
const POISON = [
  '---',
  'workflow: {id: poison, name: Poison}',
  '---',
  '## Step 1: Trace',
  '```yaml',
  'action: workflow.set',
  'inputs: {n: 7}',
  '```',
  '## Step 2: Work it out',
  '```yaml',
  'action: workflow.set',
  'inputs: {twice: "{{ n * 2 }}"}',
  '```',
  '',
].join('\n');
const DIES_DECIDING = { AIWORKFLOW_FAILPOINT: 'run.deciding:1' };

let project: CrashProject;
let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
});
afterAll(() => world.dispose());
beforeEach(() => {
  project = new CrashProject(STEPS);
  const folder = join(project.path, '.aiworkflow', 'workflows');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'poison.md'), POISON);
});
afterEach(() => {
  project.killHelpers();
  project.remove();
});

const cli = (...args: string[]) => world.run('--project', project.path, ...args);

/** Starts a run of each workflow in an engine that dies at the poisoned decision. */
async function startAndDie(): Promise<void> {
  expect(await project.launch(1, DIES_DECIDING, 'traces,poison').ends).toBeNull();
}

it('killed twice at the same decision: paused with the reason, the others complete, and a person resumes it', async () => {
  await startAndDie();
  expect(await project.launch(0, DIES_DECIDING).ends).toBeNull();
  const third = project.launch(0);
  const ends = (await third.ends) ?? [];
  expect(third.errors()).toBe('');
  expect(new Map(ends.map(({ runId, status }) => [runId.split('-')[0], status]))).toEqual(
    new Map([
      ['traces', 'completed'],
      ['poison', 'paused'],
    ]),
  );
  const runId = ends.find((end) => end.status === 'paused')?.runId ?? '';
  // Paused for good: it is not tried again by any later start.
  expect((await project.launch(0).ends)?.find((end) => end.runId === runId)?.status).toBe('paused');

  const shown = await cli('runs', 'show', runId);
  expect(shown.stdout).toContain('The app died twice in a row while it worked on this run');
  expect(shown.stdout).toContain(`aiworkflow runs resume ${runId}`);
  const result = (await cli('runs', 'show', runId, '--json')).json();
  expect(result).toMatchObject({ status: 'paused', error: { code: 'run.engine_died_twice' } });

  expect((await cli('runs', 'resume', runId)).exitCode).toBe(0);
  const resumed = (await cli('runs', 'show', runId, '--json')).json();
  expect(resumed).toMatchObject({ status: 'completed', error: null, final_output: { n: 7, twice: 14 } });
});

it('killed once: it goes on by itself', async () => {
  await startAndDie();
  const ends = (await project.launch(0).ends) ?? [];
  expect(ends.map(({ status }) => status)).toEqual(['completed', 'completed']);
});

it('a command that opens the project in between takes no evidence away', async () => {
  await startAndDie();
  expect((await cli('run', 'traces', '--json')).exitCode).toBe(0);
  expect(await project.launch(0, DIES_DECIDING).ends).toBeNull();
  expect((await cli('run', 'traces', '--json')).exitCode).toBe(0);
  const ends = (await project.launch(0).ends) ?? [];
  expect(ends.filter(({ status }) => status === 'paused')).toHaveLength(1);
  expect(ends.filter(({ status }) => status === 'completed')).toHaveLength(3);
});
