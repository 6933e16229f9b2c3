import { createHash, randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { QueueType } from '../../shared/model/queue.ts';
import { type QueueBackend, RabbitQueue, RedisQueue, TableQueue } from '../queue/index.ts';
import type { ProjectSession } from './project-session.ts';

/** SPEC §8. */
export const DEFAULT_REDIS_URL = 'redis://localhost:6379';
export const DEFAULT_RABBITMQ_URL = 'amqp://guest:guest@localhost:5672/';
const DAY_MS = 24 * 3_600_000;

/** SPEC §8: `queue.redis_url`, else `REDIS_URL`, else this computer's. */
export const redisUrlOf = ({ config, env }: Pick<ProjectSession, 'config' | 'env'>): string =>
  config.queue.redisUrl ?? env.REDIS_URL ?? DEFAULT_REDIS_URL;

/** SPEC §8: `queue.rabbitmq_url`, else `RABBITMQ_URL`, else this computer's. */
const rabbitUrlOf = ({ config, env }: ProjectSession): string =>
  config.queue.rabbitmqUrl ?? env.RABBITMQ_URL ?? DEFAULT_RABBITMQ_URL;

/** Opens a queue of a project where its messages are kept. Error: `config.invalid` where the address of its server is none. */
export function openBackend(
  session: ProjectSession,
  { type, name }: { readonly type: QueueType; readonly name: string },
  memory: () => ProjectSession['store']['queues'],
): QueueBackend {
  const { config, clock, store, storage, paths } = session;
  const historyMs = (): number => storage.retention.queue * DAY_MS;
  const options = { name, rules: config.queue, now: clock.now, newLease: randomUUID, historyMs };
  if (type === 'rabbitmq') return new RabbitQueue({ url: rabbitUrlOf(session), rows: store.queues, ...options });
  if (type !== 'redis') return new TableQueue({ type, rows: type === 'memory' ? memory() : store.queues, ...options });
  const ownerName = `'${basename(paths.project)}' on ${hostname()}`;
  return new RedisQueue({ url: redisUrlOf(session), owner: ownerOf(paths.storeFile), ownerName, ...options });
}

/** Names the store of this project on this computer: a copy of it is another one. */
function ownerOf(storeFile: string): string {
  const { ino, dev, birthtimeMs } = statSync(storeFile);
  return createHash('sha256')
    .update([hostname(), storeFile, ino, dev, birthtimeMs].join('\0'))
    .digest('hex')
    .slice(0, 16);
}
