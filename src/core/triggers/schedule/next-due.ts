import type { TimeZone, ZonePeriod } from '../../time/index.ts';
import { firstMinute, lastMinute } from './calendar.ts';
import type { CronSchedule, EverySchedule, Schedule } from './schedule.ts';

/**
 * How the clock changes are met (SPEC §7.1). A schedule whose hour field begins with `*` is due by elapsed time: at each instant whose
 * clock matches, in both of two equal hours, and not at all in a gap. Any other is due by the clock: what a gap leaves out is due
 * once, at the first instant after it, and what comes twice is due the first time.
 *
 * The walk goes from period to period of the zone, in each of which clock and time go alike:
 * 1. in a period only clock times from its beginning on are looked at, by the clock only those that did not stand there before;
 * 2. a gap between two periods, by the clock, is due at the beginning of the later one if a time in it matches.
 */

const DAY_MS = 86_400_000;
/** Ten years, the leap days of the worst ten with them: what is not due by then is `never`. */
export const HORIZON_MS = 3653 * DAY_MS;

/** The first instant strictly after `afterMs` at which a schedule is due (UTC ms), or null when there is none within ten years. */
export function nextDue(schedule: Schedule, afterMs: number): number | null {
  const due = findNext(schedule, afterMs);
  return due !== null && due <= afterMs + HORIZON_MS ? due : null;
}

/** The last instant strictly before `beforeMs` at which a schedule was due (UTC ms), or null when there is none within ten years. */
export function previousDue(schedule: Schedule, beforeMs: number): number | null {
  const due = findPrevious(schedule, beforeMs);
  return due !== null && due >= beforeMs - HORIZON_MS ? due : null;
}

/** The instants after `fromMs` up to and with `toMs` at which a schedule is due, the first `cap` of them. */
export function duesBetween(
  schedule: Schedule,
  span: { readonly fromMs: number; readonly toMs: number },
  cap: number,
): readonly number[] {
  const dues: number[] = [];
  let due = nextDue(schedule, span.fromMs);
  while (due !== null && due <= span.toMs && dues.length < cap) {
    dues.push(due);
    due = nextDue(schedule, due);
  }
  return dues;
}

function findNext(schedule: Schedule, afterMs: number): number | null {
  if (schedule.kind === 'cron') return nextOfCron(schedule, afterMs);
  if (schedule.kind === 'once') return schedule.at > afterMs ? schedule.at : null;
  return gridPoint(schedule, Math.floor((afterMs - schedule.createdAt) / schedule.periodMs) + 1);
}

function findPrevious(schedule: Schedule, beforeMs: number): number | null {
  if (schedule.kind === 'cron') return previousOfCron(schedule, beforeMs);
  if (schedule.kind === 'once') return schedule.at < beforeMs ? schedule.at : null;
  const index = Math.ceil((beforeMs - schedule.createdAt) / schedule.periodMs) - 1;
  return index < 1 ? null : gridPoint(schedule, index);
}

const gridPoint = ({ createdAt, periodMs }: EverySchedule, index: number): number =>
  createdAt + Math.max(1, index) * periodMs;

function nextOfCron({ cron, zone }: CronSchedule, afterMs: number): number | null {
  const end = afterMs + HORIZON_MS + 2 * DAY_MS;
  let period = zone.periodAt(afterMs);
  let from = afterMs + 1 + period.offsetMs;
  if (!cron.isHourWild) from = Math.max(from, shownUntil(zone, period, afterMs));
  let found = firstMinute(cron, from, end);
  while (found !== null && found >= period.endsAt + period.offsetMs) {
    const next = zone.periodAt(period.endsAt);
    const nextFrom = next.startsAt + next.offsetMs;
    if (!cron.isHourWild && found < nextFrom) return next.startsAt;
    if (cron.isHourWild && next.offsetMs !== period.offsetMs) found = firstMinute(cron, nextFrom, end);
    period = next;
  }
  return found === null ? null : found - period.offsetMs;
}

function previousOfCron({ cron, zone }: CronSchedule, beforeMs: number): number | null {
  let period = zone.periodAt(beforeMs - 1);
  let until = beforeMs - 1 + period.offsetMs;
  for (;;) {
    const clockStart = period.startsAt + period.offsetMs;
    const start = cron.isHourWild ? clockStart : Math.max(clockStart, shownUntil(zone, period, period.startsAt));
    const found = lastMinute(cron, until, start);
    if (found !== null) return found - period.offsetMs;
    if (period.startsAt < beforeMs - HORIZON_MS) return null;
    const earlier = zone.periodAt(period.startsAt - 1);
    until = period.startsAt + earlier.offsetMs - 1;
    if (!cron.isHourWild && lastMinute(cron, clockStart - 1, until + 1) !== null) return period.startsAt;
    period = earlier;
  }
}

/** The clock time up to which the clock had gone in periods before this one, as far as that lies within a day before `at`. */
function shownUntil(zone: TimeZone, period: ZonePeriod, at: number): number {
  let shown = -Infinity;
  let later = period;
  while (later.startsAt > at - DAY_MS) {
    const earlier = zone.periodAt(later.startsAt - 1);
    shown = Math.max(shown, earlier.endsAt + earlier.offsetMs);
    later = earlier;
  }
  return shown;
}
