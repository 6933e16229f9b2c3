import { afterEach, describe, expect, it } from 'vitest';
import { resultOf } from '../../src/core/engine/index.ts';
import type { ErrorCode } from '../../src/shared/errors.ts';
import type { JsonMap } from '../../src/shared/json.ts';
import { inProcessTool, TESTER, workflowText } from '../support/engine-harness.ts';
import { broken, closeAll, failing, harness, playRetries, reopen, scripted } from './scripted-engine.ts';

/** SPEC §1.6 and §3.4 as far as the engine decides them: what a failure leads to. */
afterEach(closeAll);

describe('which rule of on_error counts (SPEC §1.6)', () => {
  const rules = (...items: readonly string[]): readonly string[] => [
    'on_error:',
    ...items.map((item) => `  - ${item}`),
  ];
  const cases: readonly (readonly [string, ErrorCode, JsonMap, readonly string[], unknown])[] = [
    ['a code', 'tool.script_failed', {}, rules('{error_code: tool.script_failed, fallback: code}'), 'code'],
    [
      'an area',
      'tool.script_failed',
      {},
      rules('{error_code: "agent.*", fallback: a}', '{error_code: "tool.*", fallback: t}'),
      't',
    ],
    ['timeout', 'tool.timed_out', {}, rules('{error_code: timeout, fallback: late}'), 'late'],
    [
      'an exit code',
      'tool.script_failed',
      { exit_code: 3 },
      rules('{error_code: 4, fallback: 4}', '{error_code: 3, fallback: 3}'),
      3,
    ],
    ['an HTTP status', 'tool.script_failed', { status: 503 }, rules('{error_code: 503, fallback: busy}'), 'busy'],
    [
      'a list',
      'tool.script_failed',
      { exit_code: 3 },
      rules('{error_code: [7, "agent.*", 3], fallback: listed}'),
      'listed',
    ],
    [
      'the first that matches',
      'tool.script_failed',
      {},
      rules('{error_code: "tool.*", fallback: 1}', '{error_code: tool.script_failed, fallback: 2}'),
      1,
    ],
    [
      'a match before default',
      'tool.script_failed',
      {},
      rules('{error_code: default, fallback: d}', '{error_code: "tool.*", fallback: m}'),
      'm',
    ],
    [
      'default where none matches',
      'tool.script_failed',
      {},
      rules('{error_code: 99, fallback: n}', '{default: continue, fallback: d}'),
      'd',
    ],
    ['a map', 'tool.script_failed', {}, ['on_error: {action: continue, fallback: map}'], 'map'],
  ];
  it.each(cases)('%s', async (_name, code, details, lines, expected) => {
    const one = harness({ tools: [broken(code, { details })] });
    const state = await one.run(
      workflowText([['action: t.do', ...lines, 'output_variable: v'], ['action: workflow.noop']]),
    );
    expect([state.variables.get('v'), state.status, state.steps.get('step_1')?.fallbackUsed]).toEqual([
      expected,
      'completed',
      true,
    ]);
  });

  it.each([
    ['nothing written stops', [], [], 'failed'],
    ['the word continue', ['on_error: continue'], [], 'completed'],
    ['log_and_continue is continue', ['on_error: log_and_continue'], [], 'completed'],
    ['execution.error_handling', [], ['execution:', '  error_handling: continue'], 'completed'],
    [
      'the step before execution.error_handling',
      ['on_error: stop'],
      ['execution:', '  error_handling: continue'],
      'failed',
    ],
    ['a rule for another error', ['on_error:', '  - {error_code: 99, action: continue}'], [], 'failed'],
    [
      'notify alone decides nothing',
      ['on_error: {notify: false}'],
      ['execution:', '  error_handling: continue'],
      'completed',
    ],
  ] as const)('%s', async (_name, step, head, status) => {
    const one = harness({ tools: [broken('tool.script_failed')] });
    const state = await one.run(workflowText([['action: workflow.noop'], ['action: t.do', ...step]], head));
    expect(state.status).toBe(status);
  });

  it('renders a fallback value, which sees the error', async () => {
    const one = harness({ tools: [broken('tool.script_failed', { details: { exit_code: 3 } })] });
    const state = await one.run(
      workflowText([
        ['action: workflow.set', 'inputs: {n: 7}'],
        [
          'action: t.do',
          'on_error: {action: continue, fallback: {why: "{{ error.code }}: {{ error.message }}", n: "{{ n }}", plain: "{ x }"}}',
          'output_variable: v',
        ],
      ]),
    );
    expect(state.variables.get('v')).toEqual({ why: 'tool.script_failed: no', n: 7, plain: '{ x }' });
  });

  it('fails by the policy when the fallback value cannot be worked out', async () => {
    const one = harness({ tools: [broken('tool.script_failed')] });
    const state = await one.run(
      workflowText([['action: t.do', 'on_error: {action: stop, fallback: "{{ 1 + error }}"}', 'output_variable: v']]),
    );
    expect([state.status, state.steps.get('step_1')?.error?.code]).toEqual(['failed', 'tool.script_failed']);
    expect(state.steps.get('step_1')?.warnings).toHaveLength(1);
  });

  it('lets the inputs of a fallback action see the error', async () => {
    const one = harness({ tools: [broken('tool.script_failed')] });
    const state = await one.run(
      workflowText([
        ['action: t.do', 'fallback: {on_failure: t.echo, inputs: {value: "{{ error.code }}"}}', 'output_variable: v'],
      ]),
    );
    expect(state.variables.get('v')).toBe('tool.script_failed');
  });

  it('counts no fallback action as a try of the step', async () => {
    const one = harness({ tools: [broken('tool.script_failed', { retryable: true })] });
    const { runId } = await one.start(
      workflowText([
        [
          'id: first',
          'action: t.do',
          'retry: {max_retries: 1, on: ["*"]}',
          'fallback: {on_failure: t.echo, inputs: {value: "{{ steps.first.attempts }}"}}',
        ],
        ['action: t.echo', 'inputs: {value: "{{ steps.first.attempts }}"}', 'output_variable: tries'],
      ]),
    );
    await playRetries(one, runId);
    const { state } = one.engine.stateOf(runId);
    expect([state.variables.get('tries'), state.steps.get('first')?.output]).toEqual([2, 2]);
    const { workflow } = [...one.versions.values()][0] ?? {};
    if (workflow !== undefined) expect(resultOf(state, workflow).step_results[0]).toMatchObject({ retries: 1 });
  });

  it('runs the fallback action once, and its failure is the failure', async () => {
    const { tool, calls, acts } = scripted();
    const one = harness({ tools: [tool] });
    acts.step_1 = () => Promise.reject(failing('tool.script_failed'));
    const state = await one.run(workflowText([['action: t.do', 'fallback: {on_failure: t.do}']]));
    expect([calls, state.status]).toEqual([['step_1', 'step_1'], 'failed']);
  });

  it('a fallback action in doubt that a person calls failed is not run again', async () => {
    const { tool, calls, acts } = scripted();
    const first = harness({ tools: [tool] });
    acts.step_1 = () => Promise.reject(failing('tool.script_failed'));
    const { runId } = await first.start(workflowText([['action: t.do', 'fallback: {on_failure: t.hang}']]));
    await expect.poll(() => calls).toContain('hang');
    const one = reopen(first, { tools: [tool] });
    await one.engine.recoverAll();
    await one.engine.settled(runId);
    expect(one.engine.stateOf(runId).state.status).toBe('in_doubt');
    await one.engine.resolve(runId, { path: 'step_1', as: 'failed', output: null }, TESTER);
    await one.engine.settled(runId);
    expect(calls).toEqual(['step_1', 'hang']);
    expect(one.engine.stateOf(runId).state.status).toBe('failed');
  });

  it('a step in doubt that a person calls completed bears no error of earlier attempts', async () => {
    const { tool, calls, acts } = scripted();
    const first = harness({ tools: [tool] });
    acts.step_1 = () => Promise.reject(failing('tool.script_failed'));
    const { runId } = await first.start(
      workflowText([['action: t.do', 'fallback: {on_failure: t.hang}', 'output_variable: v']]),
    );
    await expect.poll(() => calls).toContain('hang');
    const one = reopen(first, { tools: [tool] });
    await one.engine.recoverAll();
    await one.engine.settled(runId);
    await one.engine.resolve(runId, { path: 'step_1', as: 'completed', output: 5 }, TESTER);
    await one.engine.settled(runId);
    const record = one.engine.stateOf(runId).state.steps.get('step_1');
    expect([record?.status, record?.error, record?.output, record?.fallbackUsed]).toEqual(['completed', null, 5, true]);
  });
});

