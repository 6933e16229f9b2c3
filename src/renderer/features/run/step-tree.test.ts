import { describe, expect, it } from 'vitest';
import type { StepState, StepStatus } from '../../../shared/model/run.ts';
import type { Step } from '../../../shared/model/workflow.ts';
import { pagesKey } from './loop-turns.ts';
import { countsOf, moveInRows, rowsOf, stepWordKey } from './step-rows.ts';
import { ancestorsOf, buildStepTree, findStep, firstStepOf } from './step-tree.ts';
import { barsOf, clockLabel, percentOf, ticksOf, timeScaleOf } from './timeline.ts';

const step = (
  id: string,
  groups: Readonly<Record<string, readonly Step[]>> = {},
  kind: Step['kind'] = 'action',
): Step => {
  const own = { kind, detail: {} } as Pick<Step, 'kind' | 'detail'>;
  return {
    id,
    ...own,
    name: id.toUpperCase(),
    description: '',
    place: { line: 1, column: 1 },
    enabled: true,
    ...(kind === 'action' ? { action: `tool.${id}` } : {}),
    inputs: {},
    conditions: [],
    onError: [],
    groups: Object.entries(groups).map(([name, steps]) => ({ name, steps })),
  } as Step;
};
const state = (path: string, status: StepStatus, more: Partial<StepState> = {}): StepState => ({
  path,
  stepId: path,
  index: 0,
  name: path.toUpperCase(),
  status,
  attempt: 1,
  startedAt: null,
  completedAt: null,
  skipReason: null,
  error: null,
  dueAt: null,
  awaits: null,
  childRunId: null,
  retryAt: null,
  fallbackUsed: false,
  warnings: [],
  attempts: [],
  agent: null,
  ...more,
});
const plan = [
  step('read'),
  step('each', { body: [step('send')] }, 'for_each'),
  step('both', { 'branch:a': [step('left')], 'branch:b': [step('right')] }, 'parallel'),
];

describe('buildStepTree', () => {
  it('shows the whole plan before anything ran', () => {
    const tree = buildStepTree(plan, []);
    expect(rowsOf(tree, new Map()).map((row) => [row.node.path, row.level])).toEqual([
      ['read', 1],
      ['each', 1],
      ['each.send', 2],
      ['both', 1],
      ['both.left', 2],
      ['both.right', 2],
    ]);
    expect(tree.map((node) => [node.ordinal, node.status])).toEqual([
      [1, 'pending'],
      [2, 'pending'],
      [3, 'pending'],
    ]);
    expect(firstStepOf(tree)).toBe('read');
  });

  it('shows loop turns in number order and rolls their state up', () => {
    const turns = [10, 2, 0].map((turn) =>
      state(`each[${turn}].send`, turn === 2 ? 'failed' : 'completed', { startedAt: turn, completedAt: turn + 1 }),
    );
    const tree = buildStepTree(plan, turns);
    const each = findStep(tree, 'each');
    expect(each?.children.map((node) => node.path)).toEqual(['each[0]', 'each[2]', 'each[10]']);
    expect([each?.status, each?.startedAt, each?.completedAt]).toEqual(['failed', 0, 11]);
    expect(firstStepOf(tree)).toBe('each[2].send');
    expect(ancestorsOf('each[2].send')).toEqual(['each', 'each[2]']);
    expect(ancestorsOf('read')).toEqual([]);
  });

  it('never hides a state that the plan does not know', () => {
    const tree = buildStepTree(plan, [state('ghost', 'failed')]);
    expect(tree.at(-1)?.path).toBe('ghost');
  });

  it('puts the tool calls of an agent under its step, in a loop turn too, and draws the step as one of its own', () => {
    const states = [
      state('each[0].send', 'failed', { startedAt: 1000, completedAt: 3000 }),
      state('each[0].send.call[10]', 'completed', { name: 'git.show', startedAt: 2000, completedAt: 2100 }),
      state('each[0].send.call[9]', 'failed', { name: 'git.log', startedAt: 1500, completedAt: 1600 }),
      state('read', 'completed', { startedAt: 1, completedAt: 2 }),
      state('read.call[0]', 'in_doubt', { name: 'mail.send', startedAt: 1 }),
    ];
    const tree = buildStepTree(plan, states);
    const send = findStep(tree, 'each[0].send');
    expect(send?.children.map((node) => [node.name, node.kind, node.action])).toEqual([
      ['git.log', 'call', 'git.log'],
      ['git.show', 'call', 'git.show'],
    ]);
    expect(tree).toHaveLength(plan.length);
    expect(ancestorsOf('each[0].send.call[9]')).toEqual(['each', 'each[0]', 'each[0].send']);
    // One in doubt waits for a person; one that failed is its agent's to deal with.
    expect(firstStepOf(tree)).toBe('read.call[0]');
    expect(firstStepOf(buildStepTree(plan, states.slice(0, 4)))).toBe('each[0].send');
    if (send === null) throw new Error('no step');
    const attempts = [
      { attempt: 1, startedAt: 1000, completedAt: 3000, status: 'failed', error: null, agent: 'x' },
    ] as const;
    const node = { ...send, state: state(send.path, 'failed', { startedAt: 1000, completedAt: 3000, attempts }) };
    const scale = { fromAt: 1000, lengthMs: 4000, tickMs: 1000 };
    expect(barsOf(scale, { node, isOpen: true }, 3000)).toEqual([{ kind: 'failed', left: 0, width: 50, attempt: 1 }]);
  });

  it('opens on no failure that a try has dealt with, and needs no branch that was not taken', () => {
    const careful = [
      step('book', { try: [step('pay')], 'catch:0': [step('note')] }, 'try'),
      step('which', { 'case:a': [step('yes')], 'case:b': [step('no')] }, 'switch'),
      step('last'),
    ];
    const states = [
      state('book', 'completed'),
      state('book.pay', 'failed'),
      state('book.note', 'completed'),
      state('which', 'completed'),
      state('which.yes', 'completed'),
      state('last', 'completed'),
    ];
    const tree = buildStepTree(careful, states);
    expect(firstStepOf(tree)).toBe('last');
    expect(findStep(tree, 'which.no')?.status).toBe('skipped');
  });
});

