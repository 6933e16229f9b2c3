import { expect, it, vi } from 'vitest';
import { type RunState, viewRun, viewTurn, viewTurns } from '../../src/core/engine/index.ts';
import type { RunView } from '../../src/shared/contract/index.ts';
import { harness, run } from '../support/block-runs.ts';
import { inProcessTool, workflowText } from '../support/engine-harness.ts';

const EXTRAS = {
  position: 0,
  needsPerson: false,
  isLeft: false,
  isLive: false,
  average: null,
  usualSteps: {},
  logLines: 0,
  conversationEntries: 0,
  eventCount: 0,
};
const LOOP = `id: each\nfor_each: inputs.list\nas: one\non_item_error: continue\nconcurrency: 2\nsteps:\n  - {id: say, action: "{{ 't.fail' if one.n in [3, 28] else 't.say' }}", inputs: {value: "{{ one.n }}"}}\n  - {id: then, action: t.say}`;
const list = (count: number) => ({ list: Array.from({ length: count }, (_, at) => ({ name: `Item ${at}`, n: at })) });

async function viewOf(
  count: number,
): Promise<{ readonly view: RunView; readonly state: Awaited<ReturnType<typeof run>> }> {
  const state = await run(LOOP, list(count));
  const one = harness();
  const { workflow } = one.versionOf(workflowText([LOOP.split('\n')], ['inputs:', '  list: {required: false}']));
  return { state, view: viewRun(state, workflow, EXTRAS) };
}

it('a short loop is there with all its turns', async () => {
  const { view } = await viewOf(24);
  expect(view.loops).toEqual([{ path: 'each', total: 24, begun: 24, completed: 23, failed: 1, cancelled: 0 }]);
  expect(view.steps).toHaveLength(1 + 24 * 2 - 1);
  expect(view.attention).toBeNull();
});

it('a long loop is there as counts, with the step in it that has to be looked at', async () => {
  const { view } = await viewOf(30);
  expect(view.steps.map(({ path }) => path)).toEqual(['each']);
  expect(view.loops).toEqual([{ path: 'each', total: 30, begun: 30, completed: 28, failed: 2, cancelled: 0 }]);
  expect(view.attention).toBe('each[3].say');
});

it('its turns come in pages, all of them or those that failed', async () => {
  const { state } = await viewOf(30);
  const page = viewTurns(state, 'each', { offset: 27, limit: 2 });
  expect([page.total, page.turns.map(({ path, label, status, error }) => [path, label, status, error?.code])]).toEqual([
    30,
    [
      ['each[27]', 'Item 27', 'completed', undefined],
      ['each[28]', 'Item 28', 'failed', 'tool.failed'],
    ],
  ]);
  const failed = viewTurns(state, 'each', { offset: 1, limit: 10, only: 'failed' });
  expect([failed.total, failed.turns.map(({ number }) => number)]).toEqual([2, [28]]);
  expect(viewTurns(state, 'each', { offset: 99, limit: 10 }).turns).toEqual([]);
  expect(viewTurn(state, 'each[28]').steps.map(({ path, status }) => [path, status])).toEqual([
    ['each[28].say', 'failed'],
  ]);
  for (const path of ['each', 'each[30]', 'nothing[0]']) expect(() => viewTurn(state, path)).toThrow('has no loop');
  for (const path of ['nothing', 'each[3].say', 'each[3]'])
    expect(() => viewTurns(state, path, { offset: 0, limit: 1 })).toThrow('has no loop');
});

it('a long loop inside of a turn is counts there, too', async () => {
  const inner = `id: outer\nfor_each: [1, 2]\nsteps:\n  - id: inner\n    for_each: inputs.list\n    steps: [{id: say, action: t.say}]`;
  const state = await run(inner, list(25));
  expect(viewTurn(state, 'outer[1].inner[24]').steps.map(({ path }) => path)).toEqual(['outer[1].inner[24].say']);
  const { steps, loops } = viewTurn(state, 'outer[1]');
  expect(steps.map(({ path }) => path)).toEqual(['outer[1].inner']);
  expect(loops).toMatchObject([{ path: 'outer[1].inner', begun: 25, completed: 25 }]);
});

it('of what happens in a long loop screens are told the counts alone', async () => {
  const one = harness();
  await one.run(workflowText([LOOP.split('\n')], ['inputs:', '  list: {required: false}']), list(30));
  const runs = one.live.flatMap((event) => (event.kind === 'run' ? [event] : []));
  expect([...new Set(runs.flatMap(({ steps }) => steps.map(({ path }) => path)))]).toEqual(['each']);
  expect(runs.flatMap(({ loops }) => loops).at(-1)).toMatchObject({ begun: 30, completed: 28, failed: 2 });
});

/** Paths of the steps that take the room of a whole record: what is put away is read as a copy that cannot be changed. */
const wholeIn = ({ steps }: RunState): readonly string[] =>
  [...steps.values()].filter((record) => !Object.isFrozen(record)).map(({ path }) => path);

it('what a loop keeps does not grow by whole records: of turns that are through only what failed is one', async () => {
  for (const count of [40, 400])
    expect(wholeIn(await run(LOOP, list(count)))).toEqual(['each', 'each[3].say', 'each[28].say']);
});

it('while a loop runs whole records are those of its open turns', async () => {
  let runId: string | null = null;
  let [most, looks] = [0, 0];
  const look = inProcessTool('look', {
    at: () => {
      if (runId === null) return null;
      looks += 1;
      most = Math.max(most, wholeIn(one.engine.stateOf(runId).state).length);
      return null;
    },
  });
  const one = harness({ tools: [look] });
  const loop = [
    ...['id: each', 'for_each: "{{ range(300) | list }}"', 'concurrency: 3'],
    ...['steps:', '  - {id: one, action: look.at}', '  - {id: two, action: look.at}'],
  ];
  ({ runId } = await one.start(workflowText([loop])));
  await one.engine.settled(runId);
  expect(looks).toBeGreaterThan(500);
  expect(most).toBeLessThanOrEqual(1 + 3 * 2);
});

it('what the turns of a loop gave is in the journal alone, and is read once, for what the loop gives', async () => {
  const one = harness();
  const read = vi.spyOn(one.store.journal, 'readThese');
  const loop = [
    ...['id: each', 'for_each: "{{ range(300) | list }}"', 'concurrency: 4'],
    ...['steps:', '  - {id: say, action: t.say, inputs: {value: "{{ item }}"}, output_variable: said}'],
  ];
  const { runId } = await one.start(workflowText([loop, ['id: after', 'action: workflow.noop']]));
  await one.engine.settled(runId);
  const { state } = one.engine.stateOf(runId);
  expect(state.status).toBe('completed');
  // Of the last turns it is not written yet when the loop ends.
  expect(read.mock.calls.map(([, seqs]) => seqs.length > 290)).toEqual([true]);
  const [first, last] = [0, 299].map((number) => state.steps.get(`each[${number}].say`)?.output);
  expect([first, last]).toEqual([state.frames.get('each[0]')?.output, state.frames.get('each[299]')?.output]);
  const given = state.steps.get('each')?.output as readonly unknown[];
  expect([given.length, given[0], given[299]]).toEqual([300, first, last]);
});