describe('where retries come from (SPEC §3.4)', () => {
  const waitsOf = async (
    step: readonly string[],
    more: {
      readonly head?: readonly string[];
      readonly bundle?: number;
      readonly traits?: Parameters<typeof inProcessTool>[2];
    } = {},
  ): Promise<number> => {
    const tool = inProcessTool('t', { do: () => Promise.reject(failing('tool.script_failed')) }, more.traits);
    const one = harness({ tools: [tool] });
    const version = one.versionOf(
      workflowText([['action: t.do', ...step]], more.head),
      more.bundle === undefined ? {} : { maxRetries: more.bundle },
    );
    const { runId } = await one.engine.start({ version, inputs: {}, trigger: { type: 'manual' }, actor: TESTER });
    return (await playRetries(one, runId)).length;
  };
  const head = ['execution:', '  max_retries: 2'];

  it.each([
    ['nothing written, an effect', [], {}, 0],
    ['nothing written, repeatable', [], { traits: { effect: 'idempotent', repeatable: true } }, 3],
    ['bundle', [], { bundle: 1 }, 1],
    ['workflow before bundle', [], { head, bundle: 5 }, 2],
    ['step before workflow', ['retry: 4'], { head, bundle: 5 }, 4],
    ['max_retries of the step', ['max_retries: 1'], { head }, 1],
    ['retry: false', ['retry: false'], { head }, 0],
    ['the rule before the step', ['retry: 4', 'on_error: {action: stop, retry: 1}'], {}, 1],
    ['the word retry', ['on_error: retry'], {}, 3],
    ['idempotent: true of the step', ['idempotent: true'], {}, 3],
    ['a list of other errors', ['retry: {max_retries: 4, on: ["agent.*"]}'], {}, 0],
  ] as const)('%s', async (_name, step, more, expected) => {
    expect(await waitsOf(step, more)).toBe(expected);
  });

  it('waits as the policy says and counts anew after a resume', async () => {
    const one = harness({ tools: [broken('tool.script_failed')] });
    const { runId } = await one.start(
      workflowText([['action: t.do', 'retry: {max_retries: 3, jitter: 0, delay: 2s, max_delay: 5s}']]),
    );
    expect(await playRetries(one, runId)).toEqual([2_000, 4_000, 5_000]);
    await one.engine.resume(runId, TESTER);
    expect(await playRetries(one, runId)).toEqual([2_000, 4_000, 5_000]);
    expect(one.engine.stateOf(runId).state.steps.get('step_1')?.attempts).toHaveLength(8);
  });

  it('never repeats what the author decided, a template that cannot be worked out or an unknown tool', async () => {
    const one = harness();
    for (const lines of [
      ['action: workflow.fail', 'retry: 3'],
      ['action: workflow.log', 'inputs: {message: "{{ 1 / 0 }}"}', 'retry: 3'],
      ['action: "{{ inputs.tool }}.go"', 'retry: 3'],
    ]) {
      const { runId } = await one.start(workflowText([lines], ['inputs:', '  tool: {default: nobody}']), {
        tool: 'nobody',
      });
      expect(await playRetries(one, runId)).toEqual([]);
      expect(one.engine.stateOf(runId).state.status).toBe('failed');
    }
  });
});
