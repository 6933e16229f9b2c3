import type { StoredPause } from '../storage/index.ts';

/** A pause that counts for a trigger: its own, or that of all. */
export interface TriggerPause extends StoredPause {
  readonly isOfAll: boolean;
}

/** Which pause stands in a trigger's way at an instant (UTC ms), that of all first; null = none. Its end is no part of it. */
export const pauseAt = (pauses: readonly TriggerPause[], at: number): TriggerPause | null =>
  pauses.find((pause) => pause.at <= at && (pause.until === null || at < pause.until)) ?? null;

/** When nothing that stands now is in the way any more, UTC ms; null = only a person knows. */
export function pausedUntil(pauses: readonly TriggerPause[], now: number): number | null {
  const ends = pauses.flatMap(({ until }) => (until === null || until > now ? [until] : []));
  return ends.includes(null) ? null : Math.max(now, ...(ends as number[]));
}
