import type { RedisQueueBackend } from 'bullmq';
import type { Redis } from 'ioredis';
import type { QueueCounts, QueueMessage } from '../../../shared/model/queue.ts';
import { readSent } from '../sent-message.ts';
import type { DeadLetters } from './dead-letters.ts';
import { type JobFields, type JobPlace, toMessage } from './job-message.ts';
import type { QueueKeys } from './keys.ts';

/** A queue as its acts use it. */
export interface Parts {
  readonly redis: Redis;
  readonly bull: RedisQueueBackend;
  readonly keys: QueueKeys;
  readonly name: string;
  readonly dead: DeadLetters;
}

interface Job {
  readonly id: string;
  readonly fields: JobFields;
}

/** BullMQ's score of a delayed job holds its instant in ms times this. */
const DELAY_SCALE = 0x1000;
/** And that of one with a priority begins with it. */
const PRIORITY_SCALE = 0x100000000;

/** The jobs of these ids, those that are gone meanwhile left out. */
export async function jobsOf(redis: Redis, prefix: string, ids: readonly string[]): Promise<readonly Job[]> {
  if (ids.length === 0) return [];
  const asked = redis.pipeline();
  for (const id of ids) asked.hgetall(`${prefix}${id}`);
  const answers = ((await asked.exec()) ?? []) as [Error | null, JobFields][];
  return ids.flatMap((id, at) => {
    const [error, fields] = answers[at] ?? [null, {}];
    if (error !== null) throw error;
    return Object.keys(fields).length === 0 ? [] : [{ id, fields }];
  });
}

/** What the sets and lists say of where a job lies, in the order of `places`. */
const STATUS_OF_PLACE: readonly JobPlace['status'][] = [
  'pending',
  'pending',
  'completed',
  'dead',
  'dead',
  'dead',
  'pending',
  'processing',
];

export async function findJob({ redis, keys, name, dead }: Parts, id: string): Promise<QueueMessage | null> {
  const { prioritized, delayed, completed, failed, requeued, dead: graves, wait, active } = keys;
  const places = [prioritized, delayed, completed, failed, requeued, graves, wait, active];
  const ask = redis as Redis & { queuePlaceOf: (...all: string[]) => Promise<number> };
  const place = (await ask.queuePlaceOf(...places, id)) - 1;
  const status = STATUS_OF_PLACE[place];
  if (status === undefined) return null;
  if (places[place] === graves) return dead.find(id);
  const [job] = await jobsOf(redis, keys.prefix, [id]);
  return job === undefined ? null : toMessage(id, job.fields, { queue: name, status });
}

/** Those that may begin in their turn, then those that wait for a time, the next first. */
export async function peekOf(
  { redis, keys, name }: Parts,
  limit: number,
  offset = 0,
): Promise<readonly QueueMessage[]> {
  const foreign = await redis.llen(keys.wait);
  const ready = foreign + (await redis.zcard(keys.prioritized));
  const end = offset + limit;
  const ids: string[] = [];
  // What other programs have put there stands in a list, the next one last.
  if (offset < foreign) ids.push(...(await redis.lrange(keys.wait, -end, -1 - offset)).reverse());
  if (end > foreign && offset < ready)
    ids.push(...(await redis.zrange(keys.prioritized, Math.max(0, offset - foreign), `${end - foreign - 1}`)));
  if (end > ready) ids.push(...(await redis.zrange(keys.delayed, Math.max(0, offset - ready), `${end - ready - 1}`)));
  const jobs = await jobsOf(redis, keys.prefix, ids);
  return jobs.map(({ id, fields }) => toMessage(id, fields, { queue: name, status: 'pending' }));
}

/** So many are read at once. */
const PAGE = 1_000;

