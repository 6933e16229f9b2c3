const nothing = (): void => undefined;

/**
 * One operation at a time per run: what is asked for while another is under way waits for it and then looks at the run anew, so
 * that a second resume finds the run running and a delete never pulls it from under its engine.
 */
export class RunTurns {
  readonly #last = new Map<string, Promise<void>>();

  /** Does the work when everything that was asked of this run before is over; at once when nothing is. Rejects as the work does. */
  take<T>(runId: string, work: () => Promise<T>): Promise<T> {
    const done = this.#last.get(runId)?.then(work) ?? work();
    const over = done.then(nothing, nothing);
    this.#last.set(runId, over);
    void over.then(() => {
      if (this.#last.get(runId) === over) this.#last.delete(runId);
    });
    return done;
  }

  /** Whether something is under way for a run. */
  isTaken(runId: string): boolean {
    return this.#last.has(runId);
  }

  get isIdle(): boolean {
    return this.#last.size === 0;
  }

  /** Resolves when nothing is under way for any run. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }
}
