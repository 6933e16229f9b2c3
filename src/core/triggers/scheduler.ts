import { AppError } from '../../shared/errors.ts';
import type { Occurrence } from '../../shared/model/trigger.ts';
import {
  failpoint,
  type HostPeriodRepository,
  type OccurrenceRepository,
  type TriggerRepository,
} from '../storage/index.ts';
import type { Clock, Elapsed } from '../time/index.ts';
import type { ArmedTrigger, StartFromTrigger, TriggerPart } from './ports.ts';
import { DueList } from './schedule/due-list.ts';
import { HostWatch } from './schedule/host-watch.ts';
import { readJob, type ScheduleDefaults, type ScheduleJob } from './schedule/job.ts';
import { nextPlanned, plannedBetween, previousPlanned } from './schedule/planned-times.ts';
import { rowsOf } from './schedule/row-plan.ts';
import { OccurrenceStarter, type ScheduleRuns } from './schedule/starter.ts';

/** What the scheduler is made of. */
export interface SchedulerOptions {
  readonly clock: Clock;
  /** Goes on while the computer sleeps and whatever the clock is set to. */
  readonly elapsed: Elapsed;
  readonly triggers: TriggerRepository;
  readonly occurrences: OccurrenceRepository;
  readonly periods: HostPeriodRepository;
  readonly defaults: ScheduleDefaults;
  readonly runs: ScheduleRuns;
  readonly start: StartFromTrigger;
  /** Hears of each start: the run, or null for one that failed. */
  readonly noteStart: (key: string, runId: string | null) => void;
  /** What is the matter with a trigger; null = nothing. */
  readonly notice: (key: string, notice: string | null) => void;
  /** Of one trigger only, whatever else is armed: for a single look. */
  readonly only?: string | undefined;
  /** What the ledger says of whoever started a run; default: nothing, it was the app or its host. */
  readonly host?: 'timer' | undefined;
  /** The ledger has changed. */
  readonly onChange: () => void;
  readonly onBug: (error: unknown) => void;
}

/** It is looked at least so often, whatever is due: a clock that was set, or a sleep, is found then. */
const LOOK_MS = 60_000;
/** While a start waits for a run to end, whose end somebody should have told. */
const WAIT_LOOK_MS = 5_000;
/** So many planned times in a row have rows of their own; what was missed before them has one row together. */
const MOST_ROWS = 10_000;
/** What is caught up starts so far apart, and none later than that. */
const STAGGER_MS = 2_000;
const MOST_STAGGER_MS = 600_000;

interface Entry {
  readonly trigger: ArmedTrigger;
  readonly job: ScheduleJob;
  /** Every planned time up to here has its row; UTC ms. */
  plannedUntil: number;
}

/**
 * Starts what is due by the clock (SPEC §7.1). One timer over the list of what is due next. Invariants: (1) the rows of all planned times
 * up to `plannedUntil` are in the store, written in the commit that moves it; (2) a planned time has one row, so that a second tick, or a
 * clock that comes by twice, changes nothing; (3) only rows lead to starts; (4) what is not armed is not planned.
 */
