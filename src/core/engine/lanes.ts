import type { TurnWait } from '../../shared/model/run.ts';

/** How many runs are driven at once, beside the limit of all (`workflows.limits`): by id of the workflow, and by tag. */
export interface RunLimits {
  readonly workflows: ReadonlyMap<string, number>;
  readonly tags: ReadonlyMap<string, number>;
}

/** A run that is to be driven. */
export interface Candidate {
  readonly runId: string;
  readonly workflowId: string;
  /** Only one run of its workflow at a time (`execution.concurrency`). */
  readonly isAlone: boolean;
  /** `execution.tags` of its workflow. */
  readonly tags: readonly string[];
}

interface LaneOptions {
  /** How many runs are driven at once. */
  readonly limit: number;
  readonly limits: RunLimits;
  /** Whether another run of the workflow goes on or waits for something else than its turn. */
  readonly hasOther: (workflowId: string, runId: string) => boolean;
  /** Drives a run whose turn has come. */
  readonly admit: (runId: string) => void;
}

/**
 * Lets runs be driven: so many at once (`workflows.max_concurrent`), so many of a workflow and of a tag (`workflows.limits`), and of a
 * workflow that says so one after the other. Invariants:
 * (1) a lane is held by a run that is driven, never by one that waits, so runs that wait for others never stand in their way; (2) who
 * waits goes in the order of asking and keeps its place until it goes, but for those that could not go anyway; (3) what ends a run, and what an engine that died has left
 * under way, needs no lane.
 */
export class Lanes {
  readonly #options: LaneOptions;
  readonly #driven = new Map<string, Candidate>();
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
    if (this.#isFree(candidate)) {
      this.leaveQueue(candidate.runId);
      this.#driven.set(candidate.runId, candidate);
      return true;
    }
    if (!this.has(candidate.runId)) this.#queue.push(candidate);
    return false;
  }

  /** Takes a lane beyond the limit: what must not wait. */
  insist(candidate: Candidate): void {
    this.leaveQueue(candidate.runId);
    this.#driven.set(candidate.runId, candidate);
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

  /** Admits everybody who can go. Each takes its lane when it is driven; one that is too late then keeps its place. */
  look(): void {
    const going: Candidate[] = [];
    for (const one of [...this.#queue]) {
      if (this.#driven.size + going.length >= this.#options.limit) return;
      if (!this.#isFree(one, going)) continue;
      going.push(one);
      this.#options.admit(one.runId);
    }
  }

  /** Why a run waits for its turn: the first reason that holds it; null = it does not wait here, or goes at once. */
  waitOf(runId: string): TurnWait | null {
    const one = this.#queue.find((other) => other.runId === runId);
    return one === undefined ? null : this.#obstacle(one, []);
  }

  /** Tags of which no more runs can be driven now. */
  get fullTags(): readonly string[] {
    return [...this.#options.limits.tags].flatMap(([tag, of]) => (this.#ofTag(tag, []) >= of ? [tag] : []));
  }

  close(): void {
    this.#queue = [];
  }

  #isFree(candidate: Candidate, going: readonly Candidate[] = []): boolean {
    return this.#obstacle(candidate, going) === null;
  }

  /** What stands in the way of a run, with those counted in that are about to go. */
  #obstacle({ workflowId, runId, isAlone, tags }: Candidate, going: readonly Candidate[]): TurnWait | null {
    const { limit, limits, hasOther } = this.#options;
    const busy = this.#driven.size + going.length;
    if (busy >= limit) return { kind: 'lanes', busy, of: limit };
    const isOfIt = (one: Candidate): boolean => one.workflowId === workflowId;
    if (isAlone && (going.some(isOfIt) || hasOther(workflowId, runId))) return { kind: 'alone' };
    const ofIt = [...this.#driven.values(), ...going].filter(isOfIt).length;
    const most = limits.workflows.get(workflowId);
    if (most !== undefined && ofIt >= most) return { kind: 'workflow', busy: ofIt, of: most };
    for (const tag of tags) {
      const of = limits.tags.get(tag);
      const ofTag = of === undefined ? 0 : this.#ofTag(tag, going);
      if (of !== undefined && ofTag >= of) return { kind: 'tag', tag, busy: ofTag, of };
    }
    return null;
  }

  #ofTag(tag: string, going: readonly Candidate[]): number {
    return [...this.#driven.values(), ...going].filter(({ tags }) => tags.includes(tag)).length;
  }
}
