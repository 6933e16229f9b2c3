import type { LiveBatch, LiveEvent } from '../../shared/contract/index.ts';
import { LiveMerge } from '../../shared/live-merge.ts';

/**
 * Tells subscribers what happened: all of one turn of the event loop together, merged. It holds nothing back; how often a receiver
 * is told is for its feed to say.
 */
export class LiveHub {
  readonly #listeners = new Set<(batch: LiveBatch) => void>();
  readonly #waiting = new LiveMerge();
  #number = 0;
  #isDue = false;

  /** Batches from now on, their numbers rising by one; returns the way to stop. */
  subscribe(listener: (batch: LiveBatch) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes an event for the end of this turn; nothing is kept while nobody listens. */
  publish(event: LiveEvent): void {
    if (this.#listeners.size === 0) return;
    this.#waiting.add(event);
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => this.flush());
  }

  /** Tells at once what was gathered. */
  flush(): void {
    this.#isDue = false;
    if (this.#waiting.size === 0) return;
    this.#number += 1;
    const batch: LiveBatch = { number: this.#number, events: this.#waiting.drain() };
    // A copy: who subscribes while this is told hears from the next batch on.
    for (const listener of [...this.#listeners]) listener(batch);
  }
}
