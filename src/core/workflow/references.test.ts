import { describe, expect, it } from 'vitest';
import { errors, problems, read, step, steps } from './reading.test-support.ts';

const undefinedIn = (id: string, name: string): string => `Step '${id}' references undefined variable: ${name}`;
const messages = (text: string): readonly string[] => errors(text).map((one) => one.replace(/^\d+ /, ''));

describe('undefined variables (SPEC §1.10)', () => {
  it.each([
    ['inputs: {x: "{{ nowhere }}"}', 'nowhere'],
    ['inputs: {x: "{{ a.b.c }}"}', 'a.b.c'],
    ['inputs: {x: ["{% for y in nowhere %}{{ y }}{% endfor %}"]}', 'nowhere'],
    ['inputs: {x: "{{ inputs.nope }}"}', 'inputs.nope'],
    ['inputs: {x: "{{ variables.nope }}"}', 'variables.nope'],
    ['inputs: {x: "{{ steps.nope.output }}"}', 'steps.nope'],
    ['inputs: {x: "{{ loop.index }}"}', 'loop.index'],
    ['inputs: {x: "{{ error.message }}"}', 'error.message'],
    ['inputs: {x: "{{ output }}"}', 'output'],
    ['condition: nowhere > 1', 'nowhere'],
    ['condition: "{nowhere.x} == 1"', 'nowhere.x'],
    ['conditions: [true, "{{ nowhere }}"]', 'nowhere'],
    ['if: not nowhere', 'nowhere'],
    ['output_file: "{{ nowhere }}.md"', 'nowhere'],
    ['output_variable: me\ninputs: {x: "{{ me }}"}', 'me'],
    ['on_error: {fallback: "{{ nowhere }}"}', 'nowhere'],
    ['fallback: {on_failure: c.d, inputs: {x: "{{ nowhere }}"}}', 'nowhere'],
    ['compensate: {action: c.d, inputs: {x: "{{ nowhere }}"}}', 'nowhere'],
    ['agent_hints: {demo: {x: "{{ nowhere }}"}}', 'nowhere'],
  ])('%j', (yaml, name) => {
    expect(messages(step(`action: a.b\n${yaml}`))).toEqual([undefinedIn('step_1', name)]);
  });

  it.each([
    'inputs: {x: "{{ nowhere | default(1) }}"}',
    'inputs: {x: "{{ nowhere is defined }}"}',
    'condition: nowhere or true',
    'condition: nowhere is defined and nowhere.x > 1',
    'inputs: {x: "{% set y = 1 %}{{ y }}{% for z in [1] %}{{ loop.index }}{{ z }}{% endfor %}"}',
    'inputs: {x: "{{ now }} {{ run.id }} {{ workflow.name }} {{ env.HOME }} {{ steps.step_1.status }} {{ range(3) }}"}',
    'output_file: "{{ output.id }}.md"',
    'on_error: {fallback: "{{ error.message }}"}',
    'fallback: {on_failure: c.d, inputs: {x: "{{ error.code }}"}}',
    'compensate: {action: c.d, inputs: {x: "{{ output.id }}"}}',
    'inputs: {x: "{{ variables }} {id} {\\"a\\": 1}"}',
  ])('%j is fine', (yaml) => {
    expect(messages(step(`action: a.b\n${yaml}`))).toEqual([]);
  });

  it('sees variables of earlier steps only, and says where the name is set', () => {
    const text = steps(
      'action: a.b\ninputs: {x: "{{ later }}"}',
      'action: a.b\noutput_variable: later',
      'action: a.b\ninputs: {x: "{{ later }}", y: "{{ latr }}", z: "{{ variables.later }}"}',
    );
    expect(read(text).diagnostics.map((one) => [one.message, one.fix])).toEqual([
      [undefinedIn('step_1', 'later'), "It is set later, by step 'step_2'."],
      [undefinedIn('step_3', 'latr'), "Did you mean 'later'?"],
    ]);
  });

  it('points from a bare input to inputs.name', () => {
    const { diagnostics } = read(`---\ninputs: {limit: 5}\n---\n${step('action: a.b\ninputs: {x: "{{ limit }}"}')}`);
    expect(diagnostics).toMatchObject([{ message: undefinedIn('step_1', 'limit'), fix: "Write 'inputs.limit'." }]);
  });

  it('points at the character, also in blocks of text', () => {
    const { diagnostics } = read(
      step(
        'action: a.b\ninputs:\n  x: "ab {{ nope }}"\n  y: |\n    first\n\n    then {{ gone }}\n  z: >\n    folded\n    text {{ away }}',
      ),
    );
    expect(diagnostics.map((one) => [one.line, one.column])).toEqual([
      [5, 13],
      [9, 13],
      [12, 13],
    ]);
  });

  it('reports a name once per step', () => {
    expect(messages(step('action: a.b\ninputs: {x: "{{ n }}{{ n }}", y: "{{ n }}"}'))).toHaveLength(1);
  });

  it('workflow.set sets variables', () => {
    expect(messages(steps('action: workflow.set\ninputs: {total: 1}', 'action: a.b\ncondition: total > 0'))).toEqual(
      [],
    );
  });

  it('compares a bare word as text, with a notice', () => {
    expect(problems(steps('action: a.b\noutput_variable: x', 'action: a.b\ncondition: x.status == open'))).toEqual([
      "10 notice 'open' is no known name, it is compared as text -> Write 'open' in quotes.",
    ]);
  });

  it('second phase templates see data, context and inputs (SPEC §2.4)', () => {
    const agent = (inputs: string): readonly string[] => messages(step(`action: agent.generate\ninputs: ${inputs}`));
    expect(agent('{template: "{{ a }} {{ b }} {{ topic }}", data: {a: 1}, context: {b: 2}, topic: t}')).toEqual([]);
    expect(agent('{template: "{{ nope }}", data: {a: 1}}')).toEqual([undefinedIn('step_1', 'nope')]);
    expect(agent('{template: "{{ anything }}", data: "{{ run }}"}')).toEqual([]);
    expect(messages(step('action: agent.generate\nprompt: "{{ a }}"\ndata: {a: 1}'))).toEqual([]);
    expect(messages(step('action: a.b\ninputs: {template: "{{ a }}", data: {a: 1}}'))).toEqual([
      undefinedIn('step_1', 'a'),
    ]);
  });
});

