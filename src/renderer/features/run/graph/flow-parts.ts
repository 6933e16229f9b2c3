import { type Edge, Position } from '@xyflow/react';
import type { Place } from './graph-layout.ts';
import type { GraphEdge, GraphItem } from './graph-model.ts';
import type { ItemNode } from './graph-nodes.tsx';

interface Shown {
  readonly selected: string | null;
  readonly isEnded: boolean;
  readonly nowAt: number;
}

/** Parents before what stands in them. */
export function flowNodes(
  items: readonly GraphItem[],
  places: ReadonlyMap<string, Place>,
  shown: Shown,
  parentId?: string,
): ItemNode[] {
  return items.flatMap((item) => {
    const place = places.get(item.id);
    if (place === undefined) return [];
    const { x, y, width, height } = place;
    const isBox = item.kind === 'step' || (item.kind === 'block' && item.children.length === 0);
    const end = { y: height / 2, width: 1, height: 1 };
    const node: ItemNode = {
      id: item.id,
      type: isBox ? 'step' : item.kind,
      position: { x, y },
      width,
      height,
      handles: [
        { ...end, type: 'target', position: Position.Left, x: 0 },
        { ...end, type: 'source', position: Position.Right, x: width },
      ],
      data: {
        item,
        isSelected: item.kind !== 'way' && item.id === shown.selected,
        isEnded: shown.isEnded,
        // Only what goes on is drawn anew with the clock.
        nowAt: item.node.startedAt !== null && item.node.completedAt === null ? shown.nowAt : 0,
      },
      ...(parentId === undefined ? {} : { parentId }),
    };
    return [node, ...flowNodes(item.children, places, shown, item.id)];
  });
}

export const flowEdge = ({ id, source, target, isTaken, isLeftOut }: GraphEdge): Edge => ({
  id,
  source,
  target,
  type: 'smoothstep',
  className: isLeftOut ? 'out' : isTaken ? 'taken' : '',
  zIndex: 1,
});
