import type { JsonMap } from '../../shared/json.ts';
import type { Actor, ChainLink } from '../../shared/model/run.ts';
import type { Consent, Trigger } from '../../shared/model/trigger.ts';
import type { StoredTrigger } from '../storage/index.ts';
import type { TriggerPause } from './pauses.ts';

/** A trigger that a person armed: who answers for it and with which version it starts. */
export interface ArmedTrigger extends Trigger {
  readonly consent: Consent;
  readonly stored: StoredTrigger;
  /** That of all and its own, ended ones too until the ledger has them; what comes meanwhile is recorded and starts nothing. */
  readonly pauses: readonly TriggerPause[];
}

/** What a trigger wants to be started. */
export interface TriggerStart {
  readonly trigger: ArmedTrigger;
  /** `schedule:{job}:{planned_at}` or `delivery:{id}` (SPEC §3.1): a second start with it gives the same run. Null = by a person's hand. */
  readonly startKey: string | null;
  /** The planned or the received time, UTC ms: the date in the run's id. */
  readonly at: number;
  readonly plannedAt?: number;
  /** What the run sees under `trigger`, beside its type; `inputs` of the trigger are rendered over it. */
  readonly data: JsonMap;
  /** In place of the inputs that the trigger writes. */
  readonly inputs?: JsonMap;
  /** What led to it, the newest last. */
  readonly chain: readonly ChainLink[];
  /** Another version than the armed one: a delivery that is played again. */
  readonly versionHash?: string;
  /** The person who asked for it; default: the trigger itself. */
  readonly actor?: Actor;
}

/** The one way from a trigger to a run (SPEC §7). Errors: those of every start; nothing was written then. */
export type StartFromTrigger = (start: TriggerStart) => Promise<{ readonly runId: string }>;

/** Whoever watches, listens or counts for the triggers of one kind. */
export interface TriggerPart {
  /** All armed triggers of its kind, those that are paused too: at the opening and after each change of any of them. */
  update(triggers: readonly ArmedTrigger[]): void;
  /** Starts nothing any more; resolves when nothing is under way. `quitBy` = who wants that, by quitting. */
  close(quitBy: string | null): Promise<void>;
}
