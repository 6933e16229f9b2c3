/**
 * A cron text of five fields, read (SPEC §7.1): which values each field allows, as bits, so that ten thousand schedules cost little and
 * the next due time is found by arithmetic.
 */
export interface CronFields {
  /** Bit n = minute n, of 0 to 29. */
  readonly minutesLow: number;
  /** Bit n = minute 30 + n. */
  readonly minutesHigh: number;
  /** Bit n = hour n. */
  readonly hours: number;
  /** Bit n = day n + 1 of a month. */
  readonly days: number;
  /** `L`: the last day of a month, whichever that is. */
  readonly hasLastDay: boolean;
  /** Bit n = month n + 1. */
  readonly months: number;
  /** Bit n = weekday n, 0 is Sunday. */
  readonly weekdays: number;
  /** `N#K`: item K - 1 holds the weekdays that count only as the K-th of their month; empty where the text has none. */
  readonly nthWeekdays: readonly number[];
  /** Neither day nor weekday begins with `*` or `?`: a date matches by either of them. Else both must match. */
  readonly isEitherDay: boolean;
  /** The hour field begins with `*` or `?`: due by elapsed time when the clocks change. Else by the time of the clock. */
  readonly isHourWild: boolean;
}

/** Why a text is not a schedule: one sentence without its full stop, where it is wrong and what to write instead. */
export interface ScheduleProblem {
  readonly message: string;
  readonly fix: string;
  /** Offset of the wrong part in the text. */
  readonly at: number;
  readonly length: number;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** How many days a month has; `month` is 1 to 12. */
export function daysInMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 31);
}

/** Whether the bit is set. */
export const hasBit = (bits: number, bit: number): boolean => ((bits >>> bit) & 1) === 1;

/** The same weekday bits, counted from `first` instead of from Sunday: bit n = the weekday n days after `first`. */
const countedFrom = (weekdays: number, first: number): number =>
  ((weekdays >> first) | (weekdays << (7 - first))) & 127;

/**
 * The days of a month that a schedule is due on, whatever the month field says: bit n = day n + 1.
 * `firstWeekday` is the weekday of the first of the month, `length` its number of days.
 */
export function matchingDays(cron: CronFields, firstWeekday: number, length: number): number {
  const byDay = cron.hasLastDay ? cron.days | (1 << (length - 1)) : cron.days;
  const week = countedFrom(cron.weekdays, firstWeekday);
  let byWeekday = week | (week << 7) | (week << 14) | (week << 21) | (week << 28);
  for (let nth = 0; nth < cron.nthWeekdays.length; nth++)
    byWeekday |= countedFrom(cron.nthWeekdays[nth] ?? 0, firstWeekday) << (7 * nth);
  const both = cron.isEitherDay ? byDay | byWeekday : byDay & byWeekday;
  return (both & (length === 31 ? 0x7fffffff : (1 << length) - 1)) >>> 0;
}

/** Whether there is any date at all, in any year, that the fields allow: the 30th of February is none. */
export function hasAnyDate(cron: CronFields): boolean {
  for (let month = 1; month <= 12; month++) {
    if (!hasBit(cron.months, month - 1)) continue;
    const longest = daysInMonth(2000, month);
    for (const length of month === 2 ? [28, 29] : [longest])
      for (let firstWeekday = 0; firstWeekday < 7; firstWeekday++)
        if (matchingDays(cron, firstWeekday, length) !== 0) return true;
  }
  return false;
}
