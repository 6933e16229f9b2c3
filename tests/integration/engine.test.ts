import { afterEach, describe, expect, it } from 'vitest';
import { foldRun, projectRun, projectStepRows } from '../../src/core/engine/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import { type HarnessOptions, inProcessTool, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';

let close: (() => Promise<void>) | null = null;
afterEach(async () => {
  await close?.();
  close = null;
});

function harness(options: HarnessOptions = {}) {
  const opened = openHarness(options);
  close = opened.close;
  return opened;
}

const echo = inProcessTool('echo', {
  value: (call) => call.inputs.value ?? null,
  fail: () =>
    Promise.reject(
      new AppError('tool.script_failed', 'Script failed with exit code 3: err', { details: { exit_code: 3 } }),
    ),
});

describe('a run', () => {
  it('passes values from step to step, keeps their types and gives its outputs', async () => {
    const { run } = harness({ tools: [echo] });
    const state = await run(
      workflowText([
        ['action: echo.value', 'inputs: {value: [1, 2, 3]}', 'output_variable: xs'],
        ['action: echo.value', 'inputs: {value: "{{ xs }}"}', 'output_variable: ys'],
        [
          'action: workflow.set_outputs',
          'inputs: {count: "{{ ys | length }}", first: "{{ ys[0] }}", text: "n={{ ys | length }}"}',
        ],
      ]),
    );
    expect(state.status).toBe('completed');
    expect(state.outcome).toBe('success');
    expect(state.outputs).toEqual({ count: 3, first: 1, text: 'n=3' });
  });

  it('skips a step whose condition is not met and a step that needs what never came', async () => {
    const { run } = harness({ tools: [echo] });
    const state = await run(
      workflowText(
        [
          ['action: echo.value', 'condition: inputs.go', 'output_variable: never'],
          ['action: echo.fail', 'on_error: continue', 'output_variable: broken'],
          ['action: echo.value', 'inputs: {value: "{{ broken }}"}', 'output_variable: after'],
          ['action: echo.value', 'inputs: {value: "{{ broken | default(7) }}"}', 'output_variable: guarded'],
          ['action: echo.value', 'inputs: {value: "{{ after }}"}'],
        ],
        ['inputs:', '  go: {type: boolean, default: false}'],
      ),
      { go: false },
    );
    const status = (id: string) => [state.steps.get(id)?.status, state.steps.get(id)?.skipReason];
    expect(status('step_1')).toEqual(['skipped', 'conditions_not_met']);
    expect(status('step_2')).toEqual(['failed', null]);
    expect(status('step_3')).toEqual(['skipped', 'upstream_failed']);
    expect(state.variables.get('guarded')).toBe(7);
    expect(status('step_5')).toEqual(['skipped', 'upstream_failed']);
    expect([state.status, state.outcome]).toEqual(['completed', 'partial']);
  });

  it('stops at a failed step and says which and why', async () => {
    const { run } = harness({ tools: [echo] });
    const state = await run(workflowText([['action: echo.fail'], ['action: echo.value']]));
    expect(state.status).toBe('failed');
    expect(state.error?.message).toBe("Step 'step_1' failed: Script failed with exit code 3: err");
    expect(state.steps.get('step_2')).toBeUndefined();
  });

  it('is failed, not partial, when nothing completed under continue', async () => {
    const { run } = harness({ tools: [echo] });
    const state = await run(workflowText([['action: echo.fail', 'on_error: continue']]));
    expect([state.status, state.outcome]).toEqual(['failed', 'failed']);
  });

  it('takes the fallback value, the fallback action and the first matching rule', async () => {
    const { run } = harness({ tools: [echo] });
    const state = await run(
      workflowText([
        ['action: echo.fail', 'on_error: {action: continue, fallback: {n: 0}}', 'output_variable: a'],
        ['action: echo.fail', 'fallback: {on_failure: echo.value, inputs: {value: spare}}', 'output_variable: b'],
        [
          'action: echo.fail',
          'on_error:',
          '  - {error_code: 4, action: stop}',
          '  - {error_code: 3, action: continue, fallback: three}',
          '  - {error_code: default, action: stop}',
          'output_variable: c',
        ],
      ]),
    );
    expect(Object.fromEntries(state.variables)).toEqual({ a: { n: 0 }, b: 'spare', c: 'three' });
    expect(state.steps.get('step_2')?.status).toBe('completed');
    expect(state.steps.get('step_2')?.fallbackUsed).toBe(true);
  });

  it('fails by the author word, and by a required output that never came', async () => {
    const { run } = harness();
    const failed = await run(workflowText([['action: workflow.fail', 'inputs: {message: "no invoices"}']]));
    expect(failed.error?.message).toBe("Step 'step_1' failed: no invoices");
    const missing = await run(
      workflowText([['action: workflow.noop']], ['outputs:', '  total: {type: number, required: true}']),
    );
    expect(missing.error?.code).toBe('run.output_missing');
  });

  it('reports success conditions as met, unmet and unknown without changing the status', async () => {
    const { run } = harness({ tools: [echo] });
    const state = await run(
      workflowText(
        [['action: echo.value', 'inputs: {value: 5}', 'output_variable: n']],
        ['success_conditions:', '  - n == 5', '  - n > 9', '  - nobody == 1', '  - steps_succeeded == 1'],
      ),
    );
    expect(state.successConditions.map((one) => one.result)).toEqual(['met', 'unmet', 'unknown', 'met']);
    expect(state.status).toBe('completed');
  });

  it('fails by success conditions that are enforced, and names those that were not met', async () => {
    const { run } = harness({ tools: [echo] });
    const head = ['execution: {enforce_success: true}', 'success_conditions:', '  - n == 5', '  - n > 9'];
    const step = ['action: echo.value', 'inputs: {value: 5}', 'output_variable: n'];
    const one = await run(workflowText([step], head));
    expect(one.status).toBe('failed');
    expect(one.error).toMatchObject({
      code: 'run.success_conditions_unmet',
      message: "The success condition 'n > 9' was not met.",
    });
    const two = await run(workflowText([step], [...head, '  - nobody == 1']));
    expect(two.error?.message).toBe("The success conditions 'n > 9', 'nobody == 1' (unknown) were not met.");
  });

  it('keeps what JSON cannot say out of the record, with a warning', async () => {
    const { run } = harness({
      tools: [inProcessTool('odd', { value: () => ({ a: Number.NaN, b: undefined, c: 1 }) })],
    });
    const state = await run(workflowText([['action: odd.value', 'output_variable: x']]));
    expect(state.variables.get('x')).toEqual({ a: null, b: null, c: 1 });
    expect(state.steps.get('step_1')?.warnings).toHaveLength(2);
  });

  it('keeps values of a megabyte by their hash and finds them again', async () => {
    const big = 'x'.repeat(1_000_000);
    const { run, store } = harness({ tools: [inProcessTool('big', { value: () => ({ big }) })] });
    const state = await run(workflowText([['action: big.value', 'output_variable: x']]));
    const events = store.journal.readRun(state.runId);
    expect(foldRun(events).variables.get('x')).toEqual({ big });
  });
});

