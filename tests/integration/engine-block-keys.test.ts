import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import type { Json } from '../../src/shared/json.ts';
import { gates, harness, opened, run, ticks, variables } from '../support/block-runs.ts';
import { type FakeClock, inProcessTool, openHarness, workflowText } from '../support/engine-harness.ts';

type World = ReturnType<typeof openHarness>;

/** `f.do` fails as often as its input says, by path; `g.wait` ends when told to. */
function flaky(effect: 'pure' | 'effect') {
  const seen: string[] = [];
  const tool = inProcessTool(
    'f',
    {
      do: ({ path, inputs }) => {
        seen.push(path);
        if (seen.filter((one) => one === path).length <= Number(inputs.fails ?? 0))
          throw new AppError('tool.script_failed', 'It broke.');
        return (inputs.value ?? path) as Json;
      },
      send: ({ path }) => {
        seen.push(path);
        return 'sent';
      },
    },
    { effect, repeatable: effect === 'pure' },
  );
  return { tool, seen };
}

function world(effect: 'pure' | 'effect') {
  const { tool, seen } = flaky(effect);
  const { gate, open, end } = gates();
  const one = openHarness({ tools: [tool, gate] });
  opened.push(one);
  return { one, seen, open, end };
}

async function play(one: World, clock: FakeClock, runId: string): Promise<void> {
  for (let turn = 0; turn < 20 && one.engine.isLive(runId); turn += 1) {
    const [wait] = clock.waits();
    if (wait !== undefined) clock.advance(wait);
    await ticks();
  }
}

const start = async (one: World, yaml: string, head: readonly string[] = []): Promise<string> => {
  const { runId } = await one.start(
    workflowText(
      yaml.split('\n---\n').map((step) => step.split('\n')),
      head,
    ),
  );
  await ticks();
  return runId;
};

describe('retry of a step that holds others', () => {
  const body = (more: string): string =>
    `id: r\nfor_each: [1, 2]\nretry: {max_retries: 2, delay: 1s}\nsteps:\n  - {id: a, action: f.do, retry: false, inputs: {value: "{{ item }}"}}\n  - {id: b, action: f.do, retry: false, inputs: {fails: "{{ 1 if item == 2 else 0 }}", value: "{{ item }}"}}\noutput_variable: all${more}`;

  it('begins anew, with all that is inside', async () => {
    const { one, seen } = world('pure');
    const runId = await start(one, body(''));
    expect(one.engine.stateOf(runId).state.steps.get('r')?.retryAt).not.toBeNull();
    await play(one, one.clock, runId);
    const { state } = one.engine.stateOf(runId);
    expect([state.status, state.outcome, variables(state)]).toEqual(['completed', 'success', { all: [1, 2] }]);
    expect(seen).toEqual(['r[0].a', 'r[0].b', 'r[1].a', 'r[1].b', 'r[0].a', 'r[0].b', 'r[1].a', 'r[1].b']);
    expect(state.steps.get('r')?.attempts.map(({ status }) => status)).toEqual(['failed', 'completed']);
    expect(one.bugs).toEqual([]);
  });

  it('is not made where something inside had its effect, and says so', async () => {
    const { one, seen } = world('effect');
    const runId = await start(one, body(''));
    await play(one, one.clock, runId);
    const { state } = one.engine.stateOf(runId);
    expect(state.status).toBe('failed');
    expect(seen).toHaveLength(4);
    expect(state.steps.get('r')?.warnings.map(({ message }) => message)).toEqual([
      "It is not tried again: 'r[0].a' in it may have had its effect already.",
    ]);
  });

  it('is made where the author says that it may be repeated', async () => {
    const { one, seen } = world('effect');
    const runId = await start(one, body('\nidempotent: true'));
    await play(one, one.clock, runId);
    expect(one.engine.stateOf(runId).state.status).toBe('completed');
    expect(seen).toHaveLength(8);
  });

  it('goes on after a death between two attempts, and counts the one before', async () => {
    const { tool, seen } = flaky('pure');
    const dead = openHarness({ tools: [tool] });
    const yaml =
      'id: r\nif: true\nretry: {max_retries: 1, delay: 1s}\nthen: [{id: a, action: f.do, retry: false, inputs: {fails: 9}}]';
    const runId = await start(dead, yaml);
    dead.store.close();
    const one = openHarness({ tools: [tool], dir: dead.dir, clock: dead.clock });
    opened.push(one);
    for (const [hash, version] of dead.versions) one.versions.set(hash, version);
    await one.engine.recoverAll();
    await play(one, one.clock, runId);
    expect(seen).toEqual(['r.a', 'r.a']);
    expect(one.engine.stateOf(runId).state.status).toBe('failed');
  });
});

