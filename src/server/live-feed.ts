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

/**
 * Carries live events to one receiver and returns the way to stop.
 *
 * Invariants: 1. numbers of one feed start at 1 and rise by one per frame, but for exactly one skipped number where events
 * were lost (here or upstream); 2. after a loss a frame follows even when nothing happens any more, so that the receiver sees
 * the gap; 3. at most `MAX_PENDING_EVENTS` wait; 4. an event that comes alone is sent at once.
 */
export function startLiveFeed(options: LiveFeedOptions): () => void {
  let pending: LiveEvent[] = [];
  let hasLost = false;
  let number = 0;
  let lastUpstream: number | null = null;
  let lastSentAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  const arm = (delayMs: number): void => {
    timer ??= setTimeout(() => {
      timer = null;
      flush();
    }, delayMs);
  };
  const flush = (): void => {
    while (pending.length > 0 || hasLost) {
      if (!options.canSend()) {
        arm(BATCH_INTERVAL_MS);
        return;
      }
      number += hasLost ? 2 : 1;
      hasLost = false;
      const events = pending.slice(0, BATCH_EVENTS);
      pending = pending.slice(BATCH_EVENTS);
      lastSentAt = performance.now();
      options.send({ number, events });
    }
  };
  const unsubscribe = options.subscribe((batch) => {
    if (lastUpstream !== null && batch.number !== lastUpstream + 1) hasLost = true;
    lastUpstream = batch.number;
    pending.push(...batch.events);
    if (pending.length > MAX_PENDING_EVENTS) {
      pending = [];
      hasLost = true;
    }
    const waitMs = lastSentAt + BATCH_INTERVAL_MS - performance.now();
    if (pending.length >= BATCH_EVENTS || waitMs <= 0) flush();
    else arm(waitMs);
  });
  return () => {
    unsubscribe();
    if (timer !== null) clearTimeout(timer);
  };
}
