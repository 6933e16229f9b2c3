import { getViewportForBounds, type Rect, useReactFlow, useStoreApi, type Viewport } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { ItemNode } from './graph-nodes.tsx';

/** So close it can be read; a picture that is too large for it opens on the chosen step. */
const READABLE = 0.55;
const CLOSE = 0.8;
export const FURTHEST = 0.05;
const MARGIN = 16;

/** What is around all boxes. */
const boundsOf = (nodes: readonly ItemNode[]): Rect => {
  const tops = nodes.filter(({ parentId }) => parentId === undefined);
  const right = Math.max(0, ...tops.map(({ position, width = 0 }) => position.x + width));
  const bottom = Math.max(0, ...tops.map(({ position, height = 0 }) => position.y + height));
  return { x: 0, y: 0, width: right, height: bottom };
};

/** Shows all of the graph: not all boxes are drawn, so where they stand is asked, not the page. */
export function useShowAll(): () => Viewport | null {
  const { getNodes, setViewport } = useReactFlow<ItemNode>();
  const store = useStoreApi();
  return () => {
    const { width, height } = store.getState();
    const nodes = getNodes();
    if (nodes.length === 0 || width === 0) return null;
    const viewport = getViewportForBounds(boundsOf(nodes), width, height, FURTHEST, 1, 0.04);
    void setViewport(viewport);
    return viewport;
  };
}

/** The middle of a box in the middle of the room, but no empty room beyond an end of the graph. */
const offset = (middle: number, zoom: number, whole: number, room: number): number =>
  whole * zoom + 2 * MARGIN <= room
    ? (room - whole * zoom) / 2
    : Math.min(MARGIN, Math.max(room - MARGIN - whole * zoom, room / 2 - middle * zoom));

/** The graph opens on all of it, or on the chosen step where that could not be read; later it goes where the choice goes. */
export function useView(selected: string | null): () => void {
  const { setViewport, getViewport, getInternalNode, getNodes } = useReactFlow<ItemNode>();
  const store = useStoreApi();
  const showAll = useShowAll();
  const shown = useRef<string | null>(null);
  const isOpened = useRef(false);
  const centre = (zoom: number, onlyIfHidden: boolean): void => {
    const node = selected === null ? undefined : getInternalNode(selected);
    if (node === undefined) return;
    shown.current = selected;
    const { x, y } = node.internals.positionAbsolute;
    const { width = 0, height = 0 } = node;
    const view = getViewport();
    const room = store.getState();
    const isInView =
      x * view.zoom + view.x >= 0 &&
      y * view.zoom + view.y >= 0 &&
      (x + width) * view.zoom + view.x <= room.width &&
      (y + height) * view.zoom + view.y <= room.height;
    if (onlyIfHidden && isInView) return;
    const whole = boundsOf(getNodes());
    void setViewport({
      x: offset(x + width / 2, zoom, whole.width, room.width),
      y: offset(y + height / 2, zoom, whole.height, room.height),
      zoom,
    });
  };
  useEffect(() => {
    if (isOpened.current && shown.current !== selected) centre(getViewport().zoom, true);
  });
  return () => {
    const viewport = showAll();
    isOpened.current = true;
    shown.current = selected;
    if (viewport !== null && viewport.zoom < READABLE) centre(CLOSE, false);
  };
}