/** Versions that those name which wait or are at work. */
export async function versionsOf({ redis, keys }: Parts): Promise<ReadonlySet<string>> {
  const { prioritized, delayed, wait, active, prefix } = keys;
  const [sets, lists] = [
    [prioritized, delayed],
    [wait, active],
  ];
  const ids = [
    ...(await Promise.all(sets.map((key) => redis.zrange(key, '0', '-1')))),
    ...(await Promise.all(lists.map((key) => redis.lrange(key, 0, -1)))),
  ].flat();
  const versions = new Set<string>();
  for (let at = 0; at < ids.length; at += PAGE) {
    const asked = redis.pipeline();
    for (const id of ids.slice(at, at + PAGE)) asked.hget(`${prefix}${id}`, 'data');
    for (const [error, data] of (await asked.exec()) ?? []) {
      if (error !== null) throw error;
      const hash = readSent(data as string | undefined)?.versionHash ?? null;
      if (hash !== null) versions.add(hash);
    }
  }
  return versions;
}

export async function waitingCount({ redis, keys }: Parts): Promise<number> {
  const asked = redis.pipeline().zcard(keys.prioritized).llen(keys.wait).zcard(keys.delayed);
  return (await numbersOf(asked)).reduce((sum, count) => sum + count, 0);
}

export async function countsOf(parts: Parts, now: number): Promise<QueueCounts> {
  const { redis, keys } = parts;
  const asked = redis
    .pipeline()
    .zcount(keys.delayed, `(${(now + 1) * DELAY_SCALE - 1}`, '+inf')
    .llen(keys.active)
    .zcard(keys.completed)
    .zcard(keys.failed)
    .zcard(keys.dead);
  const [delayed = 0, processing = 0, completed = 0, failed = 0, dead = 0] = await numbersOf(asked);
  const pending = await waitingCount(parts);
  const oldestAt = pending === 0 ? null : await oldestOf(parts);
  return { pending, delayed, processing, completed, deadLetter: failed + dead, oldestAt };
}

/** Of each priority the first in line came first, and of those that wait for a time the next. */
async function oldestOf({ redis, keys, name }: Parts): Promise<number | null> {
  const asked = redis.pipeline();
  for (const priority of [1, 2, 3, 4])
    asked.zrangebyscore(
      keys.prioritized,
      priority * PRIORITY_SCALE,
      `(${(priority + 1) * PRIORITY_SCALE}`,
      'LIMIT',
      0,
      1,
    );
  asked.zrange(keys.delayed, '0', '0').lrange(keys.wait, -1, -1);
  const answers = ((await asked.exec()) ?? []) as [Error | null, string[]][];
  const jobs = await jobsOf(
    redis,
    keys.prefix,
    answers.flatMap(([, ids]) => ids),
  );
  const sent = jobs.map(({ id, fields }) => toMessage(id, fields, { queue: name, status: 'pending' }).createdAt);
  return sent.length === 0 ? null : Math.min(...sent);
}

/** As many as waited at the end of the minute of each instant, or of the last one before it in which something changed. */
export async function depthsOf({ redis, keys }: Parts, instants: readonly number[]): Promise<readonly number[]> {
  const noted = Object.entries(await redis.hgetall(keys.depths))
    .map(([minute, count]) => ({ at: Number(minute) * 60_000, count: Number(count) }))
    .sort((one, other) => one.at - other.at);
  return instants.map((instant) => noted.findLast(({ at }) => at <= instant)?.count ?? 0);
}

/** When a delay is over or a message expires next. */
export async function dueAtOf({ redis, keys }: Parts, now: number): Promise<number | null> {
  const asked = redis
    .pipeline()
    .zrangebyscore(keys.delayed, `(${(now + 1) * DELAY_SCALE - 1}`, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
    .zrange(keys.expiring, '0', '0', 'WITHSCORES');
  const answers = ((await asked.exec()) ?? []) as [Error | null, string[]][];
  const [delayed, expiring] = answers.map(([error, answer]) => {
    if (error !== null) throw error;
    return answer[1] === undefined ? null : Number(answer[1]);
  });
  const due = [
    ...(delayed === null || delayed === undefined ? [] : [Math.floor(delayed / DELAY_SCALE)]),
    ...(expiring === null || expiring === undefined ? [] : [expiring]),
  ];
  return due.length === 0 ? null : Math.min(...due);
}

async function numbersOf(asked: { exec(): Promise<[Error | null, unknown][] | null> }): Promise<readonly number[]> {
  return ((await asked.exec()) ?? []).map(([error, count]) => {
    if (error !== null) throw error;
    return Number(count);
  });
}
