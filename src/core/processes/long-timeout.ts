const MAX_TIMER_MS = 2 ** 31 - 1;

/** A timer that also takes more than the 24.8 days that `setTimeout` can; returns how to stop it. */
export function startLongTimeout(ms: number, onTime: () => void): () => void {
  const end = performance.now() + ms;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const left = end - performance.now();
    timer = setTimeout(left > MAX_TIMER_MS ? arm : onTime, Math.min(Math.max(left, 0), MAX_TIMER_MS));
  };
  arm();
  return () => clearTimeout(timer);
}
