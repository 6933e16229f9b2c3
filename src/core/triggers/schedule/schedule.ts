import type { CronFields } from '../../../shared/cron/cron-fields.ts';
import { parseInstant } from '../../../shared/cron/parse-instant.ts';
import { parseScheduleText } from '../../../shared/cron/parse-schedule-text.ts';
import { AppError } from '../../../shared/errors.ts';
import { findTimeZone, instantIn, type TimeZone } from '../../time/index.ts';

interface Written {
  /** As it was written. */
  readonly text: string;
  readonly zone: TimeZone;
}

/** Due whenever the clock of the zone shows what the five fields name. */
export interface CronSchedule extends Written {
  readonly kind: 'cron';
  readonly cron: CronFields;
}

/** Due each `periodMs` after `createdAt`, by elapsed time: the grid does not move, whatever restarts or sleeps. */
export interface EverySchedule extends Written {
  readonly kind: 'every';
  readonly periodMs: number;
  /** UTC ms. */
  readonly createdAt: number;
}

/** Due once. */
export interface OnceSchedule extends Written {
  readonly kind: 'once';
  /** UTC ms. */
  readonly at: number;
}

/** When something is due (SPEC §7.1); made by `parseSchedule`, asked by `nextDue`. */
export type Schedule = CronSchedule | EverySchedule | OnceSchedule;

/**
 * Reads the text of a schedule for an IANA zone. `createdAt` (UTC ms) is when its job was made: the grid of `@every` begins there, the
 * first time is one period later. `@at` without an offset is the time that the clock of the zone shows.
 *
 * Errors: `schedule.invalid` with `details` `{schedule, at, length}`, the wrong part of the text; `schedule.unknown_zone`. A schedule
 * that is never due is none: `nextDue` gives null for it.
 */
export function parseSchedule(text: string, zoneName: string, createdAt: number): Schedule {
  const zone = openZone(zoneName);
  const reading = parseScheduleText(text);
  if ('problem' in reading) {
    const { message, fix, at, length } = reading.problem;
    throw new AppError('schedule.invalid', `${message}.`, {
      hint: fix,
      details: { schedule: text.slice(0, 200), at, length },
    });
  }
  const { schedule } = reading;
  if (schedule.kind === 'cron') return { kind: 'cron', text, zone, cron: schedule.cron };
  if (schedule.kind === 'every') return { kind: 'every', text, zone, periodMs: schedule.periodMs, createdAt };
  return { kind: 'once', text, zone, at: instantIn(zone, schedule.at) };
}

/**
 * A date and time as written (`starts_at`, `ends_at`) as UTC ms: without an offset it is what the clock of the zone shows.
 * Errors: `schedule.invalid`, `schedule.unknown_zone`.
 */
export function readInstant(text: string, zoneName: string): number {
  const zone = openZone(zoneName);
  const read = parseInstant(text);
  if (read !== null) return instantIn(zone, read);
  throw new AppError('schedule.invalid', `'${text.slice(0, 60)}' is not a date and time.`, {
    hint: 'Write for example 2026-01-31T09:00:00Z.',
  });
}

/** The zone of an IANA name. Error: `schedule.unknown_zone`. */
export function openZone(name: string): TimeZone {
  const zone = findTimeZone(name);
  if (zone !== null) return zone;
  throw new AppError('schedule.unknown_zone', `Unknown time zone '${name.slice(0, 60)}'.`, {
    hint: 'Use a name such as Europe/Berlin or UTC.',
  });
}
