/** Queues on Redis, by BullMQ (SPEC §8). Neither is loaded before a queue there is asked for. */
export { probeRedis } from './probe.ts';
export { RedisQueue, type RedisQueueOptions } from './redis-queue.ts';
export { RedisRemoteChannel } from './remote-channel.ts';
