import i18next from 'i18next';
import type { RunCost } from '../../shared/model/cost.ts';
import { formatMoney } from './format.ts';

/** What calls of models cost, for a screen. */
export interface CostWords {
  /** The amount; a dash before the first call has ended, a word where no call has a price: never a 0 that nobody knows. */
  readonly amount: string;
  /** The calls that the amount leaves out; null = there are none. */
  readonly besides: string | null;
}

export function costWords({ usd, calls, unpricedCalls }: RunCost): CostWords {
  const { t } = i18next;
  if (calls === 0) return { amount: '–', besides: null };
  if (unpricedCalls === 0) return { amount: formatMoney(usd), besides: null };
  if (unpricedCalls === calls)
    return { amount: t('everywhere:cost.unpriced'), besides: t('everywhere:cost.calls', { count: calls }) };
  return { amount: formatMoney(usd), besides: t('everywhere:cost.besides', { count: unpricedCalls }) };
}

/** The same in one piece of text. */
export function costLine(cost: RunCost): string {
  const { amount, besides } = costWords(cost);
  return besides === null ? amount : `${amount} ${besides}`;
}
