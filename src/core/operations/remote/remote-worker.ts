import { hostname } from 'node:os';
import { basename } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { QueueMessage } from '../../../shared/model/queue.ts';
import { type Order, parsed, type RemoteChannel, readOrder, type Shipped } from '../../queue/index.ts';
import type { RemoteRun } from '../../storage/index.ts';
import type { ProjectSession } from '../project-session.ts';
import { RunTeller } from './run-teller.ts';
import { remoteRunId } from './ship-version.ts';

interface WorkerOptions {
  readonly session: ProjectSession;
  readonly channelOf: (queue: string) => RemoteChannel;
  readonly onBug: (error: unknown) => void;
}

/** Runs of other control centers that are worked on here: begun once, told of, and stopped where another has them. */
export class RemoteWorker {
  readonly #options: WorkerOptions;
  readonly #tellers = new Map<string, RunTeller>();

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Goes on telling of the runs that are open here. */
  begin(): void {
    for (const run of this.#options.session.store.remoteRuns.list('worker', 'open')) this.#tell(run).look();
  }

  /**
   * This worker has the message from now on: `start` makes its run under the id that it has at home, too. Errors: `queue.begun_elsewhere` where
   * another worker has begun it, `queue.taken_back`, those of `start`.
   */
  async accept<T>(message: QueueMessage, brought: Shipped, start: (runId: string) => Promise<T>): Promise<T> {
    const { session, channelOf } = this.#options;
    const { id, workflowId, createdAt } = message;
    const owner = await channelOf(brought.queue).own(id, session.remote.id);
    if (owner === brought.home) throw new AppError('queue.taken_back', `${brought.home_name} goes on with it itself.`);
    if (owner !== session.remote.id)
      throw new AppError(
        'queue.begun_elsewhere',
        `Another worker has begun it: it waits for that one, or resume its run at ${brought.home_name}.`,
      );
    const runId = remoteRunId(workflowId, createdAt, id);
    session.store.remoteRuns.add({
      ...{ messageId: id, runId, role: 'worker', state: 'open' },
      ...{ queue: brought.queue, home: brought.home, workflowPath: null, versionHash: brought.version },
    });
    try {
      return await start(runId);
    } catch (error) {
      await this.#giveBack(id, brought.queue);
      throw error;
    }
  }

  /** It could not be begun: another may. */
  async #giveBack(messageId: string, queue: string): Promise<void> {
    const { session, channelOf } = this.#options;
    const run = session.store.remoteRuns.find(messageId);
    if (run === null || session.store.runs.find(run.runId) !== null) return;
    this.#tellers.get(run.runId)?.close();
    this.#tellers.delete(run.runId);
    session.store.remoteRuns.remove(messageId);
    // Where that cannot be said it stays with this worker, which looks again.
    await channelOf(queue)
      .giveBack(messageId, session.remote.id)
      .catch(() => undefined);
  }

  /** Something of a run was committed or said. */
  noteRun(runId: string): void {
    this.#tellerOf(runId)?.look();
  }

  /** See `EngineHost.untilTold`. */
  untilTold(runId: string, signal: AbortSignal): Promise<void> | null {
    return this.#tellerOf(runId)?.untilTold(signal) ?? null;
  }

  /** Whether its end is still to be told. */
  isOpen(runId: string): boolean {
    return this.#options.session.store.remoteRuns.isServed(runId);
  }

  /** Does what a control center asks for. What cannot be done now, such as a pause of what has ended, is not. */
  async obey(text: string): Promise<void> {
    const order = readOrder(parsed(text));
    const run = order === null ? null : this.#options.session.store.remoteRuns.find(order.message_id);
    if (order === null || run === null || run.role !== 'worker') return;
    // The server has lost what it had confirmed.
    const isMissed = order.type === 'tell_again' && run.state === 'ended';
    if (isMissed) this.#options.session.store.remoteRuns.change(run.messageId, { state: 'open' });
    else if (run.state !== 'open') return;
    try {
      await this.#carryOut(order, run);
    } catch (error) {
      if (!(error instanceof AppError)) this.#options.onBug(error);
    }
  }

  lookAgain(): void {
    for (const teller of this.#tellers.values()) teller.look();
  }

  close(): void {
    for (const teller of this.#tellers.values()) teller.close();
  }

  async #carryOut(order: Order, { runId }: RemoteRun): Promise<void> {
    const { engine } = this.#options.session;
    if (order.type === 'tell_again') {
      const { from: seq, line, entry } = order;
      this.#tellerOf(runId)?.tellAgain({ seq, line, entry });
    } else if (order.type === 'refused') this.#lose(runId, order.reason);
    else if (order.type === 'resolve') {
      const { path, as, output } = order;
      await engine.resolve(runId, { path, as, output }, order.by);
    } else await engine[order.type](runId, order.by);
  }

  /** Null = it is a run of this project, or is not told of any more. */
  #tellerOf(runId: string): RunTeller | null {
    const { remoteRuns } = this.#options.session.store;
    if (!remoteRuns.isServed(runId)) return null;
    const run = this.#tellers.get(runId) === undefined ? remoteRuns.ofRun(runId) : null;
    return run === null ? (this.#tellers.get(runId) ?? null) : this.#tell(run);
  }

  #tell(run: RemoteRun): RunTeller {
    const { session, channelOf } = this.#options;
    const known = this.#tellers.get(run.runId);
    if (known !== undefined) return known;
    const teller = new RunTeller(run, {
      ...{ session, channel: channelOf(run.queue) },
      worker: { id: session.remote.id, name: `${basename(session.paths.project)} on ${hostname()}` },
      onEnd: () => this.#ended(run),
      onLost: (reason) => this.#lose(run.runId, reason),
    });
    this.#tellers.set(run.runId, teller);
    return teller;
  }

  #ended({ messageId, runId }: RemoteRun): void {
    const { session } = this.#options;
    session.store.remoteRuns.change(messageId, { state: 'ended' });
    this.#drop(runId);
  }

  /** Nothing more of it is done here, and nothing told. */
  #lose(runId: string, note: string): void {
    const { store, engine } = this.#options.session;
    const run = store.remoteRuns.ofRun(runId);
    if (run === null || run.state !== 'open') return;
    store.remoteRuns.change(run.messageId, { state: 'taken', note });
    engine.mirror.halt(runId);
    this.#drop(runId);
  }

  #drop(runId: string): void {
    const { session } = this.#options;
    this.#tellers.get(runId)?.close();
    this.#tellers.delete(runId);
    const run = session.store.runs.find(runId);
    if (run !== null) session.queues.noteEnd(runId);
  }
}
