import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Asks again every 25 ms until the answer is true, or less often where an answer takes long: who waits for an engine does not keep it
 * from its work. Throws with `what` after the time is over, which is shorter than a test may take: what was waited for is said, and a
 * busy machine gets there.
 */
export async function waitUntil(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  timeoutMs = 240_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const askedAt = Date.now();
    if (await isTrue()) return;
    const now = Date.now();
    if (now > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await delay(Math.min(Math.max(PAUSE_MS, 4 * (now - askedAt)), LONGEST_PAUSE_MS));
  }
}
