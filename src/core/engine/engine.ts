import { AppError } from '../../shared/errors.ts';
import type { RunEnded, StepStarted } from '../../shared/model/events.ts';
import type { Actor, RunSummary } from '../../shared/model/run.ts';
import { createBuiltIns } from '../steps/index.ts';
import type { Tool } from '../tools/index.ts';
import { Admission } from './admission.ts';
import type { EngineOptions } from './engine-options.ts';
import { EventWaits } from './event-waits.ts';
import { failRun } from './finish.ts';
import { FoldedRuns } from './folded-runs.ts';
import { LeftRuns } from './left-runs.ts';
import { RunMirror } from './mirror.ts';
import { playedIfRecorded } from './play-back.ts';
import type { RunnableVersion } from './ports.ts';
import { illegalState, onlyHere, runNotFound } from './refusals.ts';
import { rests } from './rollbacks.ts';
import { type ActPorts, RunActs } from './run-acts.ts';
import { RunDriver } from './run-driver.ts';
import { RunRecorder } from './run-recorder.ts';
import { type LoadedRun, RunRecovery } from './run-recovery.ts';
import { RunStarts } from './run-starts.ts';
import { isEnded, type RunState } from './run-state.ts';
import { RunTurns } from './run-turns.ts';
import { SelfActs } from './self-acts.ts';
import type { StartRequest } from './start-request.ts';
import { openStarts, readStoredRun } from './stored-run.ts';
import { SubRuns } from './sub-runs.ts';
import { TriggerBreaker } from './trigger-breaker.ts';
import { WakeUps } from './wake-ups.ts';

interface LiveRun {
  readonly driver: RunDriver;
  readonly recorder: RunRecorder;
  readonly done: Promise<void>;
}

const QUIT_GRACE_MS = 10_000;
/** After the kill: how often it is looked whether commits stand still. Longer than the journal waits between two tries. */
const STALL_LOOK_MS = 1_000;

