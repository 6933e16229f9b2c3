import { AppError } from '../../../shared/errors.ts';
import type { ConversationEntry } from '../../../shared/model/agent.ts';
import type { RunEvent } from '../../../shared/model/events.ts';
import { isEnded, type MirroredEvent } from '../../engine/index.ts';
import { type Order, parsed, type RemoteChannel, type RemoteRecord, readAs } from '../../queue/index.ts';
import type { RemoteRun } from '../../storage/index.ts';
import { startKeyOf } from '../message-key.ts';
import type { ProjectSession } from '../project-session.ts';
import { RUN_EVENTS } from './run-event-types.ts';

/** Said by a home itself, into what it is told: all that a worker had told before is heard by then. */
export const TAKEN = 'home.taken';

type From = { readonly id: string; readonly name: string };

/**
 * Writes down what workers elsewhere tell of runs of this project, and is the only one to do so. Invariants: (1) each event is written once,
 * by its number within its run; one that is missing is asked for again, and nothing behind it is written; (2) only what the worker tells
 * counts that has the run; (3) what cannot be is refused, and the worker is told why.
 */
export class RemoteHome {
  readonly #session: ProjectSession;
  readonly #order: (queue: string, worker: string, order: Order) => Promise<void>;
  /** Messages that are taken back: heard of once all is written that was told before. */
  readonly #taking = new Map<string, PromiseWithResolvers<void>>();

  constructor(session: ProjectSession, order: (queue: string, worker: string, order: Order) => Promise<void>) {
    this.#session = session;
    this.#order = order;
  }

  /** Resolves when all of it is written, or was refused; rejects where it is to be heard again. */
  async take(text: string): Promise<void> {
    const told = readAs('told', parsed(text));
    if (told === null || told.home !== this.#session.remote.id) return;
    const byMessage = Map.groupBy(told.records, ({ message_id: id }) => id);
    for (const [messageId, records] of byMessage) await this.#takeRecords(messageId, records, told.worker);
  }

  /** From now on the run of a message goes on here: resolves when all is written that its worker had told. Errors: `queue.unreachable`. */
  async takeBack(run: RemoteRun, channel: RemoteChannel): Promise<void> {
    const { id } = this.#session.remote;
    const { messageId, runId } = run;
    const taken = Promise.withResolvers<void>();
    this.#taking.set(messageId, taken);
    try {
      await channel.take(messageId, id);
      const records = [{ message_id: messageId, run_id: runId, seq: 1, type: TAKEN, at: 0, data: {} }];
      const worker = { id, name: id };
      await channel.tell(id, { messageId, worker: id }, JSON.stringify({ home: id, worker, records }));
      channel.lookAgain();
      await taken.promise;
    } finally {
      this.#taking.delete(messageId);
    }
  }

  async #takeRecords(messageId: string, records: readonly RemoteRecord[], from: From): Promise<void> {
    const { store, engine, remote } = this.#session;
    const run = store.remoteRuns.find(messageId);
    if (run === null || run.role !== 'home' || records.some(({ run_id: id }) => id !== run.runId))
      return this.#refuse(from, messageId, 'It is no run of this control center.');
    if (records[0]?.type === TAKEN && from.id === remote.id) return this.#took(run);
    const newest = store.runs.runNo(run.runId) === null ? 0 : await engine.mirror.lastSeq(run.runId);
    const isOld = records.every(({ type, seq }) => type in LOGS || seq <= newest);
    if (run.state === 'ended' && isOld) return;
    const isOpen = run.state === 'sent' || (run.state === 'open' && run.worker === from.id);
    if (!isOpen) return this.#refuse(from, messageId, lateReason(run));
    if (run.state === 'sent')
      store.remoteRuns.change(messageId, { state: 'open', worker: from.id, workerName: from.name });
    const events = records.filter(({ type, seq }) => !(type in LOGS) && seq > newest);
    if ((events[0]?.seq ?? newest + 1) !== newest + 1) return this.#askAgain(run, from, newest + 1);
    try {
      await this.#write(run, events);
    } catch (error) {
      if (error instanceof AppError && error.retryable) throw error;
      store.remoteRuns.change(messageId, { state: 'taken', note: noteOf(error) });
      return this.#refuse(from, messageId, noteOf(error));
    }
    const isWhole = records.filter(({ type }) => type in LOGS).every((one) => this.#say(run.runId, one));
    if (!isWhole) await this.#askAgain(run, from, newest + events.length + 1);
  }

  async #write(run: RemoteRun, records: readonly RemoteRecord[]): Promise<void> {
    if (records.length === 0) return;
    const { engine, store } = this.#session;
    const events = records.map((one, at) => {
      if (one.seq !== (records[0]?.seq ?? 0) + at) throw refusedEvent(`event ${one.seq} is out of its turn`);
      return mirrored(run, one);
    });
    await engine.mirror.take(run.runId, events);
    const status = store.runs.find(run.runId)?.status;
    if (status !== undefined && isEnded(status)) store.remoteRuns.change(run.messageId, { state: 'ended' });
  }

