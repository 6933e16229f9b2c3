import { createHash, randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { LiveEvent, QueueView } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { QueueCounts, QueueMessage, QueueType, ShownMessage } from '../../shared/model/queue.ts';
import type { Actor, RunSummary } from '../../shared/model/run.ts';
import { mayRepeat } from '../engine/index.ts';
import {
  type QueueBackend,
  type QueuedRuns,
  QueueWorker,
  RabbitQueue,
  RedisQueue,
  type RunStanding,
  serverFault,
  TAKEN,
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

/** SPEC §8. */
export const DEFAULT_REDIS_URL = 'redis://localhost:6379';
export const DEFAULT_RABBITMQ_URL = 'amqp://guest:guest@localhost:5672/';
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
    const { concurrency } = this.#session.config.queue;
    // An address that is none must not keep triggers from starting runs: whoever asks for the queue is told.
    if (this.#hasServer()) await this.of({}).worker.serve(concurrency);
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
    const [counts, pause, depths, doneLastHour, loss] = await Promise.all([
      backend.counts(),
      backend.paused(),
      backend.depths(instants),
      backend.doneSince(now - HOUR_MS),
      backend.loss(),
    ]);
    return { counts, pause, depths, doneLastHour, loss };
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
    const backend =
      type === 'redis' ? this.#onRedis(name) : type === 'rabbitmq' ? this.#onRabbit(name) : this.#inTable(type, name);
    const onChange = (): void => this.#publish({ kind: 'queue' });
    backend.onChange(onChange);
    return { backend, worker: new QueueWorker({ backend, runs: this.#runs, clock, onChange, onBug: this.#onBug }) };
  }

  #inTable(type: 'local' | 'memory', name: string): QueueBackend {
    const { store } = this.#session;
    if (type === 'memory') this.#memory ??= openMemoryQueues();
    const rows = type === 'memory' && this.#memory !== null ? this.#memory.rows : store.queues;
    return new TableQueue({ type, rows, ...this.#options(name) });
  }

  /** SPEC §8: `queue.redis_url`, else `REDIS_URL`, else this computer's. */
  #onRedis(name: string): QueueBackend {
    const { config, env, paths } = this.#session;
    const url = config.queue.redisUrl ?? env.REDIS_URL ?? DEFAULT_REDIS_URL;
    return new RedisQueue({ url, owner: ownerOf(paths.storeFile), ...this.#options(name) });
  }

  /** SPEC §8: `queue.rabbitmq_url`, else `RABBITMQ_URL`, else this computer's. */
  #onRabbit(name: string): QueueBackend {
    const { config, env, store } = this.#session;
    const url = config.queue.rabbitmqUrl ?? env.RABBITMQ_URL ?? DEFAULT_RABBITMQ_URL;
    return new RabbitQueue({ url, rows: store.queues, ...this.#options(name) });
  }

  #options(name: string) {
    const { config, clock } = this.#session;
    const historyMs = (): number => this.#session.storage.retention.queue * DAY_MS;
    return { name, rules: config.queue, now: clock.now, newLease: randomUUID, historyMs };
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

/** What is shown of a queue that cannot be asked. */
const NOTHING_KNOWN: Pick<QueueView, 'counts' | 'pause' | 'depths' | 'doneLastHour' | 'loss'> = {
  counts: { pending: 0, delayed: 0, processing: 0, completed: 0, deadLetter: 0, oldestAt: null },
  ...{ pause: null, depths: Array.from({ length: DEPTHS }, () => 0), doneLastHour: 0, loss: 'unknown' },
};

/** Names the store of this project on this computer: a copy of it is another one. */
function ownerOf(storeFile: string): string {
  const { ino, dev, birthtimeMs } = statSync(storeFile);
  return createHash('sha256')
    .update([hostname(), storeFile, ino, dev, birthtimeMs].join('\0'))
    .digest('hex')
    .slice(0, 16);
}
