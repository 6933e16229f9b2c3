import { z } from 'zod';
import type { CalendarMark, HostPeriod, TriggerKind } from '../model/trigger.ts';
import { operation } from './operation.ts';

/** One planned start as the clocks of two zones show it. */
export interface ForeseenFire {
  /** UTC ms. */
  readonly at: number;
  /** `2026-03-29T10:00` in the zone of the schedule, and in the zone of whoever looks. */
  readonly shown: string;
  readonly otherShown: string;
  /** Clock changes since the fire before, or since now. */
  readonly changes: readonly ClockChange[];
  /** A day of the schedule's own calendar on which it is left out. */
  readonly isExcluded: boolean;
}

/** Where the clock of a zone is set forward (`movedMs` > 0) or back. `at` in UTC ms. */
export interface ClockChange {
  readonly zone: string;
  readonly at: number;
  readonly movedMs: number;
}

/** One thing that an unattended run needs. `stops` it does not run so, `watch` it may not. */
export interface UnattendedCheck {
  readonly name: 'armed' | 'version' | 'inputs' | 'tools' | 'agent' | 'people' | 'computer';
  readonly level: 'fine' | 'watch' | 'stops';
  /** What was found, as a sentence. */
  readonly detail: string;
}

/** When a schedule will start something and what would stop that. */
export interface Foreseen {
  readonly schedule: string;
  readonly timezone: string;
  readonly otherTimezone: string;
  /** In order; fewer than asked = there are no more within ten years. */
  readonly fires: readonly ForeseenFire[];
  /** Empty for the text of a schedule that is nobody's yet. */
  readonly checks: readonly UnattendedCheck[];
}

/** Starts next to each other with one mark. Instants are UTC ms of the first and the last of them. */
export interface CalendarSpan {
  readonly mark: CalendarMark;
  readonly from: number;
  readonly until: number;
  readonly count: number;
}

/** One trigger in a calendar. */
export interface CalendarRow {
  readonly key: string;
  readonly kind: TriggerKind;
  /** What became of its starts, and what is planned (mark `planned`), in order of time. */
  readonly spans: readonly CalendarSpan[];
  /** There is more planned than is told here. */
  readonly isCut: boolean;
}

/** What was, beside what will be. Instants are UTC ms. */
export interface Calendar {
  readonly from: number;
  readonly until: number;
  readonly now: number;
  readonly rows: readonly CalendarRow[];
  /** There are more triggers than rows. */
  readonly isCut: boolean;
  /** When triggers were served in this project, and why not: oldest first. */
  readonly periods: readonly HostPeriod[];
}

const nameField = z.string().min(1).max(400);
const instantField = z.number().int().min(0).max(8.64e15);
const zoneField = z.string().min(1).max(64);

export const scheduleOperations = {
  /** The next starts of a trigger or of a text, after `from` (default: now). Errors: `schedule.*`, `trigger.not_found`. */
  'schedules.foresee': operation<Foreseen>()(
    z.strictObject({
      trigger: nameField.optional(),
      schedule: z.string().min(1).max(1000).optional(),
      timezone: zoneField.optional(),
      otherTimezone: zoneField.optional(),
      startsAt: z.string().max(60).optional(),
      endsAt: z.string().max(60).optional(),
      exclude: z.array(z.string().max(60)).max(1000).optional(),
      from: instantField.optional(),
      count: z.number().int().min(1).max(200).default(20),
    }),
    'workflow:read',
  ),
  /** At most 400 days, 500 triggers (or those that are named) and 400 groups of starts of each. */
  'triggers.calendar': operation<Calendar>()(
    z.strictObject({
      from: instantField,
      until: instantField,
      triggers: z.array(nameField).min(1).max(500).optional(),
    }),
    'workflow:read',
  ),
} as const;

/** The names of these operations. */
export type ScheduleOperationName = keyof typeof scheduleOperations;
