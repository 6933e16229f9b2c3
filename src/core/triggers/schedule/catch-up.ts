import type { ScheduleJob } from './job.ts';

/** At most so many missed starts are made up for (SPEC §7.1 "catch-up"). */
const MOST_CAUGHT_UP = 100;

/** What becomes of a start that was not made in time. */
export type LateFate =
  | { readonly kind: 'catch_up' | 'ask' }
  /** `why` is what stands beside the cause of the lateness. */
  | { readonly kind: 'missed'; readonly why: 'no_catch_up' | 'too_old' | 'newer_one_ran' | 'cap_reached' };

const FATE = { catchUp: { kind: 'catch_up' }, ask: { kind: 'ask' } } as const;
const missed = (why: Extract<LateFate, { kind: 'missed' }>['why']): LateFate => ({ kind: 'missed', why });

/**
 * What becomes of each of the planned times (UTC ms, in order) that a job missed, by its own word; `hasNewer` = a newer one is started in
 * time.
 */
export function fatesOf(
  { catchUp, catchUpWindowMs }: Pick<ScheduleJob, 'catchUp' | 'catchUpWindowMs'>,
  times: readonly number[],
  { now, hasNewer }: { readonly now: number; readonly hasNewer: boolean },
): readonly LateFate[] {
  const isYoung = (at: number): boolean => now - at <= catchUpWindowMs;
  return times.map((at, index) => {
    if (catchUp === 'none') return missed('no_catch_up');
    if (!isYoung(at)) return missed('too_old');
    const behind = times.length - 1 - index;
    if (catchUp === 'last') return behind === 0 && !hasNewer ? FATE.catchUp : missed('newer_one_ran');
    if (behind >= MOST_CAUGHT_UP) return missed('cap_reached');
    return catchUp === 'ask' ? FATE.ask : FATE.catchUp;
  });
}

/** Why a missed start is not made up for, as a sentence. */
export const WHY_MISSED: Readonly<Record<Extract<LateFate, { kind: 'missed' }>['why'], string>> = {
  no_catch_up: 'This schedule does not catch up.',
  too_old: 'It is older than what this schedule catches up.',
  newer_one_ran: 'Only the newest missed start is caught up.',
  cap_reached: `Of more than ${MOST_CAUGHT_UP} missed starts only the newest are caught up.`,
};
