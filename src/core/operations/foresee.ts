import type { ClockChange, Foreseen, ForeseenFire, ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { clockAt, type TimeZone } from '../time/index.ts';
import {
  excludedUntil,
  type KnownTrigger,
  nextPlanned,
  openZone,
  readJob,
  type ScheduleJob,
} from '../triggers/index.ts';
import type { ProjectSession } from './project-session.ts';
import { ownerOf } from './trigger-owner.ts';
import { checkUnattended, type UnattendedStart } from './unattended.ts';

/** The next starts of a trigger or of a schedule that is only being written, and what would stop them. */
export async function foresee(session: ProjectSession, input: ParsedInputOf<'schedules.foresee'>): Promise<Foreseen> {
  const { clock, config, triggers } = session;
  const from = input.from ?? clock.now();
  if (input.trigger !== undefined) await triggers.registry.refresh();
  const known = input.trigger === undefined ? null : scheduleOf(triggers.registry.find(input.trigger));
  const job = jobOf(session, known, input);
  const other = openZone(input.otherTimezone ?? config.scheduler.timezone);
  const start = await startOf(session, known, input);
  return {
    schedule: job.text,
    timezone: job.timezone,
    otherTimezone: other.name,
    rules: { overlap: job.overlap, catchUp: job.catchUp, catchUpWindowMs: job.catchUpWindowMs },
    fires: firesOf(job, { from, count: input.count, other }),
    checks: start === null ? [] : await checkUnattended(session, start, job),
  };
}

function scheduleOf(known: KnownTrigger): KnownTrigger {
  if (known.trigger.kind === 'schedule') return known;
  throw new AppError('trigger.not_found', `${known.trigger.key} is no schedule: nobody knows when it starts.`);
}

/** What would start; null where only a text is asked about. A workflow that is named has the schedule that is being written. */
async function startOf(
  session: ProjectSession,
  known: KnownTrigger | null,
  { workflow, inputs = {} }: ParsedInputOf<'schedules.foresee'>,
): Promise<UnattendedStart | null> {
  if (workflow === undefined) return known === null ? null : { known, trigger: known.trigger };
  const { id, path } = await ownerOf(session, workflow);
  return { known: null, trigger: { kind: 'schedule', config: { inputs }, workflowId: id, workflowPath: path } };
}

/** The job of the trigger, what the caller says laid over it; of a schedule that is being written, all of it is the caller's. */
function jobOf(
  session: ProjectSession,
  known: KnownTrigger | null,
  input: ParsedInputOf<'schedules.foresee'>,
): ScheduleJob {
  const { schedule, timezone, startsAt, endsAt, exclude } = input;
  const now = session.clock.now();
  const { schedule: written, cron, ...rest } = input.workflow === undefined ? (known?.trigger.config ?? {}) : {};
  const config = {
    ...rest,
    schedule: schedule ?? written ?? cron ?? '',
    ...(timezone === undefined ? {} : { timezone }),
    ...(startsAt === undefined ? {} : { starts_at: startsAt }),
    ...(endsAt === undefined ? {} : { ends_at: endsAt }),
    ...(exclude === undefined ? {} : { exclude }),
  };
  return readJob({ key: known?.trigger.key ?? '', config }, known?.stored?.createdAt ?? now, session.config.scheduler);
}

function firesOf(
  job: ScheduleJob,
  { from, count, other }: { readonly from: number; readonly count: number; readonly other: TimeZone },
): readonly ForeseenFire[] {
  const own = openZone(job.timezone);
  const zones = own.name === other.name ? [own] : [own, other];
  const times: number[] = [];
  for (let at = nextPlanned(job.timing, from); at !== null && times.length < count; at = nextPlanned(job.timing, at))
    times.push(at);
  // By seconds where one of them does not come at a full minute.
  const length = times.some((at) => at % 60_000 !== 0) ? 19 : 16;
  const shownIn = (zone: TimeZone, at: number): string => new Date(clockAt(zone, at)).toISOString().slice(0, length);
  return times.map((at, place) => ({
    at,
    shown: shownIn(own, at),
    otherShown: shownIn(other, at),
    changes: zones.flatMap((zone) => changesBetween(zone, times[place - 1] ?? from, at)),
    isExcluded: excludedUntil(job.exclusions, at) !== null,
  }));
}

/** Changes of a clock after `from` up to and with `until`, the last four of them. */
function changesBetween(zone: TimeZone, from: number, until: number): readonly ClockChange[] {
  const changes: ClockChange[] = [];
  let period = zone.periodAt(until);
  while (period.startsAt > from && changes.length < 4) {
    const earlier = zone.periodAt(period.startsAt - 1);
    const movedMs = period.offsetMs - earlier.offsetMs;
    if (movedMs !== 0) changes.push({ zone: zone.name, at: period.startsAt, movedMs });
    period = earlier;
  }
  return changes.reverse();
}
