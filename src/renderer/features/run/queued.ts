import type { RunView } from '../../../shared/contract/index.ts';
import { isPart, type StepNode } from './step-tree.ts';
import { LEAST_IDLE_MS } from './timeline.ts';
import type { Span } from './work-time.ts';

/**
 * When steps were ready and others took their turn: from the end of the last one that they wait for to their own begin, or to now. Time in
 * which nobody drove the run is no queue. By path; `nowAt` is the end of what still waits.
 */
export function queuedSpans(
  { run, plan, rests }: Pick<RunView, 'run' | 'plan' | 'rests'>,
  tree: readonly StepNode[],
  nowAt: number,
): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  const isDriven = run.completedAt === null && run.workingSince !== null;
  const note = (node: StepNode, readyAt: number | null): void => {
    if (readyAt === null || node.status === 'skipped' || node.state?.skipReason === 'carried') return;
    const untilAt = node.startedAt ?? (isDriven && node.status === 'pending' ? nowAt : null);
    if (untilAt === null) return;
    const slept = rests.filter((rest) => rest.fromAt < untilAt && (rest.untilAt ?? nowAt) > readyAt);
    const fromAt = Math.max(readyAt, ...slept.map((rest) => rest.untilAt ?? nowAt));
    if (untilAt - fromAt >= LEAST_IDLE_MS) spans.set(node.path, { fromAt, untilAt });
  };
  const ends = new Map(tree.map((node) => [node.path, node.completedAt]));
  const hasNeeds = plan.some(({ needs }) => needs !== undefined);
  tree.forEach((node, at) => {
    const above = tree[at - 1];
    const needs = plan[at]?.needs ?? (above === undefined ? [] : [above.path]);
    const waitsFor = hasNeeds ? needs : needs.slice(-1);
    const known = waitsFor.map((path) => ends.get(path) ?? null);
    note(node, waitsFor.length === 0 ? run.startedAt : known.includes(null) ? null : Math.max(...(known as number[])));
    inside(node, note);
  });
  return spans;
}

/** Steps of one group come one after the other; the first of each branch may begin with its block. */
function inside(node: StepNode, note: (node: StepNode, readyAt: number | null) => void): void {
  node.children.forEach((child, at) => {
    const before = node.children[at - 1];
    const isFirst = before === undefined || before.group !== child.group || child.kind === 'item';
    if (!isPart(child) && child.kind !== 'item')
      note(child, isFirst ? (node.kind === 'parallel' ? node.startedAt : null) : before.completedAt);
    inside(child, note);
  });
}
