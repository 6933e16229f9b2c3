import { describe, expect, it } from 'vitest';
import { frontmatter, read, step, steps } from './reading.test-support.ts';
import { listUnsupported } from './unsupported.ts';

const list = (text: string) =>
  listUnsupported(read(text).workflow).map(({ line, step: id, message }) => `${line} ${id} ${message}`);

describe('listUnsupported', () => {
  it('lets plain action steps, triggers and what they may carry pass', () => {
    const yaml =
      'action: a.b\ncondition: true\nretry: 2\ntimeout: 5s\non_error: [{error_code: 1, action: retry, retry: 1}, {default: continue}]\nfallback: {on_failure: c.d}\nidempotent: true\noutput_file: x.md\nrollback: none\nenabled: false';
    expect(
      list(
        frontmatter(
          'triggers: [{type: schedule, schedule: "@daily"}]\nexecution: {error_handling: continue}',
          step(yaml),
        ),
      ),
    ).toEqual([]);
  });

  it.each([
    ['for_each: [1]\nsteps: {action: a.b}', []],
    [
      'try: {action: a.b}\nfinally: {action: a.b}\nretry: 2\ntimeout: 5s\nfallback: {on_failure: c.d}\noutput_file: x.md',
      [],
    ],
    [
      'wait: 5s\nretry: 2\ntimeout: 5s',
      [
        "3 step_1 The key 'retry' cannot be used on a step of kind 'wait': write it on a block around it, such as try.",
        "3 step_1 The key 'timeout' cannot be used on a step of kind 'wait': write it on a block around it, such as try.",
      ],
    ],
    ['try: {wait: 5s}\nretry: 2\ntimeout: 5m', []],
    ['try: [{workflow: x}, {approval: Go?}]\nretry: 2', []],
    ['wait: 5s', []],
    ['wait: {event: /paid}', []],
    [
      'wait: 5s\nretry: 2',
      ["3 step_1 The key 'retry' cannot be used on a step of kind 'wait': write it on a block around it, such as try."],
    ],
    [
      'workflow: x\non_error: {retry: 2}\nagent: demo\nmodel: m',
      [
        "3 step_1 The key 'agent' cannot be used on a step of kind 'workflow' yet.",
        "3 step_1 The key 'model' cannot be used on a step of kind 'workflow' yet.",
        "3 step_1 A step of kind 'workflow' cannot be tried again by on_error: put it into a block, such as try, that has 'retry'.",
      ],
    ],
    [
      'approval: Go?\non_error: [{error_code: approval.expired, action: retry}]',
      [
        "3 step_1 A step of kind 'approval' cannot be tried again by on_error: put it into a block, such as try, that has 'retry'.",
      ],
    ],
    ['approval: Go?', []],
    ['approval: {title: Go?, min_approvals: 2}', []],
    ['action: agent.run', []],
    ['action: agent.run\npermissions: {read: [x]}', []],
    ['action: a.b\nfallback: {on_failure: agent.run}', []],
    ['action: a.b\npermissions: {read: [x]}', []],
    ['if: true\nthen: {action: a.b}\npermissions: {read: [x]}', ["3 step_1 The key 'permissions' cannot be used yet."]],
    ['if: true\nthen: {action: a.b}\ncache: 1h', ["3 step_1 The key 'cache' cannot be used yet."]],
    ['action: a.b\nneeds: []', []],
    ['action: a.b\non_error: {action: notify, notify: log}', []],
    ['action: a.b\non_error: continue\nnotify_channel: log', []],
    [
      'action: a.b\non_error: {notify: true}',
      ["3 step_1 'notify' names no channel: write its name, or {channel, text}."],
    ],
    ['action: a.b\non_error: {notify: ops}', []],
    ['action: a.b\non_error: {notify: {channel: ops, text: "{{ error.message }}"}}', []],
    [
      'action: a.b\non_error: notify',
      ["3 step_1 The on_error action 'notify' needs a channel: notify: log, or one that the project names."],
    ],
    [
      'action: a.b\nrollback: restore\ncache: 1h\npermissions: {read: [x]}',
      ["3 step_1 'rollback: restore' puts files back: name them under 'workspace'."],
    ],
    ['action: a.b\nrollback: restore\nworkspace: [src]', []],
    ['action: a.b\ncompensate: {action: c.d}\non_error: rollback', []],
    [
      'action: a.b\ncompensate: [{action: agent.run}, {action: workflow.set}]\nrollback: none',
      [
        "3 step_1 'rollback: none' leaves 'compensate' unused: write one of them.",
        "3 step_1 'agent.run' cannot undo a step: an agent gives no certain answer: name a tool.",
        "3 step_1 'workflow.set' cannot undo a step: it only names values, which stay with the step: name a tool.",
      ],
    ],
    [
      'if: true\nthen: [{action: a.b}]\ncompensate: {action: c.d}',
      ["3 step_1 The key 'compensate' cannot be used on a step of kind 'if': write it on the steps in it."],
    ],
    [
      'action: a.b\non_error: {action: continue, rollback_to: x, notify: ops}',
      ["3 step_1 'rollback_to' of on_error goes with the action 'rollback' alone: nothing goes on after it."],
    ],
    ['action: a.b\ninputs: {k: "Bearer {{ secrets.KEY }}"}', []],
    [
      'action: a.b\ncondition: secrets.KEY == "x"',
      ["3 step_1 'secrets' can only be used in the inputs of a step that calls something."],
    ],
    ['action: a.b\ninputs: {k: "no secrets here"}', []],
  ])('%j', (yaml, expected) => {
    expect(list(step(yaml))).toEqual(expected);
  });

  it('names what the whole workflow asks for', () => {
    const text = frontmatter(
      'execution: {error_handling: rollback, rollback_on_cancel: true, concurrency: queue}\ninputs: {k: {default: "{{ secrets.K }}"}}',
    );
    expect(listUnsupported(read(text).workflow).map((one) => [one.code, one.severity, one.message])).toEqual([
      ['engine.unsupported', 'error', "The default of input 'k' is a secret: write 'secret: true' beside it."],
    ]);
  });

  it('takes a secret input where something is called or started, and nowhere else', () => {
    const inputs = 'inputs: {k: {secret: true, default: "{{ secrets.K }}"}, open: {}}';
    const text = frontmatter(
      inputs,
      steps(
        'action: a.b\ninputs: {k: "{{ inputs.k }}", all: "{inputs.k}"}',
        'workflow: other\ninputs: {k: "{{ inputs.k }}"}',
        'action: a.b\ncondition: "inputs.k == 1"',
        'approval: {title: "Is {{ inputs.k }} right for {{ inputs.open }}?"}',
        'action: a.b\noutput_file: "{{ inputs.k }}.txt"',
      ),
    );
    expect(listUnsupported(read(text).workflow).map((one) => [one.step, one.message])).toEqual(
      ['step_3', 'step_4', 'step_5'].map((step) => [
        step,
        "The secret input 'k' can only be used in the inputs of a step that calls something.",
      ]),
    );
  });
});
