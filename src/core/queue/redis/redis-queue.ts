import type { JsonMap } from '../../../shared/json.ts';
import type { MessageStatus, QueueCounts, QueueLoss, QueueMessage, QueuePause } from '../../../shared/model/queue.ts';
import type { NewMessage } from '../../storage/index.ts';
import type { Claim, EffectAhead, Hold, QueueBackend, QueueNews, QueueRules, Release } from '../backend.ts';
import { serverFault } from '../faults.ts';
import { NO_MESSAGE } from '../sent-message.ts';
import { begunElsewhere, fieldsOf, isLost, jobOf, LOST } from './claims.ts';
import { DeadLetters } from './dead-letters.ts';
import { lossOf } from './durability.ts';
import { isMessage, type JobFields, toMessage } from './job-message.ts';
import { keysOf } from './keys.ts';
import { placeOf, RedisLink } from './link.ts';
import { addMessage } from './publish.ts';
import { countsOf, depthsOf, dueAtOf, findJob, jobsOf, type Parts, peekOf, versionsOf } from './reading.ts';
import { removeJobs, sweepQueue } from './sweeping.ts';
import { Telling, tellOthers } from './telling.ts';

/** What a queue on Redis is made of. */
export interface RedisQueueOptions {
  readonly url: string;
  readonly name: string;
  readonly rules: QueueRules;
  readonly now: () => number;
  /** How long what has ended stays; asked each time. */
  readonly historyMs: () => number;
  /** Names this project on this computer, and no other: what it held before a restart is its again. */
  readonly owner: string;
  /** The same in words, for those who look at the queue elsewhere. */
  readonly ownerName: string;
  readonly newLease: () => string;
}

/**
 * A queue on Redis (SPEC §8): each message is a job of BullMQ with the message's id. Invariants: (1) a message lies in one of BullMQ's sets, or
 * in ours of dead letters, and moves by one atomic act; (2) the lock of a job is the lease of its claim; (3) an attempt is counted as it is
 * claimed.
 */
export class RedisQueue implements QueueBackend {
  readonly type = 'redis';
  readonly name: string;
  readonly rules: QueueRules;
  readonly place: string;
  readonly #options: RedisQueueOptions;
  readonly #link: RedisLink;
  /** A connection of its own for what is looked at first and written then. */
  readonly #looking: RedisLink;
  readonly #listeners = new Set<(news: QueueNews) => void>();
  /** Tokens of what is claimed here, or may be. */
  readonly #tokens = new Set<string>();
  /** Messages of which the server knows that effects were begun here. */
  readonly #begun = new Set<string>();
  readonly #me: string;
  readonly #told: Telling;
  #publishing: Promise<unknown> = Promise.resolve();

  /** Connects when it is asked for something first. Error: `config.invalid`. */
  constructor(options: RedisQueueOptions) {
    this.name = options.name;
    this.rules = options.rules;
    this.#options = options;
    this.#me = options.newLease();
    this.#link = new RedisLink(options.url, (isThere) => this.#tell(isThere ? 'back' : 'changed'));
    this.place = placeOf(options.url);
    this.#looking = new RedisLink(options.url, () => undefined);
    this.#told = new Telling(() => this.#ask((parts) => tellOthers(this.#link, parts, options.now(), this.#me)));
  }

  async publish(message: NewMessage): Promise<{ readonly message: QueueMessage; readonly isDuplicate: boolean }> {
    const published = await this.#add(message, null);
    if (!published.isDuplicate) this.#changed();
    return published;
  }

