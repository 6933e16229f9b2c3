import type { OccurrenceEvidence, OccurrenceNote } from '../../../shared/model/trigger.ts';
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

const NOTE_TEXT: Readonly<Record<OccurrenceNote, string>> = {
  no_catch_up: 'This schedule does not catch up.',
  too_old: 'It is older than what this schedule catches up.',
  newer_one_ran: 'Only the newest missed start is caught up.',
  cap_reached: `Of more than ${MOST_CAUGHT_UP} missed starts only the newest are caught up.`,
  paused_by_now: 'It is paused by now.',
  start_waits: 'An earlier start still waits.',
  waits_approval: 'The run before waits for a person.',
  waits_child: 'The run before waits for another run.',
  waits_queue: 'The run before waits for its turn.',
  waits_event: 'The run before waits for something to come at a webhook.',
  waits_time: 'The run before waits for its time.',
};

/** What the app adds to a reason, for the evidence: a word that screens translate, and its sentence for the command line. */
export const noted = (note: OccurrenceNote): Pick<OccurrenceEvidence, 'note' | 'text'> => ({
  note,
  text: NOTE_TEXT[note],
});
