import { EventFeed, type TriggerInlet } from '../triggers/index.ts';
import type { ProjectSession } from './project-session.ts';

/** Whoever watches, listens or counts for the triggers of each kind, for the process that hosts them. */
export interface TriggerParts {
  readonly event: EventFeed;
}

/** Makes the parts; they begin with the first `update`. */
export function openTriggerParts(
  { store, engine, clock }: ProjectSession,
  inlet: TriggerInlet,
  onBug: (error: unknown) => void,
): TriggerParts {
  return {
    event: new EventFeed({
      events: store.events,
      rows: store.triggers,
      deliveries: store.deliveries,
      runs: { find: (runId) => store.runs.find(runId), created: (runId) => engine.stateOf(runId).state.created },
      inlet,
      newest: () => store.journal.durablePosition,
      clock,
      onBug,
    }),
  };
}
