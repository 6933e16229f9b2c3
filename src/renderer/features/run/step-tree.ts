import type { LoopState, StepState, StepStatus } from '../../../shared/model/run.ts';
import { undoneBy } from '../../../shared/model/undo.ts';
import type { Step, StepKind } from '../../../shared/model/workflow.ts';
import { callPlaceOf, callsByParent } from './call-links.ts';

/** What stands below a step although the plan does not name it: the tool calls of an agent, and what undoes it. */
type PartKind = 'call' | 'undo';

/** A step of the plan with what became of it, or one turn of a loop. `path` is the key (DESIGN decision 4). */
export interface StepNode {
  readonly path: string;
  readonly name: string;
  readonly kind: StepKind | 'item' | PartKind;
  /** 1-based place among the top steps; null below. */
  readonly ordinal: number | null;
  /** What it does (`tool.operation`) or the branch it stands in. */
  readonly action: string | null;
  readonly group: string | null;
  readonly status: StepStatus;
  readonly state: StepState | null;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly children: readonly StepNode[];
  /** Loops that have begun: what became of their turns. */
  readonly loop: LoopState | null;
}

interface Index {
  readonly states: ReadonlyMap<string, StepState>;
  /** Path without its last `[i]` -> the numbers of its turns. */
  readonly turns: ReadonlyMap<string, ReadonlySet<number>>;
  /** Path of an agent step -> the tool calls that it made. */
  readonly calls: ReadonlyMap<string, readonly StepState[]>;
  /** Path of a step -> what undoes it. */
  readonly undos: ReadonlyMap<string, readonly StepState[]>;
  readonly loops: ReadonlyMap<string, LoopState>;
  readonly seen: Set<string>;
}

/** The tree of a run: the plan's order and nesting, loop turns as they appear, and nothing that happened left out. */
export function buildStepTree(
  plan: readonly Step[],
  states: readonly StepState[],
  loops: readonly LoopState[] = [],
): readonly StepNode[] {
  const index: Index = {
    states: new Map(states.map((state) => [state.path, state])),
    turns: turnsOf(states),
    calls: callsByParent(states),
    undos: undosByStep(states),
    loops: new Map(loops.map((loop) => [loop.path, loop])),
    seen: new Set(),
  };
  const nodes = plan.map((step, at) => stepNode(index, step, { path: step.id, ordinal: at + 1, group: null }));
  const strays = states.filter((state) => !index.seen.has(state.path));
  return strays.length === 0 ? nodes : [...nodes, ...strays.map(strayNode)];
}

function undosByStep(states: readonly StepState[]): ReadonlyMap<string, readonly StepState[]> {
  const undos = new Map<string, StepState[]>();
  for (const state of states) {
    const step = undoneBy(state.path);
    if (step !== null) undos.set(step, [...(undos.get(step) ?? []), state]);
  }
  return undos;
}

function turnsOf(states: readonly StepState[]): Map<string, Set<number>> {
  const turns = new Map<string, Set<number>>();
  for (const { path } of states) {
    if (!path.includes('[') || callPlaceOf(path) !== null) continue;
    for (const match of path.matchAll(/\[(\d{1,7})\]/g)) {
      const base = path.slice(0, match.index);
      const known = turns.get(base);
      if (known === undefined) turns.set(base, new Set([Number(match[1])]));
      else known.add(Number(match[1]));
    }
  }
  return turns;
}

interface Place {
  readonly path: string;
  readonly ordinal: number | null;
  readonly group: string | null;
}

function stepNode(index: Index, step: Step, place: Place): StepNode {
  const turns = index.turns.get(place.path);
  const loop = index.loops.get(place.path);
  const children =
    turns === undefined
      ? loop !== undefined && loop.begun > 0
        ? []
        : leftOut(index.states.get(place.path)?.status, step, childrenOf(index, step, place.path))
      : [...turns].sort((a, b) => a - b).map((turn) => turnNode(index, step, { path: `${place.path}[${turn}]`, turn }));
  return withState(index, children, {
    path: place.path,
    name: step.name,
    kind: step.kind,
    ordinal: place.ordinal,
    action: step.action ?? null,
    group: place.group,
  });
}

/** The steps inside of one turn of a loop as the plan has them, at the path of the turn. */
export const plannedSteps = (step: Step, path: string): readonly StepNode[] =>
  childrenOf(
    { states: new Map(), turns: new Map(), calls: new Map(), undos: new Map(), loops: new Map(), seen: new Set() },
    step,
    path,
  );

/** Branches that a choice did not take are not needed any more once it has ended. */
function leftOut(status: StepStatus | undefined, { kind }: Step, children: readonly StepNode[]): readonly StepNode[] {
  if (status !== 'completed' || !['if', 'switch', 'try'].includes(kind)) return children;
  const settle = (node: StepNode): StepNode =>
    node.state === null && node.status === 'pending'
      ? { ...node, status: 'skipped', children: node.children.map(settle) }
      : node;
  return children.map(settle);
}

function turnNode(index: Index, step: Step, { path, turn }: { path: string; turn: number }): StepNode {
  return withState(index, childrenOf(index, step, path), {
    path,
    name: turnName(turn),
    kind: 'item',
    ordinal: null,
    action: step.action ?? null,
    group: null,
  });
}

