import type { CostSpend } from '../../../shared/model/cost.ts';
import { usdOf } from './series.ts';

/** A day that has not come yet. */
export interface ComingDay {
  /** `2026-11-20`. */
  readonly period: string;
  readonly usd: number;
}

const DAY_MS = 86_400_000;

/**
 * The days of the month that are still to come, each as a usual day of its kind, and what the month comes to with them and the rest of
 * today. Null = too little has happened to say.
 */
export function monthForecast({
  periods,
  usual,
}: CostSpend): { readonly days: readonly ComingDay[]; readonly usd: number } | null {
  const today = periods.at(-1);
  if (usual === null || today === undefined) return null;
  const usualOf = (day: string): number => {
    const isWeekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
    return Number(isWeekend ? usual.weekend : usual.weekday);
  };
  const days: ComingDay[] = [];
  for (let at = Date.parse(today.period) + DAY_MS; ; at += DAY_MS) {
    const period = new Date(at).toISOString().slice(0, 10);
    if (period.slice(0, 7) !== today.period.slice(0, 7)) break;
    days.push({ period, usd: usualOf(period) });
  }
  const spent = periods.reduce((sum, one) => sum + usdOf(one), 0);
  const restOfToday = Math.max(0, usualOf(today.period) - usdOf(today));
  return { days, usd: days.reduce((sum, one) => sum + one.usd, spent + restOfToday) };
}
