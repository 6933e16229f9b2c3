const FIRST_MS = 250;
const LAST_MS = 10_000;

/** How long to wait before the n-th try (n from 1): doubles, at most 10 s, with jitter `random` in [0, 1). */
export function reconnectDelayMs(failures: number, random: number): number {
  const full = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return Math.round(full * (0.5 + random / 2));
}
