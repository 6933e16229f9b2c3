import type { MessageWait, QueueMessage, QueuePause } from '../../shared/model/queue.ts';

/** What is known of those who could take a message. */
export interface QueueSurroundings {
  readonly pause: QueuePause | null;
  /** Null = nobody serves the queue. */
  readonly worker: { readonly busy: number; readonly concurrency: number } | null;
  readonly lanes: { readonly busy: number; readonly of: number };
  readonly now: number;
}

/** Why each of those that wait does, in their turn; `before` = so many in front of the first are not among them. */
export function waitsOf(
  waiting: readonly QueueMessage[],
  around: QueueSurroundings,
  before = 0,
): readonly MessageWait[] {
  let behind = before;
  return waiting.map((message) => {
    const wait = waitOf(message, around, behind);
    if (wait.kind !== 'delayed' && wait.kind !== 'retry' && wait.kind !== 'held_back') behind += 1;
    return wait;
  });
}

function waitOf(
  { notBefore, error, attempts }: QueueMessage,
  { pause, worker, lanes, now }: QueueSurroundings,
  behind: number,
): MessageWait {
  if (notBefore !== null && notBefore > now) {
    const kind = attempts > 0 ? 'retry' : error === null ? 'delayed' : 'held_back';
    return { kind, until: notBefore };
  }
  if (pause !== null) return { kind: 'paused', ...pause };
  if (worker === null) return { kind: 'no_worker' };
  if (worker.busy >= worker.concurrency) return { kind: 'slots', busy: worker.busy, of: worker.concurrency, behind };
  if (lanes.busy >= lanes.of) return { kind: 'lanes', ...lanes, behind };
  return { kind: 'next', behind };
}
