import type { JsonMap } from '../json.ts';
import type { WorkflowPin } from './events.ts';
import type { ChainLink, RunStatus } from './run.ts';

/** What starts runs by itself (SPEC §1.7, §7); by hand is no trigger here. */
export const TRIGGER_KINDS = ['schedule', 'webhook', 'file', 'event'] as const;
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

/** One trigger of the project, wherever it is written (SPEC §7.1 "Job"). */
export interface Trigger {
  /** `{workflow id}/{id}`: stays as long as the id, or the definition, does; never a place in a list. */
  readonly key: string;
  /** As written, else the first 12 hex digits of the definition's hash. */
  readonly id: string;
  /** `{workflow id}_{i}`, accepted wherever a person names a job. */
  readonly alias: string;
  readonly kind: TriggerKind;
  readonly workflowId: string;
  readonly workflowName: string;
  /** The workflow file or bundle folder, from the project. */
  readonly workflowPath: string;
  /** The file that holds it, from the project. */
  readonly source: string;
  /** `enabled` as written. */
  readonly isEnabled: boolean;
  /** The rest of the item as written, keys of `schedules.yaml` and the like under the names of SPEC §1.7. */
  readonly config: JsonMap;
  readonly definitionHash: string;
  /** Of the workflow as it is in the folder now. */
  readonly contentHash: string;
  readonly versionLabel: string;
  readonly versionPolicy: 'latest' | 'pin';
}

/** Who answers for a trigger, and for what exactly (SPEC §7 "armed"). Kept outside the project. */
export interface Consent {
  readonly definitionHash: string;
  /** The version that starts. */
  readonly contentHash: string;
  readonly versionLabel: string;
  /** What the version calls, as it was armed; missing in what was armed before this was kept: as it stands at each start. */
  readonly pins?: readonly WorkflowPin[];
  /** The version that was armed before and started well by hand: it goes on until the new one did (`features.progressive_rollout`). */
  readonly before?: Pick<Consent, 'contentHash' | 'versionLabel' | 'pins'>;
  readonly by: string;
  /** UTC ms. */
  readonly at: number;
}

/**
 * `not_armed` nobody armed it; `changed` its definition is not the one that was armed; `off` a person or its own `enabled: false`;
 * `paused` by a person or a guard; `unavailable` what it watches or listens on is not there; `invalid` it cannot be understood.
 */
export const TRIGGER_STATUSES = ['armed', 'not_armed', 'changed', 'off', 'paused', 'unavailable', 'invalid'] as const;
export type TriggerStatus = (typeof TRIGGER_STATUSES)[number];

/** SPEC §7.1 "occurrence ledger"; `planned` and `claimed` are open, each other state is an end. */
export const OCCURRENCE_STATES = [
  'planned',
  'claimed',
  'started',
  'caught_up',
  'skipped_overlap',
  'skipped_paused',
  'missed',
  'failed_to_start',
] as const;
export type OccurrenceState = (typeof OCCURRENCE_STATES)[number];

/** Why an occurrence stands or ended as it did; the words are the screen's. */
export const OCCURRENCE_REASONS = [
  'on_time',
  'late',
  'lanes_busy',
  'overlap_waits',
  'asks',
  'closed',
  'asleep',
  'clock_jumped',
  'no_catch_up',
  'too_old',
  'newer_one_ran',
  'cap_reached',
  'overlap',
  'paused',
  'all_paused',
  'excluded',
  'breaker_open',
  'replaced',
  'backfill',
  'run_now',
  'start_failed',
  'person_said_no',
  'not_armed',
] as const;
export type OccurrenceReason = (typeof OCCURRENCE_REASONS)[number];

/**
 * How a calendar marks what became of starts: `late` ran after its time, `running`, `waiting` (for a person, its turn, an event) and
 * `in_doubt` are of its run now, `refused` came and was not taken, `open` has no run yet.
 */
export const CALENDAR_MARKS = [
  'ran',
  'late',
  'running',
  'waiting',
  'failed',
  'in_doubt',
  'cancelled',
  'skipped',
  'missed',
  'paused',
  'refused',
  'open',
  'planned',
] as const;
export type CalendarMark = (typeof CALENDAR_MARKS)[number];

