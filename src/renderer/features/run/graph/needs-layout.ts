import { Graph, layout } from '@dagrejs/dagre';
import { GAP, type Place } from './graph-layout.ts';

/** What is laid out along its arrows. */
export interface NeedsGraph {
  readonly sizes: readonly { readonly id: string; readonly width: number; readonly height: number }[];
  readonly edges: readonly { readonly source: string; readonly target: string }[];
}

/** From left to right, each behind all that it needs. A thousand of them take a second: only a worker asks. */
export function layOutNeeds({ sizes, edges }: NeedsGraph): readonly (readonly [string, Place])[] {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: GAP.y, ranksep: GAP.x * 1.5 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of sizes) graph.setNode(id, { width, height });
  for (const { source, target } of edges) graph.setEdge(source, target);
  layout(graph);
  return sizes.map(({ id, width, height }) => {
    const { x = 0, y = 0 } = graph.node(id) as { readonly x?: number; readonly y?: number };
    return [id, { x: x - width / 2, y: y - height / 2, width, height }] as const;
  });
}
