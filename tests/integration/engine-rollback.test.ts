import { afterEach, describe, expect, it, vi } from 'vitest';
import { foldRun, type RunState } from '../../src/core/engine/index.ts';
import { rollbackResult } from '../../src/core/engine/rollbacks.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { JsonMap } from '../../src/shared/json.ts';
import { inProcessTool, TESTER, workflowText } from '../support/engine-harness.ts';
import { closeAll, type Harness, harness, reopen } from './scripted-engine.ts';

afterEach(closeAll);

/** A shop: `buy` gives the number of its order, `cancel` takes it back; what is out of order fails. */
function shop() {
  const calls: string[] = [];
  const broken = new Set<string>();
  const act = (name: string) => (call: { readonly inputs: JsonMap; readonly signal: AbortSignal }) => {
    const what = `${name} ${String(call.inputs.of ?? '')}`.trim();
    calls.push(what);
    if (broken.has(what)) throw new AppError('tool.failed', `${what} is out of order.`);
    return { id: String(call.inputs.of ?? '') };
  };
  const hang = (call: { readonly inputs: JsonMap; readonly signal: AbortSignal }) => {
    calls.push(`hang ${String(call.inputs.of ?? '')}`.trim());
    return new Promise((_, reject) =>
      call.signal.addEventListener('abort', () => reject(new AppError('run.cancelled', 'cut'))),
    );
  };
  const tool = inProcessTool('shop', { buy: act('buy'), cancel: act('cancel'), fail: act('fail'), hang });
  broken.add('fail');
  return { tool, calls, broken };
}

const buy = (of: string, more = ''): string =>
  `{id: ${of}, action: shop.buy, inputs: {of: ${of}}, compensate: {action: shop.cancel, inputs: {of: "{{ output.id }}"}}${more}}`;
const FAIL = '{id: bad, action: shop.fail}';
const transaction = (steps: readonly string[], more = ''): readonly string[] => [
  'id: all',
  'transaction:',
  ...steps.map((step) => `  - ${step}`),
  ...(more === '' ? [] : [more]),
];

const undone = (state: RunState): readonly string[] =>
  [...state.steps.values()].flatMap(({ path, undone: end }) =>
    end === null ? [] : [`${path} ${end.gap ?? end.status}`],
  );

async function play(one: Harness, steps: readonly (readonly string[])[], head: readonly string[] = []) {
  const state = await one.run(workflowText(steps, head));
  expect(one.bugs).toEqual([]);
  expect(state).toEqual(foldRun(one.store.journal.readRun(state.runId)));
  return state;
}

