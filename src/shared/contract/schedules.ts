import { z } from 'zod';
import type { CalendarMark, HostPeriod, Occurrence, TriggerKind } from '../model/trigger.ts';
import { inputsField, workflowRefField } from './fields.ts';
import { operation } from './operation.ts';
import type { PauseInfo, TriggerDetail } from './triggers.ts';

/** One planned start as the clocks of two zones show it. */
export interface ForeseenFire {
  /** UTC ms. */
  readonly at: number;
  /** `2026-03-29T10:00`, with seconds where the schedule has some, in its zone and in the zone of whoever looks. */
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
  readonly name: UnattendedName;
  readonly level: 'fine' | 'watch' | 'stops';
  /** What was found, as a sentence. */
  readonly detail: string;
  /** Where a person mends it; absent = there is nothing to mend, or no place for it. */
  readonly choice?: UnattendedChoice;
}

/** What is looked at before something runs with nobody there. */
export type UnattendedName =
  | 'armed'
  | 'version'
  | 'inputs'
  | 'tools'
  | 'agent'
  | 'secrets'
  | 'people'
  | 'steps'
  | 'limits'
  | 'computer';

/** A place, and what of it: the workflow or trigger itself where `name` is null. */
export interface UnattendedChoice {
  readonly to: 'trigger' | 'workflow' | 'tools' | 'agents' | 'secrets' | 'costs';
  readonly name: string | null;
}

/** An armed schedule that cannot run as it stands. */
export interface UnreadyTrigger {
  readonly triggerKey: string;
  readonly workflowId: string;
  readonly check: UnattendedCheck;
}

/** When a schedule will start something and what would stop that. */
export interface Foreseen {
  readonly schedule: string;
  readonly timezone: string;
  readonly otherTimezone: string;
  /** What counts of it, with the settings of the project where it says nothing itself. */
  readonly rules: {
    readonly overlap: 'skip' | 'queue' | 'queue_all' | 'allow' | 'cancel_previous';
    readonly catchUp: 'none' | 'last' | 'all' | 'ask';
    readonly catchUpWindowMs: number;
  };
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

/** What the triggers of a project would miss while nothing serves them. Instants are UTC ms. */
export interface MissedWhileClosed {
  readonly starts: readonly {
    readonly key: string;
    readonly workflowName: string;
    /** At most 10,000 are counted. */
    readonly count: number;
    readonly first: number;
    readonly last: number;
    /** What becomes of them afterwards. */
    readonly catchUp: 'none' | 'last' | 'all' | 'ask';
  }[];
  readonly count: number;
  /** Armed triggers of other kinds: what comes for them meanwhile is not heard, or found later. */
  readonly unheard: readonly { readonly key: string; readonly kind: TriggerKind; readonly workflowName: string }[];
}

/** What the icon of the app shows without a window. Instants are UTC ms. */
export interface AppTray {
  /** The next starts, at most three, the first of each trigger. */
  readonly next: readonly { readonly key: string; readonly workflowName: string; readonly at: number }[];
  /** How many triggers are armed. */
  readonly armed: number;
  /** At most 20; `runningCount` counts all. */
  readonly running: readonly {
    readonly runId: string;
    readonly workflowName: string;
    readonly startedAt: number | null;
  }[];
  readonly runningCount: number;
  /** What a person is asked about: approvals that he may give, runs in doubt, starts that were missed. */
  readonly waiting: { readonly approvals: number; readonly inDoubt: number; readonly starts: number };
  readonly pausedAll: PauseInfo | null;
  /** Keys of triggers whose starts fail one after the other. */
  readonly failing: readonly string[];
  readonly isHosting: boolean;
}

/** What one look at the ledger did. */
export interface RunDueResult {
  /** Rows that are open or got their end by it. */
  readonly occurrences: readonly Occurrence[];
  /** How many armed schedules there are. */
  readonly schedules: number;
}

const idField = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^/\s][^/]*$/);
const nameField = z.string().min(1).max(400);
const instantField = z.number().int().min(0).max(8.64e15);
const zoneField = z.string().min(1).max(64);

