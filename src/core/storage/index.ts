export type { AccessRepository, StoredUser } from './access-repository.ts';
export { FIRST_HASH, hashOfEvent } from './audit/audit-chain.ts';
export {
  type AuditCut,
  type AuditFilter,
  type AuditPage,
  type AuditRepository,
  type AuditRow,
  hashOfRow,
  toAuditEvent,
} from './audit/audit-repository.ts';
export type { AuditDraft } from './audit/audit-writer.ts';
export { workApart } from './backup-apart.ts';
export { listBackups, placesIn, type StoredBackup, shownBackup } from './backup-files.ts';
export type { BreakerRepository, StoredBreaker } from './breaker-repository.ts';
export type { ConversationStore } from './conversation-store.ts';
export type { CostFilter } from './cost-filter.ts';
export type { ComputedCall, CostRepository } from './cost-repository.ts';
export { translateStoreError } from './database.ts';
export type { DecisionMark } from './decision-mark.ts';
export type { DeliveryFilter, DeliveryRepository, NewDelivery } from './delivery-repository.ts';
export { EVENT_VERSION } from './event-codec.ts';
export type { EventReader, ReadEvent } from './event-reader.ts';
export { type FailpointName, failpoint } from './failpoint.ts';
export { keepHistory, type PastExecution, type PastStep, readHistory, setHistoryAside } from './history-file.ts';
export type { HostPeriodRepository } from './host-period-repository.ts';
export type { Journal } from './journal.ts';
export { type Lease, takeLease } from './lease.ts';
export type { Leftover, Leftovers } from './leftovers.ts';
export type { Allowance, LimitRepository, Reservation, UsedBy } from './limit-repository.ts';
export type { LogFilter } from './log-rows.ts';
export type { LogStore } from './log-store.ts';
export type { CountedRow, DeliveryCode, MetricRepository, StoredMetrics, StoredSeries } from './metric-repository.ts';
export type { OccurrenceFilter, OccurrenceRepository } from './occurrence-repository.ts';
export type { KeptOutput, OutputCache } from './output-cache.ts';
export {
  type LeasedMessage,
  type NewMessage,
  openMemoryQueues,
  QueueRepository,
} from './queue-repository.ts';
export { readAccess } from './read-access.ts';
export type { StoreReader } from './reader/store-reader.ts';
export type { NewRemoteRun, RemoteRole, RemoteRun, RemoteRunRepository } from './remote-run-repository.ts';
export type { RequestRepository, RequestWord, StoredRequest } from './request-repository.ts';
export type { FileSizes, RunSize } from './room-reader.ts';
export { actorText, type EventTrace, type RunCommit, type StepRow } from './rows.ts';
export type { RunShare } from './run-history.ts';
export type { RunRepository } from './run-repository.ts';
export type { RunSearch, RunSearchPage, RunSearchQuery } from './search/run-search.ts';
export type { IndexCheck } from './search/search-file.ts';
export type { SecretRepository, StoredInput, StoredKey, StoredSecret } from './secret-repository.ts';
export { setAside } from './set-aside.ts';
export { acceptLostEnd } from './short-journal.ts';
export type { SizeRepository } from './size-repository.ts';
export type { PeriodSpend } from './spend-reader.ts';
export { Store, type StoreOptions } from './store.ts';
export type { CalendarGroup } from './trigger-calendar.ts';
export type { StoredPause, StoredTrigger, TriggerChange, TriggerRepository } from './trigger-repository.ts';
export type { StoredVersion, VersionRepository } from './version-repository.ts';
export type { WatchedChange, WatchedFile, WatchedFileRepository } from './watched-file-repository.ts';
