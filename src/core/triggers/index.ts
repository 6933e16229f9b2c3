export { duesBetween, HORIZON_MS, nextDue, previousDue } from './schedule/next-due.ts';
export {
  type CronSchedule,
  type EverySchedule,
  type OnceSchedule,
  openZone,
  parseSchedule,
  readInstant,
  type Schedule,
} from './schedule/schedule.ts';
export { MAX_BODY_BYTES, type WebhookReply, type WebhookRequest } from './webhook/webhook-request.ts';
