import { carriesAnyMark, carriesMark, readChildren, readLivingStat } from './process-table.ts';

/** A step's child as the keeper's orphans are compared with it. */
export interface RunningChild {
  readonly stepKey: string;
  /** Ticks since the system's start. */
  readonly startedAt: number;
}

/**
 * Whose orphans the keeper has taken in. An orphan has no parent left that would tell, and none of them need carry a mark: it belongs
 * to the step whose child is the only one that was there when the orphan began. Where several were, it is left until all but one of
 * them have ended, so that nothing of a running step is ever touched, and nothing outlives the last that may own it.
 */
export class AdoptedProcesses {
  readonly #keeper: number;
  readonly #running = new Set<RunningChild>();

  /** `keeper` = pid of the process that takes orphans in; its other child is this process. */
  constructor(keeper: number) {
    this.#keeper = keeper;
  }

  /** A step's child has been started. */
  begin(pid: number, stepKey: string): RunningChild {
    const child = { stepKey, startedAt: Number(readLivingStat(pid)?.startedAt ?? 0) };
    this.#running.add(child);
    return child;
  }

  /** It has ended; its orphans are still to be found. */
  end(child: RunningChild): void {
    this.#running.delete(child);
  }

  /** Pids of the orphans that can only be this child's. */
  of(child: RunningChild): readonly number[] {
    return readChildren(this.#keeper).filter((pid) => pid !== process.pid && this.#isOf(pid, child));
  }

  #isOf(pid: number, child: RunningChild): boolean {
    const stat = readLivingStat(pid);
    if (stat === null) return false;
    const startedAt = Number(stat.startedAt);
    if (startedAt < child.startedAt) return false;
    if (carriesMark(pid, child.stepKey)) return true;
    if (carriesAnyMark(pid)) return false;
    return [...this.#running].every((other) => other === child || other.startedAt > startedAt);
  }
}
