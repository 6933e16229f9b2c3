/**
 * The ids of runs that senders were told of and that are not started yet. An id holds its second, so only those of one second can meet:
 * no more are remembered.
 */
export class PromisedRuns {
  readonly #isTaken: (runId: string) => boolean;
  readonly #promised = new Set<string>();
  #second = 0;

  constructor(isTaken: (runId: string) => boolean) {
    this.#isTaken = isTaken;
  }

  /** Whether the id was free; it is promised then. `at` is its time, UTC ms. */
  take(runId: string, at: number): boolean {
    const second = Math.floor(at / 1000);
    if (second !== this.#second) this.#promised.clear();
    this.#second = second;
    if (this.#promised.has(runId) || this.#isTaken(runId)) return false;
    this.#promised.add(runId);
    return true;
  }
}
