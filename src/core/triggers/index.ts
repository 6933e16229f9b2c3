export { MAX_BODY_BYTES, type WebhookReply, type WebhookRequest } from './webhook/webhook-request.ts';