  async claim(): Promise<Claim | null> {
    const claimed = await this.#ask(async (parts) => {
      for (;;) {
        const token = this.#newToken();
        const next = await this.#claimOne(parts, token);
        if (next === 'none' || next === 'dead') this.#tokens.delete(token);
        if (next === 'none') return null;
        if (next !== 'dead') return next;
        this.#changed();
      }
    });
    if (claimed !== null) this.#changed();
    return claimed;
  }

  async takeOver(): Promise<readonly Claim[]> {
    const claims = await this.#ask(async ({ redis, keys }) => {
      const token = `${this.#owner}${this.#options.newLease()}:`;
      const args = [keys.prefix, this.#owner, token, this.rules.visibilityTimeoutMs];
      const ids = (await this.#link.run('queueTakeOver', [keys.active], args)) as string[];
      for (const id of ids) this.#tokens.add(`${token}${id}`);
      const jobs = await jobsOf(redis, keys.prefix, ids);
      return jobs.map(({ id, fields }) => ({
        message: this.#message(id, fields, 'processing'),
        lease: `${token}${id}`,
      }));
    });
    if (claims.length > 0) this.#changed();
    return claims;
  }

  async renew(claims: readonly Claim[]): Promise<void> {
    if (claims.length === 0) return;
    await this.#ask(({ keys }) => {
      const held = claims.flatMap(({ message, lease }) => [message.id, lease]);
      return this.#link.run(
        'queueKeep',
        [keys.active, keys.stalled, this.#signOfLife(keys)],
        [keys.prefix, this.rules.visibilityTimeoutMs, ...held],
      );
    });
  }

  async hold(id: string, ahead: EffectAhead): Promise<Hold> {
    const { owner, ownerName, now } = this.#options;
    const note = JSON.stringify({ owner: this.#owner, by: ownerName, ...ahead, at: now() });
    try {
      const said = await this.#ask(({ keys }) =>
        this.#link.run(
          'queueHold',
          [keys.active, keys.stalled, keys.job(id), this.#signOfLife(keys), keys.dead],
          [id, `${owner}:`, this.rules.visibilityTimeoutMs, note],
        ),
      );
      if (said === 1) this.#begun.add(id);
      return said === 1 ? 'held' : said === 0 ? 'lost' : 'unknown';
    } catch (error) {
      if (serverFault(error) === null) throw error;
      // Where that was noted once nobody else begins it.
      return this.#begun.has(id) ? 'held' : 'unsure';
    }
  }

  async noteLate(id: string, note: string): Promise<void> {
    await this.#ask(({ keys, dead }) => this.#link.run('queueLate', [keys.job(id), dead.job(id)], [note]));
    this.#changed();
  }

  async ack({ message, lease }: Claim, runId: string): Promise<boolean> {
    return this.#end(lease, ({ bull }) => bull.moveToCompleted(jobOf(message.id), runId, false, lease, false));
  }

  async retry({ message, lease }: Claim, error: string): Promise<boolean> {
    const now = this.#options.now();
    const { retryDelayMs } = this.rules;
    const fieldsToUpdate = { 'x-error': error, 'x-not-before': now + retryDelayMs };
    return this.#end(lease, ({ bull }) => bull.moveToDelayed(message.id, now, retryDelayMs, lease, { fieldsToUpdate }));
  }

  async release({ message: { id }, lease }: Claim, { reason, notBefore }: Release): Promise<boolean> {
    const now = this.#options.now();
    return this.#end(lease, async ({ bull, keys }) => {
      const isOurs = await this.#link.run('queueUncount', [keys.job(id)], [lease, reason ?? '', notBefore ?? '']);
      if (isOurs === 0) throw LOST;
      if (notBefore === null) await bull.moveJobFromActiveToWait(id, lease);
      else await bull.moveToDelayed(id, now, Math.max(0, notBefore - now), lease);
    });
  }

  async deadLetter({ message: { id }, lease }: Claim, reason: string, runId: string | null): Promise<boolean> {
    const noted = runId === null ? undefined : { 'x-run': runId };
    return this.#end(lease, async (parts) => {
      await parts.bull.moveToFailed(jobOf(id), reason, false, lease, false, noted);
      await parts.dead.moveAll();
    });
  }

  async requeue(id: string, message: NewMessage, noted: JsonMap): Promise<QueueMessage> {
    const sent = await this.#add(message, { id, noted });
    this.#changed();
    return sent.message;
  }

  async drop(id: string): Promise<void> {
    await this.#ask((parts) => parts.dead.drop(id));
    this.#changed();
  }

  async find(id: string): Promise<QueueMessage | null> {
    return this.#ask((parts) => findJob(parts, id));
  }

  async peek(limit: number, offset = 0): Promise<readonly QueueMessage[]> {
    return this.#ask((parts) => peekOf(parts, limit, offset));
  }

  async list(statuses: readonly MessageStatus[], limit: number): Promise<readonly QueueMessage[]> {
    return this.#ask(async (parts) => {
      const { redis, keys, dead } = parts;
      const ended = async (key: string) => jobsOf(redis, keys.prefix, await redis.zrevrange(key, 0, limit - 1));
      const messages: QueueMessage[] = statuses.includes('pending') ? [...(await peekOf(parts, limit))] : [];
      if (statuses.includes('processing'))
        for (const { id, fields } of await jobsOf(redis, keys.prefix, await redis.lrange(keys.active, 0, limit - 1)))
          messages.push(this.#message(id, fields, 'processing'));
      if (statuses.includes('completed'))
        for (const { id, fields } of await ended(keys.completed)) messages.push(this.#message(id, fields, 'completed'));
      if (statuses.includes('failed') || statuses.includes('dead_letter')) messages.push(...(await dead.list(limit)));
      const wanted = messages.filter(({ status }) => statuses.includes(status));
      return wanted.sort((one, other) => other.createdAt - one.createdAt).slice(0, limit);
    });
  }

  async counts(): Promise<QueueCounts> {
    return this.#ask((parts) => countsOf(parts, this.#options.now()));
  }

  async depths(instants: readonly number[]): Promise<readonly number[]> {
    return this.#ask((parts) => depthsOf(parts, instants));
  }

  async doneSince(at: number): Promise<number> {
    return this.#ask(({ redis, keys }) => redis.zcount(keys.completed, at, '+inf'));
  }

  async pause(by: string): Promise<void> {
    await this.#ask(async ({ redis, bull, keys }) => {
      await redis.set(keys.pause, JSON.stringify({ at: this.#options.now(), by }), 'NX');
      await bull.pause(true);
    });
    this.#changed();
  }

  async resume(): Promise<void> {
    await this.#ask(async ({ redis, bull, keys }) => {
      await bull.pause(false);
      await redis.del(keys.pause);
    });
    this.#changed();
  }

  async paused(): Promise<QueuePause | null> {
    const written = await this.#ask(({ redis, keys }) => redis.get(keys.pause));
    return written === null ? null : (JSON.parse(written) as QueuePause);
  }

  async purge(all: boolean): Promise<number> {
    const removed = await this.#ask(async ({ keys, dead }) => {
      const own = all ? [keys.completed, keys.failed, keys.requeued] : [];
      let count = all ? await dead.removeBefore('+inf') : 0;
      for (const key of [keys.prioritized, keys.wait, keys.delayed, ...own])
        count += await removeJobs(this.#link, keys, key, '+inf');
      return count;
    });
    if (removed > 0) this.#changed();
    return removed;
  }

  async sweep(): Promise<void> {
    const { now, historyMs } = this.#options;
    const own = { owner: this.#owner, tokens: this.#tokens, now: now(), historyMs: historyMs() };
    const changed = await this.#ask(async (parts) => {
      await parts.redis.set(this.#signOfLife(parts.keys), '1', 'PX', this.rules.visibilityTimeoutMs);
      return sweepQueue(this.#link, parts, own);
    });
    if (changed > 0) this.#changed();
  }

  async dueAt(): Promise<number | null> {
    return this.#ask((parts) => dueAtOf(parts, this.#options.now()));
  }

  async versions(): Promise<ReadonlySet<string>> {
    return this.#ask(versionsOf);
  }

  async loss(): Promise<QueueLoss> {
    return this.#ask(({ redis }) => lossOf(redis));
  }

  onChange(listener: (news: QueueNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.all([this.#link.close(), this.#looking.close()]);
  }

  /** Asks Redis; what goes wrong is said in our words. */
  async #ask<T>(work: (parts: Parts) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#parts(this.#link));
    } catch (error) {
      throw this.#link.translate(error);
    }
  }

  async #parts(link: RedisLink): Promise<Parts> {
    const { visibilityTimeoutMs, deadLetterQueue } = this.rules;
    const redis = await link.redis();
    const bull = await link.queue(this.name, visibilityTimeoutMs);
    const graves = deadLetterQueue === null ? null : await link.queue(deadLetterQueue, visibilityTimeoutMs);
    const keys = keysOf(bull);
    if (link === this.#link)
      await link.listen(keys.channel, (who) => (who === this.#me ? undefined : this.#tell('changed')));
    return {
      redis,
      bull,
      keys,
      name: this.name,
      dead: new DeadLetters({ link, redis, keys, name: this.name, graves }),
    };
  }

  #signOfLife(keys: Parts['keys']): string {
    return `${keys.alive}${this.#owner}`;
  }

  /** What every token of this project begins with. */
  get #owner(): string {
    return `${this.#options.owner}:`;
  }

  #newToken(): string {
    const token = `${this.#owner}${this.#options.newLease()}`;
    this.#tokens.add(token);
    return token;
  }

  /** `dead` = the next one was none to be run, and is a dead letter now. */
  async #claimOne({ bull, keys, dead }: Parts, token: string): Promise<Claim | 'none' | 'dead'> {
    const [, id] = (await bull.moveToActive(token)) as [unknown, string | undefined];
    if (!id) return 'none';
    const now = this.#options.now();
    const args = [id, now, token, this.#owner, keys.alive];
    const begun = await this.#link.run('queueBegin', [keys.expiring, keys.job(id)], args);
    const [expiresAt, flat, isAlive] = begun as [string, string[], number];
    const fields = fieldsOf(flat);
    const reason = expiresAt !== '' && Number(expiresAt) <= now ? 'expired' : isMessage(fields) ? null : NO_MESSAGE;
    if (reason === null) {
      const message = this.#message(id, fields, 'processing');
      return { message, lease: token, ...begunElsewhere(fields, this.#owner, isAlive === 1) };
    }
    const uncounted = reason === 'expired' ? { 'x-uncounted': Number(fields['x-uncounted'] ?? 0) + 1 } : undefined;
    await bull.moveToFailed(jobOf(id), reason, false, token, false, uncounted);
    await dead.moveAll();
    return 'dead';
  }

  async #add(
    message: NewMessage,
    old: { readonly id: string; readonly noted: JsonMap } | null,
  ): Promise<{ readonly message: QueueMessage; readonly isDuplicate: boolean }> {
    const { rules, name } = this;
    const keptMs = rules.messageTtlMs + this.#options.historyMs();
    const isFree = rules.maxSize === 0 && message.dedupeKey === null && old === null;
    if (isFree) return this.#ask((parts) => addMessage(parts, { message, rules, name, keptMs, old }));
    // One after the other: what is watched on a connection is watched for one of them.
    const added = this.#publishing.then(async () =>
      addMessage(await this.#parts(this.#looking), { message, rules, name, keptMs, old }),
    );
    this.#publishing = added.catch(() => undefined);
    return added.catch((error: unknown) => {
      throw this.#looking.translate(error);
    });
  }

  /** Ends a claim; false = it was lost. */
  async #end(lease: string, work: (parts: Parts) => Promise<unknown>): Promise<boolean> {
    try {
      await this.#ask(work);
    } catch (error) {
      if (!isLost(error)) throw error;
      this.#tokens.delete(lease);
      return false;
    }
    this.#tokens.delete(lease);
    this.#changed();
    return true;
  }

  #message(id: string, fields: JobFields, status: 'processing' | 'completed'): QueueMessage {
    return toMessage(id, fields, { queue: this.name, status });
  }

  #changed(): void {
    this.#tell('changed');
    this.#told.tell();
  }

  #tell(news: QueueNews): void {
    for (const listener of [...this.#listeners]) listener(news);
  }
}
