import type { QueueView } from '../../../shared/contract/index.ts';
import type { QueueType, ShownMessage } from '../../../shared/model/queue.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';

/** Which queue an operation means. */
export interface Which {
  readonly type: QueueType;
  readonly queue: string;
}
export const whichOf = ({ type, name }: QueueView): Which => ({ type, queue: name });

/** A queue in an address and as the key of a query. */
export const keyOfQueue = ({ type, queue }: Which): string => `${type} ${queue}`;
const parseKey = (key: string): Which => {
  const [type = 'local', queue = ''] = key.split(' ');
  return { type: type as QueueType, queue };
};

/** What waits for a lane may go on when any run comes to rest. */
const isAboutQueues = ({ kind }: { readonly kind: string }): 'soon' | null =>
  kind === 'queue' || kind === 'run' ? 'soon' : null;
const SOON_MS = 250;

/** All queues of the project as they stand. */
export const queueList = createLiveQuery<readonly QueueView[]>({
  ask: () => call('queue.list', {}),
  dueOn: isAboutQueues,
  soonMs: SOON_MS,
});

/** So many of the line are known at once, however long it is. */
export const LINE_PART = 300;

/** A part of the line of those that wait. */
export interface LinePart {
  /** So many stand before its first. */
  readonly offset: number;
  readonly messages: readonly ShownMessage[];
}

/** The queue and where the part begins, as the key of a query. */
export const keyOfPart = (queue: Which, offset: number): string => `${keyOfQueue(queue)} ${offset}`;

export const linePart = createLiveQuery<LinePart, string>({
  ask: async (key) => {
    const offset = Number(key.slice(key.lastIndexOf(' ') + 1));
    const asked = { ...parseKey(key), statuses: ['pending' as const], limit: LINE_PART, offset };
    return { offset, messages: await call('queue.messages', asked) };
  },
  dueOn: isAboutQueues,
  soonMs: SOON_MS,
});

/** Those at work. */
export const atWorkNow = createLiveQuery<readonly ShownMessage[], string>({
  ask: (key) => call('queue.messages', { ...parseKey(key), statuses: ['processing'], limit: 200 }),
  dueOn: isAboutQueues,
  soonMs: SOON_MS,
});

/** Dead letters that nobody has sent again, newest first. */
export const deadLetters = createLiveQuery<readonly ShownMessage[], string>({
  ask: async (key) => {
    const dead = await call('queue.messages', { ...parseKey(key), statuses: ['failed', 'dead_letter'], limit: 1_000 });
    return dead.filter(({ requeuedAs }) => requeuedAs === null);
  },
  dueOn: ({ kind }) => (kind === 'queue' ? 'soon' : null),
  soonMs: SOON_MS,
});
