import i18next from 'i18next';
import { durationParts } from '../../shared/duration-parts.ts';
import { durationText } from '../../shared/parse-duration.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The zone of this machine, as the times on the screens are. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A small number with just so many digits after its point, or comma. */
const withDigits = (value: number, digits: number): string =>
  new Intl.NumberFormat(i18next.language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  }).format(value);

const word = (key: string, values: Record<string, string | number>): string =>
  i18next.t(`everywhere:time.${key}`, values) as string;

/** `0 s`, `40 ms`, `0.3 s`, `41 s`, `2 m 02 s`, `1 h 05 m`, `2 d 4 h`; never negative. */
export function formatDuration(durationMs: number): string {
  const { form, ...values } = durationParts(durationMs);
  // Tenths of a second come as a text, which keeps its zero.
  if ('value' in values && typeof values.value === 'string')
    return word(form, { value: withDigits(Number(values.value), 1) });
  return word(form, values);
}

/** A duration that somebody has chosen, as it is written: `24 h`, `90 min`, `5 s`. */
export function formatPeriod(periodMs: number): string {
  const [, value = '', unit = 'ms'] = /^([\d.]+)(\w+)$/.exec(durationText(periodMs)) ?? [];
  return word(`period.${unit}`, { value });
}

/** The same for a clock that ticks by the second: `4 s`, never tenths. */
export const wholeSeconds = (durationMs: number): string =>
  durationMs < 9_950
    ? word('seconds', { value: Math.floor(Math.max(0, durationMs) / SECOND) })
    : formatDuration(Math.floor(durationMs / SECOND) * SECOND);

const dateFormat = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(i18next.language === 'en' ? 'en-GB' : i18next.language, options);

/** `14:30`, in the zone of this machine. */
export const formatClock = (at: number): string => dateFormat({ hour: '2-digit', minute: '2-digit' }).format(at);

/** `14:30:06`: when something began is told apart from what began in the same minute. */
export const formatClockSeconds = (at: number): string =>
  dateFormat({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);

/** `Mon` within a week, `3 Nov` within the year, else with the year. */
export function formatDate(at: number, now: number): string {
  if (Math.abs(now - at) < 6 * DAY) return dateFormat({ weekday: 'short' }).format(at);
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return dateFormat({ day: 'numeric', month: 'short', ...(isThisYear ? {} : { year: 'numeric' }) }).format(at);
}

/** A day as lists show it: `Mon 14:30` within a week, `3 Nov` within the year, else with the year. */
export const formatDay = (at: number, now: number): string =>
  Math.abs(now - at) < 6 * DAY ? `${formatDate(at, now)} ${formatClock(at)}` : formatDate(at, now);

/** When something is due: `14:05` today, else `Mon 14:05`, later `3 Nov 14:05`. */
export const formatMoment = (at: number, now: number): string =>
  new Date(at).toDateString() === new Date(now).toDateString()
    ? formatClock(at)
    : `${formatDate(at, now)} ${formatClock(at)}`;

/** A column of a calendar: `Mon 17`. */
export const formatDayHead = (at: number): string => dateFormat({ weekday: 'short', day: 'numeric' }).format(at);

/** `Wednesday 19 November`. */
export const formatLongWeekday = (at: number): string =>
  dateFormat({ weekday: 'long', day: 'numeric', month: 'long' }).format(at);

/** The day of a clock text such as `2026-03-29T10:00`, whatever its zone: `Sun 29 Mar 2026`. */
export const formatShownDay = (shown: string): string =>
  dateFormat({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${shown.slice(0, 10)}T00:00Z`),
  );

/** The month of a text such as `2026-03`, whatever its zone: `March 2026`. */
export const formatShownMonth = (shown: string): string =>
  dateFormat({ month: 'long', year: 'numeric', timeZone: 'UTC' }).format(Date.parse(`${shown.slice(0, 7)}-01T00:00Z`));

/** The month of an instant: `March`. */
export const formatMonthName = (at: number): string => dateFormat({ month: 'long' }).format(at);

/** The same in short, with its year where it begins one: `Mar`, `Jan 2026`. */
export const formatShortMonth = (shown: string): string =>
  dateFormat({
    month: 'short',
    ...(shown.slice(5, 7) === '01' ? { year: 'numeric' } : {}),
    timeZone: 'UTC',
  }).format(Date.parse(`${shown.slice(0, 7)}-01T00:00Z`));

/** A day of this or another year, in words: `17 November`, with the year where it is another. */
export function formatLongDay(at: number, now: number): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return dateFormat({ day: 'numeric', month: 'long', ...(isThisYear ? {} : { year: 'numeric' }) }).format(at);
}

/** `12 s ago`, `4 min ago`, `5 h ago`, `in 26 min`, `Mon 14:30`, `3 Nov`. */
export function formatRelative(at: number, now: number): string {
  const distance = Math.abs(now - at);
  const direction = at > now ? 'in' : 'ago';
  if (distance < 5 * SECOND) return word('now', {});
  if (distance < MINUTE) return word(`${direction}Seconds`, { value: Math.floor(distance / SECOND) });
  if (distance < 90 * MINUTE) return word(`${direction}Minutes`, { value: Math.floor(distance / MINUTE) });
  if (distance < 20 * HOUR) return word(`${direction}Hours`, { value: Math.round(distance / HOUR) });
  return formatDay(at, now);
}

/** The exact instant with its zone, for the tip: `Wed 19 Nov 2025, 14:34:06 CET`. */
export const formatExact = (at: number): string =>
  dateFormat({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(at);

/** `412 B`, `3.4 KB`, `1.2 MB`. */
export function formatBytes(sizeBytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${withDigits(value, unit > 0 && value < 10 ? 1 : 0)} ${units[unit] ?? 'B'}`;
}

/** A number with all of its digits, as people write it. */
export const formatNumber = (value: number): string =>
  new Intl.NumberFormat(i18next.language, { maximumFractionDigits: 20 }).format(value);

export const formatCount = (value: number): string => new Intl.NumberFormat(i18next.language).format(value);

/** A number as an axis has room for it: `1.2K`, `3M`. */
export const formatCompact = (value: number): string =>
  new Intl.NumberFormat(i18next.language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);

/** An amount in USD, a decimal text, as lists show it: two decimals, four below a cent, `< $0.0001` for what is less. */
export function formatMoney(usd: string): string {
  const value = Number(usd);
  if (!Number.isFinite(value)) return '–';
  const digits = value !== 0 && Math.abs(value) < 0.01 ? 4 : 2;
  const money = new Intl.NumberFormat(i18next.language, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const least = 0.0001;
  return value > 0 && value < least ? `< ${money.format(least)}` : money.format(value);
}
