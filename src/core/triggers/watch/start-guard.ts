const MOST_STARTS = 10;
const WINDOW_MS = 60_000;

/** Counts the starts of one watch: ten within a minute are taken for a loop (SPEC §7.2). */
export class StartGuard {
  readonly #starts: number[] = [];
  #excused = 0;

  /** Counts a start at `now`, UTC ms. True = it was the tenth within a minute. */
  count(now: number): boolean {
    if (this.#excused > 0) {
      this.#excused--;
      return false;
    }
    this.#starts.push(now);
    if (this.#starts.length > MOST_STARTS) this.#starts.shift();
    return this.#starts.length === MOST_STARTS && now - (this.#starts[0] ?? 0) < WINDOW_MS;
  }

  /** A person lets the watch go on, knowing that so many files wait: their starts do not count. */
  excuse(count: number): void {
    this.#starts.length = 0;
    this.#excused = count;
  }
}
