/** Collects what is added in one turn of the event loop and hands it on together: a message between threads costs more than what it holds. */
export class TurnBatch<T> {
  readonly #flush: (items: readonly T[]) => void;
  #items: T[] = [];

  constructor(flush: (items: readonly T[]) => void) {
    this.#flush = flush;
  }

  add(item: T): void {
    if (this.#items.push(item) > 1) return;
    setImmediate(() => {
      const items = this.#items;
      this.#items = [];
      this.#flush(items);
    });
  }
}
