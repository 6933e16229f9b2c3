/** Versions of which a run is about to be started: until that is over nobody removes one of them. */
export class HeldVersions {
  /** Version hash -> starts that are on their way. */
  readonly #starts = new Map<string, number>();

  has(hash: string): boolean {
    return this.#starts.has(hash);
  }

  /** Does work that starts a run of these versions. */
  async during<T>(hashes: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const hash of hashes) this.#starts.set(hash, (this.#starts.get(hash) ?? 0) + 1);
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
