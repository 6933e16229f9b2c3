import type { RunState } from './run-state.ts';

const KEPT = 16;

/** A run as it was folded last. */
export interface FoldedRun {
  readonly state: RunState;
  readonly position: number;
}

/** The runs that were folded last: what a screen asks about again and again is read once. */
export class FoldedRuns {
  readonly #runs = new Map<string, FoldedRun>();

  get(runId: string): FoldedRun | undefined {
    return this.#runs.get(runId);
  }

  keep(runId: string, { state, position }: FoldedRun): void {
    this.#runs.set(runId, { state, position });
    if (this.#runs.size <= KEPT) return;
    const oldest = this.#runs.keys().next().value;
    if (oldest !== undefined) this.#runs.delete(oldest);
  }

  delete(runId: string): void {
    this.#runs.delete(runId);
  }
}
