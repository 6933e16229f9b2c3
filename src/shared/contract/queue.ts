import { z } from 'zod';
import type { ErrorRecord } from '../errors.ts';
import {
  MESSAGE_STATUSES,
  QUEUE_PRIORITIES,
  QUEUE_TYPES,
  type QueueCounts,
  type QueueLoss,
  type QueueMessage,
  type QueuePause,
  type QueueType,
  type SeenWorker,
  type ShownMessage,
} from '../model/queue.ts';
import { inputsField, workflowRefField } from './fields.ts';
import { hiding, operation } from './operation.ts';

/** A queue as it stands. */
export interface QueueView {
  readonly type: QueueType;
  readonly name: string;
  /** The server that keeps it; null = this project does. */
  readonly place: string | null;
  /** Why that server cannot be asked: nothing is known of the queue then, and all counts are 0. */
  readonly fault: ErrorRecord | null;
  /** What can be lost when the computer that keeps it dies. */
  readonly loss: QueueLoss;
  readonly counts: QueueCounts;
  readonly pause: QueuePause | null;
  /** Who takes its messages in this process; null = nobody. */
  readonly worker: { readonly busy: number; readonly concurrency: number } | null;
  /** Other projects that take them. */
  readonly workers: readonly SeenWorker[];
  /** Where dead letters go; null = they are kept as failed. */
  readonly deadLetterQueue: string | null;
  /** How many messages waited at these instants of the last hour, oldest first. */
  readonly depths: readonly number[];
  /** How many were done in the last hour. */
  readonly doneLastHour: number;
}

/** A message that was sent; `warnings` = what stands in the way of its run as this project is now. */
export interface PublishedMessage {
  readonly message: QueueMessage;
  /** There was one with its key: that one is given. */
  readonly isDuplicate: boolean;
  readonly warnings: readonly string[];
}

/** What stands in the way of a message with these inputs, in sentences. */
export interface MessageCheck {
  /** Of the workflow as it is now, as it calls itself; null = it cannot be read here. */
  readonly version: string | null;
  readonly problems: readonly string[];
}

const nameField = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[A-Za-z0-9._-]+$/);
/** Default: the type of the settings, and `{name}-default`. */
const which = { type: z.enum(QUEUE_TYPES).optional(), queue: nameField.optional() };
const messageIdField = z.string().min(1).max(64);
const limitField = z.number().int().min(1).max(1_000).default(100);

export const queueOperations = {
  'queue.list': operation<readonly QueueView[]>()(z.strictObject({}), 'workflow:read'),
  'queue.status': operation<QueueView>()(z.strictObject(which), 'workflow:read'),
  /** Those that wait in their turn, but for so many at the front, then those at work and what became of others, newest first. */
  'queue.messages': operation<readonly ShownMessage[]>()(
    z.strictObject({
      ...which,
      statuses: z.array(z.enum(MESSAGE_STATUSES)).min(1).max(5).optional(),
      limit: limitField,
      offset: z.number().int().min(0).max(10_000_000).default(0),
    }),
    'workflow:read',
  ),
  // What a message holds stands in the queue, for as long as that keeps it: the audit says that it was sent.
  'queue.publish': hiding(
    ['payload'],
    operation<PublishedMessage>()(
      z.strictObject({
        ...which,
        workflow: workflowRefField,
        payload: inputsField.default({}),
        priority: z.enum(QUEUE_PRIORITIES).default('normal'),
        delayMs: z
          .number()
          .int()
          .min(0)
          .max(366 * 86_400_000)
          .default(0),
        maxAttempts: z.number().int().min(1).max(100).default(3),
        dedupeKey: z.string().min(1).max(200).optional(),
        metadata: inputsField.default({}),
      }),
      'workflow:execute',
      'workflow.executed',
    ),
  ),
  /** Takes one message and answers when it was ended or rests; null = none may begin. */
  'queue.takeOne': operation<ShownMessage | null>()(z.strictObject(which), 'workflow:execute', 'workflow.executed'),
  /** Works on so many of its messages at once, in the process that serves triggers, until the project is closed. */
  'queue.serve': operation<QueueView>()(
    z.strictObject({ ...which, concurrency: z.number().int().min(1).max(1_000).optional() }),
    'config:manage',
    'config.changed',
  ),
  /** Takes no message more; answers when what is at work has ended, after this time at the latest. */
  'queue.drain': operation<QueueView>()(
    z.strictObject({ ...which, graceMs: z.number().int().min(0).max(86_400_000) }),
    'config:manage',
    'config.changed',
  ),
  'queue.pause': operation<QueueView>()(z.strictObject(which), 'config:manage', 'config.changed'),
  'queue.resume': operation<QueueView>()(z.strictObject(which), 'config:manage', 'config.changed'),
  /** Removes messages that wait, with `all` also those that have ended; what is at work stays. */
  'queue.purge': operation<{ readonly removed: number }>()(
    z.strictObject({ ...which, all: z.boolean().default(false) }),
    'config:manage',
    'config.changed',
  ),
  /** Sends a dead letter once more, with full attempts; the old one stays in the history, with both texts. */
  'queue.requeue': hiding(
    ['payload'],
    operation<PublishedMessage>()(
      z.strictObject({ ...which, id: messageIdField, payload: inputsField.optional() }),
      'workflow:execute',
      'workflow.executed',
    ),
  ),
  /** Looks whether a dead letter could start with these inputs; nothing is sent. */
  'queue.check': operation<MessageCheck>()(
    z.strictObject({ ...which, id: messageIdField, payload: inputsField }),
    'workflow:read',
  ),
  /** Removes a dead letter. */
  'queue.drop': operation<{ readonly id: string }>()(
    z.strictObject({ ...which, id: messageIdField }),
    'config:manage',
    'config.changed',
  ),
} as const;
