import type { LiveEvent } from '../../shared/contract/index.ts';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { Actor } from '../../shared/model/run.ts';
import { actorText, EVENT_VERSION, type Journal } from '../storage/index.ts';
import { applyEvent } from './fold.ts';
import { shownOf } from './loops.ts';
import { projectRun, projectStepRows } from './projection.ts';
import { newRunState, type RunState, type StepRecord } from './run-state.ts';

/** Who does what the engine does by itself. */
export const ENGINE_ACTOR: Actor = { kind: 'system', id: 'engine', door: 'engine' };

/** Attempts of a step that one commit can have changed: a start ends the one before. */
const ATTEMPTS_PER_COMMIT = 2;

/** It moves nothing in the row of the run but how far it has come. */
const isProgress = (type: RunEvent['type']): boolean =>
  (type.startsWith('step.') || type.startsWith('frame.')) && type !== 'step.resolved';

/** Path -> action of the steps whose call cannot simply be made again. */
const actsOf = (records: readonly StepRecord[]): ReadonlyMap<string, string> =>
  new Map(
    records.flatMap(({ path, calls, effect }) =>
      effect === 'effect' && calls !== null ? [[path, calls] as const] : [],
    ),
  );

interface RecorderOptions {
  readonly runId: string;
  readonly journal: Journal;
  readonly now: () => number;
  readonly publish: (event: LiveEvent) => void;
}

/**
 * The one writer of a run's journal. `emit` applies an event to the state in memory at once, `commit` makes everything emitted
 * since durable together and then tells the screens. Whoever emits must commit before it gives control away, so that positions
 * are handed out in the order of the commits.
 */
export class RunRecorder {
  readonly #options: RecorderOptions;
  readonly #stream: string;
  readonly #touched = new Set<StepRecord>();
  #state: RunState | null;
  #runNo: number;
  #pending: StoredEvent<RunEvent>[] = [];
  #startKey: string | null = null;
  #position = 0;
  #lastCommit: Promise<void> = Promise.resolve();

  /** For a new run `known` is null and the first event must be `run.created`. */
  constructor(
    options: RecorderOptions,
    known: { readonly state: RunState; readonly runNo: number; readonly position: number } | null,
  ) {
    this.#options = options;
    this.#stream = `run:${options.runId}`;
    this.#state = known?.state ?? null;
    this.#runNo = known?.runNo ?? options.journal.takeRunNo();
    this.#position = known?.position ?? 0;
  }

  get state(): RunState {
    if (this.#state === null) throw new Error('a run has no state before run.created');
    return this.#state;
  }

  get runNo(): number {
    return this.#runNo;
  }

  /** Position of the newest event of this run. */
  get position(): number {
    return this.#position;
  }

  /** Applies an event to the state at once; durable with the next `commit`. */
  emit(event: RunEvent, actor: Actor = ENGINE_ACTOR): void {
    this.take({ event, actor, at: this.#options.now(), v: EVENT_VERSION });
  }

  /** The same for an event that was written at another place, with its own time. */
  take({ event, actor, at, v }: Pick<StoredEvent<RunEvent>, 'event' | 'actor' | 'at' | 'v'>): void {
    if (event.type === 'run.created') {
      this.#startKey = event.startKey;
      this.#state = newRunState(this.#options.runId, event, at, actorText(actor));
      this.#state.settled.readFrom((seqs) => this.#options.journal.readThese(this.#options.runId, seqs));
    }
    const state = this.state;
    const position = this.#options.journal.takePosition();
    const stored = { position, stream: this.#stream, seq: state.seq + 1, v, at, actor, event };
    const record = applyEvent(state, stored);
    if (record !== null) this.#touched.add(record);
    if (event.type === 'run.resumed' || event.type === 'run.created')
      for (const one of state.steps.values()) this.#touched.add(one);
    this.#pending.push(stored);
    this.#position = position;
  }

  /** Resolves when all that was emitted so far is durable: whoever drives the run may still be on the way to its first commit. */
  durable(): Promise<void> {
    return this.#pending.length === 0 ? this.#lastCommit : this.commit();
  }

  /** Durable when it resolves. Does nothing when nothing was emitted. */
  commit(): Promise<void> {
    if (this.#pending.length === 0) return Promise.resolve();
    this.#lastCommit = this.#write();
    return this.#lastCommit;
  }

  async #write(): Promise<void> {
    const events = this.#pending;
    const records = [...this.#touched];
    this.#pending = [];
    this.#touched.clear();
    const run = projectRun(this.state);
    const steps = records.flatMap((record) => projectStepRows(record, ATTEMPTS_PER_COMMIT));
    const isNew = events[0]?.event.type === 'run.created';
    const isProgressOnly = events.every(({ event }) => isProgress(event.type));
    const live: LiveEvent = {
      kind: 'run',
      position: this.#position,
      run,
      ...shownOf(this.state, records),
    };
    const commit = {
      runNo: this.#runNo,
      isNew,
      isProgressOnly,
      startKey: this.#startKey,
      events,
      run,
      steps,
      acts: actsOf(records),
    };
    try {
      await this.#options.journal.append(commit);
    } catch (error) {
      this.#takeBack(events, records);
      throw error;
    }
    this.state.settled.written(events.at(-1)?.seq ?? 0);
    this.#options.publish(live);
  }

  /** Nothing of a commit that was refused is written: its events stay the first of the next one, so that no gap comes into being. */
  #takeBack(events: readonly StoredEvent<RunEvent>[], records: readonly StepRecord[]): void {
    this.#pending = [...this.#pending, ...events].sort((one, other) => one.seq - other.seq);
    for (const record of records) this.#touched.add(record);
  }
}
