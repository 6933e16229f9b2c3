import type { LiveEvent } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { RunEvent, StepStarted, StoredEvent } from '../../shared/model/events.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { Json } from '../../shared/model/workflow.ts';
import { createBuiltIns } from '../steps/index.ts';
import type { Store } from '../storage/index.ts';
import type { Tool } from '../tools/index.ts';
import { failRun } from './finish.ts';
import { foldRun } from './fold.ts';
import type { EngineHost, EnginePorts, RunnableVersion } from './ports.ts';
import { RunDriver } from './run-driver.ts';
import { makeRunId } from './run-id.ts';
import { RunRecorder } from './run-recorder.ts';
import { isEnded, type RunState } from './run-state.ts';
import { createdEvent, type StartRequest } from './start-request.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly host: EngineHost;
  readonly ports: EnginePorts;
  readonly publish: (event: LiveEvent) => void;
  /** Told about what a run did that is a bug; the run fails, the app goes on. */
  readonly onBug: (error: unknown) => void;
}

interface LiveRun {
  readonly driver: RunDriver;
  readonly recorder: RunRecorder;
  readonly done: Promise<void>;
}

const QUIT_GRACE_MS = 10_000;
const FOLDED_RUNS = 16;

/** Starts, drives, recovers and ends runs (SPEC §3). One per project; the lease guards that. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #builtIns: Tool;
  readonly #live = new Map<string, LiveRun>();
  readonly #folded = new Map<string, { readonly state: RunState; readonly position: number }>();
  #isClosing = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { ports, host } = options;
    this.#builtIns = createBuiltIns({
      setTimer: ports.setTimer,
      now: ports.now,
      writeOutputFile: (runId, path, text) => host.writeOutputFile(runId, path, text),
    });
  }

  get builtIns(): Tool {
    return this.#builtIns;
  }

  /** The one way in for every trigger. Resolves when the run and the start of its first step are durable. */
  async start(request: StartRequest): Promise<{ readonly runId: string }> {
    const { store } = this.#options;
    this.#refuseWhenClosed();
    const startKey = request.startKey ?? null;
    const known = startKey === null ? null : store.runs.findByStartKey(startKey);
    if (known !== null) return { runId: known };
    const runId = this.#newRunId(request.version.workflow.id, startKey);
    const recorder = this.#recorder(runId, null);
    recorder.emit(createdEvent(runId, request, startKey), request.actor);
    recorder.emit({ type: 'run.started' }, request.actor);
    this.#launch(recorder, request.version, null);
    await recorder.lastCommit;
    return { runId };
  }

  /** Takes over every run that an earlier engine left open. Resolves when all are driven again. */
  async recoverAll(): Promise<readonly string[]> {
    const runIds = this.#options.store.runs.openRunIds().filter((runId) => !this.#live.has(runId));
    await Promise.all(runIds.map((runId) => this.#recover(runId)));
    return runIds;
  }

  /** Resume from failed, cancelled, paused and in doubt, and of a run that nobody drives (SPEC §3.8). */
  async resume(runId: string, actor: Actor): Promise<void> {
    this.#refuseWhenClosed();
    if (this.#live.has(runId)) throw illegal(runId, 'is running', 'Wait for it, or cancel it first.');
    const { recorder, events } = this.#load(runId);
    const { status } = recorder.state;
    if (status === 'completed') throw illegal(runId, 'has completed', 'Use retry or replay to run it again.');
    const version = await this.#options.host.loadVersion(recorder.state.created);
    const interrupted = openStart(recorder.state, events);
    recorder.emit(
      status === 'running' || status === 'pending' ? { type: 'run.recovered' } : { type: 'run.resumed' },
      actor,
    );
    this.#launch(recorder, version, interrupted);
    await recorder.lastCommit;
  }

  async cancel(runId: string, actor: Actor): Promise<string> {
    const live = this.#live.get(runId);
    if (live !== undefined) {
      await live.driver.cancel(actor);
      return live.recorder.state.status;
    }
    const { recorder } = this.#load(runId);
    if (isEnded(recorder.state.status))
      throw illegal(runId, `has already ended (${recorder.state.status})`, 'There is nothing left to cancel.');
    const version = await this.#options.host.loadVersion(recorder.state.created);
    recorder.emit({ type: 'run.cancel_requested' }, actor);
    this.#launch(recorder, version, null);
    await recorder.lastCommit;
    return recorder.state.status;
  }

  async pause(runId: string, actor: Actor): Promise<string> {
    const live = this.#live.get(runId);
    if (live === undefined) throw illegal(runId, 'is not running', 'Only a running run can be paused.');
    await live.driver.pause(actor);
    return live.recorder.state.status;
  }

  /** A person's decision about a step in doubt; the run then goes on by itself. */
  async resolve(
    runId: string,
    decision: { readonly path: string; readonly as: 'completed' | 'failed' | 'rerun'; readonly output: Json },
    actor: Actor,
  ): Promise<string> {
    this.#refuseWhenClosed();
    if (this.#live.has(runId)) throw illegal(runId, 'is running', 'It waits for no decision.');
    const { recorder } = this.#load(runId);
    if (recorder.state.steps.get(decision.path)?.status !== 'in_doubt') {
      throw new AppError('run.illegal_state', `Step '${decision.path}' is not in doubt.`, {
        hint: 'It may have been decided already: look again.',
      });
    }
    const version = await this.#options.host.loadVersion(recorder.state.created);
    const driver = this.#driver(recorder, version);
    await driver.resolveDoubt(decision.path, decision, actor);
    this.#launch(recorder, version, null);
    await recorder.lastCommit;
    return recorder.state.status;
  }

  /** Resolves when the run rests: ended, paused, in doubt. At once when nobody drives it. */
  async settled(runId: string): Promise<void> {
    await this.#live.get(runId)?.done;
  }

  isLive(runId: string): boolean {
    return this.#live.has(runId);
  }

  get liveCount(): number {
    return this.#live.size;
  }

  /** The state of any run; `run.not_found`. Ended runs are folded once and kept for a while. */
  stateOf(runId: string): { readonly state: RunState; readonly position: number } {
    const live = this.#live.get(runId);
    if (live !== undefined) return { state: live.recorder.state, position: live.recorder.position };
    const cached = this.#folded.get(runId);
    if (cached !== undefined) return cached;
    const { recorder } = this.#load(runId);
    this.#remember(runId, recorder);
    return { state: recorder.state, position: recorder.position };
  }

  /** Deletes an ended run with its log; its files are the caller's. */
  deleteRun(runId: string): void {
    if (this.#live.has(runId)) throw illegal(runId, 'is running', 'Cancel it first.');
    const run = this.#options.store.runs.find(runId);
    if (run === null) throw notFound(runId);
    if (!isEnded(run.status)) throw illegal(runId, `is ${run.status}`, 'Cancel it first.');
    this.#options.store.runs.delete(runId);
    this.#options.store.logs.delete(runId);
    this.#folded.delete(runId);
    this.#options.publish({ kind: 'run_deleted', position: this.#options.store.journal.position, runId });
  }

  /** DESIGN decision 8: no new steps, 10 s for running ones, then kill. */
  async close(graceMs = QUIT_GRACE_MS): Promise<void> {
    this.#isClosing = true;
    const runs = [...this.#live.values()];
    for (const run of runs) run.driver.stop();
    const allDone = Promise.all(runs.map((run) => run.done));
    const stopTimer = this.#options.ports.setTimer(graceMs, () => {
      for (const run of runs) run.driver.kill();
    });
    await allDone;
    stopTimer();
  }

  async #recover(runId: string): Promise<void> {
    try {
      const { recorder, events } = this.#load(runId);
      const interrupted = openStart(recorder.state, events);
      try {
        const version = await this.#options.host.loadVersion(recorder.state.created);
        recorder.emit({ type: 'run.recovered' });
        this.#launch(recorder, version, interrupted);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        recorder.emit(failRun(recorder.state, error));
        await recorder.commit();
      }
    } catch (error) {
      this.#options.onBug(error);
    }
  }

  /** Eight hex digits are few: an id that is taken (thousands of starts in one second) is drawn again. */
  #newRunId(workflowId: string, startKey: string | null): string {
    const { store, ports } = this.#options;
    for (let draw = 0; ; draw += 1) {
      const key = startKey === null || draw === 0 ? startKey : `${startKey}#${draw}`;
      const runId = makeRunId(workflowId, ports.now(), key, ports.randomHex);
      if (!this.#live.has(runId) && store.runs.runNo(runId) === null) return runId;
    }
  }

  #launch(recorder: RunRecorder, version: RunnableVersion, interrupted: StepStarted | null): void {
    const { runId } = recorder.state;
    this.#folded.delete(runId);
    const driver = this.#driver(recorder, version);
    const done = this.#drive(driver, recorder, interrupted).finally(() => this.#rest(runId, recorder));
    this.#live.set(runId, { driver, recorder, done });
  }

  async #drive(driver: RunDriver, recorder: RunRecorder, interrupted: StepStarted | null): Promise<void> {
    try {
      await driver.drive(interrupted);
    } catch (error) {
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

  #rest(runId: string, recorder: RunRecorder): void {
    this.#live.delete(runId);
    this.#remember(runId, recorder);
    if (!isEnded(recorder.state.status)) return;
    this.#options.host.forgetRun(runId, recorder.state.status).catch(this.#options.onBug);
  }

  #remember(runId: string, { state, position }: RunRecorder): void {
    this.#folded.set(runId, { state, position });
    if (this.#folded.size <= FOLDED_RUNS) return;
    const oldest = this.#folded.keys().next().value;
    if (oldest !== undefined) this.#folded.delete(oldest);
  }

  #driver(recorder: RunRecorder, version: RunnableVersion): RunDriver {
    const { host, ports, store } = this.#options;
    return new RunDriver({ recorder, version, host, ports, builtIns: this.#builtIns, logs: store.logs });
  }

  #recorder(runId: string, known: ConstructorParameters<typeof RunRecorder>[1]): RunRecorder {
    const { store, ports, publish } = this.#options;
    return new RunRecorder({ runId, journal: store.journal, now: ports.now, publish }, known);
  }

  #load(runId: string): { readonly recorder: RunRecorder; readonly events: readonly StoredEvent<RunEvent>[] } {
    const { store } = this.#options;
    const runNo = store.runs.runNo(runId);
    if (runNo === null) throw notFound(runId);
    const events = store.journal.readRun(runId);
    const state = foldRun(events);
    return { recorder: this.#recorder(runId, { state, runNo, position: events.at(-1)?.position ?? 0 }), events };
  }

  #refuseWhenClosed(): void {
    if (this.#isClosing) throw new AppError('engine.stopped', 'The app is closing: nothing new is started.');
    const stalled = this.#options.store.journal.stalledBy;
    if (stalled !== null) throw stalled;
  }
}

/** The start of the step that was running when the engine died, if one was. */
function openStart(state: RunState, events: readonly StoredEvent<RunEvent>[]): StepStarted | null {
  const running = [...state.steps.values()].find((record) => record.attempts.at(-1)?.status === 'running');
  if (running === undefined) return null;
  const started = events.findLast(
    (stored) => stored.event.type === 'step.started' && stored.event.path === running.path,
  );
  return (started?.event as StepStarted | undefined) ?? null;
}

const notFound = (runId: string): AppError =>
  new AppError('run.not_found', `Run not found: ${runId}`, { hint: "List the runs with 'aiworkflow runs list'." });

const illegal = (runId: string, what: string, hint: string): AppError =>
  new AppError('run.illegal_state', `Run ${runId} ${what}.`, { hint, details: { run_id: runId } });
