import type { LiveEvent } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { RunEnded, StepStarted } from '../../shared/model/events.ts';
import type { Store } from '../storage/index.ts';
import { hasCalledEffects } from './agent-calls.ts';
import { type EngineTools, resolveAction } from './attempt.ts';
import { diedTwice, hasDiedBefore, noteDeath, tracesOf, wasStopped } from './death-evidence.ts';
import { failRun } from './finish.ts';
import type { EngineHost, EnginePorts, RunnableVersion } from './ports.ts';
import type { RunRecorder } from './run-recorder.ts';
import { isEnded } from './run-state.ts';
import type { StoredRun } from './stored-run.ts';

/** A run that nobody drives, read from the store. */
export interface LoadedRun {
  readonly recorder: RunRecorder;
  /** The starts that have no end yet. */
  readonly interrupted: readonly StepStarted[];
  readonly events: StoredRun['events'];
}

interface RecoveryOptions {
  readonly store: Store;
  readonly host: EngineHost;
  readonly ports: EnginePorts;
  readonly publish: (event: LiveEvent) => void;
  readonly onBug: (error: unknown) => void;
  readonly tools: EngineTools;
  readonly load: (runId: string) => LoadedRun;
  readonly launch: (recorder: RunRecorder, version: RunnableVersion, interrupted: readonly StepStarted[]) => void;
  /** Ends a run that nobody can drive. */
  readonly end: (recorder: RunRecorder, event: RunEnded) => Promise<void>;
}

/**
 * Takes over what an engine that died has left open. A run over which the engine died twice in a row is not resumed by itself (SPEC
 * §3.8). Two things are evidence that it was this run: the mark of the run that was just being decided about, and an open attempt that
 * was the engine's own work (a model, a server; what a helper's child does, the engine only waits for). Where the mark names a run, all
 * others are bystanders.
 */
export class RunRecovery {
  readonly #options: RecoveryOptions;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /**
   * The run that the engine before was deciding about when it died; null = none of these. That is on record before the run is read, for
   * reading it may be what kills; and where it is so for the second time the run is not read at all, it `isPaused`.
   */
  async takeUpMark(open: readonly string[]): Promise<{ readonly runId: string; readonly isPaused: boolean } | null> {
    const { store, ports, publish, onBug } = this.#options;
    const runId = store.deciding.left;
    if (runId === null) return null;
    let isPaused = false;
    try {
      if (!open.includes(runId)) return null;
      isPaused = hasDiedBefore(store.journal.readTraces(runId));
      publish(await noteDeath(store, runId, { isSecond: isPaused, at: ports.now() }));
    } catch (error) {
      onBug(error);
    } finally {
      store.deciding.takeUp();
    }
    return { runId, isPaused };
  }

  /** Reads the run and drives it on, or lets it stand paused. `marked` = the run that the death fell to. Never rejects. */
  async recover(runId: string, marked: string | null): Promise<void> {
    const { store, host, load, onBug } = this.#options;
    try {
      const loaded = store.deciding.during(runId, () => load(runId));
      const { recorder } = loaded;
      try {
        const version = await host.loadVersion(recorder.state.created);
        if (runId === marked || (await this.#noteRecovery(loaded, version, marked)))
          this.#options.launch(recorder, version, loaded.interrupted);
      } catch (error) {
        if (!(error instanceof AppError) || isEnded(recorder.state.status)) throw error;
        await this.#options.end(recorder, failRun(recorder.state, error));
      }
    } catch (error) {
      onBug(error);
    }
  }

  /** False = the engine died over this run once more: it is paused. */
  async #noteRecovery(loaded: LoadedRun, version: RunnableVersion, marked: string | null): Promise<boolean> {
    const { recorder, events } = loaded;
    const { runId, currentStep } = recorder.state;
    if (marked !== null || wasStopped(events) || isEnded(recorder.state.status) || !this.#wasActedOn(loaded, version)) {
      recorder.emit({ type: 'run.recovered' });
      return true;
    }
    const isSecond = hasDiedBefore(tracesOf(events));
    const reason = diedTwice(runId, currentStep).toRecord();
    recorder.emit(isSecond ? { type: 'run.paused', reason } : { type: 'run.recovered', suspect: true });
    // Durable before anything is tried that may kill again.
    await recorder.commit();
    return !isSecond;
  }

  /** What had an effect is not acted on again by itself: it is looked up and stands in doubt. */
  #wasActedOn({ interrupted, recorder }: LoadedRun, version: RunnableVersion): boolean {
    return interrupted.some(({ effect, path, action }) => {
      if (effect === 'effect' || hasCalledEffects(recorder.state, path)) return false;
      const { tool } = resolveAction(action, version, this.#options.tools);
      return tool.category !== 'script' && tool.category !== 'built_in';
    });
  }
}
