import type { ConfirmChannel, GetMessage } from 'amqplib';
import type { JsonMap } from '../../../shared/json.ts';
import {
  type MessageStatus,
  QUEUE_PRIORITIES,
  type QueueCounts,
  type QueueLoss,
  type QueueMessage,
  type QueuePause,
} from '../../../shared/model/queue.ts';
import type { NewMessage, QueueRepository } from '../../storage/index.ts';
import type { Claim, QueueBackend, QueueNews, QueueRules, Release } from '../backend.ts';
import { messageNotFound, notDead, queueFull } from '../faults.ts';
import { foreignSent, NO_MESSAGE, readSent, writeSent } from '../sent-message.ts';
import { TableQueue } from '../table-queue.ts';
import { placeOf, RabbitLink } from './link.ts';

/** What a queue on RabbitMQ is made of. */
export interface RabbitQueueOptions {
  readonly url: string;
  readonly name: string;
  readonly rules: QueueRules;
  /** Where what was taken from the server is kept. */
  readonly rows: QueueRepository;
  readonly now: () => number;
  readonly historyMs: () => number;
  readonly newLease: () => string;
}

/** Name of the table's queue that holds what was taken from the server. */
export const TAKEN = 'rabbitmq:';
/** At most so many that wait on the server are looked through. */
const LOOKED_AT = 1_000;

/** A message as it waits on the server. */
interface OnServer {
  readonly id: string;
  readonly message: NewMessage;
  readonly isMessage: boolean;
}

/**
 * A queue on RabbitMQ (SPEC §8): messages wait on the server until somebody takes them, and then in the store of whoever did, which is written
 * before the server hears of it. Invariants: (1) a message is confirmed by the server, or was not sent; (2) one that comes twice is in the
 * store once; (3) what was taken is a queue in a table, with its leases, attempts, retries, dead letters and history.
 */
