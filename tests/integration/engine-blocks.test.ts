import { describe, expect, it } from 'vitest';
import type { Tool } from '../../src/core/tools/index.ts';
import type { Json } from '../../src/shared/json.ts';
import { calls, harness, opened, paths, run, ticks, tool, variables } from '../support/block-runs.ts';
import { openHarness, workflowText } from '../support/engine-harness.ts';

describe('if and switch', () => {
  const choice = [
    'id: pick',
    'if: inputs.n > 10',
    'then: [{id: big, action: t.say, inputs: {value: big}, output_variable: size}]',
    'elif: [{if: inputs.n > 5, then: [{id: middle, action: t.say, inputs: {value: middle}, output_variable: size}]}]',
    'else: [{id: small, action: t.say, inputs: {value: small}, output_variable: size}]',
    'output_variable: taken',
  ].join('\n');

  it.each([
    [11, 'big'],
    [6, 'middle'],
    [1, 'small'],
  ])('%j takes one branch, which writes into the scope around it', async (n, expected) => {
    const state = await run(choice, { n });
    expect(state.status).toBe('completed');
    expect(variables(state)).toEqual({ size: expected, taken: expected });
    expect(paths()).toEqual([`pick.${expected}`]);
    expect(state.succeeded).toBe(1);
  });

  it('without a branch that fits it completes with null', async () => {
    const state = await run('if: inputs.n > 10\nthen: [{action: t.say}]\noutput_variable: x', { n: 1 });
    expect([state.outcome, variables(state)]).toEqual(['success', { x: null }]);
  });

  it.each([
    ['paid', 'yes'],
    ['open', 'yes'],
    ['7', 'seven'],
    ['other', 'none'],
  ])('switch on %j', async (value, expected) => {
    const yaml =
      'switch: "{{ inputs.v }}"\ncases:\n  "paid|open": [{action: t.say, inputs: {value: "yes"}}]\n  7: [{action: t.say, inputs: {value: seven}}]\ndefault: [{action: t.say, inputs: {value: none}}]\noutput_variable: x';
    expect(variables(await run(yaml, { v: value }))).toEqual({ x: expected });
  });
});

describe('for_each', () => {
  const each = (more: string): string =>
    `id: each\nfor_each: inputs.list\nas: one\nindex_as: at\nsteps:\n  - {id: say, action: t.say, inputs: {value: "{{ one }}-{{ at }}-{{ loop.last }}"}, output_variable: said}\n${more}`;

  it('runs once per item, in their order, and keeps what an item sets to itself', async () => {
    const state = await run(each('output_variable: all'), { list: ['a', 'b'] });
    expect(variables(state)).toEqual({ all: ['a-0-false', 'b-1-true'] });
    expect(paths()).toEqual(['each[0].say', 'each[1].say']);
  });

  it('shows an item the steps of its own turn beside those outside of the loop, in the order of their beginning', async () => {
    const yaml = [
      'id: each',
      'for_each: inputs.list',
      'steps:',
      '  - {id: first, action: t.say, inputs: {value: "{{ item }}"}}',
      '  - id: choice',
      '    if: 1 > 0',
      '    then:',
      '      - id: second',
      '        action: t.say',
      `        inputs: {value: "{{ steps | list | join(',') }}: {{ steps.first.output }}"}`,
      '        output_variable: said',
      'output: said',
      'output_variable: all',
    ].join('\n');
    const seen = 'each,first,choice';
    expect(variables(await run(yaml, { list: ['a', 'b'] }))).toEqual({ all: [`${seen}: a`, `${seen}: b`] });
  });

  it('takes a map, a text per item and nothing at all', async () => {
    expect(
      variables(await run(each('output: "{{ one.key }}={{ one.value }}"\noutput_variable: all'), { list: { a: 1 } })),
    ).toEqual({ all: ['a=1'] });
    expect(variables(await run(each('output_variable: all'), { list: [] }))).toEqual({ all: [] });
  });

  it.each([
    ['a text', 'engine.not_a_list'],
    [5, 'engine.not_a_list'],
    [null, 'engine.not_a_list'],
  ])('%j is no list', async (list, code) => {
    const state = await run(each(''), { list });
    expect(state.steps.get('each')?.error).toMatchObject({ code, hint: expect.any(String) });
  });

  it('refuses more items than are allowed, before the first', async () => {
    const state = await run(each('max_items: 2'), { list: [1, 2, 3] });
    expect(state.steps.get('each')?.error?.code).toBe('engine.loop_limit');
    expect(calls).toEqual([]);
  });

  it('stops at the first item that fails, and says which step it was', async () => {
    const yaml =
      "id: each\nfor_each: [1, 2, 3]\nsteps:\n  - {id: a, action: \"{{ 't.fail' if item == 2 else 't.say' }}\", inputs: {value: 1}}";
    const state = await run(yaml);
    expect(state.error).toMatchObject({
      message: "Step 'each[1].a' failed: It broke.",
      details: { step: 'each[1].a' },
    });
    expect(paths()).toEqual(['each[0].a']);
    expect([state.failed, state.outcome]).toEqual([1, 'failed']);
  });

  it('goes on without the items that fail when told so, and is partial', async () => {
    const yaml =
      'id: each\nfor_each: [1, 2, 3]\non_item_error: continue\nerrors_variable: bad\noutput_variable: all\nsteps:\n  - {id: a, action: "{{ \'t.fail\' if item == 2 else \'t.say\' }}", inputs: {value: "{{ item }}"}}';
    const state = await run(yaml);
    expect(variables(state)).toEqual({
      all: [1, null, 3],
      bad: [{ index: 1, item: 2, error: expect.objectContaining({ code: 'tool.failed', step_id: 'each[1].a' }) }],
    });
    expect([state.status, state.outcome]).toEqual(['completed', 'partial']);
  });

  it('a step that itself says stop stops the run, whatever the loop says', async () => {
    const yaml = 'id: each\nfor_each: [1, 2]\non_item_error: continue\nsteps:\n  - {action: t.fail, on_error: stop}';
    expect((await run(yaml)).status).toBe('failed');
  });

  it('an item keeps its step key when the list shifts, and equal items have keys of their own', async () => {
    const script: Tool = { ...tool, category: 'service' };
    const one = openHarness({ tools: [script] });
    opened.push(one);
    calls.length = 0;
    const text = workflowText(
      [['id: each', 'for_each: inputs.list', 'steps: [{id: a, action: t.say}]']],
      ['inputs:', '  list: {type: array}'],
    );
    const keysFor = async (list: Json, origin: string): Promise<readonly string[]> => {
      calls.length = 0;
      await one.run(text, { list }, { originRunId: origin });
      return calls.map(({ key }) => key);
    };
    const [x, y, again] = await keysFor(['x', 'y', 'y'], 'origin');
    expect(new Set([x, y, again]).size).toBe(3);
    expect(await keysFor(['new', 'y', 'x', 'y'], 'origin')).toEqual([expect.any(String), y, x, again]);
    expect(await keysFor(['x'], 'other')).not.toEqual([x]);
  });
});

