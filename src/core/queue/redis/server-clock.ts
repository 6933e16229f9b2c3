import type { Redis } from 'ioredis';

/** What time it is at the server, UTC ms: the one clock that all who share a queue have in common. */
export async function serverNow(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}