  /** Lines and entries behind those that are known; false = some before them are missing. */
  #say(runId: string, { type, seq, data }: RemoteRecord): boolean {
    const { logs, conversations } = this.#session.store;
    const total = type === 'log' ? logs.total(runId) : conversations.total(runId);
    if (seq > total + 1) return false;
    const behind = total + 1 - seq;
    if (type === 'log') for (const line of readAs('log', data)?.lines.slice(behind) ?? []) logs.append(runId, line);
    else
      for (const entry of readAs('conversation', data)?.entries.slice(behind) ?? [])
        conversations.append(runId, entry as ConversationEntry);
    return true;
  }

  #took({ messageId, runId }: RemoteRun): void {
    const { store, engine } = this.#session;
    store.remoteRuns.change(messageId, { state: 'taken', lostAt: store.journal.position });
    engine.mirror.letGo(runId);
    this.#taking.get(messageId)?.resolve();
  }

  #askAgain({ messageId, queue, runId }: RemoteRun, { id }: From, from: number): Promise<void> {
    const { logs, conversations } = this.#session.store;
    const known = { line: logs.total(runId) + 1, entry: conversations.total(runId) + 1 };
    return this.#order(queue, id, { type: 'tell_again', message_id: messageId, from, ...known });
  }

  async #refuse({ id }: From, messageId: string, reason: string): Promise<void> {
    const queue = this.#session.store.remoteRuns.find(messageId)?.queue;
    if (queue !== undefined) await this.#order(queue, id, { type: 'refused', message_id: messageId, reason });
  }
}

/** What stands beside the events of a run. */
const LOGS: Readonly<Record<string, true>> = { log: true, conversation: true };

/** An event as it is written here: the workflow stands where this project has it, and what is sealed elsewhere is not here. */
function mirrored(
  { messageId, versionHash, workflowPath }: RemoteRun,
  { seq, type, at, data }: RemoteRecord,
): MirroredEvent {
  const read = readAs('event', data);
  if (read === null || read.event.type !== type || !RUN_EVENTS.has(type)) throw refusedEvent(`event ${seq} is none`);
  const { v, actor } = read;
  const event = read.event as RunEvent;
  if ((event.type === 'run.created') !== (seq === 1)) throw refusedEvent('it does not begin where it must');
  if (event.type !== 'run.created') return { event, actor, at, v };
  if (event.versionHash !== versionHash || event.startKey !== startKeyOf(messageId))
    throw refusedEvent('it is not the run of this message');
  const { sealed: _sealed, ...created } = event;
  return { event: { ...created, workflowPath: workflowPath ?? created.workflowPath }, actor, at, v };
}

const lateReason = ({ state, workerName }: RemoteRun): string =>
  state === 'open' ? `${workerName ?? 'Another worker'} has it.` : 'It goes on, or has ended, at its control center.';

const refusedEvent = (why: string): AppError =>
  new AppError('queue.event_refused', `What a worker told of this run was refused: ${why}.`);

const noteOf = (error: unknown): string =>
  error instanceof AppError && error.code === 'queue.event_refused'
    ? error.message
    : 'What a worker told of this run was refused: its events do not follow from each other.';
