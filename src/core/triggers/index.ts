export { chainAfter } from './chain.ts';
export { EventFeed } from './event-feed.ts';
export { everyMinute } from './minute-tick.ts';
export { readOldConsents } from './old-consents.ts';
export { pausedUntil } from './pauses.ts';
export type { ArmedTrigger, StartFromTrigger, TriggerPart, TriggerStart } from './ports.ts';
export { readTriggers, toTrigger, type WrittenTrigger } from './read-triggers.ts';
export { type ExclusionCalendar, excludedUntil, parseExclusions } from './schedule/exclusions.ts';
export { type CatchUp, type Overlap, readJob, type ScheduleDefaults, type ScheduleJob } from './schedule/job.ts';
export { duesBetween, HORIZON_MS, nextDue, previousDue } from './schedule/next-due.ts';
export { jitterOf, nextPlanned, plannedBetween, previousPlanned, type Timing } from './schedule/planned-times.ts';
export {
  type CronSchedule,
  type EverySchedule,
  type OnceSchedule,
  openZone,
  parseSchedule,
  readInstant,
  type Schedule,
} from './schedule/schedule.ts';
export { Scheduler, type SchedulerOptions } from './scheduler.ts';
export { TriggerHost, type TriggerHostOptions } from './trigger-host.ts';
export { TriggerInlet } from './trigger-inlet.ts';
export { type EndedPauses, type KnownTrigger, TriggerRegistry } from './trigger-registry.ts';
export { chokidarHints } from './watch/chokidar-hints.ts';
export { isNetworkFolder } from './watch/network-folder.ts';
export { WatchPart } from './watch/watch-part.ts';
export { type FileWriter, WrittenFiles } from './watch/written-files.ts';
export { runDataOf } from './webhook/delivery-row.ts';
export { readEndpoint, secretNamesOf } from './webhook/endpoint.ts';
export type { SecretSource } from './webhook/endpoint-secrets.ts';
export { hideSecret, resolveSecrets } from './webhook/endpoint-secrets.ts';
export type { RawHeaders } from './webhook/raw-headers.ts';
export { type Rechecked, recheckDelivery } from './webhook/recheck-delivery.ts';
export { sendTest } from './webhook/send-test.ts';
export { signDelivery } from './webhook/sign-delivery.ts';
export { schemeOf } from './webhook/signature-schemes.ts';
export { headersToShow } from './webhook/stored-headers.ts';
export {
  type IntakeUser,
  type ListenPlace,
  type ListenState,
  type WebhookIntake,
  WebhookIntakeHub,
} from './webhook/webhook-intake.ts';
export { WebhookReceiver } from './webhook/webhook-receiver.ts';
export { MAX_BODY_BYTES, type WebhookReply, type WebhookRequest } from './webhook/webhook-request.ts';
