import { describe, expect, it } from 'vitest';
import { errors, problems, read, step, steps } from './reading.test-support.ts';

const undefinedIn = (id: string, name: string): string => `Step '${id}' references undefined variable: ${name}`;
const messages = (text: string): readonly string[] => errors(text).map((one) => one.replace(/^\d+ /, ''));

describe('single braces (SPEC §2.1)', () => {
  it('are reported where the workflow is written in them', () => {
    const text = steps(
      'action: a.b\noutput_variable: issue',
      'action: a.b\ninputs: {x: "{issue.id} {isue.id}", url: "https://x.y/{id}/z"}',
    );
    expect(read(text).workflow.usesSingleBraces).toBe(true);
    expect(messages(text)).toEqual([undefinedIn('step_2', 'isue.id')]);
  });

  it('stay text beside double braces and warn where nothing else is used', () => {
    expect(problems(step('action: a.b\ninputs: {x: "{{ run_id }} {name}"}'))).toEqual([]);
    expect(problems(step('action: a.b\ninputs: {x: "{name}"}'))).toEqual([
      `4 warning ${undefinedIn('step_1', 'name')}`,
    ]);
    expect(read(step('action: a.b\ninputs: {x: "{name}"}')).workflow.usesSingleBraces).toBe(false);
  });
});

describe('implied iteration (SPEC §1.4)', () => {
  const fetch = 'action: mail.fetch\noutput_variable: new_emails';

  it('groups the steps that use one item', () => {
    const text = steps(
      fetch,
      'action: a.classify\ninputs: {text: "{email.body}"}\noutput_variable: category',
      'action: a.draft\ncondition: "{category} == urgent"\noutput_variable: draft',
      'action: a.log\ninputs: {n: "{new_emails}"}',
    );
    const { workflow, diagnostics } = read(text);
    expect(workflow.impliedLoops).toEqual([
      { item: 'email', list: 'new_emails', lists: ['new_emails'], stepIds: ['step_2', 'step_3'] },
    ]);
    expect(diagnostics.filter((one) => one.severity !== 'notice')).toEqual([]);
    expect(diagnostics.find((one) => one.code === 'workflow.implied_iteration')).toMatchObject({
      line: 9,
      message: "Steps 'step_2', 'step_3' run once per email of 'new_emails'",
      fix: 'Write it as for_each: new_emails as email.',
    });
  });

  it.each([
    ['issue', 'issues', true],
    ['box', 'old_boxes', true],
    ['reply', 'replies_sent', true],
    ['reply', 'preplies', false],
  ])('%s of %s: %s', (item, list, isLoop) => {
    const text = steps(`action: a.b\noutput_variable: ${list}`, `action: a.b\ninputs: {x: "{${item}.id} {run_id}"}`);
    expect(read(text).workflow.impliedLoops?.[0]).toEqual(
      isLoop ? { item, list, lists: [list], stepIds: ['step_2'] } : undefined,
    );
    expect(messages(text)).toEqual(isLoop ? [] : [undefinedIn('step_2', `${item}.id`)]);
  });

  it('takes the latest of several lists, and only in the single-brace dialect', () => {
    const lists = ['action: a.b\noutput_variable: emails', 'action: a.b\noutput_variable: urgent_emails'];
    expect(
      read(steps(...lists, 'action: a.b\ninputs: {x: "{email.id} {run_id}"}')).workflow.impliedLoops?.[0],
    ).toMatchObject({ list: 'urgent_emails', lists: ['urgent_emails', 'emails'] });
    expect(messages(steps(...lists, 'action: a.b\ninputs: {x: "{{ email.id }}"}'))).toEqual([
      undefinedIn('step_3', 'email.id'),
    ]);
  });
});

describe('needs (SPEC §3.2)', () => {
  it('sees only what surely ran before', () => {
    const text = steps(
      'id: a\naction: x.y\nneeds: []\noutput_variable: va',
      'id: b\naction: x.y\nneeds: []\ninputs: {v: "{{ va }}"}',
      'id: c\naction: x.y\nneeds: [a, b]\ninputs: {v: "{{ va }}"}',
      'action: x.y\ninputs: {v: "{{ va }}"}',
    );
    expect(read(text).diagnostics.map((one) => [one.message, one.fix])).toEqual([
      [undefinedIn('b', 'va'), "Add 'a' to the needs of this step."],
    ]);
  });

  it('reports unknown ids, cycles and nested needs', () => {
    expect(errors(steps('id: fetch\naction: x.y', 'action: x.y\nneeds: [fetsh]'))).toEqual([
      "10 Step 'step_2' needs unknown step: fetsh",
    ]);
    expect(
      errors(
        steps('id: a\naction: x.y\nneeds: [c]', 'id: b\naction: x.y\nneeds: [a]', 'id: c\naction: x.y\nneeds: [b]'),
      ),
    ).toEqual(['5 Steps wait for each other: a -> c -> b -> a']);
    expect(errors(step('id: a\naction: x.y\nneeds: [a]'))).toEqual(['5 Steps wait for each other: a -> a']);
    expect(messages(step('if: true\nthen: [{action: x.y, needs: []}]'))).toEqual([
      "Step 'step_1_then_1' is inside another step: only top-level steps may have needs",
    ]);
  });

  it('finds two writers without an order', () => {
    expect(
      messages(
        steps('id: a\naction: x.y\nneeds: []\noutput_variable: v', 'id: b\naction: x.y\nneeds: []\noutput_variable: v'),
      ),
    ).toEqual(["Variable 'v' is set by steps 'a' and 'b', which may run at the same time"]);
  });
});

describe('outputs and success conditions (SPEC §1.9)', () => {
  const withOutputs = (outputs: string, body: string): string => `---\noutputs: ${outputs}\n---\n${body}`;

  it('warns of outputs that are never set', () => {
    expect(
      problems(withOutputs('{report: string}', step('action: workflow.set_outputs\ninputs: {reprot: 1}'))),
    ).toEqual(["2 warning Output 'report' is never set -> Did you mean 'reprot'?"]);
    expect(
      problems(withOutputs('[x, {name: y, type: integer}]', step('action: a.b\noutput_variable: x')))[0],
    ).toContain("Output 'y' is never set");
    expect(errors(withOutputs('[x, x]', step('action: a.b\noutput_variable: x')))).toEqual(['2 Duplicate output: x']);
  });

  it('reads definitions', () => {
    const { workflow } = read(
      withOutputs('{a: {type: array, description: D, required: true}, b: integer, c: The third}', step('action: a.b')),
    );
    expect(workflow.outputs).toEqual([
      { name: 'a', type: 'array', description: 'D', required: true },
      { name: 'b', type: 'integer', description: '', required: false },
      { name: 'c', description: 'The third', required: false },
    ]);
  });

  it('checks the names of success conditions', () => {
    const text = (condition: string): string =>
      `---\ninputs: {n: 1}\nsuccess_conditions: [${JSON.stringify(condition)}]\n---\n${step('action: a.b\noutput_variable: x')}`;
    for (const fine of [
      'x.ok and n == 1',
      'steps_failed == 0 and execution_time < timeout',
      '{x.count} > 0',
      'outputs.y',
      'errors_critical == 0',
    ])
      expect(problems(text(fine))).toEqual([]);
    expect(problems(text('y.ok > 1'))).toEqual(['3 warning Success condition references undefined variable: y.ok']);
  });
});
