import type { JsonMap } from '../../../shared/json.ts';
import { type MessageStatus, QUEUE_PRIORITIES, type QueueMessage } from '../../../shared/model/queue.ts';
import { foreignSent, jsonMap, parseJson, readSent } from '../sent-message.ts';

/** SPEC §8: CRITICAL..LOW = 1..4. */
export const jobPriority = (priority: QueueMessage['priority']): number =>
  QUEUE_PRIORITIES.length - QUEUE_PRIORITIES.indexOf(priority);

/** A job as Redis holds it: BullMQ's fields, and ours that begin with `x-`. */
export type JobFields = Readonly<Record<string, string>>;

/** Where a job lies. */
export interface JobPlace {
  readonly queue: string;
  readonly status: 'pending' | 'processing' | 'completed' | 'dead';
}

/** The message of a job. What is none is shown with what it holds, under the name of the job: nobody else could look at it. */
export function toMessage(id: string, fields: JobFields, { queue, status }: JobPlace): QueueMessage {
  const sent = readSent(fields.data);
  const deadLetterQueue = fields['x-grave'] ?? null;
  return {
    ...(sent ?? foreignSent(fields.name ?? '', fields.data, numberOf(fields.timestamp) ?? 0)),
    ...{ id, queue, deadLetterQueue, status: statusOf(status, deadLetterQueue) },
    notBefore: status === 'pending' ? numberOf(fields['x-not-before'] ?? asText(sent?.notBefore)) : null,
    processedAt: numberOf(fields['x-begun']),
    endedAt: numberOf(fields.finishedOn),
    attempts: Math.max(0, (numberOf(fields.ats) ?? 0) - (numberOf(fields['x-uncounted']) ?? 0)),
    error: status === 'completed' ? null : reasonOf(status === 'dead' ? fields.failedReason : fields['x-error']),
    runId: status === 'completed' ? textOf(fields.returnvalue) : (fields['x-run'] ?? null),
    metadata: {
      ...(mapOf(fields['x-metadata']) ?? sent?.metadata ?? {}),
      ...(fields['x-late'] === undefined ? {} : { late_end: fields['x-late'] }),
    },
    requeuedAs: fields['x-requeued-as'] ?? null,
  };
}

/** Whether a job holds a message that can be run. */
export const isMessage = (fields: JobFields): boolean => readSent(fields.data) !== null;

const statusOf = (status: JobPlace['status'], deadLetterQueue: string | null): MessageStatus =>
  status === 'dead' ? (deadLetterQueue === null ? 'failed' : 'dead_letter') : status;

const textOf = (json: string | undefined): string | null => {
  const value = parseJson(json);
  return typeof value === 'string' ? value : null;
};
const mapOf = (json: string | undefined): JsonMap | null =>
  json === undefined ? null : jsonMap.catch({}).parse(parseJson(json));
const numberOf = (written: string | undefined): number | null =>
  written === undefined || written === '' ? null : Number(written);
const asText = (value: number | null | undefined): string | undefined =>
  value === null || value === undefined ? undefined : String(value);
const reasonOf = (written: string | undefined): string | null =>
  written === undefined || written === '' ? null : written;
