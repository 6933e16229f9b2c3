import { describe, expect, it } from 'vitest';
import type { RunState } from '../../src/core/engine/index.ts';
import { harness, opened, ticks, tool, variables } from '../support/block-runs.ts';
import { FakeClock, inProcessTool, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';

/** How many things at once must change how long a run takes, and nothing else (SPEC §1.4 `concurrency`, §3.1 lanes). */

/** A loop with failures, branches and a loop inside of it. */
const MIXED = (limit: number): string =>
  workflowText([
    [
      'id: each',
      'for_each: "{{ range(40) }}"',
      'as: n',
      `concurrency: ${limit}`,
      'on_item_error: continue',
      'errors_variable: errors',
      'output_variable: all',
      "output: \"{{ {'n': n, 'inner': inner, 'left': left, 'odd': odd} }}\"",
      'steps:',
      '  - {id: breaks, action: t.fail, condition: n % 7 == 3}',
      '  - {id: odd, action: t.say, inputs: {value: "{{ n % 2 == 1 }}"}, output_variable: odd}',
      '  - parallel:',
      '      l: [{action: t.say, inputs: {value: "l{{ n }}"}, output_variable: left}]',
      '      r: [{if: odd, then: [{action: t.say, inputs: {value: "r"}}], else: [{action: t.say}]}]',
      `  - {id: in, for_each: "{{ range(n % 3) }}", as: m, concurrency: ${limit}, steps: [{action: t.say, inputs: {value: "{{ n * m }}"}}], output_variable: inner}`,
    ],
    ['id: after', 'action: t.say', 'inputs: {value: "{{ all | length }}"}', 'output_variable: count'],
  ]);

async function endOf(limit: number) {
  const one = harness();
  const state = await one.run(MIXED(limit));
  expect(one.bugs).toEqual([]);
  const steps = [...state.steps.values()].map(({ path, status, output, skipReason, error }) => ({
    ...{ path, status, output, skipReason },
    error: error?.code ?? null,
  }));
  const { status, outcome, succeeded, failed, isPartial } = state;
  return {
    variables: variables(state),
    steps: steps.sort((a, b) => (a.path < b.path ? -1 : 1)),
    ...{ status, outcome, succeeded, failed, isPartial },
  };
}

it('whatever the limit, a loop gives the same', async () => {
  const alone = await endOf(1);
  expect([alone.status, alone.outcome, alone.steps.length]).toEqual(['completed', 'partial', expect.any(Number)]);
  expect((alone.variables as { all: unknown[]; errors: unknown[] }).all[3]).toBeNull();
  for (const limit of [2, 8, 64]) expect(await endOf(limit), `limit ${limit}`).toEqual(alone);
});

/** Lets time pass from timer to timer until the run has ended; gives how long that was. */
async function timeOf(one: ReturnType<typeof harness>, runId: string): Promise<number> {
  const begin = one.clock.ports.now();
  const state = (): RunState => one.engine.stateOf(runId).state;
  await ticks();
  while (state().completedAt === null) {
    const [next] = one.clock.waits();
    if (next === undefined) throw new Error(`nothing goes on: ${state().status}`);
    one.clock.advance(next);
    await ticks();
  }
  expect(state().status).toBe('completed');
  return one.clock.ports.now() - begin;
}

describe('a window of items', () => {
  it.each([0, 3, 8])(
    '16 items, four at once, item %i takes 10 s and the others 1 s: less than in batches',
    async (slow) => {
      const one = harness();
      const seconds = Array.from({ length: 16 }, (_, at) => (at === slow ? 10 : 1));
      const { runId } = await one.start(
        workflowText([
          [
            `for_each: [${seconds.join(', ')}]`,
            'as: n',
            'concurrency: 4',
            'steps: [{action: workflow.sleep, inputs: {duration: "{{ n }}s"}}]',
          ],
        ]),
      );
      // In batches of four the slow one would hold up three others, and the rest behind it: 13 s.
      const inBatches = 13_000;
      const first = Math.floor(slow / 4) * 1_000;
      const took = await timeOf(one, runId);
      expect(took).toBe(10_000 + first);
      expect(took).toBeLessThan(inBatches);
      if (slow < 4) expect(took).toBeLessThan(11_000);
    },
  );
});

it('twenty runs, their replays and retries at once never pass a limit of two', async () => {
  const clock = new FakeClock();
  let working = 0;
  let most = 0;
  const slow = inProcessTool('s', {
    work: async () => {
      working += 1;
      most = Math.max(most, working);
      await ticks();
      working -= 1;
      return null;
    },
  });
  const one = openHarness({ tools: [tool, slow], maxRuns: 2, clock });
  opened.push(one);
  const version = one.versionOf(
    workflowText([
      ['id: a', 'action: s.work'],
      ['id: b', 'action: s.work'],
    ]),
  );
  const start = (more: { readonly linkedRunId?: string; readonly originRunId?: string } = {}) =>
    one.engine.start({ version, inputs: {}, trigger: { type: 'manual' }, actor: TESTER, ...more });
  const first = await Promise.all(Array.from({ length: 20 }, () => start()));
  // A replay is a run of its own, a retry goes on with the keys of the first.
  const again = await Promise.all(
    first.flatMap(({ runId }) => [start({ linkedRunId: runId }), start({ linkedRunId: runId, originRunId: runId })]),
  );
  await one.engine.allSettled();
  const ends = [...first, ...again].map(({ runId }) => one.engine.stateOf(runId).state.status);
  expect([ends.length, new Set(ends), most]).toEqual([60, new Set(['completed']), 2]);
  expect(one.bugs).toEqual([]);
});
