import type { Interruption } from './attempt.ts';

/** The end of an attempt, to be written down; emits and awaits nothing. */
export type Ending = () => void;

interface OpenAttempt {
  readonly abort: AbortController;
  interruption: Interruption | null;
}

/** What an attempt needs to be called off. */
export interface Opened {
  readonly signal: AbortSignal;
  readonly interruption: () => Interruption | null;
}

/**
 * The attempts of a run that are being made, and the ends that nobody has taken yet. Invariants: (1) an attempt stands here from its
 * beginning until its end was taken; (2) ends are taken in the order in which they came; (3) the first reason to call an attempt off counts;
 * (4) a nudge is never lost: where nobody waits the next wait is none.
 */
export class OpenAttemptSet {
  readonly #open = new Map<string, OpenAttempt>();
  #ended: { readonly path: string; readonly ending: Ending }[] = [];
  #wake: () => void = () => undefined;
  #isNudged = false;
  readonly #onNudge: () => void;

  /** `onNudge` hears of every nudge, whoever waits. */
  constructor(onNudge: () => void = () => undefined) {
    this.#onNudge = onNudge;
  }

  get size(): number {
    return this.#open.size;
  }

  get hasEnded(): boolean {
    return this.#ended.length > 0;
  }

  has(path: string): boolean {
    return this.#open.has(path);
  }

  /** Makes an attempt known. */
  add(path: string): Opened {
    const entry: OpenAttempt = { abort: new AbortController(), interruption: null };
    this.#open.set(path, entry);
    return { signal: entry.abort.signal, interruption: () => entry.interruption };
  }

  /** Its end is known. */
  end(path: string, ending: Ending): void {
    this.#ended.push({ path, ending });
    this.#wake();
  }

  /** Writes down all ends that have come. */
  takeEnded(): void {
    const ended = this.#ended;
    this.#ended = [];
    for (const { path, ending } of ended) {
      this.#open.delete(path);
      ending();
    }
  }

  callOff(path: string, interruption: Interruption): void {
    const entry = this.#open.get(path);
    if (entry === undefined || entry.interruption !== null) return;
    entry.interruption = interruption;
    entry.abort.abort(interruption);
  }

  /** The host goes down: everything ends, `finally` too. */
  callOffAll(interruption: Interruption): void {
    for (const path of this.#open.keys()) this.callOff(path, interruption);
  }

  /** Resolves when an attempt has ended, or `nudge` was called. */
  next(): Promise<void> {
    if (this.hasEnded || this.#isNudged) {
      this.#isNudged = false;
      return Promise.resolve();
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }

  nudge(): void {
    this.#isNudged = true;
    this.#onNudge();
    this.#wake();
  }
}
