import { useEffect, useMemo, useState } from 'react';
import type { Step } from '../../../../shared/model/workflow.ts';
import { measure, type Place } from './graph-layout.ts';
import type { GraphEdge, GraphItem } from './graph-model.ts';
import type { NeedsGraph } from './needs-layout.ts';

/** Ids and nesting alone: nothing is laid out anew because a step has ended. */
const shapeOf = (items: readonly GraphItem[]): string =>
  items.map(({ id, children }) => (children.length === 0 ? id : `${id}(${shapeOf(children)})`)).join(' ');

/** Where everything stands; null while top steps with `needs` are being laid out. */
export function useGraphLayout(
  plan: readonly Step[],
  items: readonly GraphItem[],
  edges: readonly GraphEdge[],
): ReadonlyMap<string, Place> | null {
  const shape = shapeOf(items);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape says all that places depend on
  const measured = useMemo(() => measure(items), [shape]);
  const hasNeeds = plan.some(({ needs }) => needs !== undefined);
  const [laidOut, setLaidOut] = useState<{ readonly shape: string; readonly tops: Tops } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape says all that places depend on
  useEffect(() => {
    if (!hasNeeds) return;
    const ids = new Set(measured.sizes.map(({ id }) => id));
    return layOutApart({ sizes: measured.sizes, edges: edges.filter(({ target }) => ids.has(target)) }, (tops) =>
      setLaidOut({ shape, tops }),
    );
  }, [shape, hasNeeds]);
  return useMemo(() => {
    if (!hasNeeds) return measured.places;
    return laidOut?.shape === shape ? new Map([...measured.places, ...laidOut.tops]) : null;
  }, [hasNeeds, measured, laidOut, shape]);
}

type Tops = readonly (readonly [string, Place])[];

/** Where no worker can work the steps stand in rows, as those without `needs` do. Returns the way to stop. */
function layOutApart({ sizes, edges }: NeedsGraph, onDone: (tops: Tops) => void): () => void {
  const worker = new Worker(new URL('./needs-worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<Tops>) => onDone(data);
  worker.onerror = () => onDone([]);
  worker.postMessage({ sizes, edges: edges.map(({ source, target }) => ({ source, target })) });
  return () => worker.terminate();
}
