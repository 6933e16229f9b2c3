import { afterEach, beforeEach, expect, it } from 'vitest';
import type { InputOf } from '../../src/shared/contract/index.ts';
import { callsNothing } from '../support/calls-nothing.ts';
import { FakeClock } from '../support/engine-harness.ts';
import { LocalProject } from '../support/local-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §3.9: a replay decides between its lanes as the run did, takes no time for what the run waited for, and reaches nothing outside. */
let project: LocalProject;
let models: ModelServer[] = [];
beforeEach(() => {
  project = new LocalProject(['agent: {primary: demo}']);
});
afterEach(async () => {
  await project.close();
  await Promise.all(models.splice(0).map((model) => model.close()));
});

/** Replays while nothing may be started or reached: the helper that starts processes is gone. */
async function replay(runId: string, more: Partial<InputOf<'cassettes.replay'>> = {}) {
  await project.reopen();
  return callsNothing(async () => {
    const started = await project.call('cassettes.replay', { recording: { runId }, ...more });
    await project.settled();
    const view = await project.call('runs.get', { runId: started.runId });
    return { ...(await project.call('cassettes.report', { runId: started.runId })), ...view };
  });
}

/** A tool of the bundle `lanes` that rests for so many ms, and then gives its name or fails. */
function addLanes(workflow: readonly string[]): void {
  project.write(
    '.aiworkflow/bundles/lanes/tools/rest.mjs',
    [
      '#!/usr/bin/env node',
      'const given = (key) => process.argv.find((word) => word.startsWith(`--${key}=`))?.slice(key.length + 3);',
      'setTimeout(() => {',
      '  if (process.argv.some((word) => word.startsWith("--fails"))) process.exit(2);',
      '  console.log(JSON.stringify({ name: given("name") }));',
      '}, Number(given("ms") ?? 0));',
    ].join('\n'),
  );
  project.write(
    '.aiworkflow/bundles/lanes/workflow.md',
    ['---', 'id: lanes', 'name: lanes', '---', ...workflow].join('\n'),
  );
}

const block = (...lines: readonly string[]): string => `## Step 1: All\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n`;

const statuses = (steps: readonly { readonly path: string; readonly status: string }[]): readonly string[] =>
  steps.map(({ path, status }) => `${path} ${status}`).sort();

it('calls off what was called off, where the lane that failed was the slower one', async () => {
  addLanes([
    block(
      'id: all',
      'parallel:',
      '  slow:',
      '    - {id: first, action: rest, inputs: {ms: 0, name: a}}',
      '    - {id: fails, action: rest, inputs: {ms: 1500, fails: true}}',
      '  long:',
      '    - {id: quick, action: rest, inputs: {ms: 0, name: b}}',
      '    - {id: endless, action: rest, inputs: {ms: 600000}}',
      '  asks:',
      '    - {id: ask, approval: {title: "May it?"}}',
    ),
  ]);
  const runId = await project.run('lanes');
  const real = await project.call('runs.get', { runId });
  expect(statuses(real.steps)).toEqual(
    expect.arrayContaining(['all.endless cancelled', 'all.ask cancelled', 'all.fails failed']),
  );
  const played = await replay(runId);
  expect(played).toMatchObject({ verdict: 'passed', drift: null, answered: 5, exchanges: 5 });
  expect(statuses(played.steps)).toEqual(statuses(real.steps));
});

it('waits for no clock: neither between turns and attempts nor for the time limits of a block and of the run', async () => {
  await project.close();
  const clock = new FakeClock();
  project = new LocalProject([], { clock: clock.ports });
  project.addWorkflow(
    'slow',
    [
      [
        'try:',
        '  - {action: workflow.set, inputs: {n: 0}}',
        '  - id: turns',
        '    while: n < 3',
        '    delay: 1h',
        '    steps: [{id: turn, action: workflow.sleep, inputs: {duration: 1s}}, {action: workflow.set, inputs: {n: "{{ n + 1 }}"}}]',
        '  - id: again',
        '    retry: {max_retries: 1, delay: 30m, max_delay: 30m, jitter: 0, on: [workflow.failed_by_author]}',
        '    if: n > 0',
        '    then: [{id: nap, action: workflow.sleep, inputs: {duration: 1s}}, {action: workflow.fail}]',
        'catch:',
        '  - {id: limited, timeout: 2h, on_error: continue, if: true, then: [{id: rest, wait: 100h}]}',
      ],
      ['id: endless', 'action: workflow.sleep', 'inputs: {duration: 200h}', 'timeout: 300h'],
    ],
    ['execution: {timeout: 50h}'],
  );
  const { runId } = await project.call('runs.start', { workflow: 'slow', inputs: {} });
  const view = () => project.call('runs.get', { runId });
  await waitUntil('the time of the run is up', async () => {
    clock.advance(600_000);
    return (await view()).run.status === 'failed';
  });
  const real = await view();
  expect(real.run.error?.code).toBe('run.timed_out');
  expect(statuses(real.steps)).toEqual(
    expect.arrayContaining([expect.stringMatching(/rest cancelled$/), expect.stringMatching(/limited failed$/)]),
  );
  // From here on the clock stands still: whoever waited for it would wait for ever.
  const played = await replay(runId);
  expect(played).toMatchObject({ verdict: 'passed', drift: null });
  expect([played.answered, played.exchanges]).toEqual([7, 7]);
  expect(statuses(played.steps)).toEqual(statuses(real.steps));
  expect(played.run.error).toMatchObject({ code: 'run.timed_out', message: real.run.error?.message });
});

