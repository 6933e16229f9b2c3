import type { RedisQueueBackend } from 'bullmq';
import type { Redis } from 'ioredis';
import type { JsonMap } from '../../../shared/json.ts';
import type { QueueMessage } from '../../../shared/model/queue.ts';
import type { NewMessage } from '../../storage/index.ts';
import type { QueueRules } from '../backend.ts';
import { messageNotFound, notDead, queueFull } from '../faults.ts';
import { writeSent } from '../sent-message.ts';
import { jobPriority, toMessage } from './job-message.ts';
import { findJob, type Parts, waitingCount } from './reading.ts';

/** What is sent, and what has to hold for it. */
interface Sending {
  readonly message: NewMessage;
  readonly rules: QueueRules;
  readonly name: string;
  /** How long its key is known at most. */
  readonly keptMs: number;
  /** The dead letter that it takes the place of. */
  readonly old: { readonly id: string; readonly noted: JsonMap } | null;
}

interface Sent {
  readonly message: QueueMessage;
  readonly isDuplicate: boolean;
}

/**
 * Adds a message in one act. Where something has to hold for it, that is watched: what changes meanwhile has it looked at again.
 * Errors: `queue.full`, `queue.message_not_found`, `queue.not_dead`.
 */
export async function addMessage(parts: Parts, sending: Sending): Promise<Sent> {
  const { redis, keys } = parts;
  const { message, rules, old } = sending;
  const { dedupeKey } = message;
  const watched = [
    ...(rules.maxSize > 0 ? [keys.prioritized, keys.wait, keys.delayed] : []),
    ...(dedupeKey === null ? [] : [keys.dedupe(dedupeKey)]),
    ...(old === null ? [] : [keys.failed, keys.dead, keys.requeued]),
  ];
  for (;;) {
    if (watched.length > 0) await redis.watch(...watched);
    const known = await look(parts, sending).catch(async (error: unknown) => {
      await redis.unwatch();
      throw error;
    });
    if (known !== null) {
      await redis.unwatch();
      return { message: known, isDuplicate: true };
    }
    if (await write(parts, sending)) return { message: sentMessage(sending), isDuplicate: false };
  }
}

/** What has to hold; gives the message that has its key. */
async function look(parts: Parts, { message, rules, name, old }: Sending): Promise<QueueMessage | null> {
  const { redis, keys } = parts;
  if (old !== null) {
    const found = await findJob(parts, old.id);
    if (found === null) throw messageNotFound(old.id);
    if (!isDead(found)) throw notDead(old.id);
  }
  if (message.dedupeKey !== null) {
    const id = await redis.get(keys.dedupe(message.dedupeKey));
    const known = id === null ? null : await findJob(parts, id);
    if (known !== null && !isDead(known) && known.requeuedAs === null) return known;
  }
  if (rules.maxSize > 0 && (await waitingCount(parts)) >= rules.maxSize) throw queueFull(name, rules.maxSize);
  return null;
}

/** False = something that was watched has changed. */
async function write({ redis, bull, keys, dead }: Parts, { message, rules, keptMs, old }: Sending): Promise<boolean> {
  const { id, createdAt, notBefore, dedupeKey } = message;
  const from = Math.max(createdAt, notBefore ?? 0);
  // What is put together is asked before: nothing may come between on a connection that watches.
  const moving = old === null ? null : await dead.whatMoves(old.id);
  const all = redis.multi();
  addJob(bull, all, {
    id,
    name: message.workflowId,
    data: writeSent(message),
    createdAt,
    notBefore,
    priority: jobPriority(message.priority),
  });
  all.zadd(keys.expiring, from + rules.messageTtlMs, id);
  if (dedupeKey !== null) all.set(keys.dedupe(dedupeKey), id, 'PX', keptMs + from - createdAt);
  if (old !== null && moving !== null) dead.requeue(all, old.id, { ...moving, requeuedAs: id, noted: old.noted });
  const done = await all.exec();
  for (const [error] of done ?? []) if (error !== null) throw error;
  return done !== null;
}

/** A job as BullMQ adds it, as one of the acts of a transaction. */
export function addJob(
  bull: RedisQueueBackend,
  all: ReturnType<Redis['multi']>,
  job: {
    readonly id: string;
    readonly name: string;
    readonly data: string;
    readonly createdAt: number;
    readonly notBefore: number | null;
    readonly priority: number;
  },
): void {
  const { id, name, data, createdAt, notBefore, priority } = job;
  const delay = notBefore === null ? 0 : Math.max(0, notBefore - createdAt);
  // It writes the act into the transaction, and asks nothing.
  const transaction = {
    runCommand: (command: string, args: unknown[]) => {
      (all as unknown as Record<string, (args: unknown[]) => unknown>)[command]?.(args);
      return transaction;
    },
  };
  const opts = { priority, delay, timestamp: createdAt, attempts: 1, jobId: id };
  const json = { id, name, data, opts, timestamp: createdAt, delay, priority };
  void bull.addJobToTransaction(transaction as never, json as never, id);
}

const isDead = ({ status, requeuedAs }: QueueMessage): boolean =>
  (status === 'failed' || status === 'dead_letter') && requeuedAs === null;

const sentMessage = ({ message, name }: Sending): QueueMessage =>
  toMessage(message.id, { data: writeSent(message) }, { queue: name, status: 'pending' });