describe('retries', () => {
  it('repeats nothing without a ground, and as often as the step says with one', async () => {
    let calls = 0;
    const flaky = inProcessTool('flaky', {
      go: () => {
        calls += 1;
        if (calls < 3) throw new AppError('tool.script_failed', `attempt ${calls}`);
        return calls;
      },
    });
    const { start, engine, clock } = harness({ tools: [flaky] });
    const first = await start(workflowText([['action: flaky.go']]));
    await engine.settled(first.runId);
    expect(calls).toBe(1);
    calls = 0;
    const second = await start(
      workflowText([['action: flaky.go', 'retry: {max_retries: 2, jitter: 0}', 'output_variable: n']]),
    );
    for (const expected of [1_000, 2_000]) {
      await expect.poll(() => clock.waits()).toEqual([expected]);
      clock.advance(expected);
    }
    await engine.settled(second.runId);
    expect(calls).toBe(3);
    const { state } = engine.stateOf(second.runId);
    expect(state.variables.get('n')).toBe(3);
    expect(state.steps.get('step_1')?.attempts.map((one) => one.status)).toEqual(['failed', 'failed', 'completed']);
  });
});

describe('control', () => {
  /** A tool that works until its gate opens or it is aborted. */
  const gated = () => {
    let open: (value: unknown) => void = () => undefined;
    const tool = inProcessTool('gate', {
      wait: (call) =>
        new Promise((resolve, reject) => {
          open = resolve;
          call.signal.addEventListener('abort', () => reject(new AppError('run.cancelled', 'cut')), { once: true });
        }),
    });
    return { tool, open: () => open('opened') };
  };

  it('cancels for real: the step is ended, nothing follows', async () => {
    const gate = gated();
    const { start, engine } = harness({ tools: [gate.tool, echo] });
    const { runId } = await start(workflowText([['action: gate.wait'], ['action: echo.value']]));
    await engine.cancel(runId, TESTER);
    await engine.settled(runId);
    const { state } = engine.stateOf(runId);
    expect([state.status, state.steps.get('step_1')?.status, state.steps.get('step_2')]).toEqual([
      'cancelled',
      'cancelled',
      undefined,
    ]);
  });

  it('pauses after the running step and resumes where it was', async () => {
    const gate = gated();
    const { start, engine } = harness({ tools: [gate.tool, echo] });
    const { runId } = await start(
      workflowText([
        ['action: gate.wait', 'output_variable: a'],
        ['action: echo.value', 'inputs: {value: "{{ a }}"}', 'output_variable: b'],
      ]),
    );
    await engine.pause(runId, TESTER);
    gate.open();
    await engine.settled(runId);
    expect(engine.stateOf(runId).state.status).toBe('paused');
    await engine.resume(runId, TESTER);
    await engine.settled(runId);
    const { state } = engine.stateOf(runId);
    expect([state.status, state.variables.get('b')]).toEqual(['completed', 'opened']);
    expect(state.steps.get('step_1')?.attempts).toHaveLength(1);
  });

  it('ends a run at its time limit', async () => {
    const gate = gated();
    const { start, engine, clock } = harness({ tools: [gate.tool] });
    const { runId } = await start(workflowText([['action: gate.wait']], ['execution:', '  timeout: 5s']));
    clock.advance(5_000);
    await engine.settled(runId);
    const { state } = engine.stateOf(runId);
    expect([state.status, state.error?.code]).toEqual(['failed', 'run.timed_out']);
  });

  it('resumes a failed run at the first step that is neither completed nor skipped and never repeats a completed one', async () => {
    let isBroken = true;
    const calls: string[] = [];
    const tool = inProcessTool('t', {
      go: (call) => {
        calls.push(call.stepId);
        if (call.stepId === 'step_2' && isBroken) throw new AppError('tool.script_failed', 'broken');
        return call.stepId;
      },
    });
    const { start, engine } = harness({ tools: [tool] });
    const { runId } = await start(
      workflowText([
        ['action: t.go'],
        ['action: t.go', 'on_error: continue', 'output_variable: two'],
        ['action: t.go'],
        ['action: t.go', 'inputs: {x: "{{ two }}"}'],
      ]),
    );
    await engine.settled(runId);
    expect(calls).toEqual(['step_1', 'step_2', 'step_3']);
    isBroken = false;
    await expect(engine.resume(runId, TESTER)).rejects.toMatchObject({ code: 'run.illegal_state' });
  });

  it('stops a host with 10 s of grace and leaves an effect in doubt, which a person decides', async () => {
    const gate = gated();
    const opened = harness({ tools: [gate.tool, echo] });
    const { start, engine } = opened;
    const { runId } = await start(
      workflowText([
        ['action: gate.wait', 'output_variable: a'],
        ['action: echo.value', 'inputs: {value: "{{ a }}"}', 'output_variable: b'],
      ]),
    );
    const closing = engine.close();
    await expect(start(workflowText([['action: workflow.noop']]))).rejects.toMatchObject({ code: 'engine.stopped' });
    opened.clock.advance(10_000);
    await closing;
    expect(engine.stateOf(runId).state.status).toBe('in_doubt');
  });

  it.each([
    ['completed', 'completed', 'known'],
    ['failed', 'failed', undefined],
    ['rerun', 'completed', 'opened'],
  ] as const)('goes on after a doubt is decided as %s', async (as, status, value) => {
    const gate = gated();
    const opened = harness({ tools: [gate.tool, echo] });
    const { start, engine } = opened;
    const { runId } = await start(
      workflowText([
        ['action: gate.wait', 'output_variable: a'],
        ['action: echo.value', 'inputs: {value: "{{ a }}"}', 'output_variable: b'],
      ]),
    );
    opened.store.journal.position;
    const closing = engine.close(0);
    opened.clock.advance(0);
    await closing;
    const again = openHarness({ tools: [gate.tool, echo], dir: opened.dir });
    for (const [hash, version] of opened.versions) again.versions.set(hash, version);
    await again.engine.resolve(runId, { path: 'step_1', as, output: 'known' }, TESTER);
    if (as === 'rerun') {
      await expect.poll(() => again.engine.stateOf(runId).state.steps.get('step_1')?.status).toBe('running');
      gate.open();
    }
    await again.engine.settled(runId);
    const { state } = again.engine.stateOf(runId);
    expect([state.status, state.variables.get('b')]).toEqual([status, value]);
    await again.close();
  });
});