describe('keys in the list', () => {
  const tree = buildStepTree(plan, []);
  const rows = rowsOf(tree, new Map());
  it('moves, opens and closes as a tree does', () => {
    expect(moveInRows(rows, 'read', 'ArrowDown')).toEqual({ kind: 'select', path: 'each' });
    expect(moveInRows(rows, 'read', 'ArrowUp')).toEqual({ kind: 'select', path: 'read' });
    expect(moveInRows(rows, 'both.right', 'ArrowDown')).toEqual({ kind: 'select', path: 'both.right' });
    expect(moveInRows(rows, 'each', 'ArrowLeft')).toEqual({ kind: 'open', path: 'each', isOpen: false });
    expect(moveInRows(rows, 'each.send', 'ArrowLeft')).toEqual({ kind: 'select', path: 'each' });
    expect(moveInRows(rows, 'each', 'ArrowRight')).toEqual({ kind: 'select', path: 'each.send' });
    expect(moveInRows(rowsOf(tree, new Map([['each', false]])), 'each', 'ArrowRight')).toEqual({
      kind: 'open',
      path: 'each',
      isOpen: true,
    });
    expect(moveInRows(rows, null, 'ArrowDown')).toEqual({ kind: 'select', path: 'read' });
    expect(moveInRows(rows, 'read', 'x')).toBeNull();
    expect(moveInRows([], null, 'ArrowDown')).toBeNull();
  });
  const loop = { path: 'each', total: 10_000, begun: 5_000, completed: 4_990, failed: 2, cancelled: 0 };
  const folded = (...states: readonly StepState[]) =>
    buildStepTree(plan, [state('each', 'running'), ...states], [loop]);
  it('keeps long loops closed until somebody opens them, and then has a row for each turn that began', () => {
    const [, each] = rowsOf(folded(), new Map());
    expect(rowsOf(folded(), new Map())).toHaveLength(5);
    expect(each === undefined ? null : countsOf(each.node)).toEqual({
      total: 10_000,
      done: 4_990,
      running: 8,
      failed: 2,
    });
    const open = new Map([['each', true]]);
    const rows = rowsOf(folded(), open);
    expect(rows).toHaveLength(5_005);
    expect(rows[5_001]).toMatchObject({ posInSet: 5_000, setSize: 5_000, isOpen: false, turn: { at: 4_999 } });
    expect(rows[5_001]?.node.path).toBe('each[4999]');
    const both = new Map([...open, ['each[7]', true] as const]);
    expect(rowsOf(folded(state('each[7].send', 'failed')), both)[10]?.node.path).toBe('each[7].send');
  });
  it('shows what its page says of a turn, and the failed ones alone', () => {
    const failed = {
      number: 4_000,
      path: 'each[4000]',
      label: 'Acme',
      status: 'failed',
      startedAt: 1,
      completedAt: 2,
    } as const;
    const page = { turns: new Map([[0, { ...failed, error: null }]]), total: 2, spread: null };
    const rows = rowsOf(folded(), new Map([['each', true]]), {
      pages: new Map([[pagesKey('each', true), page]]),
      onlyFailed: 'each',
    });
    const turns = rows.filter(({ turn }) => turn !== null).map(({ node }) => [node.path, node.name, node.status]);
    expect(turns).toEqual([
      ['each[4000]', '#4001 Acme', 'failed'],
      ['each[?1]', '…', 'pending'],
    ]);
  });
});