export class Scheduler implements TriggerPart {
  readonly #options: SchedulerOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #due = new DueList();
  readonly #watch: HostWatch;
  readonly #starter: OccurrenceStarter;
  #stopTimer: (() => void) | null = null;
  #isLookAsked = false;
  #hasRecovered = false;
  #isClosed = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    const { occurrences, runs, start, noteStart, onBug, clock, host } = options;
    this.#watch = new HostWatch(options.periods, options.elapsed);
    this.#starter = new OccurrenceStarter({
      ...{ occurrences, runs, start, noteStart, onBug, host },
      find: (key) => this.#entries.get(key) ?? null,
      watch: this.#watch,
      onChange: () => this.runsChanged(),
      now: () => clock.now(),
    });
  }

  update(armed: readonly ArmedTrigger[]): void {
    if (this.#isClosed) return;
    const { only } = this.#options;
    const triggers = only === undefined ? armed : armed.filter(({ key }) => key === only);
    const now = this.#options.clock.now();
    // What was due until now is due by what was armed until now.
    if (this.#entries.size > 0) this.#plan(now);
    const notices: [string, string | null][] = [];
    const take = (trigger: ArmedTrigger): void => {
      const notice = this.#take(trigger, now);
      if (notice !== trigger.stored.notice) notices.push([trigger.key, notice]);
    };
    this.#forget(new Set(armed.map(({ key }) => key)));
    for (const trigger of triggers) take(trigger);
    if (!this.#hasRecovered && triggers.length + this.#options.occurrences.open().length > 0) this.#open(now);
    this.look();
    for (const [key, notice] of notices) this.#options.notice(key, notice);
  }

  /** Since when schedules have been served without a break, UTC ms; null = none is. */
  get onSince(): number | null {
    return this.#watch.onSince;
  }

  /** A run began, rests or has ended: a start may wait for that. */
  runsChanged(): void {
    if (this.#isLookAsked || this.#isClosed) return;
    this.#isLookAsked = true;
    setImmediate(() => {
      this.#isLookAsked = false;
      this.look();
    });
  }

  /** Looks at the clocks, writes what is due and starts what can be started. */
  look(): void {
    if (this.#isClosed) return;
    this.#stopTimer?.();
    this.#stopTimer = null;
    const now = this.#options.clock.now();
    try {
      if (this.#entries.size > 0) this.#plan(now);
      this.#starter.look(now);
    } catch (error) {
      // The store takes nothing now: everything stands as it was, and is tried again.
      this.#options.onBug(error);
    }
    if (this.#entries.size === 0) this.#watch.stop(now);
    this.#lookLater(now);
  }

  /** See {@link OccurrenceStarter.answer}. */
  answer(
    row: Pick<Occurrence, 'triggerKey' | 'plannedAt'>,
    word: { readonly run: boolean; readonly by: string },
  ): boolean {
    const isAnswered = this.#starter.answer(row, word);
    if (isAnswered) this.look();
    return isAnswered;
  }

  /** Resolves when no start is under way. */
  idle(): Promise<void> {
    return this.#starter.idle();
  }

  /** Rows that somebody else wrote, open ones, are to be started too. */
  takeRows(rows: readonly Occurrence[]): void {
    for (const row of rows) this.#starter.add(row);
    this.look();
  }

  /** `quitBy` = who wants that nothing is started any more; what is missed from now on says so. */
  async close(quitBy: string | null = null): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer?.();
    await this.#starter.close();
    this.#watch.stop(this.#options.clock.now(), quitBy);
  }

  #open(now: number): void {
    this.#hasRecovered = true;
    this.#watchClock(now);
    this.#starter.recover(now, this.#options.only);
  }

  /** Lets go of what is not armed any more; until it is armed again nothing of it is planned. */
  #forget(armed: ReadonlySet<string>): void {
    for (const { key, kind, plannedUntil } of this.#options.triggers.list()) {
      if (kind !== 'schedule' || armed.has(key) || plannedUntil === null) continue;
      this.#options.triggers.change(key, { plannedUntil: null });
    }
    for (const key of this.#entries.keys()) {
      if (armed.has(key)) continue;
      this.#entries.delete(key);
      this.#due.set(key, null);
    }
  }

  /** Plans for a trigger from now on; gives what is the matter with it. */
  #take(trigger: ArmedTrigger, now: number): string | null {
    const { key, stored, definitionHash } = trigger;
    const known = this.#entries.get(key);
    try {
      const isSame = known?.trigger.definitionHash === definitionHash;
      const job = isSame ? known.job : readJob(trigger, stored.createdAt, this.#options.defaults);
      const plannedUntil = known?.plannedUntil ?? stored.plannedUntil ?? now;
      this.#entries.set(key, { trigger, job, plannedUntil });
      if (stored.plannedUntil === null) this.#options.triggers.change(key, { plannedUntil });
      if (!isSame) this.#due.set(key, nextPlanned(job.timing, plannedUntil));
      return null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#entries.delete(key);
      this.#due.set(key, null);
      return error.message;
    }
  }

  /** Writes the rows of everything that is due. */
  #plan(now: number): void {
    this.#watchClock(now);
    const keys = this.#due.take(now);
    if (keys.length === 0) return;
    let stagger = 0;
    const nextStagger = (): number => Math.min(MOST_STAGGER_MS, STAGGER_MS * stagger++);
    const rows: Occurrence[] = [];
    try {
      this.#options.occurrences.together(() => {
        for (const key of keys) rows.push(...this.#write(key, now, nextStagger));
      });
    } catch (error) {
      for (const key of keys) this.#due.set(key, now);
      throw error;
    }
    failpoint('schedule.planned');
    for (const key of keys) this.#moveOn(key, now);
    for (const row of rows) if (row.state === 'planned') this.#starter.add(row);
    this.#options.onChange();
  }

  /** The new rows of one trigger; those that were there already are not given. */
  #write(key: string, now: number, nextStagger: () => number): readonly Occurrence[] {
    const entry = this.#entries.get(key);
    if (entry === undefined) return [];
    const { trigger, job } = entry;
    const { times, earlier } = this.#timesOf(entry, now);
    const rows = rowsOf({ trigger, job, watch: this.#watch, now, nextStagger }, times).map((row, index) =>
      index > 0 || earlier === null ? row : withEarlier(row, earlier),
    );
    const written = rows.filter((row) => this.#options.occurrences.add(row));
    this.#options.triggers.change(key, { plannedUntil: now });
    return written;
  }

  /** What is due since the last look: the newest 10,000, and since when there were more. */
  #timesOf(
    { job: { timing }, plannedUntil }: Entry,
    now: number,
  ): { readonly times: readonly number[]; readonly earlier: number | null } {
    const times = plannedBetween(timing, { fromMs: plannedUntil, toMs: now }, MOST_ROWS + 1);
    if (times.length <= MOST_ROWS) return { times, earlier: null };
    const newest: number[] = [];
    for (
      let at = previousPlanned(timing, now + 1);
      at !== null && newest.length < MOST_ROWS;
      at = previousPlanned(timing, at)
    )
      newest.push(at);
    return { times: newest.reverse(), earlier: times[0] ?? null };
  }

  #moveOn(key: string, now: number): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.plannedUntil = now;
    this.#due.set(key, nextPlanned(entry.job.timing, now));
  }

  /** A clock that was set back comes by times again: what was given up because it had gone ahead is still to come. */
  #watchClock(now: number): void {
    if (this.#watch.look(now) === 0) return;
    const { occurrences, triggers } = this.#options;
    occurrences.together(() => {
      occurrences.retract(now);
      for (const [key, entry] of this.#entries) {
        if (entry.plannedUntil <= now) continue;
        entry.plannedUntil = now;
        triggers.change(key, { plannedUntil: now });
      }
    });
    for (const [key, { job }] of this.#entries) this.#due.set(key, nextPlanned(job.timing, now));
  }

  #lookLater(now: number): void {
    if (this.#entries.size === 0 && this.#starter.nextAt() === null && !this.#starter.isWaiting) return;
    const most = this.#starter.isWaiting ? WAIT_LOOK_MS : LOOK_MS;
    const next = Math.min(this.#due.next() ?? Infinity, this.#starter.nextAt() ?? Infinity);
    const ms = Math.max(1, Math.min(most, next - now));
    this.#stopTimer = this.#options.clock.setTimer(ms, () => this.look());
  }
}

/** The oldest row of very many says that there were more before it. */
const withEarlier = (row: Occurrence, earlier: number): Occurrence => ({
  ...row,
  evidence: {
    ...row.evidence,
    text: `There were more planned starts before this one, since ${new Date(earlier).toISOString()}; they have no rows of their own.`,
  },
});
