import type { CostLimitStatus } from '../../../shared/model/cost-limit.ts';

/** Whether a limit will hold: `full` = no more, `tight` = it warns already, or will be full before it begins anew. */
export type BudgetState = 'holds' | 'tight' | 'full';

const FULL = 100;

export function budgetState({ percent, alert_threshold, forecast, waiting_runs }: CostLimitStatus): BudgetState {
  // What is left is too little for the next call.
  if (percent >= FULL || waiting_runs > 0) return 'full';
  const isFilling = forecast !== null && forecast.full_on !== null;
  return percent >= (alert_threshold ?? FULL) || isFilling ? 'tight' : 'holds';
}

/** How long the two parts of its bar are, in percent: what is used, and what is still to come as far as there is room. */
export function budgetBar({ percent, max_cost, forecast }: CostLimitStatus): {
  readonly used: number;
  readonly coming: number;
} {
  const used = Math.min(FULL, percent);
  const isToBeFull = forecast !== null && forecast.full_on !== null;
  const foreseen = isToBeFull ? FULL : (Number(forecast?.cost ?? 0) / Number(max_cost)) * FULL;
  return { used, coming: Math.max(0, Math.min(FULL, foreseen) - used) };
}
