import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { Store } from '../storage/index.ts';
import { illegalState } from './refusals.ts';
import type { ActPorts } from './run-acts.ts';
import type { RunRecorder } from './run-recorder.ts';
import { isEnded } from './run-state.ts';

/** What another engine wrote; its number follows from its place. */
export type MirroredEvent = Pick<StoredEvent<RunEvent>, 'event' | 'actor' | 'at' | 'v'>;

/** So many runs that go on elsewhere are kept in memory; what comes of others has them read anew. */
const KEPT = 64;

/** Writes down what happens to runs that go on elsewhere; nobody here drives them. */
export class RunMirror {
  readonly #engine: Pick<ActPorts, 'turns' | 'live' | 'load' | 'keep'>;
  readonly #store: Pick<Store, 'runs'>;
  readonly #open: (runId: string) => RunRecorder;
  readonly #recorders = new Map<string, RunRecorder>();

  constructor(engine: ActPorts, store: Pick<Store, 'runs'>, open: (runId: string) => RunRecorder) {
    this.#engine = engine;
    this.#store = store;
    this.#open = open;
  }

  /** How many events of a run are written. */
  async lastSeq(runId: string): Promise<number> {
    return this.#engine.turns.take(runId, async () => this.#known(runId)?.state.seq ?? 0);
  }

  /**
   * Appends what comes behind the last event that is known, in the turn of the run. Durable when it resolves. Rejects and writes nothing where
   * the events do not follow from each other; `run.illegal_state` for a run that is driven here.
   */
  take(runId: string, events: readonly MirroredEvent[]): Promise<void> {
    const { turns, live, keep } = this.#engine;
    return turns.take(runId, async () => {
      if (live(runId) !== undefined) throw illegalState(runId, 'is running', 'It goes on here.');
      const recorder = this.#known(runId) ?? this.#open(runId);
      this.#recorders.delete(runId);
      for (const one of events) recorder.take(one);
      await recorder.commit();
      keep(recorder);
      if (isEnded(recorder.state.status)) return;
      this.#recorders.set(runId, recorder);
      const [oldest] = this.#recorders.keys();
      if (this.#recorders.size > KEPT && oldest !== undefined) this.#recorders.delete(oldest);
    });
  }

  /** Ends the running attempts of a run that another goes on with; nothing of it begins here any more. */
  halt(runId: string): void {
    this.#engine.live(runId)?.driver.kill();
  }

  /** Somebody here goes on with it. */
  letGo(runId: string): void {
    this.#recorders.delete(runId);
  }

  #known(runId: string): RunRecorder | null {
    const kept = this.#recorders.get(runId);
    if (kept !== undefined) return kept;
    return this.#store.runs.runNo(runId) === null ? null : this.#engine.load(runId).recorder;
  }
}
