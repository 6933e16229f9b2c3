/** A start whose end was not counted yet; the path of a run itself is empty. */
export interface OpenStart {
  readonly runId: string;
  readonly path: string;
  /** UTC ms. */
  readonly at: number;
}

/** When runs and steps began that are still under way: what their durations are measured from. */
export class OpenStarts {
  readonly #runs = new Map<string, Map<string, number>>();
  readonly #changed = new Map<
    string,
    OpenStart | { readonly runId: string; readonly path: string; readonly at: null }
  >();

  constructor(stored: Iterable<OpenStart> = []) {
    for (const { runId, path, at } of stored) this.#pathsOf(runId).set(path, at);
  }

  /** Begins, unless it is under way: another attempt belongs to the same step. */
  begin(runId: string, path: string, at: number): void {
    const paths = this.#pathsOf(runId);
    if (paths.has(path)) return;
    paths.set(path, at);
    this.#note(runId, path, at);
  }

  has(runId: string, path: string): boolean {
    return this.#runs.get(runId)?.has(path) === true;
  }

  /** When it began; null = it never did, as far as is known. It is not under way any more. */
  end(runId: string, path: string): number | null {
    const at = this.#runs.get(runId)?.get(path) ?? null;
    if (at !== null) {
      this.#runs.get(runId)?.delete(path);
      this.#note(runId, path, null);
    }
    return at;
  }

  /** Nothing of a run is under way any more. */
  forget(runId: string): void {
    for (const path of this.#runs.get(runId)?.keys() ?? []) this.#note(runId, path, null);
    this.#runs.delete(runId);
  }

  /** What changed since the last call; `at` null = it ended. */
  takeChanged(): readonly (Omit<OpenStart, 'at'> & { readonly at: number | null })[] {
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    return changed;
  }

  #pathsOf(runId: string): Map<string, number> {
    const paths = this.#runs.get(runId) ?? new Map<string, number>();
    this.#runs.set(runId, paths);
    return paths;
  }

  #note(runId: string, path: string, at: number | null): void {
    this.#changed.set(`${runId}\n${path}`, { runId, path, at } as OpenStart);
  }
}
