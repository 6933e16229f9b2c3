import type { SeenWorker, WorkerCard } from '../../../shared/model/queue.ts';
import type { RemoteChannel } from '../remote/channel.ts';
import { RedisLink } from './link.ts';
import type { ScriptName } from './scripts.ts';

/** Who told of a message stays known for so long: a worker that comes back later finds that another has it. */
const OWNER_MS = 30 * 86_400_000;
/** A worker that said nothing for so long is not shown any more. */
const FORGOTTEN_MS = 86_400_000;
const MOST_AT_ONCE = 50;

/** The ways between control centers and workers over Redis: a stream for each of them, one key a message for who has it. */
export class RedisRemoteChannel implements RemoteChannel {
  readonly #queue: string;
  readonly #link: RedisLink;
  readonly #ears = new Set<Ear>();
  #isListening = false;
  #isClosed = false;

  /** Connects when it is asked for something first. Error: `config.invalid`. */
  constructor({ url, queue }: { readonly url: string; readonly queue: string }) {
    this.#queue = queue;
    this.#link = new RedisLink(url, (isThere) => {
      if (isThere) this.lookAgain();
    });
  }

  async own(messageId: string, worker: string): Promise<string> {
    return String(await this.#run('remoteOwn', [this.#ownerKey(messageId)], [worker, OWNER_MS]));
  }

  async giveBack(messageId: string, worker: string): Promise<void> {
    await this.#run('remoteGiveBack', [this.#ownerKey(messageId)], [worker]);
  }

  async take(messageId: string, owner: string): Promise<void> {
    await this.#ask((redis) => redis.set(this.#ownerKey(messageId), owner, 'PX', OWNER_MS));
  }

  async tell(
    home: string,
    { messageId, worker }: { readonly messageId: string; readonly worker: string },
    text: string,
  ): Promise<boolean> {
    const keys = [this.#ownerKey(messageId), this.#streamKey('home', home)];
    const told = await this.#run('remoteTell', keys, [worker, text, this.#channel, OWNER_MS]);
    return told === 1;
  }

  async order(worker: string, text: string): Promise<void> {
    const key = this.#streamKey('worker', worker);
    await this.#ask((redis) => redis.xadd(key, '*', 't', text));
    await this.#ask((redis) => redis.publish(this.#channel, key));
  }

  hear(as: 'home' | 'worker', id: string, listener: (text: string) => Promise<void>): () => void {
    const ear = new Ear(this.#streamKey(as, id), listener, (work) => this.#ask(work));
    this.#ears.add(ear);
    this.lookAgain();
    return () => {
      ear.close();
      this.#ears.delete(ear);
    };
  }

  /** Looks at all that may have been told while nobody listened. */
  lookAgain(): void {
    if (this.#isClosed) return;
    if (!this.#isListening) {
      this.#isListening = true;
      this.#link
        .listen(this.#channel, (key) => {
          for (const ear of this.#ears) if (ear.key === key) ear.look();
        })
        .then(
          () => this.#lookAll(),
          () => {
            this.#isListening = false;
          },
        );
    }
    this.#lookAll();
  }

  async announce({ id, ...card }: WorkerCard): Promise<void> {
    await this.#run('remoteAnnounce', [this.#workersKey], [id, JSON.stringify(card)]);
  }

  async leave(worker: string): Promise<void> {
    await this.#ask((redis) => redis.hdel(this.#workersKey, worker));
  }

  async workers(): Promise<readonly SeenWorker[]> {
    const [seconds, micros] = await this.#ask((redis) => redis.time());
    const now = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
    const seen = Object.entries(await this.#ask((redis) => redis.hgetall(this.#workersKey))).flatMap(([id, said]) =>
      readCard(id, said, now),
    );
    const gone = seen.filter(({ silentMs }) => silentMs > FORGOTTEN_MS);
    for (const { id } of gone) await this.leave(id);
    return seen.filter((one) => !gone.includes(one)).toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const ear of this.#ears) ear.close();
    await this.#link.close();
  }

  #lookAll(): void {
    for (const ear of this.#ears) ear.look();
  }

  get #prefix(): string {
    return `aiworkflow:${this.#queue}`;
  }

  get #channel(): string {
    return `${this.#prefix}:x-remote`;
  }

  get #workersKey(): string {
    return `${this.#prefix}:x-workers`;
  }

  #ownerKey(messageId: string): string {
    return `${this.#prefix}:x-run:${messageId}`;
  }

  #streamKey(as: 'home' | 'worker', id: string): string {
    return `${this.#prefix}-${as === 'home' ? 'events' : 'orders'}:${id}`;
  }

  #run(name: ScriptName, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.#ask(() => this.#link.run(name, keys, args));
  }

  async #ask<T>(work: (redis: Awaited<ReturnType<RedisLink['redis']>>) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#link.redis());
    } catch (error) {
      throw this.#link.translate(error);
    }
  }
}

type Ask = <T>(work: (redis: Awaited<ReturnType<RedisLink['redis']>>) => Promise<T>) => Promise<T>;

/** Reads a stream from its beginning; what was heard is taken out of it. One look at a time. */
class Ear {
  readonly key: string;
  readonly #listener: (text: string) => Promise<void>;
  readonly #ask: Ask;
  #isLooking = false;
  #hasToLookAgain = false;
  #isClosed = false;

  constructor(key: string, listener: (text: string) => Promise<void>, ask: Ask) {
    this.key = key;
    this.#listener = listener;
    this.#ask = ask;
  }

  look(): void {
    this.#hasToLookAgain = true;
    if (this.#isLooking || this.#isClosed) return;
    this.#isLooking = true;
    this.#lookOn()
      // What cannot be asked now, or was not taken, is looked at with the next look.
      .catch(() => undefined)
      .finally(() => {
        this.#isLooking = false;
      });
  }

  close(): void {
    this.#isClosed = true;
  }

  async #lookOn(): Promise<void> {
    while (this.#hasToLookAgain && !this.#isClosed) {
      this.#hasToLookAgain = false;
      const found = await this.#ask((redis) => redis.xrange(this.key, '-', '+', 'COUNT', MOST_AT_ONCE));
      for (const [id, fields] of found) {
        if (this.#isClosed) return;
        await this.#listener(fields[1] ?? '');
        await this.#ask((redis) => redis.xdel(this.key, id));
      }
      if (found.length > 0) this.#hasToLookAgain = true;
    }
  }
}

/** Nothing for what is no card. */
function readCard(id: string, said: string, now: number): readonly SeenWorker[] {
  const at = Number(said.slice(0, said.indexOf(' ')));
  try {
    const card = JSON.parse(said.slice(said.indexOf(' ') + 1)) as Omit<WorkerCard, 'id'>;
    const { name, host, concurrency, busy, runs, since } = card;
    const isCard = typeof name === 'string' && typeof host === 'string' && Number.isFinite(at) && Array.isArray(runs);
    if (!isCard || ![concurrency, busy, since].every((one) => Number.isFinite(one))) return [];
    const shown = runs.filter((one) => typeof one === 'string').slice(0, 100);
    const version = typeof card.version === 'string' ? card.version.slice(0, 50) : null;
    return [{ id, name, host, version, concurrency, busy, runs: shown, since, silentMs: Math.max(0, now - at) }];
  } catch {
    return [];
  }
}
