import { type CalendarPeriod, periodOf, periodsBetween, type TimeZone } from '../time/index.ts';

/** Days that a usual day is made of: four weeks, so that each day of the week counts as often. */
const USUAL_DAYS = 28;

/** The newest days of a zone that are over, since the first call of all (UTC ms; null = there was none). */
export function daysBefore(zone: TimeZone, now: number, firstAt: number | null): readonly CalendarPeriod[] {
  const today = periodOf(zone, 'day', now).startsAt;
  if (firstAt === null || firstAt >= today) return [];
  return periodsBetween(zone, 'day', { since: firstAt, until: today, max: USUAL_DAYS });
}
