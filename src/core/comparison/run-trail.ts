import type { Json, JsonMap } from '../../shared/json.ts';
import type { StepTrail } from '../../shared/model/comparison.ts';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';

/** What one step did, with what it was given and gave. */
export interface FullTrail extends StepTrail {
  readonly inputs: JsonMap;
  readonly output: Json;
}

type Begun = { -readonly [K in keyof FullTrail]: FullTrail[K] } & { startedAt: number | null };

/** The steps of a run by path, in the order in which they began, as its events tell it; calls of agents and undoing are left to their steps. */
export function trailOf(events: Iterable<StoredEvent<RunEvent>>): ReadonlyMap<string, FullTrail> {
  const steps = new Map<string, Begun>();
  for (const { event, at } of events) note(steps, event, at);
  return steps;
}

function note(steps: Map<string, Begun>, event: RunEvent, at: number): void {
  switch (event.type) {
    case 'step.started':
      if (event.role === 'main' || event.role === 'fallback') begin(steps, event, at);
      return;
    case 'step.skipped':
      steps.set(event.path, { ...EMPTY, name: event.name, action: event.kind ?? '', status: 'skipped' });
      return;
    case 'step.completed':
      end(steps.get(event.path), at, { status: 'completed', output: event.output, error: null });
      return;
    case 'step.failed':
      if (event.retryAt === null) end(steps.get(event.path), at, { status: 'failed', error: event.error });
      return;
    case 'step.cancelled':
      end(steps.get(event.path), at, { status: 'cancelled' });
      return;
    default:
  }
}

const EMPTY: Begun = {
  ...{ name: '', action: '', status: 'running', agent: null, error: null },
  ...{ durationMs: null, inputs: {}, output: null, startedAt: null },
};

function begin(steps: Map<string, Begun>, event: Extract<RunEvent, { type: 'step.started' }>, at: number): void {
  const before = steps.get(event.path);
  steps.set(event.path, {
    ...EMPTY,
    name: event.name,
    action: event.action,
    inputs: event.inputs,
    agent: event.agent ?? null,
    startedAt: before?.startedAt ?? at,
  });
}

function end(step: Begun | undefined, at: number, came: Partial<Begun>): void {
  if (step === undefined) return;
  Object.assign(step, came);
  step.durationMs = step.startedAt === null ? null : at - step.startedAt;
}