/** Turns are counted from 1 where people read it. */
export const turnName = (turn: number): string => `#${turn + 1}`;

function childrenOf(index: Index, step: Step, path: string): readonly StepNode[] {
  return step.groups.flatMap((group) =>
    group.steps.map((child) =>
      stepNode(index, child, {
        path: `${path}.${child.id}`,
        ordinal: null,
        group: step.groups.length > 1 ? group.name : null,
      }),
    ),
  );
}

function withState(
  index: Index,
  children: readonly StepNode[],
  base: Pick<StepNode, 'path' | 'name' | 'kind' | 'ordinal' | 'action' | 'group'>,
): StepNode {
  const state = index.states.get(base.path) ?? null;
  index.seen.add(base.path);
  const times = state === null ? spanOf(children) : state;
  const calls = (index.calls.get(base.path) ?? []).map((call) => partNode(index, call, 'call'));
  const undos = (index.undos.get(base.path) ?? []).map((undo) => partNode(index, undo, 'undo'));
  const parts = [...calls, ...undos];
  return {
    ...base,
    name: state !== null && base.kind !== 'item' ? state.name : base.name,
    status: state?.status ?? statusOf(children),
    state,
    startedAt: times.startedAt,
    completedAt: times.completedAt,
    children: parts.length === 0 ? children : [...children, ...parts],
    loop: index.loops.get(base.path) ?? null,
  };
}

function partNode(index: Index, state: StepState, kind: PartKind): StepNode {
  index.seen.add(state.path);
  return { ...strayNode(state), kind, action: state.name };
}

function strayNode(state: StepState): StepNode {
  const { path, name, status, startedAt, completedAt } = state;
  return {
    path,
    name,
    status,
    startedAt,
    completedAt,
    state,
    kind: 'action',
    ordinal: null,
    action: null,
    group: null,
    children: [],
    loop: null,
  };
}

function spanOf(nodes: readonly StepNode[]): { startedAt: number | null; completedAt: number | null } {
  let startedAt: number | null = null;
  let completedAt: number | null = null;
  let isOpen = false;
  for (const node of nodes) {
    if (node.startedAt !== null && (startedAt === null || node.startedAt < startedAt)) startedAt = node.startedAt;
    if (node.startedAt !== null && node.completedAt === null) isOpen = true;
    if (node.completedAt !== null && (completedAt === null || node.completedAt > completedAt))
      completedAt = node.completedAt;
  }
  return { startedAt, completedAt: isOpen ? null : completedAt };
}

/** What a group without a state of its own shows: a question first, then that it still goes on, then how it ended. */
const LOUDEST: readonly StepStatus[] = ['in_doubt', 'running', 'waiting', 'failed', 'cancelled'];

function statusOf(children: readonly StepNode[]): StepStatus {
  const statuses = new Set(children.map((child) => child.status));
  const loud = LOUDEST.find((status) => statuses.has(status));
  if (loud !== undefined) return loud;
  if (statuses.has('pending')) return statuses.has('completed') ? 'running' : 'pending';
  return statuses.has('completed') ? 'completed' : (children[0]?.status ?? 'pending');
}

/** True for what the plan does not name; see {@link PartKind}. */
export const isPart = ({ kind }: StepNode): boolean => kind === 'call' || kind === 'undo';

/** True for a step that does something itself: it has no parts but those that the plan does not name. */
export const isLeaf = (node: StepNode): boolean =>
  node.loop === null && node.kind !== 'item' && node.children.every(isPart);

/** Every node of the tree, parents before children. */
function* walkSteps(nodes: readonly StepNode[]): Generator<StepNode> {
  for (const node of nodes) {
    yield node;
    yield* walkSteps(node.children);
  }
}

/** Without what a `try` has dealt with. */
function* walkUnhandled(nodes: readonly StepNode[]): Generator<StepNode> {
  for (const node of nodes) {
    yield node;
    if (node.kind !== 'try' || node.status !== 'completed') yield* walkUnhandled(node.children);
  }
}

/**
 * Where the screen opens: the first failed step, else the first in doubt, else what runs or waits, else the first to come;
 * of nested ones the innermost, because that is where it happened.
 */
export function firstStepOf(tree: readonly StepNode[]): string | null {
  const leaves = [...walkUnhandled(tree)].filter((node) => node.children.every(isPart));
  const ranks: readonly (readonly StepStatus[])[] = [['failed', 'in_doubt'], ['running', 'waiting'], ['pending']];
  // A tool call that failed is its agent's to deal with; one in doubt is a person's.
  const steps = leaves.filter((node) => !isPart(node) || node.status === 'in_doubt');
  for (const rank of ranks) {
    const hit = steps.find((node) => rank.includes(node.status));
    if (hit !== undefined) return hit.path;
  }
  return steps.at(-1)?.path ?? null;
}

/** The paths of all nodes above a path: what must be open to see it. */
export const ancestorsOf = (path: string): readonly string[] =>
  [...path.matchAll(/[.[]/g)].map(({ index }) => path.slice(0, index)).filter((above) => !above.endsWith('.call'));

export const findStep = (tree: readonly StepNode[], path: string): StepNode | null => {
  for (const node of walkSteps(tree)) if (node.path === path) return node;
  return null;
};
