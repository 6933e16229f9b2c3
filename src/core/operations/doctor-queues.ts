import type { DoctorCheck } from '../../shared/contract/index.ts';
import { toErrorRecord } from '../../shared/errors.ts';
import type { QueueType } from '../../shared/model/queue.ts';
import { probeRabbit, probeRedis } from '../queue/index.ts';
import { DEFAULT_RABBITMQ_URL, DEFAULT_REDIS_URL } from './open-backend.ts';
import type { ProjectSettings } from './project-settings.ts';

/** The servers that a queue may lie on; where neither is chosen nothing is asked. */
export async function serverQueues(
  { type, redisUrl, rabbitmqUrl }: ProjectSettings['config']['queue'],
  env: ProjectSettings['env'],
): Promise<readonly DoctorCheck[]> {
  return [
    type === 'redis' ? await redisQueue(redisUrl ?? env.REDIS_URL) : notChosen('Redis queue', 'redis'),
    type === 'rabbitmq' ? await rabbitQueue(rabbitmqUrl ?? env.RABBITMQ_URL) : notChosen('RabbitMQ queue', 'rabbitmq'),
  ];
}

const notChosen = (name: string, type: QueueType): DoctorCheck => ({
  name,
  value: 'not configured',
  status: 'info',
  message: `It is used where the settings say 'queue: {type: ${type}}'.`,
});

const redisQueue = (url = DEFAULT_REDIS_URL): Promise<DoctorCheck> =>
  probed('Redis queue', async () => {
    const { version, place } = await probeRedis(url);
    return `Redis ${version} at ${place}`;
  });

const rabbitQueue = (url = DEFAULT_RABBITMQ_URL): Promise<DoctorCheck> =>
  probed('RabbitMQ queue', async () => `RabbitMQ at ${(await probeRabbit(url)).place}`);

async function probed(name: string, probe: () => Promise<string>): Promise<DoctorCheck> {
  try {
    return { name, value: await probe(), status: 'ok', message: '' };
  } catch (error) {
    const { message, hint } = toErrorRecord(error);
    return { name, value: 'cannot be used', status: 'error', message: [message, hint].filter(Boolean).join(' ') };
  }
}
