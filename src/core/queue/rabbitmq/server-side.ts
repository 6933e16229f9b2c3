import type { ConfirmChannel, GetMessage } from 'amqplib';
import { QUEUE_PRIORITIES } from '../../../shared/model/queue.ts';
import type { NewMessage } from '../../storage/index.ts';
import type { QueueNews, QueueRules } from '../backend.ts';
import { queueFull } from '../faults.ts';
import { foreignSent, readSent, writeSent } from '../sent-message.ts';
import { placeOf, RabbitLink } from './link.ts';

/** A message as it waits on the server. */
export interface OnServer {
  readonly id: string;
  readonly message: NewMessage;
  /** False = whoever sent it wrote no message. */
  readonly isMessage: boolean;
  /** The server took it from the others: it waited for too long. */
  readonly hasExpired: boolean;
}

interface ServerSideOptions {
  readonly url: string;
  readonly name: string;
  readonly rules: QueueRules;
  readonly now: () => number;
  /** Names this process among those that tell each other. */
  readonly me: string;
  readonly onNews: (news: QueueNews) => void;
}

/** Where a queue's messages wait for their instant, for their turn, and because they waited for too long. */
export type Place = 'delayed' | 'waiting' | 'expired';

/**
 * What waits on RabbitMQ. Invariants: (1) what `send` resolved for is confirmed by the server; (2) what is taken stays there until it was written
 * down here; (3) one look at a time: what is looked at is not there for others. Errors of all: `queue.unreachable`, `queue.refused`.
 */
export class ServerSide {
  readonly place: string;
  readonly #options: ServerSideOptions;
  readonly #link: RabbitLink;
  #turn: Promise<unknown> = Promise.resolve();
  /** False = it was looked, and nobody has told of a delayed message since. */
  #mayHaveDelayed = true;

