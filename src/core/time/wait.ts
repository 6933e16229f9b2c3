import type { SetTimer } from './clock.ts';

/** Resolves after `ms`; as soon as the signal aborts it rejects with the reason, and no timer and no listener stays. */
export function wait(ms: number, clock: { readonly setTimer: SetTimer }, signal?: AbortSignal): Promise<void> {
  const over = Promise.withResolvers<void>();
  const stopTimer = clock.setTimer(ms, over.resolve);
  if (signal === undefined) return over.promise;
  return orAborted(over.promise, signal).finally(stopTimer);
}

/** The promise's end, or the signal's reason as soon as it aborts. What the promise comes to after that is nobody's any more. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  // The loser of the race may still reject, with nobody left to hear it.
  promise.catch(() => undefined);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([aborted.promise, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
