import { describe, expect, it } from 'vitest';
import { planRetry, planWorkflow } from '../../src/core/engine/index.ts';
import { calls, harness, paths, run, variables } from '../support/block-runs.ts';
import { workflowText } from '../support/engine-harness.ts';

const EMAILS = [
  { id: 'a', subject: 'Down', body: 'Help' },
  { id: 'b', subject: 'Hello', body: 'Hi' },
];
const set = (name: string, value: unknown): string =>
  `action: t.say\ninputs: {value: ${JSON.stringify(value)}}\noutput_variable: ${name}`;
const classify = 'action: t.say\ninputs: {value: "{email.subject}!", run: "{run_id}"}\noutput_variable: category';
const draft =
  'action: t.say\ncondition: "{category} == \'Down!\'"\ninputs: {value: "Re: {email.subject}"}\noutput_variable: draft';

describe('steps that run once per item without saying so (SPEC §1.4)', () => {
  it('go item by item, each with its own conditions, and leave lists behind', async () => {
    const after = 'action: t.say\ninputs: {value: "{draft}"}\noutput_variable: last';
    const state = await run([set('new_emails', EMAILS), classify, draft, set('between', 1), after].join('\n---\n'));
    expect(state.error).toBeNull();
    expect(paths()).toEqual([
      'step_1',
      'step_2_each[0].step_2',
      'step_2_each[0].step_3',
      'step_2_each[1].step_2',
      'step_4',
      'step_5',
    ]);
    expect(variables(state)).toMatchObject({
      category: ['Down!', 'Hello!'],
      draft: ['Re: Down', null],
      last: ['Re: Down', null],
    });
    expect(state.steps.get('step_2_each[1].step_3')?.skipReason).toBe('conditions_not_met');
    expect([state.created.stepsTotal, state.succeeded, state.outcome]).toEqual([4, 4, 'success']);
  });

  it('fill up an item with what an earlier list says about the same thing', async () => {
    const rated = [{ email_id: 'b', score: 5, subject: 'Kept' }];
    const use =
      'action: t.say\ninputs: {value: "{email.score}/{email.body}/{email.subject}", run: "{run_id}"}\noutput_variable: x';
    const state = await run([set('emails', EMAILS), set('rated_emails', rated), use].join('\n---\n'));
    expect(variables(state)).toMatchObject({ x: ['5/Hi/Kept'] });
  });

  it.each([
    [{ items: [1, 2], total: 2 }, [1, 2]],
    [{ items: [1], others: [2] }, [1]],
    [{ mails: [7], total: 1 }, [7]],
    [[], []],
  ])('take the list of %j', async (emails, expected) => {
    const use = 'action: t.say\ninputs: {value: "{email}"}\noutput_variable: x\ncondition: "{run_id} != 1"';
    const state = await run([set('emails', emails), use].join('\n---\n'));
    expect(variables(state)).toMatchObject({ x: expected });
  });

  it('take the earlier list when the later one is none', async () => {
    const state = await run(
      [set('emails', EMAILS), set('emails_count', 2), classify.replace('category', 'x')].join('\n---\n'),
    );
    expect(variables(state)).toMatchObject({ x: ['Down!', 'Hello!'] });
  });

  it('say so when there is no list', async () => {
    const state = await run([set('emails', 'none'), classify].join('\n---\n'));
    expect(state.steps.get('step_2_each')?.error).toMatchObject({ code: 'engine.not_a_list' });
  });

  it('run at most 100 items, or as many as a step allows', async () => {
    const many = Array.from({ length: 101 }, (_, id) => ({ id, subject: String(id) }));
    const refused = await run([set('emails', many), classify].join('\n---\n'));
    expect(refused.steps.get('step_2_each')?.error?.code).toBe('engine.loop_limit');
    expect(paths()).toEqual(['step_1']);
    const allowed = await run([set('emails', many), `${classify}\nmax_items: 101`].join('\n---\n'));
    expect(allowed.status).toBe('completed');
    expect(calls).toHaveLength(102);
  });

  it('are left out when the step that gives the list has failed', async () => {
    const yaml = ['action: t.fail\non_error: continue\noutput_variable: emails', classify, set('z', 1)].join('\n---\n');
    const state = await run(yaml);
    expect(state.steps.get('step_2_each')?.skipReason).toBe('upstream_failed');
    expect(state.outcome).toBe('partial');
  });

  it('keep their keys, and resume where an item failed', async () => {
    const one = harness();
    const flaky =
      'action: "{{ \'t.fail\' if email.id == \'b\' and run.attempt == 1 else \'t.say\' }}"\ninputs: {value: "{email.id}", run: "{run_id}"}\noutput_variable: x';
    const text = workflowText([set('emails', EMAILS).split('\n'), flaky.split('\n')]);
    const { runId } = await one.start(text);
    await one.engine.settled(runId);
    expect(one.engine.stateOf(runId).state.error?.message).toBe("Step 'step_2_each[1].step_2' failed: It broke.");
    await one.engine.resume(runId, { kind: 'user', id: 'x', door: 'cli' });
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect([state.status, variables(state)]).toEqual(['completed', { emails: EMAILS, x: ['a', 'b'] }]);
    expect(paths()).toEqual(['step_1', 'step_2_each[0].step_2', 'step_2_each[1].step_2']);
    const version = [...one.versions.values()][0];
    if (version === undefined) throw new Error('no version');
    expect(planRetry(state, version.workflow, 'step_2').from).toBe('step_2_each');
    expect(planWorkflow(version.workflow).steps.map(({ step }) => step.name)).toEqual([
      'Step 1',
      'Once per email of emails',
    ]);
  });

  it('stand where they are needed by others', async () => {
    const yaml = [
      `id: get\nneeds: []\n${set('emails', EMAILS)}`,
      `id: each\nneeds: [get]\n${classify}`,
      'id: end\nneeds: [each]\naction: t.say\ninputs: {value: "{category}"}\noutput_variable: last',
    ].join('\n---\n');
    expect(variables(await run(yaml))).toMatchObject({ last: ['Down!', 'Hello!'] });
  });
});