describe('a transaction', () => {
  it('undoes backwards what completed when a step in it fails, with what was known as each completed', async () => {
    const { tool, calls } = shop();
    const one = harness({ tools: [tool] });
    const state = await play(one, [
      transaction([buy('a'), `{if: true, then: [${buy('b')}]}`, FAIL, buy('c')]),
      ['action: shop.buy', 'inputs: {of: after}'],
    ]);
    expect(calls).toEqual(['buy a', 'buy b', 'fail', 'cancel b', 'cancel a']);
    expect(undone(state)).toEqual(['all.a completed', expect.stringMatching(/^all\..*\.b completed$/)]);
    expect([state.status, state.error?.message]).toEqual(['failed', "Step 'all.bad' failed: fail is out of order."]);
    expect(state.steps.get('all.a.!undo')).toMatchObject({ status: 'completed', attempt: 1, calls: 'shop.cancel' });
    // Its steps were undone: they cannot be gone on from.
    await expect(one.engine.resume(state.runId, TESTER)).rejects.toMatchObject({ code: 'run.illegal_state' });
  });

  it('says what it could not undo, and goes on with the rest', async () => {
    const { tool, calls, broken } = shop();
    broken.add('cancel b');
    const one = harness({ tools: [tool] });
    const state = await play(one, [
      transaction([
        buy('a'),
        buy('b'),
        '{id: plain, action: shop.buy}',
        '{id: kept, action: shop.buy, rollback: none}',
        '{id: again, action: shop.buy, rollback: idempotent}',
        '{id: odd, action: shop.buy, compensate: {action: shop.cancel, inputs: {of: "{{ output.no.such }}"}}}',
        '{id: two, action: shop.buy, compensate: [{action: shop.cancel, inputs: {of: x}}, {action: shop.cancel, inputs: {of: y}}]}',
        '{id: note, action: workflow.set, inputs: {k: 1}}',
        FAIL,
      ]),
    ]);
    expect(calls.filter((call) => call.startsWith('cancel'))).toEqual(['cancel x', 'cancel y', 'cancel b', 'cancel a']);
    expect([...undone(state)].sort()).toEqual([
      'all.a completed',
      'all.again completed',
      'all.b failed',
      'all.kept skipped',
      'all.odd not_worked_out',
      'all.plain no_action',
      'all.two completed',
    ]);
    expect(state.steps.get('all.two.2!undo')?.status).toBe('completed');
    const [rollback] = state.rollbacks;
    expect(rollback === undefined ? null : rollbackResult(state, rollback)).toMatchObject({
      success: false,
      partial_rollback: true,
      steps_rolled_back: 3,
      steps_failed: 1,
      steps_skipped: 3,
      errors: ['Step shop.buy: cancel b is out of order.'],
    });
  });

  it.each([
    ['on_error: stop', ['buy a', 'fail'], 'failed'],
    ['on_error: continue', ['buy a', 'fail', 'buy after'], 'completed'],
  ])('%s', async (policy, expected, status) => {
    const { tool, calls } = shop();
    const after = ['action: shop.buy', 'inputs: {of: after}'];
    const state = await play(harness({ tools: [tool] }), [transaction([buy('a'), FAIL], policy), after]);
    expect([calls, state.status]).toEqual([expected, status]);
  });

  it('is caught like any other step once it is rolled back, whatever else the run says of errors', async () => {
    const { tool, calls } = shop();
    const state = await play(
      harness({ tools: [tool] }),
      [
        [
          `try: [{transaction: [${buy('a')}, ${FAIL}]}]`,
          'catch: [{action: shop.buy, inputs: {of: "{{ error.code }}"}}]',
        ],
      ],
      ['execution: {error_handling: continue}'],
    );
    expect(calls).toEqual(['buy a', 'fail', 'cancel a', 'buy tool.failed']);
    expect(state.status).toBe('completed');
  });

  it('goes back to a savepoint and on, and a failure after it undoes the rest', async () => {
    const { tool, calls } = shop();
    const steps = [buy('a'), '{savepoint: here}', buy('b'), '{id: back, rollback_to: here, output_variable: back}'];
    const state = await play(harness({ tools: [tool] }), [transaction([...steps, buy('c')])]);
    expect(calls).toEqual(['buy a', 'buy b', 'cancel b', 'buy c']);
    expect(state.variables.get('back')).toMatchObject({ success: true, steps_rolled_back: 1, partial_rollback: false });
    calls.length = 0;
    await play(harness({ tools: [tool] }), [transaction([...steps, buy('c'), FAIL])]);
    expect(calls).toEqual(['buy a', 'buy b', 'cancel b', 'buy c', 'fail', 'cancel c', 'cancel a']);
    calls.length = 0;
    const lost = await play(harness({ tools: [tool] }), [
      transaction([buy('a'), '{savepoint: here, condition: "1 > 2"}', '{id: back, rollback_to: here}']),
    ]);
    expect([lost.error?.message, calls]).toEqual([
      "Step 'all.back' failed: Savepoint not found: here",
      ['buy a', 'cancel a'],
    ]);
  });

  it('goes back as far as the step that fails says', async () => {
    const { tool, calls } = shop();
    const bad = '{id: bad, action: shop.fail, on_error: {rollback_to: here}}';
    await play(harness({ tools: [tool] }), [transaction([buy('a'), '{savepoint: here}', buy('b'), bad])]);
    expect(calls).toEqual(['buy a', 'buy b', 'fail', 'cancel b']);
    calls.length = 0;
    // The nearest transaction takes what a step asks for, whatever it says itself.
    const state = await play(harness({ tools: [tool] }), [
      transaction(
        [buy('a'), '{try: [{action: shop.fail, on_error: rollback}], finally: [{action: shop.buy}]}'],
        'on_error: stop',
      ),
    ]);
    expect([calls, state.status]).toEqual([['buy a', 'fail', 'buy', 'cancel a'], 'failed']);
  });

  it('is rolled back when its time is up', async () => {
    const { tool, calls } = shop();
    const one = harness({ tools: [tool] });
    const { runId } = await one.start(
      workflowText([transaction([buy('a'), '{id: slow, action: shop.hang}'], 'timeout: 5s')]),
    );
    await new Promise((resolve) => setImmediate(resolve));
    one.clock.advance(5_000);
    await one.engine.settled(runId);
    expect(calls).toEqual(['buy a', 'hang', 'cancel a']);
    expect(one.engine.stateOf(runId).state.rollbacks).toMatchObject([{ owner: 'all', by: 'timeout' }]);
  });
});

