import { useEffect, useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/index.ts';
import { formatDuration } from '../../ui/format.ts';
import { useNow } from '../../ui/use-now.ts';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { expectedSpans } from './expected.ts';
import { selectStep, setStepOpen } from './run-store.ts';
import { StepLine } from './step-line.tsx';
import { moveInRows, type OpenSteps, rowsOf } from './step-rows.ts';
import type { StepNode } from './step-tree.ts';
import { clockLabel, percentOf, redrawMsOf, type TimeScale, ticksOf, timeScaleOf } from './timeline.ts';
import { useRunNow, waitsOf } from './work-time.ts';

interface StepListProps {
  readonly view: RunView;
  readonly tree: readonly StepNode[];
  readonly selected: string | null;
  readonly openSteps: OpenSteps;
}

const ROW_PX = { comfortable: 28, compact: 24 };

interface Timeline {
  readonly scale: TimeScale;
  /** Where the bars end; it moves as smoothly as the scale lets see. */
  readonly nowAt: number;
  /** What durations are counted to, as in header and pane. */
  readonly secondAt: number;
  readonly isOpen: boolean;
}

/** The time that the lanes show; it goes on while something runs. */
function useTimeline(view: RunView): Timeline {
  const { run } = view;
  const isOpen = run.completedAt === null && run.startedAt !== null && run.status !== 'paused';
  const clock = useNow(isOpen ? redrawMsOf(timeScaleOf(view, Date.now())) : 3_600_000);
  const nowAt = run.completedAt ?? Math.max(clock, run.startedAt ?? 0);
  return { scale: timeScaleOf(view, nowAt), nowAt, secondAt: useRunNow(run), isOpen };
}

/** Steps as a tree with the timeline beside it; one grid, so that the list is the timeline's twin. */
export function StepList({ view, tree, selected, openSteps }: StepListProps) {
  const { t } = useTranslation('run');
  const baseId = useId();
  const { scale, nowAt, secondAt, isOpen } = useTimeline(view);
  const rows = useMemo(() => rowsOf(tree, openSteps), [tree, openSteps]);
  const rowPx = document.documentElement.dataset.density === 'compact' ? ROW_PX.compact : ROW_PX.comfortable;
  const { scrollRef, items, before, after, scrollTo } = useVirtualRows({ count: rows.length, rowHeight: rowPx });
  const selectedAt = rows.findIndex((row) => row.node.path === selected);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the view moves when another step is chosen, never because rows grew
  useEffect(() => {
    if (selectedAt >= 0 && !isInView(scrollRef.current, selectedAt, rowPx)) scrollTo(selectedAt);
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
  const average = averageIn(view, scale);
  const expected = useMemo(() => expectedSpans(view, tree, nowAt), [view, tree, nowAt]);
  return (
    <section className="steps" ref={scrollRef} aria-label={t('steps.name')}>
      <Axis scale={scale} average={average} />
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
          const { path } = row.node;
          const id = `${baseId}-${index}`;
          return (
            <StepLine
              key={path}
              {...{ id, index, row, scale, nowAt, secondAt }}
              expected={expected.get(path) ?? null}
              isSelected={path === selected}
              isEnded={view.run.completedAt !== null}
            />
          );
        })}
        <div role="presentation" style={{ height: after }} />
        <div className="over" role="presentation">
          <div className="lane">
            {waitsOf(view, nowAt).map(({ fromAt, untilAt }) => (
              <s
                key={fromAt}
                className="wait"
                style={{
                  left: `${percentOf(scale, fromAt)}%`,
                  width: `${percentOf(scale, untilAt) - percentOf(scale, fromAt)}%`,
                }}
              />
            ))}
            {isOpen ? <s className="now" style={{ left: `${percentOf(scale, nowAt)}%` }} /> : null}
            {average === null ? null : <s className="avg" style={{ left: `${average.percent}%` }} />}
          </div>
        </div>
      </div>
    </section>
  );
}

interface AverageMark {
  readonly durationMs: number;
  readonly percent: number;
}

/** Where the average of past runs lies in the lanes; null when there is none, or it lies beyond them. */
function averageIn({ average }: RunView, scale: TimeScale): AverageMark | null {
  if (average === null || average.durationMs > scale.lengthMs) return null;
  return { durationMs: average.durationMs, percent: percentOf(scale, scale.fromAt + average.durationMs) };
}

interface AxisProps {
  readonly scale: TimeScale;
  readonly average: AverageMark | null;
}

/** The head of the list: names of the columns, ticks of time, the average. */
function Axis({ scale, average }: AxisProps) {
  const { t } = useTranslation('run');
  // Close to the beginning its name would cover the ticks; the header says it too.
  const named = average !== null && average.percent > 8 ? average : null;
  return (
    <div className="axis" aria-hidden="true">
      <div className="who">
        <span className="k">{t('steps.step')}</span>
        <span className="grow" />
        <span className="k">{t('steps.took')}</span>
      </div>
      <div className="lane">
        {ticksOf(scale)
          .filter((tick) => named === null || !isCovered(tick.percent, named.percent))
          .map((tick) => (
            <span key={tick.label} style={{ left: `${tick.percent}%` }}>
              {tick.label}
            </span>
          ))}
        {named === null ? null : <AverageName {...named} />}
      </div>
    </div>
  );
}

/** From here on the name of the average stands before its mark. */
const AT_END_PERCENT = 78;

/** Whether the name of the average lies over a tick. */
const isCovered = (tick: number, average: number): boolean =>
  tick !== 0 && Math.abs(tick - average - (average > AT_END_PERCENT ? -10 : 10)) <= 14;

function AverageName({ durationMs, percent }: AverageMark) {
  const { t } = useTranslation('run');
  const time = durationMs < 10_000 ? formatDuration(durationMs) : clockLabel(durationMs);
  return (
    <em
      className={percent > AT_END_PERCENT ? 'end' : ''}
      style={{ left: `${percent}%` }}
      title={formatDuration(durationMs)}
    >
      {t('steps.average', { time })}
    </em>
  );
}

function isInView(box: HTMLElement | null, index: number, rowPx: number): boolean {
  if (box === null) return true;
  const top = index * rowPx;
  return top >= box.scrollTop && top + 2 * rowPx <= box.scrollTop + box.clientHeight - 24;
}
