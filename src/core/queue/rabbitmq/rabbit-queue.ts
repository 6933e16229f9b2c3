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
import type { Claim, Hold, QueueBackend, QueueNews, QueueRules, Release } from '../backend.ts';
import { queueFull } from '../faults.ts';
import { NO_MESSAGE } from '../sent-message.ts';
import { TableQueue } from '../table-queue.ts';
import { type OnServer, ServerSide } from './server-side.ts';

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
  readonly #server: ServerSide;
  readonly #listeners = new Set<(news: QueueNews) => void>();
  /** Something was taken since others were told. */
  #hasTaken = false;

  /** Connects when it is asked for something first. Error: `config.invalid`. */
  constructor(options: RabbitQueueOptions) {
    const { url, name, rules, rows, now, historyMs, newLease } = options;
    this.name = name;
    this.rules = rules;
    this.#options = options;
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
    this.#server = new ServerSide({
      ...{ url, name, rules, now, me: newLease() },
      onNews: (news) => this.#tell(news),
    });
    this.place = this.#server.place;
  }

  async publish(message: NewMessage): Promise<{ readonly message: QueueMessage; readonly isDuplicate: boolean }> {
    const known = message.dedupeKey === null ? null : await this.#withKey(message.dedupeKey);
    if (known !== null) return { message: known, isDuplicate: true };
    await this.#requireRoom();
    await this.#server.send(message);
    this.#tell('changed');
    return { message: this.#waiting(message), isDuplicate: false };
  }

  async claim(): Promise<Claim | null> {
    if ((await this.#taken.paused()) !== null) return null;
    await this.#server.take('delayed', this.#keepAll);
    let claim: Claim | null = null;
    // Taken and claimed in one commit. One that comes twice is no turn of somebody.
    await this.#server.take('waiting', (one) => {
      this.#options.rows.together(() => {
        if (this.#keep(one) && this.#mayBegin(one)) claim = this.#taken.claimNow(one.message);
      });
      return claim === null ? 'kept' : 'last';
    });
    claim ??= this.#taken.claimNow();
    if (claim === null && this.#hasTaken) {
      this.#hasTaken = false;
      this.#server.tell('waiting');
    }
    return this.#outward(claim);
  }

  async takeOver(): Promise<readonly Claim[]> {
    return (await this.#taken.takeOver()).map((claim) => this.#outward(claim));
  }

  renew = (claims: readonly Claim[]): Promise<void> => this.#taken.renew(claims.map((claim) => this.#inward(claim)));
  /** What was taken is in the table of this project alone. */
  hold = (id: string): Promise<Hold> => this.#taken.hold(id);
  noteLate = (): Promise<void> => this.#taken.noteLate();
  ack = (claim: Claim, runId: string): Promise<boolean> => this.#taken.ack(this.#inward(claim), runId);
  retry = (claim: Claim, error: string): Promise<boolean> => this.#taken.retry(this.#inward(claim), error);
  release = (claim: Claim, how: Release): Promise<boolean> => this.#taken.release(this.#inward(claim), how);
  deadLetter = (claim: Claim, reason: string, runId: string | null): Promise<boolean> =>
    this.#taken.deadLetter(this.#inward(claim), reason, runId);

  /** It waits here, where it was buried: that it was sent again and that it waits are one commit. */
  async requeue(id: string, message: NewMessage, noted: JsonMap): Promise<QueueMessage> {
    await this.#requireRoom();
    return this.#shown(await this.#taken.requeue(id, message, noted));
  }

  drop = (id: string): Promise<void> => this.#taken.drop(id);

  async find(id: string): Promise<QueueMessage | null> {
    const taken = await this.#taken.find(id);
    if (taken !== null) return this.#shown(taken);
    return (await this.#onServer(LOOKED_AT)).find((one) => one.id === id) ?? null;
  }

  async peek(limit: number, offset = 0): Promise<readonly QueueMessage[]> {
    const end = offset + limit;
    const all = [...(await this.#taken.peek(end)).map(this.#shown), ...(await this.#onServer(end))];
    const now = this.#options.now();
    // Those that wait for a time stand behind all others.
    const rank = ({ priority, notBefore }: QueueMessage): number =>
      QUEUE_PRIORITIES.indexOf(priority) - ((notBefore ?? 0) > now ? QUEUE_PRIORITIES.length : 0);
    return all.sort((one, other) => rank(other) - rank(one)).slice(offset, end);
  }

  async list(statuses: readonly MessageStatus[], limit: number): Promise<readonly QueueMessage[]> {
    const waiting = statuses.includes('pending') ? await this.peek(limit) : [];
    const others = statuses.filter((status) => status !== 'pending');
    const taken = others.length === 0 ? [] : await this.#taken.list(others, limit);
    return [...waiting, ...taken.map(this.#shown)].slice(0, limit);
  }

  async counts(): Promise<QueueCounts> {
    const counts = await this.#taken.counts();
    const { waiting, delayed } = await this.#server.count();
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
    const { waiting, delayed } = await this.#server.count();
    const taken = await this.#taken.depths(instants);
    return taken.map((depth, at) => (at === taken.length - 1 ? depth + waiting + delayed : depth));
  }

  doneSince = (at: number): Promise<number> => this.#taken.doneSince(at);
  pause = (by: string): Promise<void> => this.#taken.pause(by);
  resume = (): Promise<void> => this.#taken.resume();
  paused = (): Promise<QueuePause | null> => this.#taken.paused();

  async purge(all: boolean): Promise<number> {
    const removed = await this.#server.purge();
    const taken = await this.#taken.purge(all);
    if (removed > 0 && taken === 0) this.#tell('changed');
    return removed + taken;
  }

  async sweep(): Promise<void> {
    const now = this.#options.now();
    this.#server.suspectDelayed();
    await this.#server.take('expired', this.#keepAll);
    await this.#server.take('waiting', (one) => (this.#expiresAt(one.message) <= now ? this.#keepAll(one) : 'left'));
    await this.#taken.sweep();
  }

  async dueAt(): Promise<number | null> {
    await this.#server.take('delayed', this.#keepAll);
    return this.#taken.dueAt();
  }

  async versions(): Promise<ReadonlySet<string> | null> {
    const waiting = await this.#onServer(LOOKED_AT);
    return waiting.length === LOOKED_AT ? null : new Set(waiting.flatMap(({ versionHash }) => versionHash ?? []));
  }

  /** Queues that last, messages that last, and a confirmation once they are written. */
  loss = async (): Promise<QueueLoss> => 'none';

  onChange(listener: (news: QueueNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#server.close();
  }

  /** Error: `queue.full`. */
  async #requireRoom(): Promise<void> {
    const { maxSize } = this.rules;
    if (maxSize > 0 && (await this.counts()).pending >= maxSize) throw queueFull(this.name, maxSize);
  }

  async #withKey(key: string): Promise<QueueMessage | null> {
    const taken = this.#options.rows.findByKey(this.#taken.name, key);
    if (taken !== null) return this.#shown(taken);
    return (await this.#onServer(LOOKED_AT)).find(({ dedupeKey }) => dedupeKey === key) ?? null;
  }

  /** Writes down what was taken; false = it is known already: it came twice. */
  #keep({ id, message, isMessage, hasExpired }: OnServer): boolean {
    const { rows, now } = this.#options;
    const { deadLetterQueue } = this.rules;
    const { name } = this.#taken;
    this.#hasTaken = true;
    return rows.together(() => {
      if (rows.find(name, id) !== null) return false;
      rows.add(name, message, this.#expiresAt(message));
      if (isMessage && !hasExpired && this.#expiresAt(message) > now()) return true;
      const status = deadLetterQueue === null ? 'failed' : 'dead_letter';
      rows.bury(id, { status, reason: isMessage ? 'expired' : NO_MESSAGE, now: now(), deadLetterQueue });
      return true;
    });
  }

  readonly #keepAll = (one: OnServer): 'kept' => {
    this.#keep(one);
    return 'kept';
  };

  #mayBegin({ message, isMessage }: OnServer): boolean {
    return isMessage && this.#expiresAt(message) > this.#options.now();
  }

  /** Those that wait on the server, in their turn. */
  async #onServer(limit: number): Promise<readonly QueueMessage[]> {
    return (await this.#server.look(limit)).map(({ message }) => this.#waiting(message));
  }

  #expiresAt({ createdAt, notBefore }: NewMessage): number {
    return Math.max(createdAt, notBefore ?? 0) + this.rules.messageTtlMs;
  }

  #waiting(message: NewMessage): QueueMessage {
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

  #tell(news: QueueNews): void {
    for (const listener of [...this.#listeners]) listener(news);
  }
}
