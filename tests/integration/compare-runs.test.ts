import { afterAll, beforeAll, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';

/** `runs compare` (SPEC §3.9): two runs side by side, from what was written down of them. */

const project = new LocalProject();
const steps = (fail: string, most: number) => [
  ['id: read', 'action: workflow.set', 'inputs: {seen: "{{ inputs.month }}"}'],
  ['id: check', 'action: workflow.log', `inputs: {message: "at most ${most} in {{ seen }}"}`, 'timeout: 30s'],
  ['id: last', `action: ${fail}`, 'inputs: {message: on purpose}'],
];
const INPUTS = ['inputs:', '  - {name: month, type: string, default: May}'];

beforeAll(() => project.addWorkflow('books', steps('workflow.log', 10), INPUTS));
afterAll(() => project.close());

it('says what changed since it last worked and where the runs part', async () => {
  const worked = await project.run('books');
  project.addWorkflow('books', steps('workflow.fail', 20), INPUTS);
  const failed = await project.run('books', { month: 'June' });
  const compared = await project.call('runs.compare', { runId: failed });
  expect(compared).toMatchObject({
    before: { runId: worked, status: 'completed' },
    after: { runId: failed, status: 'failed' },
    first: 'read',
    isCut: false,
  });
  const facts = new Map(compared.facts.map((one) => [one.fact, one]));
  expect([...facts].filter(([, { isChanged }]) => isChanged).map(([name]) => name)).toEqual(
    expect.arrayContaining(['version', 'inputs', 'tools']),
  );
  expect(facts.get('inputs')?.changes).toEqual([{ of: 'month', is: 'other', before: 'May', after: 'June' }]);
  expect(facts.get('version')?.changes).toContainEqual({
    ...{ of: 'last action', is: 'other' },
    ...{ before: '"workflow.log"', after: '"workflow.fail"' },
  });
  expect(facts.get('tools')?.changes).toEqual([{ of: 'workflow.fail', is: 'new' }]);
  expect(facts.get('agent')).toMatchObject({ isChanged: false });
  const last = compared.steps.find(({ path }) => path === 'last');
  expect(last?.differs).toEqual(expect.arrayContaining(['status', 'action', 'error']));
  expect(compared.steps.find(({ path }) => path === 'check')?.inputs).toEqual([
    { at: '/message', before: 'at most 10 in May', after: 'at most 20 in June' },
  ]);
});

it('compares any two runs, the earlier one first, and finds no difference where there is none', async () => {
  project.addWorkflow('same', [['action: workflow.log', 'inputs: {message: fine}']]);
  const one = await project.run('same');
  const other = await project.run('same');
  const compared = await project.call('runs.compare', { runId: one, with: other });
  expect(compared).toMatchObject({ before: { runId: one }, after: { runId: other }, first: null });
  expect(compared.steps.map(({ path, differs }) => [path, differs])).toEqual([['step_1', []]]);
});

it('refuses where no run has worked before, and runs that are not there', async () => {
  project.addWorkflow('never', [['action: workflow.fail', 'inputs: {message: no}']]);
  const runId = await project.run('never');
  await expect(project.call('runs.compare', { runId })).rejects.toMatchObject({ code: 'run.never_worked' });
  await expect(project.call('runs.compare', { runId, with: 'nothing-20260101-000000-aaaa' })).rejects.toMatchObject({
    code: expect.stringMatching(/run.not_found|contract.invalid_input/),
  });
});
