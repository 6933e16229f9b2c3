import { grouped } from '../../shared/grouped.ts';
import type { RunCost } from '../../shared/model/cost.ts';

/** `1 call`, `3 calls`. */
export const callsText = (count: number): string => (count === 1 ? '1 call' : `${grouped(count)} calls`);

/** What calls of models cost, in words that leave nothing out: a sum that is too low says so, and no price is never `$0`. */
export function costText({ usd, calls, unpricedCalls }: RunCost): string {
  if (unpricedCalls === 0) return `$${usd}`;
  if (unpricedCalls === calls) return `unpriced: ${unpricedCalls} of ${callsText(calls)}`;
  return `$${usd} + ${callsText(unpricedCalls)} without a price`;
}
