import { useEffect, useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/index.ts';
import { formatDuration } from '../../ui/format.ts';
import { useNow } from '../../ui/use-now.ts';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { selectStep, setStepOpen } from './run-store.ts';
import { StepLine } from './step-line.tsx';
import { moveInRows, type OpenSteps, rowsOf } from './step-rows.ts';
import type { StepNode } from './step-tree.ts';
import { clockLabel, percentOf, redrawMsOf, ticksOf, timeScaleOf } from './timeline.ts';

interface StepListProps {
  readonly view: RunView;
  readonly tree: readonly StepNode[];
  readonly selected: string | null;
  readonly openSteps: OpenSteps;
}

const ROW_PX = { comfortable: 28, compact: 24 };

/** Steps as a tree with the timeline beside it; one grid, so that the list is the timeline's twin. */
export function StepList({ view, tree, selected, openSteps }: StepListProps) {
  const { t } = useTranslation('run');
  const baseId = useId();
  const isOpen = view.run.completedAt === null && view.run.startedAt !== null && view.run.status !== 'paused';
  const everyMs = isOpen ? redrawMsOf(timeScaleOf(view, Date.now())) : 3_600_000;
  const clock = useNow(everyMs);
  const nowAt = view.run.completedAt ?? Math.max(clock, view.run.startedAt ?? 0);
  const scale = timeScaleOf(view, nowAt);
  const rows = useMemo(() => rowsOf(tree, openSteps), [tree, openSteps]);
  const isCompact = document.documentElement.dataset.density === 'compact';
  const { scrollRef, items, before, after, scrollTo } = useVirtualRows({
    count: rows.length,
    rowHeight: isCompact ? ROW_PX.compact : ROW_PX.comfortable,
  });
  const selectedAt = rows.findIndex((row) => row.node.path === selected);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the view moves when another step is chosen, never because rows grew
  useEffect(() => {
    if (selectedAt >= 0 && !isInView(scrollRef.current, selectedAt, isCompact ? ROW_PX.compact : ROW_PX.comfortable))
      scrollTo(selectedAt);
  }, [selected]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moveInRows(rows, selected, event.key);
    if (move === null) return;
    event.preventDefault();
    if (move.kind === 'select') selectStep(move.path);
    else setStepOpen(move.path, move.isOpen);
  };
  const isSelectedDrawn = items.some((item) => item.index === selectedAt);
  const average = view.average;
  const averagePercent = average === null ? 101 : percentOf(scale, scale.fromAt + average.durationMs);
  const hasAverage = average !== null && average.durationMs <= scale.lengthMs;
  // Close to the beginning its name would cover the ticks; the header says it too.
  const namesAverage = hasAverage && averagePercent > 8;
  return (
    <section className="steps" ref={scrollRef} aria-label={t('steps.name')}>
      <div className="axis" aria-hidden="true">
        <div className="who">
          <span className="k">{t('steps.step')}</span>
          <span className="grow" />
          <span className="k">{t('steps.took')}</span>
        </div>
        <div className="lane">
          {ticksOf(scale)
            .filter(
              (tick) =>
                !namesAverage ||
                Math.abs(tick.percent - averagePercent - (averagePercent > 78 ? -10 : 10)) > 14 ||
                tick.percent === 0,
            )
            .map((tick) => (
              <span key={tick.label} style={{ left: `${tick.percent}%` }}>
                {tick.label}
              </span>
            ))}
          {namesAverage ? (
            <em
              className={averagePercent > 78 ? 'end' : ''}
              style={{ left: `${averagePercent}%` }}
              title={formatDuration(average.durationMs)}
            >
              {t('steps.average', {
                time: average.durationMs < 10_000 ? formatDuration(average.durationMs) : clockLabel(average.durationMs),
              })}
            </em>
          ) : null}
        </div>
      </div>
      <div
        role="treegrid"
        aria-label={t('steps.name')}
        aria-rowcount={rows.length}
        aria-activedescendant={isSelectedDrawn ? `${baseId}-${selectedAt}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" style={{ height: before }} />
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <StepLine
              key={row.node.path}
              id={`${baseId}-${item.index}`}
              index={item.index}
              row={row}
              isSelected={row.node.path === selected}
              scale={scale}
              nowAt={nowAt}
            />
          );
        })}
        <div role="presentation" style={{ height: after }} />
        <div className="over" role="presentation">
          <div className="lane">
            {isOpen ? <s className="now" style={{ left: `${percentOf(scale, nowAt)}%` }} /> : null}
            {hasAverage ? <s className="avg" style={{ left: `${averagePercent}%` }} /> : null}
          </div>
        </div>
      </div>
    </section>
  );
}

function isInView(box: HTMLElement | null, index: number, rowPx: number): boolean {
  if (box === null) return true;
  const top = index * rowPx;
  return top >= box.scrollTop && top + 2 * rowPx <= box.scrollTop + box.clientHeight - 24;
}
