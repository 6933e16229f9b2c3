import type { LiveEvent } from './contract/index.ts';
import type { LoopState, StepState } from './model/run.ts';

type RunEvent = Extract<LiveEvent, { kind: 'run' }>;

/** What an event is about, where only its newest word counts. */
function subjectOf(event: LiveEvent): string {
  return 'runId' in event ? `${event.kind} ${event.runId}` : event.kind;
}

interface WaitingRun {
  readonly event: RunEvent;
  readonly steps: Map<string, StepState>;
  readonly loops: Map<string, LoopState>;
}

/**
 * What happened and was not told yet, the least that says it: of a run the newest header and the newest state of each step and loop, of a
 * log the newest length, of anything else that it changed.
 */
export class LiveMerge {
  readonly #runs = new Map<string, WaitingRun>();
  readonly #others = new Map<string, LiveEvent>();
  #steps = 0;

  /** How many rows wait: runs, their steps and all else. */
  get size(): number {
    return this.#runs.size + this.#steps + this.#others.size;
  }

  /** Takes an event in; a run's row that is older than the one that waits changes nothing. */
  add(event: LiveEvent): void {
    if (event.kind === 'run') this.#addRun(event);
    else this.#others.set(subjectOf(event), event);
  }

  /** Everything that waits, which then waits no more. */
  drain(): LiveEvent[] {
    const runs = [...this.#runs.values()].map(({ event, steps, loops }) => ({
      ...event,
      steps: [...steps.values()],
      loops: [...loops.values()],
    }));
    const events = [...runs, ...this.#others.values()];
    this.clear();
    return events;
  }

  clear(): void {
    this.#runs.clear();
    this.#others.clear();
    this.#steps = 0;
  }

  #addRun(event: RunEvent): void {
    const known = this.#runs.get(event.run.runId);
    if (known !== undefined && event.position < known.event.position) return;
    const steps = known?.steps ?? new Map<string, StepState>();
    const loops = known?.loops ?? new Map<string, LoopState>();
    const before = steps.size + loops.size;
    for (const step of event.steps) steps.set(step.path, step);
    for (const loop of event.loops) loops.set(loop.path, loop);
    this.#steps += steps.size + loops.size - before;
    this.#runs.set(event.run.runId, { event, steps, loops });
  }
}
