import type { AppError } from '../../../shared/errors.ts';
import type { SetTimer } from '../../time/index.ts';

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
