import { isSettledStatus, type StepStatus } from '../../../../shared/model/run.ts';
import type { Condition, Step, StepGroup } from '../../../../shared/model/workflow.ts';
import type { OpenSteps } from '../step-rows.ts';
import { plannedSteps, type StepNode } from '../step-tree.ts';

/** A step, a block that holds others, or one of the ways through a block. */
export interface GraphItem {
  /** The path of its step; of a way the path of its block, `|` and the name of the way. */
  readonly id: string;
  readonly kind: 'step' | 'block' | 'way';
  /** The step; of a way its block's. */
  readonly node: StepNode;
  /** What stands inside, one after the other; ways stand below each other. */
  readonly children: readonly GraphItem[];
  /** Of a way: its name in the plan and what was written for it. */
  readonly group: string | null;
  readonly label: string;
  /** Not taken, and not going to be. */
  readonly isLeftOut: boolean;
  /** Can be opened and closed; null = there is nothing inside. */
  readonly isOpen: boolean | null;
  /** Stands for what every turn of a loop does: it has no state of its own. */
  readonly isPlan: boolean;
  /** Of a loop: the turn that is shown inside, counted from 0; null = none, the plan of a turn is. */
  readonly turn: number | null;
}

/** Blocks of more steps are closed until somebody opens them. */
const MANY = 24;

interface Around {
  readonly selected: string | null;
  readonly open: OpenSteps;
  readonly isLeftOut: boolean;
  readonly isPlan: boolean;
}

/** The planned tree with what became of it. Loops show one turn: the one that holds the chosen step, or one that stands out. */
export function graphItems(
  plan: readonly Step[],
  tree: readonly StepNode[],
  { selected, open }: { readonly selected: string | null; readonly open: OpenSteps },
): readonly GraphItem[] {
  const byId = new Map(tree.map((node) => [node.path, node]));
  return plan.flatMap((step) => {
    const node = byId.get(step.id);
    return node === undefined ? [] : [itemOf(step, node, { selected, open, isLeftOut: false, isPlan: false })];
  });
}

function itemOf(step: Step, node: StepNode, around: Around): GraphItem {
  const { isLeftOut, isPlan } = around;
  const base = { id: node.path, node, group: null, label: '', isLeftOut, isPlan, turn: null };
  if (step.groups.length === 0) return { ...base, kind: 'step', children: [], isOpen: null };
  const isLoop = step.kind === 'for_each' || step.kind === 'while';
  const count = step.groups.reduce((sum, group) => sum + group.steps.length, 0);
  const isOpen = around.open.get(node.path) ?? count <= MANY;
  if (isLoop && around.open.get(node.path) !== false) return loopOf(step, node, around);
  if (!isOpen || isLoop) return { ...base, kind: 'block', children: [], isOpen: false };
  const begun = new Set(step.groups.filter((group) => hasBegun(node, group)).map(({ name }) => name));
  const isChosen = (step.kind === 'if' || step.kind === 'switch') && begun.size > 0;
  const isOver = isSettledStatus(node.status) || isChosen;
  const ways = step.groups.map((group): GraphItem => {
    const isLeftOut = base.isLeftOut || (isOver && !begun.has(group.name));
    const children = childrenOf(group, node, { ...around, isLeftOut });
    const id = `${node.path}|${group.name}`;
    return {
      ...base,
      id,
      kind: 'way',
      group: group.name,
      label: writtenFor(step, group),
      children,
      isLeftOut,
      isOpen: null,
    };
  });
  return { ...base, kind: 'block', children: ways, isOpen: true };
}

const childrenOf = (group: StepGroup, parent: StepNode, around: Around): readonly GraphItem[] => {
  const byPath = new Map(parent.children.map((child) => [child.path, child]));
  return group.steps.flatMap((step) => {
    const child = byPath.get(`${parent.path}.${step.id}`);
    return child === undefined ? [] : [itemOf(step, child, around)];
  });
};

const hasBegun = (parent: StepNode, { steps }: StepGroup): boolean =>
  steps.some((step) =>
    parent.children.some((child) => child.path === `${parent.path}.${step.id}` && child.state !== null),
  );

function loopOf(step: Step, node: StepNode, around: Around): GraphItem {
  const turn = shownTurn(node, around.selected);
  const body = step.groups[0];
  const holder = turn ?? { ...node, path: `${node.path}[]`, children: plannedSteps(step, `${node.path}[]`) };
  const number = turn === undefined ? null : Number(turn.path.slice(node.path.length + 1, -1));
  return {
    id: node.path,
    kind: 'block',
    node,
    children:
      body === undefined
        ? []
        : childrenOf(body, holder, { ...around, isPlan: turn === undefined && node.loop !== null }),
    group: null,
    label: '',
    isLeftOut: around.isLeftOut,
    isPlan: around.isPlan,
    isOpen: true,
    turn: number,
  };
}

/** The turn that the chosen step lies in, else one that failed or still goes on, else the last one that is known. */
function shownTurn({ children }: StepNode, selected: string | null): StepNode | undefined {
  const turns = children.filter(({ kind }) => kind === 'item');
  const holds = ({ path }: StepNode): boolean => selected === path || selected?.startsWith(`${path}.`) === true;
  const loud: readonly StepStatus[] = ['failed', 'in_doubt', 'running', 'waiting'];
  return turns.find(holds) ?? turns.find(({ status }) => loud.includes(status)) ?? turns.at(-1);
}

/** What the author wrote for a way: a condition, values, the name of a branch. */
function writtenFor(step: Step, { name, condition }: StepGroup): string {
  if (step.kind === 'if' && name === 'then') return bare(step.detail.if);
  if (step.kind === 'switch') {
    const one = step.detail.cases.find(({ group }) => group === name);
    return one?.when === undefined ? bare(one?.if ?? '') : one.when.map(String).join(', ');
  }
  if (condition !== undefined) return bare(condition);
  return name.startsWith('branch:') ? name.slice('branch:'.length) : '';
}

/** A condition without the braces around it. */
const bare = (condition: Condition): string =>
  String(condition)
    .replace(/^\s*\{\{([^{}]*)\}\}\s*$/, '$1')
    .trim();

/** An arrow between two items that stand side by side. */
export interface GraphEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** The way went along here. */
  readonly isTaken: boolean;
  readonly isLeftOut: boolean;
}

/** Top steps along their `needs`, all others one after the other. */
export function graphEdges(plan: readonly Step[], items: readonly GraphItem[]): readonly GraphEdge[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const top = items.flatMap((item, at) => {
    const above = items[at - 1];
    const needs = plan.find((step) => step.id === item.id)?.needs ?? (above === undefined ? [] : [above.id]);
    return needs.flatMap((id) => {
      const source = byId.get(id);
      return source === undefined ? [] : [edgeOf(source, item)];
    });
  });
  return [...top, ...items.flatMap(edgesInside)];
}

function edgesInside(item: GraphItem): readonly GraphEdge[] {
  const inner = item.children.flatMap(edgesInside);
  const areWays = item.children[0]?.kind === 'way';
  if (areWays) return inner;
  const own = item.children.flatMap((child, at) => {
    const before = item.children[at - 1];
    return before === undefined ? [] : [edgeOf(before, child)];
  });
  return [...own, ...inner];
}

const edgeOf = (source: GraphItem, target: GraphItem): GraphEdge => ({
  id: `${source.id} ${target.id}`,
  source: source.id,
  target: target.id,
  isTaken: isSettledStatus(source.node.status) && target.node.status !== 'pending' && target.node.status !== 'skipped',
  isLeftOut: source.isLeftOut || target.isLeftOut,
});
