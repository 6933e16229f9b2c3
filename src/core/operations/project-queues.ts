import type { LiveEvent, QueueView } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { QueueCounts, QueueMessage, QueueType, ShownMessage } from '../../shared/model/queue.ts';
import type { Actor, RunSummary } from '../../shared/model/run.ts';
import { type EngineHost, isEnded, mayRepeat } from '../engine/index.ts';
import {
  type EffectAhead,
  leaseLost,
  leaseUnsure,
  type QueueBackend,
  type QueuedRuns,
  QueueWorker,
  type RunStanding,
  serverFault,
  shownMetadata,
  TAKEN,
  waitsOf,
} from '../queue/index.ts';
import { openMemoryQueues } from '../storage/index.ts';
import { messageOf, startKeyOf } from './message-key.ts';
import { openBackend } from './open-backend.ts';
import type { ProjectSession } from './project-session.ts';
import { resumePaused } from './resume-paused.ts';
import { startQueued } from './start-queued.ts';

/** A queue that somebody has asked for, and who may take its messages here. */
export interface OpenQueue {
  readonly backend: QueueBackend;
  readonly worker: QueueWorker;
}

/** Which queue is meant; what is left out is that of the settings. */
export interface WhichQueue {
  readonly type?: QueueType | undefined;
  readonly queue?: string | undefined;
}

const HOUR_MS = 3_600_000;
const PAUSED_RUNS = 1000;
/** So many times of the last hour are shown. */
const DEPTHS = 24;
const QUEUE_ACTOR: Actor = { kind: 'system', id: 'queue', door: 'engine' };

/** The queues of an open project and who works on them (SPEC §8). They act in the one process that serves triggers. */
export class ProjectQueues {
  readonly #session: ProjectSession;
  readonly #version: string;
  readonly #publish: (event: LiveEvent) => void;
  readonly #onBug: (error: unknown) => void;
  readonly #open = new Map<string, OpenQueue>();
  #memory: ReturnType<typeof openMemoryQueues> | null = null;
  #isHosting = false;
  /** Runs that were told that their message is another's; `rests` = it has come to rest, and goes on only by a person's word. */
  readonly #lost = new Map<string, 'told' | 'rests'>();

  constructor(
    session: ProjectSession,
    {
      version,
      publish,
      onBug,
    }: {
      /** Of the program, as workers say it of themselves. */
      readonly version: string;
      readonly publish: (event: LiveEvent) => void;
      readonly onBug: (error: unknown) => void;
    },
  ) {
    this.#session = session;
    this.#version = version;
    this.#publish = publish;
    this.#onBug = onBug;
  }

