const MORNING_HOUR = 8;

/** The next morning here, UTC ms: until then a project that somebody leaves is likely to stay closed. `now` likewise. */
export function nextMorning(now: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, MORNING_HOUR).getTime();
}
