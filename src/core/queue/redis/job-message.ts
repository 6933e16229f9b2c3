import { z } from 'zod';
import type { JsonMap } from '../../../shared/json.ts';
import { type MessageStatus, QUEUE_PRIORITIES, type QueueMessage } from '../../../shared/model/queue.ts';
import type { NewMessage } from '../../storage/index.ts';

/** SPEC §8: CRITICAL..LOW = 1..4. */
export const jobPriority = (priority: QueueMessage['priority']): number =>
  QUEUE_PRIORITIES.length - QUEUE_PRIORITIES.indexOf(priority);

const jsonMap = z.record(z.string(), z.json());
const text = z.string();
/** What stands in `data` of a job; whoever else writes into the queue has to write the same. */
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

/** `data` of the job of a message. */
export const jobData = ({ id: _id, ...sent }: NewMessage): string => JSON.stringify(sent);

/** A job as Redis holds it: BullMQ's fields, and ours that begin with `x-`. */
export type JobFields = Readonly<Record<string, string>>;

/** Where a job lies. */
export interface JobPlace {
  readonly queue: string;
  readonly status: 'pending' | 'processing' | 'completed' | 'dead';
}

/** The message of a job. What is none is shown with what it holds, under the name of the job: nobody else could look at it. */
export function toMessage(id: string, fields: JobFields, { queue, status }: JobPlace): QueueMessage {
  const sent = readSent(fields);
  const deadLetterQueue = fields['x-grave'] ?? null;
  return {
    ...(sent ?? foreignJob(fields)),
    ...{ id, queue, deadLetterQueue, status: statusOf(status, deadLetterQueue) },
    notBefore: status === 'pending' ? numberOf(fields['x-not-before'] ?? asText(sent?.notBefore)) : null,
    processedAt: numberOf(fields['x-begun']),
    endedAt: numberOf(fields.finishedOn),
    attempts: Math.max(0, (numberOf(fields.ats) ?? 0) - (numberOf(fields['x-uncounted']) ?? 0)),
    error: status === 'completed' ? null : reasonOf(status === 'dead' ? fields.failedReason : fields['x-error']),
    runId: status === 'completed' ? textOf(fields.returnvalue) : (fields['x-run'] ?? null),
    metadata: mapOf(fields['x-metadata']) ?? sent?.metadata ?? {},
    requeuedAs: fields['x-requeued-as'] ?? null,
  };
}

/** Whether a job holds a message that can be run. */
export const isMessage = (fields: JobFields): boolean => readSent(fields) !== null;

type Sent = Omit<NewMessage, 'id'>;

function readSent({ data }: JobFields): Sent | null {
  const read = sentMessage.safeParse(parsed(data));
  return read.success ? (read.data as Sent) : null;
}

const foreignJob = ({ data, name, timestamp }: JobFields): Sent => ({
  ...{
    workflowId: name ?? '',
    workflowPath: null,
    versionHash: null,
    payload: { data: (parsed(data) ?? null) as never },
  },
  ...{ priority: 'normal', createdAt: numberOf(timestamp) ?? 0, maxAttempts: 1, notBefore: null, dedupeKey: null },
  metadata: {},
  actor: { kind: 'system', id: 'unknown', door: 'engine' },
});

const statusOf = (status: JobPlace['status'], deadLetterQueue: string | null): MessageStatus =>
  status === 'dead' ? (deadLetterQueue === null ? 'failed' : 'dead_letter') : status;

function parsed(data: string | undefined): unknown {
  try {
    return JSON.parse(data ?? '') as unknown;
  } catch {
    return data;
  }
}

const textOf = (json: string | undefined): string | null => {
  const value = parsed(json);
  return typeof value === 'string' ? value : null;
};
const mapOf = (json: string | undefined): JsonMap | null =>
  json === undefined ? null : jsonMap.catch({}).parse(parsed(json));
const numberOf = (written: string | undefined): number | null =>
  written === undefined || written === '' ? null : Number(written);
const asText = (value: number | null | undefined): string | undefined =>
  value === null || value === undefined ? undefined : String(value);
const reasonOf = (written: string | undefined): string | null =>
  written === undefined || written === '' ? null : written;
