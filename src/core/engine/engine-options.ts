import type { LiveEvent } from '../../shared/contract/index.ts';
import type { Json } from '../../shared/json.ts';
import type { Store } from '../storage/index.ts';
import type { RunLimits } from './lanes.ts';
import type { EngineHost, EnginePorts, EventInbox } from './ports.ts';

/** What an engine is made of. */
export interface EngineOptions {
  readonly store: Store;
  readonly host: EngineHost;
  readonly ports: EnginePorts;
  /** What comes at webhooks. */
  readonly inbox: EventInbox;
  /** How many runs are driven at once (`workflows.max_concurrent`). */
  readonly maxRuns: number;
  /** Default: none beside that. */
  readonly limits?: RunLimits;
  readonly publish: (event: LiveEvent) => void;
  /** Told about what a run did that is a bug; the run fails, the app goes on. */
  readonly onBug: (error: unknown) => void;
}

/** A person's word on a step whose end nobody knows; `output` counts with `completed`. */
export interface DoubtDecision {
  readonly path: string;
  readonly as: 'completed' | 'failed' | 'rerun';
  readonly output: Json;
}
