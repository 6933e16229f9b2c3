import { randomUUID } from 'node:crypto';
import type { LiveEvent } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { type SeenWorker, SILENT_MS } from '../../../shared/model/queue.ts';
import type { Actor } from '../../../shared/model/run.ts';
import type { DoubtDecision } from '../../engine/index.ts';
import { type Order, RedisRemoteChannel, type RemoteChannel } from '../../queue/index.ts';
import type { RemoteRun } from '../../storage/index.ts';
import { redisUrlOf } from '../open-backend.ts';
import type { ProjectSession } from '../project-session.ts';
import { RemoteHome } from './remote-home.ts';
import { RemoteWorker } from './remote-worker.ts';
import { type WorkerDesk, workerCard } from './worker-card.ts';

/** How often a worker says that it is there, and everybody looks whether something was told. */
const BEAT_MS = 5_000;

/** What can be asked of a worker, and who asks. */
type Asked =
  | { readonly type: 'cancel' | 'pause' | 'resume'; readonly by: Actor }
  | ({ readonly type: 'resolve'; readonly by: Actor } & DoubtDecision);

interface Parts {
  readonly publish: (event: LiveEvent) => void;
  readonly onBug: (error: unknown) => void;
}

/**
 * Runs whose control center and worker are two projects (SPEC §8 "Worker"): those of this project that go on elsewhere, and those of others that
 * are worked on here. They reach each other over the server of their queue and by nothing else.
 */
export class RemoteRuns {
  readonly #session: ProjectSession;
  readonly #parts: Parts;
  readonly #channels = new Map<string, RemoteChannel>();
  readonly #desks = new Map<string, WorkerDesk>();
  readonly #heard = new Set<string>();
  readonly home: RemoteHome;
  readonly worker: RemoteWorker;
  #id: string | null = null;
  #stopBeat: (() => void) | null = null;
  #isHosting = false;

