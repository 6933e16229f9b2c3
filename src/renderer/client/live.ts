import { getClient } from './bridge.ts';
import { createBatchReader, type LiveMessage } from './live-batch.ts';

export type { LiveMessage } from './live-batch.ts';
export type LiveListener = (messages: readonly LiveMessage[]) => void;

const listeners = new Set<LiveListener>();
let stop: (() => void) | null = null;

/** Listens to what happens after every commit; stores use this instead of `client.subscribe`. Returns the way to stop. */
export function listenLive(listener: LiveListener): () => void {
  listeners.add(listener);
  if (stop === null) {
    const read = createBatchReader();
    stop = getClient().subscribe((batch) => {
      const messages = read(batch);
      if (messages.length > 0) for (const each of [...listeners]) each(messages);
    });
  }
  return () => {
    listeners.delete(listener);
  };
}
