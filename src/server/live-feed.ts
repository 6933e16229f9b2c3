import type { LiveBatch, LiveEvent } from '../shared/contract/index.ts';

/** A frame at most this often … */
export const BATCH_INTERVAL_MS = 50;
/** … unless this many events are waiting. */
export const BATCH_EVENTS = 250;
/** What may wait for a slow receiver; beyond it events are dropped and the receiver is told by a gap in the numbers. */
export const MAX_PENDING_EVENTS = 5_000;

export interface LiveFeedOptions {
  readonly subscribe: (listener: (batch: LiveBatch) => void) => () => void;
  readonly send: (batch: LiveBatch) => void;
  /** False while the receiver has not taken what it was sent. */
  readonly canSend: () => boolean;
}

/** Carries live events to one receiver and returns the way to stop. */
export function startLiveFeed(options: LiveFeedOptions): () => void {
  const feed = new LiveFeed(options);
  return () => feed.close();
}

/**
 * Invariants: 1. numbers of one feed start at 1 and rise by one per frame, but for exactly one skipped number where events
 * were lost (here or upstream); 2. after a loss a frame follows even when nothing happens any more, so that the receiver sees
 * the gap; 3. at most `MAX_PENDING_EVENTS` wait; 4. an event that comes alone is sent at once.
 */
class LiveFeed {
  private readonly options: LiveFeedOptions;
  private readonly unsubscribe: () => void;
  private pending: LiveEvent[] = [];
  private hasLost = false;
  private number = 0;
  private lastUpstream: number | null = null;
  private lastSentAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | null = null;

  constructor(options: LiveFeedOptions) {
    this.options = options;
    this.unsubscribe = options.subscribe((batch) => this.take(batch));
  }

  close(): void {
    this.unsubscribe();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private take(batch: LiveBatch): void {
    if (this.lastUpstream !== null && batch.number !== this.lastUpstream + 1) this.hasLost = true;
    this.lastUpstream = batch.number;
    this.pending.push(...batch.events);
    if (this.pending.length > MAX_PENDING_EVENTS) {
      this.pending = [];
      this.hasLost = true;
    }
    const waitMs = this.lastSentAt + BATCH_INTERVAL_MS - performance.now();
    if (this.pending.length >= BATCH_EVENTS || waitMs <= 0) this.flush();
    else this.flushLater(waitMs);
  }

  private flushLater(delayMs: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.flush();
    }, delayMs);
  }

  private flush(): void {
    while (this.pending.length > 0 || this.hasLost) {
      if (!this.options.canSend()) {
        this.flushLater(BATCH_INTERVAL_MS);
        return;
      }
      // A receiver sees a gap only between two numbers: what is lost before the first frame follows an empty one.
      if (this.hasLost && this.number === 0) this.send([]);
      if (this.hasLost) this.number += 1;
      this.hasLost = false;
      this.send(this.pending.splice(0, BATCH_EVENTS));
    }
  }

  private send(events: readonly LiveEvent[]): void {
    this.number += 1;
    this.lastSentAt = performance.now();
    this.options.send({ number: this.number, events });
  }
}
