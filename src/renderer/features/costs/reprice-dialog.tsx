import { useTranslation } from 'react-i18next';
import type { RepricePlan } from '../../../shared/model/cost.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { useTried } from '../../client/use-tried.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { formatCount, formatMoney } from '../../ui/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/toasts.tsx';

/** What mended prices change of calls that are booked, and the act: it is bound to what is shown here. */
export function RepriceDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('costs');
  const { data, refresh } = useOwnQuery<RepricePlan, 'plan'>({ ask: () => call('costs.planReprice', {}) }, 'plan');
  const { isBusy, error, attempt } = useTried();
  const plan = data.value;
  const reprice = async (): Promise<void> => {
    if (plan === null) return;
    const isDone = await attempt(() => call('costs.reprice', { hash: plan.hash }));
    if (!isDone) {
      refresh();
      return;
    }
    showToast(t('reprice.done', { count: plan.calls, value: formatCount(plan.calls) }));
    onClose();
  };
  const refusal = plan === null ? t('everywhere:busy') : plan.calls === 0 ? t('reprice.nothing') : null;
  return (
    <FormDialog
      width="34rem"
      title={t('reprice.title')}
      description={t('reprice.text')}
      act={t('reprice.act')}
      needs="costs.reprice"
      isBusy={isBusy}
      refusal={refusal}
      error={error}
      onClose={onClose}
      onSend={() => void reprice()}
    >
      {data.status === 'error' ? <ErrorNote error={data.error} onRetry={refresh} /> : null}
      {plan === null && data.status !== 'error' ? <SkeletonRows rows={3} columns={[40, 20, 20]} /> : null}
      {plan === null || plan.calls === 0 ? null : <Plan plan={plan} />}
    </FormDialog>
  );
}

function Plan({ plan }: { readonly plan: RepricePlan }) {
  const { t } = useTranslation('costs');
  const { calls, runs, before, after, difference, newly_priced: priced, newly_unpriced: unpriced } = plan;
  return (
    <>
      <p>
        {t('reprice.sum', {
          ...{ count: calls, calls: formatCount(calls), runs: formatCount(runs) },
          ...{ before: formatMoney(before), after: formatMoney(after), difference: signed(difference) },
        })}
      </p>
      {priced === 0 ? null : <p className="muted sm">{t('reprice.priced', { count: priced })}</p>}
      {unpriced === 0 ? null : <p className="muted sm">{t('reprice.unpriced', { count: unpriced })}</p>}
      <table className="small-table" aria-label={t('reprice.byModel')}>
        <thead>
          <tr>
            <th scope="col">{t('by.model')}</th>
            <th scope="col" className="num">
              {t('requests')}
            </th>
            <th scope="col" className="num">
              {t('reprice.difference')}
            </th>
          </tr>
        </thead>
        <tbody>
          {plan.by_model.map((one) => (
            <tr key={one.name}>
              <th scope="row">{one.name}</th>
              <td className="num">{formatCount(one.calls)}</td>
              <td className="num">{signed(one.difference)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const signed = (usd: string): string =>
  usd.startsWith('-') ? `−${formatMoney(usd.slice(1))}` : `+${formatMoney(usd)}`;