  constructor(session: ProjectSession, parts: Parts) {
    this.#session = session;
    this.#parts = parts;
    this.home = new RemoteHome(session, (queue, worker, order) => this.#order(queue, worker, order));
    this.worker = new RemoteWorker({ session, channelOf: (queue) => this.#channelOf(queue), onBug: parts.onBug });
  }

  /** Names this project among all control centers and workers. */
  get id(): string {
    this.#id ??= this.#session.store.remoteRuns.homeId(randomUUID);
    return this.#id;
  }

  /** From now on what workers tell of the runs of this project is written down, and what is open here is told of. */
  host(): void {
    this.#isHosting = true;
    const { remoteRuns } = this.#session.store;
    for (const { queue } of [...remoteRuns.list('home', 'open'), ...remoteRuns.list('home', 'sent')])
      this.listenTo(queue);
    this.worker.begin();
  }

  /** Hears what workers of a queue tell this control center, as long as it is open here. */
  listenTo(queue: string): void {
    if (this.#isHosting) this.#listen(queue);
  }

  #listen(queue: string): void {
    if (this.#heard.has(queue)) return;
    this.#heard.add(queue);
    this.#channelOf(queue).hear('home', this.id, (text) => this.home.take(text));
    this.#beatLater();
  }

  /** This project works on a queue: it hears what control centers ask of it, and says that it is there. */
  workOn(queue: string, desk: WorkerDesk): void {
    if (this.#desks.has(queue)) return;
    this.#desks.set(queue, desk);
    this.#channelOf(queue).hear('worker', this.id, (text) => this.worker.obey(text));
    this.listenTo(queue);
    this.#beat();
  }

  /** The other workers of a queue. Errors: `queue.unreachable`, `queue.refused`. */
  async workers(queue: string): Promise<readonly SeenWorker[]> {
    return (await this.#channelOf(queue).workers()).filter(({ id }) => id !== this.id);
  }

  /** The run that goes on elsewhere; null = it does not. */
  elsewhere(runId: string): RemoteRun | null {
    const { remoteRuns } = this.#session.store;
    return remoteRuns.isElsewhere(runId) ? remoteRuns.ofRun(runId) : null;
  }

  /** Asks the worker of a run that goes on elsewhere for something. Errors: `queue.unreachable`, `run.elsewhere`. */
  async ask({ messageId, queue, worker, role }: RemoteRun, what: Asked): Promise<void> {
    if (role !== 'home' || worker === null)
      throw new AppError('run.elsewhere', 'Another goes on with this run: nothing of it is done here any more.');
    await this.#order(queue, worker, { ...what, message_id: messageId } as Order);
  }

  /**
   * A run whose worker is lost goes on here: what had an effect there and has no end stands in doubt. Errors: `run.elsewhere` while its worker
   * is there, `queue.unreachable`.
   */
  async takeBack(run: RemoteRun): Promise<void> {
    if (await this.isThere(run))
      throw new AppError('run.elsewhere', `${run.workerName} is at work on this run.`, {
        hint: 'Cancel it, or wait for its end.',
      });
    await this.claim(run);
  }

  /** Whether the worker of a run was heard of lately. Error: `queue.unreachable`. */
  async isThere({ queue, worker }: RemoteRun): Promise<boolean> {
    const seen = (await this.#channelOf(queue).workers()).find(({ id }) => id === worker);
    return seen !== undefined && seen.silentMs < SILENT_MS;
  }

  /** How long ago the worker of a run was heard of, UTC ms; null = nobody knows. */
  async silence({ queue, worker }: RemoteRun): Promise<number | null> {
    const seen = await this.#channelOf(queue)
      .workers()
      .catch(() => []);
    return seen.find(({ id }) => id === worker)?.silentMs ?? null;
  }

  /** The same for whoever holds the message of the run: its worker has lost it. Error: `queue.unreachable`. */
  async claim(run: RemoteRun): Promise<void> {
    if (run.role !== 'home') throw new AppError('run.elsewhere', 'Another goes on with this run.');
    this.#listen(run.queue);
    await this.home.takeBack(run, this.#channelOf(run.queue));
  }

  /**
   * This control center is to work on a message of its own: what a worker elsewhere had begun of it is written down by now. Error:
   * `queue.unreachable`.
   */
  async claimOwn(messageId: string): Promise<void> {
    const run = this.#session.store.remoteRuns.find(messageId);
    if (run === null || run.role !== 'home') return;
    const owner = await this.#channelOf(run.queue).own(messageId, this.id);
    if (owner !== this.id) await this.claim(run);
    else this.#session.store.remoteRuns.remove(messageId);
  }

  async close(): Promise<void> {
    this.#stopBeat?.();
    this.worker.close();
    for (const [queue, channel] of this.#channels) {
      if (this.#desks.has(queue)) await channel.leave(this.id).catch(() => undefined);
      await channel.close();
    }
  }

  async #order(queue: string, worker: string, order: Order): Promise<void> {
    await this.#channelOf(queue).order(worker, JSON.stringify(order));
  }

  #channelOf(queue: string): RemoteChannel {
    let channel = this.#channels.get(queue);
    if (channel === undefined) {
      channel = new RedisRemoteChannel({ url: redisUrlOf(this.#session), queue });
      this.#channels.set(queue, channel);
    }
    return channel;
  }

  #beat(): void {
    for (const channel of this.#channels.values()) channel.lookAgain();
    this.worker.lookAgain();
    if (this.#channels.size > 0) this.#parts.publish({ kind: 'queue' });
    for (const [queue, desk] of this.#desks)
      this.#channelOf(queue)
        .announce(workerCard(this.#session, this.id, desk))
        // Said again with the next beat.
        .catch(() => undefined);
    this.#beatLater();
  }

  #beatLater(): void {
    this.#stopBeat?.();
    this.#stopBeat = this.#session.clock.setTimer(BEAT_MS, () => this.#beat());
  }
}
