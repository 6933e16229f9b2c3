import type { BreakerStatus } from '../../shared/model/agent.ts';
import {
  type BreakerRecord,
  type BreakerSettings,
  beginCall,
  breakerAt,
  breakerStatus,
  type CallVerdict,
  CLOSED_BREAKER,
  endCall,
} from './breaker.ts';

/** Where breakers outlive the process. `kind` tells apart what they guard: `agent`, `workflow`, `tool`. */
export interface BreakerStore {
  load(kind: string, name: string): BreakerRecord | null;
  save(kind: string, name: string, record: BreakerRecord): void;
}

export interface BreakersOptions {
  readonly kind: string;
  readonly settings: BreakerSettings;
  readonly store: BreakerStore;
  /** UTC ms. */
  readonly now: () => number;
  /** Hears of a record that could not be stored; the breaker goes on in memory. */
  readonly onSaveFailed: (error: unknown) => void;
}

/** Leave to make one call: which opening of the breaker it is the trial of, null = the breaker was closed. */
export interface BreakerPass {
  readonly openedAt: number | null;
}

interface Held {
  record: BreakerRecord;
  /** Calls that have begun and not ended, in this process. */
  inFlight: number;
  lastBeginAt: number;
}

/** The breakers of one kind by name (SPEC §3.5), loaded when first asked for and stored with every change. */
export class Breakers {
  readonly #options: BreakersOptions;
  readonly #held = new Map<string, Held>();

  constructor(options: BreakersOptions) {
    this.#options = options;
  }

  status(name: string): BreakerStatus {
    return breakerStatus(this.#find(name).record, this.#options.settings, this.#options.now());
  }

  /** Whether `begin` would let a call through now. Changes nothing. */
  allows(name: string): boolean {
    const held = this.#find(name);
    return beginCall(this.#current(held), this.#options.settings, this.#options.now()) !== null;
  }

  /** Takes a call through the breaker; null = it must not be made. Each pass needs one `end`. */
  begin(name: string): BreakerPass | null {
    const held = this.#find(name);
    const now = this.#options.now();
    const begun = beginCall(this.#current(held), this.#options.settings, now);
    if (begun === null) return null;
    held.inFlight += 1;
    held.lastBeginAt = now;
    this.#set(name, held, begun);
    return { openedAt: begun.openedAt };
  }

  /**
   * A call that `begin` let through is over. `isVerdictPending` = somebody will still `count` it as a success, so that its place
   * stays taken; else its place is free again.
   */
  end(name: string, pass: BreakerPass, isVerdictPending: boolean): void {
    const held = this.#find(name);
    held.inFlight = Math.max(0, held.inFlight - 1);
    const isTrial = pass.openedAt !== null && pass.openedAt === held.record.openedAt;
    if (isTrial && !isVerdictPending) this.#count(name, held, 'abandoned');
  }

  /** What a call came to. */
  count(name: string, verdict: 'success' | 'failure'): void {
    this.#count(name, this.#find(name), verdict);
  }

  /** Closes it by hand. */
  reset(name: string): void {
    this.#set(name, this.#find(name), CLOSED_BREAKER);
  }

  #count(name: string, held: Held, verdict: CallVerdict): void {
    this.#set(name, held, endCall(held.record, verdict, this.#options.settings, this.#options.now()));
  }

  /** A place whose verdict never came (its step failed for another reason) is free again after a pause. */
  #current(held: Held): BreakerRecord {
    const { settings, now } = this.#options;
    const record = breakerAt(held.record, settings, now());
    const isStale =
      record.state === 'half_open' && held.inFlight === 0 && now() - held.lastBeginAt >= settings.recoveryTimeoutMs;
    return isStale ? { ...record, calls: record.successes } : record;
  }

  #find(name: string): Held {
    const known = this.#held.get(name);
    if (known !== undefined) return known;
    const { store, kind } = this.#options;
    const stored = store.load(kind, name) ?? CLOSED_BREAKER;
    // Calls that were in flight when an earlier process ended are not any more.
    const held: Held = { record: { ...stored, calls: stored.successes }, inFlight: 0, lastBeginAt: 0 };
    this.#held.set(name, held);
    return held;
  }

  #set(name: string, held: Held, record: BreakerRecord): void {
    if (record === held.record) return;
    held.record = record;
    try {
      this.#options.store.save(this.#options.kind, name, record);
    } catch (error) {
      this.#options.onSaveFailed(error);
    }
  }
}
