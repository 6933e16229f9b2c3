import { rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunnableVersion, RunState } from '../../src/core/engine/index.ts';
import type { Json, JsonMap } from '../../src/shared/json.ts';
import type { WorkflowPin } from '../../src/shared/model/events.ts';
import { calls, gates, harness, opened, paths, ticks, tool, variables } from '../support/block-runs.ts';
import { FakeClock, inProcessTool, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';

type Harness = ReturnType<typeof harness>;
type Steps = readonly (readonly string[])[];

/** Starts the last of these workflows; each may call those before it, by name. */
async function begin(one: Harness, workflows: Readonly<Record<string, Steps>>, inputs: JsonMap = {}) {
  const known: [string, RunnableVersion][] = [];
  const pins: WorkflowPin[] = [];
  for (const [name, steps] of Object.entries(workflows)) {
    const text = workflowText(steps, ['inputs:', '  n: {required: false}']).replace('id: test', `id: ${name}`);
    const version = one.versionOf(text);
    for (const [ref, called] of known)
      pins.push({ from: version.hash, ref, versionHash: called.hash, workflowPath: `${ref}.md`, workflowId: ref });
    known.push([name, version]);
  }
  const version = known.at(-1)?.[1] as RunnableVersion;
  const { runId } = await one.engine.start({ version, inputs, trigger: { type: 'manual' }, actor: TESTER, pins });
  return { runId, ...watch(one, runId) };
}

function watch(one: Harness, runId: string) {
  const state = (id = runId): RunState => one.engine.stateOf(id).state;
  return {
    state,
    children: (): readonly RunState[] =>
      one.store.runs
        .list({ limit: 100 })
        .runs.filter(({ parentRunId }) => parentRunId !== null)
        .map(({ runId: id }) => state(id)),
    settle: async (): Promise<RunState> => {
      await one.engine.allSettled();
      await ticks();
      return state();
    },
  };
}

const say = (value: string): readonly string[] => [
  'id: say',
  'action: t.say',
  `inputs: {value: "${value}"}`,
  'output_variable: said',
];
const give = ['action: workflow.set_outputs', 'inputs: {said: "{{ said }}"}'];

describe('a workflow as a step', () => {
  it('is a run of its own whose outputs are the output of the step', async () => {
    const one = harness();
    const { runId, children, settle } = await begin(
      one,
      {
        inner: [say('hello {{ inputs.n }}'), give],
        outer: [
          ['id: call', 'workflow: inner', 'inputs: {n: "{{ inputs.n + 1 }}"}', 'output_variable: got'],
          ['id: after', 'action: t.say', 'inputs: {value: "{{ got.said }}"}'],
        ],
      },
      { n: 41 },
    );
    expect([(await settle()).status, variables(await settle())]).toEqual(['completed', { got: { said: 'hello 42' } }]);
    const [child] = children();
    expect([children().length, child?.created.parentRunId, child?.actor, child?.created.inputs]).toEqual([
      1,
      runId,
      'tester',
      { n: 42 },
    ]);
    expect(calls.map(({ inputs }) => inputs.value)).toEqual(['hello 42', 'hello 42']);
    expect(one.store.runs.find(runId)).toMatchObject({ status: 'completed', waitsFor: null, wakeAt: null });
    expect(one.bugs).toEqual([]);
  });

  it('lets its parent rest without a driver while it works', async () => {
    const { gate, open, end } = gates();
    const one = openHarness({ tools: [tool, gate] });
    opened.push(one);
    const { runId, children, settle } = await begin(one, {
      inner: [['id: go', 'action: g.wait']],
      outer: [['id: call', 'workflow: inner']],
    });
    await ticks();
    expect([
      open.size,
      one.store.runs.find(runId)?.status,
      one.store.runs.find(runId)?.waitsFor,
      one.engine.liveCount,
    ]).toEqual([1, 'waiting', 'child', 1]);
    await end('go');
    expect([(await settle()).status, children()[0]?.status]).toEqual(['completed', 'completed']);
  });

  it('three levels of them in a loop complete where one run at a time is driven', async () => {
    const one = harness({ maxRuns: 1 });
    const through = (below: string): Steps => [
      ['id: call', `workflow: ${below}`, 'inputs: {n: "{{ inputs.n }}"}', 'output_variable: below'],
      ['action: workflow.set_outputs', 'inputs: {said: "{{ below.said }}"}'],
    ];
    const { state, children, settle } = await begin(one, {
      lowest: [say('{{ inputs.n }}'), give],
      middle: through('lowest'),
      upper: through('middle'),
      outer: [
        [
          'id: each',
          'for_each: [a, b, c, d]',
          'as: n',
          'concurrency: 4',
          'steps: [{workflow: upper, inputs: {n: "{{ n }}"}, output_variable: one}]',
          'output: "{{ one.said }}"',
          'output_variable: all',
        ],
      ],
    });
    expect((await settle()).status).toBe('completed');
    expect(variables(state())).toEqual({ all: ['a', 'b', 'c', 'd'] });
    const statuses = children().map(({ status }) => status);
    expect([statuses.length, new Set(statuses), one.bugs]).toEqual([12, new Set(['completed']), []]);
  });

  it('gives its parent the time that it worked, and not the time that it waited', async () => {
    const { gate, end } = gates();
    const clock = new FakeClock();
    const one = openHarness({ tools: [tool, gate], clock });
    opened.push(one);
    const begun = await begin(one, {
      inner: [
        ['id: rest', 'wait: 30s'],
        ['id: go', 'action: g.wait'],
      ],
      outer: [['id: call', 'workflow: inner']],
    });
    await ticks();
    clock.advance(30_000);
    await ticks();
    clock.advance(60_000);
    await end('go');
    const ended = await begun.settle();
    expect([ended.status, ended.workedMs, begun.children()[0]?.workedMs]).toEqual(['completed', 60_000, 60_000]);
    expect(one.store.runs.find(begun.runId)?.workedMs).toBe(60_000);
  });

  it('that only works lets the runs of its parent be compared', async () => {
    const { gate, end } = gates();
    const clock = new FakeClock();
    const one = openHarness({ tools: [tool, gate], clock });
    opened.push(one);
    for (let at = 0; at < 3; at += 1) {
      const begun = await begin(one, {
        inner: [['id: go', 'action: g.wait']],
        outer: [['id: call', 'workflow: inner']],
      });
      await ticks();
      clock.advance(60_000);
      await end('go');
      await begun.settle();
    }
    expect(one.store.runs.average('outer')).toEqual({ durationMs: 60_000, runs: 3 });
  });

  it('that failed fails the step; the run that goes on goes on with it and does nothing twice', async () => {
    let isBroken = true;
    const flaky = inProcessTool('f', {
      work: (): Json => {
        if (isBroken) throw new Error('broken');
        return 'done';
      },
    });
    const one = openHarness({ tools: [tool, flaky] });
    opened.push(one);
    calls.length = 0;
    const { runId, children, settle } = await begin(one, {
      inner: [say('once'), ['id: work', 'action: f.work', 'max_retries: 0']],
      outer: [
        ['id: call', 'workflow: inner'],
        ['id: last', 'action: t.say'],
      ],
    });
    const failed = await settle();
    expect([failed.status, failed.steps.get('call')?.error?.code, children()[0]?.status]).toEqual([
      'failed',
      'run.child_failed',
      'failed',
    ]);
    expect(failed.steps.get('call')?.error?.details?.run_id).toBe(children()[0]?.runId);
    isBroken = false;
    await one.engine.resume(runId, TESTER);
    expect([(await settle()).status, children().map(({ status }) => status)]).toEqual(['completed', ['completed']]);
    expect(paths()).toEqual(['say', 'last']);
  });

  it('ends before its parent when that is cancelled, and runs its finally', async () => {
    const { gate } = gates();
    const one = openHarness({ tools: [tool, gate] });
    opened.push(one);
    calls.length = 0;
    const { runId, children, settle } = await begin(one, {
      deepest: [
        ['id: t', 'try: [{id: go, action: g.wait}]', 'finally: [{id: tidy, action: t.say}]'],
        ['id: never', 'action: t.say'],
      ],
      inner: [
        ['id: call', 'workflow: deepest'],
        ['id: never', 'action: t.say'],
      ],
      outer: [
        ['id: call', 'workflow: inner'],
        ['id: never', 'action: t.say'],
      ],
    });
    await ticks();
    await ticks();
    await one.engine.cancel(runId, TESTER);
    const ended = await settle();
    expect([ended.status, children().map(({ status }) => status)]).toEqual(['cancelled', ['cancelled', 'cancelled']]);
    const ends = [...children(), ended].map(({ completedAt, created }) => [created.workflowId, completedAt]);
    expect(ends.map(([name]) => name)).toEqual(['deepest', 'inner', 'outer']);
    expect(paths()).toEqual(['t.tidy']);
    expect(one.bugs).toEqual([]);
  });

  it('is taken up after a kill: neither started twice nor forgotten', async () => {
    const { gate, open, end } = gates();
    // Nobody closes an engine that was killed.
    const killed = openHarness({ tools: [tool, gate] });
    calls.length = 0;
    const { runId } = await begin(killed, {
      inner: [
        say('before'),
        ['id: go', 'action: g.wait', 'idempotent: true'],
        ['id: last', 'action: t.say', 'inputs: {value: after}'],
      ],
      outer: [
        ['id: call', 'workflow: inner', 'output_variable: got'],
        ['id: end', 'action: t.say'],
      ],
    });
    while (open.size === 0) await ticks();
    open.clear();
    killed.store.close();
    const next = openHarness({ dir: killed.dir, clock: new FakeClock() });
    opened.push(next);
    onTestFinished(() => rmSync(killed.dir, { recursive: true, force: true }));
    for (const [hash, version] of killed.versions) next.versions.set(hash, version);
    await next.engine.recoverAll();
    while (open.size === 0) await ticks();
    await end('go');
    const { children, settle } = watch(next, runId);
    expect([(await settle()).status, children().length]).toEqual(['completed', 1]);
    expect(paths()).toEqual(['say', 'last', 'end']);
  });

  it.each([1, 1_000])(
    'three deep inside a loop, each item its own run and its own step key, %i runs at once',
    async (maxRuns) => {
      const one = harness({ maxRuns });
      const { children, settle } = await begin(one, {
        c: [say('{{ inputs.n }}'), give],
        b: [
          ['id: down', 'workflow: c', 'inputs: {n: "{{ inputs.n }}"}', 'output_variable: r'],
          ['action: workflow.set_outputs', 'inputs: {said: "{{ r.said }}"}'],
        ],
        a: [
          [
            'id: each',
            'for_each: [1, 2, 3]',
            'as: n',
            'concurrency: 2',
            'steps: [{id: call, workflow: b, inputs: {n: "{{ n }}"}}]',
            'output_variable: all',
          ],
        ],
      });
      expect(variables(await settle())).toEqual({
        all: [{ said: '1' }, { said: '2' }, { said: '3' }].map(({ said }) => ({ said: Number(said) })),
      });
      expect([children().length, new Set(children().map(({ created }) => created.originRunId)).size]).toEqual([6, 6]);
    },
  );

  it('is paused and resumed with its parent', async () => {
    const { gate, end } = gates();
    const one = openHarness({ tools: [tool, gate] });
    opened.push(one);
    calls.length = 0;
    const { runId, state, children, settle } = await begin(one, {
      inner: [['id: go', 'action: g.wait'], say('after')],
      outer: [
        ['id: call', 'workflow: inner'],
        ['id: end', 'action: t.say'],
      ],
    });
    await ticks();
    expect(await one.engine.pause(runId, TESTER)).toBe('paused');
    await end('go');
    await ticks();
    expect([state().status, children()[0]?.status, paths()]).toEqual(['paused', 'paused', []]);
    await one.engine.resume(runId, TESTER);
    expect([(await settle()).status, children()[0]?.status, paths()]).toEqual([
      'completed',
      'completed',
      ['say', 'end'],
    ]);
  });
});
