import { type ExclusionCalendar, excludedSince, excludedUntil } from './exclusions.ts';
import { HORIZON_MS, nextDue, previousDue } from './next-due.ts';
import type { Schedule } from './schedule.ts';

/** A schedule with what bounds it: its dues that lie within are the planned times of a job. */
export interface Timing {
  readonly schedule: Schedule;
  /** `starts_at` as UTC ms: what is due at that instant is planned. Null = always. */
  readonly startsAt: number | null;
  /** `ends_at` as UTC ms: what is due at that instant is planned no more. Null = never. */
  readonly endsAt: number | null;
  readonly exclusions: ExclusionCalendar;
}

/** The first planned time strictly after `afterMs` (UTC ms), or null when there is none within ten years. */
export function nextPlanned(timing: Timing, afterMs: number): number | null {
  const { schedule, startsAt, endsAt, exclusions } = timing;
  const limit = afterMs + HORIZON_MS;
  let due = nextDue(schedule, Math.max(afterMs, (startsAt ?? -Infinity) - 1));
  while (due !== null && due <= limit && (endsAt === null || due < endsAt)) {
    const until = excludedUntil(exclusions, due);
    if (until === null) return due;
    due = nextDue(schedule, until - 1);
  }
  return null;
}

/** The last planned time strictly before `beforeMs` (UTC ms), or null when there is none within ten years. */
export function previousPlanned(timing: Timing, beforeMs: number): number | null {
  const { schedule, startsAt, endsAt, exclusions } = timing;
  const limit = Math.max(beforeMs - HORIZON_MS, startsAt ?? -Infinity);
  let due = previousDue(schedule, Math.min(beforeMs, endsAt ?? Infinity));
  while (due !== null && due >= limit) {
    const since = excludedSince(exclusions, due);
    if (since === null) return due;
    due = previousDue(schedule, since);
  }
  return null;
}

/** The planned times after `fromMs` up to and with `toMs`, the first `cap` of them, in order. */
export function plannedBetween(
  timing: Timing,
  span: { readonly fromMs: number; readonly toMs: number },
  cap: number,
): readonly number[] {
  const planned: number[] = [];
  let at = nextPlanned(timing, span.fromMs);
  while (at !== null && at <= span.toMs && planned.length < cap) {
    planned.push(at);
    at = nextPlanned(timing, at);
  }
  return planned;
}

/**
 * How long after its planned time an occurrence starts: 0 to less than `jitterMs`, spread evenly, always the same for a job and a
 * planned time, whichever process asks and however often.
 */
export function jitterOf(jobId: string, plannedAt: number, jitterMs: number): number {
  return jitterMs <= 0 ? 0 : Math.floor((hash(`${jobId}\n${plannedAt}`) / 2 ** 32) * jitterMs);
}

/** 32 bits of a text: FNV-1a, then the finish of MurmurHash3, without which near texts fall near each other. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
