import { fromE10, toE10 } from '../../shared/decimal.ts';
import type { LimitForecast } from '../../shared/model/cost-limit.ts';
import { isWeekend, type PastDay, usualDay } from './usual-day.ts';

/** A limit as it stands today, on its own clocks; amounts in 10^-10 USD. */
export interface LimitToday {
  readonly spent: bigint;
  readonly max: bigint;
  readonly spentToday: bigint;
  /** `2026-11-19`. */
  readonly today: string;
  /** The last day of its period; null = it has no end. */
  readonly lastDay: string | null;
  /** The days before today, at most four weeks. */
  readonly before: readonly PastDay[];
}

const DAY_MS = 86_400_000;
/** Whoever looks further ahead guesses. */
const MAX_DAYS = 366;

/** What a limit comes to when each day to come, and the rest of today, is a usual one of its kind; null = too few days to say. */
export function limitForecast(limit: LimitToday): LimitForecast | null {
  const { max, lastDay } = limit;
  const coming = comingDays(limit, MAX_DAYS);
  if (coming === null) return null;
  const fullOn = coming.find(({ total }) => total >= max)?.day ?? null;
  return { cost: lastDay === null ? null : fromE10(coming.at(-1)?.total ?? 0n), until: lastDay, full_on: fullOn };
}

/** What will have been spent by the end of today and of each day to come: up to the last one of the period, or until the limit is full. */
export function comingDays(
  { spent, max, spentToday, today, lastDay, before }: LimitToday,
  mostDays: number,
): readonly { readonly day: string; readonly total: bigint }[] | null {
  const usual = usualDay(before);
  if (usual === null) return null;
  const usualOf = (day: string): bigint => BigInt(toE10(isWeekend(day) ? usual.weekend : usual.weekday));
  const restOfToday = usualOf(today) - spentToday;
  let total = spent + (restOfToday > 0n ? restOfToday : 0n);
  const days = [{ day: today, total }];
  for (let ahead = 1; ahead <= mostDays && (lastDay !== null || total < max); ahead++) {
    const day = new Date(Date.parse(today) + ahead * DAY_MS).toISOString().slice(0, 10);
    if (lastDay !== null && day > lastDay) break;
    total += usualOf(day);
    days.push({ day, total });
  }
  return days;
}
