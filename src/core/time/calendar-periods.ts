import { clockAt, instantOf, type TimeZone } from './time-zone.ts';

/** A day or a month on the clocks of a zone. */
export interface CalendarPeriod {
  /** `2026-11-19` or `2026-11`. */
  readonly name: string;
  /** UTC ms; the period has its start and not its end. */
  readonly startsAt: number;
  readonly endsAt: number;
}

/** The period of a zone that has an instant (UTC ms); a week begins on Monday. */
export function periodOf(zone: TimeZone, unit: 'day' | 'week' | 'month', at: number): CalendarPeriod {
  const clock = new Date(clockAt(zone, at));
  const [year, month, day] = [clock.getUTCFullYear(), clock.getUTCMonth(), clock.getUTCDate()];
  const sinceMonday = (clock.getUTCDay() + 6) % 7;
  const [from, to] =
    unit === 'month'
      ? [Date.UTC(year, month), Date.UTC(year, month + 1)]
      : unit === 'week'
        ? [Date.UTC(year, month, day - sinceMonday), Date.UTC(year, month, day - sinceMonday + 7)]
        : [Date.UTC(year, month, day), Date.UTC(year, month, day + 1)];
  const name = new Date(from).toISOString().slice(0, unit === 'month' ? 7 : 10);
  return { name, startsAt: instantOf(zone, from), endsAt: instantOf(zone, to) };
}

/** The periods from the one that has `since` to the one that has the last ms before `until`, at most `max`, the newest of them. */
export function periodsBetween(
  zone: TimeZone,
  unit: 'day' | 'month',
  { since, until, max }: { readonly since: number; readonly until: number; readonly max: number },
): readonly CalendarPeriod[] {
  const found: CalendarPeriod[] = [];
  for (let at = until - 1; at >= since && found.length < max; ) {
    const period = periodOf(zone, unit, at);
    found.unshift(period);
    at = period.startsAt - 1;
  }
  return found;
}
