import { divideHalfUp, fromE10, toE10 } from '../../shared/decimal.ts';
import type { CostSpend } from '../../shared/model/cost.ts';

/** A day that is over: its name, `2026-11-19`, and what it cost. */
export interface PastDay {
  readonly period: string;
  readonly cost: string | null;
}

/** A forecast from fewer days would be a guess. */
const MIN_DAYS = 3;

/**
 * What a day usually costs, apart for weekdays and for days of the weekend, from the days before; a kind of which there was none yet costs
 * as much as the other. Null = too few days.
 */
export function usualDay(days: readonly PastDay[]): CostSpend['usual'] {
  if (days.length < MIN_DAYS) return null;
  const weekdays = days.filter((day) => !isWeekend(day.period));
  const weekend = days.filter((day) => isWeekend(day.period));
  const average = (kind: readonly PastDay[]): string => {
    const of = kind.length === 0 ? days : kind;
    const sum = of.reduce((total, { cost }) => total + BigInt(toE10(cost ?? '0')), 0n);
    return fromE10(divideHalfUp(sum, BigInt(of.length)));
  };
  return { weekday: average(weekdays), weekend: average(weekend) };
}

/** Whether a day, `2026-11-21`, is a Saturday or a Sunday. */
export const isWeekend = (day: string): boolean => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
