import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again every 25 ms until the answer is true; throws with `what` after the time is over, which is shorter than a test may take: what
 * was waited for is said, and a busy machine gets there.
 */
export async function waitUntil(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  timeoutMs = 240_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await delay(25);
  }
}
