import type { RedisQueueBackend } from 'bullmq';

/** Keys of a queue: BullMQ's, and ours beside them. */
export interface QueueKeys {
  /** Before the id of a job. */
  readonly prefix: string;
  readonly prioritized: string;
  readonly wait: string;
  readonly delayed: string;
  readonly active: string;
  readonly stalled: string;
  readonly completed: string;
  readonly failed: string;
  /** Ids of dead letters that were sent again, by when. */
  readonly requeued: string;
  /** Ids of those that lie in the queue of dead letters, by when. */
  readonly dead: string;
  /** Ids of those that nobody has begun, by when they expire. */
  readonly expiring: string;
  /** How many waited at the end of each minute. */
  readonly depths: string;
  readonly pause: string;
  /** Before an owner: there as long as he is heard of. */
  readonly alive: string;
  /** Where changes are told. */
  readonly channel: string;
  readonly job: (id: string) => string;
  /** Id of the message with a key. */
  readonly dedupe: (key: string) => string;
}

export function keysOf(bull: RedisQueueBackend): QueueKeys {
  const of = (name: string): string => bull.toKey(name);
  const { prioritized, wait, delayed, active, stalled, completed, failed } = bull.keys as Record<string, string>;
  return {
    ...{ prefix: of(''), prioritized, wait, delayed, active, stalled, completed, failed },
    ...{ requeued: of('x-requeued'), dead: of('x-dead'), expiring: of('x-expiring'), depths: of('x-depths') },
    ...{
      pause: of('x-pause'),
      alive: of('x-alive:'),
      channel: of('x-told'),
      job: of,
      dedupe: (key) => of(`x-key:${key}`),
    },
  } as QueueKeys;
}
