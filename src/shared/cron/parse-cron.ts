import { didYouMean } from '../suggest-name.ts';
import type { CronFields, ScheduleProblem } from './cron-fields.ts';

/** What a text of five fields came to. */
export type CronReading = { readonly cron: CronFields } | { readonly problem: ScheduleProblem };

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MINUTE: Field = { name: 'minute', min: 0, max: 59 };
const HOUR: Field = { name: 'hour', min: 0, max: 23 };
const DAY: Field = { name: 'day', min: 1, max: 31 };
const MONTH: Field = { name: 'month', min: 1, max: 12, words: MONTHS };
const WEEKDAY: Field = { name: 'weekday', min: 0, max: 7, words: WEEKDAYS };
const FIELDS: readonly Field[] = [MINUTE, HOUR, DAY, MONTH, WEEKDAY];
const NUMBER = /^\d{1,4}$/;
const NONE: readonly number[] = [];

/** One field while it is read: bit n of `low` = value n, bit n of `high` = value n + 30. */
interface Values {
  readonly field: Field;
  low: number;
  high: number;
  hasLastDay: boolean;
  nth: number[] | null;
}

/** A part of the text with its place. */
interface Part {
  readonly text: string;
  readonly at: number;
}

/**
 * Reads `minute hour day month weekday` (SPEC §7.1): comma lists of `*`, `?`, `N`, `A-B`, `*` + `/N`, `A-B/N`, `A/N` (A to the end),
 * names of months and weekdays, 0 and 7 = Sunday, `L` = the last day, `N#K` = the K-th such weekday of a month. Ranges of names and
 * of weekdays go over the end. The text may have white space around and between the fields.
 */
export function parseCron(text: string): CronReading {
  const parts = [...text.matchAll(/\S+/g)].map((match): Part => ({ text: match[0], at: match.index }));
  if (parts.length !== FIELDS.length) return { problem: wrongCount(text, parts.length) };
  const fields: Values[] = [];
  for (const [index, field] of FIELDS.entries()) {
    const values: Values = { field, low: 0, high: 0, hasLastDay: false, nth: null };
    const problem = readList(values, parts[index] ?? { text: '', at: 0 });
    if (problem !== null) return { problem };
    fields.push(values);
  }
  return { cron: toFields(fields, parts) };
}

function toFields(fields: readonly Values[], parts: readonly Part[]): CronFields {
  const isWild = (index: number): boolean => /^[*?]/.test(parts[index]?.text ?? '');
  const [minutes, hours, days, months, weekdays] = fields;
  const daysFromZero = days === undefined ? 0 : (days.low >>> 1) | (days.high << 29);
  return {
    minutesLow: minutes?.low ?? 0,
    minutesHigh: minutes?.high ?? 0,
    hours: hours?.low ?? 0,
    days: daysFromZero,
    hasLastDay: days?.hasLastDay ?? false,
    months: (months?.low ?? 0) >>> 1,
    weekdays: (weekdays?.low ?? 0) & 127,
    nthWeekdays: weekdays?.nth ?? NONE,
    isEitherDay: !isWild(2) && !isWild(4),
    isHourWild: isWild(1),
  };
}

function wrongCount(text: string, count: number): ScheduleProblem {
  const fix =
    count === 6
      ? 'Seconds are no part of a schedule: leave the first field out.'
      : 'Write for example 0 9 * * MON-FRI, for 09:00 from Monday to Friday.';
  const message = `A schedule has 5 fields (minute hour day month weekday), this one has ${count}`;
  return { message, fix, at: 0, length: text.length };
}

function readList(values: Values, part: Part): ScheduleProblem | null {
  let { at } = part;
  for (const text of part.text.split(',')) {
    const problem = readItem(values, { text, at });
    if (problem !== null) return problem;
    at += text.length + 1;
  }
  return null;
}

