import { useMemo, useState } from 'react';
import type { RunView } from '../../../shared/contract/index.ts';
import { queuedSpans } from './queued.ts';
import type { StepNode } from './step-tree.ts';
import { type IdleTimes, type TimeScale, timeScaleOf, type Zoom, zoomBy, zoomedScale, zoomTo } from './timeline.ts';
import { type Span, useRunNow } from './work-time.ts';

/** The time that the lanes show, and how to look closer. */
export interface Timeline {
  readonly scale: TimeScale;
  /** When the run began: what the axis counts from. */
  readonly beginAt: number;
  /** Where the bars end, and what durations are counted to, as in header and pane. */
  readonly nowAt: number;
  readonly idle: IdleTimes;
  /** The run goes on. */
  readonly isOpen: boolean;
  readonly isZoomed: boolean;
  /** Below 1 closer, above further; around the middle. */
  readonly zoom: (factor: number) => void;
  /** By a part of what is shown. */
  readonly pan: (part: number) => void;
  /** All of it again. */
  readonly fit: () => void;
  readonly fitSpan: (span: Span) => void;
  /** With Ctrl or Cmd the wheel looks closer where the pointer is, with Shift it moves along. */
  readonly onWheel: (event: React.WheelEvent) => void;
}

/** It goes on while something runs. */
export function useTimeline(view: RunView, tree: readonly StepNode[]): Timeline {
  const { run } = view;
  const isOpen = run.completedAt === null && run.startedAt !== null && run.status !== 'paused';
  const nowAt = useRunNow(run);
  const [zoomed, setZoom] = useState<Zoom | null>(null);
  const whole = timeScaleOf(view, nowAt);
  const scale = zoomedScale(whole, zoomed);
  const queued = useMemo(() => queuedSpans(view, tree, nowAt), [view, tree, nowAt]);
  const pan = (part: number): void =>
    setZoom(zoomed === null ? null : { ...scale, fromAt: scale.fromAt + scale.lengthMs * part });
  return {
    scale,
    beginAt: whole.fromAt,
    nowAt,
    idle: useMemo(() => ({ queued, rests: view.rests }), [queued, view.rests]),
    isOpen,
    isZoomed: zoomed !== null,
    zoom: (factor) => setZoom(zoomBy(whole, scale, factor, 50)),
    pan,
    fit: () => setZoom(null),
    fitSpan: (span) => setZoom(zoomTo(span)),
    onWheel: (event) => {
      if (event.shiftKey && zoomed !== null) pan(Math.sign(event.deltaX + event.deltaY) * 0.1);
      if (!event.ctrlKey && !event.metaKey) return;
      const lane = event.currentTarget.querySelector('.axis .lane')?.getBoundingClientRect();
      if (lane === undefined) return;
      const percent = Math.min(100, Math.max(0, ((event.clientX - lane.left) / lane.width) * 100));
      setZoom(zoomBy(whole, scale, event.deltaY < 0 ? 0.8 : 1.25, percent));
    },
  };
}
