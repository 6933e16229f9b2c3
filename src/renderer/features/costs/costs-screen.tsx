import { Scale, Tags, Wallet } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { type CostSpend, SPEND_GROUPS, type SpendGroup } from '../../../shared/model/cost.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { formatShownMonth } from '../../ui/format.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { PageHead, PaneHead } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Budgets } from './budgets.tsx';
import { CompareDialog } from './compare-dialog.tsx';
import './costs.css';
import { CostsFacts } from './costs-facts.tsx';
import { ownZone, RANGES, type Range, spending, spendKey } from './costs-store.ts';
import { monthForecast } from './month-forecast.ts';
import { RepriceDialog } from './reprice-dialog.tsx';
import { seriesOf } from './series.ts';
import { SpendChart, SpendLegend } from './spend-chart.tsx';
import { SpendTable } from './spend-table.tsx';

const oneOf = <T extends string>(values: readonly T[], text: string | null): T | undefined =>
  values.find((value) => value === text);

/** What do we spend? */
export function CostsScreen() {
  const { t } = useTranslation('costs');
  const [params, setParams] = useSearchParams();
  const range = oneOf(RANGES, params.get('range')) ?? 'month';
  const by = oneOf(SPEND_GROUPS, params.get('by')) ?? 'workflow';
  const data = useQuery(spending);
  useEffect(() => spending.open(spendKey(range, by)), [range, by]);
  const shown = useShown(data.value);
  const [isRepricing, setIsRepricing] = useState(false);
  const [isComparing, setIsComparing] = useState(false);
  const choose = (change: { readonly range?: Range; readonly by?: SpendGroup }): void =>
    setParams({ range, by, ...change }, { replace: true });
  const thisMonth = formatShownMonth(new Date().toLocaleDateString('sv').slice(0, 7)).replace(/ \d+$/, '');
  return (
    <>
      <PageHead title={t('title')} aside={<span className="muted cut">{t('zone', { zone: ownZone() })}</span>}>
        <Segmented
          label={t('rangeLabel')}
          value={range}
          choices={RANGES.map((value) => ({ value, label: value === 'month' ? thisMonth : t(`range.${value}`) }))}
          onChoose={(value) => choose({ range: value })}
        />
        <Button icon={Scale} onClick={() => setIsComparing(true)}>
          {t('compare.open')}
        </Button>
        <Button icon={Tags} onClick={() => setIsRepricing(true)}>
          {t('reprice.open')}
        </Button>
      </PageHead>
      {isComparing ? <CompareDialog onClose={() => setIsComparing(false)} /> : null}
      {isRepricing ? <RepriceDialog onClose={() => setIsRepricing(false)} /> : null}
      {data.status === 'error' ? (
        <ErrorNote className="mx-6 my-2 flex-none" error={data.error} onRetry={() => void spending.refresh()} />
      ) : null}
      {shown === null && data.status !== 'error' ? <SkeletonRows rows={8} columns={[60, 40, 30, 20]} /> : null}
      {shown === null ? null : <Spending spend={shown} range={range} by={by} onBy={(value) => choose({ by: value })} />}
    </>
  );
}

/** Of another choice the last one stays until it is there: nothing jumps. */
function useShown(value: CostSpend | null): CostSpend | null {
  const [last, setLast] = useState(value);
  useEffect(() => {
    if (value !== null) setLast(value);
  }, [value]);
  return value ?? last;
}

interface SpendingProps {
  readonly spend: CostSpend;
  readonly range: Range;
  readonly by: SpendGroup;
  readonly onBy: (by: SpendGroup) => void;
}

function Spending({ spend, range, by, onBy }: SpendingProps) {
  const { t } = useTranslation('costs');
  const series = seriesOf(spend);
  const forecast = range === 'month' && spend.unit === 'day' ? monthForecast(spend) : null;
  const isEmpty = spend.periods.every(({ requests }) => requests === 0);
  return (
    <>
      <CostsFacts spend={spend} range={range} forecast={forecast} />
      <div className="scroll">
        <div className="costs-body">
          {isEmpty ? (
            <div className="p-6">
              <EmptyState icon={Wallet} title={t('empty.title')} text={t('empty.text')}>
                <LinkButton to="/workflows">{t('empty.action')}</LinkButton>
              </EmptyState>
            </div>
          ) : (
            <section className="spend-section" aria-labelledby="spend-head">
              <PaneHead id="spend-head" title={t(`spendBy.${spend.unit}`)}>
                <Segmented
                  label={t('byLabel')}
                  value={by}
                  choices={SPEND_GROUPS.map((value) => ({ value, label: t(`by.${value}`) }))}
                  onChoose={onBy}
                />
              </PaneHead>
              <SpendChart periods={spend.periods} series={series} coming={forecast?.days ?? []} />
              <SpendLegend series={series} />
            </section>
          )}
          <Budgets />
        </div>
        {isEmpty ? null : <SpendTable spend={spend} series={series} />}
      </div>
    </>
  );
}
