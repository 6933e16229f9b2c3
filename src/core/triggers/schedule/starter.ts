import { toErrorRecord } from '../../../shared/errors.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import type { Occurrence, OccurrenceEvidence, OccurrenceReason } from '../../../shared/model/trigger.ts';
import { failpoint, type OccurrenceRepository } from '../../storage/index.ts';
import { pauseAt } from '../pauses.ts';
import type { ArmedTrigger, StartFromTrigger } from '../ports.ts';
import { fatesOf, noted } from './catch-up.ts';
import type { HostWatch } from './host-watch.ts';
import type { ScheduleJob } from './job.ts';
import { GRACE_MS, lateness, pausedRow } from './row-plan.ts';

/** A run that has not ended, as far as it matters to the next start. */
export type OpenRun = Pick<RunSummary, 'runId' | 'status' | 'waitsFor'>;

/** What is known of runs. */
export interface ScheduleRuns {
  /** Runs of a workflow that have not ended, oldest first, whoever started them. */
  openOf(workflowId: string): readonly OpenRun[];
  /** How many more runs could be driven at once now. */
  freeLanes(): number;
  findByStartKey(startKey: string): string | null;
  /** Asks a run to end. */
  cancel(runId: string): Promise<unknown>;
}

/** What the starter is made of. */
export interface StarterOptions {
  readonly occurrences: OccurrenceRepository;
  readonly runs: ScheduleRuns;
  readonly start: StartFromTrigger;
  /** The armed trigger and its job; null = it is not armed any more. */
  readonly find: (key: string) => { readonly trigger: ArmedTrigger; readonly job: ScheduleJob } | null;
  readonly watch: Pick<HostWatch, 'absence'>;
  /** Hears of each start: the run, or null for one that failed. */
  readonly noteStart: (key: string, runId: string | null) => void;
  /** Something may go on that could not before. */
  readonly onChange: () => void;
  /** See {@link OccurrenceEvidence.host}. */
  readonly host?: 'timer' | undefined;
  readonly now: () => number;
  readonly onBug: (error: unknown) => void;
}

/** At most so many starts of a trigger wait for the run before (SPEC §7.1 "overlap"). */
const MOST_WAITING = 100;

type Ended = 'started' | 'caught_up' | 'skipped_overlap' | 'skipped_paused' | 'missed' | 'failed_to_start';
/** A row that is claimed in the store, to be started now. */
interface Claim {
  readonly key: string;
  readonly row: Occurrence;
  readonly trigger: ArmedTrigger;
}

type Way =
  | { readonly kind: 'start'; readonly trigger: ArmedTrigger }
  | { readonly kind: 'row'; readonly row: Partial<Occurrence> };
/** Nothing has changed for the row. */
const STAYS: Way = { kind: 'row', row: {} };

/** `schedule:{job}:{planned_at}` (SPEC §3.1). */
export const startKeyOf = ({ triggerKey, plannedAt }: Pick<Occurrence, 'triggerKey' | 'plannedAt'>): string =>
  `schedule:${triggerKey}:${new Date(plannedAt).toISOString()}`;

/**
 * Brings open rows of the ledger to their end. Invariants: (1) a row is `claimed` in the store before its run is started, and its end is
 * written after the run is stored; (2) its start key makes one run of it, however often it is tried; (3) a row that cannot start now says
 * why, and stays until it can; (4) nothing is left `claimed` that the next engine would not find a run for, or start.
 */
export class OccurrenceStarter {
  readonly #options: StarterOptions;
  /** By start key, in the order in which they came. */
  readonly #open = new Map<string, Occurrence>();
  /** The start keys of a trigger's open rows. */
  readonly #openOf = new Map<string, Set<string>>();
  readonly #starting = new Map<string, { readonly workflowId: string; readonly work: Promise<void> }>();
  readonly #cancelled = new Set<string>();
  #isClosed = false;

  constructor(options: StarterOptions) {
    this.#options = options;
  }

