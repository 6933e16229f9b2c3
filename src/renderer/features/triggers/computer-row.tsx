import { Clock, type LucideIcon, Monitor, Moon, Power } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { HostPeriod } from '../../../shared/model/trigger.ts';
import { formatDuration, formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import type { TimeRange } from '../../ui/trigger/lane.ts';
import { useNow } from '../../ui/use-now.ts';
import { shareOf } from './week.ts';

const ICONS: Readonly<Record<Exclude<HostPeriod['kind'], 'on'>, LucideIcon>> = {
  asleep: Moon,
  closed: Power,
  clock_jumped: Clock,
};

interface ComputerRowProps {
  /** Null while nothing is known. */
  readonly periods: readonly HostPeriod[] | null;
  readonly range: TimeRange;
}

/** When the app was there to start anything: what explains that a start was missed. */
export function ComputerRow({ periods, range }: ComputerRowProps) {
  const { t } = useTranslation('triggers');
  const now = useNow(60_000);
  const last = periods?.at(-1);
  const isOn = last?.kind === 'on' && last.until === null;
  return (
    <div className="crow pc">
      <span className="lead">
        <Icon of={Monitor} />
        <span className="cut">{t('calendar.computer')}</span>
      </span>
      <span className="xs muted rule cut">{t('calendar.computerStates')}</span>
      <span className="nx muted cut">
        {periods === null
          ? null
          : isOn
            ? t('calendar.onSince', { when: formatMoment(last.from, now) })
            : t('calendar.notOn')}
      </span>
      <div className="cal-lane">
        <ul className="lane">
          {(periods ?? []).map((period) => (
            <Period key={`${period.kind} ${period.from}`} period={period} range={range} now={now} />
          ))}
        </ul>
      </div>
      <span />
    </div>
  );
}

interface PeriodProps {
  readonly period: HostPeriod;
  readonly range: TimeRange;
  readonly now: number;
}

function Period({ period, range, now }: PeriodProps) {
  const { t } = useTranslation('triggers');
  const { kind, movedMs, quitBy } = period;
  const from = Math.max(period.from, range.from);
  const until = Math.min(period.until ?? now, range.until);
  if (until < from) return null;
  const at = (instant: number): string => formatMoment(instant, now);
  const words = t(`calendar.period.${kind === 'closed' && quitBy !== null ? 'quit' : kind}`, {
    by: quitBy,
    from: at(period.from),
    until: period.until === null ? t('calendar.now') : at(period.until),
    moved: formatDuration(Math.abs(movedMs)),
  });
  const left = shareOf(from, range);
  const width = shareOf(until, range) - left;
  const place = { left: `${left * 100}%`, width: `${width * 100}%` };
  if (kind === 'on')
    return (
      <li className="up" style={place} title={words}>
        <span className="sr">{words}</span>
      </li>
    );
  return (
    <li>
      {kind === 'closed' ? <i className="band" style={place} title={words} /> : null}
      <span className="mk st-skipped" style={{ left: `${(left + width / 2) * 100}%` }} title={words}>
        <Icon of={ICONS[kind]} />
        <span className="sr">{words}</span>
      </span>
    </li>
  );
}
