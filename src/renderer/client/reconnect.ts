const FIRST_MS = 250;
/** The app is on this machine: asking costs nothing, and a page that was left open must tell the truth soon after a restart. */
const LAST_MS = 1_500;

/** How long to wait before the n-th try (n from 1): doubles, at most 1.5 s, with jitter `random` in [0, 1). */
export function reconnectDelayMs(failures: number, random: number): number {
  const full = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return Math.round(full * (0.5 + random / 2));
}
