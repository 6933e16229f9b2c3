import type { OperationName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { MessageStatus, QueueMessage, ShownMessage } from '../../shared/model/queue.ts';
import { messageNotFound } from '../queue/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { OpenQueue, WhichQueue } from './project-queues.ts';
import type { ProjectSession } from './project-session.ts';
import { checkMessage, publishMessage, requeueMessage } from './start-queued.ts';

type QueueOperation = Extract<OperationName, `queue.${string}`>;

const ALL: readonly MessageStatus[] = ['pending', 'processing', 'completed', 'failed', 'dead_letter'];

/** The use cases of queues (SPEC §8, §13). */
export function queueHandlers(session: ProjectSession): HandlersOf<QueueOperation> {
  const { queues } = session;
  const shownOne = async (queue: OpenQueue, message: QueueMessage | null): Promise<ShownMessage | null> =>
    message === null ? null : ((await queues.shown(queue, [message]))[0] ?? null);
  return {
    'queue.list': () => {
      return Promise.all(queues.all().map((one) => queues.view(one)));
    },
    'queue.status': (which) => queues.view(queues.of(which)),
    'queue.messages': async ({ statuses = ALL, limit, offset, ...which }) => {
      const queue = queues.of(which);
      const waiting = statuses.includes('pending') ? await queue.backend.peek(limit, offset) : [];
      const others = statuses.filter((status) => status !== 'pending');
      const rest = others.length === 0 ? [] : await queue.backend.list(others, limit);
      return queues.shown(queue, [...waiting, ...rest].slice(0, limit), offset);
    },
    'queue.publish': async (input, actor) => {
      requireLasting(session, input);
      return publishMessage(session, queues.of(input).backend, input, actor);
    },
    'queue.takeOne': async (which) => {
      const queue = queues.of(which);
      return shownOne(queue, await queue.worker.takeOne());
    },
    'queue.serve': async ({ concurrency, ...which }) => queues.view(await queues.serve(which, concurrency)),
    'queue.drain': async ({ graceMs, ...which }) => {
      const queue = queues.of(which);
      await queue.worker.drain(graceMs);
      return queues.view(queue);
    },
    'queue.pause': async (which, actor) => {
      const queue = queues.of(which);
      await queue.backend.pause(actor.id);
      return queues.view(queue);
    },
    'queue.resume': async (which) => {
      const queue = queues.of(which);
      await queue.backend.resume();
      return queues.view(queue);
    },
    'queue.purge': async ({ all, ...which }) => ({ removed: await queues.of(which).backend.purge(all) }),
    'queue.requeue': async ({ id, payload, ...which }, actor) => {
      const { backend } = queues.of(which);
      const old = await backend.find(id);
      if (old === null) throw messageNotFound(id);
      return requeueMessage(session, backend, { old, payload }, actor);
    },
    'queue.check': async ({ id, payload, ...which }) => {
      const old = await queues.of(which).backend.find(id);
      if (old === null) throw messageNotFound(id);
      return checkMessage(session, old, payload);
    },
    'queue.drop': async ({ id, ...which }) => {
      await queues.of(which).backend.drop(id);
      return { id };
    },
  };
}

/** A queue in memory is gone with its process: a command that ends at once would lose what it has sent. */
function requireLasting({ config, triggers }: ProjectSession, { type = config.queue.type }: WhichQueue): void {
  if (type !== 'memory' || triggers.isHosting) return;
  throw new AppError(
    'queue.no_worker',
    'A queue in memory lasts as long as the process that works on it, and none does.',
    {
      hint: "Start one with 'aiworkflow queue worker --type memory', or use the type local.",
    },
  );
}