describe('the journal', () => {
  it('is the truth: the fold of the events is the state, and the rows follow from it', async () => {
    const { run, store, engine } = harness({ tools: [echo] });
    const state = await run(
      workflowText([
        ['action: echo.value', 'inputs: {value: 1}', 'output_variable: a'],
        ['action: echo.fail', 'on_error: continue'],
        ['action: echo.value', 'condition: false'],
        ['action: workflow.set_outputs', 'inputs: {a: "{{ a }}"}'],
      ]),
    );
    const folded = foldRun(store.journal.readRun(state.runId));
    expect(folded).toEqual(engine.stateOf(state.runId).state);
    expect(store.runs.find(state.runId)).toEqual(projectRun(folded));
    const rows = [...folded.steps.values()].flatMap((record) => projectStepRows(record));
    expect(rows.length).toBe(4);
  });

  it('collapses a double fire of one start key into one run', async () => {
    const { engine, versionOf } = harness();
    const version = versionOf(workflowText([['action: workflow.noop']]));
    const request = {
      version,
      inputs: {},
      trigger: { type: 'schedule', plannedAt: 1 },
      actor: TESTER,
      startKey: 'schedule:j:1',
    } as const;
    const first = await engine.start(request);
    const second = await engine.start(request);
    expect(second.runId).toBe(first.runId);
  });
});