describe('a run', () => {
  const LOOP = `{id: b, action: shop.buy, inputs: {of: "{{ item }}"}, compensate: {action: shop.cancel, inputs: {of: "{{ item }}"}}}`;
  const STEPS = [[buy('a')], ['for_each: [1, 2]', `steps: [${LOOP}]`]];

  it.each([
    ['when it says so of errors', ['execution: {error_handling: rollback}'], FAIL],
    ['when a step of it says so', [], '{id: bad, action: shop.fail, on_error: rollback}'],
  ])('is rolled back %s', async (_, head, bad) => {
    const { tool, calls } = shop();
    const state = await play(harness({ tools: [tool] }), [...STEPS, [bad]], head);
    expect(calls).toEqual(['buy a', 'buy 1', 'buy 2', 'fail', 'cancel 2', 'cancel 1', 'cancel a']);
    expect([state.status, state.error?.message, state.error?.details?.message]).toEqual([
      'failed',
      "Step 'bad' failed, rollback triggered",
      'fail is out of order.',
    ]);
  });

  it('is rolled back when it is called off, where it says so', async () => {
    for (const [head, expected] of [
      [['execution: {rollback_on_cancel: true}'], ['buy a', 'hang', 'cancel a']],
      [[], ['buy a', 'hang']],
    ] as const) {
      const { tool, calls } = shop();
      const one = harness({ tools: [tool] });
      const { runId } = await one.start(workflowText([[buy('a')], ['action: shop.hang', 'idempotent: true']], head));
      await new Promise((resolve) => setImmediate(resolve));
      await one.engine.cancel(runId, TESTER);
      await one.engine.settled(runId);
      expect([calls, one.engine.stateOf(runId).state.status]).toEqual([expected, 'cancelled']);
    }
  });

  it('that is called off in doubt is at work while it is rolled back: a decision is refused at once and waits for nothing', async () => {
    const held: (() => void)[] = [];
    const hold = (): Promise<null> => new Promise((resolve) => held.push(() => resolve(null)));
    const tools = [inProcessTool('shop', { buy: () => ({}), hold })];
    let one = harness({ tools });
    const steps = [['{id: a, action: shop.buy, compensate: {action: shop.hold}}'], ['{id: b, action: shop.hold}']];
    const { runId } = await one.start(workflowText(steps, ['execution: {rollback_on_cancel: true}']));
    await vi.waitFor(() => expect(held).toHaveLength(1));
    one = reopen(one, { tools });
    await one.engine.recoverAll();
    await one.engine.settled(runId);
    await one.engine.cancel(runId, TESTER);
    await vi.waitFor(() => expect(held).toHaveLength(2));
    expect(one.engine.isLive(runId)).toBe(true);
    const decision = one.engine.resolve(runId, { path: 'b', as: 'failed', output: null }, TESTER);
    await expect(decision).rejects.toMatchObject({ code: 'run.illegal_state' });
    held[1]?.();
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect([state.status, undone(state)]).toEqual(['cancelled', ['a completed', 'b unknown_end']]);
    expect(one.bugs).toEqual([]);
  });

  it('whose engine dies in the middle of an undo asks a person about that one, and goes on with the others', async () => {
    const { tool, calls } = shop();
    const slow = (of: string): string =>
      `{id: ${of}, action: shop.buy, inputs: {of: ${of}}, compensate: {action: shop.hang, inputs: {of: ${of}}}}`;
    let one = harness({ tools: [tool] });
    const { runId } = await one.start(workflowText([transaction([buy('a'), slow('b'), FAIL])]));
    await new Promise((resolve) => setImmediate(resolve));
    one = reopen(one, { tools: [tool] });
    await one.engine.recoverAll();
    await one.engine.settled(runId);
    expect(one.engine.stateOf(runId).state.status).toBe('in_doubt');
    await one.engine.resolve(runId, { path: 'all.b.!undo', as: 'completed', output: null }, TESTER);
    await one.engine.settled(runId);
    const { state } = one.engine.stateOf(runId);
    expect(calls).toEqual(['buy a', 'buy b', 'fail', 'hang b', 'cancel a']);
    expect(undone(state)).toEqual(['all.a completed', 'all.b completed']);
    expect(state).toEqual(foldRun(one.store.journal.readRun(runId)));
    expect(one.bugs).toEqual([]);
  });
});