  /** Takes a row that is open in the store. */
  add(occurrence: Occurrence): void {
    const key = startKeyOf(occurrence);
    this.#open.set(key, occurrence);
    const keys = this.#openOf.get(occurrence.triggerKey);
    if (keys === undefined) this.#openOf.set(occurrence.triggerKey, new Set([key]));
    else keys.add(key);
  }

  /** Goes on with what an earlier scheduler left open: a run that was started is looked up, the rest is late by now. */
  recover(now: number, only?: string): void {
    for (const row of this.#options.occurrences.open()) {
      if (only !== undefined && row.triggerKey !== only) continue;
      const runId = this.#options.runs.findByStartKey(startKeyOf(row));
      if (runId !== null) this.#endStarted(row, runId, now);
      else {
        const late = this.#afterAbsence(row, now);
        if (late.state === 'missed') this.#move(row, late, now);
        else this.add(late);
      }
    }
  }

  /** When the next open row is due, UTC ms; null = none has a time: it waits for something else. */
  nextAt(): number | null {
    let next: number | null = null;
    for (const { dueAt, state, reason } of this.#open.values())
      if (state === 'planned' && reason !== 'asks' && (next === null || dueAt < next)) next = dueAt;
    return next;
  }

  /** Whether a row waits for a run to end or a lane to become free. */
  get isWaiting(): boolean {
    for (const { state } of this.#open.values()) if (state === 'claimed') return true;
    return false;
  }

  /** Starts what can start now, and writes of the rest why not. */
  look(now: number): void {
    const claimed: Claim[] = [];
    // All claims in one commit, then the starts.
    try {
      this.#options.occurrences.together(() => this.#claim(now, claimed));
    } catch (error) {
      for (const { key } of claimed) this.#starting.delete(key);
      throw error;
    }
    if (claimed.length > 0) failpoint('schedule.claimed');
    for (const claim of claimed) this.#begin(claim);
  }

  #claim(now: number, claimed: Claim[]): void {
    let free = this.#options.runs.freeLanes() - this.#starting.size;
    for (const [key, row] of this.#open) {
      if (this.#isClosed || this.#starting.has(key) || row.dueAt > now || row.reason === 'asks') continue;
      // Nothing has changed for it: it waits for a lane and there is none.
      if (free <= 0 && row.reason === 'lanes_busy') continue;
      const way = this.#wayOf(row, now, free);
      if (way.kind === 'row') this.#move(row, way.row, now);
      else {
        free -= 1;
        const { trigger } = way;
        claimed.push({ key, trigger, row: this.#move(row, { state: 'claimed' }, now) });
        this.#starting.set(key, { workflowId: trigger.workflowId, work: Promise.resolve() });
      }
    }
  }

  /** A person's word on a row that asks: it is started, or it ends. False when it does not ask. */
  answer(
    row: Pick<Occurrence, 'triggerKey' | 'plannedAt'>,
    word: { readonly run: boolean; readonly by: string },
  ): boolean {
    const now = this.#options.now();
    const open = this.#open.get(startKeyOf(row));
    if (open?.reason !== 'asks') return false;
    const evidence = { ...open.evidence, by: word.by };
    this.#move(
      open,
      word.run ? { reason: 'late', evidence } : { state: 'missed', reason: 'person_said_no', evidence },
      now,
    );
    return true;
  }

  /** Starts nothing any more; resolves when no start is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.idle();
  }

  /** Resolves when no start is under way. */
  async idle(): Promise<void> {
    await Promise.all([...this.#starting.values()].map(({ work }) => work));
  }

  #wayOf(row: Occurrence, now: number, free: number): Way {
    const known = this.#options.find(row.triggerKey);
    if (known === null) return end('missed', 'not_armed', row.evidence);
    const { trigger, job } = known;
    const pause = pauseAt(trigger.pauses, now);
    if (pause !== null && row.evidence.by === undefined) return { kind: 'row', row: pausedRow(pause) };
    if (row.state === 'planned' && row.reason === null && now - row.dueAt > GRACE_MS) {
      const late = this.#afterAbsence(row, now);
      if (late.state !== 'planned') return { kind: 'row', row: late };
      return this.#wayOf(late, now, free);
    }
    if (this.#isOutdone(row, job)) {
      const { missed } = row.evidence;
      const reason = missed === undefined || missed === 'late' ? 'newer_one_ran' : missed;
      return end('missed', reason, { ...row.evidence, ...noted('newer_one_ran') });
    }
    const overlap = job.overlap === 'allow' ? null : this.#overlapOf(row, trigger, job);
    if (overlap !== null) return overlap;
    if (free > 0) return { kind: 'start', trigger };
    return row.reason === 'lanes_busy' ? STAYS : { kind: 'row', row: { state: 'claimed', reason: 'lanes_busy' } };
  }

  /** What a run of the workflow that goes on, or an earlier start that still waits, means for this one; null = nothing. */
  #overlapOf(row: Occurrence, trigger: ArmedTrigger, job: ScheduleJob): Way | null {
    const before = this.#before(row);
    const [run, ...others] = this.#options.runs.openOf(trigger.workflowId);
    const isStarting = [...this.#starting.values()].some(({ workflowId }) => workflowId === trigger.workflowId);
    if (run === undefined && before.length === 0 && !isStarting) return null;
    const evidence = { ...row.evidence, ...standing(run) };
    const waits: Way = { kind: 'row', row: { state: 'claimed', reason: 'overlap_waits', evidence } };
    if (job.overlap === 'cancel_previous') {
      for (const one of before)
        if (!this.#starting.has(startKeyOf(one)))
          this.#move(one, { state: 'skipped_overlap', reason: 'replaced' }, this.#options.now());
      for (const one of run === undefined ? [] : [run, ...others]) this.#cancel(one.runId);
      if (run === undefined && !isStarting) return null;
      return row.reason === 'overlap_waits' ? STAYS : waits;
    }
    if (row.reason === 'overlap_waits') return row.evidence.runId === run?.runId ? STAYS : waits;
    // What was missed and is all made up for, or asked for by a person, stands in line.
    const queues =
      job.overlap !== 'skip' ||
      row.evidence.by !== undefined ||
      (row.evidence.missed !== undefined && job.catchUp === 'all');
    if (!queues) return end('skipped_overlap', 'overlap', evidence);
    const most =
      job.overlap === 'queue' && row.evidence.missed === undefined && row.evidence.by === undefined ? 1 : MOST_WAITING;
    if (before.filter(({ reason }) => reason === 'overlap_waits').length < most) return waits;
    return end('skipped_overlap', most === 1 ? 'overlap' : 'cap_reached', evidence);
  }

  /** Earlier starts of the trigger that were claimed and have not ended. */
  #before(row: Occurrence): readonly Occurrence[] {
    return this.#others(row).filter(({ plannedAt, state }) => plannedAt < row.plannedAt && state === 'claimed');
  }

  /** Whether a newer start is made up for in place of this one, by a job that wants only the newest. */
  #isOutdone({ evidence, ...row }: Occurrence, { catchUp }: ScheduleJob): boolean {
    if (evidence.missed === undefined || evidence.by !== undefined || catchUp !== 'last') return false;
    return this.#others({ evidence, ...row }).some(({ plannedAt }) => plannedAt > row.plannedAt);
  }

  #others(row: Occurrence): readonly Occurrence[] {
    const keys = [...(this.#openOf.get(row.triggerKey) ?? [])];
    return keys.flatMap((key) => this.#open.get(key) ?? []).filter(({ plannedAt }) => plannedAt !== row.plannedAt);
  }

  #cancel(runId: string): void {
    if (this.#cancelled.has(runId)) return;
    this.#cancelled.add(runId);
    this.#options.runs
      .cancel(runId)
      .catch(this.#options.onBug)
      .finally(() => {
        this.#cancelled.delete(runId);
        this.#options.onChange();
      });
  }

  /** A row whose time passed while nobody was there, by the word of its job. */
  #afterAbsence(row: Occurrence, now: number): Occurrence {
    const known = this.#options.find(row.triggerKey);
    if (known === null || row.reason === 'asks' || row.evidence.by !== undefined || now - row.dueAt <= GRACE_MS)
      return row;
    const { evidence, cause } = lateness({ watch: this.#options.watch, now }, row.dueAt, now);
    const [fate] = fatesOf(known.job, [row.plannedAt], { now, hasNewer: false });
    if (fate?.kind === 'missed')
      return {
        ...row,
        state: 'missed',
        reason: cause ?? fate.why,
        evidence: { ...evidence, ...noted(fate.why) },
      };
    return { ...row, state: 'planned', reason: fate?.kind === 'ask' ? 'asks' : 'late', evidence };
  }

  #begin({ key, row, trigger }: Claim): void {
    const work = this.#start(row, trigger)
      .catch(this.#options.onBug)
      .finally(() => {
        this.#starting.delete(key);
        this.#options.onChange();
      });
    this.#starting.set(key, { workflowId: trigger.workflowId, work });
  }

  async #start(row: Occurrence, trigger: ArmedTrigger): Promise<void> {
    const { start, now, noteStart } = this.#options;
    try {
      const { plannedAt } = row;
      const { runId } = await start({
        trigger,
        startKey: startKeyOf(row),
        at: plannedAt,
        plannedAt,
        data: {},
        chain: [],
      });
      failpoint('schedule.runStarted');
      this.#endStarted(row, runId, now());
      failpoint('schedule.rowEnded');
    } catch (thrown) {
      const { code, message, details } = toErrorRecord(thrown);
      // The engine closes, or the store takes nothing now: the row stays claimed, and is tried again.
      if (code === 'engine.stopped' || code.startsWith('store.') || code === 'file.disk_full') return;
      const other = details?.run_id;
      if (code === 'run.already_running' && typeof other === 'string') {
        this.#move(
          row,
          { state: 'skipped_overlap', reason: 'overlap', evidence: { ...row.evidence, runId: other } },
          now(),
        );
        return;
      }
      // A workflow that is held back after failures says nothing of this schedule.
      const isHeldBack = code === 'workflow.breaker_open';
      if (!isHeldBack) noteStart(row.triggerKey, null);
      const evidence: OccurrenceEvidence = { ...row.evidence, error: { code, message } };
      const reason = isHeldBack ? 'breaker_open' : 'start_failed';
      this.#move(row, { state: 'failed_to_start', reason, evidence }, now());
    }
  }

  #endStarted(row: Occurrence, runId: string, now: number): void {
    const { missed, by } = row.evidence;
    const kept = row.reason === 'lanes_busy' || row.reason === 'overlap_waits' || row.reason === 'backfill';
    const reason: OccurrenceReason | null = kept ? row.reason : missed === undefined ? 'on_time' : 'late';
    const state = missed !== undefined || by !== undefined ? 'caught_up' : 'started';
    this.#options.occurrences.together(() => {
      this.#move(row, { state, reason, runId, ...this.#startedBy(row) }, now);
      this.#options.noteStart(row.triggerKey, runId);
    });
  }

  #startedBy({ evidence }: Occurrence): Partial<Occurrence> {
    const { host } = this.#options;
    return host === undefined ? {} : { evidence: { ...evidence, host } };
  }

  /** Writes what has changed of a row; one that has ended is let go of. */
  #move(row: Occurrence, change: Partial<Occurrence>, now: number): Occurrence {
    const next: Occurrence = { ...row, ...change, at: now };
    if (Object.keys(change).length === 0) return row;
    if (next.state !== row.state || next.reason !== row.reason || next.evidence !== row.evidence)
      this.#options.occurrences.settle(row, next);
    const key = startKeyOf(row);
    if (next.state === 'planned' || next.state === 'claimed') this.add(next);
    else {
      this.#open.delete(key);
      this.#openOf.get(row.triggerKey)?.delete(key);
    }
    return next;
  }
}

const end = (state: Ended, reason: OccurrenceReason, evidence: OccurrenceEvidence): Way => ({
  kind: 'row',
  row: { state, reason, evidence },
});

/** The run that stands in the way, and what it waits for. */
function standing(run: OpenRun | undefined): OccurrenceEvidence {
  if (run === undefined) return noted('start_waits');
  const { runId, status, waitsFor } = run;
  return { runId, runStatus: status, ...(waitsFor === null ? {} : noted(`waits_${waitsFor}`)) };
}
