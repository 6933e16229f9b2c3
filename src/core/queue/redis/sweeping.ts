import { SILENT_WORKER } from '../faults.ts';
import type { RedisLink } from './link.ts';
import type { Parts } from './reading.ts';

const MINUTE_MS = 60_000;

/**
 * What happens to messages by itself: leases that are over, those that nobody began in time, dead letters that lie in the wrong place, history that
 * is too old. `tokens` = what is claimed by this owner, or may be; live, for what is claimed on the way must not be taken for a claim that was never
 * heard of. Gives how many were changed.
 */
export async function sweepQueue(
  link: RedisLink,
  { redis, keys, dead }: Parts,
  { owner, tokens, now, historyMs }: { owner: string; tokens: ReadonlySet<string>; now: number; historyMs: number },
): Promise<number> {
  const { active, prioritized, wait, stalled, expiring, delayed, failed, prefix } = keys;
  const lost = await link.run('queueLose', [active, prioritized, wait, stalled], () => [
    ...[prefix, SILENT_WORKER, owner],
    ...tokens,
  ]);
  const expired = await link.run('queueExpire', [expiring, prioritized, wait, delayed, failed], [prefix, now]);
  await dead.moveAll();
  const before = `(${now - historyMs}`;
  let forgotten = await dead.removeBefore(before);
  for (const key of [keys.completed, failed, keys.requeued]) forgotten += await removeJobs(link, keys, key, before);
  const minutes = await redis.hkeys(keys.depths);
  const old = minutes.filter((minute) => Number(minute) < now / MINUTE_MS - 120);
  if (old.length > 0) await redis.hdel(keys.depths, ...old);
  return Number(lost) + Number(expired) + forgotten;
}

/** Removes the jobs of a set up to a score; gives how many. */
export async function removeJobs(link: RedisLink, keys: Parts['keys'], set: string, before: string): Promise<number> {
  let removed = 0;
  for (;;) {
    const count = Number(await link.run('queueRemoveMany', [set, keys.expiring, keys.wait], [keys.prefix, before]));
    removed += count;
    if (count === 0) return removed;
  }
}