  /** From now on messages of the queue of the settings are taken in this process. */
  async host(): Promise<void> {
    this.#isHosting = true;
    const { concurrency } = this.#session.config.queue;
    for (const { runId, error } of this.#session.store.runs.list({ status: ['paused'], limit: PAUSED_RUNS }).runs)
      if (error?.code === 'queue.lease_lost') this.#lost.set(runId, 'rests');
    this.#resumeUnsure();
    this.#session.remote.host();
    // An address that is none must not keep triggers from starting runs: whoever asks for the queue is told.
    if (concurrency > 0 && this.#hasServer()) await this.#serve(this.of({}), concurrency);
  }

  /** Takes so many messages of a queue at once from now on. Error: `queue.no_worker` where this process serves nothing. */
  async serve(
    which: WhichQueue,
    concurrency = Math.max(1, this.#session.config.queue.concurrency),
  ): Promise<OpenQueue> {
    if (!this.#isHosting)
      throw new AppError('queue.no_worker', 'This process takes no messages.', {
        hint: "Start a worker with 'aiworkflow queue worker'.",
      });
    const queue = this.of(which);
    await this.#serve(queue, concurrency);
    return queue;
  }

  async #serve({ backend, worker }: OpenQueue, concurrency: number): Promise<void> {
    if (backend.type === 'redis')
      this.#session.remote.workOn(backend.name, {
        ...{ worker, version: this.#version, runIds: () => worker.runIds, since: this.#session.clock.now() },
      });
    await worker.serve(concurrency);
  }

  /** The queue, opened when it is asked for first. Error: `config.invalid` where the address of its server is none. */
  of({ type = this.#session.config.queue.type, queue = this.#defaultName }: WhichQueue): OpenQueue {
    const key = `${type} ${queue}`;
    let open = this.#open.get(key);
    if (open === undefined) {
      open = this.#make(type, queue);
      this.#open.set(key, open);
    }
    return open;
  }

  /** That of the settings, all that have messages here, and all that somebody asked for. */
  all(): readonly OpenQueue[] {
    this.of({});
    for (const queue of this.#session.store.queues.names())
      if (!queue.startsWith(TAKEN)) this.of({ type: 'local', queue });
    return [...this.#open.values()];
  }

  /** Versions that messages on servers need; null = a server cannot be asked, and they may need any. */
  async versionsOnServers(): Promise<ReadonlySet<string> | null> {
    if (this.#hasServer()) this.of({});
    const versions = new Set<string>();
    for (const { backend } of this.#open.values()) {
      const named = await backend.versions().catch((error: unknown) => {
        if (serverFault(error) === null) throw error;
        return null;
      });
      if (named === null) return null;
      for (const hash of named) versions.add(hash);
    }
    return versions;
  }

  /** How many messages each of them holds; one whose server cannot be asked is left out. */
  async depths(): Promise<readonly (QueueCounts & { readonly name: string })[]> {
    if (!this.#hasServer()) return [];
    const views = await Promise.all(this.all().map((one) => this.view(one)));
    const known = views.filter(({ fault }) => fault === null).map(({ counts, name }) => ({ ...counts, name }));
    return known.filter(({ name }, at) => known.findIndex((one) => one.name === name) === at);
  }

  /** Where its server cannot be asked that is said instead: what waits there waits on. */
  async view({ backend, worker }: OpenQueue): Promise<QueueView> {
    const { type, name, place, rules } = backend;
    const { concurrency, busy } = worker;
    const own = {
      ...{ type, name, place, deadLetterQueue: rules.deadLetterQueue },
      worker: concurrency === 0 ? null : { busy, concurrency },
    };
    try {
      return { ...own, fault: null, ...(await this.#asked(backend)) };
    } catch (error) {
      const fault = serverFault(error);
      if (fault === null) throw error;
      return { ...own, fault, ...NOTHING_KNOWN };
    }
  }

  async #asked(backend: QueueBackend): Promise<typeof NOTHING_KNOWN> {
    const now = this.#session.clock.now();
    const every = HOUR_MS / (DEPTHS - 1);
    const instants = Array.from({ length: DEPTHS }, (_, at) => Math.round(now - HOUR_MS + at * every));
    const [counts, pause, depths, doneLastHour, loss, workers] = await Promise.all([
      backend.counts(),
      backend.paused(),
      backend.depths(instants),
      backend.doneSince(now - HOUR_MS),
      backend.loss(),
      backend.type === 'redis' ? this.#session.remote.workers(backend.name) : [],
    ]);
    return { counts, pause, depths, doneLastHour, loss, workers };
  }

  /** Messages with their runs and why each of them waits; `before` = so many that wait stand in front of the first. */
  async shown(
    { backend, worker }: OpenQueue,
    messages: readonly QueueMessage[],
    before = 0,
  ): Promise<readonly ShownMessage[]> {
    const { clock, config, engine, index } = this.#session;
    const of = config.workflows.maxConcurrent;
    const others = backend.type === 'redis' ? await this.#session.remote.workers(backend.name) : [];
    const waits = waitsOf(
      messages.filter(({ status }) => status === 'pending'),
      {
        pause: await backend.paused(),
        worker: worker.concurrency === 0 ? null : { busy: worker.busy, concurrency: worker.concurrency },
        others,
        lanes: { busy: of - engine.places.freeLanes, of },
        now: clock.now(),
      },
      before,
    ).values();
    const names = new Map((await index.items()).map(({ id, name }) => [id, name]));
    return messages.map((message) => {
      const runId = message.runId ?? this.#runs.find(message.id);
      return {
        ...message,
        metadata: shownMetadata(message.metadata),
        runId,
        workflowName: names.get(message.workflowId) ?? null,
        wait: message.status === 'pending' ? (waits.next().value ?? null) : null,
        runElsewhere: message.status === 'processing' && !worker.holds(message.id),
        runStatus: runId === null ? null : (this.#session.store.runs.find(runId)?.status ?? null),
      };
    });
  }

  /**
   * Whether a run is still this project's, asked before what may have an effect: a message on a server may be another's by now (SPEC §8). Null
   * = nobody else can have it. Errors: `queue.lease_lost`, once for a run until a person lets it go on; `queue.lease_unsure`.
   */
  keepsWork(run: Parameters<EngineHost['keepsWork']>[0], step: string): Promise<void> | null {
    const root = this.#rootOf(run);
    const messageId = messageOf(root.created.startKey);
    if (messageId === null || this.#lost.get(run.runId) === 'rests') return null;
    // What its control center took back from a lost worker is its own by now.
    if (this.#session.store.remoteRuns.find(messageId)?.state === 'taken') return null;
    if (this.#session.config.queue.type !== 'redis' && ![...this.#open.values()].some(isShared)) return null;
    return this.#requireHeld(messageId, run.runId, { runId: root.runId, step });
  }

  async #requireHeld(messageId: string, runId: string, ahead: EffectAhead): Promise<void> {
    if (this.#hasServer()) this.of({});
    const all = [...this.#open.values()].filter(isShared);
    const holding = all.filter(({ worker }) => worker.holds(messageId));
    let isUnsure = false;
    for (const { backend } of holding.length > 0 ? holding : all) {
      const hold = await backend.hold(messageId, ahead);
      if (hold === 'held') return;
      if (hold === 'lost') {
        this.#lost.set(runId, 'told');
        throw leaseLost(messageId);
      }
      if (hold === 'unsure') isUnsure = true;
    }
    if (isUnsure) throw leaseUnsure(messageId);
  }

  /** The run that was started, of which this one is a part. */
  #rootOf(run: Parameters<EngineHost['keepsWork']>[0]): Parameters<EngineHost['keepsWork']>[0] {
    const { parentRunId } = run.created;
    if (parentRunId === null) return run;
    return this.#rootOf({ runId: parentRunId, created: this.#session.engine.stateOf(parentRunId).state.created });
  }

  /** Runs that rest because the server could not be asked go on. */
  #resumeUnsure(): void {
    resumePaused(this.#session, ({ code }) => code === 'queue.lease_unsure', QUEUE_ACTOR, this.#onBug);
  }

  /** Something of a run was committed. */
  noteRun({ runId, status }: Pick<RunSummary, 'runId' | 'status'>): void {
    if (status === 'running' || status === 'pending') return;
    if (this.#lost.has(runId)) this.#lost.set(runId, 'rests');
    this.noteEnd(runId);
  }

  /** What is left to do for the message of a run can be done. */
  noteEnd(runId: string): void {
    for (const { worker } of this.#open.values()) worker.noteRun(runId);
  }

  /** No message is taken any more; what is at work goes on. */
  async stop(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ worker }) => worker.stop()));
  }

  /** What has not ended is given back; nothing of it asks the store any more. */
  async close(): Promise<void> {
    for (const { worker, backend } of this.#open.values()) {
      await worker.close();
      await backend.close();
    }
    this.#memory?.close();
  }

  /** Whether the queue of the settings can be opened. */
  #hasServer(): boolean {
    try {
      this.of({});
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'config.invalid') return false;
      throw error;
    }
  }

  get #defaultName(): string {
    return `${this.#session.config.queue.name}-default`;
  }

  #make(type: QueueType, name: string): OpenQueue {
    const { clock } = this.#session;
    const memory = (): ReturnType<typeof openMemoryQueues> => {
      this.#memory ??= openMemoryQueues();
      return this.#memory;
    };
    const backend = openBackend(this.#session, { type, name }, () => memory().rows);
    const onChange = (): void => this.#publish({ kind: 'queue' });
    backend.onChange((news) => {
      if (news === 'back') this.#resumeUnsure();
      onChange();
    });
    return { backend, worker: new QueueWorker({ backend, runs: this.#runs, clock, onChange, onBug: this.#onBug }) };
  }

  /** The engine's runs as a worker asks for them. */
  get #runs(): QueuedRuns {
    const { store, engine } = this.#session;
    return {
      find: (messageId) => store.runs.findByStartKey(startKeyOf(messageId)),
      start: (message) => startQueued(this.#session, message),
      goOn: async (runId) => {
        const run = this.#session.remote.elsewhere(runId);
        if (run !== null) await this.#session.remote.claim(run);
        await engine.resume(runId, QUEUE_ACTOR);
      },
      standing: (runId) => this.#standingOf(runId),
      get freeLanes() {
        return engine.places.freeLanes;
      },
    };
  }

  #standingOf(runId: string): RunStanding {
    const { store, engine, host, remote } = this.#session;
    const elsewhere = remote.elsewhere(runId);
    if (elsewhere !== null) return { kind: elsewhere.role === 'home' ? 'left' : 'cancelled' };
    if (remote.worker.isOpen(runId) && isEnded(store.runs.find(runId)?.status ?? 'running')) return { kind: 'working' };
    const run = store.runs.find(runId);
    if (run === null || run.status === 'cancelled') return { kind: 'cancelled' };
    const { status, waitsFor, error } = run;
    if (status === 'completed') return { kind: 'completed' };
    const { state } = engine.stateOf(runId);
    if (status === 'failed') {
      const reason = host.redact(error?.message ?? 'Its run has failed.');
      return { kind: 'failed', reason, mayRepeat: mayRepeat(state) };
    }
    if (engine.isLeft(state)) return { kind: 'left' };
    const isAtWork = status === 'running' || status === 'pending' || waitsFor === 'child' || waitsFor === 'queue';
    return { kind: isAtWork ? 'working' : 'resting' };
  }
}

/** Whether other projects may work on it too, message by message. */
const isShared = ({ backend }: OpenQueue): boolean => backend.type === 'redis';

/** What is shown of a queue that cannot be asked. */
const NOTHING_KNOWN: Pick<QueueView, 'counts' | 'pause' | 'depths' | 'doneLastHour' | 'loss' | 'workers'> = {
  counts: { pending: 0, delayed: 0, processing: 0, completed: 0, deadLetter: 0, oldestAt: null },
  ...{ pause: null, depths: Array.from({ length: DEPTHS }, () => 0), doneLastHour: 0, loss: 'unknown', workers: [] },
};
