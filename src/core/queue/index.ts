/** Queues (SPEC §8): where messages wait, and who makes runs of them. */
export type { Claim, EffectAhead, QueueBackend, QueueRules } from './backend.ts';
export { leaseLost, leaseUnsure, messageNotFound, serverFault } from './faults.ts';
export { type QueuedRuns, QueueWorker, type RunStanding } from './queue-worker.ts';
export { probeRabbit, RabbitQueue, TAKEN } from './rabbitmq/index.ts';
export { probeRedis, RedisQueue, RedisRemoteChannel } from './redis/index.ts';
export type { RemoteChannel } from './remote/channel.ts';
export {
  INLINE_BYTES,
  type Order,
  parsed,
  type RemoteRecord,
  readAs,
  readOrder,
  type Shipped,
  shippedOf,
  shownMetadata,
  type Told,
  withShipped,
} from './remote/records.ts';
export { TableQueue } from './table-queue.ts';
export { type QueueSurroundings, waitsOf } from './waits.ts';
