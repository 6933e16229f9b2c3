import { describe, expect, it } from 'vitest';
import { errors, problems, read, step, steps } from './reading.test-support.ts';
import { allSteps } from './step-actions.ts';

const ids = (yaml: string) => allSteps(read(step(yaml)).workflow).map((one) => one.id);

describe('what is wrong with a step', () => {
  it.each([
    ['action: a.b\nwait: 5s', '4 A step has one kind, this one has action and wait'],
    ['action: a.b\nif: x is defined\nthen: [{action: c.d}]', '4 A step has one kind, this one has action and if'],
    ['type: loop\naction: a.b', "3 Unknown step type 'loop'"],
    ['type: for_each\nsteps: [{action: a.b}]', "3 A step of type for_each needs the key 'for_each'"],
    ['action: [a]', "3 'action' must be a text, it is a list"],
    ['action: " "', "3 'action' is empty"],
    ['acton: a.b', "3 This step has no kind: unknown key 'acton'"],
    ['output_variable: x', "3 This step has no kind such as 'action'"],
    ['for_each: 5\nsteps: [{action: a.b}]', "3 'for_each' must be a list, a map or an expression, it is 5"],
    ['for_each: [1]', "3 'steps' is missing"],
    [
      'for_each: [1]\nconcurrency: 65\nsteps: [{action: a.b}]',
      "4 'concurrency' must be a whole number from 1 to 64, it is 65",
    ],
    [
      'for_each: [1]\non_item_error: skip\nsteps: [{action: a.b}]',
      "4 'on_item_error' must be stop or continue, not 'skip'",
    ],
    [
      'for_each: [1]\nas: my-item\nsteps: [{action: a.b}]',
      "4 'as' must be a name of letters, digits and _, beginning with a letter, not 'my-item'",
    ],
    ['for_each: [1]\nsteps: []', '4 There are no steps here'],
    ['for_each: [1]\nsteps: [text]', '4 A step must be a map, it is a text'],
    ['for_each: [1]\nsteps:\n  - acton: a.b', "5 This step has no kind: unknown key 'acton'"],
    ['parallel: [{action: a.b}]', "3 'parallel' must be a map of branches, it is a list"],
    ['parallel: {}', "3 'parallel' has no branches"],
    [
      'parallel: {a: {action: a.b, output_variable: x}, b: {action: a.b, output_variable: x}}',
      "3 Variable 'x' is set by two branches: 'a' and 'b'",
    ],
    ['if: true', "3 'then' is missing"],
    ['if: ""\nthen: {action: a.b}', "3 'if' is an empty condition"],
    ['if: {{ x }}\nthen: {action: a.b}', '3 Invalid YAML: A key must be a text'],
    ['if: true\nthen: {action: a.b}\nelif: [{then: {action: a.b}}]', "5 'if' is missing"],
    ['switch: run_id', "3 'cases' is missing"],
    ['switch: run_id\ncases: [{steps: {action: a.b}}]', "4 A case needs 'when' or 'if'"],
    [
      'while: true\nsteps: {action: a.b}\nmax_iterations: 10001',
      "5 'max_iterations' must be a whole number from 1 to 10,000, it is 10,001",
    ],
    ['try: {action: a.b}', "3 'try' needs 'catch' or 'finally'"],
    ['workflow: ""', "3 'workflow' needs a path or an id"],
    ['wait: [1]', "3 'wait' must be a duration or a map, it is a list"],
    ['wait: {for: 1s, until: x}', "3 'wait' needs exactly one of for, until, condition, event"],
    ['wait: {until: tomorrow}', "3 'until' is not an instant: 'tomorrow'"],
    ['wait: -5s', "3 'wait': Duration '-5s' is negative"],
    ['approval: {min_approvals: 0}', "3 'min_approvals' must be a whole number from 1 to 1,000, it is 0"],
    ['savepoint: x', "3 'savepoint' must stand inside a transaction"],
    ['transaction: [{rollback_to: x}]', '3 Savepoint not found: x'],
    ['action: a.b\non_error: {rollback_to: x}', "3 'rollback_to' must stand inside a transaction"],
    ['transaction: [{savepoint: x}, {savepoint: x}]', "3 Savepoint 'x' is set twice in its transaction"],
    [
      'transaction: [{for_each: [1], steps: [{savepoint: x}]}]',
      "3 'savepoint' cannot stand in a for_each, where steps run more than once or beside others",
    ],
    ['action: a.b\ninputs: [1]', "4 'inputs' must be a map, it is a list"],
    ['action: a.b\ninputs: text', "4 'inputs' must be a map, it is a text"],
    ['action: a.b\nenabled: maybe', "4 'enabled' must be true or false, it is a text"],
    ['action: a.b\nid: my step', "4 A step id has letters, digits, _ and - and begins with a letter, not 'my step'"],
    [
      'action: a.b\noutput_variable: a-b',
      "4 'output_variable' must be a name of letters, digits and _, beginning with a letter, not 'a-b'",
    ],
    ['action: a.b\nformat: xml', "4 'format' must be markdown, json or text, not 'xml'"],
    ['action: a.b\nrollback: undo', "4 'rollback' must be none, compensate, restore or idempotent, not 'undo'"],
    ['action: a.b\nretry: 21', "4 'retry' must be a whole number from 0 to 20, false or a map, it is 21"],
    ['action: a.b\nretry: {jitter: 2}', "4 'jitter' must be a number from 0 to 1, it is 2"],
    ['action: a.b\nfallback: x.y', "4 'fallback' must be a map with on_failure, it is a text"],
    ['action: a.b\nfallback: {inputs: {}}', "4 'on_failure' is missing"],
    ['action: a.b\ncompensate: x', "4 'compensate' must be {action, inputs}, it is a text"],
    ['action: a.b\nagent_hints: {demo: 1}', "4 'agent_hints.demo' must be a map, it is 1"],
    ['action: a.b\npermissions: {enforce: never}', "4 'enforce' must be best_effort or strict, not 'never'"],
    ['action: a.b\nneeds: {a: 1}', "4 'needs' must be a list of texts, it is a map"],
    ['action: a.b\ncondition: "a >"', undefined],
    ['action: a.b\ninputs: {x: "{{ 1 | nofilter }}"}', undefined],
  ])('%j: %s', (yaml, message) => {
    const found = errors(step(yaml));
    if (message === undefined) expect(found).toHaveLength(1);
    else expect(found).toEqual([message]);
  });

  it.each([
    ['action: a.b\ntimeot: 5s', "4 warning Unknown key 'timeot' -> Did you mean 'timeout'?"],
    ['wait: 5s\ntask: x', "4 warning Unknown key 'task'"],
    ['for_each: [1]\naction: a.b\ntimeot: 5s', "5 warning Unknown key 'timeot' -> Did you mean 'timeout'?"],
    ['action: a.b\n<<: {x: 1}', "4 warning Unknown key '<<' -> YAML merge keys are not read; write the keys out."],
    ['action: a.b\nretry: {max_retry: 2}', "4 warning Unknown key 'max_retry' -> Did you mean 'max_retries'?"],
    ['approval: {titel: x}', "3 warning Unknown key 'titel' -> Did you mean 'title'?"],
    [
      'action: a.b\ninputs: {id: 12345678901234567890}',
      '4 warning inputs.id: 12345678901234567890 is kept as text -> Write "12345678901234567890" in quotes for text.',
    ],
  ])('%j: %s', (yaml, message) => {
    expect(problems(step(yaml))).toEqual([message]);
  });

  it('counts nesting up to 16 levels', () => {
    const nest = (depth: number): string => (depth === 1 ? '{action: a.b}' : `{if: true, then: ${nest(depth - 1)}}`);
    expect(errors(step(nest(16)))).toEqual([]);
    expect(errors(step(nest(17)))).toEqual(['3 Steps are nested more than 16 levels deep']);
  });

  it('gives nested steps ids and finds duplicates among them', () => {
    expect(ids('id: top\nif: true\nthen: [{action: a.b}, {for_each: [1], steps: [{action: a.b}]}]')).toEqual([
      'top',
      'top_then_1',
      'top_then_2',
      'top_then_2_1',
    ]);
    expect(errors(step('if: true\nthen: [{id: x, action: a.b}, {id: x, action: a.b}]'))).toEqual([
      '4 Duplicate step ID: x',
    ]);
  });

  it('shows a problem at its place in a nested step', () => {
    const { diagnostics } = read(steps('action: a.b', 'if: true\nthen:\n  - action: c.d\n    timeout: soon'));
    expect(diagnostics).toMatchObject([
      {
        file: 'w.md',
        line: 11,
        column: 14,
        step: 'step_2_then_1',
        severity: 'warning',
        code: 'workflow.invalid_duration',
      },
    ]);
  });
});

describe('words that stand for errors', () => {
  it('are warned of when no error has them', () => {
    const text = step(
      'action: a.b\nretry: {max_retries: 1, on: ["*", timeout, 503, tool.*, tool.time_out]}\non_error: [{error_code: [404, tols.*], action: continue}]',
    );
    expect(problems(text)).toEqual([
      "4 warning No error has the code 'tool.time_out' -> Did you mean 'tool.timed_out'?",
      "5 warning No error has the code 'tols.*' -> Did you mean 'tool.*'?",
    ]);
    expect(problems(step('try: {action: a.b}\ncatch: [{error: nonsense, steps: [{action: a.b}]}]'))).toEqual([
      expect.stringMatching(/^4 warning No error has the code 'nonsense'/),
    ]);
  });
});
