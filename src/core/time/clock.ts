/**
 * Time as a port (DESIGN §7): made once in `control-center.ts` and handed down, so that a test can jump, sleep and repeat. Nothing else
 * in core reads the clock of the machine.
 */
export interface Clock {
  /** UTC ms. */
  readonly now: () => number;
  /** Calls back once after `ms`, however long that is, and keeps the process alive until then; gives the way to call it off. */
  readonly setTimer: SetTimer;
}

/** Starts a timer of `ms` from now; gives the way to stop it. */
export type SetTimer = (ms: number, callback: () => void) => () => void;

/** The most that `setTimeout` takes, 24.8 days; it fires at once for anything longer. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now(), setTimer: (ms, callback) => startTimer(ms, callback) };

/**
 * A timer of the machine that takes any length. `holdsProcess` false = it fires only while something else keeps the process alive.
 * Gives the way to stop it.
 */
export function startTimer(ms: number, callback: () => void, holdsProcess = true): () => void {
  const end = performance.now() + ms;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const left = Math.max(0, end - performance.now());
    timer = left > MAX_TIMER_MS ? setTimeout(arm, MAX_TIMER_MS) : setTimeout(callback, left);
    if (!holdsProcess) timer.unref();
  };
  arm();
  return () => clearTimeout(timer);
}
