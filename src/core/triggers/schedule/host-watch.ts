import type { HostPeriod } from '../../../shared/model/trigger.ts';
import type { HostPeriodRepository } from '../../storage/index.ts';
import type { Elapsed } from '../../time/index.ts';

/** The clock is looked at once a minute at least; who looks later than this was not there, or slept. */
const SLEEP_MS = 90_000;
/** By less than this the clock is only kept right. */
const JUMP_MS = 5_000;
/** How often it is written down that triggers are served: a process that is killed is believed to have been there so long ago. */
const BEAT_MS = 30_000;

interface Look {
  /** By the clock, UTC ms. */
  readonly at: number;
  readonly elapsed: number;
}

/**
 * Knows when triggers were served and why not, by two clocks: the one that shows the time, which may be set, and one that only goes on.
 * Where they differ the clock was set; where both went on and nobody looked, the computer or the process slept. What the system says of
 * sleep and wake is not asked.
 */
export class HostWatch {
  readonly #periods: HostPeriodRepository;
  readonly #elapsed: Elapsed;
  #last: Look | null = null;
  #period: { readonly no: number; readonly from: number; readonly until: number } | null = null;
  #wasOpened = false;

  constructor(periods: HostPeriodRepository, elapsed: Elapsed) {
    this.#periods = periods;
    this.#elapsed = elapsed;
  }

  /** Since when triggers have been served without a break, UTC ms; null = they are not. */
  get onSince(): number | null {
    return this.#period?.from ?? null;
  }

  /** Looks at both clocks; `now` in UTC ms. Gives by how much the clock was set back, 0 = it was not. */
  look(now: number): number {
    const elapsed = this.#elapsed();
    const last = this.#last;
    this.#last = { at: now, elapsed };
    if (last === null) return this.#begin(now);
    const passed = elapsed - last.elapsed;
    const movedMs = now - last.at - passed;
    const hasSlept = passed >= SLEEP_MS;
    const hasJumped = Math.abs(movedMs) >= JUMP_MS;
    if (!hasSlept && !hasJumped) {
      this.#beat(now);
      return 0;
    }
    this.#end(last.at);
    const expected = last.at + passed;
    if (hasSlept) this.#periods.add({ kind: 'asleep', from: last.at, until: expected, movedMs: 0, quitBy: null });
    if (hasJumped)
      this.#periods.add({
        kind: 'clock_jumped',
        from: Math.min(expected, now),
        until: Math.max(expected, now),
        movedMs: Math.round(movedMs),
        quitBy: null,
      });
    this.#start(now);
    return hasJumped && movedMs < 0 ? -movedMs : 0;
  }

  /** Nothing is served any more; `now` in UTC ms, `quitBy` who wanted that. */
  stop(now: number, quitBy: string | null = null): void {
    if (this.#last === null) return;
    if (quitBy !== null && this.#period !== null) this.#periods.quit(this.#period.no, quitBy);
    this.#end(now);
    this.#last = null;
  }

  /** Why nobody was there at an instant, or first after it until another; null = nobody knows of anything. UTC ms. */
  absence(at: number, until = at + 1): HostPeriod | null {
    return this.#periods.list(at, until).find(({ kind }) => kind !== 'on') ?? null;
  }

  /** From the beginning of this process on; what was before that, since triggers were served last, the app was closed. */
  #begin(now: number): number {
    const before = this.#wasOpened ? null : this.#periods.newestOn();
    this.#wasOpened = true;
    const until = before === null ? now : (before.until ?? before.from);
    if (before !== null && until <= now)
      this.#periods.add({ kind: 'closed', from: until, until: now, movedMs: 0, quitBy: before.quitBy });
    this.#start(now);
    return Math.max(0, until - now);
  }

  #start(now: number): void {
    this.#period = {
      no: this.#periods.add({ kind: 'on', from: now, until: now, movedMs: 0, quitBy: null }),
      from: now,
      until: now,
    };
  }

  #beat(now: number): void {
    if (this.#period !== null && now - this.#period.until >= BEAT_MS) this.#lengthen(this.#period, now);
  }

  #end(at: number): void {
    if (this.#period !== null) this.#lengthen(this.#period, at);
    this.#period = null;
  }

  #lengthen({ no, from }: { readonly no: number; readonly from: number }, until: number): void {
    this.#periods.lengthen(no, until);
    this.#period = { no, from, until };
  }
}
