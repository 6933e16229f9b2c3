import { DAYS_FIX, parseDays } from '../../../shared/cron/parse-days.ts';
import { AppError } from '../../../shared/errors.ts';
import { instantOf } from '../../time/index.ts';
import { openZone } from './schedule.ts';

/** Days on which nothing is due: spans of instants, in order, none touching the next. */
export type ExclusionCalendar = readonly ExcludedSpan[];

interface ExcludedSpan {
  /** UTC ms, the beginning of the first day. */
  readonly startsAt: number;
  /** UTC ms, the end of the last day: this instant is not excluded. */
  readonly endsAt: number;
}

const DAY_MS = 86_400_000;

/**
 * Reads an exclusion calendar: each item is a date (`2026-12-25`) or a range of them with both its ends (`2026-12-24..2027-01-01`),
 * days as the clock of the zone has them.
 *
 * Errors: `schedule.invalid` with `details` `{item}`, its place in the list; `schedule.unknown_zone`.
 */
export function parseExclusions(items: readonly string[], zoneName: string): ExclusionCalendar {
  const zone = openZone(zoneName);
  const spans = items.map((text, item): ExcludedSpan => {
    const days = parseDays(text);
    if ('problem' in days)
      throw new AppError('schedule.invalid', `${days.problem}.`, { hint: DAYS_FIX, details: { item } });
    return { startsAt: instantOf(zone, days.first), endsAt: instantOf(zone, days.last + DAY_MS) };
  });
  return merged(spans);
}

/** The end of the days in a row that exclude an instant (UTC ms), or null when it is not excluded. */
export function excludedUntil(calendar: ExclusionCalendar, at: number): number | null {
  return spanAt(calendar, at)?.endsAt ?? null;
}

/** The beginning of the days in a row that exclude an instant (UTC ms), or null when it is not excluded. */
export function excludedSince(calendar: ExclusionCalendar, at: number): number | null {
  return spanAt(calendar, at)?.startsAt ?? null;
}

const spanAt = (calendar: ExclusionCalendar, at: number): ExcludedSpan | undefined =>
  calendar.find((span) => at >= span.startsAt && at < span.endsAt);

function merged(spans: readonly ExcludedSpan[]): ExclusionCalendar {
  const result: ExcludedSpan[] = [];
  for (const span of spans.toSorted((one, other) => one.startsAt - other.startsAt)) {
    const last = result.at(-1);
    if (last === undefined || span.startsAt > last.endsAt) result.push(span);
    else result[result.length - 1] = { ...last, endsAt: Math.max(last.endsAt, span.endsAt) };
  }
  return result;
}