describe('timeout of a step that holds others', () => {
  const slow =
    'id: t\ntry: [{id: w, action: g.wait}]\nfinally: [{id: tidy, action: f.do}]\ntimeout: 5s\noutput_variable: x';

  it('calls off what is inside, lets finally run and fails the step', async () => {
    const { one, seen, open } = world('pure');
    const runId = await start(one, slow);
    expect([...open.keys()]).toEqual(['t.w']);
    one.clock.advance(4_999);
    await ticks();
    expect(open.size).toBe(1);
    one.clock.advance(1);
    await ticks();
    const { state } = one.engine.stateOf(runId);
    expect(open.size).toBe(0);
    expect(seen).toEqual(['t.tidy']);
    expect(state.steps.get('t.w')?.status).toBe('cancelled');
    expect(state.error).toMatchObject({ message: "Step 't' failed: Step 't' timed out after 5 seconds" });
    expect(state.steps.get('t')?.error?.code).toBe('step.timed_out');
    const types = one.store.journal.readRun(runId).map(({ event }) => event.type);
    expect(types.indexOf('block.timed_out')).toBeLessThan(types.indexOf('step.cancelled'));
    expect(one.bugs).toEqual([]);
  });

  it('is an error like any other: a rule for timeouts takes it', async () => {
    const { one } = world('pure');
    const runId = await start(one, `${slow}\non_error: [{error_code: timeout, fallback: late}]\n---\naction: f.do`);
    one.clock.advance(5_000);
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect([state.status, state.outcome, variables(state)]).toEqual(['completed', 'partial', { x: 'late' }]);
  });

  it('counts anew after a resume', async () => {
    const { one, open, end } = world('pure');
    const runId = await start(one, slow);
    one.clock.advance(5_000);
    await ticks();
    await one.engine.resume(runId, { kind: 'user', id: 'x', door: 'cli' });
    await ticks();
    one.clock.advance(4_000);
    await ticks();
    expect([...open.keys()]).toEqual(['t.w']);
    await end('t.w', 'done');
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect([state.status, variables(state)]).toEqual(['completed', { x: 'done' }]);
  });

  it('does not hold a run up that is through before it', async () => {
    const { one, open, end } = world('pure');
    const runId = await start(one, slow);
    await end('t.w', 'done');
    await one.engine.settled(runId);
    expect([open.size, one.engine.stateOf(runId).state.status]).toEqual([0, 'completed']);
  });

  it('a cancel while it closes ends the run as cancelled', async () => {
    const { one } = world('pure');
    const runId = await start(one, slow);
    one.clock.advance(5_000);
    await one.engine.cancel(runId, { kind: 'user', id: 'x', door: 'cli' });
    await ticks();
    expect(one.engine.stateOf(runId).state.status).toBe('cancelled');
    expect(one.bugs).toEqual([]);
  });
});

describe('fallback and output_file of a step that holds others', () => {
  const broken =
    'id: p\nparallel: {a: [{action: t.say, inputs: {value: 1}, output_variable: va}], b: [{action: t.fail}]}';

  it('the fallback action gives its output', async () => {
    const state = await run(
      `${broken}\nfallback: {on_failure: t.say, inputs: {value: "instead of {{ error.code }}"}}\noutput_variable: x`,
    );
    expect([state.status, variables(state)]).toEqual(['completed', { x: 'instead of tool.failed' }]);
    expect(state.steps.get('p')?.fallbackUsed).toBe(true);
  });

  it('is asked for under error_handling: continue too', async () => {
    const state = await run(`${broken}\nfallback: {on_failure: t.say, inputs: {value: 2}}\noutput_variable: x`, {}, [
      'execution: {error_handling: continue}',
    ]);
    expect(variables(state)).toEqual({ x: 2 });
  });

  it('a fallback that fails is the failure of the step, and a resume goes on with the step itself', async () => {
    const one = harness();
    const yaml =
      "id: p\nif: true\nthen: [{id: a, action: \"{{ 't.fail' if run.attempt == 1 else 't.say' }}\", inputs: {value: 5}}]\nfallback: {on_failure: t.fail}\noutput_variable: x";
    const runId = await start(one, yaml);
    await one.engine.settled(runId);
    expect(one.engine.stateOf(runId).state.status).toBe('failed');
    await one.engine.resume(runId, { kind: 'user', id: 'x', door: 'cli' });
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect([state.status, variables(state)]).toEqual(['completed', { x: 5 }]);
    expect(state.steps.get('p')?.fallbackUsed).toBe(false);
    expect(one.bugs).toEqual([]);
  });

  it('writes what the step gives before it counts as completed', async () => {
    const one = harness();
    const yaml =
      'id: each\nfor_each: [1, 2]\nsteps: [{action: t.say, inputs: {value: "{{ item }}"}}]\noutput_file: "out-{{ output | length }}.json"\nformat: json\noutput_variable: x';
    const state = await one.run(workflowText([yaml.split('\n')]));
    expect([...one.written]).toEqual([['out-2.json', '[\n  1,\n  2\n]\n']]);
    expect([state.status, variables(state)]).toEqual(['completed', { x: [1, 2] }]);
    expect(one.bugs).toEqual([]);
  });
});
