import { afterEach, describe, expect, it } from 'vitest';
import type { RunnableVersion, RunState } from '../../src/core/engine/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { WorkflowPin } from '../../src/shared/model/events.ts';
import { ticks } from '../support/block-runs.ts';
import { inProcessTool, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';

type Harness = ReturnType<typeof openHarness>;
type Step = readonly string[];

const opened: Harness[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const said: string[] = [];
let begun = 0;
const tool = inProcessTool('t', {
  say: ({ inputs }) => {
    said.push(String(inputs.value));
    return null;
  },
  go: ({ signal }) => {
    begun += 1;
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new AppError('run.cancelled', 'Cut.')));
    });
  },
  flaky: () => {
    begun += 1;
    throw new AppError('tool.connection_lost', 'Gone.');
  },
});

/** What the innermost run is doing when the cancel comes. */
const DOING: Readonly<Record<string, Step>> = {
  running: ['id: x', 'action: t.go'],
  'back-off': ['id: x', 'action: t.flaky', 'retry: {max_retries: 5, delay: 30s}', 'idempotent: true'],
  wait: ['id: x', 'wait: 1h'],
  approval: ['id: x', 'approval: Go?'],
  'loop item': [
    'id: x',
    'for_each: [1, 2, 3]',
    'concurrency: 2',
    'on_item_error: continue',
    'steps: [{id: inner, action: t.go, on_error: continue}]',
  ],
};

/** A step in all that could swallow a cancel, with a `finally` that says who tidies up, and a step after it that must not begin. */
const wrapped = (name: string, [id, ...rest]: Step): readonly Step[] => [
  [
    'id: t',
    'try:',
    `  - ${id}`,
    ...rest.map((line) => `    ${line}`),
    'catch: [{id: caught, action: t.say, inputs: {value: caught}}]',
    `finally: [{id: tidy, action: t.say, inputs: {value: "tidy ${name}"}}]`,
    'on_error: continue',
  ],
  ['id: after', 'action: t.say', 'inputs: {value: after}', 'fallback: {on_failure: t.say}'],
];

/** Parent, child and grandchild; the grandchild does what is tried. */
async function family(doing: Step) {
  said.length = 0;
  begun = 0;
  const one = openHarness({ tools: [tool] });
  opened.push(one);
  const pins: WorkflowPin[] = [];
  let called: readonly [string, RunnableVersion] | null = null;
  for (const [name, step] of [
    ['grandchild', doing],
    ['child', ['id: call', 'workflow: grandchild']],
    ['parent', ['id: call', 'workflow: child']],
  ] as const) {
    const version = one.versionOf(workflowText(wrapped(name, step)).replace('id: test', `id: ${name}`));
    if (called !== null)
      pins.push({
        from: version.hash,
        ref: called[0],
        versionHash: called[1].hash,
        workflowPath: '',
        workflowId: called[0],
      });
    called = [name, version];
  }
  const version = called?.[1] as RunnableVersion;
  const { runId } = await one.engine.start({ version, inputs: {}, trigger: { type: 'manual' }, actor: TESTER, pins });
  for (let turn = 0; turn < 6; turn += 1) await ticks();
  const runs = (): Readonly<Record<string, RunState>> =>
    Object.fromEntries(
      one.store.runs.list({ limit: 10 }).runs.map((run) => [run.workflowId, one.engine.stateOf(run.runId).state]),
    );
  return { one, runId, runs };
}

describe.each(Object.keys(DOING))('cancel while the innermost run is in %s', (what) => {
  it.each(['parent', 'child', 'grandchild'])(
    'of the %s: nothing begins later, every finally ran, nobody swallowed it',
    async (who) => {
      const { one, runs } = await family(DOING[what] ?? []);
      const before = begun;
      await one.engine.cancel(runs()[who]?.runId ?? '', TESTER);
      await one.engine.allSettled();
      for (let turn = 0; turn < 6; turn += 1) await ticks();
      const after = Object.fromEntries(Object.entries(runs()).map(([name, { status }]) => [name, status]));
      const order = ['grandchild', 'child', 'parent'];
      const at = order.indexOf(who);
      // Those that were called off are cancelled; whoever waits for one of them sees a failed step and goes on as its workflow says.
      for (const name of order.slice(0, at + 1)) expect([name, after[name]]).toEqual([name, 'cancelled']);
      for (const name of order.slice(at + 1)) expect([name, after[name]]).toEqual([name, 'completed']);
      expect(said.filter((text) => text.startsWith('tidy'))).toEqual(order.map((name) => `tidy ${name}`));
      expect(begun).toBe(before);
      // A timer that fires afterwards changes nothing.
      const words = said.length;
      one.clock.advance(24 * 3_600_000);
      for (let turn = 0; turn < 6; turn += 1) await ticks();
      expect([said.length, begun, one.engine.isIdle]).toEqual([words, before, true]);
      expect(one.store.approvals.list({ status: ['pending'], limit: 10 })).toEqual([]);
      expect(one.bugs).toEqual([]);
      for (const state of Object.values(runs())) {
        expect([...state.steps.values()].filter(({ status }) => status === 'running' || status === 'waiting')).toEqual(
          [],
        );
      }
    },
  );
});

it('eight deep with twenty children each level of a loop ends when it is cancelled', async () => {
  said.length = 0;
  begun = 0;
  const one = openHarness({ tools: [tool] });
  opened.push(one);
  const pins: WorkflowPin[] = [];
  let called = one.versionOf(workflowText([['id: go', 'action: t.go']]).replace('id: test', 'id: w0'));
  for (let level = 1; level < 8; level += 1) {
    const step =
      level === 7
        ? [
            'id: all',
            'for_each: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]',
            'concurrency: 20',
            'steps: [{id: call, workflow: below}]',
          ]
        : ['id: call', 'workflow: below'];
    const version = one.versionOf(workflowText([step]).replace('id: test', `id: w${level}`));
    pins.push({
      from: version.hash,
      ref: 'below',
      versionHash: called.hash,
      workflowPath: '',
      workflowId: `w${level - 1}`,
    });
    called = version;
  }
  const { runId } = await one.engine.start({
    version: called,
    inputs: {},
    trigger: { type: 'manual' },
    actor: TESTER,
    pins,
  });
  while (begun < 20) await ticks();
  await one.engine.cancel(runId, TESTER);
  await one.engine.allSettled();
  const statuses = one.store.runs.list({ limit: 1000 }).runs.map(({ status }) => status);
  expect([statuses.length, new Set(statuses)]).toEqual([1 + 20 * 7, new Set(['cancelled'])]);
  expect(one.bugs).toEqual([]);
});
