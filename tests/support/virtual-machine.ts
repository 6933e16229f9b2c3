import type { EnginePorts } from '../../src/core/engine/index.ts';
import { FakeClock } from './engine-harness.ts';

/**
 * A computer whose time is the test's: its clock can be set, it can sleep, and timers count the time that it is awake, as on Linux.
 * Numbered by who counts what: the wall clock is set and sleeps, `elapsed` only goes on, timers stand still while it sleeps.
 */
export class VirtualMachine extends FakeClock {
  #wall: number;
  #elapsed = 0;
  #awake = 0;
  #timers: { readonly at: number; readonly callback: () => void }[] = [];
  #hex = 0;

  constructor(start: string) {
    super();
    this.#wall = Date.parse(start);
  }

  override readonly ports: EnginePorts = {
    now: () => this.#wall,
    random: () => 0.5,
    randomHex: (bytes) => (++this.#hex).toString(16).padStart(bytes * 2, '0'),
    setTimer: (ms, callback) => {
      const timer = { at: this.#awake + ms, callback };
      this.#timers.push(timer);
      return () => {
        this.#timers = this.#timers.filter((one) => one !== timer);
      };
    },
  };

  readonly elapsed = (): number => this.#elapsed;

  get now(): number {
    return this.#wall;
  }

  /** Lets time pass awake, from timer to timer; what a timer causes is over before the next one fires. */
  async run(ms: number): Promise<void> {
    const end = this.#awake + ms;
    await settle();
    for (;;) {
      const next = this.#timers.reduce((least, { at }) => Math.min(least, at), Infinity);
      if (next > end) break;
      this.#pass(Math.max(0, next - this.#awake));
      const due = this.#timers.filter(({ at }) => at <= this.#awake).sort((a, b) => a.at - b.at);
      this.#timers = this.#timers.filter(({ at }) => at > this.#awake);
      for (const { callback } of due) callback();
      await settle();
    }
    this.#pass(end - this.#awake);
    await settle();
  }

  /** The computer sleeps: the clock goes on, timers do not. */
  sleep(ms: number): void {
    this.#wall += ms;
    this.#elapsed += ms;
  }

  /** Somebody sets the clock. */
  setClock(byMs: number): void {
    this.#wall += byMs;
  }

  /** The process is killed: nobody calls its timers any more. */
  forgetTimers(): void {
    this.#timers = [];
  }

  #pass(ms: number): void {
    this.#wall += ms;
    this.#elapsed += ms;
    this.#awake += ms;
  }
}

/** Commits and steps that are under way come to rest. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
