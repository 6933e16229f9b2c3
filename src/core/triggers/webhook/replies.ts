import type { WebhookReply } from './webhook-request.ts';

/** What senders are told, word for word (SPEC §7.3). */
export const REPLIES = {
  unknown: { status: 404, body: { error: 'Endpoint not found' } },
  disabled: { status: 503, body: { error: 'Endpoint is disabled' } },
  tooLarge: { status: 413, body: { error: 'Body too large' } },
  unsigned: { status: 401, body: { error: 'Invalid signature' } },
  noJson: { status: 400, body: { error: 'Invalid JSON' } },
  ignored: { status: 202, body: { status: 'ignored' } },
  notStored: { status: 503, body: { error: 'The delivery could not be stored' } },
  internal: { status: 500, body: { error: 'Internal error' } },
} as const satisfies Record<string, WebhookReply>;

/** The reply to a method that is not taken. */
export const methodNotAllowed = (method: string): WebhookReply => ({
  status: 405,
  body: { error: `Method ${method} not allowed` },
});

/** The reply to whoever sends too often. */
export const tooMany = (waitMs: number): WebhookReply => ({
  status: 429,
  body: { error: 'Rate limit exceeded' },
  retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
});

/** The reply to a delivery that started a run. */
export const accepted = (eventId: string, workflowId: string, runId: string): WebhookReply => ({
  status: 200,
  body: { status: 'accepted', event_id: eventId, result: { workflow_id: workflowId, run_id: runId, queued: true } },
});

/** The reply to a delivery that has come before. */
export const duplicate = (eventId: string): WebhookReply => ({
  status: 200,
  body: { status: 'accepted', event_id: eventId, duplicate: true },
});

/** The reply to a sender that asks whether this is the right place. */
export const challengeReply = (challenge: string): WebhookReply => ({ status: 200, body: { challenge } });
