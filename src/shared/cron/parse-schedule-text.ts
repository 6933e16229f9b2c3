import { parseDuration } from '../parse-duration.ts';
import { didYouMean } from '../suggest-name.ts';
import type { CronFields, ScheduleProblem } from './cron-fields.ts';
import { hasAnyDate } from './cron-fields.ts';
import { type CronReading, parseCron } from './parse-cron.ts';
import { type InstantText, parseInstant } from './parse-instant.ts';

/** What the text of a schedule says by itself, without its zone and without when its job was made. */
export type ScheduleText =
  | { readonly kind: 'cron'; readonly cron: CronFields }
  | { readonly kind: 'every'; readonly periodMs: number }
  | { readonly kind: 'once'; readonly at: InstantText };

/** A text that was read, or why it cannot be. */
export type ScheduleReading = { readonly schedule: ScheduleText } | { readonly problem: ScheduleProblem };

const MACROS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);
const WORDS: readonly string[] = [...MACROS.keys(), '@every', '@at'];
const MAX_LENGTH = 200;
const MIN_PERIOD_MS = 1000;
const EXAMPLES = 'Write for example 0 9 * * MON-FRI, @daily, @every 6h or @at 2026-01-31T09:00.';

/**
 * Reads the text of a schedule (SPEC §7.1): five cron fields, a macro such as `@daily`, `@every <duration>` of at least a second, or
 * `@at <date and time>` for once. Never throws, whatever the text is.
 */
export function parseScheduleText(text: string): ScheduleReading {
  const whole = { at: 0, length: text.length };
  const trimmed = text.trim();
  if (trimmed === '') return { problem: { message: 'The schedule is empty', fix: EXAMPLES, ...whole } };
  if (trimmed.length > MAX_LENGTH) {
    const fix = `A schedule has at most ${MAX_LENGTH} characters. Ranges and steps such as 1-10/2 make it shorter.`;
    return { problem: { message: 'The schedule is too long', fix, ...whole } };
  }
  return trimmed.startsWith('@') ? readWord(text, trimmed) : fromCron(parseCron(text));
}

/**
 * Why a schedule can never be due, or null when it can: no month of its has a day that it wants. A schedule of dates that are rare,
 * such as the 29th of February, is none of these.
 */
export function neverDueProblem(schedule: ScheduleText, text: string): ScheduleProblem | null {
  if (schedule.kind !== 'cron' || hasAnyDate(schedule.cron)) return null;
  const message = 'The schedule never fires: no month has that day';
  return { message, fix: 'Change the day, the month or the weekday.', at: 0, length: text.length };
}

const fromCron = (reading: CronReading): ScheduleReading =>
  'problem' in reading ? reading : { schedule: { kind: 'cron', cron: reading.cron } };

function readWord(text: string, trimmed: string): ScheduleReading {
  const [written = '', ...rest] = trimmed.split(/\s+/);
  const word = written.toLowerCase();
  const macro = MACROS.get(word);
  if (macro !== undefined && rest.length === 0) return fromCron(parseCron(macro));
  const start = text.indexOf('@');
  const value = trimmed.slice(written.length).trim();
  const part = { at: value === '' ? start : text.lastIndexOf(value), length: value.length || trimmed.length };
  if (word === '@every') return readEvery(value, part);
  if (word === '@at') return readOnce(value, part);
  const near = macro === undefined ? didYouMean(word, WORDS) : `Write ${word} alone.`;
  const message = `Unknown schedule word '${trimmed.slice(0, 40)}'`;
  return { problem: { message, fix: near ?? `Use one of ${WORDS.join(', ')}.`, at: start, length: trimmed.length } };
}

function readEvery(value: string, part: { readonly at: number; readonly length: number }): ScheduleReading {
  const { ms, problem } = parseDuration(value);
  const fix = 'Write for example @every 30s, @every 15m or @every 1h30m.';
  if (problem !== undefined || ms === null)
    return { problem: { message: problem ?? `'${value}' is not a duration`, fix, ...part } };
  if (ms >= MIN_PERIOD_MS) return { schedule: { kind: 'every', periodMs: ms } };
  return { problem: { message: 'The time between two starts must be at least one second', fix, ...part } };
}

function readOnce(value: string, part: { readonly at: number; readonly length: number }): ScheduleReading {
  const at = parseInstant(value);
  if (at !== null) return { schedule: { kind: 'once', at } };
  const message = value === '' ? '@at needs a date and a time' : `'${value.slice(0, 60)}' is not a date and time`;
  return {
    problem: { message, fix: 'Write for example @at 2026-01-31T09:00, or @at 2026-01-31T09:00:00+01:00.', ...part },
  };
}
