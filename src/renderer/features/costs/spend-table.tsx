import { useTranslation } from 'react-i18next';
import type { CostSpend, SpendPart } from '../../../shared/model/cost.ts';
import { formatCount, formatMoney } from '../../ui/format.ts';
import { periodWords, shortPeriod } from './period-words.ts';
import { amountsOf, type Series, sumOf } from './series.ts';
import { SeriesName, Swatch } from './spend-chart.tsx';

interface SpendTableProps {
  readonly spend: CostSpend;
  readonly series: readonly Series[];
}

/** The chart in numbers, the newest period first. */
export function SpendTable({ spend: { periods, unit }, series }: SpendTableProps) {
  const { t } = useTranslation('costs');
  const requests = periods.reduce((sum, one) => sum + one.requests, 0);
  const unpriced = periods.reduce((sum, one) => sum + one.unpriced_requests, 0);
  const total = { cost: sumOf(periods), requests, unpriced_requests: unpriced };
  return (
    <table className="spend-table" aria-label={t(`table.${unit}`)}>
      <thead>
        <tr>
          <th scope="col">{t(`unit.${unit}`)}</th>
          {series.map((one, index) => (
            <th key={one.name ?? ''} scope="col" className="num series" title={one.name ?? undefined}>
              <Swatch index={index} />
              <SeriesName series={one} />
            </th>
          ))}
          <th scope="col" className="num">
            {t('requests')}
          </th>
          <th scope="col" className="num">
            {t('total')}
          </th>
        </tr>
      </thead>
      <tbody>
        {periods.toReversed().map((one, at) => (
          <tr key={one.period}>
            <th scope="row" title={periodWords(one.period)}>
              {shortPeriod(one.period)} {at === 0 ? <span className="muted">{t('soFar')}</span> : null}
            </th>
            {amountsOf(one.parts, series).map((usd, index) => (
              <td key={series[index]?.name ?? ''} className="num series">
                {usd === 0 ? <span className="muted">–</span> : formatMoney(String(usd))}
              </td>
            ))}
            <td className="num">{formatCount(one.requests)}</td>
            <td className="num strong">
              <Amount sum={one} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('sum')}</th>
          {series.map((one) => (
            <td key={one.name ?? ''} className="num series">
              {one.isUnpriced ? t('everywhere:cost.unpriced') : formatMoney(String(one.usd))}
            </td>
          ))}
          <td className="num">{formatCount(requests)}</td>
          <td className="num strong">
            <Amount sum={total} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

/** An amount; what has no price is said and never 0. */
function Amount({ sum }: { readonly sum: Pick<SpendPart, 'cost' | 'requests' | 'unpriced_requests'> }) {
  const { t } = useTranslation('costs');
  if (sum.requests === 0) return <span className="muted">–</span>;
  if (sum.cost === null) return <>{t('everywhere:cost.unpriced')}</>;
  return (
    <>
      {formatMoney(sum.cost)}
      {sum.unpriced_requests === 0 ? null : (
        <small className="muted"> {t('everywhere:cost.besides', { count: sum.unpriced_requests })}</small>
      )}
    </>
  );
}