/** Starts, drives, recovers and ends runs (SPEC §3). One per project; the lease guards that. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #builtIns: Tool;
  readonly #live = new Map<string, LiveRun>();
  readonly #recovery: RunRecovery;
  readonly #turns = new RunTurns();
  readonly #wakeUps: WakeUps;
  readonly #acts: RunActs;
  readonly #selfActs: SelfActs;
  readonly #left: LeftRuns;
  readonly #subRuns: SubRuns;
  readonly #admission: Admission;
  readonly #breaker: TriggerBreaker;
  /** Runs that wait for what comes at webhooks. */
  readonly events: EventWaits;
  readonly mirror: RunMirror;
  readonly #starts: RunStarts;
  readonly #folded = new FoldedRuns();
  #isClosing = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { ports, host, store, onBug } = options;
    this.#builtIns = createBuiltIns({ clock: ports, host });
    const acts: ActPorts = {
      turns: this.#turns,
      live: (runId) => this.#live.get(runId),
      letRest: (runId) => this.#letRest(runId),
      load: onlyHere(store, (runId) => this.#load(runId)),
      versionOf: (recorder) => this.#versionOf(recorder),
      driver: (recorder, version) => this.#driver(recorder, version),
      launch: (recorder, version, interrupted) => this.#launch(recorder, version, interrupted),
      keep: (recorder) => this.#folded.keep(recorder.state.runId, recorder),
      end: (recorder, event) => this.#end(recorder, event),
      isLeft: (state) => this.#left.isLeft(state),
      refuseWhenClosed: () => this.#refuseWhenClosed(),
    };
    this.#recovery = new RunRecovery({
      ...options,
      ...acts,
      tools: { builtIns: this.#builtIns, agent: host.agents.tool },
    });
    // A run may end after the store was closed over commits that waited for room.
    const onBreakerBug = (error: unknown): void => (this.#isClosing ? undefined : onBug(error));
    this.#breaker = new TriggerBreaker({ store: store.breakers, now: ports.now, onBug: onBreakerBug });
    this.#starts = new RunStarts({
      ...acts,
      ports,
      breaker: this.#breaker,
      findByStartKey: (startKey) => store.runs.findByStartKey(startKey),
      isTaken: (runId) => this.#live.has(runId) || store.runs.runNo(runId) !== null,
      makeWay: (request) => this.#admission.makeWay(request),
      recorder: (runId) => this.#recorder(runId, null),
    });
    const around = {
      ...acts,
      liveRuns: () => [...this.#live.values()].map(({ recorder }) => recorder.state),
      stateOf: (runId: string) => this.stateOf(runId).state,
      cancel: (runId: string, actor: Actor) => this.cancel(runId, actor),
      isClosing: () => this.#isClosing,
      host,
      onBug,
    };
    this.mirror = new RunMirror({ ...acts, load: (runId) => this.#load(runId) }, store, (runId) =>
      this.#recorder(runId, null),
    );
    this.#acts = new RunActs(acts);
    this.#selfActs = new SelfActs({ ...acts, isClosing: () => this.#isClosing, now: ports.now });
    this.#left = new LeftRuns({
      isLive: (runId) => this.#live.has(runId) || store.remoteRuns.isElsewhere(runId),
      isBusy: (runId) => this.#turns.isTaken(runId),
      isWoken: (runId) => this.#wakeUps.wakes(runId),
      hasPlace: (runId) => this.#admission.has(runId),
      hears: () => this.#wakeUps.isForAll,
      childrenOf: (state) => this.#subRuns.childrenOf(state),
      now: ports.now,
    });
    this.#subRuns = new SubRuns({
      ...around,
      findByStartKey: (startKey) => store.runs.findByStartKey(startKey),
      start: (request) => this.start(request),
      resume: (runId, actor) => this.resume(runId, actor),
      pause: (runId, actor) => this.pause(runId, actor),
      tell: (runId, path, ended) => this.#selfActs.tell(runId, path, ended),
      isLeft: (state) => this.isLeft(state),
    });
    this.#admission = new Admission({
      ...around,
      ...{ maxRuns: options.maxRuns, limits: options.limits },
      runs: store.runs,
      goOn: (loaded) => this.#selfActs.goOn(loaded),
    });
    this.events = new EventWaits({
      ...around,
      hearing: () => store.runs.hearing(),
      hear: (runId, arrival) => this.#selfActs.hear(runId, arrival),
    });
    this.#wakeUps = new WakeUps({ runs: store.runs, ports, onBug, wake: (runId) => this.#selfActs.wake(runId) });
  }

  get builtIns(): Tool {
    return this.#builtIns;
  }
  /** See {@link RunStarts.start}. */
  start(request: StartRequest): Promise<{ readonly runId: string }> {
    return this.#starts.start(request);
  }

  /**
   * Takes over every run that an earlier engine left open, but for one that the engine died over twice in a row: that one stands paused
   * (SPEC §3.8). Resolves with the others when all of them are driven again. From then on waiting runs are woken when their instant comes.
   */
  async recoverAll(): Promise<readonly string[]> {
    const open = this.#options.store.runs.openRunIds().filter((runId) => !this.#live.has(runId));
    const marking = this.#recovery.takeUpMark(open);
    // Every run takes its turn at once, so that whatever is asked of it now waits until it is taken over.
    const recover = async (runId: string): Promise<string | null> => {
      const marked = await marking;
      if (marked?.runId === runId && marked.isPaused) return null;
      await this.#recovery.recover(runId, marked?.runId ?? null);
      return runId;
    };
    const recovered = await Promise.all(open.map((runId) => this.#turns.take(runId, () => recover(runId))));
    for (const runId of this.#options.store.runs.idsWaitingForRuns()) this.#subRuns.tendAll(this.stateOf(runId).state);
    await this.#admission.takeOver();
    this.#wakeUps.forAll();
    this.events.recover();
    return recovered.filter((runId) => runId !== null);
  }

  /** See {@link RunActs.resume}. */
  readonly resume: RunActs['resume'] = (...asked) => this.#acts.resume(...asked);
  /** See {@link RunActs.cancel}. */
  readonly cancel: RunActs['cancel'] = (...asked) => this.#acts.cancel(...asked);
  /** See {@link RunActs.rollback}. */
  readonly rollback: RunActs['rollback'] = (...asked) => this.#acts.rollback(...asked);
  /** See {@link RunActs.afterEnd}. */
  readonly afterEnd: RunActs['afterEnd'] = (...asked) => this.#acts.afterEnd(...asked);

  /** See {@link RunActs.pause}. */
  async pause(runId: string, actor: Actor): Promise<string> {
    const status = await this.#acts.pause(runId, actor);
    this.#subRuns.pause(this.stateOf(runId).state, actor);
    return status;
  }

  /** See {@link RunActs.decide}. */
  readonly decide: RunActs['decide'] = (...asked) => this.#acts.decide(...asked);
  /** See {@link RunActs.reprice}. */
  readonly reprice: RunActs['reprice'] = (...asked) => this.#acts.reprice(...asked);
  /** See {@link RunActs.resolve}. */
  readonly resolve: RunActs['resolve'] = (...asked) => this.#acts.resolve(...asked);

  /** Lets triggers start a workflow again whose runs have failed (SPEC §3.5). */
  resetBreaker(workflowId: string): void {
    this.#breaker.reset(workflowId);
  }

  /** Resolves when the run rests: ended, paused, waiting, in doubt. At once when nobody drives it. */
  async settled(runId: string): Promise<void> {
    await this.#live.get(runId)?.done;
  }

  /** Whether the run is being driven. One that comes to rest is not any more, though the commit that says so may be on its way. */
  isLive(runId: string): boolean {
    const live = this.#live.get(runId);
    return live !== undefined && !rests(live.recorder.state);
  }

  /** See {@link LeftRuns.needsPerson}. */
  readonly needsPerson = (state: RunState): boolean => this.#left.needsPerson(state);

  /** See {@link LeftRuns.isLeft}; what is just under way for the run counts as somebody. */
  isLeft(state: RunState): boolean {
    return !this.#turns.isTaken(state.runId) && this.#left.isLeft(state);
  }

  /** True for a run that nobody drives although its row says that it goes on: whoever drove it was killed (SPEC §3.8). */
  isInterrupted({ runId, status }: Pick<RunSummary, 'runId' | 'status'>): boolean {
    const isHere = !this.#options.store.remoteRuns.isElsewhere(runId);
    return (status === 'running' || status === 'pending') && isHere && !this.#live.has(runId);
  }

  /** How many more runs could be driven at once now, and why others wait. */
  get places(): Pick<Admission, 'freeLanes' | 'fullTags' | 'waitOf'> {
    return this.#admission;
  }

  get liveCount(): number {
    return this.#live.size;
  }

  /** True when no run is driven, none that was goes on by itself later, and nothing is under way for any. */
  get isIdle(): boolean {
    const waiting = this.#wakeUps.size + this.#admission.size;
    return this.#live.size + waiting === 0 && this.#turns.isIdle && this.#subRuns.isIdle;
  }

  /** Resolves when no run is driven and none that was goes on by itself later, those that were begun meanwhile included. */
  async allSettled(): Promise<void> {
    while (!this.isIdle) {
      await Promise.all([...this.#live.values()].map((live) => live.done));
      await Promise.all([this.#turns.idle(), this.#subRuns.idle()]);
      if (this.#live.size === 0 && this.#wakeUps.size > 0) await this.#wakeUps.nextLook();
    }
  }

  /** The state of any run; `run.not_found`. Ended runs are folded once and kept for a while. */
  stateOf(runId: string): { readonly state: RunState; readonly position: number } {
    const live = this.#live.get(runId);
    if (live !== undefined) return { state: live.recorder.state, position: live.recorder.position };
    const cached = this.#folded.get(runId);
    if (cached !== undefined) return cached;
    const { recorder } = this.#load(runId);
    this.#folded.keep(runId, recorder);
    return { state: recorder.state, position: recorder.position };
  }

  /** Deletes an ended run with its log; its files are the caller's. Errors: `run.not_found`, `run.illegal_state`, `store.busy`. */
  deleteRun(runId: string): Promise<void> {
    return this.#turns.take(runId, async () => {
      const { store, publish } = this.#options;
      if (this.#live.has(runId)) throw illegalState(runId, 'is running', 'Cancel it first.');
      const run = store.runs.find(runId);
      if (run === null) throw runNotFound(runId);
      if (!isEnded(run.status)) throw illegalState(runId, `is ${run.status}`, 'Cancel it first.');
      // The log first: where that fails the run is still there and can be deleted again.
      store.conversations.delete(runId);
      store.logs.delete(runId);
      store.runs.delete(runId);
      this.#folded.delete(runId);
      publish({ kind: 'run_deleted', position: store.journal.position, runId });
    });
  }

  /**
   * DESIGN decision 8: no new steps, 10 s for running ones, then kill. Where commits wait for room on the disk it does not wait
   * with them: what they would have said is found out again by the next engine.
   */
  async close(graceMs = QUIT_GRACE_MS): Promise<void> {
    this.#isClosing = true;
    this.#wakeUps.close();
    this.#admission.close();
    const { ports, store } = this.#options;
    const runs = [...this.#live.values()];
    for (const run of runs) run.driver.stop();
    const gaveUp = Promise.withResolvers<void>();
    const look = (): void => {
      if (store.journal.stalledBy !== null) gaveUp.resolve();
      else stopTimer = ports.setTimer(STALL_LOOK_MS, look);
    };
    let stopTimer = ports.setTimer(graceMs, () => {
      for (const run of runs) run.driver.kill();
      stopTimer = ports.setTimer(STALL_LOOK_MS, look);
    });
    const allDone = Promise.all([...runs.map((run) => run.done), this.#turns.idle()]);
    await Promise.race([allDone, gaveUp.promise]);
    stopTimer();
  }

  #launch(recorder: RunRecorder, version: RunnableVersion, interrupted: readonly StepStarted[]): void {
    const { runId } = recorder.state;
    this.#folded.delete(runId);
    this.#wakeUps.forget(runId);
    if (!this.#admission.mayGo(recorder.state, version, interrupted)) {
      recorder.emit({ type: 'run.waiting', for: 'queue', until: null });
      recorder.commit().catch(this.#options.onBug);
      this.#folded.keep(runId, recorder);
      return;
    }
    const driver = this.#driver(recorder, version);
    const hadEnded = isEnded(recorder.state.status);
    const done = this.#drive(driver, recorder, interrupted).finally(() => this.#rest(runId, recorder, hadEnded));
    this.#live.set(runId, { driver, recorder, done });
  }

  async #drive(driver: RunDriver, recorder: RunRecorder, interrupted: readonly StepStarted[]): Promise<void> {
    try {
      await driver.drive(interrupted);
    } catch (error) {
      // The store was closed while commits waited for room: nothing more can be said, the next engine looks.
      if (this.#isClosing && error instanceof AppError && error.code === 'engine.stopped') return;
      this.#options.onBug(error);
      if (isEnded(recorder.state.status)) return;
      const shown =
        error instanceof AppError
          ? error
          : new AppError('internal.bug', 'The run was stopped by an error inside the app.');
      recorder.emit(failRun(recorder.state, shown));
      await recorder.commit().catch(this.#options.onBug);
    }
  }

  /** Tidying up takes its turn too: a resume that comes at once must not have its new marks forgotten. */
  #rest(runId: string, recorder: RunRecorder, hadEnded = false): void {
    this.#live.delete(runId);
    this.#folded.keep(runId, recorder);
    this.#admission.release(runId);
    const { status, wakeAt, waitsFor } = recorder.state;
    if (wakeAt !== null) this.#wakeUps.note(runId, wakeAt, waitsFor);
    if (!isEnded(status)) return;
    if (!hadEnded && recorder.state.created.trigger.type !== 'replay') this.#breaker.count(recorder.state);
    if (!hadEnded) this.#subRuns.ended(recorder.state);
    this.#turns.take(runId, () => this.#options.host.forgetRun(runId, status)).catch(this.#options.onBug);
  }

  async #end(recorder: RunRecorder, event: RunEnded): Promise<void> {
    recorder.emit(event);
    await recorder.commit();
    this.#rest(recorder.state.runId, recorder);
  }

  #driver(recorder: RunRecorder, version: RunnableVersion): RunDriver {
    const { host, ports, store, inbox } = this.#options;
    const surroundings = {
      recorder,
      version,
      host,
      ports,
      builtIns: this.#builtIns,
      logs: store.logs,
      deciding: store.deciding,
      subRuns: this.#subRuns,
      inbox,
      conversations: store.conversations,
      outputs: store.outputs,
    };
    return new RunDriver(playedIfRecorded(surroundings));
  }

  #recorder(runId: string, known: ConstructorParameters<typeof RunRecorder>[1]): RunRecorder {
    const { store, ports, publish } = this.#options;
    return new RunRecorder({ runId, journal: store.journal, now: ports.now, publish }, known);
  }

  #load(runId: string): LoadedRun {
    const stored = readStoredRun(this.#options.store, runId);
    return { recorder: this.#recorder(runId, stored), interrupted: openStarts(stored), events: stored.events };
  }

  /** A run that comes to rest is let go of with the commit that says so. */
  async #letRest(runId: string): Promise<void> {
    const live = this.#live.get(runId);
    if (live !== undefined && rests(live.recorder.state)) await live.done;
  }

  /** The pinned version, for what is launched next: refused when the engine was closed meanwhile. */
  async #versionOf({ state }: RunRecorder): Promise<RunnableVersion> {
    const version = await this.#options.host.loadVersion(state.created);
    this.#refuseWhenClosed();
    return version;
  }

  #refuseWhenClosed(): void {
    if (this.#isClosing) throw new AppError('engine.stopped', 'The app is closing: nothing new is started.');
    const stalled = this.#options.store.journal.stalledBy;
    if (stalled !== null) throw stalled;
  }
}
