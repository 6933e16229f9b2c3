import { AppError } from '../../shared/errors.ts';
import type { Actor, RunSummary } from '../../shared/model/run.ts';
import { isBudgetFull } from '../engine/index.ts';
import { callOf, parkedRuns } from './parked-runs.ts';
import type { ProjectSession } from './project-session.ts';

type Session = Pick<ProjectSession, 'store' | 'budget' | 'clock' | 'engine'>;

/** Nobody in particular: the time has come. */
const PERIOD_ACTOR: Actor = { kind: 'system', id: 'costs', door: 'engine' };
/** Timers stand still while the computer sleeps: no one is longer. A run that found no room after all is not tried again before. */
const LOOK_MS = 60_000;

/**
 * Lets runs that a limit has parked go on when there is room again by itself: when a period begins, or when enough has slid out of the
 * window. What it goes by stands in the store, so that a period that began while the app was closed counts when it is opened.
 */
export class ParkedWakeups {
  readonly #session: Session;
  readonly #onBug: (error: unknown) => void;
  /** When runs were let go on last; UTC ms. */
  readonly #tried = new Map<string, number>();
  #isHosted = false;
  #isDue = false;
  #stopTimer: () => void = () => undefined;

  constructor(session: Session, onBug: (error: unknown) => void) {
    this.#session = session;
    this.#onBug = onBug;
  }

  /** From now on, and for what has come meanwhile. */
  host(): void {
    this.#isHosted = true;
    this.#look();
  }

  /** A run is another now. */
  noteRun({ status, error }: Pick<RunSummary, 'status' | 'error'>): void {
    if (status === 'paused' && error !== null && isBudgetFull(error)) this.lookSoon();
  }

  /** Limits or parked runs are others now. */
  lookSoon(): void {
    if (!this.#isHosted || this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#look();
    });
  }

  close(): void {
    this.#isHosted = false;
    this.#stopTimer();
  }

  #look(): void {
    if (!this.#isHosted) return;
    this.#stopTimer();
    const { store, budget, clock, engine } = this.#session;
    const now = clock.now();
    const parked = parkedRuns({ store });
    const isParked = new Set(parked.map(({ run }) => run.runId));
    for (const [runId, at] of this.#tried) if (!isParked.has(runId) && at + LOOK_MS < now) this.#tried.delete(runId);
    let next: number | null = null;
    for (const { run, limit, asked } of parked) {
      const { runId } = run;
      const roomAt = budget.roomAt(limit, callOf(run), asked);
      if (roomAt === null) continue;
      const at = Math.max(roomAt, (this.#tried.get(runId) ?? -LOOK_MS) + LOOK_MS);
      if (at > now) next = Math.min(next ?? at, at);
      else {
        this.#tried.set(runId, now);
        engine.resume(runId, PERIOD_ACTOR).catch((thrown: unknown) => {
          // Somebody was faster.
          if (!(thrown instanceof AppError)) this.#onBug(thrown);
        });
      }
    }
    this.#wait(next);
  }

  #wait(until: number | null): void {
    if (until === null) return;
    const left = Math.max(0, until - this.#session.clock.now());
    this.#stopTimer = this.#session.clock.setTimer(Math.min(left, LOOK_MS), () =>
      left > LOOK_MS ? this.#wait(until) : this.#look(),
    );
  }
}
