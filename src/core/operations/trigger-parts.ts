import { systemElapsed } from '../time/index.ts';
import { EventFeed, Scheduler, type TriggerInlet, type TriggerRegistry } from '../triggers/index.ts';
import type { ProjectSession } from './project-session.ts';
import { startTriggered } from './start-triggered.ts';

/** Whoever watches, listens or counts for the triggers of each kind, for the process that hosts them. */
export interface TriggerParts {
  readonly event: EventFeed;
  readonly schedule: Scheduler;
}

/** Makes the parts; they begin with the first `update`. */
export function openTriggerParts(
  session: ProjectSession,
  { inlet, registry }: { readonly inlet: TriggerInlet; readonly registry: TriggerRegistry },
  { onChange, onBug }: { readonly onChange: () => void; readonly onBug: (error: unknown) => void },
): TriggerParts {
  const { store, engine, clock } = session;
  return {
    schedule: openScheduler(session, registry, { onChange, onBug }),
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

/** A scheduler over the store and the engine of the project; of one trigger where `only` says so. */
export function openScheduler(
  session: ProjectSession,
  registry: TriggerRegistry,
  {
    onChange,
    onBug,
    only,
    host,
  }: {
    readonly onChange: () => void;
    readonly onBug: (error: unknown) => void;
    readonly only?: string | undefined;
    readonly host?: 'timer';
  },
): Scheduler {
  const { store, engine, clock, config } = session;
  return new Scheduler({
    only,
    host,
    clock,
    elapsed: systemElapsed,
    triggers: store.triggers,
    occurrences: store.occurrences,
    periods: store.hostPeriods,
    defaults: config.scheduler,
    runs: {
      openOf: (workflowId) => store.runs.openOf(workflowId),
      freeLanes: () => engine.places.freeLanes,
      findByStartKey: (startKey) => store.runs.findByStartKey(startKey),
      cancel: (runId) => engine.cancel(runId, { kind: 'system', id: 'schedule', door: 'engine' }),
    },
    start: (start) => startTriggered(session, start),
    noteStart: (key, runId) => registry.noteStart(key, runId),
    notice: (key, notice) => registry.notice(key, notice),
    onChange,
    onBug,
  });
}
