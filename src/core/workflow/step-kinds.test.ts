import { describe, expect, it } from 'vitest';
import { read, step } from './reading.test-support.ts';

const first = (yaml: string) => {
  const { workflow, diagnostics } = read(step(yaml));
  expect(diagnostics.filter((one) => one.severity !== 'notice')).toEqual([]);
  const found = workflow.steps[0];
  if (found === undefined) throw new Error('no step');
  return found;
};

describe('step kinds (SPEC §1.4)', () => {
  it('action: type, alias of condition, agent keys, own keys', () => {
    expect(first('type: action\naction: x.y')).toMatchObject({ kind: 'action', action: 'x.y' });
    expect(first('action: x.y\nif: 1 > 0\ncondition: true')).toMatchObject({
      kind: 'action',
      conditions: [true, '1 > 0'],
    });
    expect(first('action: agent.analyze\ntask: T\ntone: kind\ninputs: {tone: own}')).toMatchObject({
      inputs: { tone: 'own', task: 'T' },
    });
    expect(first('action: x.y\nmax_items: 5\nallow_secrets: true').detail).toEqual({
      max_items: 5,
      allow_secrets: true,
    });
  });

  it('for_each: long form', () => {
    const found = first(
      'for_each: "{{ inputs }}"\nas: order\nindex_as: n\nconcurrency: 4\nmax_items: 9\non_item_error: continue\nerrors_variable: bad\nsteps:\n  - action: a.b\n    output_variable: q\noutput: "{{ q }}"',
    );
    expect(found.detail).toEqual({
      for_each: '{{ inputs }}',
      as: 'order',
      index_as: 'n',
      concurrency: 4,
      max_items: 9,
      on_item_error: 'continue',
      errors_variable: 'bad',
      output: '{{ q }}',
    });
    expect(found.groups.map((group) => [group.name, group.steps.map((one) => one.id)])).toEqual([
      ['body', ['step_1_1']],
    ]);
  });

  it('for_each: short form, list, map and an action in the same block', () => {
    expect(first('for_each: inputs as order\nsteps: [{action: a.b}]').detail).toMatchObject({
      for_each: 'inputs',
      as: 'order',
      concurrency: 1,
    });
    expect(first('for_each: [1, 2]\nsteps: {action: a.b}').detail).toMatchObject({
      for_each: [1, 2],
      as: 'item',
      max_items: 10_000,
      on_item_error: 'stop',
    });
    const loop = first(
      'id: all\nfor_each: {a: 1}\nas: o\naction: shop.buy\ninputs: {x: "{{ o.key }}"}\ncondition: o.value > 0\nretry: 2\ntimeout: 5s\noutput_variable: r\nname: Buy',
    );
    expect(loop).toMatchObject({ id: 'all', name: 'Buy', kind: 'for_each', outputVariable: 'r', conditions: [] });
    expect(loop.retry).toBeUndefined();
    expect(loop.groups[0]?.steps[0]).toMatchObject({
      id: 'all_1',
      kind: 'action',
      action: 'shop.buy',
      conditions: ['o.value > 0'],
      retry: { maxRetries: 2 },
      timeoutMs: 5000,
    });
    expect(first('for_each: [1]\naction: a.b\ncondition: inputs is defined').conditions).toEqual(['inputs is defined']);
  });

  it('parallel', () => {
    const found = first(
      'parallel:\n  tests: [{action: a.b}, {action: a.c}]\n  lint: {action: a.d}\nmax_concurrent: 2\non_branch_error: wait',
    );
    expect(found.groups.map((group) => [group.name, group.steps.map((one) => one.id)])).toEqual([
      ['branch:tests', ['step_1_tests_1', 'step_1_tests_2']],
      ['branch:lint', ['step_1_lint_1']],
    ]);
    expect(found.detail).toEqual({ branches: ['tests', 'lint'], concurrency: 2, on_branch_error: 'wait' });
  });

  it('if', () => {
    const found = first(
      'if: 1 > 0\nthen: [{action: a.b}]\nelif: [{if: true, then: [{action: a.c}]}]\nelse: {action: a.d}',
    );
    expect(found.detail).toEqual({ if: '1 > 0' });
    expect(found.groups.map((group) => [group.name, group.condition, group.steps[0]?.id])).toEqual([
      ['then', '1 > 0', 'step_1_then_1'],
      ['elif:0', true, 'step_1_elif_1_1'],
      ['else', undefined, 'step_1_else_1'],
    ]);
  });

  it('switch with a map and with a list', () => {
    const map = first(
      'switch: run_id\ncases:\n  "paid|open": [{action: a.b}]\n  7: {action: a.c}\ndefault: [{action: a.d}]',
    );
    expect(map.detail).toEqual({
      switch: 'run_id',
      cases: [
        { group: 'case:paid|open', when: ['paid', 'open'] },
        { group: 'case:7', when: ['7'] },
      ],
    });
    expect(map.groups.map((group) => group.steps[0]?.id)).toEqual([
      'step_1_case_paid_open_1',
      'step_1_case_7_1',
      'step_1_default_1',
    ]);
    const list = first(
      'switch: "{{ run_id }}"\ncases:\n  - {when: [1, 2], steps: [{action: a.b}]}\n  - {when: x, if: 1 > 0, steps: [{action: a.c}]}',
    );
    expect(list.detail).toHaveProperty('cases', [
      { group: 'case:0', when: [1, 2] },
      { group: 'case:1', when: ['x'], if: '1 > 0' },
    ]);
    expect(list.groups[1]).toMatchObject({ name: 'case:1', condition: '1 > 0' });
  });

  it('while', () => {
    expect(first('while: 1 > 0\nsteps: [{action: a.b}]').detail).toEqual({ while: '1 > 0', max_iterations: 100 });
    expect(first('while: true\nsteps: [{action: a.b}]\nmax_iterations: 5\ndelay: 2s').detail).toEqual({
      while: true,
      max_iterations: 5,
      delay_ms: 2000,
    });
  });

  it('try', () => {
    const plain = first(
      'try: [{action: a.b}]\ncatch: [{action: a.c, inputs: {m: "{{ error.message }}"}}]\nfinally: [{action: a.d}]',
    );
    expect(plain.detail).toEqual({ catch: [{ group: 'catch:0', error: ['default'] }] });
    expect(plain.groups.map((group) => [group.name, group.steps[0]?.id])).toEqual([
      ['try', 'step_1_try_1'],
      ['catch:0', 'step_1_catch_1'],
      ['finally', 'step_1_finally_1'],
    ]);
    const list = first(
      'try: {action: a.b}\ncatch:\n  - {error: timeout, steps: [{action: a.c}]}\n  - {error: [tool.failed, agent.*], steps: [{action: a.c}]}\n  - {steps: [{action: a.d}]}',
    );
    expect(list.detail).toHaveProperty('catch', [
      { group: 'catch:0', error: ['timeout'] },
      { group: 'catch:1', error: ['tool.failed', 'agent.*'] },
      { group: 'catch:2', error: ['default'] },
    ]);
    expect(list.groups[2]?.steps[0]?.id).toBe('step_1_catch_2_1');
  });

  it('workflow', () => {
    expect(first('workflow: ./child.md\ninputs: {a: 1}\nversion: 1.0')).toMatchObject({
      kind: 'workflow',
      inputs: { a: 1 },
      detail: { workflow: './child.md', version: '1.0' },
    });
  });

  it.each([
    ['wait: 5m', { mode: 'for', for_ms: 300_000 }],
    ['wait: 2', { mode: 'for', for_ms: 2000 }],
    ['wait: "{{ inputs }}s"', { mode: 'for', for_ms: '{{ inputs }}s' }],
    ['wait: {for: 1h}', { mode: 'for', for_ms: 3_600_000 }],
    ['wait: {until: 2026-01-31T09:00:00Z}', { mode: 'until', until: '2026-01-31T09:00:00Z' }],
    ['wait: {condition: 1 > 0}', { mode: 'condition', condition: '1 > 0', every_ms: 30_000, timeout_ms: 3_600_000 }],
    [
      'wait: {condition: true, every: 5s, timeout: 1m}',
      { mode: 'condition', condition: true, every_ms: 5000, timeout_ms: 60_000 },
    ],
    [
      'wait: {event: /done, match: payload.ok, timeout: 1d}',
      { mode: 'event', event: '/done', match: 'payload.ok', timeout_ms: 86_400_000 },
    ],
  ])('%s', (yaml, detail) => {
    expect(first(yaml)).toMatchObject({ kind: 'wait', detail });
  });

  it('approval', () => {
    expect(first('approval: {title: T, approvers: role:x, expires_in: 2h, on_reject: continue}').detail).toEqual({
      title: 'T',
      description: '',
      approvers: ['role:x'],
      min_approvals: 1,
      on_reject: 'continue',
      on_expire: 'fail',
      allow_self_approval: false,
      expires_in_ms: 7_200_000,
    });
    expect(first('approval: Go?\nmin_approvals: 2').detail).toMatchObject({ title: 'Go?', min_approvals: 2 });
    expect(first('type: approval\ntitle: Go?').detail).toMatchObject({ title: 'Go?' });
  });

  it('transaction, savepoint and rollback_to', () => {
    const found = first('transaction:\n  steps: [{savepoint: s1}, {action: a.b}, {rollback_to: s1}]\n  on_error: stop');
    expect(found).toMatchObject({ kind: 'transaction', detail: { on_error: 'stop' }, onError: [] });
    expect(found.groups[0]?.steps.map((one) => [one.id, one.kind, one.detail])).toEqual([
      ['step_1_1', 'savepoint', { name: 's1' }],
      ['step_1_2', 'action', {}],
      ['step_1_3', 'rollback_to', { name: 's1' }],
    ]);
    expect(first('type: transaction\nsteps: [{action: a.b}]\non_error: continue').detail).toEqual({
      on_error: 'continue',
    });
    expect(first('transaction: [{action: a.b}]').detail).toEqual({ on_error: 'rollback' });
  });
});
