import type { DoctorCheck } from '../../shared/contract/index.ts';
import { toErrorRecord } from '../../shared/errors.ts';
import type { QueueType } from '../../shared/model/queue.ts';
import { probeRedis } from '../queue/index.ts';
import { DEFAULT_REDIS_URL } from './project-queues.ts';
import type { ProjectSettings } from './project-settings.ts';

/** The servers that a queue may lie on; where neither is chosen nothing is asked. */
export async function serverQueues(
  { type, redisUrl }: ProjectSettings['config']['queue'],
  env: ProjectSettings['env'],
): Promise<readonly DoctorCheck[]> {
  return [
    type === 'redis' ? await redisQueue(redisUrl ?? env.REDIS_URL) : notChosen('Redis queue', 'redis'),
    type === 'rabbitmq'
      ? {
          name: 'RabbitMQ queue',
          value: 'cannot be used',
          status: 'error',
          message: 'queue.type is rabbitmq, which this version has not: write local or redis.',
        }
      : notChosen('RabbitMQ queue', 'rabbitmq'),
  ];
}

const notChosen = (name: string, type: QueueType): DoctorCheck => ({
  name,
  value: 'not configured',
  status: 'info',
  message: `It is used where the settings say 'queue: {type: ${type}}'.`,
});

async function redisQueue(url: string | undefined): Promise<DoctorCheck> {
  const name = 'Redis queue';
  try {
    const { version, place } = await probeRedis(url ?? DEFAULT_REDIS_URL);
    return { name, value: `Redis ${version} at ${place}`, status: 'ok', message: '' };
  } catch (error) {
    const { message, hint } = toErrorRecord(error);
    return { name, value: 'cannot be used', status: 'error', message: [message, hint].filter(Boolean).join(' ') };
  }
}
