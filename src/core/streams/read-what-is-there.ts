import { setImmediate as nextTurn } from 'node:timers/promises';

/** A turn reads 64 KiB, as much as a pipe holds; whoever goes on writing is not listened to for longer. */
const MOST_TURNS = 32;

/**
 * Resolves once a turn of the loop has brought nothing more. A loop that was busy comes to its timers before it reads: where a timer gives
 * a stream up, what lies in it already is read with this first. `readCount` grows with what was read; at most 32 turns are waited.
 */
export async function readWhatIsThere(readCount: () => number): Promise<void> {
  for (let turn = 0, before = -1; turn < MOST_TURNS && before !== readCount(); turn++) {
    before = readCount();
    await nextTurn();
  }
}
