import { type DayWords, describeSchedule, type ScheduleWords } from '../../../../shared/cron/describe-schedule.ts';

export const WHEN_KINDS = ['minutes', 'hours', 'daily', 'weekdays', 'days', 'month', 'once', 'text'] as const;
export type WhenKind = (typeof WHEN_KINDS)[number];

/** When a schedule starts, as the fields of the editor hold it. What another kind needs is kept, so that a look at it costs nothing. */
export type When = {
  readonly kind: WhenKind;
  /** Every so many minutes or hours, as typed. */
  readonly every: string;
  /** Minute of the hour, where it starts every few hours, as typed. */
  readonly minute: string;
  /** `HH:MM` of the clock of the zone. */
  readonly time: string;
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
  /** Day of the month, or `L`, the last one. */
  readonly day: string;
  /** `YYYY-MM-DDTHH:MM` of the clock of the zone. */
  readonly once: string;
  readonly text: string;
};

/** A new schedule: on working days, as the day begins. */
export const NEW_WHEN: When = {
  kind: 'weekdays',
  every: '15',
  minute: '0',
  time: '09:00',
  weekdays: [1],
  day: '1',
  once: '',
  text: '0 9 * * 1-5',
};

const WORKDAYS = '1,2,3,4,5';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const isStep = (text: string, size: number): boolean => {
  const step = Number(text);
  return Number.isInteger(step) && step >= 1 && step < size && size % step === 0;
};
const field = (text: string): string => text.trim().replace(/^0+(?=\d)/, '');
const clock = (time: string): string => {
  const [hour = '', minute = ''] = time.split(':');
  return `${field(minute)} ${field(hour)}`;
};

/** The text of the schedule (SPEC §7.1). What was typed wrong stands in it as it is, so that the engine names it. */
export function scheduleText(when: When): string {
  const { kind, time } = when;
  if (kind === 'text') return when.text.trim();
  if (kind === 'once') return `@at ${when.once}`.trim();
  if (kind === 'minutes') return minutesText(field(when.every));
  if (kind === 'hours') return hoursText(field(when.every), field(when.minute));
  if (kind === 'daily') return `${clock(time)} * * *`;
  if (kind === 'weekdays') return `${clock(time)} * * 1-5`;
  if (kind === 'month') return `${clock(time)} ${when.day} * *`;
  return `${clock(time)} * * ${when.weekdays.join(',')}`;
}

/** On the clock where the hour can be cut so, else by elapsed time. */
function minutesText(every: string): string {
  if (every === '1') return '* * * * *';
  return isStep(every, 60) ? `*/${every} * * * *` : `@every ${every}m`;
}

function hoursText(every: string, minute: string): string {
  if (every === '1') return `${minute} * * * *`;
  return isStep(every, 24) ? `${minute} */${every} * * *` : `@every ${every}h`;
}

/** Whether the minute of the hour counts: by elapsed time nobody chooses it. */
export const hasMinute = ({ every }: When): boolean => isStep(field(every), 24);

/** The fields for a text; as a text where they cannot say the same. */
export function readWhen(text: string): When {
  return { ...NEW_WHEN, text, ...(partsOf(describeSchedule(text)) ?? { kind: 'text' }) };
}

function partsOf(words: ScheduleWords): Partial<When> | null {
  switch (words.kind) {
    case 'every':
      if (words.periodMs % HOUR === 0) return { kind: 'hours', every: String(words.periodMs / HOUR) };
      return words.periodMs % MINUTE === 0 ? { kind: 'minutes', every: String(words.periodMs / MINUTE) } : null;
    case 'once':
      return words.at.kind === 'clock' && words.at.ms % MINUTE === 0
        ? { kind: 'once', once: new Date(words.at.ms).toISOString().slice(0, 16) }
        : null;
    case 'minutes':
      return isAlways(words) ? { kind: 'minutes', every: String(words.everyMinutes) } : null;
    case 'hours':
      return isAlways(words) && words.minutes.length === 1
        ? { kind: 'hours', every: String(words.everyHours), minute: String(words.minutes[0]) }
        : null;
    case 'daily':
      return words.months.length === 0 && words.times.length === 1 && words.times[0] !== undefined
        ? daysOf(words.on, words.times[0])
        : null;
    case 'text':
      return null;
  }
}

const isAlways = ({ on, months, hours }: Extract<ScheduleWords, { readonly kind: 'minutes' | 'hours' }>): boolean =>
  on.kind === 'every_day' && months.length === 0 && hours === null;

function daysOf(on: DayWords, time: string): Partial<When> | null {
  if (on.kind === 'every_day') return { kind: 'daily', time };
  if (on.kind === 'weekdays')
    return on.weekdays.join() === WORKDAYS ? { kind: 'weekdays', time } : { kind: 'days', time, weekdays: on.weekdays };
  if (on.kind !== 'month_days') return null;
  const [day] = on.days;
  if (on.hasLastDay) return on.days.length === 0 ? { kind: 'month', time, day: 'L' } : null;
  return on.days.length === 1 && day !== undefined ? { kind: 'month', time, day: String(day) } : null;
}
