import type { FileEvent } from './file-event.ts';
import type { FileWatchOptions } from './watch-options.ts';

type Teller = Pick<FileWatchOptions, 'events' | 'isBatch' | 'sink' | 'cursor'>;

/**
 * Hands events on, one by one or together; of those that nobody asked for only the cursor learns. Gives what the sink did not take: the
 * cursor knows nothing of it, so it can be found again.
 */
export async function tellEvents(events: readonly FileEvent[], teller: Teller): Promise<readonly FileEvent[]> {
  const wanted: FileEvent[] = [];
  for (const event of events) {
    if (teller.events.has(event.type)) wanted.push(event);
    else teller.cursor.write(event.cursor);
  }
  const deliveries = teller.isBatch && wanted.length > 0 ? [wanted] : wanted.map((event) => [event]);
  for (const [index, delivery] of deliveries.entries()) {
    if ((await teller.sink.take(delivery)) === 'held') return deliveries.slice(index).flat();
  }
  return [];
}
