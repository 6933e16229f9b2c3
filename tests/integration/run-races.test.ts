import { afterEach, describe, expect, it } from 'vitest';
import { foldRun } from '../../src/core/engine/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import { type HarnessOptions, inProcessTool, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';

/** Two operations on one run at the same time, and operations in the small windows between a decision and its commit. */
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

/** A tool that fails until it is mended, and one that works until told how to end. */
function makeTools() {
  const control = { isBroken: true, calls: 0, gates: [] as { open: () => void; fail: () => void }[] };
  const tool = inProcessTool('t', {
    ok: () => 1,
    flaky: () => {
      control.calls += 1;
      if (control.isBroken) throw new AppError('tool.script_failed', 'broken');
      return control.calls;
    },
    wait: (call) =>
      new Promise((resolve, reject) => {
        control.calls += 1;
        const fail = () => reject(new AppError('tool.script_failed', 'cut'));
        control.gates.push({ open: () => resolve('opened'), fail });
        call.signal.addEventListener('abort', fail, { once: true });
      }),
  });
  return { tool, control };
}

const codes = (settled: readonly PromiseSettledResult<unknown>[]): readonly string[] =>
  settled.map((one) => (one.status === 'fulfilled' ? 'done' : ((one.reason as AppError).code ?? String(one.reason))));

