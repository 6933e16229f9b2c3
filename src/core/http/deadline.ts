import { AppError } from '../../shared/errors.ts';
import { orAborted, startTimer } from '../time/index.ts';

/** The time of a whole call: redirects and body included. */
export interface Deadline {
  /** Aborted when the time is over or the caller has no more interest; its `reason` is what the call ends with. */
  readonly signal: AbortSignal;
  /** What `work` gives, or a rejection with the reason as soon as it is aborted. `work` itself may go on unheard. */
  race<T>(work: Promise<T>): Promise<T>;
  /** The call is over: nothing is watched any more. */
  end(): void;
}

export interface DeadlineRules {
  readonly signal: AbortSignal;
  /** null = no limit. */
  readonly timeoutMs: number | null;
  /** What the call ends with when the caller aborts it. */
  readonly cancelled: (signal: AbortSignal) => unknown;
}

/** Starts the clock. Ends with `tool.timed_out` at `timeoutMs`. */
export function startDeadline(rules: DeadlineRules): Deadline {
  const controller = new AbortController();
  const cancel = (): void => controller.abort(rules.cancelled(rules.signal));
  if (rules.signal.aborted) cancel();
  else rules.signal.addEventListener('abort', cancel, { once: true });
  const stopTimer = rules.timeoutMs === null ? null : startLimit(rules.timeoutMs, controller);
  return {
    signal: controller.signal,
    race: (work) => orAborted(work, controller.signal),
    end: () => {
      stopTimer?.();
      rules.signal.removeEventListener('abort', cancel);
    },
  };
}

function startLimit(timeoutMs: number, controller: AbortController): () => void {
  const stop = (): void => controller.abort(timedOut(timeoutMs));
  // An open connection keeps the process alive, not the clock that watches it.
  return startTimer(timeoutMs, stop, false);
}

function timedOut(timeoutMs: number): AppError {
  return new AppError('tool.timed_out', `The request timed out after ${timeoutMs / 1000} seconds.`, {
    hint: "Give the step or the tool a longer 'timeout', or find out why the service is slow.",
    details: { timeout_seconds: timeoutMs / 1000 },
  });
}

/** The default of `cancelled`: the run was cancelled, or what the caller gave as a typed reason. */
export function cancelledRun(signal: AbortSignal): AppError {
  if (signal.reason instanceof AppError) return signal.reason;
  return new AppError('run.cancelled', 'The request was stopped because the run was cancelled.');
}
