import type { LiveBatch, LiveEvent } from '../../shared/contract/index.ts';
import type { StepState } from '../../shared/model/run.ts';
import type { Clock } from '../time/index.ts';

const BATCH_MS = 50;
const BATCH_EVENTS = 250;

type RunEventOf = Extract<LiveEvent, { kind: 'run' }>;

/**
 * Gathers what happened and tells subscribers in batches: after 50 ms or 250 events, the first event of a quiet time at once on
 * the next turn. Rows of one run in one batch are merged: the newest header, the newest state of each step.
 */
export class LiveHub {
  readonly #clock: Clock;
  readonly #listeners = new Set<(batch: LiveBatch) => void>();
  readonly #runs = new Map<string, { event: RunEventOf; readonly steps: Map<string, StepState> }>();
  readonly #logs = new Map<string, number>();
  #others: LiveEvent[] = [];
  #count = 0;
  #number = 0;
  #stopTimer: (() => void) | null = null;
  #lastBatchAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Batches from now on; returns the way to stop. */
  subscribe(listener: (batch: LiveBatch) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes an event for the next batch; nothing is kept while nobody listens. */
  publish(event: LiveEvent): void {
    if (this.#listeners.size === 0) return;
    if (event.kind === 'run') this.#mergeRun(event);
    else if (event.kind === 'log') this.#logs.set(event.runId, event.total);
    else this.#others.push(event);
    this.#count += 1;
    if (this.#count >= BATCH_EVENTS) this.flush();
    else
      this.#stopTimer ??= this.#clock.setTimer(this.#clock.now() - this.#lastBatchAt > BATCH_MS ? 0 : BATCH_MS, () =>
        this.flush(),
      );
  }

  /** Tells at once what was gathered. */
  flush(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    if (this.#count === 0) return;
    const events: LiveEvent[] = [];
    for (const { event, steps } of this.#runs.values()) events.push({ ...event, steps: [...steps.values()] });
    for (const [runId, total] of this.#logs) events.push({ kind: 'log', runId, total });
    events.push(...this.#others);
    this.#runs.clear();
    this.#logs.clear();
    this.#others = [];
    this.#count = 0;
    this.#number += 1;
    this.#lastBatchAt = this.#clock.now();
    const batch: LiveBatch = { number: this.#number, events };
    // A copy: who subscribes while this is told hears from the next batch on.
    for (const listener of [...this.#listeners]) listener(batch);
  }

  #mergeRun(event: RunEventOf): void {
    const known = this.#runs.get(event.run.runId);
    if (known === undefined) {
      this.#runs.set(event.run.runId, { event, steps: new Map(event.steps.map((step) => [step.path, step])) });
      return;
    }
    if (event.position < known.event.position) return;
    known.event = event;
    for (const step of event.steps) known.steps.set(step.path, step);
  }
}
