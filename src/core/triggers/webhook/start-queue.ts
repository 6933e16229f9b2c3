import type { SetTimer } from '../../time/index.ts';

/** So many starts are under way at once, and share their commits. */
const AT_ONCE = 16;
/** While deliveries keep coming they go first: starts begin when none came for so long, */
const QUIET_MS = 50;
/** but so long after the last ones ended at the latest. */
const LATEST_MS = 500;

/** What the queue is made of. */
export interface StartQueueOptions {
  readonly start: (id: string) => Promise<void>;
  readonly now: () => number;
  readonly setTimer: SetTimer;
  readonly onBug: (error: unknown) => void;
}

/**
 * Starts the runs of stored deliveries in the order in which they came, some at a time. A sender waits for its answer and nobody for the
 * start: under load starts take what is left, and never less than their share.
 */
export class StartQueue {
  readonly #options: StartQueueOptions;
  #waiting: string[] = [];
  #running: Promise<void> | null = null;
  #stopTimer: (() => void) | null = null;
  /** Whether any came since the last ones were begun. */
  #hasCome = false;
  #lastAddedAt = 0;
  #lastEndedAt = 0;
  #isClosed = false;

  constructor(options: StartQueueOptions) {
    this.#options = options;
  }

  add(id: string): void {
    this.#waiting.push(id);
    this.#lastAddedAt = this.#options.now();
    this.#hasCome = true;
    this.#look();
  }

  /** What waits is left to the next engine: it is stored. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer?.();
    await this.#running;
  }

  /** Begins now, or looks again when it may be time. */
  #look(): void {
    if (this.#isClosed || this.#running !== null || this.#stopTimer !== null || this.#waiting.length === 0) return;
    const now = this.#options.now();
    // What came while the last ones were started says that more is on its way, which could not be heard meanwhile.
    const isQuietAt = this.#hasCome ? Math.max(this.#lastAddedAt, this.#lastEndedAt) + QUIET_MS : 0;
    const dueAt = Math.min(isQuietAt, this.#lastEndedAt + LATEST_MS);
    // A clock that was set back must not hold anything up.
    const waitMs = now < this.#lastEndedAt ? 0 : Math.min(dueAt - now, QUIET_MS);
    if (waitMs <= 0) this.#begin();
    else
      this.#stopTimer = this.#options.setTimer(waitMs, () => {
        this.#stopTimer = null;
        this.#look();
      });
  }

  #begin(): void {
    this.#hasCome = false;
    const ids = this.#waiting.splice(0, AT_ONCE);
    this.#running = Promise.all(ids.map((id) => this.#options.start(id).catch(this.#options.onBug))).then(() => {
      this.#running = null;
      this.#lastEndedAt = this.#options.now();
      this.#look();
    });
  }
}
