/** So many starts are under way at once: enough to share commits, too few to keep deliveries waiting. */
const AT_ONCE = 4;

/** Starts the runs of stored deliveries in the order in which they came, a few at a time, however many come at once. */
export class StartQueue {
  readonly #start: (id: string) => Promise<void>;
  readonly #onBug: (error: unknown) => void;
  readonly #running = new Set<Promise<void>>();
  #waiting: string[] = [];
  #next = 0;
  #isClosed = false;

  constructor(start: (id: string) => Promise<void>, onBug: (error: unknown) => void) {
    this.#start = start;
    this.#onBug = onBug;
  }

  add(id: string): void {
    this.#waiting.push(id);
    this.#drain();
  }

  /** What waits is left to the next engine: it is stored. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#running);
  }

  #drain(): void {
    while (!this.#isClosed && this.#running.size < AT_ONCE && this.#next < this.#waiting.length) {
      const id = this.#waiting[this.#next] ?? '';
      this.#next += 1;
      // What was taken is cut off now and then: a queue of many thousands is not copied for each of them.
      if (this.#next > 1000 && this.#next * 2 > this.#waiting.length) {
        this.#waiting = this.#waiting.slice(this.#next);
        this.#next = 0;
      }
      const running = this.#start(id)
        .catch(this.#onBug)
        .finally(() => {
          this.#running.delete(running);
          this.#drain();
        });
      this.#running.add(running);
    }
  }
}
