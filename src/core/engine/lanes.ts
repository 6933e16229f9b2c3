/** A run that is to be driven. */
export interface Candidate {
  readonly runId: string;
  readonly workflowId: string;
  /** Only one run of its workflow at a time (`execution.concurrency`). */
  readonly isAlone: boolean;
}

interface LaneOptions {
  /** How many runs are driven at once. */
  readonly limit: number;
  /** Whether another run of the workflow goes on or waits for something else than its turn. */
  readonly hasOther: (workflowId: string, runId: string) => boolean;
  /** Drives a run whose turn has come. */
  readonly admit: (runId: string) => void;
}

/**
 * Lets runs be driven: so many at once (`workflows.max_concurrent`), and of a workflow that says so one after the other. Invariants:
 * (1) a lane is held by a run that is driven, never by one that waits, so runs that wait for others never stand in their way; (2) who
 * waits goes in the order of asking, but for those that could not go anyway; (3) what ends a run, and what an engine that died has left
 * under way, needs no lane.
 */
export class Lanes {
  readonly #options: LaneOptions;
  readonly #driven = new Set<string>();
  #queue: Candidate[] = [];

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** How many runs wait for their turn. */
  get size(): number {
    return this.#queue.length;
  }

  /** How many more runs could be driven at once, those that wait for their turn and could go counted in. */
  get free(): number {
    const left = this.#options.limit - this.#driven.size;
    return left <= 0 ? 0 : Math.max(0, left - this.#queue.filter((one) => this.#isFree(one)).length);
  }

  /** Whether a run waits for its turn here. */
  has(runId: string): boolean {
    return this.#queue.some((one) => one.runId === runId);
  }

  /** Takes a lane, or takes its place behind the others that wait. */
  take(candidate: Candidate): boolean {
    this.leaveQueue(candidate.runId);
    if (this.#isFree(candidate)) {
      this.#driven.add(candidate.runId);
      return true;
    }
    this.#queue.push(candidate);
    return false;
  }

  /** Takes a lane beyond the limit: what must not wait. */
  insist(runId: string): void {
    this.leaveQueue(runId);
    this.#driven.add(runId);
  }

  /** The run has its place again that it had before the engine was started. */
  enqueue(candidate: Candidate): void {
    this.#queue.push(candidate);
  }

  leaveQueue(runId: string): void {
    this.#queue = this.#queue.filter((one) => one.runId !== runId);
  }

  /** The run is not driven any more, or will not be: whoever can go goes. */
  release(runId: string): void {
    this.leaveQueue(runId);
    this.#driven.delete(runId);
    this.look();
  }

  /** Admits everybody who can go. Each takes its lane when it is driven, so one look may admit one too many; that one waits again. */
  look(): void {
    let free = this.#options.limit - this.#driven.size;
    for (const one of [...this.#queue]) {
      if (free <= 0) return;
      if (!this.#isFree(one)) continue;
      free -= 1;
      this.#options.admit(one.runId);
    }
  }

  close(): void {
    this.#queue = [];
  }

  #isFree({ workflowId, runId, isAlone }: Candidate): boolean {
    return this.#driven.size < this.#options.limit && !(isAlone && this.#options.hasOther(workflowId, runId));
  }
}
