import { isFolded, type LoopState, type TurnState } from '../../../shared/model/run.ts';
import { shortcutKeys } from '../../ui/shortcuts.ts';
import { statusKey } from '../../ui/status.tsx';
import { type KnownTurns, pagesKey } from './loop-turns.ts';
import { isLeaf, type StepNode, turnName } from './step-tree.ts';

/** One line of the step list, with what a screen reader must know of the tree around it. */
export interface StepRow {
  readonly node: StepNode;
  readonly level: number;
  readonly posInSet: number;
  readonly setSize: number;
  /** Null where nothing can be opened. */
  readonly isOpen: boolean | null;
  /** The turn of a loop: its loop and its place among the turns that are shown. */
  readonly turn: { readonly loop: string; readonly onlyFailed: boolean; readonly at: number } | null;
}

/** What is known of loops, and the one of which only the failed turns are shown. */
export interface ShownLoops {
  readonly pages: ReadonlyMap<string, KnownTurns>;
  readonly onlyFailed: string | null;
}

const NO_LOOPS: ShownLoops = { pages: new Map(), onlyFailed: null };

/** What a person opened or closed by hand; everything else is as `opensByItself` says. */
export type OpenSteps = ReadonlyMap<string, boolean>;

const MANY = 24;

/** Short groups stand open; long loops and their turns stay closed so that the list can be read. */
const opensByItself = (node: StepNode): boolean =>
  node.kind !== 'item' && node.children.length <= MANY && (node.loop === null || !isFolded(node.loop));

const isStepOpen = (node: StepNode, open: OpenSteps): boolean => open.get(node.path) ?? opensByItself(node);

/** The visible lines, in order. */
export function rowsOf(tree: readonly StepNode[], open: OpenSteps, loops: ShownLoops = NO_LOOPS): readonly StepRow[] {
  const rows: StepRow[] = [];
  const add = (nodes: readonly StepNode[], level: number): void => {
    nodes.forEach((node, at) => {
      const isOpen = node.children.length === 0 && (node.loop?.begun ?? 0) === 0 ? null : isStepOpen(node, open);
      rows.push({ node, level, posInSet: at + 1, setSize: nodes.length, isOpen, turn: null });
      if (isOpen !== true) return;
      if (node.loop === null) add(node.children, level + 1);
      else addTurns(node, node.loop, level + 1);
    });
  };
  const addTurns = (node: StepNode, loop: LoopState, level: number): void => {
    const onlyFailed = loops.onlyFailed === node.path;
    const known = loops.pages.get(pagesKey(node.path, onlyFailed));
    const setSize = onlyFailed ? (known?.total ?? loop.failed) : loop.begun;
    const loaded = new Map(node.children.map((child) => [child.path, child]));
    for (let at = 0; at < setSize; at += 1) {
      const turn = known?.turns.get(at);
      const path = turn?.path ?? (onlyFailed ? `${node.path}[?${at}]` : `${node.path}[${at}]`);
      const item = turnNode(path, turn, loaded.get(path), onlyFailed ? null : at);
      // Its steps are asked for when it is opened.
      const isOpen = isStepOpen(item, open);
      rows.push({ node: item, level, posInSet: at + 1, setSize, isOpen, turn: { loop: node.path, onlyFailed, at } });
      if (isOpen) add(item.children, level + 1);
    }
  };
  add(tree, 1);
  return rows;
}

/** A turn as its page says, with the steps that are known of it. */
function turnNode(
  path: string,
  turn: TurnState | undefined,
  loaded: StepNode | undefined,
  at: number | null,
): StepNode {
  const number = turn?.number ?? at;
  const name = number === null ? '…' : turnName(number);
  return {
    path,
    name: turn === undefined || turn.label === '' ? name : `${name} ${turn.label}`,
    kind: 'item',
    ordinal: null,
    action: null,
    group: null,
    status: turn?.status ?? loaded?.status ?? 'pending',
    state: null,
    startedAt: turn?.startedAt ?? loaded?.startedAt ?? null,
    completedAt: turn === undefined ? (loaded?.completedAt ?? null) : turn.completedAt,
    children: loaded?.children ?? [],
    loop: null,
  };
}

/** How many of a loop's turns or a group's steps are in which state, for the small bar. */
export interface StepCounts {
  readonly total: number;
  readonly done: number;
  readonly running: number;
  readonly failed: number;
}

export function countsOf(node: StepNode): StepCounts | null {
  if (isLeaf(node) || node.kind === 'item') return null;
  const { loop } = node;
  if (loop !== null) {
    const done = loop.completed + loop.cancelled;
    return { total: loop.total ?? loop.begun, done, running: loop.begun - done - loop.failed, failed: loop.failed };
  }
  const counts = { total: node.children.length, done: 0, running: 0, failed: 0 };
  for (const { status } of node.children) {
    if (status === 'completed' || status === 'skipped') counts.done += 1;
    else if (status === 'running' || status === 'waiting') counts.running += 1;
    else if (status === 'failed' || status === 'in_doubt') counts.failed += 1;
  }
  return counts;
}

export type StepMove =
  | { readonly kind: 'select'; readonly path: string }
  | { readonly kind: 'open'; readonly path: string; readonly isOpen: boolean };

/** What a key does in the list, as in every tree: arrows move and open, Home and End go to the ends. Null: not ours. */
export function moveInRows(rows: readonly StepRow[], selected: string | null, key: string): StepMove | null {
  const at = rows.findIndex((row) => row.node.path === selected);
  const row = rows[at];
  const select = (target: StepRow | undefined): StepMove | null =>
    target === undefined ? null : { kind: 'select', path: target.node.path };
  switch (key) {
    case 'ArrowDown':
    case shortcutKeys('next'):
      return select(rows[Math.min(at + 1, rows.length - 1)]);
    case 'ArrowUp':
    case shortcutKeys('previous'):
      return select(rows[Math.max(at - 1, 0)]);
    case 'Home':
      return select(rows[0]);
    case 'End':
      return select(rows.at(-1));
    case 'PageDown':
      return select(rows[Math.min(at + 10, rows.length - 1)]);
    case 'PageUp':
      return select(rows[Math.max(at - 10, 0)]);
    case 'ArrowRight':
      if (row?.isOpen === false) return { kind: 'open', path: row.node.path, isOpen: true };
      return row?.isOpen === true ? select(rows[at + 1]) : null;
    case 'ArrowLeft':
      if (row?.isOpen === true) return { kind: 'open', path: row.node.path, isOpen: false };
      return row === undefined ? null : select(parentOf(rows, at));
    default:
      return null;
  }
}

function parentOf(rows: readonly StepRow[], at: number): StepRow | undefined {
  const level = rows[at]?.level ?? 1;
  for (let index = at - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row !== undefined && row.level < level) return row;
  }
  return undefined;
}

/** Key of the word for how a step stands. */
export const stepWordKey = (status: StepNode['status'], isRunEnded: boolean): string =>
  status === 'pending' && isRunEnded ? 'run:steps.neverBegun' : statusKey(status);
