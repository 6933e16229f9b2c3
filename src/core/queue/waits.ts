import {
  type LastSeen,
  type MessageWait,
  type QueueMessage,
  type QueuePause,
  type SeenWorker,
  SILENT_MS,
} from '../../shared/model/queue.ts';

interface Slots {
  readonly busy: number;
  readonly concurrency: number;
}

/** What is known of those who could take a message. */
export interface QueueSurroundings {
  readonly pause: QueuePause | null;
  /** This project's; null = it does not serve the queue. */
  readonly worker: Slots | null;
  /** Those of other projects that were heard of within a day. */
  readonly others: readonly SeenWorker[];
  /** Of this project. */
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
  { pause, worker, others, lanes, now }: QueueSurroundings,
  behind: number,
): MessageWait {
  if (notBefore !== null && notBefore > now) {
    const kind = attempts > 0 ? 'retry' : error === null ? 'delayed' : 'held_back';
    return { kind, until: notBefore };
  }
  if (pause !== null) return { kind: 'paused', ...pause };
  const there = others.filter(({ silentMs }) => silentMs < SILENT_MS);
  const serving: readonly Slots[] = worker === null ? there : [worker, ...there];
  if (serving.length === 0) return { kind: 'no_worker', seen: lastSeen(others, now) };
  const busy = sum(serving.map((one) => one.busy));
  const of = sum(serving.map((one) => one.concurrency));
  if (busy >= of) return { kind: 'slots', busy, of, behind };
  const isFreeElsewhere = there.some((one) => one.busy < one.concurrency);
  if (lanes.busy >= lanes.of && !isFreeElsewhere) return { kind: 'lanes', ...lanes, behind };
  return { kind: 'next', behind };
}

function lastSeen(others: readonly SeenWorker[], now: number): LastSeen | null {
  const [last] = others.toSorted((one, other) => one.silentMs - other.silentMs);
  return last === undefined ? null : { name: last.name, host: last.host, at: now - last.silentMs };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
