import type { RunView } from '../../../shared/contract/index.ts';
import type { StepNode } from './step-tree.ts';
import type { Span } from './work-time.ts';

/**
 * When the steps that have not ended would run, did they take as long as usual: by path, only what has a usual time. A step keeps its
 * usual distance to the begin of the run, moved by how late the run is by then; nothing to come begins before `nowAt`.
 */
export function expectedSpans(
  { run, usualSteps }: Pick<RunView, 'run' | 'usualSteps'>,
  tree: readonly StepNode[],
  nowAt: number,
): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  const { startedAt, completedAt } = run;
  if (startedAt === null || completedAt !== null) return spans;
  /** Gives how late the run is behind these steps. */
  const visit = (nodes: readonly StepNode[], lateBefore: number): number => {
    let late = lateBefore;
    for (const node of nodes) {
      const usual = usualSteps[node.path];
      if (usual !== undefined) late = place(node, startedAt + usual.afterMs, usual.durationMs, late);
      const after = visit(node.children, late);
      if (usual === undefined) late = after;
    }
    return late;
  };
  const place = (node: StepNode, usualFrom: number, durationMs: number, late: number): number => {
    if (node.completedAt !== null) return node.completedAt - usualFrom - durationMs;
    const fromAt = node.startedAt ?? Math.max(usualFrom + late, nowAt);
    const untilAt = fromAt + durationMs;
    spans.set(node.path, { fromAt, untilAt });
    return Math.max(untilAt, nowAt) - usualFrom - durationMs;
  };
  visit(tree, 0);
  return spans;
}
