import type { RedisQueueBackend } from 'bullmq';
import type { Redis, RedisOptions } from 'ioredis';
import { AppError } from '../../../shared/errors.ts';
import { SCRIPTS, type ScriptName } from './scripts.ts';

/** Prefix of every key (SPEC §8). */
const PREFIX = 'aiworkflow';
/** Whoever does not answer for so long is taken for gone; what he was asked may have been done. */
const ANSWER_MS = 10_000;
const LONGEST_PAUSE_MS = 5_000;

const OPTIONS = {
  lazyConnect: true,
  // What cannot be said now is refused at once: whoever asks decides whether he asks again.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: ANSWER_MS,
  commandTimeout: ANSWER_MS,
  retryStrategy: (times: number) => Math.min(times * 100, LONGEST_PAUSE_MS),
} satisfies RedisOptions;

/** A connection to Redis that comes back by itself. Errors of all that is asked through it: `queue.unreachable`, `queue.refused`. */
export class RedisLink {
  readonly #url: string;
  readonly #onTurn: (isThere: boolean) => void;
  #redis: Redis | null = null;
  #listener: Redis | null = null;
  #connecting: Promise<Redis> | null = null;
  #queues = new Map<string, { readonly backend: RedisQueueBackend; readonly close: () => Promise<void> }>();
  #fault: unknown = null;
  #isClosed = false;

  /** `onTurn` hears when it is gone, and when it is there again. Error: `config.invalid` for an address that is none of Redis. */
  constructor(url: string, onTurn: (isThere: boolean) => void) {
    if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol))
      throw new AppError('config.invalid', 'queue.redis_url is no address of a Redis server.', {
        hint: 'Write it as redis://user:password@host:6379/0.',
      });
    this.#url = url;
    this.#onTurn = onTurn;
  }

  /** The connection, made when it is asked for first. */
  async redis(): Promise<Redis> {
    this.#connecting ??= this.#connect();
    const redis = await this.#connecting;
    if (redis.status !== 'ready') throw this.translate(this.#fault);
    return redis;
  }

  /** BullMQ's acts on a queue. */
  async queue(name: string, lockDuration: number): Promise<RedisQueueBackend> {
    const redis = await this.redis();
    const known = this.#queues.get(name);
    if (known !== undefined) return known.backend;
    const { Queue } = await import('bullmq');
    const options = { connection: redis, prefix: PREFIX, skipMetasUpdate: true, lockDuration };
    const queue = new Queue(name, options);
    queue.on('error', this.#note);
    // Its default: this one is built on Redis.
    const backend = queue.getBackend() as RedisQueueBackend;
    this.#queues.set(name, { backend, close: () => queue.close() });
    return backend;
  }

  /** One of our own acts. `args` as a function = as they are in the instant of sending. */
  async run(
    name: ScriptName,
    keys: readonly string[],
    args: readonly (string | number)[] | (() => readonly (string | number)[]),
  ): Promise<unknown> {
    const redis = (await this.redis()) as Redis & Record<ScriptName, (...all: (string | number)[]) => Promise<unknown>>;
    return redis[name](...keys, ...(typeof args === 'function' ? args() : args));
  }

  /** Hears what others tell on a channel, as long as the link lasts. */
  async listen(channel: string, listener: (told: string) => void): Promise<void> {
    const redis = await this.redis();
    if (this.#listener !== null || this.#isClosed) return;
    const ear = redis.duplicate({ ...OPTIONS, autoResubscribe: false });
    this.#listener = ear;
    ear.on('error', this.#note);
    ear.on('ready', () => void ear.subscribe(channel).catch(this.#note));
    ear.on('message', (_channel, told) => listener(told));
    await ear.connect().catch(this.#note);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { close } of this.#queues.values()) await close().catch(this.#note);
    this.#queues.clear();
    this.#listener?.disconnect();
    this.#redis?.disconnect();
  }

  /** What went wrong, as one of our errors; a fault of ours stays what it is. */
  translate(error: unknown): unknown {
    if (error instanceof AppError) return error;
    const said = error instanceof Error ? error.message : '';
    const place = placeOf(this.#url);
    if (/^(WRONGPASS|NOAUTH|NOPERM)|^ERR .*(AUTH|password)/.test(said))
      return new AppError('queue.refused', `Redis at ${place} refuses this user: ${said}`, {
        hint: 'Look at the user and the password in queue.redis_url or REDIS_URL, and at what that user may do.',
        cause: error,
      });
    if (isOurFault(error, said)) return error;
    const why = said === '' ? 'no connection' : said;
    return new AppError('queue.unreachable', `Redis at ${place} does not answer: ${why}`, {
      hint: 'Start it, or write its address as queue.redis_url or REDIS_URL. What waits there waits on.',
      cause: error,
    });
  }

  async #connect(): Promise<Redis> {
    const { Redis: Client } = await import('ioredis');
    const redis = new Client(this.#url, OPTIONS);
    this.#redis = redis;
    for (const [name, script] of Object.entries(SCRIPTS)) redis.defineCommand(name, script);
    redis.on('error', this.#note);
    redis.on('close', () => {
      if (this.#isClosed) return;
      const wasThere = this.#fault === null;
      this.#fault ??= new Error('the connection was lost');
      if (wasThere) this.#onTurn(false);
    });
    redis.on('ready', () => {
      const wasGone = this.#fault !== null;
      this.#fault = null;
      if (wasGone) this.#onTurn(true);
    });
    await redis.connect().catch(this.#note);
    return redis;
  }

  readonly #note = (error: unknown): void => {
    // That a connection is closed says less than why it could not be made.
    if (this.#fault === null || !(error instanceof Error && error.message === 'Connection is closed.'))
      this.#fault = error;
  };
}

/** Redis has answered: that what it was asked is wrong, or, in BullMQ's numbers, that it does not hold. */
const isOurFault = (error: unknown, said: string): boolean =>
  error instanceof Error &&
  (('code' in error && typeof error.code === 'number') ||
    error instanceof TypeError ||
    (error.name === 'ReplyError' && !/^(OOM|MISCONF|READONLY|LOADING|MASTERDOWN)/.test(said)));

/** Where it is, without the password. */
export function placeOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
