import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/index.ts';
import { formatDuration } from '../../ui/format.ts';
import { clockLabel, percentOf, type TimeScale, ticksOf } from './timeline.ts';

export interface AverageMark {
  readonly durationMs: number;
  readonly percent: number;
}

/** Where the average of past runs lies in the lanes; null when there is none, or it lies beyond them. */
export function averageIn({ run, average }: RunView, scale: TimeScale): AverageMark | null {
  const at = average === null ? 0 : (run.startedAt ?? run.createdAt) + average.durationMs;
  if (average === null || at < scale.fromAt || at > scale.fromAt + scale.lengthMs) return null;
  return { durationMs: average.durationMs, percent: percentOf(scale, at) };
}

interface AxisProps {
  readonly scale: TimeScale;
  /** What ticks are counted from. */
  readonly beginAt: number;
  readonly average: AverageMark | null;
}

/** The head of the list: names of the columns, ticks of time, the average. */
export function Axis({ scale, beginAt, average }: AxisProps) {
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
        {ticksOf(scale, beginAt)
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
