import { placeOf, RedisLink } from './link.ts';

/** Asks a Redis for its version. Errors: `queue.unreachable`, `queue.refused`, `config.invalid`. */
export async function probeRedis(url: string): Promise<{ readonly version: string; readonly place: string }> {
  const link = new RedisLink(url, () => undefined);
  try {
    const info = await (await link.redis()).info('server');
    return { version: /^redis_version:(.*?)\r?$/m.exec(info)?.[1] ?? '', place: placeOf(url) };
  } catch (error) {
    throw link.translate(error);
  } finally {
    await link.close();
  }
}
