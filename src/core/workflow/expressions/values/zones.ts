import { typeFailure } from '../runtime/failures.ts';

/** Calendar fields of an instant in a zone. */
export interface CivilTime {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const MAX_ZONES = 64;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_EPOCH_MS = 8.64e15;
const formats = new Map<string, Intl.DateTimeFormat>();
const OFFSET_ZONE = /^([+-])(\d{2}):?(\d{2})$/;

function createFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    if (cause instanceof RangeError) throw typeFailure(`'${zone.slice(0, 60)}' is not a known time zone.`);
    throw cause;
  }
}

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = createFormat(zone);
  if (formats.size >= MAX_ZONES) formats.clear();
  formats.set(zone, made);
  return made;
}

/** Refuses instants that a calendar cannot hold. */
export function checkEpoch(epochMs: number): number {
  if (!(Math.abs(epochMs) <= MAX_EPOCH_MS)) throw typeFailure('The date is out of range.');
  return Math.round(epochMs);
}

function civilOfShifted(shiftedMs: number): CivilTime {
  const date = new Date(shiftedMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/** Milliseconds that a zone is ahead of UTC at an instant. `zone` is an IANA name or `+HH:MM`. */
export function offsetMs(epochMs: number, zone: string): number {
  if (zone === 'UTC' || zone === 'Etc/UTC') return 0;
  const fixed = OFFSET_ZONE.exec(zone);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    return (fixed[1] === '-' ? -minutes : minutes) * MINUTE_MS;
  }
  const seconds = Math.floor(epochMs / 1000) * 1000;
  const fields: Record<string, string> = {};
  for (const part of formatFor(zone).formatToParts(seconds)) fields[part.type] = part.value;
  const year = fields.era === 'BC' ? 1 - Number(fields.year) : Number(fields.year);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(fields.month) - 1, Number(fields.day));
  local.setUTCHours(Number(fields.hour), Number(fields.minute), Number(fields.second));
  return local.getTime() - seconds;
}

/** The calendar fields of an instant in a zone. */
export function toCivil(epochMs: number, zone: string): CivilTime {
  return civilOfShifted(epochMs + offsetMs(epochMs, zone));
}

/** The instant of a wall-clock time in a zone; a time that a clock change skips moves forward. */
export function fromCivil(civil: CivilTime, zone: string): number {
  const date = new Date(0);
  date.setUTCFullYear(civil.year, civil.month - 1, civil.day);
  const wall = date.setUTCHours(civil.hour, civil.minute, civil.second, civil.millisecond);
  const earlier = wall - offsetMs(wall - DAY_MS, zone);
  if (earlier + offsetMs(earlier, zone) === wall) return earlier;
  const later = wall - offsetMs(wall + DAY_MS, zone);
  return later + offsetMs(later, zone) === wall ? later : earlier;
}

const names = new Map<string, Intl.DateTimeFormat>();

/** The short name of a zone at an instant, e.g. `EST`, `UTC`, `GMT+1`. */
export function zoneName(epochMs: number, zone: string): string {
  if (zone === 'UTC' || zone === 'Etc/UTC') return 'UTC';
  if (OFFSET_ZONE.test(zone)) return `UTC${zone}`;
  formatFor(zone);
  let format = names.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'short' });
    if (names.size >= MAX_ZONES) names.clear();
    names.set(zone, format);
  }
  return format.formatToParts(epochMs).find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/** `+0530`, or with a colon `+05:30`. */
export function offsetText(epochMs: number, zone: string, colon: string): string {
  const minutes = Math.round(offsetMs(epochMs, zone) / MINUTE_MS);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const absolute = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(absolute / 60))}${colon}${pad(absolute % 60)}`;
}
