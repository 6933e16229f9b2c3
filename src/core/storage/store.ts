import { mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import { systemClock } from '../time/index.ts';
import { AccessRepository } from './access-repository.ts';
import { AgentStatsReader } from './agent-stats.ts';
import { ApprovalRepository } from './approval-repository.ts';
import { AuditRepository } from './audit/audit-repository.ts';
import { BlobStore } from './blobs.ts';
import { BreakerRepository } from './breaker-repository.ts';
import { ConversationStore } from './conversation-store.ts';
import { CostRepository } from './cost-repository.ts';
import { damaged } from './damage.ts';
import { type Connection, findProblem, openDatabase, translateStoreError } from './database.ts';
import { DecisionMark } from './decision-mark.ts';
import { DeliveryRepository } from './delivery-repository.ts';
import { EventReader } from './event-reader.ts';
import { FailureRepository } from './failure-repository.ts';
import { HeightFile } from './height-file.ts';
import { HostPeriodRepository } from './host-period-repository.ts';
import { Journal } from './journal.ts';
import { Leftovers } from './leftovers.ts';
import { LimitRepository } from './limit-repository.ts';
import { LogStore, type OnLogFlush } from './log-store.ts';
import { LogsFile } from './logs-file.ts';
import { MetricRepository } from './metric-repository.ts';
import { STATE_MIGRATIONS } from './migrations/index.ts';
import { OccurrenceRepository } from './occurrence-repository.ts';
import { OutputCache } from './output-cache.ts';
import { QueueRepository } from './queue-repository.ts';
import { StoreReader } from './reader/store-reader.ts';
import { RemoteRunRepository } from './remote-run-repository.ts';
import { RequestRepository } from './request-repository.ts';
import { RunHistory } from './run-history.ts';
import { RunRepository } from './run-repository.ts';
import { RunSearch } from './search/run-search.ts';
import { SearchFile } from './search/search-file.ts';
import { SecretRepository } from './secret-repository.ts';
import { refuseShortJournal } from './short-journal.ts';
import { SizeRepository } from './size-repository.ts';
import { TriggerCalendar } from './trigger-calendar.ts';
import { TriggerRepository } from './trigger-repository.ts';
import { VersionRepository } from './version-repository.ts';
import { WatchedFileRepository } from './watched-file-repository.ts';

/** Where the parts of a store are, as absolute paths; `onLog` hears of grown logs. */
export interface StoreOptions {
  readonly storeFile: string;
  readonly logsFile: string;
  readonly blobsDir: string;
  readonly onLog: OnLogFlush;
  /** Hears of grown conversations. */
  readonly onConversation: (runId: string, total: number) => void;
  /** Other folders that hold something as soon as a store has been used: with them a missing store is a lost one. */
  readonly usedFolders?: readonly string[];
  /** UTC ms. Default: the clock of the machine. */
  readonly now?: () => number;
  /** Told what was damaged, set aside and made anew. */
  readonly onNotice?: (notice: string) => void;
  /** Takes secrets out of what the audit says. Default: there are none. */
  readonly redact?: (details: JsonMap) => JsonMap;
  /** Takes secrets out of what the search over all runs takes in and shows. Default: there are none. */
  readonly redactText?: (text: string) => string;
  /** Hears that something was written into the audit, before its transaction is committed. */
  readonly onAudit?: () => void;
  /** Bench port only. */
  readonly sync?: 'FULL' | 'NORMAL';
}

/** Up to this size the whole file is checked when it is opened: about 0.1 s. Larger ones are checked by `doctor`. */
const CHECKED_BYTES = 16 * 1024 * 1024;

/** All that is stored of one project: owned by whoever holds the lease. Errors of opening: those of `openDatabase`. */
export class Store {
  readonly journal: Journal;
  readonly events: EventReader;
  readonly runs: RunRepository;
  readonly approvals: ApprovalRepository;
  /** What people have asked for; `approvals` reads them too. */
  readonly requests: RequestRepository;
  readonly audit: AuditRepository;
  readonly versions: VersionRepository;
  readonly breakers: BreakerRepository;
  readonly agentStats: AgentStatsReader;
  readonly history: RunHistory;
  readonly costs: CostRepository;
  readonly limits: LimitRepository;
  readonly failures: FailureRepository;
  readonly outputs: OutputCache;
  readonly triggers: TriggerRepository;
  readonly occurrences: OccurrenceRepository;
  readonly deliveries: DeliveryRepository;
  readonly hostPeriods: HostPeriodRepository;
  readonly calendar: TriggerCalendar;
  readonly queues: QueueRepository;
  readonly remoteRuns: RemoteRunRepository;
  readonly watchedFiles: WatchedFileRepository;
  readonly access: AccessRepository;
  readonly secrets: SecretRepository;
  readonly metrics: MetricRepository;
  readonly sizes: SizeRepository;
  /** What deleted runs have left behind. */
  readonly leftovers: Leftovers;
  readonly logs: LogStore;
  readonly conversations: ConversationStore;
  readonly search: RunSearch;
  /** Reads that take long, in a thread of their own. */
  readonly reader: StoreReader;
  /** Where a value lies that is too large for the journal. */
  readonly blobFile: (hash: string) => string;
  /** Which run is decided about at this moment. */
  readonly deciding: DecisionMark;
  readonly #db: Connection;
  readonly #height: HeightFile;
  readonly #logsFile: LogsFile;
  readonly #storeFile: string;

  constructor(options: StoreOptions) {
    const { storeFile, logsFile, usedFolders = [] } = options;
    this.#storeFile = storeFile;
    this.#height = new HeightFile(`${storeFile}-height`);
    makeStoreFolder(dirname(storeFile));
    const traces = { folders: usedFolders, files: [this.#height.file, logsFile] };
    this.#db = openDatabase(storeFile, { sync: options.sync ?? 'FULL', migrations: STATE_MIGRATIONS, traces });
    try {
      const blobs = new BlobStore(options.blobsDir);
      this.audit = new AuditRepository(this.#db, {
        redact: options.redact ?? ((details) => details),
        onWritten: options.onAudit ?? (() => undefined),
      });
      this.journal = new Journal(this.#db, { blobs, height: this.#height, audit: this.audit.writer });
      this.events = new EventReader(this.#db, blobs);
      this.leftovers = new Leftovers(this.#db, blobs);
      this.requireJournalTo(this.#height.read());
      const problem = findProblem(this.#db, CHECKED_BYTES);
      if (problem !== null) throw damaged(`The store of this project is damaged: ${basename(storeFile)} (${problem})`);
      this.runs = new RunRepository(this.#db);
      this.approvals = new ApprovalRepository(this.#db);
      this.requests = new RequestRepository(this.#db, this.audit.writer);
      this.versions = new VersionRepository(this.#db);
      this.breakers = new BreakerRepository(this.#db);
      this.agentStats = new AgentStatsReader(this.#db);
      this.history = new RunHistory(this.#db);
      this.costs = new CostRepository(this.#db);
      this.limits = new LimitRepository(this.#db);
      this.failures = new FailureRepository(this.#db);
      this.outputs = new OutputCache(this.#db);
      this.triggers = new TriggerRepository(this.#db);
      this.occurrences = new OccurrenceRepository(this.#db);
      this.deliveries = new DeliveryRepository(this.#db);
      this.hostPeriods = new HostPeriodRepository(this.#db);
      this.calendar = new TriggerCalendar(this.#db);
      this.queues = new QueueRepository(this.#db);
      this.remoteRuns = new RemoteRunRepository(this.#db);
      this.watchedFiles = new WatchedFileRepository(this.#db);
      this.access = new AccessRepository(this.#db);
      this.secrets = new SecretRepository(this.#db);
      this.metrics = new MetricRepository(this.#db);
      const { now = systemClock.now, onNotice = () => undefined } = options;
      this.#logsFile = new LogsFile(logsFile, { isExpected: this.journal.position > 0, now, onNotice });
      this.logs = new LogStore(this.#logsFile, options.onLog);
      this.sizes = new SizeRepository(this.#db, this.#logsFile.db);
      this.blobFile = (hash) => blobs.fileOf(hash);
      this.conversations = new ConversationStore(this.#logsFile, options.onConversation);
      const searchFile = join(dirname(storeFile), 'search.db');
      this.reader = new StoreReader({ storeFile, logsFile, searchFile, blobsDir: options.blobsDir });
      this.search = new RunSearch(
        new SearchFile(searchFile, { now, onNotice }),
        {
          ...{ db: this.#db, journal: this.journal, logs: this.logs },
          writes: () => this.#logsFile.ask(() => this.#logsFile.writes),
          clean: options.redactText ?? ((text) => text),
        },
        { runs: this.runs, reader: this.reader },
      );
      this.deciding = new DecisionMark(join(dirname(storeFile), 'deciding'));
    } catch (error) {
      this.#height.close();
      this.#db.close();
      throw toOpenError(error, storeFile);
    }
  }

  /**
   * `store.corrupt` when the journal ends before a position that somebody knows to have been stored, unless a person has accepted
   * that: then no position up to it is given again.
   */
  requireJournalTo(witnessed: number): void {
    if (refuseShortJournal(this.#storeFile, { at: this.journal.position, witnessed })) this.journal.skipTo(witnessed);
  }

  /** `ok`, or the first problem that SQLite's own check finds. Error: `engine.stopped`. */
  async checkIntegrity(): Promise<string> {
    return (await this.reader.ask('checkState', undefined)) ?? 'ok';
  }

  /** What is damaged, looked for in every page and every event of a run; null = nothing. Long for a large store. */
  findDamage(): string | null {
    const problem = findProblem(this.#db);
    if (problem !== null) return problem;
    try {
      this.events.checkAll();
      return null;
    } catch (error) {
      if (error instanceof AppError && error.code === 'store.corrupt') return error.message;
      throw error;
    }
  }

  /** Closes the files; commits that still wait for room on the disk are given up (the next engine looks their effects up). */
  close(): void {
    this.logs.close();
    this.conversations.close();
    void this.reader.close();
    this.search.close();
    this.#logsFile.close();
    this.deciding.close();
    this.journal.close();
    this.#height.close();
    this.#db.close();
  }
}

function makeStoreFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw translateStoreError(error, folder);
  }
}

/** A statement of ours that SQLite does not understand when a store is opened: its tables are not those that were made. */
function toOpenError(error: unknown, file: string): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'SQLITE_ERROR'
    ? damaged(`The tables of this store are damaged: ${basename(file)}`, error)
    : translateStoreError(error, file);
}