describe('while', () => {
  it('tests before each turn and gives what each turn gave', async () => {
    const yaml =
      'action: workflow.set\ninputs: {n: 0}\n---\nid: w\nwhile: n < 3\nsteps:\n  - {action: workflow.set, inputs: {n: "{{ n + 1 }}"}}\n  - {action: t.say, inputs: {value: "{{ loop.index }}"}}\noutput_variable: turns';
    expect(variables(await run(yaml))).toEqual({ n: 3, turns: [1, 2, 3] });
  });

  it('ends at its limit', async () => {
    const state = await run('while: true\nmax_iterations: 4\nsteps: [{action: t.say}]');
    expect(state.steps.get('step_1')?.error?.code).toBe('engine.loop_limit');
    expect(calls).toHaveLength(4);
  });

  it('waits between two turns without a process', async () => {
    const one = harness();
    const yaml = ['while: true', 'max_iterations: 2', 'delay: 1h', 'steps: [{action: t.say}]'];
    const { runId } = await one.start(workflowText([yaml]));
    await ticks();
    expect([calls.length, one.store.runs.find(runId)]).toMatchObject([
      1,
      { status: 'waiting', waitsFor: 'time', wakeAt: one.clock.ports.now() + 3_600_000 },
    ]);
    one.clock.advance(3_600_000);
    await ticks();
    expect(calls).toHaveLength(2);
    one.clock.advance(3_600_000);
    await ticks();
    await one.engine.settled(runId);
    expect(one.engine.stateOf(runId).state.status).toBe('failed');
  });
});

describe('try', () => {
  const attempt = (handlers: string, code = 'tool.failed'): string =>
    `id: t\ntry: [{id: bad, action: t.fail, inputs: {code: ${code}}, max_retries: 0}]\n${handlers}\noutput_variable: x`;

  it('hands the error to the handler, and the run is whole', async () => {
    const state = await run(
      attempt('catch: [{id: mend, action: t.say, inputs: {value: "{{ error.code }} at {{ error.step_id }}"}}]'),
    );
    expect(variables(state)).toEqual({ x: 'tool.failed at t.bad' });
    expect([state.outcome, state.failed]).toEqual(['success', 0]);
  });

  it('picks the handler by code, and lets the others through after finally', async () => {
    const handlers =
      'catch:\n  - {error: timeout, steps: [{action: t.say, inputs: {value: late}}]}\n  - {error: tool.*, steps: [{action: t.say, inputs: {value: broken}}]}\nfinally: [{id: last, action: t.say}]';
    expect(variables(await run(attempt(handlers)))).toEqual({ x: 'broken' });
    expect(paths().at(-1)).toBe('t.last');
    const state = await run(attempt(handlers, 'file.not_found'));
    expect([state.status, state.error?.message, paths()]).toEqual([
      'failed',
      "Step 't.bad' failed: It broke.",
      ['t.last'],
    ]);
  });

  it('a failing handler or finally is the failure', async () => {
    expect((await run(attempt('catch: [{id: worse, action: t.fail}]'))).error?.details).toMatchObject({
      step: 't.worse',
    });
    const state = await run('id: t\ntry: [{action: t.say}]\nfinally: [{id: last, action: t.fail}]');
    expect(state.error?.details).toMatchObject({ step: 't.last' });
  });

  it('takes the failure of a loop inside of it', async () => {
    const yaml =
      'id: t\ntry: [{id: each, for_each: [1, 2], steps: [{action: t.fail}]}]\ncatch: [{action: t.say, inputs: {value: ok}}]\noutput_variable: x';
    expect(variables(await run(yaml))).toEqual({ x: 'ok' });
  });

  it('comes before execution.error_handling', async () => {
    const state = await run(attempt('catch: [{action: t.say, inputs: {value: caught}}]'), {}, [
      'execution: {error_handling: continue}',
    ]);
    expect(variables(state)).toEqual({ x: 'caught' });
  });
});
