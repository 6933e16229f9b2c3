import { randomUUID } from 'node:crypto';
import type { LiveEvent, QueueView } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { QueueCounts, QueueMessage, QueueType, ShownMessage } from '../../shared/model/queue.ts';
import type { Actor, RunSummary } from '../../shared/model/run.ts';
import { mayRepeat } from '../engine/index.ts';
import {
  type QueueBackend,
  type QueuedRuns,
  QueueWorker,
  type RunStanding,
  TableQueue,
  waitsOf,
} from '../queue/index.ts';
import { openMemoryQueues } from '../storage/index.ts';
import type { ProjectSession } from './project-session.ts';
import { startKeyOf, startQueued } from './start-queued.ts';

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
const DAY_MS = 24 * HOUR_MS;
/** So many times of the last hour are shown. */
const DEPTHS = 24;
const QUEUE_ACTOR: Actor = { kind: 'system', id: 'queue', door: 'engine' };

/** The queues of an open project and who works on them (SPEC §8). They act in the one process that serves triggers. */
export class ProjectQueues {
  readonly #session: ProjectSession;
  readonly #publish: (event: LiveEvent) => void;
  readonly #onBug: (error: unknown) => void;
  readonly #open = new Map<string, OpenQueue>();
  #memory: ReturnType<typeof openMemoryQueues> | null = null;
  #isHosting = false;

  constructor(
    session: ProjectSession,
    { publish, onBug }: { readonly publish: (event: LiveEvent) => void; readonly onBug: (error: unknown) => void },
  ) {
    this.#session = session;
    this.#publish = publish;
    this.#onBug = onBug;
  }

  /** From now on messages of the queue of the settings are taken in this process. */
  async host(): Promise<void> {
    this.#isHosting = true;
    const { type, concurrency } = this.#session.config.queue;
    if (isHere(type)) await this.of({}).worker.serve(concurrency);
  }

  /** Takes so many messages of a queue at once from now on. Error: `queue.no_worker` where this process serves nothing. */
  async serve(which: WhichQueue, concurrency = this.#session.config.queue.concurrency): Promise<OpenQueue> {
    if (!this.#isHosting)
      throw new AppError('queue.no_worker', 'This process takes no messages.', {
        hint: "Start a worker with 'aiworkflow queue worker'.",
      });
    const queue = this.of(which);
    await queue.worker.serve(concurrency);
    return queue;
  }

  /** The queue, opened when it is asked for first. Error: `engine.unsupported` for a type that this version has not. */
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
    if (isHere(this.#session.config.queue.type)) this.of({});
    for (const queue of this.#session.store.queues.names()) this.of({ type: 'local', queue });
    return [...this.#open.values()];
  }

  /** How many messages each of them holds. */
  async depths(): Promise<readonly (QueueCounts & { readonly name: string })[]> {
    const all = await Promise.all(
      this.all().map(async ({ backend }) => ({ ...(await backend.counts()), name: backend.name })),
    );
    return all.filter(({ name }, at) => all.findIndex((one) => one.name === name) === at);
  }

  async view({ backend, worker }: OpenQueue): Promise<QueueView> {
    const now = this.#session.clock.now();
    const every = HOUR_MS / (DEPTHS - 1);
    const instants = Array.from({ length: DEPTHS }, (_, at) => Math.round(now - HOUR_MS + at * every));
    const { concurrency, busy } = worker;
    return {
      type: backend.type,
      name: backend.name,
      counts: await backend.counts(),
      pause: await backend.paused(),
      worker: concurrency === 0 ? null : { busy, concurrency },
      deadLetterQueue: backend.rules.deadLetterQueue,
      depths: await backend.depths(instants),
      doneLastHour: await backend.doneSince(now - HOUR_MS),
    };
  }

  /** Messages with their runs and why each of them waits. */
  async shown({ backend, worker }: OpenQueue, messages: readonly QueueMessage[]): Promise<readonly ShownMessage[]> {
    const { clock, config, engine, index } = this.#session;
    const of = config.workflows.maxConcurrent;
    const waits = waitsOf(
      messages.filter(({ status }) => status === 'pending'),
      {
        pause: await backend.paused(),
        worker: worker.concurrency === 0 ? null : { busy: worker.busy, concurrency: worker.concurrency },
        lanes: { busy: of - engine.freeLanes, of },
        now: clock.now(),
      },
    ).values();
    const names = new Map((await index.items()).map(({ id, name }) => [id, name]));
    return messages.map((message) => {
      const runId = message.runId ?? this.#runs.find(message.id);
      return {
        ...message,
        runId,
        workflowName: names.get(message.workflowId) ?? null,
        wait: message.status === 'pending' ? (waits.next().value ?? null) : null,
        runStatus: runId === null ? null : (this.#session.store.runs.find(runId)?.status ?? null),
      };
    });
  }

  /** Something of a run was committed. */
  noteRun({ runId, status }: Pick<RunSummary, 'runId' | 'status'>): void {
    if (status === 'running' || status === 'pending') return;
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

  get #defaultName(): string {
    return `${this.#session.config.queue.name}-default`;
  }

  #make(type: QueueType, name: string): OpenQueue {
    if (!isHere(type))
      throw new AppError('engine.unsupported', `Queues of type '${type}' are not in this version.`, {
        hint: "Use 'local', which needs no server.",
      });
    const { store, config, clock } = this.#session;
    if (type === 'memory') this.#memory ??= openMemoryQueues();
    const rows = type === 'memory' && this.#memory !== null ? this.#memory.rows : store.queues;
    const backend = new TableQueue({
      ...{ type, name, rows, rules: config.queue, now: clock.now, newLease: randomUUID },
      historyMs: () => this.#session.storage.retention.queue * DAY_MS,
    });
    const onChange = (): void => this.#publish({ kind: 'queue' });
    backend.onChange(onChange);
    return { backend, worker: new QueueWorker({ backend, runs: this.#runs, clock, onChange, onBug: this.#onBug }) };
  }

  /** The engine's runs as a worker asks for them. */
  get #runs(): QueuedRuns {
    const { store, engine } = this.#session;
    return {
      find: (messageId) => store.runs.findByStartKey(startKeyOf(messageId)),
      start: (message) => startQueued(this.#session, message),
      goOn: (runId) => engine.resume(runId, QUEUE_ACTOR),
      standing: (runId) => this.#standingOf(runId),
      get freeLanes() {
        return engine.freeLanes;
      },
    };
  }

  #standingOf(runId: string): RunStanding {
    const { store, engine, host } = this.#session;
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

/** Types of queues that this version has. */
const isHere = (type: QueueType): type is 'local' | 'memory' => type === 'local' || type === 'memory';
