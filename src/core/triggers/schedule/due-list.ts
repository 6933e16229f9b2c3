/** What is due at an instant. */
interface Due {
  readonly key: string;
  /** UTC ms. */
  readonly at: number;
}

/**
 * Which key is due next: a heap, so that ten thousand schedules cost one look at its top. A key has one entry that counts, the last one
 * that was set; older ones are dropped when they come to the top.
 */
export class DueList {
  readonly #heap: Due[] = [];
  readonly #current = new Map<string, number>();

  /** When the key is due next; null = never. */
  set(key: string, at: number | null): void {
    if (at === null) {
      this.#current.delete(key);
      return;
    }
    if (this.#current.get(key) === at) return;
    this.#current.set(key, at);
    this.#heap.push({ key, at });
    this.#up(this.#heap.length - 1);
  }

  /** The earliest instant, or null. */
  next(): number | null {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (this.#current.get(top.key) === top.at) return top.at;
      this.#pop();
    }
    return null;
  }

  /** Takes out and gives every key that is due until `now`, in order. */
  take(now: number): readonly string[] {
    const keys: string[] = [];
    for (let at = this.next(); at !== null && at <= now; at = this.next()) {
      const { key } = this.#heap[0] as Due;
      this.#pop();
      this.#current.delete(key);
      keys.push(key);
    }
    return keys;
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down();
  }

  #up(start: number): void {
    const heap = this.#heap;
    for (let index = start; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (isBefore(heap[parent], heap[index])) return;
      [heap[parent], heap[index]] = [heap[index] as Due, heap[parent] as Due];
      index = parent;
    }
  }

  #down(): void {
    const heap = this.#heap;
    for (let index = 0; ; ) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2])
        if (child < heap.length && !isBefore(heap[least], heap[child])) least = child;
      if (least === index) return;
      [heap[least], heap[index]] = [heap[index] as Due, heap[least] as Due];
      index = least;
    }
  }
}

/** By time, then by key, so that the order of what is due together is always the same. */
const isBefore = (one: Due | undefined, other: Due | undefined): boolean =>
  one === undefined || other === undefined || one.at < other.at || (one.at === other.at && one.key <= other.key);
