import { type Edge, Position } from '@xyflow/react';
import type { Rest } from '../../../../shared/model/run.ts';
import { GAP, type Place } from './graph-layout.ts';
import type { GraphEdge, GraphItem } from './graph-model.ts';
import type { ItemNode } from './graph-nodes.tsx';

interface Shown {
  readonly selected: string | null;
  readonly isEnded: boolean;
  readonly nowAt: number;
  readonly rests: readonly Rest[];
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
        rests: shown.rests,
        nowAt: item.node.startedAt !== null && item.node.completedAt === null ? shown.nowAt : 0,
      },
      ...(parentId === undefined ? {} : { parentId }),
    };
    return [node, ...flowNodes(item.children, places, shown, item.id)];
  });
}

/** Between two rows an arrow goes where nothing stands. */
function crossing(from: Place | undefined, to: Place | undefined): number | null {
  if (from?.rowEnd === undefined || to === undefined || to.x > from.x) return null;
  const fromY = from.y + from.height / 2;
  return (from.rowEnd + GAP.y / 2 - fromY) / (to.y + to.height / 2 - fromY);
}

/** An arrow; from the end of a row to the begin of the next one it takes a way of its own. */
export function flowEdge(
  { id, source, target, isTaken, isLeftOut }: GraphEdge,
  places: ReadonlyMap<string, Place>,
): Edge {
  const share = crossing(places.get(source), places.get(target));
  const className = isLeftOut ? 'out' : isTaken ? 'taken' : '';
  const edge = { id, source, target, className, zIndex: 1 };
  return share === null ? { ...edge, type: 'smoothstep' } : { ...edge, type: 'row', data: { share } };
}
