import type { Occurrence, OccurrenceEvidence, OccurrenceReason } from '../../../shared/model/trigger.ts';
import { pauseAt, type TriggerPause } from '../pauses.ts';
import type { ArmedTrigger } from '../ports.ts';
import { fatesOf, type LateFate, noted } from './catch-up.ts';
import { excludedUntil } from './exclusions.ts';
import type { HostWatch } from './host-watch.ts';
import type { ScheduleJob } from './job.ts';
import { jitterOf } from './planned-times.ts';

/** Up to so late a start counts as made in time: it is looked at least so often. */
export const GRACE_MS = 60_000;

/** What a row is made of. */
export interface RowContext {
  readonly trigger: ArmedTrigger;
  readonly job: ScheduleJob;
  readonly watch: Pick<HostWatch, 'absence'>;
  /** UTC ms. */
  readonly now: number;
  /** The next place among those that are caught up, so that they do not start all at once: ms from now. */
  readonly nextStagger: () => number;
}

/**
 * The first row of each planned time that has come (UTC ms, in order): `planned` for what is to start or to be asked about, an end for
 * everything else.
 */
export function rowsOf(context: RowContext, times: readonly number[]): readonly Occurrence[] {
  const { job, now, watch } = context;
  const due = (at: number): number => at + jitterOf(job.key, at, job.jitterMs);
  const counted = times.filter((at) => leftOut(context, at) === null);
  const newest = counted.at(-1);
  // Of several that came while nobody was there only the newest can still be in time, however short the absence was.
  const wasAlone = (at: number): boolean => at !== newest && due(at) <= now && watch.absence(due(at)) !== null;
  const late = counted.filter((at) => now - due(at) > GRACE_MS || wasAlone(at));
  const hasNewer = newest !== undefined && newest !== late.at(-1);
  const fates = new Map(fatesOf(job, late, { now, hasNewer }).map((fate, index) => [late[index], fate]));
  return times.map((at) => {
    const fate = fates.get(at);
    const given = leftOut(context, at) ?? (fate === undefined ? null : lateRow(context, at, fate));
    return {
      ...{ triggerKey: job.key, plannedAt: at, dueAt: due(at), at: now, runId: null },
      ...(given ?? { state: 'planned', reason: null, evidence: {} }),
    };
  });
}

type Given = Pick<Occurrence, 'state' | 'reason' | 'evidence'> & Partial<Pick<Occurrence, 'dueAt'>>;

/** What its own calendar or a pause leaves out. */
function leftOut({ trigger, job }: RowContext, at: number): Given | null {
  if (excludedUntil(job.exclusions, at) !== null) return { state: 'skipped_paused', reason: 'excluded', evidence: {} };
  const pause = pauseAt(trigger.pauses, at);
  return pause === null ? null : pausedRow(pause);
}

/** The end of a start that a pause stands in the way of. */
export const pausedRow = (pause: TriggerPause): Given => ({
  state: 'skipped_paused',
  reason: pause.isOfAll ? 'all_paused' : 'paused',
  evidence: {
    ...{ by: pause.by, from: pause.at },
    ...(pause.until === null ? {} : { until: pause.until }),
    ...(pause.reason === '' ? {} : { text: pause.reason }),
  },
});

function lateRow(context: RowContext, at: number, fate: LateFate): Given {
  const { evidence, cause } = lateness(context, at);
  // A pause that began after its time: it was missed before, and is not made up for.
  if (pauseAt(context.trigger.pauses, context.now) !== null)
    return { state: 'missed', reason: cause ?? 'no_catch_up', evidence: { ...evidence, ...noted('paused_by_now') } };
  if (fate.kind === 'missed')
    return { state: 'missed', reason: cause ?? fate.why, evidence: { ...evidence, ...noted(fate.why) } };
  if (fate.kind === 'ask') return { state: 'planned', reason: 'asks', evidence };
  return { state: 'planned', reason: 'late', evidence, dueAt: context.now + context.nextStagger() };
}

/** Why nobody started what was planned at an instant, with the proof; `until` = or had not ended it until then. */
export function lateness(
  { watch, now }: Pick<RowContext, 'watch' | 'now'>,
  at: number,
  until?: number,
): { readonly evidence: OccurrenceEvidence; readonly cause: OccurrenceReason | null } {
  const absence = watch.absence(at, until);
  if (absence === null || absence.kind === 'on') return { evidence: { missed: 'late' }, cause: null };
  return {
    cause: absence.kind,
    evidence: {
      missed: absence.kind,
      from: absence.from,
      until: absence.until ?? now,
      ...(absence.quitBy === null ? {} : { quitBy: absence.quitBy }),
      ...(absence.movedMs === 0 ? {} : { clockMovedMs: absence.movedMs }),
    },
  };
}
