import { useEffect, useId, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/index.ts';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { expectedSpans } from './expected.ts';
import { pagesKey, useLoopTurns } from './loop-turns.ts';
import { selectStep, setStepOpen } from './run-store.ts';
import { StepLine } from './step-line.tsx';
import { moveInRows, type StepRow } from './step-rows.ts';
import type { StepNode } from './step-tree.ts';
import { Axis, averageIn } from './time-axis.tsx';
import { type IdleTimes, isWait, LEAST_IDLE_MS, percentOf, type TimeScale } from './timeline.ts';
import type { Timeline } from './use-timeline.ts';

interface StepListProps {
  readonly view: RunView;
  readonly tree: readonly StepNode[];
  readonly rows: readonly StepRow[];
  readonly selected: string | null;
  readonly timeline: Timeline;
  /** Told which rows are drawn. */
  readonly onRows: (rows: readonly StepRow[]) => void;
}

const ROW_PX = { comfortable: 28, compact: 24 };
const ZOOM_KEYS: Readonly<Record<string, number>> = { '+': 0.5, '=': 0.5, '-': 2 };
const PAN_KEYS: Readonly<Record<string, number>> = { ArrowLeft: -0.2, ArrowRight: 0.2 };

/** Steps as a tree with the timeline beside it; one grid, so that the list is the timeline's twin. */
export function StepList({ view, tree, rows, selected, timeline, onRows }: StepListProps) {
  const { t } = useTranslation('run');
  const baseId = useId();
  const { scale, nowAt, idle } = timeline;
  const rowPx = document.documentElement.dataset.density === 'compact' ? ROW_PX.compact : ROW_PX.comfortable;
  const { scrollRef, items, before, after, scrollTo } = useVirtualRows({ count: rows.length, rowHeight: rowPx });
  const selectedAt = rows.findIndex((row) => row.node.path === selected);
  const pages = useLoopTurns((state) => state.pages);
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;

  const shown = useRef<string | null>(null);
  useEffect(() => {
    // The view moves when another step is chosen, never because rows grew.
    if (selectedAt < 0 || shown.current === selected) return;
    shown.current = selected;
    if (!isInView(scrollRef.current, selectedAt, rowPx)) scrollTo(selectedAt);
  }, [selected, selectedAt, rowPx, scrollTo, scrollRef]);
  useEffect(() => onRows(rows.slice(first, last + 1)), [rows, first, last, onRows]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const factor = ZOOM_KEYS[event.key];
    const pan = event.shiftKey ? PAN_KEYS[event.key] : undefined;
    const move = factor === undefined && pan === undefined ? moveInRows(rows, selected, event.key) : null;
    if (factor === undefined && pan === undefined && move === null && event.key !== '0') return;
    event.preventDefault();
    if (factor !== undefined) timeline.zoom(factor);
    else if (pan !== undefined) timeline.pan(pan);
    else if (move === null) timeline.fit();
    else if (move.kind === 'select') selectStep(move.path);
    else setStepOpen(move.path, move.isOpen);
  };
  const isSelectedDrawn = items.some((item) => item.index === selectedAt);
  const average = averageIn(view, scale);
  const expected = useMemo(() => expectedSpans(view, tree, nowAt), [view, tree, nowAt]);
  return (
    <section className="steps" ref={scrollRef} aria-label={t('steps.name')} onWheel={timeline.onWheel}>
      <Axis scale={scale} beginAt={timeline.beginAt} average={average} />
      <div
        role="treegrid"
        aria-label={t('steps.name')}
        aria-rowcount={rows.length}
        aria-activedescendant={isSelectedDrawn ? `${baseId}-${selectedAt}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" style={{ height: before }} />
        {items.map(({ index }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const { path, loop } = row.node;
          return (
            <StepLine
              key={path}
              id={`${baseId}-${index}`}
              {...{ index, row, scale, nowAt, idle }}
              expected={expected.get(path) ?? null}
              spread={loop === null ? null : (pages.get(pagesKey(path, false))?.spread ?? null)}
              isSelected={path === selected}
              isEnded={view.run.completedAt !== null}
            />
          );
        })}
        <div role="presentation" style={{ height: after }} />
        <Over {...{ scale, nowAt, idle }} isOpen={timeline.isOpen} average={average?.percent ?? null} />
      </div>
    </section>
  );
}

interface OverProps {
  readonly scale: TimeScale;
  readonly nowAt: number;
  readonly idle: IdleTimes;
  readonly isOpen: boolean;
  readonly average: number | null;
}

/** Over all lanes: when nobody was at work, now, and the average. */
function Over({ scale, nowAt, idle, isOpen, average }: OverProps) {
  const isNowShown = isOpen && nowAt <= scale.fromAt + scale.lengthMs && nowAt >= scale.fromAt;
  return (
    <div className="over" role="presentation">
      <div className="lane">
        {idle.rests
          .filter((rest) => (rest.untilAt ?? nowAt) - rest.fromAt >= LEAST_IDLE_MS)
          .map(({ fromAt, untilAt, why }) => (
            <s
              key={fromAt}
              className={isWait(why) ? 'wait' : 'asleep'}
              style={{
                left: `${percentOf(scale, fromAt)}%`,
                width: `${percentOf(scale, untilAt ?? nowAt) - percentOf(scale, fromAt)}%`,
              }}
            />
          ))}
        {isNowShown ? <s className="now" style={{ left: `${percentOf(scale, nowAt)}%` }} /> : null}
        {average === null ? null : <s className="avg" style={{ left: `${average}%` }} />}
      </div>
    </div>
  );
}

function isInView(box: HTMLElement | null, index: number, rowPx: number): boolean {
  if (box === null) return true;
  const top = index * rowPx;
  return top >= box.scrollTop && top + 2 * rowPx <= box.scrollTop + box.clientHeight - 24;
}
