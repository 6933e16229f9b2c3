import { parseDuration } from '../../shared/parse-duration.ts';

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
  /** Reversed ranges go over the end (weekdays). */
  readonly wraps?: boolean;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'weekday', min: 0, max: 7, words: WEEKDAYS, wraps: true },
];
const MACROS: ReadonlySet<string> = new Set([
  '@yearly',
  '@annually',
  '@monthly',
  '@weekly',
  '@daily',
  '@midnight',
  '@hourly',
]);
const MAX_LENGTH = 200;

/** The values one list item allows, or the problem with it. */
type ItemReading = readonly number[] | string;

/**
 * Why a cron text (grammar of SPEC §7.1) is not valid, or null when it is. A date that no year has, such as the 30th
 * of February, is a problem too.
 */
export function checkCron(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return 'The schedule is empty';
  if (trimmed.length > MAX_LENGTH) return 'The schedule is too long';
  if (trimmed.startsWith('@')) return checkMacro(trimmed);
  const parts = trimmed.split(/\s+/);
  if (parts.length !== FIELDS.length)
    return `A schedule has 5 fields (minute hour day month weekday), this one has ${parts.length}`;
  const values: (readonly number[])[] = [];
  for (const [index, field] of FIELDS.entries()) {
    const read = readField(field, parts[index] ?? '');
    if (typeof read === 'string') return read;
    values.push(read);
  }
  return isNever(parts, values) ? 'The schedule never fires: no month has that day' : null;
}

function checkMacro(text: string): string | null {
  const word = text.toLowerCase();
  if (MACROS.has(word)) return null;
  if (!word.startsWith('@every ')) return `Unknown schedule word '${text.slice(0, 40)}'`;
  const every = parseDuration(text.slice('@every '.length));
  if (every.problem !== undefined) return every.problem;
  return every.ms === null || every.ms <= 0 ? 'The time between two starts must be above zero' : null;
}

function readField(field: Field, text: string): ItemReading {
  const values: number[] = [];
  for (const item of text.split(',')) {
    const read = readItem(field, item);
    if (typeof read === 'string') return read;
    values.push(...read);
  }
  return values;
}

function readItem(field: Field, item: string): ItemReading {
  const bad = `'${item}' is not valid in the ${field.name} field`;
  if (field.name === 'day' && item.toUpperCase() === 'L') return [28];
  if (field.name === 'weekday' && item.includes('#')) return readNth(field, item) ?? bad;
  const slash = item.split('/');
  if (slash.length > 2) return bad;
  const [range = '', stepText] = slash;
  if (stepText !== undefined && !/^\d{1,4}$/.test(stepText)) return bad;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step === 0) return `The step of '${item}' in the ${field.name} field is zero`;
  const ends = readRange(field, range, stepText !== undefined);
  if (ends === undefined) return bad;
  if (typeof ends === 'string') return ends;
  return expand(field, ends, step);
}

function readNth(field: Field, item: string): ItemReading | undefined {
  const [day = '', nth = ''] = item.split('#');
  const value = readValue(field, day);
  return typeof value === 'number' && /^[1-5]$/.test(nth) ? [value] : undefined;
}

interface Ends {
  readonly from: number;
  readonly to: number;
}

function readRange(field: Field, range: string, stepped: boolean): Ends | string | undefined {
  if (range === '*' || range === '?') return { from: field.min, to: field.max };
  const [first = '', last, more] = range.split('-');
  if (more !== undefined) return undefined;
  const from = readValue(field, first);
  const to = last === undefined ? (stepped ? field.max : from) : readValue(field, last);
  if (from === undefined || to === undefined) return undefined;
  for (const value of [from, to]) {
    if (value < field.min || value > field.max)
      return `${value} is out of range in the ${field.name} field (${field.min}-${field.max})`;
  }
  const named = /[a-z]/i.test(range);
  if (to < from && !named && !field.wraps) return `The range '${range}' in the ${field.name} field is reversed`;
  return { from, to };
}

function readValue(field: Field, text: string): number | undefined {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  const index = field.words?.indexOf(text.toUpperCase()) ?? -1;
  return index === -1 ? undefined : index + field.min;
}

function expand(field: Field, ends: Ends, step: number): readonly number[] {
  const values: number[] = [];
  const size = field.name === 'weekday' ? 7 : field.max - field.min + 1;
  const last = ends.to < ends.from ? ends.to + size : ends.to;
  for (let value = ends.from; value <= last; value += step) values.push(((value - field.min) % size) + field.min);
  return values;
}

/** Only days that no chosen month has, and no weekday that could match instead. */
function isNever(parts: readonly string[], values: readonly (readonly number[])[]): boolean {
  const weekday = parts[4] ?? '*';
  if (!/^[*?]/.test(weekday)) return false;
  const [, , days = [], months = []] = values;
  return !months.some((month) => days.some((day) => day <= (MONTH_DAYS[month - 1] ?? 31)));
}
