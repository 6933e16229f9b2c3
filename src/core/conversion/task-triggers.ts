import type { JsonMap } from '../../shared/json.ts';
import type { Notes } from './draft-plan.ts';
import { child, childText, type XmlElement } from './xml.ts';

interface TaskPlace {
  readonly timezone: string;
  readonly catchUp: string;
  readonly notes: Notes;
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const WHY: Readonly<Record<string, string>> = {
  LogonTrigger: 'nothing starts when somebody signs in',
  BootTrigger: 'nothing starts when the machine starts',
  IdleTrigger: 'nothing starts when nobody works at the machine',
  EventTrigger: 'nothing starts for an entry in the log of Windows',
  RegistrationTrigger: 'nothing starts when it is made',
  SessionStateChangeTrigger: 'nothing starts when a session is locked or opened',
};

/** What starts a task, as far as a clock does. */
export function taskTriggers(triggers: XmlElement | undefined, place: TaskPlace): readonly JsonMap[] {
  return (triggers?.children ?? []).flatMap((trigger) => {
    const { name, line } = trigger;
    if (name !== 'CalendarTrigger' && name !== 'TimeTrigger') {
      place.notes.lost(name, WHY[name] ?? 'nothing like it starts a run here', line);
      return [];
    }
    const schedule = scheduleOf(trigger, place.notes);
    if (schedule === null) return [];
    for (const [key, why] of Object.entries(LOST_OF_TRIGGER)) {
      const found = childText(trigger, key);
      if (found !== '') place.notes.lost(`${key} ${found}`, why, line);
    }
    const end = childText(trigger, 'EndBoundary');
    return [
      {
        ...{ type: 'schedule', ...schedule, timezone: zoneOf(trigger, place), catch_up: place.catchUp },
        ...(end === '' ? {} : { ends_at: end }),
        ...(childText(trigger, 'Enabled') === 'false' ? { enabled: false } : {}),
      },
    ];
  });
}

const LOST_OF_TRIGGER: Readonly<Record<string, string>> = {
  RandomDelay: 'give the schedule a jitter',
  ExecutionTimeLimit: 'the limit of the whole task counts here',
};

/** An instant with an offset means that clock all year round; one without means the clock of the machine. */
function zoneOf(trigger: XmlElement, { timezone, notes }: TaskPlace): string {
  const start = childText(trigger, 'StartBoundary');
  const offset = /T[\d:.]+(Z|[+-]\d\d:\d\d)$/.exec(start)?.[1];
  if (offset === undefined) return timezone;
  if (/^(?:Z|[+-]00:00)$/.test(offset)) return 'UTC';
  const hours = /^([+-])(\d\d):00$/.exec(offset);
  // The names of these zones count the other way round.
  if (hours !== null) return `Etc/GMT${hours[1] === '+' ? '-' : '+'}${Number(hours[2])}`;
  notes.lost(`StartBoundary ${start}`, `it is read by the clock of ${timezone}`, trigger.line);
  return timezone;
}

function scheduleOf(trigger: XmlElement, notes: Notes): JsonMap | null {
  const start = childText(trigger, 'StartBoundary');
  const time = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)/.exec(start);
  if (time === null) {
    notes.lost(`StartBoundary ${start}`, 'it names no instant, so there is no schedule', trigger.line);
    return null;
  }
  const [, , hour = '', minute = ''] = time;
  const repetition = child(trigger, 'Repetition');
  const interval = childText(repetition, 'Interval');
  if (interval !== '') {
    if (childText(repetition, 'Duration') !== '')
      notes.changed(
        `Duration ${childText(repetition, 'Duration')}`,
        'it is repeated without an end here',
        repetition?.line,
      );
    return repeated(interval, minute, { notes, trigger, start });
  }
  if (trigger.name === 'TimeTrigger') return { schedule: `@at ${start}` };
  const days = daysOf(trigger, notes);
  return days === null ? null : { schedule: `${Number(minute)} ${Number(hour)} ${days}` };
}

/** Every so many minutes or hours, from the minute of the start on; what does not divide the hour or the day begins when it is armed. */
function repeated(
  interval: string,
  minute: string,
  { notes, trigger, start }: { readonly notes: Notes; readonly trigger: XmlElement; readonly start: string },
): JsonMap | null {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(interval);
  const minutes = Number(match?.[1] ?? 0) * 1440 + Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0);
  if (minutes === 0) {
    notes.lost(`Interval ${interval}`, 'it is no interval that is known', trigger.line);
    return null;
  }
  if (trigger.name === 'CalendarTrigger')
    notes.changed(
      `Interval ${interval}`,
      'it is repeated on every day here, not only on those of the calendar',
      trigger.line,
    );
  if (minutes < 60 && 60 % minutes === 0) return { schedule: `${Number(minute) % minutes}-59/${minutes} * * * *` };
  if (minutes % 60 === 0 && 24 % (minutes / 60) === 0)
    return { schedule: `${Number(minute)} ${minutes === 60 ? '*' : `*/${minutes / 60}`} * * *` };
  notes.changed(`StartBoundary ${start}`, 'the first start is one interval after it is armed', trigger.line);
  return { schedule: `@every ${minutes}m` };
}

/** `day month weekday` of a calendar; null where there is no such pattern here. */
function daysOf(trigger: XmlElement, notes: Notes): string | null {
  const byDay = child(trigger, 'ScheduleByDay');
  if (byDay !== undefined) {
    const every = Number(childText(byDay, 'DaysInterval') || 1);
    if (every > 1)
      notes.changed(`DaysInterval ${every}`, 'it is counted from the first of each month here', byDay.line);
    return every > 1 ? `*/${every} * *` : '* * *';
  }
  const byWeek = child(trigger, 'ScheduleByWeek');
  if (byWeek !== undefined) {
    const every = Number(childText(byWeek, 'WeeksInterval') || 1);
    if (every > 1) notes.lost(`WeeksInterval ${every}`, 'it starts every week', byWeek.line);
    return `* * ${numbered(child(byWeek, 'DaysOfWeek'), DAYS, 0)}`;
  }
  const byMonth = child(trigger, 'ScheduleByMonth');
  if (byMonth !== undefined) {
    const days = (child(byMonth, 'DaysOfMonth')?.children ?? []).map(({ text }) => (text === 'Last' ? 'L' : text));
    return `${days.join(',') || '1'} ${numbered(child(byMonth, 'Months'), MONTHS, 1)} *`;
  }
  const byWeekday = child(trigger, 'ScheduleByMonthDayOfWeek');
  if (byWeekday !== undefined) return weekdaysOfMonth(byWeekday, notes);
  notes.lost(trigger.name, 'it says no days', trigger.line);
  return null;
}

function weekdaysOfMonth(calendar: XmlElement, notes: Notes): string | null {
  const weeks = (child(calendar, 'Weeks')?.children ?? []).map(({ text }) => text);
  if (weeks.includes('Last')) {
    notes.lost('Week Last', 'no schedule means the last such weekday of a month', calendar.line);
    return null;
  }
  const days = numbered(child(calendar, 'DaysOfWeek'), DAYS, 0).split(',');
  const each = days.flatMap((day) => weeks.map((week) => `${day}#${week}`)).join(',');
  return `* ${numbered(child(calendar, 'Months'), MONTHS, 1)} ${each || '*'}`;
}

function numbered(names: XmlElement | undefined, all: readonly string[], first: number): string {
  const found = (names?.children ?? []).flatMap(({ name }) => (all.includes(name) ? [all.indexOf(name) + first] : []));
  return found.length === 0 || found.length === all.length ? '*' : found.join(',');
}
