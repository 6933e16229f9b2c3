import { useCallback, useSyncExternalStore } from 'react';

/** One clock for each pace: all that tick together show the same time. */
interface Clock {
  now: number;
  readonly listeners: Set<() => void>;
  stop: (() => void) | null;
}

const clocks = new Map<number, Clock>();
/** Since when nobody knows how things stand; null while it is known. */
let frozenAt: number | null = null;

const timeNow = (): number => frozenAt ?? Date.now();

function clockOf(everyMs: number): Clock {
  const known = clocks.get(everyMs);
  const clock = known ?? { now: timeNow(), listeners: new Set(), stop: null };
  if (known === undefined) clocks.set(everyMs, clock);
  else if (clock.stop === null) clock.now = timeNow();
  return clock;
}

function tick(clock: Clock): void {
  clock.now = timeNow();
  for (const listener of [...clock.listeners]) listener();
}

/** No timer does anything while the window is hidden; it is caught up with when it comes back. */
function startClock(clock: Clock, everyMs: number): () => void {
  const onTime = (): void => {
    if (!document.hidden) tick(clock);
  };
  const timer = window.setInterval(onTime, everyMs);
  document.addEventListener('visibilitychange', onTime);
  return () => {
    window.clearInterval(timer);
    document.removeEventListener('visibilitychange', onTime);
  };
}

/** Stops every clock of the window at this instant, or lets them go on: what is not known must not seem to go on. */
export function freezeClocks(isFrozen: boolean): void {
  if (isFrozen === (frozenAt !== null)) return;
  frozenAt = isFrozen ? Date.now() : null;
  for (const clock of clocks.values()) tick(clock);
}

/** The time, renewed every `everyMs`; the same in every place that is renewed as often. */
export function useNow(everyMs: number): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      const clock = clockOf(everyMs);
      clock.listeners.add(listener);
      clock.stop ??= startClock(clock, everyMs);
      return () => {
        clock.listeners.delete(listener);
        if (clock.listeners.size > 0) return;
        clock.stop?.();
        clocks.delete(everyMs);
      };
    },
    [everyMs],
  );
  return useSyncExternalStore(subscribe, () => clocks.get(everyMs)?.now ?? clockOf(everyMs).now);
}