/** The journal is whole, and what it says is what the engine holds. */
function expectWhole({ store, engine, bugs }: Harness, runId: string): void {
  expect(bugs).toEqual([]);
  const events = store.journal.readRun(runId);
  expect(events.map((stored) => stored.seq)).toEqual(events.map((_, at) => at + 1));
  expect(foldRun(events)).toEqual(engine.stateOf(runId).state);
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const microtasks = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

/** A run whose only step has failed. */
async function failedRun() {
  const { tool, control } = makeTools();
  const one = harness({ tools: [tool] });
  const state = await one.run(workflowText([['action: t.flaky', 'output_variable: n']]));
  expect(state.status).toBe('failed');
  return { one, control, runId: state.runId };
}

/** A run whose only step nobody knows the end of, in a new engine. */
async function doubtedRun() {
  const { tool, control } = makeTools();
  const first = harness({ tools: [tool] });
  const { runId } = await first.start(workflowText([['action: t.wait', 'output_variable: a'], ['action: t.ok']]));
  const closing = first.engine.close(0);
  first.clock.advance(0);
  await closing;
  const one = harness({ tools: [tool], dir: first.dir });
  for (const [hash, version] of first.versions) one.versions.set(hash, version);
  expect(one.engine.stateOf(runId).state.status).toBe('in_doubt');
  return { one, control, runId };
}

describe('two operations on one run at the same time', () => {
  it('resume and resume: one wins, the other hears that the run is running', async () => {
    const { one, control, runId } = await failedRun();
    control.isBroken = false;
    const both = await Promise.allSettled([one.engine.resume(runId, TESTER), one.engine.resume(runId, TESTER)]);
    await one.engine.settled(runId);
    expect(codes(both)).toEqual(['done', 'run.illegal_state']);
    expect(control.calls).toBe(2);
    expect(one.engine.stateOf(runId).state.status).toBe('completed');
    expectWhole(one, runId);
  });

  it('resolve and resolve: one word counts', async () => {
    const { one, control, runId } = await doubtedRun();
    const word = { path: 'step_1', as: 'completed', output: 1 } as const;
    const both = await Promise.allSettled([
      one.engine.resolve(runId, word, TESTER),
      one.engine.resolve(runId, { ...word, as: 'rerun' }, TESTER),
    ]);
    await one.engine.settled(runId);
    expect(codes(both)).toEqual(['done', 'run.illegal_state']);
    expect(control.calls).toBe(1);
    expect(one.engine.stateOf(runId).state.variables.get('a')).toBe(1);
    expectWhole(one, runId);
  });

  it('delete and resume: the run is not deleted under the hands of its engine', async () => {
    const { one, control, runId } = await failedRun();
    control.isBroken = false;
    const both = await Promise.allSettled([
      one.engine.resume(runId, TESTER),
      Promise.resolve().then(() => one.engine.deleteRun(runId)),
    ]);
    await one.engine.settled(runId);
    expect(codes(both)).toEqual(['done', 'run.illegal_state']);
    expectWhole(one, runId);
  });

  it('resume and delete: what is deleted is not resumed', async () => {
    const { one, runId } = await failedRun();
    const deleting = Promise.resolve(one.engine.deleteRun(runId));
    const both = await Promise.allSettled([deleting, one.engine.resume(runId, TESTER)]);
    expect(codes(both)).toEqual(['done', 'run.not_found']);
    expect(one.store.runs.find(runId)).toBeNull();
    expect(one.store.journal.readRun(runId)).toEqual([]);
    expect(one.bugs).toEqual([]);
  });

  it('cancel while the run is taken over after a crash', async () => {
    const { tool } = makeTools();
    const first = harness({ tools: [tool] });
    const { runId } = await first.start(workflowText([['action: t.wait'], ['action: t.ok']]));
    const one = harness({ tools: [tool], dir: first.dir });
    for (const [hash, version] of first.versions) one.versions.set(hash, version);
    const recovering = one.engine.recoverAll();
    const cancelled = one.engine.cancel(runId, TESTER);
    await Promise.all([recovering, cancelled]);
    await one.engine.settled(runId);
    expectWhole(one, runId);
    const { state } = one.engine.stateOf(runId);
    expect(state.status).toBe('cancelled');
    // An effect whose end nobody knows stays so: cancelling is no knowledge.
    expect(state.steps.get('step_1')?.status).toBe('in_doubt');
    opened.splice(opened.indexOf(first), 1)[0]?.store.close();
  });

  it('two starts with one key at the same moment are one run', async () => {
    const one = harness();
    const version = one.versionOf(workflowText([['action: workflow.noop']]));
    const request = { version, inputs: {}, trigger: { type: 'manual' }, actor: TESTER, startKey: 'queue:7' } as const;
    const [first, second] = await Promise.all([one.engine.start(request), one.engine.start(request)]);
    expect(second?.runId).toBe(first?.runId);
    await one.engine.settled(first?.runId ?? '');
    expect(one.store.runs.list({ limit: 10 }).runs).toHaveLength(1);
    expectWhole(one, first?.runId ?? '');
  });

  it('resume while the engine closes begins nothing', async () => {
    const { one, control, runId } = await failedRun();
    control.isBroken = false;
    const resuming = one.engine.resume(runId, TESTER);
    const closing = one.engine.close(0);
    one.clock.advance(0);
    expect(codes(await Promise.allSettled([resuming]))).toEqual(['engine.stopped']);
    await closing;
    expect([one.engine.liveCount, control.calls]).toEqual([0, 1]);
    expectWhole(one, runId);
  });
});

describe('an operation between a decision and its commit', () => {
  const retrying = workflowText([['action: t.flaky', 'retry: {max_retries: 3, delay: 60s, jitter: 0}']]);

  /** Starts a run whose first attempt has failed in memory while the commit that says so is on its way. */
  async function inRetryCommit() {
    const { tool, control } = makeTools();
    const one = harness({ tools: [tool] });
    const { runId } = await one.start(retrying);
    await microtasks(20);
    expect(one.engine.stateOf(runId).state.steps.get('step_1')?.retryAt).not.toBeNull();
    expect(one.clock.waits()).toEqual([]);
    return { one, control, runId };
  }

  it('cancel does not wait for the next attempt', async () => {
    const { one, runId } = await inRetryCommit();
    await one.engine.cancel(runId, TESTER);
    await turns(3);
    expect([one.engine.isLive(runId), one.engine.stateOf(runId).state.status]).toEqual([false, 'cancelled']);
    expectWhole(one, runId);
  });

  it('pause does not wait for the next attempt', async () => {
    const { one, runId } = await inRetryCommit();
    await one.engine.pause(runId, TESTER);
    await turns(3);
    expect([one.engine.isLive(runId), one.engine.stateOf(runId).state.status]).toEqual([false, 'paused']);
    expectWhole(one, runId);
  });

  it('closing does not wait for the next attempt', async () => {
    const { one, runId } = await inRetryCommit();
    const closing = one.engine.close();
    await turns(3);
    expect(one.engine.isLive(runId)).toBe(false);
    await closing;
    expectWhole(one, runId);
  });

  it('cancel while the commit of a pause is on its way still cancels', async () => {
    const { tool, control } = makeTools();
    const one = harness({ tools: [tool] });
    const { runId } = await one.start(workflowText([['action: t.wait'], ['action: t.ok']]));
    await one.engine.pause(runId, TESTER);
    control.gates[0]?.open();
    await microtasks(20);
    expect(one.engine.stateOf(runId).state.status).toBe('paused');
    await one.engine.cancel(runId, TESTER);
    await turns(3);
    expect([one.engine.isLive(runId), one.engine.stateOf(runId).state.status]).toEqual([false, 'cancelled']);
    expectWhole(one, runId);
  });

  it('resume while the commit of a pause is on its way goes on, and nobody is told that the run still runs', async () => {
    const { tool, control } = makeTools();
    const one = harness({ tools: [tool] });
    const { runId } = await one.start(workflowText([['action: t.wait'], ['action: t.ok']]));
    await one.engine.pause(runId, TESTER);
    control.gates[0]?.open();
    await microtasks(20);
    expect([one.engine.stateOf(runId).state.status, one.engine.isLive(runId)]).toEqual(['paused', false]);
    await one.engine.resume(runId, TESTER);
    await one.engine.settled(runId);
    expect(one.engine.stateOf(runId).state.status).toBe('completed');
    expectWhole(one, runId);
  });

  it('a second pause of a run that is just paused asks for nothing', async () => {
    const { tool, control } = makeTools();
    const one = harness({ tools: [tool] });
    const { runId } = await one.start(workflowText([['action: t.wait'], ['action: t.ok']]));
    await one.engine.pause(runId, TESTER);
    control.gates[0]?.open();
    await microtasks(20);
    await one.engine.pause(runId, TESTER);
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect([state.status, state.pauseRequested]).toEqual(['paused', false]);
    expectWhole(one, runId);
  });

  it('cancel before the effect begins: it never begins', async () => {
    const { tool, control } = makeTools();
    control.isBroken = false;
    const one = harness({ tools: [tool] });
    const starting = one.start(
      workflowText([['action: t.flaky'], ['action: workflow.sleep', 'inputs: {duration: 1h}']]),
    );
    const runId = one.store.runs.list({ limit: 1 }).runs[0]?.runId ?? one.live.length.toString();
    void runId;
    const started = await starting;
    await microtasks(20);
    // The start of the sleep is on its way to the disk now.
    expect(one.engine.stateOf(started.runId).state.currentStep).toBe('step_2');
    await one.engine.cancel(started.runId, TESTER);
    await turns(3);
    const { state } = one.engine.stateOf(started.runId);
    expect([one.engine.isLive(started.runId), state.status, state.steps.get('step_2')?.status]).toEqual([
      false,
      'cancelled',
      'cancelled',
    ]);
    expect(one.clock.waits()).toEqual([]);
    expectWhole(one, started.runId);
  });

  it('nothing begins after stop, not even what is already written as started', async () => {
    const { tool, control } = makeTools();
    control.isBroken = false;
    const one = harness({ tools: [tool] });
    const { runId } = await one.start(workflowText([['action: t.ok'], ['action: t.flaky']]));
    await microtasks(20);
    expect(one.engine.stateOf(runId).state.currentStep).toBe('step_2');
    await one.engine.close();
    expect(control.calls).toBe(0);
    expect(one.store.runs.find(runId)?.status).toBe('running');
    expectWhole(one, runId);
  });
});
