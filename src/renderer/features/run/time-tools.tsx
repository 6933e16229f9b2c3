import { Crosshair, Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import type { StepRow } from './step-rows.ts';
import { type BarKind, barsOf, isWait, LEAST_IDLE_MS } from './timeline.ts';
import type { Timeline } from './use-timeline.ts';

interface TimeToolsProps {
  readonly rows: readonly StepRow[];
  readonly selected: string | null;
  readonly timeline: Timeline;
}

/** What the bars mean, and how closely the time is looked at. */
export function TimeTools({ rows, selected, timeline }: TimeToolsProps) {
  const { t } = useTranslation('run');
  const node = rows.find((row) => row.node.path === selected)?.node;
  const fromAt = node?.startedAt ?? null;
  return (
    <>
      <Legend rows={rows} timeline={timeline} />
      <span className="grow" />
      {fromAt === null ? null : (
        <Button
          variant="ghost"
          icon={Crosshair}
          label={t('shape.fitStep')}
          onClick={() => timeline.fitSpan({ fromAt, untilAt: node?.completedAt ?? timeline.nowAt })}
        />
      )}
      <Button variant="ghost" icon={ZoomOut} label={t('shape.further')} onClick={() => timeline.zoom(2)} />
      <Button variant="ghost" icon={ZoomIn} label={t('shape.closer')} onClick={() => timeline.zoom(0.5)} />
      <Button variant="ghost" icon={Maximize2} label={t('shape.fit')} onClick={timeline.fit} />
    </>
  );
}

const TOLD: readonly BarKind[] = ['running', 'success', 'failed', 'in-doubt', 'waiting', 'queued', 'asleep', 'retry'];
/** That something worked is seen; words are needed where a bar is no work. */
const NEEDS_WORDS: readonly BarKind[] = ['waiting', 'queued', 'asleep', 'retry'];
/** More rows have no other kinds of bars that anybody would miss. */
const LOOKED_AT = 400;

/** The kinds of bars that are there, with their pattern and a word. */
function Legend({ rows, timeline }: Pick<TimeToolsProps, 'rows' | 'timeline'>) {
  const { t } = useTranslation('run');
  const { scale, nowAt, idle } = timeline;
  const stood = idle.rests
    .filter((rest) => (rest.untilAt ?? nowAt) - rest.fromAt >= LEAST_IDLE_MS)
    .map(({ why }) => (isWait(why) ? 'waiting' : 'asleep'));
  const kinds = new Set<BarKind>(stood);
  for (const { kind } of rows.slice(0, LOOKED_AT).flatMap((row) => barsOf(scale, row, nowAt, idle))) kinds.add(kind);
  if (!NEEDS_WORDS.some((kind) => kinds.has(kind))) return null;
  return (
    <ul className="legend" aria-label={t('shape.legend')}>
      {TOLD.filter((kind) => kinds.has(kind)).map((kind) => (
        <li key={kind}>
          <i className={NEEDS_WORDS.includes(kind) ? `bar ${kind}` : `bar f-${kind}`} aria-hidden="true" />
          {t(`shape.bar.${kind}`)}
        </li>
      ))}
    </ul>
  );
}
