/** Which versions were held since it began. */
export interface VersionWatch {
  has(hash: string): boolean;
  stop(): void;
}

/** Versions of which a run is about to be started: until that is over nobody removes one of them. */
export class HeldVersions {
  /** Version hash -> starts that are on their way. */
  readonly #starts = new Map<string, number>();
  readonly #watching = new Set<Set<string>>();

  holds(hash: string): boolean {
    return this.#starts.has(hash);
  }

  /** Notes all that are held now and from now on. */
  watch(): VersionWatch {
    const seen = new Set(this.#starts.keys());
    this.#watching.add(seen);
    return { has: (hash) => seen.has(hash), stop: () => void this.#watching.delete(seen) };
  }

  /** Does work that starts a run of these versions. */
  async during<T>(hashes: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const hash of hashes) {
      this.#starts.set(hash, (this.#starts.get(hash) ?? 0) + 1);
      for (const seen of this.#watching) seen.add(hash);
    }
    try {
      return await work();
    } finally {
      for (const hash of hashes) {
        const left = (this.#starts.get(hash) ?? 1) - 1;
        if (left === 0) this.#starts.delete(hash);
        else this.#starts.set(hash, left);
      }
    }
  }
}
