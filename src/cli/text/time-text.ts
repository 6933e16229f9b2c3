import { durationParts } from '../../shared/duration-parts.ts';

/** `0s`, `40ms`, `0.4s`, `12s`, `3m 05s`, `2h 10m`, `2d 4h`. */
export function durationText(ms: number): string {
  const parts = durationParts(ms);
  switch (parts.form) {
    case 'milliseconds':
      return `${parts.value}ms`;
    case 'seconds':
      return `${parts.value}s`;
    case 'minutes':
      return `${parts.minutes}m ${parts.seconds}s`;
    case 'hours':
      return `${parts.hours}h ${parts.minutes}m`;
    case 'days':
      return `${parts.days}d ${parts.hours}h`;
  }
}

/** An instant as ISO 8601, or null. */
export const isoTime = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const ZONE_PARTS: Intl.DateTimeFormatOptions = {
  hourCycle: 'h23',
  weekday: 'short',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
};

/** An instant as the clock of a zone shows it: `Thu 2026-01-22 09:00:00 GMT+1`. */
export function zoneTime(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { ...ZONE_PARTS, timeZone }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  const time = `${part('hour')}:${part('minute')}:${part('second')}`;
  return `${part('weekday')} ${part('year')}-${part('month')}-${part('day')} ${time} ${part('timeZoneName')}`;
}

/** An instant in the reader's own time: `2026-01-22 09:00:00`. */
export function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
