import type { JsonMap } from '../../shared/json.ts';
import { type MessageStatus, QUEUE_PRIORITIES, type QueueMessage } from '../../shared/model/queue.ts';
import type { Actor } from '../../shared/model/run.ts';

/** A message as its table holds it. */
export interface MessageRow {
  id: string;
  queue: string;
  workflow_id: string;
  workflow_path: string | null;
  version_hash: string | null;
  payload: string;
  priority: number;
  status: MessageStatus;
  created_at: number;
  processed_at: number | null;
  ended_at: number | null;
  attempts: number;
  max_attempts: number;
  error: string | null;
  not_before: number | null;
  dedupe_key: string | null;
  run_id: string | null;
  metadata: string;
  actor: string;
  dead_letter_queue: string | null;
  requeued_as: string | null;
}

/** Null = there is no such row. */
export const toMessage = (row: unknown): QueueMessage | null =>
  row === undefined ? null : messageOf(row as MessageRow);

/** The message of a row. */
export const messageOf = (row: MessageRow): QueueMessage => ({
  id: row.id,
  queue: row.queue,
  workflowId: row.workflow_id,
  workflowPath: row.workflow_path,
  versionHash: row.version_hash,
  payload: JSON.parse(row.payload) as JsonMap,
  priority: QUEUE_PRIORITIES[row.priority] ?? 'normal',
  status: row.status,
  createdAt: row.created_at,
  processedAt: row.processed_at,
  endedAt: row.ended_at,
  attempts: row.attempts,
  maxAttempts: row.max_attempts,
  error: row.error,
  notBefore: row.not_before,
  dedupeKey: row.dedupe_key,
  runId: row.run_id,
  metadata: JSON.parse(row.metadata) as JsonMap,
  actor: JSON.parse(row.actor) as Actor,
  deadLetterQueue: row.dead_letter_queue,
  requeuedAs: row.requeued_as,
});
