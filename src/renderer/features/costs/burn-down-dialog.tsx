import { ChartColumn, Table2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BudgetBurnDown } from '../../../shared/model/cost-limit.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatMoney } from '../../ui/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { burnDownFigures } from './burn-down.ts';
import { FigureTable } from './figure-table.tsx';
import { TimeChart } from './time-chart.tsx';

/** What is left of a budget, day by day, and when nothing will be. */
export function BurnDownDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { t } = useTranslation('costs');
  const { data, refresh } = useOwnQuery<BudgetBurnDown, string>(
    { ask: (limit) => call('costs.burnDown', { name: limit }) },
    name,
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="44rem"
      title={t('burnDown.title', { name })}
      description={t('burnDown.text')}
      footer={<Button onClick={onClose}>{t('compare.close')}</Button>}
    >
      {data.status === 'error' ? <ErrorNote error={data.error} onRetry={refresh} /> : null}
      {data.value === null && data.status !== 'error' ? <SkeletonRows rows={4} columns={[60, 30]} /> : null}
      {data.value === null ? null : <BurnDown burnDown={data.value} />}
    </Dialog>
  );
}

function BurnDown({ burnDown }: { readonly burnDown: BudgetBurnDown }) {
  const { t } = useTranslation('costs');
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const { chart, columns, rows } = useMemo(() => burnDownFigures(burnDown), [burnDown]);
  const { limit, coming } = burnDown;
  return (
    <>
      <div className="row">
        <p className="grow">
          {t('burnDown.left', { spent: formatMoney(limit.spent), max: formatMoney(limit.max_cost) })}{' '}
          {coming.length === 0 ? <span className="muted">{t('burnDown.noForecast')}</span> : null}
        </p>
        <Segmented
          label={t('viewLabel')}
          value={view}
          choices={[
            { value: 'chart', label: t('view.chart'), icon: ChartColumn },
            { value: 'table', label: t('view.table'), icon: Table2 },
          ]}
          onChoose={setView}
        />
      </div>
      {view === 'chart' ? (
        <TimeChart name={t('chartName.burnDown')} {...chart} />
      ) : (
        <FigureTable name={t('table.burnDown')} first={t('unit.day')} columns={columns} rows={rows} />
      )}
    </>
  );
}
