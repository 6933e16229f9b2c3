import { afterEach, describe, expect, it } from 'vitest';
import { foldRun, planRetry } from '../../src/core/engine/index.ts';
import { inProcessTool, TESTER, workflowText } from '../support/engine-harness.ts';
import { broken, closeAll, failing, type Harness, harness, playRetries, reopen, scripted } from './scripted-engine.ts';

/** SPEC §1.5, 3.2, 3.6, 3.8 as far as the engine alone decides them: a real store, tools in the process, a clock that jumps. */
afterEach(closeAll);

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
      big: 1,
      fn: null,
      when: '1970-01-01T00:00:00.000Z',
      nested: [null],
    });
    expect(state.steps.get('step_1')?.warnings).toHaveLength(3);
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
