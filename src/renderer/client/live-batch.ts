import type { LiveBatch, LiveEvent } from '../../shared/contract/index.ts';
import { createGapReader } from '../../shared/gap-reader.ts';

/** Stands for "you may have missed something: fetch your snapshot again". */
export type LiveMessage = LiveEvent | { readonly kind: 'resync' };

/** What a client delivers after a reconnect in place of the batches that were lost. */
export const LIVE_RESYNC: LiveBatch = { number: -1, events: [] };

const RESYNC: LiveMessage = { kind: 'resync' };

/** Turns numbered batches into messages: a gap, a restart or `LIVE_RESYNC` puts one `resync` first. */
export function createBatchReader(): (batch: LiveBatch) => readonly LiveMessage[] {
  let isGap = createGapReader();
  return (batch) => {
    if (batch.number < 0) {
      isGap = createGapReader();
      return [RESYNC];
    }
    return isGap(batch.number) ? [RESYNC, ...batch.events] : batch.events;
  };
}
