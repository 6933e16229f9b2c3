import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { parseDuration } from '../../shared/parse-duration.ts';
import { usageError } from '../report-error.ts';

/** `--timeout 5m` in milliseconds. */
export async function durationOption(name: string, text: string): Promise<number> {
  const { ms, problem } = parseDuration(text);
  if (ms === null || problem !== undefined || ms <= 0)
    throw usageError(
      `Invalid ${name}: ${problem ?? 'it must be longer than 0'}`,
      'Write a duration such as 30s, 5m or 1h30m.',
    );
  return ms;
}

/**
 * `--since`: an instant (`2026-01-22T09:00:00Z`), a day or a time of the clock (`2026-01-22`) of the zone, which is that of this machine
 * when none is named, or how long ago (`2h`); as UTC ms.
 */
export async function sinceOption(text: string, now: number, zone = ownZone()): Promise<number> {
  const at = await writtenInstant(text, zone);
  if (at !== null) return at;
  const { ms, problem } = parseDuration(text);
  if (ms === null || problem !== undefined)
    throw usageError(
      `Invalid --since: '${text}'`,
      'Write an instant such as 2026-01-22T09:00:00Z, or how long ago, such as 2h.',
    );
  return now - ms;
}

/** `--until`: an instant, a day or a time of the clock of the zone, as UTC ms. */
export async function instantOption(name: string, text: string, zone: string): Promise<number> {
  const at = await writtenInstant(text, zone);
  if (at !== null) return at;
  throw usageError(`Invalid ${name}: '${text}'`, 'Write an instant such as 2026-01-22T09:00.');
}

/** The zone of this machine. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Null = it is no date. A zone that nobody knows counts as UTC: who is asked with it refuses it. */
async function writtenInstant(text: string, name: string): Promise<number | null> {
  const { parseInstant } = await import('../../shared/cron/parse-instant.ts');
  const written = parseInstant(text);
  if (written === null || written.kind === 'instant') return written?.ms ?? null;
  const { findTimeZone, instantIn } = await import('../../core/time/index.ts');
  const zone = findTimeZone(name);
  return zone === null ? written.ms : instantIn(zone, written);
}

/** A whole number within bounds. */
export function integerOption(
  name: string,
  text: string,
  bounds: { readonly min: number; readonly max: number },
): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= bounds.min && value <= bounds.max) return value;
  throw usageError(
    `Invalid ${name}: '${text}' is not a whole number from ${grouped(bounds.min)} to ${grouped(bounds.max)}`,
  );
}

/** One of a closed list of words. */
export function choiceOption<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw usageError(`Invalid ${name}: '${text}'`, `Choose one of: ${choices.join(', ')}.`);
}

/** A run id as a person typed it; one that no run can have is not asked for. */
export function runIdArgument(text: string): string {
  if (/^[A-Za-z0-9._-]{1,120}$/.test(text)) return text;
  throw new AppError('run.not_found', `Run not found: ${text}`, { hint: "List the runs with 'aiworkflow runs list'." });
}
