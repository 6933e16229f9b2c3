import { limitFailure } from '../runtime/failures.ts';
import { weekdayOf } from './datetime.ts';
import { type CivilTime, offsetText, toCivil, zoneName } from './zones.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

const MAX_PATTERN = 1000;

interface Moment {
  readonly epochMs: number;
  readonly zone: string;
  readonly civil: CivilTime;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
const month = (m: Moment): string => MONTHS[m.civil.month - 1] ?? '';
const day = (m: Moment): string => DAYS[weekdayOf(m.epochMs, m.zone)] ?? '';
const hour12 = (m: Moment): number => m.civil.hour % 12 || 12;
const clock = (m: Moment): string => `${pad(m.civil.hour)}:${pad(m.civil.minute)}`;

function dayOfYear({ civil }: Moment): number {
  const midnight = new Date(0).setUTCFullYear(civil.year, civil.month - 1, civil.day);
  return Math.round((midnight - new Date(0).setUTCFullYear(civil.year, 0, 1)) / 86_400_000) + 1;
}

const DIRECTIVES: ReadonlyMap<string, (m: Moment) => string> = new Map<string, (m: Moment) => string>([
  ['Y', (m) => pad(m.civil.year, 4)],
  ['m', (m) => pad(m.civil.month)],
  ['d', (m) => pad(m.civil.day)],
  ['e', (m) => String(m.civil.day).padStart(2, ' ')],
  ['H', (m) => pad(m.civil.hour)],
  ['M', (m) => pad(m.civil.minute)],
  ['S', (m) => pad(m.civil.second)],
  ['f', (m) => `${pad(m.civil.millisecond, 3)}000`],
  ['y', (m) => pad(((m.civil.year % 100) + 100) % 100)],
  ['b', (m) => month(m).slice(0, 3)],
  ['B', month],
  ['a', (m) => day(m).slice(0, 3)],
  ['A', day],
  ['j', (m) => pad(dayOfYear(m), 3)],
  ['p', (m) => (m.civil.hour < 12 ? 'AM' : 'PM')],
  ['I', (m) => pad(hour12(m))],
  ['Z', (m) => zoneName(m.epochMs, m.zone)],
  ['z', (m) => offsetText(m.epochMs, m.zone, '')],
  ['u', (m) => String(weekdayOf(m.epochMs, m.zone) + 1)],
  ['w', (m) => String((weekdayOf(m.epochMs, m.zone) + 1) % 7)],
  ['s', (m) => String(Math.floor(m.epochMs / 1000))],
  ['F', (m) => `${pad(m.civil.year, 4)}-${pad(m.civil.month)}-${pad(m.civil.day)}`],
  ['T', (m) => `${clock(m)}:${pad(m.civil.second)}`],
  ['R', clock],
  ['%', () => '%'],
]);

/**
 * Text of an instant after a strftime pattern (SPEC 2.3). `%-d` drops the leading zero; a directive that is not known
 * stays as it is. Names are English on every machine.
 */
export function strftime(epochMs: number, zone: string, pattern: string): string {
  if (pattern.length > MAX_PATTERN) throw limitFailure('The pattern of the date is too long.');
  const moment: Moment = { epochMs, zone, civil: toCivil(epochMs, zone) };
  return pattern.replace(/%(-?)([A-Za-z%])/g, (whole, dash: string, letter: string) => {
    const text = DIRECTIVES.get(letter)?.(moment);
    if (text === undefined) return whole;
    return dash === '-' ? text.replace(/^[0 ]+(?=\d)/, '') : text;
  });
}
