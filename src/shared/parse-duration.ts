/** What a duration text means. `ms` null: it cannot be used (an error); `problem` with a number: the default was taken. */
export interface DurationReading {
  readonly ms: number | null;
  readonly problem?: string;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const MAX_MS = 366 * 86_400_000;
const DEFAULT_MS = 300_000;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const COMPOUND = /^(?:(?:\d+(?:\.\d*)?|\.\d+)\s*(?:ms|s|m|h|d)\s*)+$/;
const PART = /(\d+(?:\.\d*)?|\.\d+)\s*(ms|s|m|h|d)/g;

/** A duration as it is written, in the largest unit that gives a whole number, hours at most: `24h`, `90m`. */
export function durationText(ms: number): string {
  const unit = ['h', 'm', 's'].find((name) => ms % (UNIT_MS[name] ?? 1) === 0) ?? 'ms';
  return `${ms / (UNIT_MS[unit] ?? 1)}${unit}`;
}

function bounded(ms: number, shown: string): DurationReading {
  if (Number.isNaN(ms)) return { ms: null, problem: `'${shown}' is not a duration` };
  if (ms < 0) return { ms: null, problem: `Duration '${shown}' is negative` };
  if (ms > MAX_MS) return { ms: null, problem: `Duration '${shown}' is longer than 366 days` };
  return { ms: Math.round(ms) };
}

/**
 * SPEC §1.1 "Durations" in milliseconds: number and unit (`ms s m h d`), compounds (`1h30m`), a bare number counts
 * seconds. Empty or unparsable text gives 300 s and a problem (callers with an own default take that instead);
 * negative, NaN or above 366 days gives null and a problem.
 */
export function parseDuration(text: string | number): DurationReading {
  if (typeof text === 'number') return bounded(text * 1000, String(text));
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '') return { ms: DEFAULT_MS, problem: 'The duration is empty' };
  const shown = text.trim().slice(0, 60);
  const unreadable = { ms: DEFAULT_MS, problem: `'${shown}' is not a duration such as 30s, 5m or 1h30m` };
  if (trimmed.length > 100) return unreadable;
  if (trimmed === 'nan') return bounded(Number.NaN, shown);
  if (NUMBER.test(trimmed)) return bounded(Number(trimmed) * 1000, shown);
  const negative = trimmed.startsWith('-');
  const body = negative ? trimmed.slice(1).trimStart() : trimmed;
  if (!COMPOUND.test(body)) return unreadable;
  let ms = 0;
  for (const [, amount, unit] of body.matchAll(PART)) ms += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return bounded(negative ? -ms : ms, shown);
}
