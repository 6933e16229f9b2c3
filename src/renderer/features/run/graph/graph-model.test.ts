import { describe, expect, it } from 'vitest';
import type { LoopState, StepState, StepStatus } from '../../../../shared/model/run.ts';
import type { Step } from '../../../../shared/model/workflow.ts';
import { buildStepTree } from '../step-tree.ts';
import { measure, type Place } from './graph-layout.ts';
import { type GraphItem, graphEdges, graphItems } from './graph-model.ts';
import { layOutNeeds } from './needs-layout.ts';

const step = (id: string, more: object = {}, groups: Readonly<Record<string, readonly Step[]>> = {}): Step =>
  ({
    id,
    name: id,
    kind: 'action',
    detail: {},
    conditions: [],
    ...more,
    groups: Object.entries(groups).map(([name, steps]) => ({ name, steps })),
  }) as unknown as Step;
const state = (path: string, status: StepStatus): StepState =>
  ({ path, name: path, status, startedAt: 1, completedAt: 2, attempts: [] }) as unknown as StepState;
const choice = {
  kind: 'switch',
  detail: {
    switch: 'x',
    cases: [
      { group: 'case:0', when: [1, 2] },
      { group: 'case:1', when: [5] },
    ],
  },
};
const none = { selected: null, open: new Map<string, boolean>() };
const all = (items: readonly GraphItem[]): readonly GraphItem[] =>
  items.flatMap((item) => [item, ...all(item.children)]);

describe('graphItems', () => {
  const plan = [step('which', choice, { 'case:0': [step('little')], 'case:1': [step('much')] })];
  it('shows every way through a block, and which was not taken', () => {
    const before = all(graphItems(plan, buildStepTree(plan, []), none));
    expect(before.map(({ id, label, isLeftOut }) => [id, label, isLeftOut])).toEqual([
      ['which', '', false],
      ['which|case:0', '1, 2', false],
      ['which.little', '', false],
      ['which|case:1', '5', false],
      ['which.much', '', false],
    ]);
    const states = [state('which', 'running'), state('which.much', 'running')];
    const after = all(graphItems(plan, buildStepTree(plan, states), none));
    expect(after.filter(({ isLeftOut }) => isLeftOut).map(({ id }) => id)).toEqual(['which|case:0', 'which.little']);
  });

  it('closes a block as the list does', () => {
    const [item] = graphItems(plan, buildStepTree(plan, []), { selected: null, open: new Map([['which', false]]) });
    expect([item?.isOpen, item?.children]).toEqual([false, []]);
  });

  it('shows the plan of a turn of a folded loop, or the turn that holds the chosen step', () => {
    const loops: LoopState[] = [{ path: 'each', total: 99, begun: 99, completed: 99, failed: 0, cancelled: 0 }];
    const looped = [step('each', { kind: 'for_each' }, { body: [step('send')] })];
    const folded = graphItems(looped, buildStepTree(looped, [state('each', 'completed')], loops), none)[0];
    expect([folded?.turn, folded?.children.map(({ id, isPlan }) => [id, isPlan])]).toEqual([
      null,
      [['each[].send', true]],
    ]);
    const states = [state('each', 'completed'), state('each[7].send', 'failed')];
    const chosen = graphItems(looped, buildStepTree(looped, states, loops), { ...none, selected: 'each[7].send' })[0];
    expect([chosen?.turn, chosen?.children.map(({ id, isPlan }) => [id, isPlan])]).toEqual([
      7,
      [['each[7].send', false]],
    ]);
  });
});

it('arrows go along needs between top steps, one after the other elsewhere, and are drawn through where the run went', () => {
  const plan = [
    step('a'),
    step('b', { needs: ['a'] }),
    step('c', { needs: ['a'] }),
    step('d', { needs: ['b', 'c'], kind: 'try' }, { try: [step('e'), step('f')] }),
  ];
  const items = graphItems(plan, buildStepTree(plan, [state('a', 'completed'), state('b', 'running')]), none);
  expect(graphEdges(plan, items).map(({ source, target, isTaken }) => [source, target, isTaken])).toEqual([
    ['a', 'b', true],
    ['a', 'c', false],
    ['b', 'd', false],
    ['c', 'd', false],
    ['d.e', 'd.f', false],
  ]);
});

describe('layout', () => {
  const overlap = (one: Place, other: Place): boolean =>
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height;
  const expectApart = (items: readonly GraphItem[], places: ReadonlyMap<string, Place>): void => {
    for (const [at, item] of items.entries())
      for (const other of items.slice(at + 1)) {
        const [one, two] = [places.get(item.id), places.get(other.id)];
        expect(one !== undefined && two !== undefined && !overlap(one, two)).toBe(true);
      }
    for (const item of items) expectApart(item.children, places);
  };
  it('puts nothing over anything else, and everything into what it belongs to', () => {
    const inner = Array.from({ length: 9 }, (_, at) => step(`s${at}`));
    const plan = [
      step('a'),
      step('b', { kind: 'parallel' }, { 'branch:x': inner, 'branch:y': [step('z')] }),
      step('c'),
    ];
    const items = graphItems(plan, buildStepTree(plan, []), none);
    const { places } = measure(items);
    expectApart(items, places);
    const parent = places.get('b|branch:x');
    for (const { id } of inner) {
      const child = places.get(`b.${id}`);
      if (child === undefined || parent === undefined) throw new Error('no place');
      expect([
        child.x >= 0,
        child.y >= 0,
        child.x + child.width <= parent.width,
        child.y + child.height <= parent.height,
      ]).toEqual([true, true, true, true]);
    }
  });
  it('puts 1,000 steps into rows that fit a screen better than a line, at once', () => {
    const plan = Array.from({ length: 1000 }, (_, at) => step(`s${at}`));
    const { places } = measure(graphItems(plan, buildStepTree(plan, []), none));
    const right = Math.max(...[...places.values()].map(({ x, width }) => x + width));
    const bottom = Math.max(...[...places.values()].map(({ y, height }) => y + height));
    expect(places.size).toBe(1000);
    expect(right / bottom).toBeGreaterThan(1.5);
    expect(right / bottom).toBeLessThan(4);
  });
  it('puts each step behind all that it needs', () => {
    const sizes = ['a', 'b', 'c', 'd'].map((id) => ({ id, width: 200, height: 50 }));
    const edges = [
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'd'],
      ['c', 'd'],
    ].map(([source = '', target = '']) => ({ source, target }));
    const places = new Map(layOutNeeds({ sizes, edges }));
    for (const { source, target } of edges) {
      const [from, to] = [places.get(source), places.get(target)];
      expect((from?.x ?? 0) + (from?.width ?? 0)).toBeLessThan(to?.x ?? 0);
    }
  });
});
