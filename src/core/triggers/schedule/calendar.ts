import { type CronFields, daysInMonth, hasBit, matchingDays } from '../../../shared/cron/cron-fields.ts';

/**
 * The calendar of a cron schedule by itself, without zones: which minutes of which dates it names. Times are ms as if the clock showed
 * UTC; every answer is a whole minute.
 */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MINUTES_A_DAY = 1440;

/** The first minute at or after `from` that the fields name and that lies before `end`, or null. */
export function firstMinute(cron: CronFields, from: number, end: number): number | null {
  const start = Math.ceil(from / MINUTE_MS);
  if (start * MINUTE_MS >= end) return null;
  let day = Math.floor(start / MINUTES_A_DAY);
  let minute = start - day * MINUTES_A_DAY;
  const lastDay = Math.floor((end - 1) / DAY_MS);
  for (;;) {
    const matching = firstDay(cron, day, lastDay);
    if (matching === null) return null;
    if (matching > day) minute = 0;
    const found = minuteFrom(cron, minute);
    if (found !== null) {
      const at = (matching * MINUTES_A_DAY + found) * MINUTE_MS;
      return at < end ? at : null;
    }
    day = matching + 1;
    minute = 0;
  }
}

/** The last minute at or before `until` that the fields name and that lies at or after `start`, or null. */
export function lastMinute(cron: CronFields, until: number, start: number): number | null {
  const end = Math.floor(until / MINUTE_MS);
  if (end * MINUTE_MS < start) return null;
  let day = Math.floor(end / MINUTES_A_DAY);
  let minute = end - day * MINUTES_A_DAY;
  const firstDayAllowed = Math.floor(start / DAY_MS);
  for (;;) {
    const matching = latestDay(cron, day, firstDayAllowed);
    if (matching === null) return null;
    if (matching < day) minute = MINUTES_A_DAY - 1;
    const found = minuteUntil(cron, minute);
    if (found !== null) {
      const at = (matching * MINUTES_A_DAY + found) * MINUTE_MS;
      return at >= start ? at : null;
    }
    day = matching - 1;
    minute = MINUTES_A_DAY - 1;
  }
}

/** The first day (days since 1970) from `day` to `last` whose date matches. */
function firstDay(cron: CronFields, day: number, last: number): number | null {
  let { year, month, dayOfMonth } = dateOf(day);
  let first = day - dayOfMonth + 1;
  while (first <= last) {
    const length = daysInMonth(year, month);
    if (hasBit(cron.months, month - 1)) {
      const left = matchingDays(cron, weekdayOf(first), length) & (-1 << (dayOfMonth - 1));
      if (left !== 0) {
        const found = first + lowestBit(left);
        return found <= last ? found : null;
      }
    }
    first += length;
    dayOfMonth = 1;
    if (month === 12) year += 1;
    month = (month % 12) + 1;
  }
  return null;
}

/** The latest day from `day` back to `earliest` whose date matches. */
function latestDay(cron: CronFields, day: number, earliest: number): number | null {
  let { year, month, dayOfMonth } = dateOf(day);
  let first = day - dayOfMonth + 1;
  while (first + dayOfMonth - 1 >= earliest) {
    if (hasBit(cron.months, month - 1)) {
      const upTo = dayOfMonth === 31 ? 0x7fffffff : (1 << dayOfMonth) - 1;
      const left = matchingDays(cron, weekdayOf(first), daysInMonth(year, month)) & upTo;
      if (left !== 0) {
        const found = first + highestBit(left);
        return found >= earliest ? found : null;
      }
    }
    month = month === 1 ? 12 : month - 1;
    if (month === 12) year -= 1;
    dayOfMonth = daysInMonth(year, month);
    first -= dayOfMonth;
  }
  return null;
}

/** The first minute of a day, at or after `minute`, that the fields name. */
function minuteFrom(cron: CronFields, minute: number): number | null {
  const hour = Math.floor(minute / 60);
  if (hasBit(cron.hours, hour)) {
    const found = minuteOfHourFrom(cron, minute - hour * 60);
    if (found !== null) return hour * 60 + found;
  }
  const later = hour === 23 ? 0 : cron.hours & (-1 << (hour + 1));
  return later === 0 ? null : lowestBit(later) * 60 + (minuteOfHourFrom(cron, 0) ?? 0);
}

function minuteOfHourFrom({ minutesLow, minutesHigh }: CronFields, minute: number): number | null {
  const low = minute < 30 ? minutesLow & (-1 << minute) : 0;
  if (low !== 0) return lowestBit(low);
  const high = minute <= 30 ? minutesHigh : minutesHigh & (-1 << (minute - 30));
  return high === 0 ? null : 30 + lowestBit(high);
}

/** The last minute of a day, at or before `minute`, that the fields name. */
function minuteUntil(cron: CronFields, minute: number): number | null {
  const hour = Math.floor(minute / 60);
  if (hasBit(cron.hours, hour)) {
    const found = minuteOfHourUntil(cron, minute - hour * 60);
    if (found !== null) return hour * 60 + found;
  }
  const earlier = cron.hours & ((1 << hour) - 1);
  return earlier === 0 ? null : highestBit(earlier) * 60 + (minuteOfHourUntil(cron, 59) ?? 0);
}

function minuteOfHourUntil({ minutesLow, minutesHigh }: CronFields, minute: number): number | null {
  const high = minute < 30 ? 0 : minutesHigh & ((1 << (minute - 29)) - 1);
  if (high !== 0) return 30 + highestBit(high);
  const low = minute >= 29 ? minutesLow : minutesLow & ((1 << (minute + 1)) - 1);
  return low === 0 ? null : highestBit(low);
}

const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);
const highestBit = (bits: number): number => 31 - Math.clz32(bits);

/** 1 January 1970 was a Thursday. */
const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

const DAYS_IN_400_YEARS = 146_097;

/**
 * The date of a day since 1970. Years are counted from 1 March, so that the day that may be missing is the last of its year
 * (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
 */
function dateOf(day: number): CalendarDate {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / DAYS_IN_400_YEARS);
  const dayOfEra = shifted - era * DAYS_IN_400_YEARS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}
