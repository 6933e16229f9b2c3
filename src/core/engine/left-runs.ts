import { openRollback } from './fold-rollback.ts';
import { isEnded, isResting, ROOT, type RunState } from './run-state.ts';
import type { AwaitedRun } from './sub-runs.ts';

interface LeftPorts {
  readonly isLive: (runId: string) => boolean;
  /** Something is under way for the run: its end may be being told, or its wake-up. */
  readonly isBusy: (runId: string) => boolean;
  /** Whether this engine wakes it when its instant comes. */
  readonly isWoken: (runId: string) => boolean;
  /** Whether it has its place among those that wait for their turn. */
  readonly hasPlace: (runId: string) => boolean;
  /** Whether this engine wakes runs when what they wait for has come. */
  readonly hears: () => boolean;
  readonly childrenOf: (state: RunState) => readonly AwaitedRun[];
  readonly now: () => number;
}

/**
 * Tells the runs that go on by themselves from those that nobody will go on with: whoever drove them, or was to wake them, was killed. An
 * engine that takes over every run of the project leaves none; one that was opened for one run may meet many.
 */
export class LeftRuns {
  readonly #ports: LeftPorts;

  constructor(ports: LeftPorts) {
    this.#ports = ports;
  }

  /** True for a run that would go on by itself if anybody went on with it. For whoever has the run's turn: it is not looked whether that is taken. */
  isLeft(state: RunState): boolean {
    const { isLive, isWoken, hasPlace, childrenOf, now } = this.#ports;
    const { runId, status, waitsFor, wakeAt } = state;
    if (isLive(runId)) return false;
    if (status === 'running' || status === 'pending') return true;
    if (status !== 'waiting') return false;
    if (waitsFor === 'time') return !isWoken(runId);
    if (waitsFor === 'queue') return !hasPlace(runId);
    // What a person was asked, or what was to come, has run out, and nobody was there to see it.
    if (waitsFor === 'approval' || waitsFor === 'event') return wakeAt !== null && wakeAt <= now() && !isWoken(runId);
    const children = childrenOf(state);
    return children.every((one) => this.#stands(one)) && children.some((one) => this.#isForgotten(one));
  }

  /** True when nothing of a run goes on before a person does something, be it in a run that it waits for. */
  needsPerson(state: RunState): boolean {
    const { status, waitsFor, runId } = state;
    if (isEnded(status)) return openRollback(state, ROOT) !== null && !this.#ports.isLive(runId);
    if (!this.#ports.isBusy(runId) && this.isLeft(state)) return true;
    if (!isResting(status)) return false;
    if (status !== 'waiting') return true;
    if (waitsFor === 'event') return !this.#ports.hears();
    if (waitsFor !== 'child') return waitsFor === 'approval';
    return !this.#ports.isBusy(runId) && this.#ports.childrenOf(state).every((one) => this.#stands(one));
  }

  /** A person has to do something before it, or the step that waits for it, goes on. */
  #stands(one: AwaitedRun): boolean {
    return this.#isForgotten(one) || (!one.isTended && one.run !== null && this.needsPerson(one.run));
  }

  /** Nobody starts it, goes on with it, or tells its end. */
  #isForgotten({ run, isTended }: AwaitedRun): boolean {
    const { isLive, isBusy } = this.#ports;
    if (isTended) return false;
    if (run === null) return true;
    if (isEnded(run.status)) return !isLive(run.runId);
    return !isBusy(run.runId) && this.isLeft(run);
  }
}
