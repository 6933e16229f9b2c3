import type { LiveBatch, LiveEvent } from '../shared/contract/index.ts';
import { createGapReader } from '../shared/gap-reader.ts';
import { LiveMerge } from '../shared/live-merge.ts';

/** A frame at most this often … */
export const BATCH_INTERVAL_MS = 50;
/** … unless this many rows are waiting; a frame holds no more events. */
export const BATCH_EVENTS = 250;
/** Rows that may wait for a slow receiver; beyond it they are dropped and the receiver is told by a gap in the numbers. */
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
 * the gap; 3. at most `MAX_PENDING_EVENTS` rows wait, the newest of each run, step and log; 4. an event that comes alone is sent at once.
 */
class LiveFeed {
  private readonly options: LiveFeedOptions;
  private readonly unsubscribe: () => void;
  private readonly pending = new LiveMerge();
  private hasLost = false;
  private number = 0;
  private readonly isGap = createGapReader();
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
    if (this.isGap(batch.number)) this.hasLost = true;
    for (const event of batch.events) this.pending.add(event);
    if (this.pending.size > MAX_PENDING_EVENTS) {
      this.pending.clear();
      this.hasLost = true;
    }
    const waitMs = this.lastSentAt + BATCH_INTERVAL_MS - performance.now();
    if (this.pending.size >= BATCH_EVENTS || waitMs <= 0) this.flush();
    else this.flushLater(waitMs);
  }

  private flushLater(delayMs: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.flush();
    }, delayMs);
  }

  private flush(): void {
    const due = this.pending.drain();
    while (due.length > 0 || this.hasLost) {
      if (!this.options.canSend()) {
        for (const event of due) this.pending.add(event);
        this.flushLater(BATCH_INTERVAL_MS);
        return;
      }
      // A receiver sees a gap only between two numbers: what is lost before the first frame follows an empty one.
      if (this.hasLost && this.number === 0) this.send([]);
      if (this.hasLost) this.number += 1;
      this.hasLost = false;
      this.send(due.splice(0, BATCH_EVENTS));
    }
  }

  private send(events: readonly LiveEvent[]): void {
    this.number += 1;
    this.lastSentAt = performance.now();
    this.options.send({ number: this.number, events });
  }
}
