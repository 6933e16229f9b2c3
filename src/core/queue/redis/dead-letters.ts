import type { RedisQueueBackend } from 'bullmq';
import type { Redis } from 'ioredis';
import type { JsonMap } from '../../../shared/json.ts';
import type { QueueMessage } from '../../../shared/model/queue.ts';
import { messageNotFound, notDead } from '../faults.ts';
import { type JobFields, toMessage } from './job-message.ts';
import type { QueueKeys } from './keys.ts';
import type { RedisLink } from './link.ts';
import { addJob } from './publish.ts';
import { jobsOf } from './reading.ts';

type Transaction = ReturnType<Redis['multi']>;

interface DeadLettersOptions {
  readonly link: RedisLink;
  readonly redis: Redis;
  readonly keys: QueueKeys;
  readonly name: string;
  /** The queue that is named for dead letters; null = they stay in BullMQ's failed set. */
  readonly graves: RedisQueueBackend | null;
}

/** What moves when a dead letter was sent again: its fields, and where it lies. */
export interface MovingLetter {
  readonly fields: JobFields;
  readonly isInGraves: boolean;
}

/** Dead letters: in the failed set, or copied by id into the queue that is named for them and then removed (SPEC §8). */
export class DeadLetters {
  readonly #options: DeadLettersOptions;

  constructor(options: DeadLettersOptions) {
    this.#options = options;
  }

  /** Those in the failed set into the queue of dead letters, where there is one; each is in one of both at any time. */
  async moveAll(): Promise<void> {
    const { redis, keys, graves, name } = this.#options;
    if (graves === null) return;
    const ids = await redis.zrange(keys.failed, '0', '-1');
    for (const { id, fields } of await jobsOf(redis, keys.prefix, ids)) {
      const all = redis.multi();
      const createdAt = Number(fields.timestamp);
      const { name: job = '', data = '' } = fields;
      addJob(graves, all, { id, name: job, data, createdAt, notBefore: null, priority: 0 });
      all.hset(graves.toKey(id), { ...fields, priority: 0, 'x-from': name, 'x-grave': this.#graveName });
      all.zadd(keys.dead, fields.finishedOn ?? createdAt, id);
      all.zrem(keys.failed, id).del(keys.job(id));
      await done(all);
    }
  }

  /** Where one of the queue of dead letters lies. */
  job(id: string): string {
    return `${this.#prefix}${id}`;
  }

  async find(id: string): Promise<QueueMessage | null> {
    const [job] = await jobsOf(this.#options.redis, this.#prefix, [id]);
    return job === undefined ? null : this.#message(id, job.fields);
  }

  /** All of them, newest first, also those that were sent again. */
  async list(limit: number): Promise<readonly QueueMessage[]> {
    const { redis, keys } = this.#options;
    const newest = (key: string): Promise<string[]> => redis.zrevrange(key, 0, limit - 1);
    const own = await jobsOf(redis, keys.prefix, [...(await newest(keys.failed)), ...(await newest(keys.requeued))]);
    const moved = await jobsOf(redis, this.#prefix, await newest(keys.dead));
    return [...own, ...moved].map(({ id, fields }) => this.#message(id, fields));
  }

  /** Error: `queue.message_not_found`, `queue.not_dead`. */
  async drop(id: string): Promise<void> {
    const { redis, keys } = this.#options;
    const moving = await this.whatMoves(id);
    const all = redis.multi().zrem(keys.failed, id).zrem(keys.dead, id);
    this.#remove(all, id, moving);
    await done(all);
  }

  /** A dead letter that nobody has sent again. Errors: `queue.message_not_found`, `queue.not_dead`. */
  async whatMoves(id: string): Promise<MovingLetter> {
    const { redis, keys } = this.#options;
    const isInGraves = (await redis.zscore(keys.dead, id)) !== null;
    const [job] = await jobsOf(redis, isInGraves ? this.#prefix : keys.prefix, [id]);
    if (job === undefined) throw messageNotFound(id);
    if (!isInGraves && (await redis.zscore(keys.failed, id)) === null) throw notDead(id);
    return { fields: job.fields, isInGraves };
  }

  /** As acts of a transaction: it lies with those that were sent again. */
  requeue(
    all: Transaction,
    id: string,
    { requeuedAs, noted, ...moving }: MovingLetter & { readonly requeuedAs: string; readonly noted: JsonMap },
  ): void {
    const { keys } = this.#options;
    const { fields } = moving;
    const metadata = { ...this.#message(id, fields).metadata, ...noted };
    all.zrem(keys.failed, id).zrem(keys.dead, id);
    this.#remove(all, id, moving);
    all.hset(keys.job(id), { ...fields, 'x-requeued-as': requeuedAs, 'x-metadata': JSON.stringify(metadata) });
    all.zadd(keys.requeued, fields.finishedOn ?? 0, id);
  }

  /** Removes those of the queue of dead letters that ended before; gives how many. */
  async removeBefore(before: string): Promise<number> {
    const { link, keys, graves } = this.#options;
    if (graves === null) return 0;
    let removed = 0;
    for (;;) {
      const where = [keys.dead, keys.expiring, graves.keys.wait ?? ''];
      const count = Number(await link.run('queueRemoveMany', where, [this.#prefix, before]));
      removed += count;
      if (count === 0) return removed;
    }
  }

  #remove(all: Transaction, id: string, { isInGraves }: MovingLetter): void {
    all.del(`${isInGraves ? this.#prefix : this.#options.keys.prefix}${id}`);
    const { graves } = this.#options;
    if (isInGraves && graves !== null) all.lrem(graves.keys.wait ?? '', 1, id);
  }

  get #prefix(): string {
    return this.#options.graves?.toKey('') ?? this.#options.keys.prefix;
  }

  get #graveName(): string {
    return this.#options.graves?.qualifiedName.replace(/^[^:]*:/, '') ?? '';
  }

  #message(id: string, fields: JobFields): QueueMessage {
    return toMessage(id, fields, { queue: this.#options.name, status: 'dead' });
  }
}

async function done(all: Transaction): Promise<void> {
  for (const [error] of (await all.exec()) ?? []) if (error !== null) throw error;
}
