import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';

/** What can never end well is refused with its code and its place, and nothing of it is done. */
const NOOP = '{action: workflow.noop}';
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.close());

const start = (workflow: string) => project.call('runs.start', { workflow, inputs: {} });

describe('refused at the start, with its place, before any run is there', () => {
  it.each<[string, readonly string[], string, string, number]>([
    [
      'a loop without an end',
      ['while: "true"', 'max_iterations: 1000000', `steps: [${NOOP}]`],
      'workflow.invalid',
      "'max_iterations' must be a whole number from 1 to 10,000, it is 1,000,000",
      9,
    ],
    [
      'a million items',
      ['for_each: "{{ range(5) }}"', 'max_items: 1000000', `steps: [${NOOP}]`],
      'workflow.invalid',
      "'max_items' must be a whole number from 1 to 10,000, it is 1,000,000",
      9,
    ],
    [
      'a name that nothing defines, in a condition',
      ['action: workflow.noop', 'condition: nothing.of_it > 3'],
      'workflow.invalid',
      "Step 'step_1' references undefined variable: nothing.of_it",
      9,
    ],
    [
      'a name that nothing defines, in a branch',
      ['if: nothing.of_it > 3', `then: [${NOOP}]`],
      'workflow.invalid',
      "Step 'step_1' references undefined variable: nothing.of_it",
      8,
    ],
    [
      'more approvals than there are deciders',
      ['approval: {title: Pay, min_approvals: 2}'],
      'approval.unsatisfiable',
      "'min_approvals: 2' cannot be met: 1 person can decide here.",
      8,
    ],
    [
      'a name that two branches write',
      [
        'parallel:',
        '  a: [{action: workflow.noop, output_variable: x}]',
        '  b: [{action: workflow.noop, output_variable: x}]',
      ],
      'workflow.invalid',
      "Variable 'x' is set by two branches: 'a' and 'b'",
      8,
    ],
  ])('%s', async (_, step, code, message, line) => {
    project.addWorkflow('bad', [step]);
    await expect(start('bad')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      details: {
        problems: [{ message, file: '.aiworkflow/workflows/bad.md', line, column: expect.any(Number), step: 'step_1' }],
      },
    });
    expect((await project.call('runs.list', { limit: 10 })).runs).toEqual([]);
  });

  it('a workflow that calls itself over another one', async () => {
    project.addWorkflow('one', [['workflow: two']]);
    project.addWorkflow('two', [['action: workflow.noop'], ['workflow: one']]);
    await expect(start('one')).rejects.toMatchObject({
      code: 'workflow.cycle',
      message: expect.stringMatching(/one\.md -> .*two\.md -> .*one\.md \(step 'step_2', line \d+\)/),
      details: { step: 'step_2', line: expect.any(Number) },
    });
    expect((await project.call('runs.list', { limit: 10 })).runs).toEqual([]);
  });
});

describe('found out while it runs: the step fails before anything in it begins', () => {
  it.each<[string, readonly string[], string, number]>([
    ['a list of a million', ['for_each: "{{ range(1000000) }}"', `steps: [${NOOP}]`], 'template.limit', 1],
    [
      'a list longer than its limit',
      ['for_each: "{{ range(4) }}"', 'max_items: 3', `steps: [${NOOP}]`],
      'engine.loop_limit',
      1,
    ],
    [
      'a condition that stays true, after its turns',
      ['while: "true"', 'max_iterations: 3', `steps: [${NOOP}]`],
      'engine.loop_limit',
      4,
    ],
  ])('%s', async (_, step, code, steps) => {
    project.addWorkflow('bad', [step, ['action: workflow.noop']]);
    const runId = await project.run('bad');
    const view = await project.call('runs.get', { runId });
    expect(view.run).toMatchObject({ status: 'failed', error: { details: { step: 'step_1', code } } });
    expect(view.steps.filter(({ status }) => status !== 'pending')).toHaveLength(steps);
    expect(view.steps.find(({ stepId }) => stepId === 'step_2')?.status ?? 'pending').toBe('pending');
  });
});
