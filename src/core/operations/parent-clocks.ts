import type { LiveEvent } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { type AwaitedWork, clockWithChildren, type Engine, type RunState } from '../engine/index.ts';
import type { Store } from '../storage/index.ts';

interface ClockPorts {
  readonly engine: () => Pick<Engine, 'stateOf'>;
  readonly store: Pick<Store, 'runs' | 'journal'>;
  /** UTC ms. */
  readonly now: () => number;
  readonly publish: (event: LiveEvent) => void;
}

/**
 * The clocks of runs that wait for runs of their own: while one of those works the clock of its parent counts, wherever it is shown. The
 * row of the parent does not change meanwhile, so whoever looks is told when a child begins, stands, goes on and ends.
 */
export class ParentClocks {
  readonly #ports: ClockPorts;
  /** Children by whether they were at work when they were told of last. */
  readonly #atWork = new Map<string, boolean>();
  /** Parents that are to be told of at the end of this turn. */
  readonly #due = new Set<string>();

  constructor(ports: ClockPorts) {
    this.#ports = ports;
  }

  /** The run as it is shown. */
  show<T extends RunSummary>(run: T): T {
    if (run.status !== 'waiting' || run.waitsFor !== 'child') return run;
    try {
      const { state } = this.#ports.engine().stateOf(run.runId);
      return { ...run, ...clockWithChildren(state, (one) => this.#awaitedBy(one), this.#ports.now()) };
    } catch (error) {
      // Its journal, or that of a child, cannot be read: its row says what is known.
      if (error instanceof AppError) return run;
      throw error;
    }
  }

  /** The event as it is told; parents whose clock it moves are told of after it. */
  tell(event: LiveEvent): void {
    const shown = event.kind === 'run' ? { ...event, run: this.show(event.run) } : event;
    this.#ports.publish(shown);
    if (shown.kind === 'run') this.#note(shown.run);
  }

  #note({ runId, parentRunId, workingSince, completedAt }: RunSummary): void {
    if (parentRunId === null) return;
    const isAtWork = workingSince !== null;
    const isKnown = this.#atWork.get(runId) === isAtWork && completedAt === null;
    if (completedAt === null) this.#atWork.set(runId, isAtWork);
    else this.#atWork.delete(runId);
    if (isKnown) return;
    if (this.#due.size === 0) setImmediate(() => this.#tellDue());
    this.#due.add(parentRunId);
  }

  /** What was committed before has been told by now: nothing older comes after this. */
  #tellDue(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const runId of due) {
      const run = this.#ports.store.runs.find(runId);
      if (run?.status !== 'waiting' || run.waitsFor !== 'child') continue;
      const shown = this.show(run);
      this.#ports.publish({
        ...{ kind: 'run', position: this.#ports.store.journal.durablePosition },
        ...{ run: shown, steps: [], loops: [] },
      });
      this.#note(shown);
    }
  }

  #awaitedBy(state: RunState): readonly AwaitedWork[] {
    const { engine, store } = this.#ports;
    return [...state.steps.values()].flatMap(({ status, waitpoint }) => {
      const isOpen = status === 'waiting' && waitpoint != null && waitpoint.resolved === null;
      const startKey = isOpen ? waitpoint.child?.startKey : undefined;
      const runId = startKey === undefined ? null : store.runs.findByStartKey(startKey);
      if (!isOpen || runId === null) return [];
      return [{ run: engine().stateOf(runId).state, since: waitpoint.openedAt }];
    });
  }
}
