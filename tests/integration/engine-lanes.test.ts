import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import { gates, harness, paths, ticks, tool, variables } from '../support/block-runs.ts';
import { inProcessTool, TESTER, workflowText } from '../support/engine-harness.ts';

describe('at once', () => {
  const branches = (more: string): readonly string[] => [
    'id: both',
    'parallel:',
    '  left: [{id: l, action: g.wait, output_variable: a}]',
    '  right: [{id: r, action: g.wait, output_variable: b}]',
    more,
  ];

  it('parallel begins its branches together and joins what they set', async () => {
    const { gate, open, end } = gates();
    const one = harness({ tools: [gate, tool] });
    const { runId } = await one.start(
      workflowText([
        branches('output_variable: x'),
        ['action: t.say', 'inputs: {value: "{{ a }}{{ b }}"}', 'output_variable: y'],
      ]),
    );
    await ticks();
    expect([...open.keys()]).toEqual(['both.l', 'both.r']);
    await end('both.r', 'R');
    await end('both.l', 'L');
    await one.engine.settled(runId);
    expect(variables(one.engine.stateOf(runId).state)).toEqual({
      a: 'L',
      b: 'R',
      x: { left: 'L', right: 'R' },
      y: 'LR',
    });
  });

  it('a branch that fails cuts the others short', async () => {
    const { gate, open, break_ } = gates();
    const one = harness({ tools: [gate, tool] });
    const { runId } = await one.start(workflowText([branches('on_branch_error: stop')]));
    await ticks();
    await break_('both.l');
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect([state.status, state.steps.get('both.r')?.status, open.size]).toEqual(['failed', 'cancelled', 0]);
  });

  it.each([
    ['wait', 'failed', null],
    ['continue', 'completed', 'partial'],
  ])('on_branch_error: %s lets the others end', async (policy, status, outcome) => {
    const { gate, end, break_ } = gates();
    const one = harness({ tools: [gate, tool] });
    const { runId } = await one.start(workflowText([branches(`on_branch_error: ${policy}\noutput_variable: x`)]));
    await ticks();
    await break_('both.l');
    expect(one.engine.isLive(runId)).toBe(true);
    await end('both.r', 'R');
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect(state.status).toBe(status);
    if (outcome !== null)
      expect([state.outcome, variables(state)]).toEqual([outcome, { b: 'R', x: { left: null, right: 'R' } }]);
  });

  it('a window of items: the next begins when one ends', async () => {
    const { gate, open, end } = gates();
    const one = harness({ tools: [gate] });
    const { runId } = await one.start(
      workflowText([
        [
          'id: each',
          'for_each: [1, 2, 3, 4]',
          'concurrency: 2',
          'steps: [{id: a, action: g.wait}]',
          'output_variable: x',
        ],
      ]),
    );
    await ticks();
    expect([...open.keys()]).toEqual(['each[0].a', 'each[1].a']);
    await end('each[1].a', 'b');
    expect([...open.keys()]).toEqual(['each[0].a', 'each[2].a']);
    for (const [at, value] of [
      [2, 'c'],
      [0, 'a'],
      [3, 'd'],
    ] as const)
      await end(`each[${at}].a`, value);
    await one.engine.settled(runId);
    expect(variables(one.engine.stateOf(runId).state)).toEqual({ x: ['a', 'b', 'c', 'd'] });
  });

  it('needs: a step begins when those it needs have ended', async () => {
    const { gate, open, end } = gates();
    const one = harness({ tools: [gate] });
    const step = (id: string, needs: string): readonly string[] => [`id: ${id}`, 'action: g.wait', `needs: ${needs}`];
    const { runId } = await one.start(
      workflowText([step('a', '[]'), step('b', '[]'), step('c', '[a]'), step('d', '[b, c]')]),
    );
    await ticks();
    expect([...open.keys()]).toEqual(['a', 'b']);
    await end('a');
    expect([...open.keys()]).toEqual(['b', 'c']);
    await end('c');
    await end('b');
    expect([...open.keys()]).toEqual(['d']);
    await end('d');
    await one.engine.settled(runId);
    expect(one.engine.stateOf(runId).state.outcome).toBe('success');
  });

  it('cancel cuts all of them short, runs every finally once and begins nothing else', async () => {
    const { gate, open } = gates();
    const one = harness({ tools: [gate, tool] });
    const { runId } = await one.start(
      workflowText([
        [
          'id: t',
          'try: [{id: p, parallel: {x: [{id: in, try: [{id: w, action: g.wait}], finally: [{id: f1, action: t.say}]}], y: [{id: v, action: g.wait}]}}]',
          'catch: [{id: never, action: t.say}]',
          'finally: [{id: f2, action: t.say}]',
          'on_error: continue',
        ],
        ['action: t.say'],
      ]),
    );
    await ticks();
    expect(open.size).toBe(2);
    await one.engine.cancel(runId, TESTER);
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect([state.status, paths(), open.size]).toEqual(['cancelled', ['t.p.in.f1', 't.f2'], 0]);
    expect([...state.frames.values()].filter(({ path, status }) => path !== '' && status === 'open')).toEqual([]);
  });
});

describe('resume', () => {
  it('does again what failed inside a block and nothing that completed', async () => {
    let isBroken = true;
    const flaky = inProcessTool('f', {
      go: () => {
        if (isBroken) throw new AppError('tool.failed', 'It broke.');
        return 'mended';
      },
    });
    const one = harness({ tools: [tool, flaky] });
    const text = workflowText([
      [
        'id: t',
        'try:',
        '  - id: each',
        '    for_each: [1, 2, 3]',
        '    output_variable: all',
        '    steps: [{id: a, action: t.say, inputs: {value: "{{ item }}"}}, {id: b, action: f.go, condition: item == 2}]',
        'finally: [{id: last, action: t.say}]',
      ],
    ]);
    const { runId } = await one.start(text);
    await one.engine.settled(runId);
    expect(paths()).toEqual(['t.each[0].a', 't.each[1].a', 't.last']);
    isBroken = false;
    await one.engine.resume(runId, TESTER);
    await one.engine.settled(runId);
    expect(paths()).toEqual(['t.each[0].a', 't.each[1].a', 't.last', 't.each[2].a', 't.last']);
    const { state } = one.engine.stateOf(runId);
    expect([state.status, state.outcome, state.failed, variables(state)]).toEqual([
      'completed',
      'success',
      0,
      { all: [1, 'mended', 3] },
    ]);
    expect(one.bugs).toEqual([]);
  });

  it('does every part of a finally again, the items of a loop in it too', async () => {
    let isBroken = true;
    const flaky = inProcessTool('f', {
      go: () => {
        if (isBroken) throw new AppError('tool.failed', 'It broke.');
        return null;
      },
    });
    const one = harness({ tools: [tool, flaky] });
    const { runId } = await one.start(
      workflowText([
        [
          'id: t',
          'try: [{id: a, action: f.go}]',
          'finally: [{id: each, for_each: [1, 2, 3], steps: [{id: clean, action: t.say}]}]',
        ],
      ]),
    );
    await one.engine.settled(runId);
    isBroken = false;
    await one.engine.resume(runId, TESTER);
    await one.engine.settled(runId);
    const all = [0, 1, 2].map((number) => `t.each[${number}].clean`);
    expect(paths()).toEqual([...all, ...all]);
    expect([one.engine.stateOf(runId).state.outcome, one.bugs]).toEqual(['success', []]);
  });
});