function readItem(values: Values, item: Part): ScheduleProblem | null {
  const { field } = values;
  if (field === DAY && (item.text === 'L' || item.text === 'l')) {
    values.hasLastDay = true;
    return null;
  }
  if (field === WEEKDAY && item.text.includes('#')) return readNth(values, item);
  const [range = '', stepText, more] = item.text.split('/');
  if (more !== undefined || (stepText !== undefined && !NUMBER.test(stepText))) return notValid(field, item);
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step === 0) {
    const message = `The step of '${item.text}' in the ${field.name} field is zero`;
    return problemAt(item, message, 'Use a step of 1 or more.');
  }
  if (range === '*' || range === '?') {
    addRange(values, { from: field.min, to: field.max }, step);
    return null;
  }
  return readRange(values, { item, range, step, isOpen: stepText !== undefined });
}

/** `N`, `A-B` or, with a step, `A` to the end. */
interface Range {
  readonly item: Part;
  readonly range: string;
  readonly step: number;
  readonly isOpen: boolean;
}

function readRange(values: Values, { item, range, step, isOpen }: Range): ScheduleProblem | null {
  const { field } = values;
  const [first = '', last, more] = range.split('-');
  const from = readValue(field, first);
  const to = last === undefined ? (isOpen ? field.max : from) : readValue(field, last);
  if (more !== undefined || from === undefined || to === undefined) return notValid(field, item);
  const outside = isInside(field, from) ? (isInside(field, to) ? undefined : to) : from;
  if (outside !== undefined) return outOfRange(field, item, outside);
  if (to < from && field !== WEEKDAY && !/[a-z]/i.test(range)) {
    const message = `The range '${range}' in the ${field.name} field is reversed`;
    return problemAt(item, message, `Write ${to}-${from}, or two ranges: ${from}-${field.max},${field.min}-${to}.`);
  }
  addRange(values, { from, to }, step);
  return null;
}

const isInside = (field: Field, value: number): boolean => value >= field.min && value <= field.max;

function readNth(values: Values, item: Part): ScheduleProblem | null {
  const { field } = values;
  const [day = '', nth = ''] = item.text.split('#', 2);
  const weekday = readValue(field, day);
  if (weekday === undefined || item.text.length !== day.length + 2 || !/^[1-5]$/.test(nth)) {
    const fix = 'Write a weekday and which one of the month, 1 to 5, such as MON#2.';
    return problemAt(item, invalidItem(field, item), fix);
  }
  if (!isInside(field, weekday)) return outOfRange(field, item, weekday);
  values.nth ??= [0, 0, 0, 0, 0];
  values.nth[Number(nth) - 1] = (values.nth[Number(nth) - 1] ?? 0) | (1 << (weekday % 7));
  return null;
}

function readValue(field: Field, text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  const index = field.words?.indexOf(text.toUpperCase()) ?? -1;
  return index === -1 ? undefined : index + field.min;
}

function addRange(values: Values, ends: { readonly from: number; readonly to: number }, step: number): void {
  const { field } = values;
  const { from, to } = ends;
  const size = field === WEEKDAY ? 7 : field.max - field.min + 1;
  const last = to < from ? to + size : to;
  for (let value = from; value <= last; value += step) {
    const inside = ((value - field.min) % size) + field.min;
    if (inside < 30) values.low |= 1 << inside;
    else values.high |= 1 << (inside - 30);
  }
}

const invalidItem = (field: Field, item: Part): string => `'${item.text}' is not valid in the ${field.name} field`;

function problemAt(item: Part, message: string, fix: string): ScheduleProblem {
  return { message, fix, at: item.at, length: item.text.length };
}

function outOfRange(field: Field, item: Part, value: number): ScheduleProblem {
  const message = `${value} is out of range in the ${field.name} field (${field.min}-${field.max})`;
  return problemAt(item, message, `Use a value from ${field.min} to ${field.max}.`);
}

function notValid(field: Field, item: Part): ScheduleProblem {
  const word = /[A-Za-z]+/.exec(item.text)?.[0];
  const near = word === undefined ? undefined : didYouMean(word.toUpperCase(), field.words ?? []);
  const names = field.words === undefined ? '' : ` or a name such as ${field.words[1]}`;
  const fix = `Use *, a value from ${field.min} to ${field.max}${names}, a range such as ${field.min}-${field.min + 4}, or a step such as */2.`;
  return problemAt(item, invalidItem(field, item), near ?? fix);
}
