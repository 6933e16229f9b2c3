import { BaseEdge, type Edge, type EdgeProps, getSmoothStepPath } from '@xyflow/react';

/** `share`: how far down to the target the arrow goes before it goes back to the begin of the next row. */
export type RowEdgeType = Edge<{ readonly share: number }>;

/** From the end of a row to the begin of the next one, where nothing stands between them. */
function RowEdge({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data }: EdgeProps<RowEdgeType>) {
  const [path] = getSmoothStepPath({
    ...{ sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition },
    centerX: (sourceX + targetX) / 2,
    centerY: sourceY + (targetY - sourceY) * (data?.share ?? 0.5),
    offset: 16,
  });
  return <BaseEdge path={path} />;
}

export const EDGE_TYPES = { row: RowEdge };
