import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';

/** SPEC §3.9: in a replay people, clocks and other runs answer as they did, at once; one that is killed goes on as a replay. */
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject(['agent: {primary: demo}'], { isHost: true });
});
afterEach(() => project.close());

const traces = (): string => readFileSync(join(project.root, 'calls'), 'utf8');

/** A tool that fails at its first call and leaves a trace of each. */
function addFlaky(): void {
  project.write(
    '.aiworkflow/bundles/flow/tools/flaky.mjs',
    [
      '#!/usr/bin/env node',
      "import { appendFileSync, readFileSync } from 'node:fs';",
      `const file = ${JSON.stringify(join(project.root, 'calls'))};`,
      "appendFileSync(file, 'x');",
      "if (readFileSync(file, 'utf8').length === 1) process.exit(1);",
      'console.log(JSON.stringify({ ok: true }));',
    ].join('\n'),
  );
}

const step = (title: string, ...lines: readonly string[]): string =>
  `## Step ${title}\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n`;

it('answers decisions, waits, other runs and retries as they came, and asks and starts nobody', async () => {
  addFlaky();
  project.addWorkflow(
    'inner',
    [['action: workflow.set_outputs', 'inputs: {x: "{{ inputs.n + 1 }}"}']],
    ['inputs: [{name: n, type: integer, default: 1}]'],
  );
  project.write(
    '.aiworkflow/bundles/flow/workflow.md',
    [
      '---\nid: flow\nname: flow\n---',
      step('1: Try', 'id: try_it', 'action: flaky', 'idempotent: true', 'retry: {max_retries: 2, base_delay: 0.01}'),
      step('2: Ask', 'id: ask', 'approval: {title: "May it go on at {{ now }}?"}', 'output_variable: word'),
      step('3: Rest', 'id: rest', 'wait: 1s', 'output_variable: rested'),
      step(
        '4: Other',
        'for_each: [1, 2]',
        'as: n',
        'steps:',
        '  - id: sub',
        '    workflow: ../../workflows/inner.md',
        '    inputs: {n: "{{ n }}"}',
        '    output_variable: got',
        'output: "{{ got.x }}"',
        'output_variable: others',
      ),
      step(
        '5: Give',
        'id: give',
        'action: workflow.set_outputs',
        'inputs: {word: "{{ word }}", rested: "{{ rested }}", others: "{{ others }}", took: "{{ steps.rest.duration }}"}',
      ),
    ].join('\n'),
  );
  const { runId } = await project.call('runs.start', { workflow: 'flow', inputs: {} });
  await project.settled();
  const { approvals } = await project.call('approvals.list', {});
  const [asked] = approvals;
  const { id, hash } = await project.call('approvals.get', { id: asked?.id ?? '' });
  await project.call('approvals.approve', { id, hash, comment: 'fine' });
  await project.settled();
  const real = await project.call('runs.get', { runId });
  expect(real.run.status).toBe('completed');
  expect(real.outputs).toMatchObject({ others: [2, 3], word: { approved: true } });
  expect(traces()).toBe('xx');
  const before = (await project.call('runs.list', {})).runs.length;

  const replayed = await project.call('cassettes.replay', { recording: { runId }, latest: true });
  await project.settled();
  const report = await project.call('cassettes.report', { runId: replayed.runId });
  expect(report).toMatchObject({ verdict: 'passed', answered: 6, exchanges: 6, drift: null, outputs: [] });
  const view = await project.call('runs.get', { runId: replayed.runId });
  expect(view.outputs).toEqual(real.outputs);
  expect(view.run.completedAt ?? 0).toBeLessThan((view.run.startedAt ?? 0) + 1_000);
  expect(view.steps.find(({ path }) => path === 'try_it')).toMatchObject({ status: 'completed' });
  expect(traces()).toBe('xx');
  expect((await project.call('runs.list', {})).runs.length).toBe(before + 1);
  expect((await project.call('approvals.list', {})).approvals.length).toBe(1);
  const { events } = await project.call('runs.events', { runId: replayed.runId, limit: 500 });
  const marked = events.filter(({ event }) => event.type === 'step.completed' && event.metadata?.replayed === true);
  expect(marked.map(({ event }) => 'path' in event && event.path)).toEqual(
    expect.arrayContaining(['try_it', 'ask', 'rest']),
  );
});

it('a replay over which the app dies goes on as a replay', async () => {
  addFlaky();
  const steps = Array.from({ length: 6 }, (_, n) =>
    step(`${n + 1}: Part`, `id: part_${n}`, 'action: flaky', `inputs: {n: ${n}}`),
  );
  project.write('.aiworkflow/bundles/flow/workflow.md', ['---\nid: flow\nname: flow\n---', ...steps].join('\n'));
  await project.call('runs.list', {});
  project.write('../calls', 'xx');
  const runId = await project.run('flow');
  const called = traces().length;
  expect(called).toBe(8);
  await project.leave();

  const args = ['runs', 'replay', runId, '--cassette', '--json', '--project', project.path];
  const env = {
    ...process.env,
    AIWORKFLOW_USER_DIR: join(project.root, 'user'),
    AIWORKFLOW_FAILPOINT: 'journal.afterCommit:4',
  };
  // Of the source: in a build nobody dies at such a place.
  const entry = join(REPOSITORY_DIR, 'src', 'cli', 'main.ts');
  const child = spawnSync(process.execPath, [entry, ...args], { env, encoding: 'utf8' });
  expect(child.signal, child.stdout + child.stderr).toBe('SIGKILL');

  await project.reopen(true);
  await project.settled();
  const { runs } = await project.call('runs.list', { trigger: 'replay' });
  expect(runs).toMatchObject([{ status: 'completed' }]);
  const report = await project.call('cassettes.report', { runId: runs[0]?.runId ?? '' });
  expect(report).toMatchObject({ verdict: 'passed', answered: 6 });
  const { events } = await project.call('runs.events', { runId: runs[0]?.runId ?? '', limit: 500 });
  expect(events.some(({ event }) => event.type === 'run.recovered')).toBe(true);
  expect(traces().length).toBe(called);
});
