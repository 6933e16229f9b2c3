import i18next from 'i18next';
import { type DayWords, describeSchedule, type ScheduleWords } from '../../../shared/cron/describe-schedule.ts';
import type { InstantText } from '../../../shared/cron/parse-instant.ts';
import { formatPeriod } from '../format.ts';

const word = (key: string, values: Record<string, string | number> = {}): string =>
  i18next.t(`workflow:cron.${key}`, values);

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const WORKDAYS = '1,2,3,4,5';
const dayName = (weekday: number): string => word(DAYS[weekday] ?? 'sun');
const pad = (value: number): string => String(value).padStart(2, '0');

/** A time of the clock as it was written: `2026-01-31 09:00`, with its zone where it has one. */
function onceWords({ kind, ms }: InstantText): string {
  const text = new Date(ms).toISOString();
  const at = `${text.slice(0, 10)} ${text.slice(11, 16)}`;
  return word('once', { at: kind === 'instant' ? `${at} UTC` : at });
}

function dayWords(on: DayWords): string {
  switch (on.kind) {
    case 'every_day':
      return '';
    case 'weekdays':
      return on.weekdays.join(',') === WORKDAYS
        ? word('weekdays')
        : word('on', { days: on.weekdays.map(dayName).join(', ') });
    case 'month_days':
      return [
        on.days.length === 0 ? '' : word('dayOfMonth', { day: on.days.join(', ') }),
        on.hasLastDay ? word('lastDay') : '',
      ]
        .filter((part) => part !== '')
        .join(', ');
    case 'nth_weekdays':
      return word('on', {
        days: on.weekdays
          .map(({ weekday, nth }) => word('nth', { nth: word(`nth${nth}`), day: dayName(weekday) }))
          .join(', '),
      });
  }
}

type Timed = Extract<ScheduleWords, { readonly on: DayWords }>;

function timeWords(words: Timed): string {
  if (words.kind === 'daily') return word('at', { time: words.times.join(', ') });
  if (words.kind === 'minutes') {
    const every = word(words.everyMinutes === 1 ? 'everyMinute' : 'everyMinutes', { value: words.everyMinutes });
    return words.hours === null ? every : word('between', { every, ...words.hours });
  }
  const every = words.everyHours === 1 ? word('everyHour') : word('everyHours', { value: words.everyHours });
  if (words.hours !== null && words.minutes.length === 1) return word('between', { every, ...words.hours });
  const minutes = words.minutes.map((minute) => `:${pad(minute)}`).join(', ');
  return words.minutes.join() === '0' ? every : word('atMinutes', { every, minutes });
}

/** The text of a schedule in words; the text itself where no plain words say it. */
export function cronWords(cron: string): string {
  const words = describeSchedule(cron);
  if (words.kind === 'text') return words.text;
  if (words.kind === 'every') return word('every', { period: formatPeriod(words.periodMs) });
  if (words.kind === 'once') return onceWords(words.at);
  const days = dayWords(words.on);
  const months = words.months.map((month) => word(`month${month}`)).join(', ');
  const when = days === '' && words.kind === 'daily' && months === '' ? word('daily') : days;
  const inMonths = months === '' ? '' : word('inMonths', { months });
  return [timeWords(words), when, inMonths].filter((part) => part !== '').join(', ');
}
