import { useTranslation } from 'react-i18next';
import type { SpendPeriod } from '../../../shared/model/cost.ts';
import { formatCount, formatMoney } from '../../ui/format.ts';
import type { ComingDay } from './month-forecast.ts';
import { periodTick, periodWords } from './period-words.ts';
import { amountsOf, axisOf, type Series, usdOf } from './series.ts';

interface SpendChartProps {
  readonly periods: readonly SpendPeriod[];
  readonly series: readonly Series[];
  readonly coming: readonly ComingDay[];
}

/** Stacked bars, one a day or month; what is to come is dashed. The table below says the same in words. */
export function SpendChart({ periods, series, coming }: SpendChartProps) {
  const { t } = useTranslation('costs');
  const { top, step } = axisOf(Math.max(...periods.map(usdOf), ...coming.map(({ usd }) => usd)));
  const steps = Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step);
  return (
    <figure className="spend-chart" aria-label={t('chart.name')} role="img">
      <ol className="spend-axis">
        {steps.map((value) => (
          <li key={value} style={{ bottom: `${(value / top) * 100}%` }}>
            {formatMoney(String(value))}
          </li>
        ))}
      </ol>
      <ol className="spend-bars">
        {periods.map((one, at) => (
          <li
            key={one.period}
            title={t('chart.tip', { period: periodWords(one.period), cost: formatMoney(one.cost ?? '0') })}
            className={at === periods.length - 1 ? 'now' : undefined}
          >
            <div className="stack">
              {amountsOf(one.parts, series)
                .map((usd, index) => ({ usd, key: series[index]?.name ?? '', colour: colourOf(index) }))
                .filter(({ usd }) => usd > 0)
                .toReversed()
                .map(({ usd, key, colour }) => (
                  <i key={key} style={{ height: `${(usd / top) * 100}%`, background: colour }} />
                ))}
            </div>
            <span>{periodTick(one.period)}</span>
          </li>
        ))}
        {coming.map(({ period, usd }) => (
          <li
            key={period}
            className="coming"
            title={t('chart.comingTip', { period: periodWords(period), cost: formatMoney(String(usd)) })}
          >
            <div className="stack">{usd > 0 ? <i style={{ height: `${(usd / top) * 100}%` }} /> : null}</div>
            <span>{periodTick(period)}</span>
          </li>
        ))}
      </ol>
      {coming.length === 0 ? null : (
        <p className="spend-legend-forecast xs">
          <i />
          {t('chart.forecast')}
        </p>
      )}
    </figure>
  );
}

const colourOf = (index: number): string => `var(--chart-${index + 1})`;

/** The square that says which colour a name has. */
export const Swatch = ({ index }: { readonly index: number }) => (
  <i className="swatch" aria-hidden="true" style={{ background: colourOf(index) }} />
);

/** What a series is called. */
export function SeriesName({ series: { name, count } }: { readonly series: Series }) {
  const { t } = useTranslation('costs');
  return <>{name ?? t('other', { count, value: formatCount(count) })}</>;
}

/** The names with their colours, sums and shares. */
export function SpendLegend({ series }: Pick<SpendChartProps, 'series'>) {
  const { t } = useTranslation('costs');
  const total = series.reduce((sum, { usd }) => sum + usd, 0);
  return (
    <ul className="spend-legend" aria-label={t('legend')}>
      {series.map((one, index) => (
        <li key={one.name ?? ''}>
          <span className="cut" title={one.name ?? undefined}>
            <Swatch index={index} />
            <SeriesName series={one} />
          </span>
          <span className="num">{one.isUnpriced ? t('everywhere:cost.unpriced') : formatMoney(String(one.usd))}</span>
          <span className="num muted">
            {total === 0 || one.isUnpriced ? '–' : t('share', { value: Math.round((one.usd / total) * 100) })}
          </span>
        </li>
      ))}
    </ul>
  );
}