describe('scope of names (SPEC §1.4)', () => {
  it('for_each: loop names inside, own variables not outside', () => {
    const loop =
      'for_each: [1]\nas: order\nindex_as: n\nsteps:\n  - {action: a.b, inputs: {x: "{{ order }}{{ n }}{{ loop.index }}"}, output_variable: inner}\noutput: "{{ inner }}{{ order }}"\noutput_variable: all\nerrors_variable: bad';
    expect(messages(step(loop))).toEqual([]);
    expect(messages(steps(loop, 'action: a.b\ninputs: {x: "{{ all }}{{ bad }}{{ inner }}{{ order }}"}'))).toEqual([
      undefinedIn('step_2', 'inner'),
      undefinedIn('step_2', 'order'),
    ]);
    expect(messages(step('for_each: orders as order\nsteps: {action: a.b}'))).toEqual([
      undefinedIn('step_1', 'orders'),
    ]);
  });

  it('if and switch: branches do not see each other, what follows sees both', () => {
    const branch =
      'if: true\nthen: [{action: a.b, output_variable: x}]\nelse: [{action: a.b, inputs: {v: "{{ x }}"}, output_variable: y}]';
    expect(messages(steps(branch, 'action: a.b\ninputs: {v: "{{ x }}{{ y }}"}'))).toEqual([
      undefinedIn('step_1_else_1', 'x'),
    ]);
    expect(messages(step('switch: nowhere\ncases: {a: {action: a.b}}'))).toEqual([undefinedIn('step_1', 'nowhere')]);
  });

  it('while: the body sees what an earlier turn set, the first test does not', () => {
    expect(
      messages(step('while: "state != 1"\nsteps: [{action: a.b, inputs: {v: "{{ state }}"}, output_variable: state}]')),
    ).toEqual([undefinedIn('step_1', 'state')]);
    expect(
      messages(
        step(
          'while: state is undefined or state < 3\nsteps: [{action: a.b, inputs: {v: "{{ state }}"}, output_variable: state}]',
        ),
      ),
    ).toEqual([]);
  });

  it('try: error only in catch', () => {
    const use = '{action: a.b, inputs: {v: "{{ error.code }}"}}';
    expect(messages(step(`try: [${use}]\ncatch: [{if: true, then: ${use}}]\nfinally: [${use}]`))).toEqual([
      undefinedIn('step_1_try_1', 'error.code'),
      undefinedIn('step_1_finally_1', 'error.code'),
    ]);
  });

  it('parallel: branches are apart and joined after', () => {
    const text = steps(
      'parallel:\n  a: {action: a.b, output_variable: x}\n  b: {action: a.b, inputs: {v: "{{ x }}"}, output_variable: y}',
      'action: a.b\ninputs: {v: "{{ x }}{{ y }}"}',
    );
    expect(messages(text)).toEqual([undefinedIn('step_1_b_1', 'x')]);
  });

  it('warns when a plain step overwrites a variable', () => {
    expect(problems(steps('action: a.b\noutput_variable: x', 'action: a.b\noutput_variable: x'))).toEqual([
      "10 warning Variable 'x' was already set by step 'step_1' -> Give one of them another output_variable.",
    ]);
    expect(
      problems(steps('action: a.b\noutput_variable: x', 'action: a.b\ncondition: x > 1\noutput_variable: x')),
    ).toEqual([]);
  });
});
