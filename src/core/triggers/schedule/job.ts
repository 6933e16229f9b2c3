import { AppError } from '../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import { parseDuration } from '../../../shared/parse-duration.ts';
import { type ExclusionCalendar, parseExclusions } from './exclusions.ts';
import type { Timing } from './planned-times.ts';
import { openZone, parseSchedule, readInstant } from './schedule.ts';

/** What happens to a start that was not made in time (SPEC §7.1 "catch-up"). */
export type CatchUp = 'none' | 'last' | 'all' | 'ask';
/** What happens to a start while a run of the workflow goes on (SPEC §7.1 "overlap"). */
export type Overlap = 'skip' | 'queue' | 'queue_all' | 'allow' | 'cancel_previous';

/** What counts where a schedule does not say it: `scheduler` of the settings (SPEC §14). */
export interface ScheduleDefaults {
  readonly timezone: string;
  readonly catchUp: CatchUp;
  readonly catchUpWindowMs: number;
  readonly overlap: Overlap;
}

/** A schedule trigger, read. */
export interface ScheduleJob {
  readonly key: string;
  readonly text: string;
  readonly timezone: string;
  /** Without its exclusions: an excluded time is planned too, and its row says that it was left out. */
  readonly timing: Timing;
  readonly exclusions: ExclusionCalendar;
  readonly catchUp: CatchUp;
  readonly catchUpWindowMs: number;
  readonly overlap: Overlap;
  readonly jitterMs: number;
}

const CATCH_UPS: readonly CatchUp[] = ['none', 'last', 'all', 'ask'];
const OVERLAPS: readonly Overlap[] = ['skip', 'queue', 'queue_all', 'allow', 'cancel_previous'];

/**
 * Reads what a schedule trigger says; `createdAt` (UTC ms) is where its `@every` grid begins. Errors: `schedule.invalid`,
 * `schedule.unknown_zone`; the `key` of their `details` is the one that is wrong.
 */
export function readJob(
  { key, config }: { readonly key: string; readonly config: JsonMap },
  createdAt: number,
  defaults: ScheduleDefaults,
): ScheduleJob {
  const text = textOf(config.schedule) ?? textOf(config.cron) ?? '';
  const timezone = textOf(config.timezone) ?? defaults.timezone;
  const zone = ofKey('timezone', () => openZone(timezone).name);
  const bound = (name: 'starts_at' | 'ends_at'): number | null => {
    const written = textOf(config[name]);
    return written === undefined ? null : ofKey(name, () => readInstant(written, zone));
  };
  return {
    ...{ key, text, timezone },
    timing: {
      schedule: ofKey('schedule', () => parseSchedule(text, zone, createdAt)),
      startsAt: bound('starts_at'),
      endsAt: bound('ends_at'),
      exclusions: [],
    },
    exclusions: ofKey('exclude', () => parseExclusions(textsOf(config.exclude), zone)),
    catchUp: CATCH_UPS.find((word) => word === config.catch_up) ?? defaults.catchUp,
    catchUpWindowMs: msOf(config.catch_up_window) ?? defaults.catchUpWindowMs,
    overlap: OVERLAPS.find((word) => word === config.overlap) ?? defaults.overlap,
    jitterMs: msOf(config.jitter) ?? 0,
  };
}

/** What goes wrong in it is about this key of the trigger. */
function ofKey<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    throw AppError.fromRecord({ ...thrown.toRecord(), details: { ...thrown.details, key } });
  }
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

const textsOf = (value: Json | undefined): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map(String);

const msOf = (value: Json | undefined): number | null =>
  typeof value === 'string' || typeof value === 'number' ? parseDuration(value).ms : null;
