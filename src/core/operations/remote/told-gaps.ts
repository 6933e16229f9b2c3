import type { Clock } from '../../time/index.ts';

/** So soon an answer is missed; each further time it is waited for twice as long. */
const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** Who has not answered so often is asked again only once he tells something. */
const MOST_TRIES = 8;
/** So many are waited for at once; the oldest is let go, and asked for again with what comes behind it. */
const MOST_GAPS = 10_000;

/** `events` = nothing behind it was written; `lines` = of what stands beside the events. */
export type GapKind = 'events' | 'lines';

/** Something that was told and did not arrive. */
interface Gap {
  readonly messageId: string;
  /** Who tells of it. */
  readonly worker: string;
  readonly kind: GapKind;
  /** Where it begins: another place is another gap. */
  readonly place: string;
}

/**
 * What is missing of what workers tell. Each gap is asked for once, however much comes behind it, and again with a growing pause while no
 * answer comes: a worker answers with all that it has, so an ask for each batch behind a gap would multiply what is told.
 */
export class ToldGaps {
  readonly #clock: Clock;
  readonly #open = new Map<string, Gap & { readonly stop: () => void }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asks by `say`, unless that gap is being asked for. What cannot be said now is said with the next try. */
  async ask(gap: Gap, say: () => Promise<void>): Promise<void> {
    const key = keyOf(gap);
    const known = this.#open.get(key);
    if (known?.place === gap.place && known.kind === gap.kind) return;
    known?.stop();
    this.#wait(key, gap, say, 1);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST_GAPS && oldest !== undefined) this.#close(oldest);
    await say().catch(() => undefined);
  }

  /** It came. */
  filled(gap: Pick<Gap, 'messageId' | 'worker' | 'kind'>): void {
    const key = keyOf(gap);
    if (this.#open.get(key)?.kind === gap.kind) this.#close(key);
  }

  close(): void {
    for (const key of [...this.#open.keys()]) this.#close(key);
  }

  #wait(key: string, gap: Gap, say: () => Promise<void>, tries: number): void {
    const stop = this.#clock.setTimer(Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1)), () => {
      this.#open.delete(key);
      if (tries >= MOST_TRIES) return;
      this.#wait(key, gap, say, tries + 1);
      say().catch(() => undefined);
    });
    this.#open.set(key, { ...gap, stop });
  }

  #close(key: string): void {
    this.#open.get(key)?.stop();
    this.#open.delete(key);
  }
}

const keyOf = ({ messageId, worker }: Pick<Gap, 'messageId' | 'worker'>): string => `${messageId}\n${worker}`;
