/** Queues (SPEC §8): where messages wait, and who makes runs of them. */
export type { Claim, QueueBackend, QueueRules } from './backend.ts';
export { messageNotFound, serverFault } from './faults.ts';
export { type QueuedRuns, QueueWorker, type RunStanding } from './queue-worker.ts';
export { probeRabbit, RabbitQueue, TAKEN } from './rabbitmq/index.ts';
export { probeRedis, RedisQueue } from './redis/index.ts';
export { TableQueue } from './table-queue.ts';
export { type QueueSurroundings, waitsOf } from './waits.ts';
