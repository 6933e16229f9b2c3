import type { Runtime } from '../runtime/runtime.ts';
import { asSpecial, type DateTime, SPECIAL, type TimeDelta } from './values.ts';
import { checkEpoch, fromCivil, offsetMs, offsetText, toCivil } from './zones.ts';

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;
const NUMERIC = /^[+-]?\d{1,16}(?:\.\d{1,9})?$/;
/** Numbers from here on are milliseconds; below, seconds (5138 A.D.). */
const FIRST_MILLISECONDS = 1e11;

/** An instant; `zone` is the zone it is shown in, the empty text stands for the zone of the run. */
export function dateTime(epochMs: number, zone: string, dateOnly = false): DateTime {
  return { [SPECIAL]: 'datetime', epochMs: checkEpoch(epochMs), zone, dateOnly };
}

/** A length of time. */
export function timeDelta(ms: number): TimeDelta {
  return { [SPECIAL]: 'timedelta', ms: checkEpoch(ms) };
}

/** The value if it is a time. */
export function asDateTime(value: unknown): DateTime | undefined {
  const special = asSpecial(value);
  return special?.[SPECIAL] === 'datetime' ? special : undefined;
}

/** The value if it is a length of time. */
export function asTimeDelta(value: unknown): TimeDelta | undefined {
  const special = asSpecial(value);
  return special?.[SPECIAL] === 'timedelta' ? special : undefined;
}

/** The zone in which a datetime is shown. */
export function zoneOf(value: DateTime, rt: Pick<Runtime, 'timeZone'>): string {
  return value.zone === '' ? rt.timeZone : value.zone;
}

/** ISO 8601 text -> instant; without an offset it is wall-clock time in `zone`. Undefined when it is not ISO. */
export function parseIso(text: string, zone: string): number | undefined {
  if (text.length > 40) return undefined;
  const match = ISO.exec(text.trim());
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((group) => Number(match[group] ?? 0));
  const civil = {
    year: year ?? 0,
    month: month ?? 0,
    day: day ?? 0,
    hour: hour ?? 0,
    minute: minute ?? 0,
    second: second ?? 0,
    millisecond: Number((match[7] ?? '').padEnd(3, '0').slice(0, 3)),
  };
  const lastDay = new Date(Date.UTC(2000 + (civil.year % 400), civil.month, 0)).getUTCDate();
  if (civil.month < 1 || civil.month > 12 || civil.day < 1 || civil.day > lastDay) return undefined;
  if (civil.hour > 23 || civil.minute > 59 || civil.second > 59) return undefined;
  const offset = match[8];
  if (offset === undefined) return fromCivil(civil, zone);
  if (offset === 'Z' || offset === 'z') return fromCivil(civil, 'UTC');
  return fromCivil(civil, offset.length === 3 ? `${offset}:00` : offset);
}

/** Instant of an ISO text, datetime, or epoch in seconds or milliseconds (SPEC 2.3 time filters). */
export function toInstant(value: unknown, rt: Pick<Runtime, 'timeZone'>): number | undefined {
  const known = asDateTime(value);
  if (known !== undefined) return known.epochMs;
  if (typeof value === 'number') return instantOfNumber(value);
  if (typeof value !== 'string') return undefined;
  const trimmed = value.trim();
  return NUMERIC.test(trimmed) ? instantOfNumber(Number(trimmed)) : parseIso(trimmed, rt.timeZone);
}

function instantOfNumber(value: number): number | undefined {
  const ms = Math.abs(value) >= FIRST_MILLISECONDS ? value : value * 1000;
  return Number.isFinite(value) && Math.abs(ms) <= 8.64e15 ? Math.round(ms) : undefined;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return pad(year, 4);
  return `${year < 0 ? '-' : '+'}${pad(Math.abs(year), 6)}`;
}

/** ISO 8601 text: `2026-01-22T08:00:00Z`, with an offset when the zone is not UTC. */
export function isoOf(value: DateTime, rt: Pick<Runtime, 'timeZone'>): string {
  const zone = zoneOf(value, rt);
  const civil = toCivil(value.epochMs, zone);
  const date = `${yearText(civil.year)}-${pad(civil.month)}-${pad(civil.day)}`;
  if (value.dateOnly) return date;
  const fraction = civil.millisecond === 0 ? '' : `.${pad(civil.millisecond, 3)}`;
  const isUtc = zone === 'UTC' || zone === 'Etc/UTC';
  const offset = isUtc ? 'Z' : offsetText(value.epochMs, zone, ':');
  return `${date}T${pad(civil.hour)}:${pad(civil.minute)}:${pad(civil.second)}${fraction}${offset}`;
}

const DELTA_UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** A length of time in the product's own form (SPEC 1.1 Durations): `1d2h30m`, `-5m`, `0s`. */
export function deltaText(delta: TimeDelta): string {
  let rest = Math.abs(delta.ms);
  let text = '';
  for (const [unit, size] of DELTA_UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : `${delta.ms < 0 ? '-' : ''}${text}`;
}

/** Monday is 0, as in Python. */
export function weekdayOf(epochMs: number, zone: string): number {
  const days = Math.floor((epochMs + offsetMs(epochMs, zone)) / 86_400_000);
  return (((days + 3) % 7) + 7) % 7;
}

/** The same day at midnight in its zone. */
export function dateOf(value: DateTime, rt: Pick<Runtime, 'timeZone'>): DateTime {
  const zone = zoneOf(value, rt);
  const civil = toCivil(value.epochMs, zone);
  const midnight = fromCivil({ ...civil, hour: 0, minute: 0, second: 0, millisecond: 0 }, zone);
  return dateTime(midnight, zone, true);
}