it('says of a workflow that calls nothing off any more that it is not what was recorded', async () => {
  const lanes = (fails: boolean): readonly string[] => [
    block(
      'id: all',
      'parallel:',
      `  slow: [{id: fails, action: ${fails ? 'rest, inputs: {fails: true}' : 'workflow.noop'}}]`,
      '  long: [{id: endless, action: rest, inputs: {ms: 600000}}]',
    ),
  ];
  addLanes(lanes(true));
  const runId = await project.run('lanes');
  addLanes(lanes(false));
  expect(await replay(runId, { latest: true })).toMatchObject({
    ...{ verdict: 'drift', drift: { path: 'all.endless', kind: 'unexpected' } },
  });
});

it('changes hands as the run did, there and back, and counts for no agent', async () => {
  await project.close();
  models = await Promise.all([startModelServer(), startModelServer()]);
  const [first, second] = models;
  project = new LocalProject([
    'agent:',
    '  primary: openai',
    '  failover: {fallback_agents: [ollama], retry_primary_after: 0, max_failover_attempts: 3}',
    '  configs:',
    `    openai: {api_base_url: "${first?.openAiUrl}", model: gpt-4o-mini}`,
    `    ollama: {api_base_url: "${second?.url}", model: llama3}`,
  ]);
  project.write('.env', 'OPENAI_API_KEY=sk-test-openai-key\n');
  project.addWorkflow('ask', [
    ['id: one', 'action: agent.run', 'inputs: {task: One}', 'max_retries: 0', 'output_variable: a'],
    ['id: two', 'action: agent.run', 'inputs: {task: Two}', 'max_retries: 0', 'output_variable: b'],
    ['id: three', 'action: agent.run', 'inputs: {task: Three}', 'output_variable: c'],
  ]);
  first?.script([{ text: 'cut in the middle', cut: 2 }, { text: 'first again' }, { text: 'and again' }]);
  second?.script([{ text: 'said by the second' }, { text: 'cut in the middle', cut: 2 }]);
  const runId = await project.run('ask');
  const real = await project.call('runs.result', { runId });
  const hands = real.failovers.map(({ from_agent, to_agent }) => `${from_agent} ${to_agent}`);
  expect([real.status, hands]).toEqual(['completed', ['openai ollama', 'ollama openai']]);
  const breakers = async () =>
    (await project.call('agents.list', {})).agents.map(({ name, breaker }) => [name, breaker]);
  const counted = await breakers();
  const asked = models.map((model) => model.requests.length);
  const played = await replay(runId);
  expect(played).toMatchObject({ verdict: 'passed', drift: null, answered: 5, exchanges: 5 });
  const result = await project.call('runs.result', { runId: played.run.runId });
  expect(result.failovers.map(({ from_agent, to_agent }) => `${from_agent} ${to_agent}`)).toEqual(hands);
  expect(result.step_results.map(({ metadata }) => metadata.agents_tried)).toEqual(
    real.step_results.map(({ metadata }) => metadata.agents_tried),
  );
  expect(result.final_output).toEqual(real.final_output);
  expect(models.map((model) => model.requests.length)).toEqual(asked);
  // Done for real from the last step on: what is answered before it counts for no agent.
  const fork = await project.call('cassettes.replay', { recording: { runId }, from: 'three' });
  await project.settled();
  expect((await project.call('runs.get', { runId: fork.runId })).run.status).toBe('completed');
  expect((await breakers()).map(([name, breaker]) => [name, breaker])).toEqual(counted);
});
