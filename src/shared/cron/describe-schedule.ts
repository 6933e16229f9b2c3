import { type CronFields, hasBit } from './cron-fields.ts';
import type { InstantText } from './parse-instant.ts';
import { parseScheduleText } from './parse-schedule-text.ts';

/** On which days, of the months that go with it. */
export type DayWords =
  | { readonly kind: 'every_day' }
  /** 0 is Sunday. */
  | { readonly kind: 'weekdays'; readonly weekdays: readonly number[] }
  | { readonly kind: 'month_days'; readonly days: readonly number[]; readonly hasLastDay: boolean }
  /** The first (1) to fifth of its weekday in the month. */
  | { readonly kind: 'nth_weekdays'; readonly weekdays: readonly { readonly weekday: number; readonly nth: number }[] };

/** What goes with the times of a schedule of five fields. */
interface OnDays {
  readonly on: DayWords;
  /** 1 to 12; empty = all. */
  readonly months: readonly number[];
}

/** First and last time of a day, as `HH:MM`. */
interface Hours {
  readonly from: string;
  readonly to: string;
}

/**
 * What a schedule says, in parts of a sentence that each language puts together for itself. Times are those of the clock of its zone,
 * `HH:MM` of 24 hours.
 */
export type ScheduleWords =
  | { readonly kind: 'every'; readonly periodMs: number }
  | { readonly kind: 'once'; readonly at: InstantText }
  /** Every so many minutes, all day (null) or from the first to the last time. */
  | ({ readonly kind: 'minutes'; readonly everyMinutes: number; readonly hours: Hours | null } & OnDays)
  /** Every so many hours, at these minutes of the hour. */
  | ({
      readonly kind: 'hours';
      readonly everyHours: number;
      readonly minutes: readonly number[];
      readonly hours: Hours | null;
    } & OnDays)
  | ({ readonly kind: 'daily'; readonly times: readonly string[] } & OnDays)
  /** There are no plain words for it, or it is no schedule: the text as written. */
  | { readonly kind: 'text'; readonly text: string };

/** More times than these are no sentence any more. */
const MAX_TIMES = 6;
const MAX_MINUTES = 4;
/** `0 0,8,16 * * *` is better said in times than as every eighth hour. */
const MAX_HOUR_STEP = 6;

/** The text of a schedule (SPEC §7.1) in words; never throws. */
export function describeSchedule(text: string): ScheduleWords {
  const reading = parseScheduleText(text);
  if ('problem' in reading) return { kind: 'text', text };
  const { schedule } = reading;
  if (schedule.kind === 'every') return { kind: 'every', periodMs: schedule.periodMs };
  if (schedule.kind === 'once') return { kind: 'once', at: schedule.at };
  return describeCron(schedule.cron) ?? { kind: 'text', text };
}

function describeCron(cron: CronFields): ScheduleWords | null {
  const on = describeDays(cron);
  if (on === null) return null;
  const months = listBits(cron.months, 12, 1);
  const days: OnDays = { on, months: months.length === 12 ? [] : months };
  const minutes = [...listBits(cron.minutesLow, 30, 0), ...listBits(cron.minutesHigh, 30, 30)];
  const hours = listBits(cron.hours, 24, 0);
  return describeSteps(minutes, hours, days) ?? describeTimes(minutes, hours, days);
}

function describeTimes(minutes: readonly number[], hours: readonly number[], days: OnDays): ScheduleWords | null {
  if (minutes.length * hours.length > MAX_TIMES) return null;
  return { kind: 'daily', times: hours.flatMap((hour) => minutes.map((minute) => timeText(hour, minute))), ...days };
}

function describeSteps(minutes: readonly number[], hours: readonly number[], days: OnDays): ScheduleWords | null {
  const [first = 0] = hours;
  const last = hours.at(-1) ?? 0;
  const isRange = hours.length > 1 && last - first === hours.length - 1;
  const span = { from: timeText(first, minutes[0] ?? 0), to: timeText(last, minutes.at(-1) ?? 0) };
  const between = hours.length === 24 ? null : span;
  const everyMinutes = stepOf(minutes, 60);
  if (everyMinutes !== null && (isRange || hours.length === 1))
    return { kind: 'minutes', everyMinutes, hours: between, ...days };
  if (minutes.length > MAX_MINUTES) return null;
  if (isRange && hours.length > 2) return { kind: 'hours', everyHours: 1, minutes, hours: between, ...days };
  const everyHours = stepOf(hours, 24);
  if (everyHours === null || everyHours > MAX_HOUR_STEP) return null;
  return { kind: 'hours', everyHours, minutes, hours: null, ...days };
}

/** The step of values that begin at 0 and go round evenly, or null. A single value is none. */
function stepOf(values: readonly number[], size: number): number | null {
  const step = size / values.length;
  return values.length > 1 && values.every((value, index) => value === index * step) ? step : null;
}

function describeDays(cron: CronFields): DayWords | null {
  const days = listBits(cron.days, 31, 1);
  const weekdays = listBits(cron.weekdays, 7, 0);
  const nth = cron.nthWeekdays.flatMap((bits, index) =>
    listBits(bits, 7, 0).map((weekday) => ({ weekday, nth: index + 1 })),
  );
  const isAnyDay = days.length === 31;
  const isAnyWeekday = weekdays.length === 7;
  if (isAnyDay && isAnyWeekday) return { kind: 'every_day' };
  // With both, the day rule decides between "or" and "and", and no short sentence tells that.
  if (cron.isEitherDay) return null;
  if (isAnyWeekday) return { kind: 'month_days', days, hasLastDay: cron.hasLastDay };
  if (!isAnyDay || (nth.length > 0 && weekdays.length > 0)) return null;
  return nth.length > 0 ? { kind: 'nth_weekdays', weekdays: nth } : { kind: 'weekdays', weekdays };
}

const listBits = (bits: number, count: number, first: number): readonly number[] =>
  Array.from({ length: count }, (_, bit) => bit).flatMap((bit) => (hasBit(bits, bit) ? [bit + first] : []));

const timeText = (hour: number, minute: number): string =>
  `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
