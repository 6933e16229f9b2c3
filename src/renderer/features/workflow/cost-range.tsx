import { useTranslation } from 'react-i18next';
import type { CostEstimate } from '../../../shared/model/cost.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { formatMoney } from '../../ui/format.ts';

/** What a run will cost, from least to most; nothing where no agent is asked, or where that costs nothing. */
export function CostRange({ workflow }: { readonly workflow: string }) {
  const { t } = useTranslation('workflow');
  const { data } = useOwnQuery<CostEstimate, string>(
    {
      ask: (ref) => call('costs.estimate', { workflow: ref }),
      dueOn: ({ kind }) => (kind === 'library' || kind === 'costs' || kind === 'run_deleted' ? 'soon' : null),
      soonMs: 500,
    },
    workflow,
  );
  // A workflow that cannot run has no estimate: why it cannot stands beside it already.
  const found = data.value;
  if (found === null || found.calls.high === 0 || found.high === '0') return null;
  const { low, high, based_on: basis, is_open: isOpen, runs, unpriced_models: unpriced } = found;
  const from = basis === 'history' ? t('cost.fromRuns', { count: runs }) : t('cost.fromPlan');
  if (low === null || high === null)
    return <span className="block muted">{t('cost.unpriced', { models: unpriced.join(', ') })}</span>;
  const range =
    formatMoney(low) === formatMoney(high)
      ? t('cost.about', { cost: formatMoney(high) })
      : t('cost.range', { low: formatMoney(low), high: formatMoney(high) });
  return (
    <span className="block">
      {range} <span className="muted">{isOpen ? t('cost.open', { from }) : from}</span>
    </span>
  );
}