/** What the app itself adds to a reason: why a missed start is not made up for, or what the run before waits for. */
export const OCCURRENCE_NOTES = [
  'no_catch_up',
  'too_old',
  'newer_one_ran',
  'cap_reached',
  'paused_by_now',
  'start_waits',
  'waits_approval',
  'waits_child',
  'waits_queue',
  'waits_event',
  'waits_time',
] as const;
export type OccurrenceNote = (typeof OCCURRENCE_NOTES)[number];

/** What shows that the reason is true: all that was known when the row got its state. */
export interface OccurrenceEvidence {
  /** The run that stood in the way, or that another occurrence started in its place. */
  readonly runId?: string;
  readonly runStatus?: RunStatus;
  /** While the computer slept, the app was closed or the clock jumped; UTC ms. */
  readonly from?: number;
  readonly until?: number;
  /** The process that decided, and by how much the clock was off. */
  readonly pid?: number;
  readonly clockMovedMs?: number;
  /** Why it was not started in time; it is caught up where it is started all the same. */
  readonly missed?: 'closed' | 'asleep' | 'clock_jumped' | 'late';
  /** Who had quit the app or left the project, at `from`. */
  readonly quitBy?: string;
  /** Who paused it, asked for it afterwards, or said no. */
  readonly by?: string;
  /** `timer` = the timer of the system started it, while nobody had the project open. */
  readonly host?: 'timer';
  /** What `text` says, where the app itself wrote it: screens word it in their own language. */
  readonly note?: OccurrenceNote;
  /** With `note` its sentence, else a person's own words for a pause. */
  readonly text?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** A planned start of a schedule. Instants are UTC ms. */
export interface Occurrence {
  readonly triggerKey: string;
  readonly plannedAt: number;
  /** With its jitter. */
  readonly dueAt: number;
  readonly state: OccurrenceState;
  readonly reason: OccurrenceReason | null;
  readonly evidence: OccurrenceEvidence;
  /** When it got this state. */
  readonly at: number;
  readonly runId: string | null;
}

/** SPEC §7.3 "Delivery inbox"; `filtered` = came as it should, but the trigger does not ask for it. */
export const DELIVERY_STATES = ['received', 'started', 'ignored', 'rejected', 'duplicate', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** A row of the inbox. Instants are UTC ms. */
export interface DeliverySummary {
  readonly id: string;
  readonly kind: Exclude<TriggerKind, 'schedule'>;
  readonly triggerKey: string | null;
  /** Path of the webhook, folder of the watch, name of the event. */
  readonly endpoint: string;
  readonly receivedAt: number;
  readonly sourceIp: string | null;
  readonly method: string | null;
  /** `pull_request.opened`, `created`, `run.failed`; empty = none. */
  readonly event: string;
  /** What came, in a few words: a number, a file name. */
  readonly title: string;
  readonly state: DeliveryState;
  /** Why it is in this state, as a sentence; null for what started as it should. */
  readonly reason: string | null;
  /** Of the signature or the file: `valid`, `invalid`, `stale`, `none`. */
  readonly verdict: string;
  readonly runId: string | null;
  readonly bodyBytes: number;
  readonly bodyHash: string | null;
}

/** A delivery with all that came. */
export interface DeliveryRecord extends DeliverySummary {
  /** As the sender gave it; null = it gave none. */
  readonly externalId: string | null;
  /** Secrets redacted. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** What the run sees under `trigger` (SPEC §1.7): `payload`, `event`, `file` and the like. */
  readonly data: JsonMap;
  readonly chain: readonly ChainLink[];
  /** Each check in its order, for "why did it start, why not". */
  readonly checks: readonly DeliveryCheck[];
}

/** One check of a delivery. `name` is one of a closed list that the screen has words for. */
export interface DeliveryCheck {
  readonly name:
    | 'endpoint'
    | 'enabled'
    | 'method'
    | 'size'
    | 'rate'
    | 'signature'
    | 'json'
    | 'event'
    | 'new'
    | 'pattern'
    | 'own_file'
    | 'match'
    | 'chain'
    | 'armed'
    | 'start';
  readonly isPassed: boolean;
  readonly detail: string;
}

/** While the host of the triggers was not simply on: what explains that something was missed. */
export interface HostPeriod {
  readonly kind: 'on' | 'asleep' | 'closed' | 'clock_jumped';
  readonly from: number;
  /** Null = until now. */
  readonly until: number | null;
  /** By how much the clock moved; 0 unless `clock_jumped`. */
  readonly movedMs: number;
  /** Who ended it where it is `on`, or began it where it is `closed`, by quitting; null = nobody did, or nobody knows. */
  readonly quitBy: string | null;
}
