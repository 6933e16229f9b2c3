import type { Redis } from 'ioredis';
import type { QueueLoss } from '../../../shared/model/queue.ts';

/** What of a queue can be lost when the computer of Redis dies, as its settings say. */
export async function lossOf(redis: Redis): Promise<QueueLoss> {
  const info = await redis.info();
  const said = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
  if (said('maxmemory') !== '0' && said('maxmemory_policy') !== 'noeviction') return 'evicted';
  if (said('aof_enabled') === '1') {
    const fsync = await setting(redis, 'appendfsync');
    return fsync === 'always' ? 'none' : fsync === null ? 'unknown' : 'last_seconds';
  }
  const snapshots = await setting(redis, 'save');
  return snapshots === '' ? 'all' : 'since_snapshot';
}

/** Servers that others look after often do not tell. */
async function setting(redis: Redis, name: string): Promise<string | null> {
  const answer = (await redis.config('GET', name).catch(() => [])) as string[];
  return answer[1] ?? null;
}
