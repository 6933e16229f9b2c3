import { z } from 'zod';
import { QUEUE_PRIORITIES } from '../../shared/model/queue.ts';
import type { NewMessage } from '../storage/index.ts';

/** A message as it is written on a server. */
export type Sent = Omit<NewMessage, 'id'>;

export const jsonMap = z.record(z.string(), z.json());
const text = z.string();
/** Whoever else writes into the queue has to write the same. */
const sentMessage = z.object({
  workflowId: text.min(1).max(200),
  workflowPath: text.nullable().default(null),
  versionHash: text.nullable().default(null),
  payload: jsonMap.default({}),
  priority: z.enum(QUEUE_PRIORITIES).default('normal'),
  createdAt: z.number(),
  maxAttempts: z.number().int().min(1).default(3),
  notBefore: z.number().nullable().default(null),
  dedupeKey: text.nullable().default(null),
  metadata: jsonMap.default({}),
  actor: z.object({ kind: z.enum(['user', 'system']), id: text.min(1), door: text.min(1) }),
});

/** What is written of a message; its id stands beside it. */
export const writeSent = ({ id: _id, ...sent }: NewMessage): string => JSON.stringify(sent);

/** Null = that is no message. */
export function readSent(written: string | undefined): Sent | null {
  const read = sentMessage.safeParse(parseJson(written));
  return read.success ? (read.data as Sent) : null;
}

/** What others have written, as a message that is shown and never run. */
export const foreignSent = (name: string, written: string | undefined, createdAt: number): Sent => ({
  ...{ workflowId: name, workflowPath: null, versionHash: null, priority: 'normal', createdAt, maxAttempts: 1 },
  ...{ payload: { data: (parseJson(written) ?? null) as never }, notBefore: null, dedupeKey: null, metadata: {} },
  actor: { kind: 'system', id: 'unknown', door: 'engine' },
});

/** Why such a message is a dead letter. */
export const NO_MESSAGE = 'It is no message that can be run: whoever sent it did not write one.';

/** A text that is no JSON is given as it is. */
export function parseJson(written: string | undefined): unknown {
  try {
    return JSON.parse(written ?? '') as unknown;
  } catch {
    return written;
  }
}