describe('timeline', () => {
  const run = { createdAt: 0, startedAt: 1000, completedAt: null } as Parameters<typeof timeScaleOf>[0]['run'];
  it('leaves room for the average and grows in jumps', () => {
    const scale = timeScaleOf({ run, average: { durationMs: 400_000, runs: 20 } }, 253_000);
    expect(scale).toEqual({ fromAt: 1000, lengthMs: 480_000, tickMs: 60_000 });
    expect(timeScaleOf({ run, average: { durationMs: 400_000, runs: 20 } }, 280_000)).toEqual(scale);
    expect(
      ticksOf(scale)
        .map((tick) => tick.label)
        .slice(0, 3),
    ).toEqual(['0:00', '1:00', '2:00']);
    expect(percentOf(scale, 241_000)).toBe(50);
  });
  it('survives a run without length and a clock that runs backwards', () => {
    for (const now of [1000, 0, -5000]) {
      const scale = timeScaleOf({ run, average: null }, now);
      expect(scale.lengthMs).toBeGreaterThan(0);
      expect(ticksOf(scale).length).toBeLessThan(12);
    }
    expect(clockLabel(3_725_000)).toBe('1:02:05');
    expect(clockLabel(500, 100)).toBe('0.5 s');
    expect([0, 20, 120].map((ms) => clockLabel(ms, 20))).toEqual(['0 s', '20 ms', '120 ms']);
  });
  it('gives every attempt its own bar', () => {
    const attempts = [
      { attempt: 1, startedAt: 1000, completedAt: 1500, status: 'failed', error: null, agent: null },
      { attempt: 2, startedAt: 1600, completedAt: null, status: 'running', error: null, agent: null },
    ] as const;
    const [node] = buildStepTree([step('a')], [state('a', 'running', { startedAt: 1000, attempts })]);
    if (node === undefined) throw new Error('no node');
    const scale = { fromAt: 1000, lengthMs: 1000, tickMs: 200 };
    expect(
      barsOf(scale, { node, isOpen: null }, 1800).map((bar) => [bar.kind, Math.round(bar.left), Math.round(bar.width)]),
    ).toEqual([
      ['failed', 0, 50],
      ['running', 60, 20],
    ]);
    const waiting = {
      ...node,
      status: 'pending',
      state: state('a', 'pending', { attempts: attempts.slice(0, 1), retryAt: 2000 }),
    } as const;
    expect(barsOf(scale, { node: waiting, isOpen: null }, 1800).map((bar) => bar.kind)).toEqual(['failed', 'retry']);
  });
});

it('says of a step that was never begun that it never will be, once the run has ended', () => {
  expect(stepWordKey('pending', false)).toBe('everywhere:status.pending');
  expect(stepWordKey('pending', true)).toBe('run:steps.neverBegun');
  expect(stepWordKey('failed', true)).toBe('everywhere:status.failed');
});