describe('a run that has ended', () => {
  const row = (one: Harness, runId: string) => {
    const { status, rollback, completedAt } = one.store.runs.find(runId) ?? {};
    return { status, rollback, completedAt };
  };

  it('is rolled back by hand, as far as it is told, and keeps its status', async () => {
    const { tool, calls, broken } = shop();
    broken.add('cancel a');
    const one = harness({ tools: [tool] });
    const { runId, completedAt, workedMs } = await play(one, [[buy('a')], [buy('b')], [buy('c')]]);
    calls.length = 0;
    await expect(one.engine.rollback(runId, 'nowhere', TESTER)).rejects.toMatchObject({ code: 'step.not_found' });
    one.clock.advance(60_000);
    await one.engine.rollback(runId, 'b', TESTER);
    await one.engine.settled(runId);
    expect([calls, row(one, runId)]).toEqual([
      ['cancel c'],
      { status: 'completed', rollback: 'completed', completedAt },
    ]);
    await one.engine.rollback(runId, null, TESTER);
    await one.engine.settled(runId);
    expect([calls, row(one, runId).rollback]).toEqual([['cancel c', 'cancel b', 'cancel a'], 'partial']);
    // What failed is tried again, and nothing that is undone is undone twice.
    broken.clear();
    await one.engine.rollback(runId, null, TESTER);
    await one.engine.settled(runId);
    expect([calls.at(-1), calls.length, row(one, runId).rollback]).toEqual(['cancel a', 4, 'completed']);
    await expect(one.engine.rollback(runId, null, TESTER)).rejects.toMatchObject({ code: 'run.illegal_state' });
    const { state } = one.engine.stateOf(runId);
    expect([state.workedMs, state.steps.get('a.!undo')?.attempt]).toEqual([workedMs, 2]);
    expect(state).toEqual(foldRun(one.store.journal.readRun(runId)));
    expect(one.bugs).toEqual([]);
  });

  it('goes on with its rollback after a crash, and asks about an undo that nobody knows the end of', async () => {
    const { tool, calls } = shop();
    const slow = '{id: b, action: shop.buy, compensate: {action: shop.hang}}';
    let one = harness({ tools: [tool] });
    const { runId } = await play(one, [[buy('a')], [slow], [buy('c')]]);
    await one.engine.rollback(runId, null, TESTER);
    await new Promise((resolve) => setImmediate(resolve));
    expect(row(one, runId)).toMatchObject({ status: 'completed', rollback: 'in_progress' });
    one = reopen(one, { tools: [tool] });
    await one.engine.recoverAll();
    await one.engine.settled(runId);
    expect(row(one, runId)).toMatchObject({ status: 'completed', rollback: 'in_doubt' });
    expect(one.store.runs.totals({ needsPerson: true }).runs).toBe(1);
    await expect(one.engine.rollback(runId, null, TESTER)).rejects.toMatchObject({ code: 'run.illegal_state' });
    await one.engine.resolve(runId, { path: 'b.!undo', as: 'failed', output: null }, TESTER);
    await one.engine.settled(runId);
    expect([calls, row(one, runId)]).toMatchObject([
      ['buy a', 'buy', 'buy c', 'cancel c', 'hang', 'cancel a'],
      { status: 'completed', rollback: 'partial' },
    ]);
    expect(undone(one.engine.stateOf(runId).state)).toEqual(['a completed', 'b failed', 'c completed']);
    expect(one.engine.stateOf(runId).state).toEqual(foldRun(one.store.journal.readRun(runId)));
    expect(one.bugs).toEqual([]);
  });
});
