import type { WaitsFor } from '../../shared/model/run.ts';
import type { Store } from '../storage/index.ts';
import type { EnginePorts } from './ports.ts';

/** The clock may have jumped, or the machine slept: so often it is looked at the latest (SPEC §12.2). */
const LOOK_MS = 60_000;

interface WakeUpOptions {
  readonly runs: Pick<Store['runs'], 'dueRunIds' | 'nextWakeAt'>;
  readonly ports: EnginePorts;
  /** Drives a run whose instant has come. */
  readonly wake: (runId: string) => Promise<unknown>;
  readonly onBug: (error: unknown) => void;
}

/**
 * Wakes the waiting runs whose instant has come: one timer for all of them, over the rows of the store, so that a wait of days costs
 * nothing and survives every restart. Invariants: (1) a run is woken by its row alone; (2) until `forAll` only runs that were noted here
 * are woken, for an engine that was opened for one run takes over no others; (3) nothing is woken after `close`.
 */
export class WakeUps {
  readonly #options: WakeUpOptions;
  /** Runs of this engine, and whether they keep it. */
  readonly #own = new Map<string, boolean>();
  /** All that was due then was woken; UTC ms. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isForAll = false;
  #isClosed = false;
  #stopTimer: (() => void) | null = null;
  #looked = Promise.withResolvers<void>();

  constructor(options: WakeUpOptions) {
    this.#options = options;
  }

  /** From now on every waiting run of the project is woken. */
  forAll(): void {
    this.#isForAll = true;
    this.#look();
  }

  /** A run of this engine rests until an instant. Only one that waits for nothing else keeps this engine. */
  note(runId: string, wakeAt: number, waitsFor: WaitsFor | null): void {
    this.#own.set(runId, waitsFor === 'time');
    // It may have been looked at the instant before the run had come to rest.
    if (wakeAt <= this.#lookedAt) this.#look();
    else this.#arm();
  }

  /** It is driven again, or somebody else decides when. */
  forget(runId: string): void {
    this.#own.delete(runId);
  }

  /** Whether every waiting run of the project is woken. */
  get isForAll(): boolean {
    return this.#isForAll;
  }

  /** How many runs of this engine go on by themselves later. */
  get size(): number {
    return [...this.#own.values()].filter((keeps) => keeps).length;
  }

  /** Whether this engine wakes a run when its instant comes. */
  wakes(runId: string): boolean {
    return this.#isForAll || this.#own.has(runId);
  }

  /** Resolves when it was looked the next time. */
  nextLook(): Promise<void> {
    return this.#looked.promise;
  }

  close(): void {
    this.#isClosed = true;
    this.#own.clear();
    this.#stopTimer?.();
    this.#looked.resolve();
  }

  #look(): void {
    if (this.#isClosed) return;
    const { runs, ports, wake, onBug } = this.#options;
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#lookedAt = ports.now();
    try {
      for (const runId of runs.dueRunIds(this.#lookedAt))
        if (this.#isForAll || this.#own.delete(runId)) wake(runId).catch(onBug);
      this.#arm();
    } catch (error) {
      onBug(error);
    }
    this.#looked.resolve();
    this.#looked = Promise.withResolvers();
  }

  #arm(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    if (this.#isClosed || !(this.#isForAll || this.#own.size > 0)) return;
    const { runs, ports } = this.#options;
    const now = ports.now();
    // What comes due between a look and this, while a timer is late or the clock is set back, was not looked at.
    const looked = Math.min(this.#lookedAt, now);
    const next = runs.nextWakeAt(looked);
    const left = next === null ? LOOK_MS : Math.min(Math.max(0, next - now), LOOK_MS);
    // What was due then and could not be woken is looked at again, but not at once, and it holds up no other.
    if (next !== null || runs.dueRunIds(looked).length > 0) this.#stopTimer = ports.setTimer(left, () => this.#look());
  }
}