  /** Error: `config.invalid`. */
  constructor(options: ServerSideOptions) {
    this.#options = options;
    this.#link = new RabbitLink({
      url: options.url,
      setUp: (channel) => this.#setUp(channel),
      onTurn: (isThere) => {
        this.#mayHaveDelayed = true;
        options.onNews(isThere ? 'back' : 'changed');
      },
    });
    this.place = placeOf(options.url);
  }

  /** Resolves once the server has confirmed it. Error: `queue.full`. */
  async send(message: NewMessage): Promise<void> {
    const { now } = this.#options;
    const isDelayed = message.notBefore !== null && message.notBefore > now();
    const options = {
      ...{ persistent: true, messageId: message.id, priority: QUEUE_PRIORITIES.indexOf(message.priority) },
      ...{ contentType: 'application/json', type: message.workflowId },
    };
    const content = Buffer.from(writeSent(message));
    const place = isDelayed ? 'delayed' : 'waiting';
    await this.#link.ask(async (channel) => {
      const sent = Promise.withResolvers<void>();
      channel.sendToQueue(this.#queueOf(place), content, options, (error: unknown) => this.#answered(sent, error));
      await sent.promise;
    });
    if (isDelayed) this.#mayHaveDelayed = true;
    this.tell(place);
  }

  #answered(sent: PromiseWithResolvers<void>, error: unknown): void {
    const { name, rules } = this.#options;
    if (error === null || error === undefined) sent.resolve();
    // The server itself says no only where the queue is full.
    else if (error instanceof Error && error.message === 'message nacked') sent.reject(queueFull(name, rules.maxSize));
    else sent.reject(error as Error);
  }

  /** Takes from the head as long as `keep` writes down what is there and wants more: `kept`, `last` = no more after it, `left` = it stays. */
  async take(place: Place, keep: (one: OnServer) => 'kept' | 'last' | 'left'): Promise<void> {
    if (place === 'delayed') {
      if (!this.#mayHaveDelayed) return;
      this.#mayHaveDelayed = false;
    }
    await this.#onTurn(async (channel) => {
      for (;;) {
        const got = await channel.get(this.#queueOf(place));
        if (got === false) return;
        const said = this.#keep(channel, got, () => keep(this.#read(got, place)));
        if (said !== 'kept') return;
      }
    }).catch((error: unknown) => {
      if (place === 'delayed') this.#mayHaveDelayed = true;
      throw error;
    });
  }

  /** Only what is written down is taken from the server. */
  #keep<T extends string>(channel: ConfirmChannel, got: GetMessage, keep: () => T): T {
    let said: T | null = null;
    try {
      said = keep();
      return said;
    } finally {
      if (said === null || said === 'left') channel.nack(got, false, true);
      else channel.ack(got);
    }
  }

  /** Those that wait, in their turn; they stay there. */
  async look(limit: number): Promise<readonly OnServer[]> {
    return this.#onTurn(async (channel) => {
      const seen: { readonly got: GetMessage; readonly place: Place }[] = [];
      for (const place of ['waiting', 'delayed'] as const)
        while (seen.length < limit) {
          const got = await channel.get(this.#queueOf(place));
          if (got === false) break;
          seen.push({ got, place });
        }
      for (const { got } of seen) channel.nack(got, false, true);
      return seen.map(({ got, place }) => this.#read(got, place));
    });
  }

  async count(): Promise<{ readonly waiting: number; readonly delayed: number }> {
    return this.#onTurn(async (channel) => ({
      waiting: (await channel.checkQueue(this.#queueOf('waiting'))).messageCount,
      delayed: (await channel.checkQueue(this.#queueOf('delayed'))).messageCount,
    }));
  }

  /** Removes what waits; gives how many. */
  async purge(): Promise<number> {
    const removed = await this.#onTurn(async (channel) => {
      let count = 0;
      for (const place of ['waiting', 'delayed'] as const)
        count += (await channel.purgeQueue(this.#queueOf(place))).messageCount;
      return count;
    });
    if (removed > 0) this.tell('waiting');
    return removed;
  }

  /** Tells others what has changed, where they can be told. */
  tell(place: Place): void {
    const told = Buffer.from(`${place} ${this.#options.me}`);
    this.#link.ask(async (channel) => channel.publish(this.#told, '', told)).catch(() => undefined);
  }

  /** From now on it is looked whether something is delayed, also where nobody told. */
  suspectDelayed(): void {
    this.#mayHaveDelayed = true;
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  #queueOf(place: Place): string {
    const { name } = this.#options;
    return place === 'waiting' ? name : `${name}.${place === 'delayed' ? 'delayed' : 'failed'}`;
  }

  get #told(): string {
    return `${this.#options.name}.told`;
  }

  async #setUp(channel: ConfirmChannel): Promise<void> {
    const { messageTtlMs, maxSize } = this.#options.rules;
    await channel.assertQueue(this.#queueOf('expired'), { durable: true });
    await channel.assertQueue(this.#queueOf('delayed'), { durable: true });
    await channel.assertQueue(this.#queueOf('waiting'), {
      ...{ durable: true, maxPriority: QUEUE_PRIORITIES.length - 1, messageTtl: messageTtlMs },
      ...{ deadLetterExchange: '', deadLetterRoutingKey: this.#queueOf('expired') },
      ...(maxSize > 0 ? { maxLength: maxSize, arguments: { 'x-overflow': 'reject-publish' } } : {}),
    });
    await channel.assertExchange(this.#told, 'fanout', { durable: false, autoDelete: true });
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, this.#told, '');
    await channel.consume(queue, (told) => this.#hear(told?.content.toString() ?? ''), { noAck: true });
  }

  #hear(told: string): void {
    const [place, who] = told.split(' ');
    if (who === undefined || who === this.#options.me) return;
    if (place === 'delayed') this.#mayHaveDelayed = true;
    this.#options.onNews('changed');
  }

  #read({ content, properties, fields }: GetMessage, place: Place): OnServer {
    const written = content.toString('utf8');
    const sent = readSent(written);
    const { messageId, type, timestamp } = properties;
    const hasId = typeof messageId === 'string' && messageId !== '';
    const id = hasId ? messageId : `foreign-${fields.deliveryTag}-${this.#options.me}`;
    const foreign = (): NewMessage => ({ ...foreignSent(type ?? '', written, Number(timestamp ?? 0) * 1000), id });
    const message = sent === null ? foreign() : { ...sent, id };
    return { id, message, isMessage: sent !== null, hasExpired: place === 'expired' };
  }

  #onTurn<T>(work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    const done = this.#turn.then(() => this.#link.ask(work));
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
