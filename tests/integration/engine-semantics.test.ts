import { afterEach, describe, expect, it } from 'vitest';
import { foldRun, planRetry } from '../../src/core/engine/index.ts';
import { AppError, type ErrorExtras } from '../../src/shared/errors.ts';
import type { JsonMap } from '../../src/shared/model/workflow.ts';
import { type HarnessOptions, inProcessTool, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';

/** SPEC §1.5, 1.6, 3.2, 3.4, 3.6, 3.8 as far as the engine alone decides them: a real store, tools in the process, a clock that jumps. */
type Harness = ReturnType<typeof openHarness>;
const opened: Harness[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
function harness(options: HarnessOptions = {}): Harness {
  const one = openHarness(options);
  opened.push(one);
  return one;
}

/** A new engine over the same store, as after a crash. */
function reopen(dead: Harness, options: HarnessOptions = {}): Harness {
  opened.splice(opened.indexOf(dead), 1);
  dead.store.close();
  const one = harness({ ...options, dir: dead.dir, clock: dead.clock });
  for (const [hash, version] of dead.versions) one.versions.set(hash, version);
  return one;
}

const failing = (code: ConstructorParameters<typeof AppError>[0], extras: ErrorExtras = {}) =>
  new AppError(code, 'no', extras);

/** Tools whose behaviour a test scripts: `t.do` runs `acts[step id]`, every call is noted. */
function scripted() {
  const calls: string[] = [];
  const acts: Record<string, () => unknown> = {};
  const tool = inProcessTool('t', {
    do: (call) => {
      calls.push(call.stepId);
      return acts[call.stepId]?.() ?? call.stepId;
    },
    echo: (call) => call.inputs.value ?? null,
    hang: (call) =>
      new Promise((_, reject) => {
        calls.push('hang');
        call.signal.addEventListener(
          'abort',
          () => {
            calls.push('aborted');
            reject(new AppError('run.cancelled', 'cut'));
          },
          { once: true },
        );
      }),
  });
  return { tool, calls, acts };
}

/** Fails always, with an error of this code. */
const broken = (code: ConstructorParameters<typeof AppError>[0], extras: ErrorExtras = {}) =>
  inProcessTool('t', { do: () => Promise.reject(failing(code, extras)), echo: (call) => call.inputs.value ?? null });

/** Lets retries happen until the run rests; gives the waits in ms. */
async function playRetries(one: Harness, runId: string): Promise<readonly number[]> {
  const waits: number[] = [];
  while (one.engine.isLive(runId)) {
    const [wait] = one.clock.waits();
    if (wait !== undefined) {
      waits.push(wait);
      one.clock.advance(wait);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return waits;
}

describe('resume', () => {
  it('begins at the first step that is neither completed nor skipped: completed, failed, completed = 1 (SPEC §16)', async () => {
    const { tool, calls, acts } = scripted();
    const one = harness({ tools: [tool] });
    acts.step_2 = () => Promise.reject(failing('tool.script_failed'));
    acts.step_4 = () => Promise.reject(failing('tool.script_failed'));
    const state = await one.run(
      workflowText([
        ['action: t.do', 'output_variable: a'],
        ['action: t.do', 'on_error: continue', 'output_variable: b'],
        ['action: t.do'],
        ['action: t.do'],
      ]),
    );
    expect([state.status, calls]).toEqual(['failed', ['step_1', 'step_2', 'step_3', 'step_4']]);
    acts.step_2 = () => 'mended';
    acts.step_4 = () => 'mended';
    calls.length = 0;
    await one.engine.resume(state.runId, TESTER);
    await one.engine.settled(state.runId);
    const after = one.engine.stateOf(state.runId).state;
    expect(calls).toEqual(['step_2', 'step_4']);
    expect([after.status, after.outcome, after.succeeded, after.failed]).toEqual(['completed', 'success', 4, 0]);
    expect(after.variables.get('b')).toBe('mended');
  });

  it('runs steps that were left out for a failure, and not those whose condition was false', async () => {
    const { tool, calls, acts } = scripted();
    const one = harness({ tools: [tool] });
    acts.step_1 = () => Promise.reject(failing('tool.script_failed'));
    acts.step_4 = () => Promise.reject(failing('tool.script_failed'));
    const state = await one.run(
      workflowText([
        ['action: t.do', 'on_error: continue', 'output_variable: a'],
        ['action: t.do', 'inputs: {a: "{{ a }}"}'],
        ['action: t.do', 'condition: "1 == 2"'],
        ['action: t.do'],
      ]),
    );
    expect(state.steps.get('step_2')?.skipReason).toBe('upstream_failed');
    calls.length = 0;
    acts.step_1 = () => 'now';
    acts.step_4 = () => 'now';
    await one.engine.resume(state.runId, TESTER);
    await one.engine.settled(state.runId);
    expect(calls).toEqual(['step_1', 'step_2', 'step_4']);
    const { steps, skipped } = one.engine.stateOf(state.runId).state;
    expect([steps.get('step_2')?.status, steps.get('step_3')?.status, skipped]).toEqual(['completed', 'skipped', 1]);
  });

  it('keeps the instant of the first attempt, for conditions and inputs alike', async () => {
    const { tool, acts } = scripted();
    const one = harness({ tools: [tool] });
    acts.step_2 = () => Promise.reject(failing('tool.script_failed'));
    const text = workflowText([
      ['action: t.echo', 'inputs: {value: "{{ now }}"}', 'output_variable: first'],
      ['action: t.do', 'condition: "now.hour < 9"', 'inputs: {at: "{{ now }}"}'],
    ]);
    const state = await one.run(text);
    expect(state.steps.get('step_2')?.status).toBe('failed');
    one.clock.advance(3 * 3_600_000);
    acts.step_2 = () => 'late';
    await one.engine.resume(state.runId, TESTER);
    await one.engine.settled(state.runId);
    expect(one.engine.stateOf(state.runId).state.steps.get('step_2')?.status).toBe('completed');
    const inputs = one.store.journal
      .readRun(state.runId)
      .flatMap(({ event }) => (event.type === 'step.started' && event.path === 'step_2' ? [event.inputs.at] : []));
    expect(inputs).toHaveLength(2);
    expect(inputs[1]).toBe(inputs[0]);
  });

  it('gives a run that ran out of time its whole time again', async () => {
    const { tool, acts } = scripted();
    const one = harness({ tools: [tool] });
    const { runId } = await one.start(
      workflowText([['action: t.hang'], ['action: t.do']], ['execution:', '  timeout: 5s']),
    );
    one.clock.advance(5_000);
    await one.engine.settled(runId);
    expect(one.engine.stateOf(runId).state.error?.code).toBe('run.timed_out');
    one.clock.advance(60_000);
    acts.step_1 = () => 1;
    await one.engine.resume(runId, TESTER);
    expect(one.clock.waits()).toEqual([5_000]);
    expect(one.engine.isLive(runId)).toBe(true);
    await one.engine.cancel(runId, TESTER);
    await one.engine.settled(runId);
  });

  it('writes every row of a step that was tried often and is then left out', async () => {
    const { tool, acts } = scripted();
    const one = harness({ tools: [tool] });
    acts.step_1 = () => Promise.reject(failing('tool.script_failed'));
    acts.step_2 = () => Promise.reject(failing('tool.script_failed'));
    acts.step_3 = () => Promise.reject(failing('tool.script_failed'));
    const { runId } = await one.start(
      workflowText([
        ['action: t.do', 'on_error: continue', 'output_variable: a'],
        ['action: t.do', 'condition: "a is not defined or a == 0"', 'on_error: continue', 'retry: {max_retries: 4}'],
        ['action: t.do'],
      ]),
    );
    await playRetries(one, runId);
    acts.step_1 = () => 7;
    one.clock.advance(1_000);
    await one.engine.resume(runId, TESTER);
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect(state.steps.get('step_2')?.status).toBe('skipped');
    const { default: Database } = await import('better-sqlite3');
    const db = new Database(`${one.dir}/state.db`, { readonly: true });
    const rows = db.prepare("SELECT attempt, status FROM steps WHERE path = 'step_2' ORDER BY attempt").all();
    const shown = db.prepare("SELECT status, retry_count FROM checkpoints WHERE step_name = 'Step 2'").all();
    db.close();
    expect(rows).toEqual([
      { attempt: 0, status: 'skipped' },
      ...[1, 2, 3, 4, 5].map((attempt) => ({ attempt, status: 'failed' })),
    ]);
    expect(shown).toEqual([{ status: 'skipped', retry_count: 4 }]);
  });
});

describe('retry from a run (SPEC §3.9)', () => {
  it('carries what stands before, by what really gave the values', async () => {
    const one = harness({ tools: [broken('tool.script_failed')] });
    const text = workflowText([
      ['action: workflow.set', 'inputs: {x: 1}'],
      ['action: t.do', 'fallback: {on_failure: workflow.set_outputs, inputs: {y: 2}}', 'output_variable: v'],
      ['action: workflow.fail'],
    ]);
    const state = await one.run(text);
    const version = one.versions.get('hash-0');
    if (version === undefined) throw new Error('no version');
    const plan = planRetry(state, version.workflow, null);
    expect([plan.from, plan.repeats]).toEqual(['step_3', ['step_3']]);
    expect(plan.carried.map(({ variables, outputs }) => [variables, outputs])).toEqual([
      [{ x: 1 }, null],
      [null, { y: 2 }],
    ]);
    const again = await one.engine.start({
      version,
      inputs: {},
      trigger: { type: 'manual' },
      actor: TESTER,
      carried: plan.carried,
    });
    await one.engine.settled(again.runId);
    const after = one.engine.stateOf(again.runId).state;
    expect(Object.fromEntries(after.variables)).toEqual(Object.fromEntries(state.variables));
    expect(Object.fromEntries(after.setOutputs ?? [])).toEqual({ y: 2 });
    expect(after).toEqual(foldRun(one.store.journal.readRun(again.runId)));
  });

  it('refuses a step that is not there and one behind a step that never ended', async () => {
    const { tool } = scripted();
    const one = harness({ tools: [tool] });
    const state = await one.run(workflowText([['action: t.do'], ['action: workflow.fail'], ['action: t.do']]));
    const version = one.versions.get('hash-0');
    if (version === undefined) throw new Error('no version');
    expect(() => planRetry(state, version.workflow, 'step_9')).toThrow(
      expect.objectContaining({ code: 'step.not_found' }),
    );
    const { runId } = await one.start(workflowText([['action: t.hang'], ['action: t.do']]));
    await one.engine.cancel(runId, TESTER);
    await one.engine.settled(runId);
    const cancelled = one.engine.stateOf(runId).state;
    expect(() => planRetry(cancelled, version.workflow, 'step_2')).toThrow(
      expect.objectContaining({ code: 'run.illegal_state' }),
    );
  });
});

describe('which rule of on_error counts (SPEC §1.6)', () => {
  const rules = (...items: readonly string[]): readonly string[] => [
    'on_error:',
    ...items.map((item) => `  - ${item}`),
  ];
  const cases: readonly (readonly [
    string,
    ConstructorParameters<typeof AppError>[0],
    JsonMap,
    readonly string[],
    unknown,
  ])[] = [
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

describe('time limits (SPEC §3.6)', () => {
  it('a timeout of a step in the process ends the attempt for real', async () => {
    const { tool, calls } = scripted();
    const one = harness({ tools: [tool] });
    const { runId } = await one.start(workflowText([['action: t.hang', 'timeout: 2s']]));
    await expect.poll(() => one.clock.waits()).toEqual([2_000]);
    one.clock.advance(2_000);
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect(state.steps.get('step_1')?.error?.code).toBe('tool.timed_out');
    expect(calls).toEqual(['hang', 'aborted']);
  });

  it('a sleep that timed out leaves no timer behind', async () => {
    const one = harness();
    const { runId } = await one.start(
      workflowText([['action: workflow.sleep', 'inputs: {duration: 1h}', 'timeout: 2s', 'retry: false']]),
    );
    await expect.poll(() => one.clock.waits()).toHaveLength(2);
    one.clock.advance(2_000);
    await one.engine.settled(runId);
    expect(one.engine.stateOf(runId).state.status).toBe('failed');
    expect(one.clock.waits()).toEqual([]);
  });

  const inRetryWait = async (head: readonly string[] = []) => {
    const one = harness({ tools: [broken('tool.script_failed')] });
    const { runId } = await one.start(
      workflowText(
        [['action: t.do', 'retry: {max_retries: 2, delay: 60s, jitter: 0}'], ['action: workflow.noop']],
        head,
      ),
    );
    await expect.poll(() => one.clock.waits()).toContain(60_000);
    return { one, runId };
  };
  const rested = async (one: Harness, runId: string) => {
    await one.engine.settled(runId);
    expect(one.clock.waits()).toEqual([]);
    const { state } = one.engine.stateOf(runId);
    expect(foldRun(one.store.journal.readRun(runId))).toEqual(state);
    return state;
  };

  it('the limit of the run during a retry wait', async () => {
    const { one, runId } = await inRetryWait(['execution:', '  timeout: 30s']);
    one.clock.advance(30_000);
    const state = await rested(one, runId);
    expect([state.status, state.error?.code, state.error?.message]).toEqual([
      'failed',
      'run.timed_out',
      'The run took longer than its limit of 30 seconds.',
    ]);
    expect([state.steps.get('step_1')?.status, state.steps.get('step_1')?.retryAt]).toEqual(['cancelled', null]);
  });

  it('cancel during a retry wait, and a resume that counts the attempts anew', async () => {
    const { one, runId } = await inRetryWait();
    await one.engine.cancel(runId, TESTER);
    const state = await rested(one, runId);
    expect([state.status, state.steps.get('step_1')?.status, state.steps.get('step_1')?.retryAt]).toEqual([
      'cancelled',
      'cancelled',
      null,
    ]);
    expect(state.steps.get('step_1')?.attempts.map((attempt) => attempt.status)).toEqual(['failed']);
    await one.engine.resume(runId, TESTER);
    expect(await playRetries(one, runId)).toEqual([60_000, 60_000]);
  });

  it('pause during a retry wait: rests at once, and the wait goes on where it was', async () => {
    const { one, runId } = await inRetryWait();
    one.clock.advance(20_000);
    await one.engine.pause(runId, TESTER);
    const state = await rested(one, runId);
    expect([state.status, state.steps.get('step_1')?.status]).toEqual(['paused', 'pending']);
    await one.engine.resume(runId, TESTER);
    expect((await playRetries(one, runId))[0]).toBe(40_000);
  });
});

describe('conditions, names and actions', () => {
  it('an undefined name makes a condition false, whatever stands around it, with a warning', async () => {
    const { tool, calls } = scripted();
    const one = harness({ tools: [tool] });
    const conditions = ['nobody', 'nobody == 1', 'nobody != 1', 'not nobody', 'inputs.none > 1'];
    const steps = conditions.map((text) => ['action: t.do', `condition: "${text}"`]);
    const state = await one.run(
      workflowText(
        [['action: t.do', 'condition: false', 'output_variable: nobody'], ...steps],
        ['inputs:', '  none: {type: integer}'],
      ),
    );
    expect(calls).toEqual([]);
    for (const record of [...state.steps.values()].slice(1)) {
      expect([record.status, record.skipReason]).toEqual(['skipped', 'conditions_not_met']);
      expect(record.warnings.length).toBeGreaterThan(0);
    }
    expect([state.status, state.outcome]).toEqual(['completed', 'success']);
  });

  it('all of condition and conditions must hold', async () => {
    const { tool, calls } = scripted();
    const one = harness({ tools: [tool] });
    await one.run(
      workflowText([
        ['action: t.do', 'condition: true', 'conditions: ["1 == 1", "2 > 1"]'],
        ['action: t.do', 'condition: "1 == 1"', 'conditions: ["1 == 2"]'],
      ]),
    );
    expect(calls).toEqual(['step_1']);
  });

  it('leaves out what is not enabled, and what a templated action names is called', async () => {
    const { tool, calls } = scripted();
    const one = harness({ tools: [tool] });
    const state = await one.run(
      workflowText(
        [
          ['action: t.do', 'enabled: false'],
          ['action: "t.{{ inputs.what }}"', 'inputs: {value: 5}', 'output_variable: v'],
        ],
        ['inputs:', '  what: {default: echo}'],
      ),
      { what: 'echo' },
    );
    expect(calls).toEqual([]);
    expect([state.steps.get('step_1')?.skipReason, state.variables.get('v'), state.skipped]).toEqual([
      'disabled',
      5,
      1,
    ]);
  });

  it('writes output files in the written format, by a name that sees the output', async () => {
    const { tool } = scripted();
    const one = harness({ tools: [tool] });
    await one.run(
      workflowText([
        ['action: t.echo', 'inputs: {value: {id: 7}}', 'output_file: "a-{{ output.id }}.json"', 'format: json'],
        ['action: t.echo', 'inputs: {value: {id: 7}}', 'output_file: b.md', 'format: markdown'],
        ['action: t.echo', 'inputs: {value: "line"}', 'output_file: c.txt', 'format: text'],
        ['action: t.echo', 'inputs: {value: "line"}', 'output_file: d.json', 'format: json'],
        ['action: t.echo', 'inputs: {value: null}', 'output_file: e.txt'],
      ]),
    );
    expect(Object.fromEntries(one.written)).toEqual({
      'a-7.json': '{\n  "id": 7\n}\n',
      'b.md': '```json\n{\n  "id": 7\n}\n```\n',
      'c.txt': 'line\n',
      'd.json': '"line"\n',
      'e.txt': 'null\n',
    });
  });

  it('keeps what JSON cannot say from ending a run, whatever it is', async () => {
    const odd = inProcessTool('odd', {
      go: () => ({ date: new Date(Number.NaN), big: 1n, fn: () => 1, when: new Date(0), nested: [undefined] }),
    });
    const one = harness({ tools: [odd] });
    const state = await one.run(workflowText([['action: odd.go', 'output_variable: x']]));
    expect(state.variables.get('x')).toEqual({
      date: null,
      big: null,
      fn: null,
      when: '1970-01-01T00:00:00.000Z',
      nested: [null],
    });
    expect(state.steps.get('step_1')?.warnings).toHaveLength(4);
  });
});

describe('a sleep over a crash', () => {
  it('does not begin anew', async () => {
    const first = harness();
    const { runId } = await first.start(workflowText([['action: workflow.sleep', 'inputs: {duration: 60s}']]));
    await expect.poll(() => first.clock.waits()).toEqual([60_000]);
    first.clock.advance(45_000);
    const one = reopen(first);
    await one.engine.recoverAll();
    // The timer of the dead engine lives on in the fake clock; it is its own that counts.
    await expect.poll(() => one.clock.waits()).toEqual([15_000, 15_000]);
    one.clock.advance(15_000);
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect([state.status, state.steps.get('step_1')?.output]).toEqual(['completed', { slept_seconds: 60 }]);
    expect(state.steps.get('step_1')?.attempts.map((attempt) => attempt.status)).toEqual(['cancelled', 'completed']);
  });
});