/** What can be done about schedules. */
export const scheduleOperations = {
  /**
   * Armed triggers whose next run something would stop, each with the first that does: a page of those behind `after` in the order of their
   * keys; `next` = behind which the next page begins, null = there is none.
   */
  'triggers.unready': operation<{ readonly unready: readonly UnreadyTrigger[]; readonly next: string | null }>()(
    z.strictObject({ after: z.string().max(1000).default('') }),
    'workflow:read',
  ),
  /**
   * The next starts of a trigger or of a text, after `from` (default: now). With `workflow` and `inputs` it is a schedule of that workflow
   * that is being written, and the checks are of its version in the folder; of `trigger`, which it would replace, only the beginning of its
   * `@every` counts then. Errors: `schedule.*` (`details.key`: which key is wrong), `trigger.not_found`, `workflow.not_found`.
   */
  'schedules.foresee': operation<Foreseen>()(
    z.strictObject({
      trigger: nameField.optional(),
      schedule: z.string().min(1).max(1000).optional(),
      timezone: zoneField.optional(),
      otherTimezone: zoneField.optional(),
      startsAt: z.string().max(60).optional(),
      endsAt: z.string().max(60).optional(),
      exclude: z.array(z.string().max(60)).max(1000).optional(),
      workflow: workflowRefField.optional(),
      inputs: inputsField.optional(),
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
  /** Writes `.aiworkflow/triggers/schedules.yaml`; what it writes has to be armed anew. Errors: `schedule.invalid` (`details.key`: which key of the item is wrong), `config.invalid`. */
  'schedules.save': operation<TriggerDetail>()(
    z.strictObject({
      id: idField,
      workflow: z.string().min(1).max(400),
      schedule: z.string().min(1).max(1000),
      description: z.string().max(1000).optional(),
      timezone: zoneField.optional(),
      enabled: z.boolean().optional(),
      catchUp: z.enum(['none', 'last', 'all', 'ask']).optional(),
      catchUpWindow: z.string().max(60).optional(),
      overlap: z.enum(['skip', 'queue', 'queue_all', 'allow', 'cancel_previous']).optional(),
      jitter: z.string().max(60).optional(),
      startsAt: z.string().max(60).optional(),
      endsAt: z.string().max(60).optional(),
      exclude: z.array(z.string().max(60)).max(1000).optional(),
      inputs: inputsField.optional(),
    }),
    'config:manage',
    'config.changed',
  ),
  /** Removes a schedule of that file. */
  'schedules.remove': operation<null>()(z.strictObject({ id: idField }), 'config:manage', 'config.changed'),
  /** Starts what is due by the ledger now, of all armed schedules or of one. */
  'schedules.run': operation<RunDueResult>()(
    z.strictObject({ trigger: nameField.optional() }),
    'workflow:execute',
    'workflow.executed',
  ),
  /** Starts what a stretch of the past (with both ends) planned and nobody started; at most 100 starts. */
  'schedules.backfill': operation<{ readonly occurrences: readonly Occurrence[] }>()(
    z.strictObject({ trigger: nameField, from: instantField, until: instantField }),
    'workflow:execute',
    'workflow.executed',
  ),
  /** A person's word on a missed start that is asked about. Errors: `occurrence.not_asking`. */
  'occurrences.answer': operation<Occurrence>()(
    z.strictObject({ trigger: nameField, plannedAt: instantField, run: z.boolean() }),
    'workflow:execute',
    'workflow.executed',
  ),
  /** What would be missed if nothing served the triggers from now until then. */
  'triggers.missed': operation<MissedWhileClosed>()(z.strictObject({ until: instantField }), 'workflow:read'),
  'app.tray': operation<AppTray>()(z.strictObject({}), 'workflow:read'),
} as const;

/** The names of these operations. */
export type ScheduleOperationName = keyof typeof scheduleOperations;
