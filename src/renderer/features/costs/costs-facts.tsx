import { useTranslation } from 'react-i18next';
import type { CostSpend } from '../../../shared/model/cost.ts';
import { formatCount, formatMoney, formatShownDay, formatShownMonth } from '../../ui/format.ts';
import type { Range } from './costs-store.ts';
import type { monthForecast } from './month-forecast.ts';
import { sumOf } from './series.ts';

interface CostsFactsProps {
  readonly spend: CostSpend;
  readonly range: Range;
  readonly forecast: ReturnType<typeof monthForecast>;
}

/** What was spent, what it will come to, and what a run costs, in a line of numbers. */
export function CostsFacts({ spend, range, forecast }: CostsFactsProps) {
  const { t } = useTranslation('costs');
  const { periods, usual, runs } = spend;
  const money = (usd: string | null): string => (usd === null ? t('everywhere:cost.unpriced') : formatMoney(usd));
  const unpriced = periods.reduce((total, one) => total + one.unpriced_requests, 0);
  const today = spend.unit === 'day' ? periods.at(-1) : undefined;
  const [month = ''] = (periods.at(-1)?.period ?? '').match(/^\d{4}-\d{2}/) ?? [];
  const isWeekend = today !== undefined && [0, 6].includes(new Date(`${today.period}T00:00:00Z`).getUTCDay());
  const lastDay = forecast?.days.at(-1)?.period ?? today?.period ?? '';
  return (
    <dl className="facts costs-facts">
      <Fact
        title={
          range === 'month'
            ? t('monthSoFar', { month: formatShownMonth(month).replace(/ \d+$/, '') })
            : t(`range.${range}`)
        }
      >
        {money(sumOf(periods))}
      </Fact>
      {range === 'month' && forecast !== null ? (
        <Fact title={t('forecastTo', { day: formatShownDay(lastDay).replace(/^\S+ | \d{4}$/g, '') })}>
          {formatMoney(String(forecast.usd))}
        </Fact>
      ) : null}
      {today === undefined ? null : (
        <Fact
          title={t('today')}
          note={usual === null ? '' : t('usually', { cost: formatMoney(isWeekend ? usual.weekend : usual.weekday) })}
        >
          {money(sumOf([today]))}
        </Fact>
      )}
      {runs.cost_per_completed === null ? null : (
        <Fact
          title={t('perRun')}
          note={t('perRunNote', { completed: formatCount(runs.completed), ended: formatCount(runs.ended) })}
        >
          {formatMoney(runs.cost_per_completed)}
        </Fact>
      )}
      {unpriced === 0 ? null : (
        <Fact title={t('withoutPrice')} note={t('withoutPriceNote')}>
          {t('requestCount', { count: unpriced, value: formatCount(unpriced) })}
        </Fact>
      )}
    </dl>
  );
}

interface FactProps {
  readonly title: string;
  readonly note?: string;
  readonly children: string;
}

function Fact({ title, note = '', children }: FactProps) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {children} {note === '' ? null : <small>{note}</small>}
      </dd>
    </div>
  );
}
