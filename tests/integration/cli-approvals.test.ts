import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

type Value = Record<string, unknown>;

// Every step of these tests is a process of its own: on a loaded machine that takes its time.
let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
  world.write({
    '.aiworkflow/workflows/letter.md': workflowText('letter', [
      ['id: draft', 'action: workflow.set', 'inputs: {letter: "Dear all"}'],
      ['id: ok', 'approval: {title: "Send {{ letter }}?"}', 'output_variable: answer'],
      [
        'id: sent',
        'action: workflow.set_outputs',
        'inputs: {letter: "{{ letter }}", by: "{{ answer.approvals[0].comment }}"}',
      ],
    ]),
    '.aiworkflow/workflows/many.md': workflowText('many', [
      ['approval: {title: Go?, min_approvals: 3}'],
      ['action: workflow.noop'],
    ]),
    'aiworkflow.local.yaml': 'governance: {approve_high_risk: true}\n',
    '.aiworkflow/workflows/pay.md': workflowText(
      'pay',
      [['action: workflow.set_outputs', 'inputs: {paid: true}']],
      ['risk_level: high'],
    ),
    '.aiworkflow/workflows/nap.md': workflowText('nap', [
      ['wait: 2s'],
      ['action: workflow.set_outputs', 'inputs: {woke: true}'],
    ]),
  });
});
afterAll(() => world.dispose());

/** One value on stdout. */
async function json(words: readonly string[], code = 0): Promise<Value> {
  const result = await world.run(...words, '--json');
  expect(result.exitCode, result.stderr + result.stdout).toBe(code);
  return result.json();
}

describe('approvals in the terminal', () => {
  it('a run that waits for a decision ends with 3; who approves drives it on', async () => {
    const begun = await json(['run', 'letter'], 3);
    expect(begun).toMatchObject({ success: false, status: 'waiting' });
    expect(begun.suggestion).toContain('approvals approve');
    const { approvals, count } = (await json(['approvals', 'list'])) as { approvals: Value[]; count: number };
    expect([count, approvals[0]]).toMatchObject([
      1,
      { title: 'Send Dear all?', run_id: begun.run_id, status: 'pending' },
    ]);
    const id = String(approvals[0]?.id);
    expect(await json(['approvals', 'show', id.slice(0, 6)])).toMatchObject({
      id,
      steps: [{ path: 'sent', action: 'workflow.set_outputs', exact: false }],
    });
    expect(await json(['approvals', 'approve', id, '--comment', 'fine'])).toMatchObject({
      status: 'approved',
      run: { status: 'completed', final_output: { letter: 'Dear all', by: 'fine' } },
    });
    expect(await json(['approvals', 'approve', id], 1)).toMatchObject({ error: 'Request is not pending: approved' });
    expect(await json(['approvals', 'list'])).toMatchObject({ count: 0 });
  });

  it('a rejection needs its reason and fails the run', async () => {
    await json(['run', 'letter'], 3);
    const { approvals } = (await json(['approvals', 'list'])) as { approvals: Value[] };
    const id = String(approvals[0]?.id);
    expect(await json(['approvals', 'reject', id], 2)).toMatchObject({ code: 'usage.invalid' });
    expect(await json(['approvals', 'reject', id, '--reason', 'too short'])).toMatchObject({
      status: 'rejected',
      rejections: [{ reason: 'too short' }],
      run: { status: 'failed' },
    });
  });

  it('more approvals than there are people is refused before anything is written', async () => {
    expect(await json(['run', 'many'], 1)).toMatchObject({ code: 'approval.unsatisfiable' });
    const { runs } = (await json(['runs', 'list', '--workflow', 'many'])) as { runs: Value[] };
    expect(runs).toEqual([]);
  });

  it('a run of a high risk is asked for in place of being started; who approves drives it', async () => {
    const asked = await json(['run', 'pay'], 3);
    expect(asked).toMatchObject({ success: false, status: 'waiting', title: 'Start pay' });
    const id = String(asked.request_id);
    expect(await json(['approvals', 'list'])).toMatchObject({
      approvals: [{ id, type: 'workflow_start', kind: 'run', run_id: null, workflow_id: 'pay', status: 'pending' }],
    });
    const { stdout } = await world.run('approvals', 'show', id.slice(0, 8));
    expect(stdout).toContain('If it is approved, this is done:\n  workflow: pay\n');
    expect(await json(['approvals', 'approve', id])).toMatchObject({
      ...{ status: 'approved', outcome: 'done', asked: { workflow: 'pay' } },
      run: { status: 'completed', final_output: { paid: true } },
    });
    const again = await json(['approvals', 'request', 'run', 'pay', '--comment', 'May', '--expires-in', '24h'], 3);
    expect(await json(['approvals', 'reject', String(again.id), '--reason', 'no'])).toMatchObject({
      ...{ status: 'rejected', description: 'May', expires_at: expect.any(String), outcome: null },
    });
  });

  it('a run that waits for a time is waited for', async () => {
    expect(await json(['run', 'nap'])).toMatchObject({ success: true, outputs: { woke: true } });
  });
});
