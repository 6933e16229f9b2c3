import type { RedisLink } from './link.ts';
import type { Parts } from './reading.ts';

const MINUTE_MS = 60_000;

/** Notes how many wait in this minute and says in the channel of the queue that something has changed; `who` = by whom. */
export async function tellOthers(link: RedisLink, { keys }: Parts, now: number, who: string): Promise<void> {
  const { prioritized, wait, delayed, depths, channel } = keys;
  await link.run('queueTell', [prioritized, wait, delayed, depths], [Math.floor(now / MINUTE_MS), channel, who]);
}

/** One telling at a time, and nobody waits for it: what changes meanwhile is told together after it. */
export class Telling {
  readonly #work: () => Promise<void>;
  #isBusy = false;
  #hasMore = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  tell(): void {
    this.#hasMore = true;
    if (!this.#isBusy) void this.#go();
  }

  async #go(): Promise<void> {
    this.#isBusy = true;
    while (this.#hasMore) {
      this.#hasMore = false;
      // What was done is done, also where it cannot be told.
      await this.#work().catch(() => undefined);
    }
    this.#isBusy = false;
  }
}
