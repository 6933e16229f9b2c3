import type { TFunction } from 'i18next';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { classNames } from '../class-names.ts';
import { formatMoment } from '../format.ts';
import { Icon } from '../icon.tsx';
import { countLooks, type LaneItem, type LaneSpan, layLane, type TimeRange } from './lane.ts';
import './lane.css';
import { LOOKS } from './trigger-marks.tsx';

interface LaneViewProps {
  /** Whose starts these are, for screen readers. */
  readonly name: string;
  readonly spans: readonly LaneSpan[];
  readonly range: TimeRange;
  readonly widthPx: number;
}

const percent = (share: number): string => `${Math.round(share * 100_000) / 1000}%`;

function tipOf(item: LaneItem, t: TFunction): string {
  const look = t(`triggers:look.${item.look}`);
  const from = dayMoment(item.firstAt);
  if (item.count === 1) return t('triggers:calendar.mark', { look, when: from });
  const values = { count: item.count, look: look.toLowerCase(), from, until: dayMoment(item.lastAt) };
  return t(item.kind === 'bar' ? 'triggers:calendar.bar' : 'triggers:calendar.marks', values);
}

/** With its day, whichever it is: in a week the time alone says too little. */
const dayMoment = (at: number): string => formatMoment(at, at + 2 * 86_400_000);

/** What became of starts, and what is planned, on a line of time; in words as its name. */
export const LaneView = memo(function LaneView({ name, spans, range, widthPx }: LaneViewProps) {
  const { t } = useTranslation('triggers');
  const items = useMemo(() => layLane(spans, range, widthPx), [spans, range, widthPx]);
  const counts = [...countLooks(spans, range)]
    .map(([look, count]) => t('calendar.laneCount', { count, look: t(`look.${look}`).toLowerCase() }))
    .join(', ');
  const words = t('calendar.lane', { name, counts: counts === '' ? t('calendar.laneEmpty') : counts });
  return (
    <div className="lane" role="img" aria-label={words}>
      {items.map((item) => (
        <LanePart key={`${item.kind} ${item.look} ${item.firstAt}`} item={item} />
      ))}
    </div>
  );
});

function LanePart({ item }: { readonly item: LaneItem }) {
  const { t } = useTranslation('triggers');
  const { icon, tone } = LOOKS[item.look];
  const tip = tipOf(item, t);
  if (item.kind === 'mark')
    return (
      <span className={classNames('mk', `st-${tone}`)} style={{ left: percent(item.left) }} title={tip}>
        <Icon of={icon} />
      </span>
    );
  const look = item.look === 'planned' ? 'plan' : `f-${tone}`;
  return (
    <>
      <i
        className={classNames('b', look)}
        style={{ left: percent(item.left), width: percent(item.width) }}
        title={tip}
      />
      {item.look === 'failed' ? (
        <span className="n pre" style={{ left: percent(item.left) }}>
          {t('calendar.failed', { count: item.count })}
        </span>
      ) : null}
    </>
  );
}