export class RabbitQueue implements QueueBackend {
  readonly type = 'rabbitmq';
  readonly name: string;
  readonly place: string;
  readonly rules: QueueRules;
  readonly #options: RabbitQueueOptions;
  readonly #taken: TableQueue;
  readonly #link: RabbitLink;
  readonly #listeners = new Set<(news: QueueNews) => void>();
  readonly #me: string;
  /** One look at the server at a time: what is looked at is not there for others. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Connects when it is asked for something first. Error: `config.invalid`. */
  constructor(options: RabbitQueueOptions) {
    const { url, name, rules, rows, now, historyMs, newLease } = options;
    this.name = name;
    this.rules = rules;
    this.#options = options;
    this.#me = newLease();
    // What is taken was let in by the server.
    const own = { ...rules, maxSize: 0 };
    this.#taken = new TableQueue({
      type: 'local',
      name: `${TAKEN}${name}`,
      rules: own,
      rows,
      now,
      historyMs,
      newLease,
    });
    this.#taken.onChange(() => this.#tell('changed'));
    this.#link = new RabbitLink({
      url,
      setUp: (channel) => this.#setUp(channel),
      onTurn: (isThere) => this.#tell(isThere ? 'back' : 'changed'),
    });
    this.place = placeOf(url);
  }

  async publish(message: NewMessage): Promise<{ readonly message: QueueMessage; readonly isDuplicate: boolean }> {
    const known = message.dedupeKey === null ? null : await this.#withKey(message.dedupeKey);
    if (known !== null) return { message: known, isDuplicate: true };
    await this.#send(message);
    this.#tell('changed');
    return { message: this.#waiting({ id: message.id, message, isMessage: true }), isDuplicate: false };
  }

  async claim(): Promise<Claim | null> {
    if ((await this.#taken.paused()) !== null) return null;
    await this.#takeAll(this.#delayed, () => true);
    await this.#takeNext();
    return this.#outward(await this.#taken.claim());
  }

  async takeOver(): Promise<readonly Claim[]> {
    return (await this.#taken.takeOver()).map((claim) => this.#outward(claim));
  }

  renew = (claims: readonly Claim[]): Promise<void> => this.#taken.renew(claims.map((claim) => this.#inward(claim)));
  ack = (claim: Claim, runId: string): Promise<boolean> => this.#taken.ack(this.#inward(claim), runId);
  retry = (claim: Claim, error: string): Promise<boolean> => this.#taken.retry(this.#inward(claim), error);
  release = (claim: Claim, how: Release): Promise<boolean> => this.#taken.release(this.#inward(claim), how);
  deadLetter = (claim: Claim, reason: string, runId: string | null): Promise<boolean> =>
    this.#taken.deadLetter(this.#inward(claim), reason, runId);

  async requeue(id: string, message: NewMessage, noted: JsonMap): Promise<QueueMessage> {
    const old = await this.#taken.find(id);
    if (old === null) throw messageNotFound(id);
    if ((old.status !== 'failed' && old.status !== 'dead_letter') || old.requeuedAs !== null) throw notDead(id);
    await this.#send(message);
    this.#options.rows.noteRequeued(id, message.id, { ...old.metadata, ...noted });
    this.#tell('changed');
    return this.#waiting({ id: message.id, message, isMessage: true });
  }

  drop = (id: string): Promise<void> => this.#taken.drop(id);

  async find(id: string): Promise<QueueMessage | null> {
    const taken = await this.#taken.find(id);
    if (taken !== null) return this.#shown(taken);
    return (await this.#onServer(LOOKED_AT)).find((one) => one.id === id) ?? null;
  }

  async peek(limit: number): Promise<readonly QueueMessage[]> {
    const all = [...(await this.#taken.peek(limit)).map(this.#shown), ...(await this.#onServer(limit))];
    const rank = ({ priority }: QueueMessage): number => QUEUE_PRIORITIES.indexOf(priority);
    return all.sort((one, other) => rank(other) - rank(one)).slice(0, limit);
  }

  async list(statuses: readonly MessageStatus[], limit: number): Promise<readonly QueueMessage[]> {
    const waiting = statuses.includes('pending') ? await this.peek(limit) : [];
    const others = statuses.filter((status) => status !== 'pending');
    const taken = others.length === 0 ? [] : await this.#taken.list(others, limit);
    return [...waiting, ...taken.map(this.#shown)].slice(0, limit);
  }

  async counts(): Promise<QueueCounts> {
    const counts = await this.#taken.counts();
    const { waiting, delayed } = await this.#countOnServer();
    const [first] = waiting + delayed === 0 ? [] : await this.#onServer(1);
    const sent = [counts.oldestAt, first?.createdAt ?? null].filter((at) => at !== null);
    return {
      ...counts,
      pending: counts.pending + waiting + delayed,
      delayed: counts.delayed + delayed,
      oldestAt: sent.length === 0 ? null : Math.min(...sent),
    };
  }

  /** Of what waits on the server only the number of now is known. */
  async depths(instants: readonly number[]): Promise<readonly number[]> {
    const { waiting, delayed } = await this.#countOnServer();
    const taken = await this.#taken.depths(instants);
    return taken.map((depth, at) => (at === taken.length - 1 ? depth + waiting + delayed : depth));
  }

  doneSince = (at: number): Promise<number> => this.#taken.doneSince(at);
  pause = (by: string): Promise<void> => this.#taken.pause(by);
  resume = (): Promise<void> => this.#taken.resume();
  paused = (): Promise<QueuePause | null> => this.#taken.paused();

  async purge(all: boolean): Promise<number> {
    const removed = await this.#onTurn(async (channel) => {
      const counts = [];
      for (const queue of [this.name, this.#delayed]) counts.push((await channel.purgeQueue(queue)).messageCount);
      return counts.reduce((sum, count) => sum + count, 0);
    });
    const taken = await this.#taken.purge(all);
    if (removed > 0 && taken === 0) this.#tell('changed');
    return removed + taken;
  }

  async sweep(): Promise<void> {
    const now = this.#options.now();
    await this.#takeAll(this.#expired, () => true);
    await this.#takeAll(this.name, ({ message }) => this.#expiresAt(message) <= now);
    await this.#taken.sweep();
  }

  async dueAt(): Promise<number | null> {
    await this.#takeAll(this.#delayed, () => true);
    return this.#taken.dueAt();
  }

  /** Queues that last, messages that last, and a confirmation once they are written. */
  loss = async (): Promise<QueueLoss> => 'none';

  onChange(listener: (news: QueueNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#link.close();
  }

  get #delayed(): string {
    return `${this.name}.delayed`;
  }

  /** Where the server puts what waited for too long. */
  get #expired(): string {
    return `${this.name}.failed`;
  }

  get #told(): string {
    return `${this.name}.told`;
  }

  async #setUp(channel: ConfirmChannel): Promise<void> {
    const { messageTtlMs, maxSize } = this.rules;
    await channel.assertQueue(this.#expired, { durable: true });
    await channel.assertQueue(this.#delayed, { durable: true });
    await channel.assertQueue(this.name, {
      ...{ durable: true, maxPriority: QUEUE_PRIORITIES.length - 1, messageTtl: messageTtlMs },
      ...{ deadLetterExchange: '', deadLetterRoutingKey: this.#expired },
      ...(maxSize > 0 ? { maxLength: maxSize, arguments: { 'x-overflow': 'reject-publish' } } : {}),
    });
    await channel.assertExchange(this.#told, 'fanout', { durable: false, autoDelete: true });
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, this.#told, '');
    const hear = (told: { readonly content: Buffer } | null): void => {
      if (told !== null && told.content.toString() !== this.#me) for (const one of [...this.#listeners]) one('changed');
    };
    await channel.consume(queue, hear, { noAck: true });
  }

  /** Resolves once the server has confirmed it. Error: `queue.full`. */
  async #send(message: NewMessage): Promise<void> {
    const { maxSize } = this.rules;
    const isDelayed = message.notBefore !== null && message.notBefore > this.#options.now();
    if (maxSize > 0 && (await this.counts()).pending >= maxSize) throw queueFull(this.name, maxSize);
    await this.#ask((channel) => {
      const sent = Promise.withResolvers<void>();
      const options = {
        ...{ persistent: true, messageId: message.id, priority: QUEUE_PRIORITIES.indexOf(message.priority) },
        ...{ contentType: 'application/json', type: message.workflowId },
      };
      const onAnswer = (error: unknown): void => {
        if (error === null || error === undefined) sent.resolve();
        // The server itself says no only where the queue is full.
        else if (error instanceof Error && error.message === 'message nacked')
          sent.reject(queueFull(this.name, maxSize));
        else sent.reject(error as Error);
      };
      const queue = isDelayed ? this.#delayed : this.name;
      channel.sendToQueue(queue, Buffer.from(writeSent(message)), options, onAnswer);
      return sent.promise;
    });
  }

  async #withKey(key: string): Promise<QueueMessage | null> {
    const taken = this.#options.rows.findByKey(this.#taken.name, key);
    if (taken !== null) return this.#shown(taken);
    return (await this.#onServer(LOOKED_AT)).find(({ dedupeKey }) => dedupeKey === key) ?? null;
  }

  /** Takes the next message that is none to be buried. */
  async #takeNext(): Promise<void> {
    await this.#onTurn(async (channel) => {
      for (;;) {
        const got = await channel.get(this.name);
        if (got === false) return;
        const one = this.#read(got);
        this.#take(channel, got, { one, hasExpired: false });
        if (one.isMessage && this.#expiresAt(one.message) > this.#options.now()) return;
      }
    });
  }

  /** Takes from the head of a queue as long as that is to be taken. */
  async #takeAll(queue: string, isMeant: (one: OnServer) => boolean): Promise<void> {
    await this.#onTurn(async (channel) => {
      for (;;) {
        const got = await channel.get(queue);
        if (got === false) return;
        const one = this.#read(got);
        if (!isMeant(one)) return channel.nack(got, false, true);
        this.#take(channel, got, { one, hasExpired: queue === this.#expired });
      }
    });
  }

  /** Only what is written down is taken from the server. */
  #take(
    channel: ConfirmChannel,
    got: GetMessage,
    { one, hasExpired }: { readonly one: OnServer; readonly hasExpired: boolean },
  ): void {
    try {
      this.#keep(one, hasExpired);
    } catch (error) {
      channel.nack(got, false, true);
      throw error;
    }
    channel.ack(got);
  }

  /** Writes down what was taken; what is known already came twice. */
  #keep({ id, message, isMessage }: OnServer, hasExpired: boolean): void {
    const { rows, now } = this.#options;
    const { deadLetterQueue } = this.rules;
    const { name } = this.#taken;
    rows.together(() => {
      if (rows.find(name, id) !== null) return;
      rows.add(name, message, this.#expiresAt(message));
      if (isMessage && !hasExpired && this.#expiresAt(message) > now()) return;
      const status = deadLetterQueue === null ? 'failed' : 'dead_letter';
      rows.bury(id, { status, reason: isMessage ? 'expired' : NO_MESSAGE, now: now(), deadLetterQueue });
    });
  }

  /** Those that wait on the server, in their turn; they stay there. */
  async #onServer(limit: number): Promise<readonly QueueMessage[]> {
    return this.#onTurn(async (channel) => {
      const seen: GetMessage[] = [];
      for (const queue of [this.name, this.#delayed])
        while (seen.length < limit) {
          const got = await channel.get(queue);
          if (got === false) break;
          seen.push(got);
        }
      for (const got of seen) channel.nack(got, false, true);
      return seen.map((got) => this.#waiting(this.#read(got)));
    });
  }

  async #countOnServer(): Promise<{ readonly waiting: number; readonly delayed: number }> {
    return this.#onTurn(async (channel) => ({
      waiting: (await channel.checkQueue(this.name)).messageCount,
      delayed: (await channel.checkQueue(this.#delayed)).messageCount,
    }));
  }

  #read({ content, properties, fields }: GetMessage): OnServer {
    const written = content.toString('utf8');
    const sent = readSent(written);
    const { messageId, type, timestamp } = properties;
    const id =
      typeof messageId === 'string' && messageId !== '' ? messageId : `foreign-${fields.deliveryTag}-${this.#me}`;
    const foreign = (): NewMessage => ({ ...foreignSent(type ?? '', written, Number(timestamp ?? 0) * 1000), id });
    return { id, message: sent === null ? foreign() : { ...sent, id }, isMessage: sent !== null };
  }

  #expiresAt({ createdAt, notBefore }: NewMessage): number {
    return Math.max(createdAt, notBefore ?? 0) + this.rules.messageTtlMs;
  }

  #waiting({ message }: OnServer): QueueMessage {
    return {
      ...message,
      ...{ queue: this.name, status: 'pending', processedAt: null, endedAt: null, attempts: 0, error: null },
      ...{ runId: null, deadLetterQueue: null, requeuedAs: null },
    };
  }

  readonly #shown = (message: QueueMessage): QueueMessage => ({ ...message, queue: this.name });

  #outward<T extends Claim | null>(claim: T): T {
    return claim === null ? claim : { ...claim, message: this.#shown(claim.message) };
  }

  #inward({ message, lease }: Claim): Claim {
    return { message: { ...message, queue: this.#taken.name }, lease };
  }

  /** Asks the server; what goes wrong is said in our words. */
  async #ask<T>(work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#link.channel());
    } catch (error) {
      throw this.#link.translate(error);
    }
  }

  #onTurn<T>(work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    const done = this.#turn.then(() => this.#ask(work));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Tells others too, where they can be told. */
  #tell(news: QueueNews): void {
    for (const listener of [...this.#listeners]) listener(news);
    if (news === 'changed')
      this.#ask(async (channel) => channel.publish(this.#told, '', Buffer.from(this.#me))).catch(() => undefined);
  }
}
