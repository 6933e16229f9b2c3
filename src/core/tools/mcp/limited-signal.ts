import type { AppError } from '../../../shared/errors.ts';

/** Starts a timer, `ms` from now; gives the way to stop it. */
export type SetTimer = (ms: number, callback: () => void) => () => void;

export interface LimitedSignal {
  readonly signal: AbortSignal;
  /** Stops the timer; call it when the work is over. */
  readonly stop: () => void;
}

/** A signal that aborts with one of `signals`, or after `ms` with `reason`, which is asked for only then: it knows how far things went. */
export function limitSignal(
  signals: readonly AbortSignal[],
  limit: { readonly ms: number; readonly reason: () => AppError; readonly setTimer: SetTimer },
): LimitedSignal {
  const controller = new AbortController();
  const stop = limit.setTimer(limit.ms, () => controller.abort(limit.reason()));
  return { signal: AbortSignal.any([...signals, controller.signal]), stop };
}

/** The promise's end, or the signal's reason as soon as it aborts. What the promise comes to after that is nobody's any more. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
