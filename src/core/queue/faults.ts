import { AppError, type ErrorRecord } from '../../shared/errors.ts';

/** There is no such message. */
export const messageNotFound = (id: string): AppError =>
  new AppError('queue.message_not_found', `No message ${id} in this queue.`, {
    hint: "'aiworkflow queue list' shows what there is.",
  });

/** Only what nobody tries again can be sent again or dropped. */
export const notDead = (id: string): AppError =>
  new AppError('queue.not_dead', `Message ${id} is no dead letter.`, {
    hint: "'aiworkflow queue dead list' shows those that are.",
  });

/** As many wait as may. */
export const queueFull = (queue: string, maxSize: number): AppError =>
  new AppError('queue.full', 'Queue is full', {
    hint: 'Let workers catch up, purge the queue, or raise queue.max_size.',
    details: { queue, max_size: maxSize },
  });

/** What a message is told whose worker lost it. */
export const SILENT_WORKER = 'Its worker was silent for too long.';

/** Who may not go on with a message's run, since it was given to somebody else meanwhile. */
export const leaseLost = (messageId: string): AppError =>
  new AppError(
    'queue.lease_lost',
    `Message ${messageId} is another worker's by now: this one was silent for too long.`,
    {
      hint: 'Look at what became of the message. Going on with this run as well may do things twice.',
      details: { message_id: messageId },
    },
  );

/** Whether he may cannot be asked now. */
export const leaseUnsure = (messageId: string): AppError =>
  new AppError('queue.lease_unsure', `Whether message ${messageId} is still this worker's cannot be asked now.`, {
    hint: 'It goes on by itself once the server of the queue answers.',
    details: { message_id: messageId },
  });

/** The server of a queue cannot be asked now; null = something else went wrong. */
export const serverFault = (error: unknown): ErrorRecord | null =>
  error instanceof AppError && (error.code === 'queue.unreachable' || error.code === 'queue.refused')
    ? error.toRecord()
    : null;
