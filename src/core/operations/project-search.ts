import { AppError } from '../../shared/errors.ts';
import type { RunSearchPage, RunSearchQuery } from '../storage/index.ts';
import type { ProjectSession } from './project-session.ts';

/** How often it is looked whether there is something for the index, and whether nobody else needs the thread. */
const LOOK_MS = 1_000;
/** Between two batches, so that one of them is at most a part of the time. */
const BATCH_MS = 20;
/** While runs commit without a pause one batch is taken so seldom. */
const LONGEST_WAIT_MS = 30_000;
/** What a search takes in where nobody hosts the project: some seconds' work at most. */
const BATCHES_A_SEARCH = 200;

/** Fills the index of the search over all runs while the host has nothing else to do. */
export class ProjectSearch {
  readonly #session: ProjectSession;
  readonly #onBug: (error: unknown) => void;
  #stopTimer: (() => void) | null = null;
  #position = -1;
  #fedAt = 0;
  #last: Promise<void> = Promise.resolve();
  #isHosting = false;
  #isClosed = false;

  constructor(session: ProjectSession, onBug: (error: unknown) => void) {
    this.#session = session;
    this.#onBug = onBug;
  }

  /** From now on the index follows what is committed and written. */
  host(): void {
    this.#isHosting = true;
    this.#fedAt = this.#session.clock.now();
    this.#lookIn(LOOK_MS);
  }

  /** What `RunSearch` finds. Where nobody fills the index by and by, a search does some of that first. */
  async find(query: RunSearchQuery): Promise<RunSearchPage> {
    const { store, engine } = this.#session;
    if (!this.#isHosting && query.before === undefined)
      for (let batch = 0; batch < BATCHES_A_SEARCH && engine.isIdle && (await store.search.feed()); batch += 1)
        await new Promise((resolve) => setImmediate(resolve));
    return store.search.find(query);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer?.();
    await this.#last;
  }

  #lookIn(ms: number): void {
    if (this.#isClosed) return;
    this.#stopTimer = this.#session.clock.setTimer(ms, () => {
      this.#last = this.#look().then(
        (isMore) => this.#lookIn(isMore ? BATCH_MS : LOOK_MS),
        (error: unknown) => {
          // A full disk, another program that has the file: next time.
          if (!(error instanceof AppError) && !this.#isClosed) this.#onBug(error);
          this.#lookIn(LOOK_MS);
        },
      );
    });
  }

  /** True when there is more and nothing was committed meanwhile. */
  async #look(): Promise<boolean> {
    const { store, clock } = this.#session;
    const { durablePosition } = store.journal;
    const isBusy = durablePosition !== this.#position;
    this.#position = durablePosition;
    if (isBusy && clock.now() - this.#fedAt < LONGEST_WAIT_MS) return false;
    this.#fedAt = clock.now();
    return (await store.search.feed()) && !isBusy;
  }
}
