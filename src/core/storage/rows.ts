import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { Actor, RunSummary } from '../../shared/model/run.ts';

/** One attempt of one step as a projection. Positions point to the events that hold the values. */
export interface StepRow {
  readonly path: string;
  readonly attempt: number;
  readonly index: number;
  readonly name: string;
  readonly status: string;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly startPosition: number | null;
  readonly endPosition: number | null;
}

/** What of an event says how its run fared when it was driven; readable without its values. */
export interface EventTrace {
  readonly type: RunEvent['type'];
  readonly isByPerson: boolean;
  /** Of a step's event. */
  readonly path: string | null;
  /** Of a start: a tool call of an agent. */
  readonly isCall: boolean;
  /** Of `run.recovered`. */
  readonly isSuspect: boolean;
}

/** Everything that one commit of one run writes: its events and the rows that follow from them. */
export interface RunCommit {
  readonly runNo: number;
  /** True for the commit that holds `run.created`: the run's row is inserted instead of updated. */
  readonly isNew: boolean;
  /** True when all events are about steps: status, outcome and the like are what they were. */
  readonly isProgressOnly: boolean;
  readonly startKey: string | null;
  readonly events: readonly StoredEvent<RunEvent>[];
  readonly run: RunSummary;
  readonly steps: readonly StepRow[];
  /** Path -> action of the steps in `events` that call a tool whose call cannot simply be made again. Absent = none does. */
  readonly acts?: ReadonlyMap<string, string>;
}

/** How an actor is named: a person by name, the system as `system:<what>` (SPEC §7). */
export const actorText = (actor: Actor): string => (actor.kind === 'user' ? actor.id : `system:${actor.id}`);
